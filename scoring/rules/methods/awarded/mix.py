"""A mix: the weighted sum, or the best, of what several rules give for one returned value.

Weights need not sum to 1: 未完成的按比例得分 and 每超1个百分点加0.2分 are two rules of weight 1,
the second of which starts from nothing. The best counts of cases that are held against different
things: 完成目标得满分，未完成但较上年有提升的得一半分.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from scoring.model.columns import Flags, Floats, Ints
from scoring.rules.case import Case, shown
from scoring.rules.method import Arithmetic, Method, Peers, WithoutBase
from scoring.rules.method_rows import MethodRows
from scoring.rules.rule import ParameterSpec, Rule, cap_of, mixed_of


def _method(name: str) -> Method:
    from scoring.rules.registry import METHODS  # which is made of these modules

    return METHODS[name]


def _arithmetic(name: str) -> Arithmetic:
    arithmetic = _method(name).arithmetic
    if arithmetic is None or arithmetic is METHOD.arithmetic:
        raise ValueError(f"{name} cannot be a part of a mix")
    return arithmetic


def _components(rows: MethodRows) -> Iterator[tuple[float, Rule, Ints]]:
    for rule, places in rows.by_rule():
        for weight, component in rule.components:
            yield weight, component, places


def _attain(rows: MethodRows) -> tuple[Floats, Flags]:
    """The sum, or most, of weight * attainment; impossible where it is for any of the rules."""
    taken, impossible = _all_taken(rows)
    return taken.found, impossible


def _all_taken(rows: MethodRows) -> tuple[_Taken, Flags]:
    """What the rules give together, and where a value is impossible for any of them."""
    taken = _Taken(rows)
    impossible = np.zeros(len(rows.rows), np.bool_)
    for weight, rule, places in _components(rows):
        found, wrong = _arithmetic(rule.name).attain(rows.with_rule(rule, places))
        if wrong is not None:
            impossible[places] |= wrong
            found = np.where(wrong, np.nan, found)
        taken.take(places, weight * found, rule, weight)
    return taken, impossible


def _between(rows: MethodRows) -> tuple[Floats, Floats]:
    return _all_taken(rows)[0].between


class _Taken:
    """What rows come to while one rule after the other is counted.

    NaN where one is, but for the best, where only last year's value is missing and could give no
    more.
    """

    def __init__(self, rows: MethodRows) -> None:
        self.best = rows.flag(_TAKE, _BEST)
        self.sum = np.zeros(len(rows.rows))
        self.most = np.full(len(rows.rows), -np.inf)
        self.open = np.full(len(rows.rows), -np.inf)
        self.without_base = np.isnan(rows.base)

    def take(self, places: Ints, given: Floats, rule: Rule, weight: float) -> None:
        """Count what a rule gives."""
        self.sum[places] += given
        self.most[places] = np.fmax(self.most[places], given)
        missing = self.without_base[places] & _method(rule.name).base
        unknown = np.where(missing, _cap(weight, rule), np.inf)
        unknown = np.where(np.isnan(given), unknown, -np.inf)
        self.open[places] = np.maximum(self.open[places], unknown)

    @property
    def between(self) -> tuple[Floats, Floats]:
        """From where to where the best may come; NaN where more than last year's is missing."""
        told = self.best & np.isfinite(self.most) & np.isfinite(self.open)
        least = np.where(told, self.most, np.nan)
        return least, np.where(told, np.maximum(self.most, self.open), np.nan)

    @property
    def found(self) -> Floats:
        """What the rows come to, NaN where nobody knows."""
        best = np.where(self.most >= self.open, self.most, np.nan)
        return np.where(self.best, best, self.sum)


_TAKE, _BEST = "take", "best"


def _cap(weight: float, rule: Rule) -> float:
    """Return the most that a rule of the mix may give; no limit where points go beyond."""
    return np.inf if rule.beyond_points else weight * rule.cap


def _ends(rows: MethodRows, _attained: Floats, count: Ints) -> tuple[Floats, Floats]:
    """What the mix may come to once others have handed in: the sum of what each rule may."""
    least, most = _Taken(rows), _Taken(rows)
    for weight, rule, places in _components(rows):
        some = rows.with_rule(rule, places)
        found, _ = _arithmetic(rule.name).attain(some)
        ends = _method(rule.name).peers.ends
        low, high = ends(some, found, count[places]) if ends else (found, found)
        least.take(places, weight * low, rule, weight)
        most.take(places, weight * high, rule, weight)
    return least.found, most.found


def _cases(case: Case) -> Iterator[tuple[float, str, Case]]:
    for weight, name, parameters in mixed_of("mix", case.parameters):
        yield weight, name, replace(case, parameters=parameters)


def _replay(case: Case) -> float | None:
    known, left = _known_and_open(case)
    if case.parameters.get(_TAKE) == _BEST:
        return _best_of(known, left)
    return None if left else sum(known)


def _known_and_open(case: Case) -> tuple[list[float], list[float]]:
    """Return what the rules give of a line, and what those may give that cannot be counted."""
    given = [
        (weight, name, part, _arithmetic(name).replay(part)) for weight, name, part in _cases(case)
    ]
    known = [weight * found for weight, _, _, found in given if found is not None]
    return known, [_left_open(*each[:3]) for each in given if each[3] is None]


def _replay_between(case: Case) -> tuple[float, float] | None:
    """Return from where to where the best may come for want of last year's value alone."""
    known, left = _known_and_open(case)
    if case.parameters.get(_TAKE) != _BEST or not known or max(left, default=0.0) == float("inf"):
        return None
    return max(known), max(*known, *left)


def _best_of(known: list[float], left: list[float]) -> float | None:
    """Return the best of what is known; None where what is open may give more."""
    return max(known) if known and max(known) >= max(left, default=max(known)) else None


def _left_open(weight: float, name: str, part: Case) -> float:
    """Return what a rule may give that cannot be counted: no limit but for want of last year's."""
    without = _method(name).base and part.base is None
    return _most(weight, part) if without else float("inf")


def _most(weight: float, part: Case) -> float:
    """Return the most that a rule of the mix may give; no limit where points go beyond."""
    if part.parameters.get("beyond_points"):
        return float("inf")
    return weight * cap_of(part.parameters)


def _together(case: Case) -> Callable[[list[float]], float]:
    """Return how what the rules give is put together: the best of it, or all of it."""
    return max if case.parameters.get(_TAKE) == _BEST else sum


def _replay_ends(case: Case, _attained: float, count: int) -> tuple[float, float]:
    least: list[float] = []
    most: list[float] = []
    for weight, name, part in _cases(case):
        found = _arithmetic(name).replay(part) or 0.0
        ends = _method(name).peers.replay
        low, high = ends(part, found, count) if ends else (found, found)
        least.append(weight * low)
        most.append(weight * high)
    together = _together(case)
    return together(least), together(most)


def _explain(case: Case) -> str:
    listed = "；".join(
        f"{shown(weight)} × [{_arithmetic(name).explain(part)}，"
        f"完成率 {shown(_arithmetic(name).replay(part))}]"
        for weight, name, part in _cases(case)
    )
    return f"取高者：{listed}" if case.parameters.get(_TAKE) == _BEST else listed


METHOD = Method(
    ("actual_value",),
    False,
    (
        ParameterSpec("rules", "mix"),
        ParameterSpec(_TAKE, "choice", choices=("sum", _BEST), optional=True),
    ),
    Arithmetic(_attain, _replay, _explain),
    of_parts=False,
    peers=Peers(ends=_ends, replay=_replay_ends),
    without_base=WithoutBase(_between, _replay_between),
)
