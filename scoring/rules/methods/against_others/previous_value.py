"""Against the year before: better, the same or worse, each with its fraction."""

from __future__ import annotations

import numpy as np

from scoring.model.columns import Floats
from scoring.rules.case import Case, nearly, shown
from scoring.rules.method import Arithmetic, Method
from scoring.rules.method_rows import MethodRows, compare
from scoring.rules.rule import ParameterSpec


def _attain(rows: MethodRows) -> tuple[Floats, None]:
    """The fraction of better, same or worse; where nearer is better only the same is not worse."""
    held = compare(rows.actual, rows.base)
    held = np.where(rows.lower, -held, np.where(rows.nearer, -np.abs(held), held))
    better, same, worse = (rows.parameter(name) for name in ("better", "same", "worse"))
    attained = np.where(held > 0, better, np.where(held == 0, same, worse))
    attained[np.isnan(rows.actual) | np.isnan(rows.base)] = np.nan
    return attained, None


def _replay(case: Case) -> float | None:
    value, base = case.actual.value, case.base
    if value is None or base is None:
        return None
    if nearly(value, base):
        return float(case.parameters["same"])
    good = not case.nearer and (value < base if case.lower else value > base)
    return float(case.parameters["better" if good else "worse"])


def _explain(case: Case) -> str:
    better, same, worse = (case.shown(name) for name in ("better", "same", "worse"))
    levels = f"改善得 {better}，持平得 {same}，变差得 {worse}"
    return f"{case.actual_shown()}，上年 {shown(case.base)}，{levels}"


METHOD = Method(
    ("actual_value",),
    False,
    tuple(ParameterSpec(name, minimum=0.0, maximum=10.0) for name in ("better", "same", "worse")),
    Arithmetic(_attain, _replay, _explain),
    of_parts=False,
    directed=True,
    base=True,
)
