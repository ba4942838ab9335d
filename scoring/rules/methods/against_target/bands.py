"""By bands: the fraction of the best band that the completion rate or the value reaches."""

from __future__ import annotations

import numpy as np

from scoring.model.columns import Floats
from scoring.rules.case import Case, nearly, shown
from scoring.rules.method import Arithmetic, Method
from scoring.rules.method_rows import MethodRows, compare
from scoring.rules.rule import ParameterSpec, pairs_of


def _attain(rows: MethodRows) -> tuple[Floats, None]:
    """The fraction of the highest bound reached by x / t (by = ratio) or x; below all 0.

    Where less is better the bounds are at most: the fraction of the lowest one that holds, above
    all 0. Where they are strict a bound itself is not reached (超过120%).
    """
    target = np.where(rows.target > 0, rows.target, np.nan)
    measure = np.where(rows.flag("by", "ratio"), rows.actual / target, rows.actual)
    attainment = np.where(np.isnan(measure), np.nan, 0.0)
    for rule, own in rows.by_rule():
        for lower in (False, True):
            places = own[(rows.lower[own] == lower) & ~np.isnan(measure[own])]
            for bound, fraction in rule.bands[:: -1 if lower else 1]:
                held = compare(measure[places], np.full(len(places), bound))
                past = -held if lower else held
                attainment[places[past > 0 if rule.get("strict") else past >= 0]] = fraction
    return attainment, None


def _replay(case: Case) -> float | None:
    measure = _measure(case)
    if measure is None:
        return None
    strict = bool(case.parameters.get("strict"))
    held = [
        (bound, fraction)
        for bound, fraction in pairs_of(case.parameters, "bands")
        if (not strict if nearly(measure, bound) else (measure < bound) == case.lower)
    ]
    best = min if case.lower else max
    return float(best(held)[1]) if held else 0.0


def _measure(case: Case) -> float | None:
    if case.parameters["by"] == "value":
        return case.actual.value
    both = case.both()
    return None if both is None or both[1] <= 0 else both[0] / both[1]


def _explain(case: Case) -> str:
    strict = bool(case.parameters.get("strict"))
    sign = {(True, False): "≤", (False, False): "≥", (True, True): "<"}.get(
        (case.lower, strict), ">"
    )
    bands = pairs_of(case.parameters, "bands")
    listed = "、".join(f"{sign}{shown(a)} 得 {shown(b)}" for a, b in bands)
    if case.parameters["by"] == "value":
        return f"{case.actual_shown()}，分档：{listed}"
    return f"{shown(case.actual.value)} ÷ {shown(case.target.value)}，分档：{listed}"


METHOD = Method(
    ("actual_value",),
    True,  # only where by = "ratio"
    (
        ParameterSpec("bands", "bands"),
        ParameterSpec("by", "choice", choices=("ratio", "value")),
        ParameterSpec("strict", "bool", optional=True),
    ),
    Arithmetic(_attain, _replay, _explain),
    directed=True,
    of_year=lambda given: given["by"] == "value",
)
