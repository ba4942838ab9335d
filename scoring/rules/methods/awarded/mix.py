"""A mix: the weighted sum of what several rules give for one returned value.

Weights need not sum to 1: 未完成的按比例得分 and 每超1个百分点加0.2分 are two rules of weight 1,
the second of which starts from nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from scoring.model.columns import Flags, Floats, Ints
from scoring.rules.case import Case, shown
from scoring.rules.method import Arithmetic, Method, Peers
from scoring.rules.method_rows import MethodRows
from scoring.rules.rule import ParameterSpec, Rule


def _method(name: str) -> Method:
    from scoring.rules.registry import METHODS  # which is made of these modules

    return METHODS[name]


def _arithmetic(name: str) -> Arithmetic:
    arithmetic = _method(name).arithmetic
    if arithmetic is None:
        raise ValueError(f"{name} cannot be a part of a mix")
    return arithmetic


def _components(rows: MethodRows) -> Iterator[tuple[float, Rule, Ints]]:
    for rule, places in rows.by_rule():
        for weight, component in rule.components:
            yield weight, component, places


def _attain(rows: MethodRows) -> tuple[Floats, Flags]:
    """The sum of weight * attainment; impossible where it is for any of the rules."""
    attained = np.zeros(len(rows.rows))
    impossible = np.zeros(len(rows.rows), np.bool_)
    for weight, rule, places in _components(rows):
        found, wrong = _arithmetic(rule.name).attain(rows.with_rule(rule, places))
        attained[places] += weight * found
        if wrong is not None:
            impossible[places] |= wrong
    return attained, impossible


def _ends(rows: MethodRows, attained: Floats, count: Ints) -> tuple[Floats, Floats]:
    """What the mix may come to once others have handed in: the sum of what each rule may."""
    least, most = np.zeros(len(attained)), np.zeros(len(attained))
    for weight, rule, places in _components(rows):
        some = rows.with_rule(rule, places)
        found, _ = _arithmetic(rule.name).attain(some)
        ends = _method(rule.name).peers.ends
        low, high = ends(some, found, count[places]) if ends else (found, found)
        least[places] += weight * low
        most[places] += weight * high
    return least, most


def _cases(case: Case) -> Iterator[tuple[float, str, Case]]:
    for weight, name, parameters in case.parameters["rules"]:
        yield weight, name, replace(case, parameters=parameters)


def _replay(case: Case) -> float | None:
    attained = 0.0
    for weight, name, part in _cases(case):
        found = _arithmetic(name).replay(part)
        if found is None:
            return None
        attained += weight * found
    return attained


def _replay_ends(case: Case, _attained: float, count: int) -> tuple[float, float]:
    least = most = 0.0
    for weight, name, part in _cases(case):
        found = _arithmetic(name).replay(part) or 0.0
        ends = _method(name).peers.replay
        low, high = ends(part, found, count) if ends else (found, found)
        least, most = least + weight * low, most + weight * high
    return least, most


def _explain(case: Case) -> str:
    return "；".join(
        f"{shown(weight)} × [{_arithmetic(name).explain(part)}，"
        f"完成率 {shown(_arithmetic(name).replay(part))}]"
        for weight, name, part in _cases(case)
    )


METHOD = Method(
    ("actual_value",),
    False,
    (ParameterSpec("rules", "mix"),),
    Arithmetic(_attain, _replay, _explain),
    of_parts=False,
    peers=Peers(ends=_ends, replay=_replay_ends),
)
