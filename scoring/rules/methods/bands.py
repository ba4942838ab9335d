"""By bands: the fraction of the highest band that the completion rate or the value reaches."""

from __future__ import annotations

import numpy as np

from scoring.model.columns import Floats
from scoring.rules.case import Case, nearly, shown
from scoring.rules.method import Arithmetic, Method
from scoring.rules.method_rows import MethodRows, compare
from scoring.rules.rule import ParameterSpec


def _attain(rows: MethodRows) -> tuple[Floats, None]:
    """The fraction of the highest band reached by x / t (by = ratio) or x; below all 0."""
    target = np.where(rows.target > 0, rows.target, np.nan)
    measure = np.where(rows.flag("by", "ratio"), rows.actual / target, rows.actual)
    attainment = np.where(np.isnan(measure), np.nan, 0.0)
    for number in np.unique(rows.rule):
        of_rule = np.flatnonzero((rows.rule == number) & ~np.isnan(measure))
        for start, fraction in rows.rules[number].bands:
            reached = compare(measure[of_rule], np.full(len(of_rule), start)) >= 0
            attainment[of_rule[reached]] = fraction
    return attainment, None


def _replay(case: Case) -> float | None:
    measure = _measure(case)
    if measure is None:
        return None
    reached = [
        (start, fraction)
        for start, fraction in case.parameters["bands"]
        if measure > start or nearly(measure, start)
    ]
    return float(max(reached)[1]) if reached else 0.0


def _measure(case: Case) -> float | None:
    if case.parameters["by"] == "value":
        return case.actual.value
    both = case.both()
    return None if both is None or both[1] <= 0 else both[0] / both[1]


def _explain(case: Case) -> str:
    listed = "、".join(f"≥{shown(a)} 得 {shown(b)}" for a, b in case.parameters["bands"])
    if case.parameters["by"] == "value":
        return f"{case.actual_shown()}，分档：{listed}"
    return f"{shown(case.actual.value)} ÷ {shown(case.target.value)}，分档：{listed}"


METHOD = Method(
    ("actual_value",),
    True,  # only where by = "ratio"
    (ParameterSpec("bands", "bands"), ParameterSpec("by", "choice", choices=("ratio", "value"))),
    Arithmetic(_attain, _replay, _explain),
)
