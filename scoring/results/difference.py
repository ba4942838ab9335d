"""What is landed and is not as traces give it: records compared field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from schemas.records.rows import IndicatorRow, ReturnRow, ScorecardRow, ScoreRow, TargetRow
from schemas.records.trace import Trace
from scoring.results.replay import ReplayedScore
from scoring.rules.case import nearly


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A field that is not as the traces give it. ``field`` ``rows``: so many rows, so many due.

    ``table`` is the landed one, or ``trace``: what a trace says that its own arithmetic does not
    give. ``place`` names a heading of a scorecard or the source of a return.
    """

    table: str
    as_of: date
    serial_no: int | None
    entity: str
    place: str
    field: str
    landed: object
    replayed: object


@dataclass(frozen=True, slots=True)
class Landed:
    """One document's landed rows; ``returns`` are those of the year before, too."""

    scores: list[ScoreRow]
    scorecards: list[ScorecardRow]
    targets: list[TargetRow]
    indicators: list[IndicatorRow]
    returns: list[ReturnRow]


@dataclass(frozen=True, slots=True)
class Replayed:
    """A landed score whose trace can be read, and what the trace gives."""

    row: ScoreRow
    trace: Trace
    again: ReplayedScore


def compared(
    at: Discrepancy, again: Mapping[str, object], landed: Mapping[str, object]
) -> Iterator[Discrepancy]:
    """Give every field of what was made anew that is not as it was landed."""
    for name, value in again.items():
        if not _same(value, landed.get(name)):
            yield replace(at, field=name, landed=landed.get(name), replayed=value)


def _same(one: object, other: object) -> bool:
    """Tell whether two values are the same; numbers are within rounding."""
    if isinstance(one, float) and isinstance(other, (int, float)):
        return nearly(one, other)
    return bool(one == other)
