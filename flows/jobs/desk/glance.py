"""How far a year is: notice, doubts, methods, forms, returns, scores and what is published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from common.days import ZONE
from common.messages import message
from common.refusal import Refusal
from flows.jobs.desk.listing import standing_notices
from flows.jobs.desk.memory import folder_of
from flows.jobs.desk.scored import scored_now, still_scored
from flows.jobs.ingest import code_version, inputs_sha256
from flows.jobs.returns.forms import forms_of, read_document_lines, standing
from flows.jobs.score.inputs import ScoreOrder
from flows.jobs.score.whole import undeclared_of_the_whole
from flows.jobs.sidecar.document import locate
from flows.jobs.sidecar.landed import sidecar_of
from report.marks import unread_of_whole
from report.site.pages import is_site
from report.site.published import OF_FIGURES, differences, figures_of, read_state
from schemas.records.rows import NoticeRow, ScorecardRow, ScoreRow
from schemas.tables.frames import Rows, plain_arrow, rows_as, table_rows

if TYPE_CHECKING:
    import pandas as pd

DONE, PARTLY, TO_DO, WAITING = "done", "partly", "todo", "waiting"
_TABLES = (
    *("notices", "indicators", "targets", "findings", "methods"),
    *("returns", "scorecards", "scores"),
)


@dataclass(frozen=True, slots=True)
class Places:
    """The folders that an officer's year lies in."""

    warehouse: Path
    raw: Path
    forms: Path
    report: Path


@dataclass(frozen=True, slots=True)
class Glance:
    """One document's year in figures; None where there is nothing to count yet.

    ``doubts`` are open findings of severity error or warning, ``values`` targets that need review,
    ``methods`` indicators whose printed method does not count yet, ``directions`` those of which
    nobody knows the good end, ``whole`` what is printed of the whole result and not declared, in
    Chinese, ``of_whole`` what of it does not count by now. ``departments`` are those that
    owe a form, ``forms_out`` forms lie ready, of which ``forms_changed`` would be printed otherwise
    now and ``forms_unknown`` do not tell what they were made of. ``handed_in`` those of them that
    returned anything. ``as_of`` is the day of the latest scores, ``scored_behind`` says that
    returns came after it, ``changed_since`` that scoring as of that day gives others by now,
    ``unscorable`` why it cannot. ``differs`` says in words in what the published state is not the
    landed one; None where nothing is published. ``sample``: made-up returns are among those
    received. ``unread`` says why what lies in the document's folder is not what is landed; None
    where it is.
    """

    document_id: str
    year: int
    title: str | None
    doc_number: str | None
    landed_on: date
    indicators: int
    targets: int
    doubts: int
    values: int
    methods: int
    directions: int
    whole: tuple[str, ...]
    departments: tuple[str, ...]
    forms_out: int
    forms_changed: int
    forms_unknown: int
    handed_in: tuple[str, ...]
    as_of: date | None
    scored_behind: bool
    changed_since: bool
    unscorable: str | None
    published_on: datetime | None
    differs: tuple[str, ...] | None
    sample: bool = False
    remark: str | None = None
    unread: str | None = None
    of_whole: tuple[str, ...] = ()

    @property
    def owing(self) -> tuple[str, ...]:
        """Departments that returned nothing yet."""
        return tuple(name for name in self.departments if name not in self.handed_in)

    @property
    def forms_current(self) -> int:
        """How many forms hold what would be printed now."""
        return self.forms_out - self.forms_changed - self.forms_unknown

    @property
    def rescore(self) -> bool:
        """What is landed is not what scoring would land."""
        return self.scored_behind or self.changed_since or self.unscorable is not None

    @property
    def provisional(self) -> bool:
        """Points are counted by what somebody has yet to confirm or declare."""
        return bool(self.methods or self.directions or self.whole or self.of_whole)

    def states(self) -> dict[str, str]:
        """Return each step with its state: done, to do, or waiting for what comes before it.

        Scores of a part of the returns or with anything open, and what is published of them, are
        done in part.
        """
        n = len(self.departments)
        return {
            "notice": TO_DO if self.unread else DONE,
            "doubts": TO_DO if self.doubts or self.values else DONE,
            "methods": TO_DO if self.provisional else DONE,
            "forms": DONE if n and self.forms_current >= n else TO_DO,
            "returns": _returns_state(self, n),
            "scores": _scores_state(self),
            "published": _published_state(self),
        }

    def next_step(self) -> str | None:
        """Return what is to be done next; None where nothing is."""
        return next((step for step, state in self.states().items() if state == TO_DO), None)


def _returns_state(glance: Glance, expected: int) -> str:
    if expected and len(glance.handed_in) >= expected:
        return DONE
    return TO_DO if glance.forms_out or glance.handed_in else WAITING


def _scores_state(glance: Glance) -> str:
    if not glance.handed_in:
        return WAITING
    return TO_DO if glance.as_of is None or glance.rescore else _how_far(glance)


def _published_state(glance: Glance) -> str:
    if not glance.handed_in or glance.as_of is None:
        return WAITING
    behind = glance.published_on is None or glance.differs or glance.rescore
    return TO_DO if behind else _how_far(glance)


def _how_far(glance: Glance) -> str:
    is_open = glance.owing or glance.doubts or glance.values or glance.provisional
    return PARTLY if is_open else DONE


def glances(places: Places, year: int) -> list[Glance]:
    """Return the documents in force of a year; none where nothing of it is landed."""
    listed = standing_notices(places.warehouse)
    return [glance_of(places, each.document_id) for each in listed if each.year == year]


def glance_of(places: Places, document_id: str) -> Glance:
    """Return how far one landed document is, all figures of one snapshot.

    Raises Refusal where the warehouse cannot be read.
    """
    from warehouse.reading import read_own

    own = read_own(places.warehouse, document_id, _TABLES, latest=("scorecards", "scores"))
    notice = rows_as(NoticeRow, own["notices"])[-1]
    departments, forms, remark = _forms(notice, places)
    handed_in = {str(name) for name in own["returns"]["department"]}
    shown = {name: plain_arrow(own[name], of) for name, of in OF_FIGURES.items()}
    figures = figures_of(table_rows(shown))
    as_of = None if own["scorecards"].empty else own["scorecards"]["as_of"].max()
    latest = own["returns"]["received_on"].max() if len(own["returns"]) else None
    still, now = _as_scored_now(notice, own, places, as_of)
    published_on, differs = published_state(places.report, figures.as_json())
    return Glance(
        document_id=notice["document_id"],
        year=notice["year"],
        title=notice["title"],
        doc_number=notice["doc_number"],
        landed_on=notice["landed_at"].astimezone(ZONE).date(),
        indicators=notice["indicators"],
        targets=notice["targets"],
        doubts=figures.doubts,
        values=figures.values,
        methods=_unconfirmed(own, now),
        directions=len(_open_of(own, "direction_unknown")),
        whole=_undeclared(notice, own, places.raw),
        departments=departments,
        forms_out=forms.total() - forms["missing"],
        forms_changed=forms["changed"],
        forms_unknown=forms["unknown"],
        handed_in=tuple(name for name in departments if name in handed_in),
        as_of=as_of,
        scored_behind=as_of is not None and latest is not None and latest > as_of,
        changed_since=still is False,
        unscorable=still if isinstance(still, str) else None,
        published_on=published_on,
        differs=differs,
        sample=bool(own["returns"]["sample"].any()),
        remark=remark,
        unread=_unread(notice, places.raw),
        of_whole=unread_of_whole(rows_as(ScorecardRow, now["scorecards"])),
    )


def _unread(notice: NoticeRow, raw: Path) -> str | None:
    """Return why what lies in a document's folder is not what is landed; None where it is."""
    document_id = notice["document_id"]
    try:
        located = locate(folder_of(raw, document_id))
        made = {inputs_sha256(located, each, notice["code_version"]) for each in (True, False)}
    except Refusal as refused:
        return None if refused.code == "desk_no_folder" else refused.zh
    if notice["inputs_sha256"] is None or notice["inputs_sha256"] in made:
        return None
    if notice["code_version"] == code_version():
        return message("flows.desk_unread.by_hand").zh
    return message("flows.desk_unread.or_program").zh


def _as_scored_now(
    notice: NoticeRow, own: Mapping[str, pd.DataFrame], places: Places, as_of: date | None
) -> tuple[bool | str, Mapping[str, Rows]]:
    """Say whether what is landed is what scoring would land; return that, or what is landed."""
    if as_of is None:
        return True, own
    document_id, year = notice["document_id"], notice["year"]
    made = scored_now(ScoreOrder(year, places.warehouse, document_id, as_of, places.raw))
    return still_scored(own, made), own if isinstance(made, str) else made


def _unconfirmed(own: Mapping[str, pd.DataFrame], now: Mapping[str, Rows]) -> int:
    """Count the indicators whose printed method does not count, by the notice or its scores."""
    scores = rows_as(ScoreRow, now["scores"], ("status", "serial_no"))
    provisional = {row["serial_no"] for row in scores if row["status"] == "method_not_applied"}
    return len(_open_of(own, "method_not_applied") | provisional)


def _open_of(own: Mapping[str, pd.DataFrame], code: str) -> set[int]:
    """Return the indicators with an open finding of a kind."""
    findings = own["findings"]
    is_open = (findings["code"] == code) & (findings["state"] == "open")
    return {*findings.loc[is_open, "serial_no"].dropna()}


def _undeclared(notice: NoticeRow, own: Mapping[str, pd.DataFrame], raw: Path) -> tuple[str, ...]:
    """Return what is printed of the whole and not declared; nothing where that cannot be told."""
    try:
        return undeclared_of_the_whole(sidecar_of(raw, notice["document_id"]), own)
    except Refusal:
        return ()  # the file is refused: the step of the scores says why


def _forms(notice: NoticeRow, places: Places) -> tuple[tuple[str, ...], Counter[str], str | None]:
    """Return who owes a form, how the files of the forms stand, and why neither is known."""
    try:
        document, title = read_document_lines(
            places.warehouse, notice["year"], notice["document_id"], places.raw
        )
    except Refusal as refused:
        return (), Counter(), refused.zh
    made = forms_of(document, title)
    return (
        tuple(form.department for form in made),
        Counter(standing(form, places.forms) for form in made),
        None,
    )


def published_state(
    report: Path, figures: Mapping[str, object]
) -> tuple[datetime | None, tuple[str, ...] | None]:
    """Return when the site was made, and in what it differs from the figures of now, in Chinese."""
    if not is_site(report):
        return None, None
    made = datetime.fromtimestamp((report / "index.html").stat().st_mtime, ZONE)
    before = read_state(report, str(figures["document_id"]))
    if before is None:
        return made, (f"{figures['year']}年度尚未发布",)
    return made, tuple(differences(before, figures))
