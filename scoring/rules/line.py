"""One traced line anew by its rule: what it attains, and from where to where it may come.

Plain arithmetic for one line, without its parts, readings and periods, which
:mod:`scoring.results.replay` puts together.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.records.trace import Trace
from schemas.records.traced import AppliedRule, TracedPart, TracedReturn
from schemas.vocabulary import ScoreStatus, TargetKind
from scoring.rules.case import Case, nearly
from scoring.rules.registry import METHODS, needs, with_base, with_ratio, with_target
from scoring.rules.rule import GENERAL, Given, cap_of, mixed_of, number_of


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one line comes to: its attainment, and what that is at least and at most."""

    status: str
    attainment: float | None
    least: float
    most: float


def one_way(line: Trace | TracedPart, rule: AppliedRule, share: float | None) -> Outcome:
    """Return what a line comes to by the direction that its target has."""
    disputed = line.actual is not None and _disputed(rule, line.actual, line.others)
    attained = None if disputed else _attained(line, line.actual, share)
    status = _status(line, rule, attained, disputed=disputed)
    if attained is not None and _assumes(line, line.actual, share, attained):
        return Outcome(status, attained, *open_by_rule(rule, share))
    if attained is not None:
        return Outcome(status, attained, *_once_all_came(line, share, attained))
    if status == ScoreStatus.UNREADABLE and (ends := _without_base(line, rule, share)):
        return Outcome(status, None, *ends)
    return Outcome(status, None, *_open_ends(line, share, disputed=disputed))


def _without_base(
    line: Trace | TracedPart, rule: AppliedRule, share: float | None
) -> tuple[float, float] | None:
    """Return from where to where a line comes that lacks nothing but last year's value."""
    told, case = METHODS[rule.name].without_base, _case(line, line.actual, share)
    return None if told is None or case is None else told.replay(case)


def _open_ends(
    line: Trace | TracedPart, share: float | None, *, disputed: bool
) -> tuple[float, float]:
    """Return from where to where a line may come: by each department's value, else to the cap."""
    tried: list[float | None] = [None]
    if disputed and isinstance(line, Trace) and line.rank is None:
        tried = [_surely(line, each, share) for each in (line.actual, *line.others)]
    known = [each for each in tried if each is not None]
    ends = known if len(known) == len(tried) else [*known, *open_by_rule(line.rule, share)]
    return min(ends), max(ends)


def open_by_rule(rule: AppliedRule | None, share: float | None) -> tuple[float, float]:
    """Return from where to where a line may come by its rule."""
    return _least(rule), most_by_rule(rule, share)


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


def assumes(line: Trace | TracedPart) -> bool:
    """Tell whether a scored line itself, not its periods, rests on what a general rule assumes."""
    if line.share is None or line.attainment is None or (isinstance(line, Trace) and line.periods):
        return False
    return _assumes(line, line.actual, line.share.points, line.attainment)


def _surely(
    line: Trace | TracedPart, actual: TracedReturn | None, share: float | None
) -> float | None:
    """Return the attainment by what one department returned, if it rests on no assumption."""
    attained = _attained(line, actual, share)
    if attained is None or _assumes(line, actual, share, attained):
        return None
    return attained


def _assumes(
    line: Trace | TracedPart, actual: TracedReturn | None, share: float | None, attained: float
) -> bool:
    """Tell whether the attainment rests on what a rule that nobody declared assumes."""
    if line.rule is None or line.rule.origin != GENERAL:
        return False
    told, case = METHODS[line.rule.name].assumed, _case(line, actual, share)
    return told is not None and case is not None and told.replay(case, attained)


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
    without = not isinstance(line, Trace) or line.target.base_value is None
    if with_base(*told) and without and not _waits_for_value(line, rule):
        return True
    if value is None:
        return with_target(*told) or with_ratio(*told)
    return with_ratio(*told) and value <= 0


def _waits_for_value(line: Trace | TracedPart, rule: AppliedRule) -> bool:
    """Tell whether nothing came of which a rule is the best, which may do without last year's."""
    actual = line.actual
    came = actual is not None and actual.value is not None
    if actual is not None and any(_differ_in("actual_value", actual, each) for each in line.others):
        came = False  # departments differ: none of their values counts
    return rule.parameters.get("take") == "best" and not came


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
        _differ_in(need, actual, other)
        for other in others
        for need in needs(rule.name, rule.parameters)
    )


def _differ_in(need: str, actual: TracedReturn, other: TracedReturn) -> bool:
    return _differ(_value(actual, need), _value(other, need)) or (
        need == "actual_value" and _differ_in_words(actual, other)
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


def most_by_rule(rule: AppliedRule | None, share: float | None) -> float:
    """Return the most that a rule can give, with the points that it may give beyond the share."""
    if rule is None:
        return 1.0
    beyond = _together(
        rule, [w * number_of(given, "beyond_points", 0.0) for w, given in _rules(rule)]
    )
    most = _together(rule, [weight * cap_of(given) for weight, given in _rules(rule)])
    return most + (beyond / share if share and share > 0 else 0.0)


def _least(rule: AppliedRule | None) -> float:
    """Return the least that a rule can give: less than 0 where points may be lost."""
    if rule is None:
        return 0.0
    ends = [weight * min(0.0, number_of(given, "floor", 0.0)) for weight, given in _rules(rule)]
    return _together(rule, ends)


def _together(rule: AppliedRule, given: list[float]) -> float:
    """Return what the rules of a mix come to: the best of them, or their sum."""
    return max(given) if rule.parameters.get("take") == "best" else math.fsum(given)


def _rules(rule: AppliedRule) -> Iterator[tuple[float, Given]]:
    """Give the parameters of a rule with the weight 1, or those of a mix with their weights."""
    for weight, _, given in mixed_of(rule.name, rule.parameters):
        yield weight, given
