"""Numbers far out of their row's range: a slip of the decimal point, or one that is meant."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from normalize.model.doubt import Doubt, doubt
from normalize.records.model import Record
from normalize.targets.model import TypedTarget
from schemas.vocabulary import Severity

_FEWEST = 3  # other numbers from which a row has a range
_SPREAD = 3.0  # most that the largest of them is of the least: they agree
_FAR = 6.0  # a slipped point makes a tenth of what lies within the spread
SLIPS = (10.0, 100.0, 0.1, 0.01)
"""What a decimal point that slipped by one place or two makes of a number."""


@dataclass(frozen=True, slots=True)
class Outlier:
    """One entity's number that lies far from all others of its row; ``likely`` may be meant."""

    entity: str
    value: float
    median: float
    likely: float | None


def outliers(values: Mapping[str, float]) -> Iterator[Outlier]:
    """Yield the numbers six times their row's median or more, or a sixth or less.

    Only a row of three other numbers at least counts, and only where these agree: the
    largest is at most three times the least, and none is zero or negative.
    """
    for entity, value in values.items():
        others = [other for name, other in values.items() if name != entity]
        if len(others) < _FEWEST or min(others) <= 0 or max(others) > _SPREAD * min(others):
            continue
        median = statistics.median(others)
        if 0 < value <= median / _FAR or value >= median * _FAR:
            fit = [value / slip for slip in SLIPS]
            fit = [v for v in fit if min(others) / 2 <= v <= 2 * max(others)]
            yield Outlier(
                entity, value, median, min(fit, default=None, key=lambda v: abs(v - median))
            )


def far_out(record: Record) -> Iterator[tuple[str, Doubt]]:
    """Yield a row's far numbers, each with its entity; only numbers of one kind and unit count."""
    plain = {
        entity: (typed.kind, typed.operator, typed.unit, typed.value)
        for entity, typed in ((e, target.typed) for e, target in record.targets.items())
        if typed.value is not None and typed.kind in ("number", "quantity", "limit", "growth")
    }
    for kind in dict.fromkeys(key[:3] for key in plain.values()):
        row = {e: key[3] for e, key in plain.items() if key[:3] == kind and key[3] is not None}
        for found in outliers(row):
            yield found.entity, _far(found, record.targets[found.entity].typed)


def _far(found: Outlier, target: TypedTarget) -> Doubt:
    if found.likely is None:
        return doubt(
            "value_out_of_range.row",
            severity=Severity.INFO,
            entity=found.entity,
            value=found.value,
            median=found.median,
        )
    meant = target.read_as(found.likely)
    return doubt(
        "value_out_of_range.row_slip",
        (meant,),
        severity=Severity.INFO,
        entity=found.entity,
        value=found.value,
        median=found.median,
        likely=meant.text,
    )
