"""What the exported workbooks show of one document: its rows as plain records, put in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from report.directions import UNCLEAR, unclear_directions
from report.doubts import Card, Doubts, Score, by_line, is_needless, path_of, paths_of
from report.marks import standing
from schemas.records.rows import (
    IndicatorRow,
    NoticeRow,
    ScorecardRow,
    TableRows,
    TargetRow,
)
from schemas.records.trace import Trace
from schemas.records.traced import AppliedRule
from schemas.tables.frames import Rows, arrow_schema, plain_arrow, rows_as, table_rows
from schemas.tables.registry import TABLES

if TYPE_CHECKING:
    import pyarrow as pa

_TABLES = (
    *("indicators", "targets", "scores", "scorecards", "findings"),
    *("methods", "milestones"),
)
#: All that workbooks show.
SHOWN = ("notices", *_TABLES)
Level = Literal["level1", "level2", "level3", "level4"]
LEVELS: tuple[Level, ...] = ("level1", "level2", "level3", "level4")


@dataclass(frozen=True, slots=True)
class RuleUse:
    """One rule with its parameters, and for how many scores it was used."""

    rule: AppliedRule
    uses: int

    @property
    def assumed(self) -> bool:
        """Whether the rule is a general one, for want of one in the notice that counts."""
        return self.rule.origin == "default"


@dataclass(frozen=True)
class Exported:
    """One document's rows; scores and scorecards are those of its latest as-of date.

    ``as_of`` is None where it was not scored.
    """

    notice: NoticeRow
    rows: TableRows
    as_of: date | None

    @property
    def document_id(self) -> str:
        """The document's name in the warehouse."""
        return self.notice["document_id"]

    @property
    def year(self) -> int:
        """The year the document is for."""
        return self.notice["year"]

    @property
    def day(self) -> date:
        """The day that the data is of: never the clock's, so that it is the same every time."""
        known = self.as_of or self.notice["issued_on"] or self.notice["received_on"]
        return known or date(self.year, 1, 1)

    @cached_property
    def entities(self) -> tuple[str, ...]:
        """The entities in printed order."""
        return tuple(dict.fromkeys(row["entity"] for row in self.rows["targets"]))

    @cached_property
    def targets(self) -> dict[tuple[int, str], TargetRow]:
        """The targets by serial number and entity."""
        return by_line(self.rows["targets"])

    @cached_property
    def scores(self) -> dict[tuple[int, str], Score]:
        """The scores by serial number and entity."""
        return {
            key: Score.of(row, self.doubts.of(*key))
            for key, row in by_line(self.rows["scores"]).items()
        }

    @cached_property
    def indicators(self) -> list[IndicatorRow]:
        """The indicators in printed order."""
        return sorted(self.rows["indicators"], key=lambda row: row["serial_no"])

    @cached_property
    def levels(self) -> frozenset[Level]:
        """The levels of headings that are printed of any indicator."""
        return frozenset(name for name in LEVELS for row in self.indicators if row[name])

    @cached_property
    def unclear(self) -> frozenset[int]:
        """The indicators of which nobody knows which end is good, by serial number."""
        traces = {key: score.trace for key, score in self.scores.items()}
        return unclear_directions(self.indicators, self.targets.values(), traces)

    def open_direction(self, serial_no: int) -> tuple[str, ...]:
        """Return the mark of an indicator of which nobody knows which end is good."""
        return (UNCLEAR,) if serial_no in self.unclear else ()

    def marks(self, serial_no: int, entity: str) -> tuple[str, ...]:
        """Return what a target, and all that comes of it, is marked with."""
        return self.doubts.of(serial_no, entity).marks

    def standing(self, serial_no: int, entity: str) -> tuple[str, ...]:
        """Return how what was returned stands with an office: not approved, late."""
        score = self.scores.get((serial_no, entity))
        return standing(score.row if score else None)

    @cached_property
    def doubts(self) -> Doubts:
        """What is in doubt of each target and score, and under each heading."""
        return Doubts(self.rows["indicators"], self.targets, by_line(self.rows["scores"]))

    @cached_property
    def _standings(self) -> Mapping[tuple[str, ...], Counter[str]]:
        """How what was returned stands with an office, counted under each heading of an entity."""
        found: dict[tuple[str, ...], Counter[str]] = {}
        for row in self.indicators:
            for entity in self.entities:
                own = self.standing(row["serial_no"], entity)
                for path in paths_of(row) if own else ():
                    found.setdefault((entity, *path), Counter()).update(own)
        return found

    def card_marks(self, card: Card) -> str:
        """Return what is in doubt of a sum, and how what was returned for it stands, counted."""
        stands = self._standings.get((card.row["entity"], *path_of(card.row)), Counter())
        told = [f"{count} 项{each}" for each, count in stands.items()]
        return "，".join([*card.doubt.words, *told])

    @cached_property
    def traces(self) -> list[Trace]:
        """The traces of the scores."""
        return [score.trace for score in self.scores.values()]

    @cached_property
    def samples(self) -> int:
        """For how many scores a made-up figure was returned."""
        return sum(
            any(each.actual and each.actual.sample for each in trace.counted())
            for trace in self.traces
        )

    @cached_property
    def unapproved(self) -> int:
        """For how many scores nobody approved what was returned: its ``approved_by`` or the day."""
        return sum(
            any(each.actual and not each.actual.approved for each in trace.counted())
            for trace in self.traces
        )

    @cached_property
    def rules(self) -> list[RuleUse]:
        """The rules that scores were computed by, assumed ones first."""
        applied = [each.rule for trace in self.traces for each in trace.counted()]
        uses: dict[str, RuleUse] = {}
        for rule in applied:
            if rule is not None:
                before = uses[repr(rule)].uses if repr(rule) in uses else 0
                uses[repr(rule)] = RuleUse(rule, before + 1)
        return sorted(uses.values(), key=lambda use: (not use.assumed, -use.uses, use.rule.name))

    @cached_property
    def cards(self) -> list[ScorecardRow]:
        """The scorecards, every level-1 heading followed by its level-2 headings."""
        rows = self.rows["scorecards"]
        order = {
            name: place
            for place, name in enumerate(
                dict.fromkeys(row["name"] for row in rows if row["level"] == "level1")
            )
        }
        whose = {name: place for place, name in enumerate(dict.fromkeys(r["entity"] for r in rows))}

        def place(row: ScorecardRow) -> tuple[int, int, bool]:
            level1 = {"total": "", "level1": row["name"]}.get(row["level"], row["parent"])
            return whose[row["entity"]], order.get(level1, -1), row["level"] == "level2"

        return sorted(rows, key=place)

    @cached_property
    def shown_cards(self) -> list[Card]:
        """The scorecards in their order, each with its doubt; none stands twice."""
        shown = [row for row in self.cards if row["level"] in {"total", *self.levels}]
        return [self.doubts.with_doubt(row) for row in shown if not is_needless(row)]

    def status_count(self, status: str) -> int:
        """Return how many scores have a status."""
        return sum(row["status"] == status for row in self.rows["scores"])


def exported(frames: Mapping[str, Rows]) -> list[Exported]:
    """Return the rows of every document in ``notices``, by year and document.

    Frames are those of :mod:`schemas.tables.registry` with the column ``year``; tables that are
    not there have no rows.
    """
    documents = [_document(each, frames) for each in rows_as(NoticeRow, frames["notices"])]
    return sorted(documents, key=lambda each: (each.year, each.document_id))


def _document(notice: NoticeRow, frames: Mapping[str, Rows]) -> Exported:
    rows = table_rows({name: _own(frames, name, notice["document_id"]) for name in _TABLES})
    as_of = max((row["as_of"] for row in rows["scorecards"]), default=None)
    rows["scores"] = [row for row in rows["scores"] if row["as_of"] == as_of]
    rows["scorecards"] = [row for row in rows["scorecards"] if row["as_of"] == as_of]
    return Exported(notice, rows, as_of)


def _own(frames: Mapping[str, Rows], name: str, document_id: str) -> pa.Table:
    """Return a document's rows of a table; none where the table is not there."""
    import pyarrow.compute as pc

    if name not in frames:
        return arrow_schema(TABLES[name]).empty_table()
    rows = plain_arrow(frames[name])
    return rows.filter(pc.equal(rows["document_id"], document_id))
