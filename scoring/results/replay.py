"""A score anew from nothing but its trace: one row, plain arithmetic, no columns.

Of a trace only rule, target, share, actual, others, parts, rank, readings and veto are used, never
what it says that they come to. Two things it does not hold: the levels of the lights, and the
operators of other readings. So the colour of an attained line, and the interval of a reading with
a value, are taken as the trace has them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from schemas.records.trace import Trace
from schemas.records.traced import AppliedRule, TracedPart, TracedReading, TracedReturn, TracedShare
from schemas.vocabulary import Direction, ItemKind, Light, ScoreStatus, TargetKind
from scoring.points.periods import WORST_FIRST
from scoring.rules.case import Case, nearly
from scoring.rules.methods.awarded import classes, parts
from scoring.rules.registry import METHODS, directed, needs, with_base, with_ratio, with_target

Interval = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class ReplayedScore:
    """What a row of the table ``scores`` must hold by its trace; fields are the columns."""

    status: str
    rule: str | None
    share_points: float | None
    attainment: float | None
    points: float | None
    points_low: float | None
    points_high: float | None
    light: str


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What one line comes to: its attainment, and what that is at least and at most."""

    status: str
    attainment: float | None
    least: float
    most: float


def replay(text: str) -> float | None:
    """Return the points that a trace gives; None where nothing can be scored."""
    return replayed(Trace.from_json(text)).points


def replayed(trace: Trace) -> ReplayedScore:
    """Return the score that a trace gives."""
    if trace.share is None:
        nothing = (None, None, None, None, None, None)
        on_top = trace.status == ScoreStatus.METHOD_NOT_APPLIED
        status = trace.status if on_top else ScoreStatus.NOT_ASSESSED
        return ReplayedScore(status, *nothing, Light.GREY)
    points = _points(trace.share, trace.share.max_points)
    line = _provisional(trace, points, _outcome(trace, points))
    as_one = line.attainment
    if trace.periods:
        line = replace(line, **_of_periods(trace))
    if trace.on_top == ItemKind.MINUS:
        line = _taken(line, trace.rule)
    if trace.veto:
        line = _Outcome(ScoreStatus.SCORED, 0.0, 0.0, 0.0)
    attained = line.attainment
    return ReplayedScore(
        line.status,
        trace.rule.name if trace.rule else None,
        points,
        attained,
        None if points is None or attained is None else points * attained,
        *_interval(trace, points, line),
        _light(trace, as_one),
    )


def _of_periods(trace: Trace) -> dict[str, Any]:
    """Return status and attainment of the periods that are over, the worst and the weighted sum."""
    found = [(each, replayed(each.trace)) for each in trace.periods]
    over = [(each.weight, again) for each, again in found if not each.open]
    statuses = {again.status for _, again in over}
    worst = next((each for each in WORST_FIRST if each in statuses), ScoreStatus.NOT_RECEIVED)
    known = [(weight, again.attainment) for weight, again in over if again.attainment is not None]
    whole = bool(over) and len(known) == len(over)
    attained = math.fsum(weight * each for weight, each in known) if whole else None
    return {"status": worst, "attainment": attained}


def _ends_of_periods(trace: Trace) -> Interval:
    """Return the weighted sums of the periods' points at least and at most."""
    found = [(each.weight, replayed(each.trace)) for each in trace.periods]
    ends = [[(weight, getattr(each, end)) for weight, each in found] for end in _ENDS]
    low, high = (
        None
        if None in [each for _, each in end]
        else math.fsum(weight * each for weight, each in end)
        for end in ends
    )
    return low, high


_ENDS = ("points_low", "points_high")


def _provisional(trace: Trace, points: float | None, line: _Outcome) -> _Outcome:
    """Return what a line comes to that is scored by the general rule for now."""
    if trace.method is None or trace.method.counts:
        return line
    beyond = trace.method.beyond_points / points if points else 0.0
    scored = line.status == ScoreStatus.SCORED
    status = ScoreStatus.METHOD_NOT_APPLIED if scored else line.status
    return replace(line, status=status, least=min(line.least, 0.0), most=max(line.most, 1 + beyond))


def _taken(line: _Outcome, rule: AppliedRule | None) -> _Outcome:
    """Return what a minus item takes: what a department awards, or what a rule leaves off 1."""
    if rule is not None and METHODS[rule.name].awards:
        attained = None if line.attainment is None else -line.attainment
        return _Outcome(line.status, attained, -line.most, -line.least)
    attained = None if line.attainment is None else line.attainment - 1
    return _Outcome(line.status, attained, line.least - 1, line.most - 1)


def _light(trace: Trace, attained: float | None) -> str:
    if trace.veto or attained is None or trace.light is None:
        return Light.RED if trace.veto else Light.GREY
    return trace.light.light


def _points(share: TracedShare, of_group: float | None) -> float | None:
    """Return the indicator's share of so many points of its weight group."""
    if of_group is None:
        return None
    weights = {int(serial): weight for serial, weight in share.members}
    return float(of_group * weights[share.serial_no] / math.fsum(weights.values()))


def _interval(trace: Trace, points: float | None, line: _Outcome) -> Interval:
    """Return the points at least and at most, by the target as it was read and as it may be."""
    if trace.periods and not trace.veto:
        return _ends_of_periods(trace)
    ends = [_times(points, line.least), _times(points, line.most)]
    if not trace.veto:
        ends += [end for each in trace.readings for end in _reading(trace, each, line)]
    known = [end for end in ends if end is not None]
    return (min(known), max(known)) if len(known) == len(ends) else (None, None)


def _reading(trace: Trace, reading: TracedReading, line: _Outcome) -> Interval:
    if trace.share is None or (reading.readable and reading.target_value is not None):
        return reading.interval
    of_group = trace.share.max_points if reading.max_points is None else reading.max_points
    points = _points(trace.share, of_group)
    least, most = (line.least, line.most) if reading.readable else _open(trace.rule, points)
    return _times(points, least), _times(points, most)


def _times(points: float | None, attained: float) -> float | None:
    return None if points is None else points * attained


def _cap(rule: AppliedRule | None, share: float | None) -> float:
    """Return the most that a rule can give, with the points that it may give beyond the share."""
    if rule is None:
        return 1.0
    return math.fsum(weight * _most(given, share) for weight, given in _rules(rule))


def _most(given: Mapping[str, Any], share: float | None) -> float:
    bands = given.get("bands") or given.get("by_place")
    cap = max(part for _, part in bands) if bands else given.get("cap", given.get("start", 1.0))
    beyond = given.get("beyond_points", 0.0)
    return float(cap + (beyond / share if share else 0.0))


def _least(rule: AppliedRule | None) -> float:
    """Return the least that a rule can give: less than 0 where points may be lost."""
    if rule is None:
        return 0.0
    return math.fsum(weight * min(0.0, given.get("floor", 0.0)) for weight, given in _rules(rule))


def _rules(rule: AppliedRule) -> Iterator[tuple[float, Mapping[str, Any]]]:
    """Give the parameters of a rule with the weight 1, or those of a mix with their weights."""
    for weight, _, given in rule.parameters.get("rules", ((1.0, rule.name, rule.parameters),)):
        yield weight, given


def _outcome(line: Trace | TracedPart, share: float | None) -> _Outcome:
    """Return what a line comes to; where nobody knows which end is good, it spans both."""
    if line.rule is None:
        return _Outcome(ScoreStatus.UNREADABLE, None, 0.0, 1.0)
    if isinstance(line, Trace) and line.rule.name in ("parts", "classes"):
        return _of_parts(line, share)
    taken = _one_way(line, line.rule, share)
    if line.target.direction != Direction.UNKNOWN or not directed(
        line.rule.name, line.rule.parameters
    ):
        return taken
    if isinstance(line, TracedPart):
        return replace(taken, least=0.0, most=_cap(line.rule, share))
    turned = replace(line, target=replace(line.target, direction=Direction.LOWER))
    other = _one_way(turned, line.rule, share)
    least, most = min(taken.least, other.least), max(taken.most, other.most)
    return replace(taken, least=least, most=most)


def _one_way(line: Trace | TracedPart, rule: AppliedRule, share: float | None) -> _Outcome:
    """Return what a line comes to by the direction that its target has."""
    disputed = line.actual is not None and _disputed(rule, line.actual, line.others)
    attained = None if disputed else _attained(line, line.actual, share)
    status = _status(line, rule, attained, disputed=disputed)
    if attained is not None:
        return _Outcome(status, attained, *_once_all_came(line, share, attained))
    return _Outcome(status, None, *_open_ends(line, share, disputed=disputed))


def _open_ends(
    line: Trace | TracedPart, share: float | None, *, disputed: bool
) -> tuple[float, float]:
    """Return from where to where a line may come: by each department's value, else to the cap."""
    tried: list[float | None] = [None]
    if disputed and isinstance(line, Trace) and line.rank is None:
        tried = [_attained(line, each, share) for each in (line.actual, *line.others)]
    known = [each for each in tried if each is not None]
    ends = known if len(known) == len(tried) else [*known, *_open(line.rule, share)]
    return min(ends), max(ends)


def _open(rule: AppliedRule | None, share: float | None) -> tuple[float, float]:
    """Return from where to where a line may come by its rule."""
    return _least(rule), _cap(rule, share)


def _of_parts(line: Trace, share: float | None) -> _Outcome:
    """Return what the parts come to: of what is known of them, and of what the others may be."""
    if not line.parts or line.rule is None:
        return _Outcome(ScoreStatus.UNREADABLE, None, *_open(line.rule, share))
    found = [_outcome(part, _of_each(line.rule, share, len(line.parts))) for part in line.parts]
    statuses = {each.status for each in found}
    worst = next(each for each in WORST_FIRST if each in statuses)
    together = partial(_together, line.rule, share)
    least, most = (together(ends) or 0.0 for ends in zip(*map(_ends, found), strict=True))
    attained = together([each.attainment for each in found])
    return _Outcome(worst, attained, 0.0 if worst == ScoreStatus.INVALID else least, most)


def _of_each(rule: AppliedRule, share: float | None, count: int) -> float | None:
    """Return the points of one of so many parts; a class of awards may come to all of them."""
    return share if rule.name == "classes" or share is None else share / count


def _together(
    rule: AppliedRule, share: float | None, values: Sequence[float | None]
) -> float | None:
    """Return the sum of classes of awards up to its limit, of other parts their mean."""
    if rule.name == "classes":
        return classes.replay(values, rule.parameters, share)
    return parts.replay(values)


def _ends(part: _Outcome) -> tuple[float, float]:
    return part.least, part.most


def _once_all_came(
    line: Trace | TracedPart, share: float | None, attained: float
) -> tuple[float, float]:
    """Return what is attained at least and at most once all ranked together have handed in."""
    if line.rule is None or not isinstance(line, Trace) or line.rank is None:
        return attained, attained
    case, ends = _case(line, line.actual, share), METHODS[line.rule.name].peers.replay
    if case is None or ends is None:
        return attained, attained
    least, most = ends(case, attained, line.rank.open)
    return min(least, attained), max(most, attained)


def _attained(
    line: Trace | TracedPart, actual: TracedReturn | None, share: float | None
) -> float | None:
    """Return the attainment by what one department returned; None where it gives none."""
    arithmetic = METHODS[line.rule.name].arithmetic if line.rule else None
    case = _case(line, actual, share)
    if line.rule is None or actual is None or arithmetic is None or case is None:
        return None
    if _counts_value(line.rule) and (_wordy(actual) or _impossible_count(line, actual)):
        return None
    attained = arithmetic.replay(case)
    missed = case.falls_short()
    if attained is None or missed is None:
        return None
    return 0.0 if missed else attained


def _case(
    line: Trace | TracedPart, actual: TracedReturn | None, share: float | None
) -> Case | None:
    if line.rule is None or actual is None:
        return None
    rank = line.rank if isinstance(line, Trace) else None
    base = line.target.base_value if isinstance(line, Trace) else None
    return Case(line.rule.parameters, line.target, actual, share, rank, base)


def _counts_value(rule: AppliedRule) -> bool:
    return "actual_value" in needs(rule.name, rule.parameters)


def _status(
    line: Trace | TracedPart, rule: AppliedRule, attained: float | None, *, disputed: bool
) -> str:
    if attained is not None:
        return ScoreStatus.SCORED
    if _uncountable(line, rule):
        return ScoreStatus.UNREADABLE
    actual = line.actual
    if actual is None:
        return ScoreStatus.NOT_RECEIVED
    unusable = _counts_value(rule) and (_wordy(actual) or _impossible_count(line, actual))
    wanted = needs(rule.name, rule.parameters)
    given = all(_value(actual, need) is not None for need in wanted)
    return ScoreStatus.INVALID if disputed or unusable or given else ScoreStatus.NOT_RECEIVED


def _uncountable(line: Trace | TracedPart, rule: AppliedRule) -> bool:
    """Tell whether target or last year have no value that the rule could count with."""
    told, value = (rule.name, rule.parameters), line.target.value
    if with_base(*told) and (not isinstance(line, Trace) or line.target.base_value is None):
        return True
    if value is None:
        return with_target(*told) or with_ratio(*told)
    return with_ratio(*told) and value <= 0


def _wordy(actual: TracedReturn) -> bool:
    return actual.value is None and actual.text is not None


def _impossible_count(line: Trace | TracedPart, actual: TracedReturn) -> bool:
    """Tell whether a number of events is negative."""
    if not isinstance(line, Trace) or line.target.kind != TargetKind.ZERO_TOLERANCE:
        return False
    return actual.value is not None and actual.value < 0


def _disputed(rule: AppliedRule, actual: TracedReturn, others: tuple[TracedReturn, ...]) -> bool:
    """Tell whether departments' returns differ in what a rule counts with."""
    return any(
        _differ(_value(actual, need), _value(other, need))
        or (need == "actual_value" and _differ_in_words(actual, other))
        for other in others
        for need in needs(rule.name, rule.parameters)
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
    own, others = _wordy(actual), _wordy(other)
    return own != others and (other.value is not None or others)
