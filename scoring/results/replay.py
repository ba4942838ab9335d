"""Points anew from nothing but a trace: one row, plain arithmetic, no columns.

Written apart from the columns' arithmetic, so that each checks the other and an auditor can read
how points come about. Of a trace only rule, target, share, actual, others, parts, rank and veto
are used.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

Told = Mapping[str, Any]
_SLACK = 1e-9


def replay(trace: str) -> float | None:
    """Return the points that a trace gives; None where nothing can be scored."""
    told = json.loads(trace)
    if told["status"] == "not_assessed":
        return None
    share = _share(told["share"])
    if share is None:
        return None
    attained = 0.0 if told["veto"] else _attainment(told, share)
    return None if attained is None else share * attained


def _share(told: Told) -> float | None:
    """Return the indicator's share of its weight group's points."""
    if told["max_points"] is None:
        return None
    weights = {int(serial): weight for serial, weight in told["members"]}
    return float(told["max_points"] * weights[told["serial_no"]] / math.fsum(weights.values()))


def _attainment(told: Told, share: float) -> float | None:
    if told["rule"] is None:
        return None
    if told["rule"]["name"] == "parts":
        parts = told.get("parts", [])
        found = [_attainment(part, share / len(parts)) for part in parts]
        known = [each for each in found if each is not None]
        return sum(known) / len(found) if found and len(known) == len(found) else None
    actual = told["actual"]
    if actual is None:
        return None
    name = told["rule"]["name"]
    if any(_differ(name, actual, other) for other in told.get("others", [])):
        return None
    counts_events = told["target"].get("kind") == "zero_tolerance" and name != "judged"
    if counts_events and actual["value"] is not None and actual["value"] < 0:
        return None
    rule = _RULES[name]
    return rule(_Case(told, actual, share))


#: What each rule counts with of a return; one that is not here counts with the value.
_COUNTS = {"judged": ("awarded_pct",), "benchmark": ("value", "benchmark_value")}


def _differ(rule: str, actual: Told, other: Told) -> bool:
    """Tell whether two departments' returns differ in what a rule counts with."""
    for name in _COUNTS.get(rule, ("value",)):
        one, two = actual[name], other[name]
        if one is not None and two is not None and not _same(one, two):
            return True
        worded = [each["value"] is None and each["text"] is not None for each in (actual, other)]
        if name == "value" and worded[0] != worded[1] and (two is not None or worded[1]):
            return True
    return False


class _Case:
    """What one rule is applied to."""

    def __init__(self, told: Told, actual: Told, share: float) -> None:
        self.parameters: Told = told["rule"]["parameters"]
        self.target: float | None = told["target"]["value"]
        self.operator: str | None = told["target"]["operator"]
        self.lower: bool = told["target"]["lower_is_better"]
        self.value: float | None = actual["value"]
        self.awarded: float | None = actual["awarded_pct"]
        self.benchmark: float | None = actual["benchmark_value"]
        self.rank: Told = told.get("rank", {})
        self.share = share

    def clipped(self, attained: float) -> float:
        return float(min(max(attained, self.parameters["floor"]), self.parameters["cap"]))

    def both(self) -> tuple[float, float] | None:
        """Return value and target; None where either is missing."""
        if self.value is None or self.target is None:
            return None
        return self.value, self.target

    def passes(self, value: float, target: float) -> float:
        operator = self.operator
        if operator in {None, "~"}:
            operator = "<=" if self.lower else ">="
        same = _same(value, target)
        holds = {
            ">=": value > target or same,
            ">": value > target and not same,
            "<=": value < target or same,
            "<": value < target and not same,
            "=": same,
        }
        return 1.0 if holds[str(operator)] else 0.0


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= _SLACK * max(abs(one), abs(other))


def _proportional(case: _Case) -> float | None:
    both = case.both()
    if both is None:
        return None
    value, target = both
    if target <= 0:
        return case.clipped(case.passes(value, target))
    if case.lower:
        return case.clipped(1.0 if value <= target else 1 - (value - target) / target)
    return case.clipped(value / target)


def _pass_fail(case: _Case) -> float | None:
    both = case.both()
    return None if both is None else case.passes(*both)


def _approximate(case: _Case) -> float | None:
    both = case.both()
    if both is None:
        return None
    value, target = both
    distance = value - target if case.parameters["one_sided"] else abs(value - target)
    slack = _SLACK * max(abs(value), abs(target))
    return 1.0 if distance <= case.parameters["tolerance"] + slack else 0.0


def _benchmark(case: _Case) -> float | None:
    if case.value is None or case.benchmark is None:
        return None
    distance = case.value - case.benchmark
    better = -distance if case.lower else distance
    return case.clipped(case.parameters["base"] + case.parameters["slope"] * better)


def _bands(case: _Case) -> float | None:
    measure = case.value
    if case.parameters["by"] == "ratio":
        if measure is None or case.target is None or case.target <= 0:
            return None
        measure = measure / case.target
    if measure is None:
        return None
    reached = [
        (start, fraction)
        for start, fraction in case.parameters["bands"]
        if measure > start or _same(measure, start)
    ]
    return float(max(reached)[1]) if reached else 0.0


def _rank(case: _Case) -> float | None:
    values = dict(case.rank["values"])
    own = values.get(case.rank["entity"])
    if own is None:
        return None
    place = 1 + sum(other < own if case.lower else other > own for other in values.values())
    return float(max(1 - case.parameters["step"] * (place - 1), case.parameters["floor"]))


def _efficacy(case: _Case) -> float | None:
    if case.value is None:
        return None
    worst, best = case.parameters["unacceptable"], case.parameters["satisfactory"]
    return case.clipped(((case.value - worst) / (best - worst) * 40 + 60) / 100)


def _deduction(case: _Case) -> float | None:
    if case.value is None or case.value < 0:
        return None
    lost = case.parameters["points_per_event"] * case.value
    if lost == 0:
        return 1.0
    return max(0.0, 1 - lost / case.share) if case.share else 0.0


def _judged(case: _Case) -> float | None:
    if case.awarded is None or not 0 <= case.awarded / 100 <= case.parameters["cap"]:
        return None
    return case.awarded / 100


def _external(case: _Case) -> float | None:
    if case.value is None or case.value < 0:
        return None
    return float(min(case.value / case.parameters["out_of"], case.parameters["cap"]))


_RULES: dict[str, Callable[[_Case], float | None]] = {
    "proportional": _proportional,
    "pass_fail": _pass_fail,
    "approximate": _approximate,
    "benchmark": _benchmark,
    "bands": _bands,
    "rank": _rank,
    "efficacy": _efficacy,
    "deduction": _deduction,
    "judged": _judged,
    "external": _external,
}
