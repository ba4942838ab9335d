"""What the exported workbooks show of one document: its rows as plain records, put in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from report.directions import UNCLEAR, unclear_directions
from report.doubts import Doubts, is_needless, path_of, paths_of
from report.marks import marks, standing
from schemas.records.trace import Trace
from schemas.records.traced import AppliedRule
from schemas.tables.frames import Row, Rows, records

_TABLES = (
    *("indicators", "targets", "scores", "scorecards", "findings"),
    *("methods", "milestones"),
)
#: All that workbooks show.
SHOWN = ("notices", *_TABLES)
LEVELS = ("level1", "level2", "level3", "level4")
_BY_DATE = ("scores", "scorecards")


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

    notice: Row
    rows: Mapping[str, list[Row]]
    as_of: date | None

    @property
    def document_id(self) -> str:
        """The document's name in the warehouse."""
        return str(self.notice["document_id"])

    @property
    def year(self) -> int:
        """The year the document is for."""
        return int(self.notice["year"])

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
    def targets(self) -> dict[tuple[int, str], Row]:
        """The targets by serial number and entity."""
        return {(row["serial_no"], row["entity"]): row for row in self.rows["targets"]}

    @cached_property
    def scores(self) -> dict[tuple[int, str], Row]:
        """The scores by serial number and entity."""
        return {(row["serial_no"], row["entity"]): row for row in self.rows["scores"]}

    @cached_property
    def indicators(self) -> list[Row]:
        """The indicators in printed order."""
        return sorted(self.rows["indicators"], key=lambda row: row["serial_no"])

    @cached_property
    def levels(self) -> frozenset[str]:
        """The levels of headings that are printed of any indicator."""
        return frozenset(name for name in LEVELS for row in self.indicators if row[name])

    @cached_property
    def unclear(self) -> frozenset[int]:
        """The indicators of which nobody knows which end is good, by serial number."""
        traces = dict(zip(self.scores, self.traces, strict=True))
        return unclear_directions(self.indicators, self.targets.values(), traces)

    def open_direction(self, serial_no: int) -> tuple[str, ...]:
        """Return the mark of an indicator of which nobody knows which end is good."""
        return (UNCLEAR,) if serial_no in self.unclear else ()

    def marks(self, serial_no: int, entity: str) -> tuple[str, ...]:
        """Return what a target, and all that comes of it, is marked with."""
        key = (serial_no, entity)
        return marks(self.targets.get(key), self.scores.get(key))

    def standing(self, serial_no: int, entity: str) -> tuple[str, ...]:
        """Return how what was returned stands with an office: not approved, late."""
        return standing(self.scores.get((serial_no, entity)))

    @cached_property
    def doubts(self) -> Doubts:
        """What is in doubt of each target and score, and under each heading."""
        return Doubts(self.rows["indicators"], self.targets, self.scores)

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

    def _with_marks(self, card: Row) -> Row:
        stands = self._standings.get((card["entity"], *path_of(card)), Counter())
        told = [f"{count} 项{each}" for each, count in stands.items()]
        doubted = self.doubts.with_doubt(card)
        return {**doubted, "marks": "，".join([*doubted["doubt"].words, *told])}

    @cached_property
    def traces(self) -> list[Trace]:
        """The traces of the scores."""
        return [Trace.from_json(row["trace"]) for row in self.rows["scores"]]

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
    def cards(self) -> list[Row]:
        """The scorecards, every level-1 heading followed by its level-2 headings."""
        rows = self.rows["scorecards"]
        order = {
            name: place
            for place, name in enumerate(
                dict.fromkeys(row["name"] for row in rows if row["level"] == "level1")
            )
        }
        whose = {name: place for place, name in enumerate(dict.fromkeys(r["entity"] for r in rows))}

        def place(row: Row) -> tuple[int, int, bool]:
            level1 = {"total": "", "level1": row["name"]}.get(row["level"], row["parent"])
            return whose[row["entity"]], order.get(level1, -1), row["level"] == "level2"

        return sorted(rows, key=place)

    @cached_property
    def marked_cards(self) -> list[Row]:
        """The scorecards in their order, each with its doubt and its marks; none stands twice."""
        shown = [row for row in self.cards if row["level"] in {"total", *self.levels}]
        return [self._with_marks(row) for row in shown if not is_needless(row)]

    def status_count(self, status: str) -> int:
        """Return how many scores have a status."""
        return sum(row["status"] == status for row in self.rows["scores"])


def exported(frames: Mapping[str, Rows]) -> list[Exported]:
    """Return the rows of every document in ``notices``, by year and document.

    Frames are those of :mod:`schemas.tables.registry` with the column ``year``; tables that are
    not there have no rows.
    """
    tables = {name: records(frames[name]) if name in frames else [] for name in _TABLES}
    documents = [_document(notice, tables) for notice in records(frames["notices"])]
    return sorted(documents, key=lambda each: (each.year, each.document_id))


def _document(notice: Row, tables: Mapping[str, list[Row]]) -> Exported:
    mine = {
        name: [row for row in rows if row["document_id"] == notice["document_id"]]
        for name, rows in tables.items()
    }
    as_of = max((row["as_of"] for row in mine["scorecards"]), default=None)
    for name in _BY_DATE:
        mine[name] = [row for row in mine[name] if row["as_of"] == as_of]
    return Exported(notice, mine, as_of)
