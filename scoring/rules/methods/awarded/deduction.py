"""Deduction: points off for each event until none are left."""

from __future__ import annotations

import numpy as np

from scoring.model.columns import Flags, Floats
from scoring.rules.case import Case, shown
from scoring.rules.method import Arithmetic, Method
from scoring.rules.method_rows import MethodRows
from scoring.rules.rule import ParameterSpec


def _attain(rows: MethodRows) -> tuple[Floats, Flags]:
    """1 - points_per_event * x / share, not below 0; a negative count is impossible."""
    events = rows.actual
    lost = rows.parameter("points_per_event") * events
    lost = np.fmin(lost, np.where(np.isnan(lost), np.nan, rows.parameter("cap_points")))
    with np.errstate(divide="ignore", invalid="ignore"):
        attainment = np.maximum(0.0, 1 - lost / rows.items.share[rows.rows])
    none_lost = np.where(np.isnan(events), np.nan, 1.0)
    return np.where(lost > 0, attainment, none_lost), events < 0


def _replay(case: Case) -> float | None:
    if case.actual.value is None or case.actual.value < 0:
        return None
    lost = case.number("points_per_event") * case.actual.value
    lost = min(lost, case.number("cap_points", lost))
    if lost == 0:
        return 1.0
    return max(0.0, 1 - lost / case.share) if case.share else 0.0


def _explain(case: Case) -> str:
    per, points = case.shown("points_per_event"), shown(case.share)
    most = f"最多扣 {case.shown('cap_points')} 分，" if "cap_points" in case.parameters else ""
    how = f"每起扣 {per} 分，{most}1 − 扣分 ÷ {points}，扣完为止"
    return f"发生 {shown(case.actual.value)} 起，{how}"


METHOD = Method(
    ("actual_value",),
    False,
    (
        ParameterSpec("points_per_event", minimum=0.0, maximum=10000.0),
        ParameterSpec("cap_points", minimum=0.0, maximum=1e6, optional=True),
    ),
    Arithmetic(_attain, _replay, _explain),
)
