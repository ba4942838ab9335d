"""The year at a glance: each step, how far it is, and what is to be done next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.desk.shared.desk import Desk
from flows.desk.shared.pages import page
from flows.jobs.desk.glance import glances
from flows.jobs.desk.listing import standing_notices

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


def show_year(desk: Desk, request: Request) -> Response:
    """Return the page of one year in force: the latest, or the one that is asked for."""
    asked = request.query_params.get("year", "")
    listed = standing_notices(desk.order.warehouse)
    years = list(dict.fromkeys(each.year for each in listed))
    chosen = int(asked) if asked.isdecimal() and int(asked) in years else max(years, default=None)
    own = [] if chosen is None else glances(desk.order.places, chosen)
    return page(request, "year.html", glances=own, years=years, chosen=chosen)


PAGES = {"/": show_year}
