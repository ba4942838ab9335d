"""In proportion: what share of the target is reached; where less is better, how far it is kept.

Where nearer is better, how far it is hit.
"""

from __future__ import annotations

import numpy as np

from scoring.model.columns import Floats
from scoring.rules.case import Case, shown
from scoring.rules.method import CAP, FLOOR, Arithmetic, Method
from scoring.rules.method_rows import MethodRows, passes


def _attain(rows: MethodRows) -> tuple[Floats, None]:
    """X / t, 1 - (x - t) / t where less is better, 1 - |x - t| / t where nearer is.

    For t <= 0 whether the operator holds.
    """
    value, target, lower = rows.actual, rows.target, rows.lower
    with np.errstate(divide="ignore", invalid="ignore"):
        attainment = value / target
        attainment[lower] = np.minimum(1.0, 1 - (value[lower] - target[lower]) / target[lower])
        distance = np.abs(value - target)
        attainment = np.where(rows.nearer, 1 - distance / target, attainment)
    flat = np.flatnonzero(target <= 0)
    if len(flat):
        attainment[flat] = passes(value[flat], target[flat], rows.operator[flat], rows.way[flat])
    return rows.clipped(attainment), None


def _replay(case: Case) -> float | None:
    both = case.both()
    if both is None:
        return None
    value, target = both
    if target <= 0:
        return case.clipped(case.passes(value, target))
    if case.nearer:
        return case.clipped(1 - abs(value - target) / target)
    if case.lower:
        return case.clipped(1.0 if value <= target else 1 - (value - target) / target)
    return case.clipped(value / target)


def _explain(case: Case) -> str:
    value, target = case.both() or (0.0, 0.0)
    bounds, goal = case.bounds_shown(), shown(target)
    if target <= 0:
        actual = case.actual_shown()
        return f"目标值不大于0，按是否达标，{actual}，目标 {case.target_shown()}{bounds}"
    if case.nearer:
        return f"越接近越好，1 − |{shown(value)} − {goal}| ÷ {goal}{bounds}"
    if not case.lower:
        return f"{shown(value)} ÷ {goal}{bounds}"
    if value <= target:
        return f"越低越好，{case.actual_shown()} 不高于目标 {goal}"
    return f"越低越好，1 − ({shown(value)} − {goal}) ÷ {goal}{bounds}"


METHOD = Method(
    ("actual_value",),
    True,
    (CAP, FLOOR),
    Arithmetic(_attain, _replay, _explain),
    directed=True,
)
