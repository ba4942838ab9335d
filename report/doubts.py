"""What is in doubt of one document on one day: of each target and score, and under each heading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from report.figures import CERTAIN, Doubt, Figure, Kind, Points, added, rank
from report.marks import is_doubtful, is_provisional
from schemas.records.rows import (
    IndicatorRow,
    MilestoneRow,
    ScorecardRow,
    ScoreRow,
    TargetRow,
)
from schemas.records.trace import Trace
from schemas.vocabulary import word

#: What a sum is called whose heading is not printed.
NOWHERE = word("missing", "heading")
Key = tuple[int, str]
Line = TypeVar("Line", TargetRow, ScoreRow)


class CountedCard(ScorecardRow):
    """A scorecard as a summary of scores has it, with how many of its scores are provisional."""

    provisional: int


@dataclass(frozen=True, slots=True)
class Score:
    """A score with its trace, and with its doubt: without it its points cannot be shown."""

    row: ScoreRow
    trace: Trace
    doubt: Doubt

    @classmethod
    def of(cls, row: ScoreRow, doubt: Doubt) -> Score:
        """Return a score of which the trace is read."""
        return cls(row, Trace.from_json(row["trace"]), doubt)

    @property
    def points(self) -> Points:
        """The points with their doubt."""
        return Points.of(self.row, self.doubt)


@dataclass(frozen=True, slots=True)
class Card:
    """A scorecard with its doubt: without it its points cannot be shown.

    ``on_top`` has the doubt of what comes on top of the whole, by the kind of item.
    """

    row: ScorecardRow
    doubt: Doubt
    on_top: Mapping[str, Doubt]

    @property
    def points(self) -> Points:
        """The points with their doubt."""
        return Points.of(self.row, self.doubt)

    @property
    def of_100(self) -> Figure:
        """The points of 100."""
        return self.points.as_given(self.row["points_of_100"])

    @property
    def rank(self) -> Figure:
        """The place of a total, or all that its interval allows."""
        return rank(self.row, self.doubt)

    def added(self, kind: Literal["bonus", "minus"]) -> Figure:
        """Return what bonus or minus items add to a total or take from it, with their doubt."""
        doubt = self.on_top.get(kind, CERTAIN) + of_whole(self.row)
        return Figure(self.row.get(kind) or None, doubt, Kind.PLAIN)


class Doubts:
    """The doubt of each target with its score, and of every sum that one of them is in."""

    def __init__(
        self,
        indicators: Iterable[IndicatorRow],
        targets: Mapping[Key, TargetRow],
        scores: Mapping[Key, ScoreRow],
    ) -> None:
        known = list(indicators)
        paths = {row["serial_no"]: paths_of(row) for row in known}
        kinds = {row["serial_no"]: row.get("item_kind") for row in known}
        self._of: dict[Key, Doubt] = {}
        self._under: dict[tuple[str, ...], Doubt] = {}
        self._on_top: dict[str, dict[str, Doubt]] = {}
        for key in {**targets, **scores}:
            doubt = doubt_of(targets.get(key), scores.get(key))
            if doubt:
                self._of[key] = doubt
                if kind := kinds.get(key[0]):
                    own = self._on_top.setdefault(key[1], {})
                    own[kind] = own.get(kind, CERTAIN) + doubt
                for path in paths.get(key[0], ((),)):
                    under = (key[1], *path)
                    self._under[under] = self._under.get(under, CERTAIN) + doubt

    def of(self, serial_no: int, entity: str) -> Doubt:
        """Return the doubt of one target and all that comes of it."""
        return self._of.get((serial_no, entity), CERTAIN)

    @property
    def whole(self) -> Doubt:
        """All that is in doubt."""
        return added(self._of.values())

    def under(self, card: ScorecardRow) -> Doubt:
        """Return the doubt of a scorecard's sum, with what is printed of it and not declared."""
        return self._under.get((card["entity"], *path_of(card)), CERTAIN) + of_whole(card)

    def with_doubt(self, card: ScorecardRow) -> Card:
        """Return a scorecard with its doubt."""
        return Card(card, self.under(card), self._on_top.get(card["entity"], {}))


def paths_of(indicator: IndicatorRow) -> tuple[tuple[str, ...], ...]:
    """Return the headings that an indicator is summed under, from the total down."""
    names = (indicator["level1"] or NOWHERE, indicator["level2"] or NOWHERE)
    return tuple(names[:depth] for depth in range(len(names) + 1))


def path_of(card: ScorecardRow) -> tuple[str, ...]:
    """Return the headings from the total down to that which a scorecard sums up."""
    name, parent = card["name"] or NOWHERE, card["parent"] or NOWHERE
    return {"total": (), "level1": (name,)}.get(card["level"], (parent, name))


def is_needless(card: ScorecardRow) -> bool:
    """Say whether a sum repeats the one above it, as nothing is printed to part it by."""
    return card["level"] == "level2" and set(path_of(card)) == {NOWHERE}


def counted(card: CountedCard) -> Doubt:
    """Return the doubt of a sum by the counts that a summary of scores has beside it."""
    return Doubt(card["values_in_doubt"] or 0, card["provisional"]) + of_whole(card)


def of_whole(card: ScorecardRow) -> Doubt:
    """Return the doubt of a total that is of none of its indicators: rules not declared."""
    return Doubt(why=tuple(card.get("total_open") or ()))


def by_line(rows: Iterable[Line]) -> dict[Key, Line]:
    """Return targets or scores by serial number and entity."""
    return {(row["serial_no"], row["entity"]): row for row in rows}


def doubt_of(target: TargetRow | MilestoneRow | None, score: ScoreRow | None) -> Doubt:
    """Return the doubt of one target and of the score that comes of it."""
    return Doubt(int(is_doubtful(target)), int(is_provisional(score)))
