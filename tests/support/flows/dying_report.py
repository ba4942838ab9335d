"""What other processes do in the tests of killed reports; they are forked from one server."""

from __future__ import annotations

from pathlib import Path

import vl_convert

from flows.jobs.site.report import ReportOrder, make_report
from report.site.pages import environment
from tests.support.kills import die_at
from tests.support.report.charts import DRAWING


def prepare() -> None:
    """Compile all templates, so that no fork of this process has to."""
    for name in environment().list_templates(extensions=["html"]):
        environment().get_template(name)


def report(root: Path, step: int | None, told: Path | None = None) -> None:
    """Make the report, and be killed just before the given step; tell all steps in a file."""
    vl_convert.vegalite_to_svg = lambda *_, **__: DRAWING
    steps = die_at(step)
    make_report(ReportOrder(2021, root / "tables", root / "out/report"), lambda _: None)
    if told is not None:
        told.write_text(" ".join(steps.taken), encoding="utf-8")
