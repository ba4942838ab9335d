"""What other processes do in the tests of killed nights; they are forked from one server."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import flows.jobs.night.returns
import flows.jobs.site.report
from common.refusal import Refusal
from flows.jobs import marks
from flows.jobs.night.night import run_nightly
from tests.support.flows.city_state import fill
from tests.support.flows.nights import City
from tests.support.kills import die_at, full_from
from warehouse import landing

landing.warm_up()


def site(order: Any, _progress: Any) -> None:
    """Take the place of the report: a page that names the snapshot."""
    order.out.mkdir(parents=True, exist_ok=True)
    new = order.out / ".index.html"
    new.write_text(marks.current_name(order.warehouse) or "")
    new.replace(order.out / "index.html")


def work(root: Path, step: int | None) -> None:
    """Do a night, and be killed just before the given step."""
    die_at(step)
    _night(root)


def work_on_a_full_disk(root: Path, step: int) -> None:
    """Do a night on a disk that is full from the given step on: what it cannot do it says.

    The command line words an OSError, as it does a Refusal.
    """
    full_from(step)
    with suppress(Refusal, OSError):
        _night(root)


def work_in_little_room(root: Path) -> None:
    """Do a night where the disk really is small."""
    with suppress(Refusal, OSError):
        _night(root)


def make_views(root: Path) -> None:
    """Make here the views of all that a night lands, for processes to copy; it takes a night."""
    city = fill(City(root))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flows.jobs.site.report, "make_report", site)
        run_nightly(city.order(), lambda _: None)


def _night(root: Path) -> None:
    flows.jobs.site.report.make_report = site  # type: ignore[assignment]
    run_nightly(City(root).order(), lambda _: None)
