"""Against the year before: better, the same or worse; its part; or how much it changed."""

from __future__ import annotations

import numpy as np

from common.numbers import PER_CENT
from scoring.model.columns import Floats
from scoring.rules.case import Case, nearly, shown
from scoring.rules.method import Arithmetic, Method, always
from scoring.rules.method_rows import MethodRows, compare
from scoring.rules.rule import ParameterSpec


def _attain(rows: MethodRows) -> tuple[Floats, None]:
    """The fraction of better, same or worse; where nearer is better only the same is not worse.

    By proportion x / base, by growth the change of base in per cent / rate, within 0 and 1; where
    less is better the sign of the change is turned. Where base <= 0 there is only better or worse.
    """
    compared = _compared(rows)
    positive = np.where(rows.base > 0, rows.base, np.nan)
    change = (rows.actual - positive) / positive
    change = np.where(rows.lower, -change, np.where(rows.nearer, -np.abs(change), change))
    by_change = change * PER_CENT / rows.parameter("rate")
    growing = rows.flag("against", "growth")
    measured = np.clip(np.where(growing, by_change, 1.0 + change), 0.0, 1.0)
    plain = rows.flag("against", "comparison") | np.isnan(measured)
    return np.where(plain, compared, measured), None


def _compared(rows: MethodRows) -> Floats:
    held = compare(rows.actual, rows.base)
    held = np.where(rows.lower, -held, np.where(rows.nearer, -np.abs(held), held))
    better, same, worse = (rows.parameter(name) for name in ("better", "same", "worse"))
    attained = np.where(held > 0, better, np.where(held == 0, same, worse))
    attained[np.isnan(rows.actual) | np.isnan(rows.base)] = np.nan
    return attained


def _replay(case: Case) -> float | None:
    value, base = case.actual.value, case.base
    if value is None or base is None:
        return None
    if case.parameters.get("against", "comparison") != "comparison" and base > 0:
        change = _change(case, value, base)
        if case.parameters["against"] == "proportional":
            return min(max(1 + change, 0.0), 1.0)
        return min(max(change * PER_CENT / case.number("rate"), 0.0), 1.0)
    if nearly(value, base):
        return case.number("same")
    good = not case.nearer and (value < base if case.lower else value > base)
    return case.number("better" if good else "worse")


def _change(case: Case, value: float, base: float) -> float:
    """Return the change as a part of the base, positive where it is for the better."""
    change = (value - base) / base
    if case.nearer:
        return -abs(change)
    return -change if case.lower else change


def _explain(case: Case) -> str:
    compared = f"{case.actual_shown()}，上年 {shown(case.base)}"
    against, base = case.parameters.get("against", "comparison"), case.base or 0.0
    if against != "comparison" and base > 0:
        change = shown((case.actual.value or 0.0) / base * PER_CENT - PER_CENT)
        full = f"达 {case.shown('rate')}% 得满分" if against == "growth" else "按与上年的比例计"
        return f"{compared}，升降 {change}%，{full}"
    better, same, worse = (case.shown(name) for name in ("better", "same", "worse"))
    return f"{compared}，改善得 {better}，持平得 {same}，变差得 {worse}"


METHOD = Method(
    ("actual_value",),
    False,
    (
        ParameterSpec("against", "choice", choices=("comparison", "proportional", "growth")),
        *(ParameterSpec(name, minimum=0.0, maximum=10.0) for name in ("better", "same", "worse")),
        ParameterSpec("rate", minimum=1e-9, maximum=1e6, optional=True),
    ),
    Arithmetic(_attain, _replay, _explain),
    of_parts=False,
    directed=True,
    base=True,
    needed_with=("against", "growth", "rate"),
    of_year=always,
)
