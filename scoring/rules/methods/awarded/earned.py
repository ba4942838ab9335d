"""Earned: points for each unit that is reached, from nothing: 每争取1亿元加0.1分，最高加2分."""

from __future__ import annotations

import numpy as np

from common.numbers import LARGEST
from scoring.model.columns import Flags, Floats
from scoring.rules.case import Case, shown
from scoring.rules.method import Arithmetic, Method
from scoring.rules.method_rows import MethodRows, of_share
from scoring.rules.rule import ParameterSpec


def _attain(rows: MethodRows) -> tuple[Floats, Flags]:
    """Points * x / per / share, at most 1; an amount below 0 is impossible."""
    points = rows.parameter("points") * rows.actual / rows.parameter("per")
    points = np.fmin(points, np.where(np.isnan(points), np.nan, rows.parameter("cap_points")))
    return np.minimum(of_share(points, rows.share), 1.0), rows.actual < 0


def _replay(case: Case) -> float | None:
    value = case.actual.value
    if value is None or value < 0:
        return None
    points = case.number("points") * value / case.number("per")
    return min(case.of_share(min(points, case.number("cap_points", points))), 1.0)


def _explain(case: Case) -> str:
    each = f"每 {case.shown('per')} 得 {case.shown('points')} 分"
    most = f"，最多 {case.shown('cap_points')} 分" if "cap_points" in case.parameters else ""
    return f"{case.actual_shown()}，{each}{most}，÷ {shown(case.share)} 分，不超过 1"


METHOD = Method(
    ("actual_value",),
    False,
    (
        ParameterSpec("per", minimum=1e-9, maximum=LARGEST),
        ParameterSpec("points", minimum=0.0, maximum=1e6),
        ParameterSpec("cap_points", minimum=0.0, maximum=1e6, optional=True),
    ),
    Arithmetic(_attain, _replay, _explain),
)
