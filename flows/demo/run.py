"""The main job on the bundled notice, start to end, with made-up returns that say that they are.

Everything made stands in one folder (``out``), with a copy of the notices and of the returns that
are filed: nothing is written into the project's own ``raw``. The same again changes nothing.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from common.files import PROJECT
from common.refusal import refusal
from flows.demo import returns as samples
from flows.demo.figures import Aim, aims_of
from flows.demo.summary import COPY, OFFICIAL, Demo
from flows.jobs.differences import value_differences
from flows.jobs.ingest import Order, Progress
from flows.jobs.returns.forms import FormsMade, make_forms, read_document_lines
from flows.jobs.returns.receive import Delivery, receive
from flows.jobs.returns.summary import Received
from flows.jobs.review import Request, Reviewed, review
from flows.jobs.score.inputs import ScoreOrder
from flows.jobs.score.run import score_year
from flows.jobs.score.summary import ScoreSummary
from flows.jobs.sidecar.document import locate
from flows.run import run_ingest
from flows.states import run_as_flow
from returns import form_lines
from schemas.records.forms import Form
from schemas.tables.frames import of_document, table_rows

if TYPE_CHECKING:
    from flows.jobs.site.report import ReportSummary

R = TypeVar("R")
#: The folders in ``out``.
_RAW, _FORMS, _RETURNED, _REPLIES = "raw", "forms", "returned", "replies"
_REVIEW, _REPORT = "review", "report"


@dataclass(slots=True)
class Year:
    """The demonstrated year so far."""

    warehouse: Path
    out: Path
    year: int
    made: FormsMade | None = None
    received: list[Received] = field(default_factory=list)
    scored: list[ScoreSummary] = field(default_factory=list)


def run_demo(warehouse: Path, out: Path, progress: Progress) -> Demo:
    """Ingest both bundled documents, then receive, score and report a year of made-up returns.

    Each step is a flow on one server, which ends with the command.
    """
    raw = copy_notices(bundled(), out / _RAW)
    orders = [Order(raw / "notices" / name, warehouse) for name in (OFFICIAL, COPY)]
    progress(f"reading {len(orders)} notices")
    landed = tuple(each.taken() for each in run_ingest(orders, progress, orchestrated=True))
    differences = tuple(value_differences(warehouse, OFFICIAL, COPY))
    year = Year(warehouse, out, landed[0].year)
    made = _stage(
        progress, "forms", lambda _: make_forms(warehouse, year.year, out / _FORMS, OFFICIAL,
                                                sample=True, raw=raw)
    )  # fmt: skip
    plan = _returns(year, made, progress)
    reviewed = _stage(progress, "review", lambda say: _review(year, say))
    report = _stage(progress, "report", lambda say: _report(year, say))
    return Demo(
        landed,
        differences,
        made,
        plan,
        tuple(year.received),
        tuple(year.scored),
        reviewed,
        report,
        out / _RAW,
        out / _REPLIES,
        warehouse,
    )


def _stage(progress: Progress, name: str, step: Callable[[Progress], R], of: object = "") -> R:
    run_name = f"{name} {OFFICIAL} {of}".strip()
    progress(run_name)

    def told(say: Progress) -> R:
        def both(message: str) -> None:
            say(message)
            progress(message)

        return step(both)

    return run_as_flow(name, run_name, told)


def _review(year: Year, progress: Progress) -> Reviewed:
    source = locate(year.out / _RAW / "notices" / OFFICIAL, None, None).path
    return review(Request(year.warehouse, OFFICIAL, source, year.out / _REVIEW), progress)


def _report(year: Year, progress: Progress) -> ReportSummary:
    from flows.jobs.site.report import ReportOrder, make_report

    order = ReportOrder(
        year.year, year.warehouse, year.out / _REPORT, year.out / _RAW, document_id=OFFICIAL
    )
    return make_report(order, progress)


def _returns(year: Year, made: FormsMade, progress: Progress) -> samples.SamplePlan:
    """Let departments hand in on three days, and score as of each."""
    forms, aims = _asked(year)
    plan = samples.plan_of(list(forms.values()), aims)
    paths = {each.department: Path(each.file) for each in made.forms}
    first, second, third = plan.days

    def filled(names: Sequence[str], day: date) -> list[Path]:
        folder = _folder(year, day)
        return [samples.fill(forms[name], paths[name], folder, plan, aims, day) for name in names]

    _day(year, filled(plan.on_time, first), first, progress)
    _day(year, filled(plan.late, second), second, progress)
    _day(year, _put_right(year, plan, forms, paths, aims), third, progress)
    return plan


def _asked(year: Year) -> tuple[dict[str, Form], dict[samples.Key, Aim]]:
    """Return the forms by department as they were sent, and where each line's good side lies."""
    from warehouse.reading import read_tables

    document, title = read_document_lines(year.warehouse, year.year, OFFICIAL, year.out / _RAW)
    made = form_lines.forms(document.lines, OFFICIAL, year.year, title, sample=True)
    tables = read_tables(year.warehouse, ("targets", "indicators"))
    own = table_rows({name: of_document(frame, OFFICIAL) for name, frame in tables.items()})
    directions = {row["serial_no"]: row["direction"] for row in own["indicators"]}
    return {form.department: form for form in made}, aims_of(own["targets"], directions)


def _folder(year: Year, day: date) -> Path:
    return year.out / _RETURNED / day.isoformat()


def _day(year: Year, files: Sequence[Path], day: date, progress: Progress) -> None:
    delivery = Delivery(tuple(files), year.warehouse, day, year.out / _RAW, year.out / _REPLIES)
    year.received.append(_stage(progress, "receive", lambda say: receive(delivery, say), day))
    order = ScoreOrder(year.year, year.warehouse, OFFICIAL, day, year.out / _RAW)
    year.scored.append(_stage(progress, "score", lambda say: score_year(order, say), day))


def _put_right(
    year: Year,
    plan: samples.SamplePlan,
    forms: dict[str, Form],
    paths: dict[str, Path],
    aims: dict[samples.Key, Aim],
) -> list[Path]:
    """Return what is handed in on the last day: replies put right, and one better figure."""
    day = plan.days[2]
    replies = {each.department: each.reply for got in year.received for each in got.files}
    files = []
    for name, mistake in plan.mistakes.items():
        reply = replies.get(name)
        if mistake.put_right and reply is not None:
            aim = aims.get(mistake.key, Aim())
            files.append(
                samples.put_right(forms[name], Path(reply), _folder(year, day), mistake, aim, day)
            )
    if plan.corrected is not None:
        name, key = plan.corrected
        files.append(samples.correct(forms[name], paths[name], _folder(year, day), key, day))
    return files


def copy_notices(notices: Path, raw: Path) -> Path:
    """Copy the bundled notices into a ``raw`` of its own; what lies there already stays."""
    for name in (OFFICIAL, COPY):
        folder = raw / "notices" / name
        folder.mkdir(parents=True, exist_ok=True)
        for file in (notices / name).iterdir():
            copy = folder / file.name
            if not copy.exists() or copy.read_bytes() != file.read_bytes():
                shutil.copyfile(file, copy)
    return raw


def bundled() -> Path:
    """Return the folder of the bundled notices: here, in the project of this code, or its wheel's.

    Raises Refusal where there is none.
    """
    for root in (Path.cwd(), PROJECT, Path(sys.prefix) / "share" / "kaohe"):
        folder = root / "raw" / "notices"
        if (folder / OFFICIAL).is_dir():
            return folder
    raise refusal("flows.no_bundled_notice", document=OFFICIAL)
