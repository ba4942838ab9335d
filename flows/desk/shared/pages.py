"""Pages from templates: whatever comes from documents, files or people is text in them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from common.days import today
from flows.desk.shared.access import csrf_of
from flows.desk.shared.labels import at_the_desk, label, without_commands
from report.marks import veto_effects
from report.review.page import ASSETS as REVIEW
from report.review.page import TEMPLATE as REVIEW_PAGE
from report.site.extra import grade
from report.templates import templates

if TYPE_CHECKING:
    from jinja2 import Environment
    from starlette.requests import Request
    from starlette.responses import HTMLResponse

ASSETS = Path(__file__).parents[1] / "assets"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@cache
def environment() -> Environment:
    """Return the templates, compiled once a process."""
    made = templates(ASSETS)
    made.globals |= {"today": today, "grade": grade, "label": label}
    made.globals |= {"veto_effects": veto_effects}
    made.filters |= {"at_the_desk": at_the_desk, "without_commands": without_commands}
    return made


def page(request: Request, template: str, status: int = 200, **context: object) -> HTMLResponse:
    """Return a page; every form in it gets the session's word."""
    from starlette.responses import HTMLResponse

    desk = request.app.state.desk
    text = environment().get_template(template).render(
        csrf=csrf_of(request.scope["desk_cookie"]),
        read_only=desk.order.read_only,
        here=request.url.path,
        **context,
    )  # fmt: skip
    return HTMLResponse(text.encode("utf-8", "replace"), status)


@cache
def static_files() -> dict[str, tuple[Path, str]]:
    """Return the files that may be asked for by name, with their types; there are no others."""
    folders = {"": ASSETS, "review/": REVIEW}
    return {
        f"{within}{path.name}": (path, _TYPES[path.suffix])
        for within, folder in folders.items()
        for path in folder.iterdir()
        if path.suffix in _TYPES and path.name != REVIEW_PAGE
    }
