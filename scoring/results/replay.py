"""A score anew from nothing but its trace: one row, plain arithmetic, no columns.

Of a trace only rule, target, share, actual, others, parts, rank, readings and veto are used, never
what it says that they come to. Two things it does not hold: the levels of the lights, and the
operators of other readings. So the colour of an attained line, and the interval of a reading with
a value, are taken as the trace has them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from schemas.records.trace import Trace
from schemas.records.traced import AppliedRule, TracedPart, TracedReading, TracedShare
from schemas.vocabulary import Direction, ItemKind, Light, ScoreStatus
from scoring.points.periods import WORST_FIRST
from scoring.rules.line import Outcome, one_way, open_by_rule
from scoring.rules.methods.awarded import classes, parts
from scoring.rules.registry import METHODS, directed

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
        status, attainment = _of_periods(trace)
        line = replace(line, status=status, attainment=attainment)
    if trace.on_top == ItemKind.MINUS:
        line = _taken(line, trace.rule)
    if trace.veto:
        line = Outcome(ScoreStatus.SCORED, 0.0, 0.0, 0.0)
    attained = line.attainment
    return ReplayedScore(
        line.status,
        trace.rule.name if trace.rule else None,
        points,
        attained,
        None if points is None or attained is None else points * attained,
        *_interval(trace, points, line),
        _light(trace, line.status, as_one),
    )


def _of_periods(trace: Trace) -> tuple[str, float | None]:
    """Return status and attainment of the periods that are over, the worst and the weighted sum."""
    found = [(each, replayed(each.trace)) for each in trace.periods]
    over = [(each.weight, again) for each, again in found if not each.open]
    statuses = {again.status for _, again in over}
    worst = next((each for each in WORST_FIRST if each in statuses), ScoreStatus.NOT_RECEIVED)
    known = [(weight, again.attainment) for weight, again in over if again.attainment is not None]
    whole = bool(over) and len(known) == len(over)
    attained = math.fsum(weight * each for weight, each in known) if whole else None
    return worst, attained


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


def _provisional(trace: Trace, points: float | None, line: Outcome) -> Outcome:
    """Return what a line comes to that is scored by the general rule for now."""
    if trace.method is None or trace.method.counts:
        return line
    beyond = trace.method.beyond_points / points if points and points > 0 else 0.0
    scored = line.status == ScoreStatus.SCORED
    status = ScoreStatus.METHOD_NOT_APPLIED if scored else line.status
    limit = trace.method.limit_points
    end = math.inf if limit is None or not points or points <= 0 else limit / points
    attained = None if line.attainment is None else min(line.attainment, end)
    least, most = min(line.least, 0.0), min(max(line.most, 1 + beyond), end)
    return Outcome(status, attained, least, most)


def _taken(line: Outcome, rule: AppliedRule | None) -> Outcome:
    """Return what a minus item takes: what a department awards, or what a rule leaves off 1."""
    if rule is not None and METHODS[rule.name].awards:
        attained = None if line.attainment is None else -line.attainment
        return Outcome(line.status, attained, -line.most, -line.least)
    attained = None if line.attainment is None else line.attainment - 1
    return Outcome(line.status, attained, line.least - 1, line.most - 1)


def _light(trace: Trace, status: str, attained: float | None) -> str:
    """Return the light; nothing provisional is green."""
    if trace.veto:
        return Light.RED
    if attained is None or trace.light is None:
        return Light.GREY
    if status == ScoreStatus.METHOD_NOT_APPLIED and trace.light.light == Light.GREEN:
        return Light.YELLOW
    return trace.light.light


def _points(share: TracedShare, of_group: float | None) -> float | None:
    """Return the indicator's share of so many points of its weight group."""
    if of_group is None:
        return None
    weights = {int(serial): weight for serial, weight in share.members}
    return float(of_group * weights[share.serial_no] / math.fsum(weights.values()))


def _interval(trace: Trace, points: float | None, line: Outcome) -> Interval:
    """Return the points at least and at most, by the target as it was read and as it may be."""
    if trace.periods and not trace.veto:
        return _ends_of_periods(trace)
    ends = [_times(points, line.least), _times(points, line.most)]
    if not trace.veto:
        ends += [end for each in trace.readings for end in _reading(trace, each, line)]
    known = [end for end in ends if end is not None]
    return (min(known), max(known)) if len(known) == len(ends) else (None, None)


def _reading(trace: Trace, reading: TracedReading, line: Outcome) -> Interval:
    if trace.share is None or (reading.readable and reading.target_value is not None):
        return reading.interval
    of_group = trace.share.max_points if reading.max_points is None else reading.max_points
    points = _points(trace.share, of_group)
    least, most = (line.least, line.most) if reading.readable else open_by_rule(trace.rule, points)
    return _times(points, least), _times(points, most)


def _times(points: float | None, attained: float) -> float | None:
    return None if points is None else points * attained


def _outcome(line: Trace | TracedPart, share: float | None) -> Outcome:
    """Return what a line comes to; where nobody knows which end is good, it spans both."""
    if line.rule is None:
        return Outcome(ScoreStatus.UNREADABLE, None, 0.0, 1.0)
    if isinstance(line, Trace) and line.rule.name in ("parts", "classes"):
        return _of_parts(line, share)
    taken = one_way(line, line.rule, share)
    if line.target.direction != Direction.UNKNOWN or not directed(
        line.rule.name, line.rule.parameters
    ):
        return taken
    if isinstance(line, TracedPart):
        least, most = open_by_rule(line.rule, share)
        return replace(taken, least=least, most=most)
    turned = replace(line, target=replace(line.target, direction=Direction.LOWER))
    other = one_way(turned, line.rule, share)
    least, most = min(taken.least, other.least), max(taken.most, other.most)
    return replace(taken, least=least, most=most)


def _of_parts(line: Trace, share: float | None) -> Outcome:
    """Return what the parts come to: of what is known of them, and of what the others may be."""
    if not line.parts or line.rule is None:
        return Outcome(ScoreStatus.UNREADABLE, None, *open_by_rule(line.rule, share))
    found = [_outcome(part, _of_each(line.rule, share, len(line.parts))) for part in line.parts]
    statuses = {each.status for each in found}
    worst = next(each for each in WORST_FIRST if each in statuses)
    together = partial(_together, line.rule, share)
    least, most = (together(ends) or 0.0 for ends in zip(*map(_ends, found), strict=True))
    attained = together([each.attainment for each in found])
    return Outcome(worst, attained, 0.0 if worst == ScoreStatus.INVALID else least, most)


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


def _ends(part: Outcome) -> tuple[float, float]:
    return part.least, part.most
