"""Points anew from nothing but a trace: one row, plain arithmetic, no columns.

Of a trace only status, rule, target, share, actual, others, parts, rank and veto are used.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
import pyarrow as pa

from schemas.records.trace import Trace, TracedPart, TracedReturn, TracedShare
from schemas.vocabulary import ScoreStatus, TargetKind
from scoring.rules.case import Case, nearly
from scoring.rules.method import Method
from scoring.rules.methods import parts
from scoring.rules.registry import METHODS


@dataclass(frozen=True, slots=True)
class ReplayDifference:
    """A score that is not what its trace gives; ``readable`` false: the trace cannot be read."""

    as_of: date
    serial_no: int
    entity: str
    points: float | None
    replayed: float | None
    readable: bool = True


def replay_scores(scores: pd.DataFrame) -> tuple[ReplayDifference, ...]:
    """Compute every score of the table ``scores`` anew and return those that differ, in its order.

    Points are equal within rounding, see :func:`scoring.rules.case.nearly`.
    """
    names = ["as_of", "serial_no", "entity", "points"]
    rows = pa.Table.from_pandas(scores[[*names, "trace"]], preserve_index=False).to_pylist()
    found = (_difference(row.pop("trace"), ReplayDifference(**row, replayed=None)) for row in rows)
    return tuple(each for each in found if each is not None)


def _difference(trace: str, landed: ReplayDifference) -> ReplayDifference | None:
    try:
        points = replay(trace)
    except (ValueError, TypeError, LookupError):  # not JSON, or not what a trace holds
        return replace(landed, readable=False)
    if points is None or landed.points is None:
        return None if points is landed.points else replace(landed, replayed=points)
    return None if nearly(points, landed.points) else replace(landed, replayed=points)


def replay(text: str) -> float | None:
    """Return the points that a trace gives; None where nothing can be scored."""
    trace = Trace.from_json(text)
    if trace.status == ScoreStatus.NOT_ASSESSED or trace.share is None:
        return None
    share = _share(trace.share)
    if share is None:
        return None
    attained = 0.0 if trace.veto else _attainment(trace, share)
    return None if attained is None else share * attained


def _share(share: TracedShare) -> float | None:
    """Return the indicator's share of its weight group's points."""
    if share.max_points is None:
        return None
    weights = {int(serial): weight for serial, weight in share.members}
    return float(share.max_points * weights[share.serial_no] / math.fsum(weights.values()))


def _attainment(line: Trace | TracedPart, share: float) -> float | None:
    if line.rule is None:
        return None
    if isinstance(line, Trace) and line.rule.name == "parts":
        of_each = share / len(line.parts) if line.parts else 0.0
        return parts.replay([_attainment(part, of_each) for part in line.parts])
    method = METHODS[line.rule.name]
    if line.actual is None or method.arithmetic is None:
        return None
    if _disputed(method, line.actual, line.others) or _impossible_count(method, line):
        return None
    rank = line.rank if isinstance(line, Trace) else None
    case = Case(line.rule.parameters, line.target, line.actual, share, rank)
    return method.arithmetic.replay(case)


def _impossible_count(method: Method, line: Trace | TracedPart) -> bool:
    """Tell whether the rule counts with a number of events that is negative."""
    if not isinstance(line, Trace) or line.target.kind != TargetKind.ZERO_TOLERANCE:
        return False
    value = line.actual.value if line.actual else None
    return "actual_value" in method.needs and value is not None and value < 0


def _disputed(method: Method, actual: TracedReturn, others: tuple[TracedReturn, ...]) -> bool:
    """Tell whether departments' returns differ in what a rule counts with."""
    return any(
        _differ(_value(actual, need), _value(other, need))
        or (need == "actual_value" and _differ_in_words(actual, other))
        for other in others
        for need in method.needs
    )


def _value(actual: TracedReturn, need: str) -> float | None:
    values = {
        "actual_value": actual.value,
        "awarded_pct": actual.awarded_pct,
        "benchmark_value": actual.benchmark_value,
    }
    return values[need]


def _differ(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and not nearly(one, other)


def _differ_in_words(actual: TracedReturn, other: TracedReturn) -> bool:
    """Tell whether one department returned a text and the other, if it is not empty, a value."""
    own, others = (each.value is None and each.text is not None for each in (actual, other))
    return own != others and (other.value is not None or others)
