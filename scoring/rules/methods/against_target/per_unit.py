"""Points for each unit away from the target: 每低于目标1个百分点扣0.2分, 每超5%加0.5分."""

from __future__ import annotations

import math

import numpy as np

from common.numbers import EPSILON, LARGEST
from scoring.model.columns import Floats
from scoring.rules.case import Case, shown
from scoring.rules.method import FLOOR, Arithmetic, Method
from scoring.rules.method_rows import MethodRows, of_share
from scoring.rules.rule import ParameterSpec


def _attain(rows: MethodRows) -> tuple[Floats, None]:
    """Start + points * steps / share, steps = (distance from t - allowance) / per.

    By ratio the distance is a part of t, and there is none where t <= 0.
    """
    value, target = rows.actual, rows.target
    distance = value - target
    distance = np.where(rows.flag("side", "short"), -distance, distance)
    distance = np.where(rows.flag("side", "both"), np.abs(distance), distance)
    scale = np.where(rows.flag("of", "ratio"), np.where(target > 0, target, np.nan), 1.0)
    distance = distance / scale - rows.parameter("allowance")
    steps = np.maximum(distance, 0.0) / rows.parameter("per")
    steps = np.where(rows.flag("whole_steps", "up"), np.ceil(steps - EPSILON), steps)
    steps = np.where(rows.flag("whole_steps", "down"), np.floor(steps + EPSILON), steps)
    change = rows.parameter("points") * steps
    most = rows.parameter("cap_points")
    change = np.where(np.isnan(most), change, np.clip(change, -most, most))
    start, share = rows.parameter("start"), rows.share
    attained = start + of_share(change, share)
    top = start + of_share(rows.parameter("beyond_points"), share)
    return np.minimum(np.maximum(attained, rows.parameter("floor")), top), None


def _steps(case: Case, value: float, target: float) -> float | None:
    """Return how many steps a value is away on the side that counts."""
    given = case.parameters
    if given["of"] == "ratio" and target <= 0:
        return None
    distance = {"short": target - value, "over": value - target, "both": abs(value - target)}
    away = distance[str(given["side"])] / (target if given["of"] == "ratio" else 1.0)
    steps = max(away - case.number("allowance"), 0.0) / case.number("per")
    if given["whole_steps"] == "up":
        return float(math.ceil(steps - EPSILON))
    if given["whole_steps"] == "down":
        return float(math.floor(steps + EPSILON))
    return float(steps)


def _change(case: Case, steps: float) -> float:
    """Return the points that so many steps give or take."""
    change, most = case.number("points") * steps, case.number("cap_points", math.inf)
    return min(max(change, -most), most)


def _replay(case: Case) -> float | None:
    both = case.both()
    steps = None if both is None else _steps(case, *both)
    if steps is None:
        return None
    attained = case.number("start") + case.of_share(_change(case, steps))
    return float(min(max(attained, case.number("floor")), _top(case)))


def _top(case: Case) -> float:
    """Return the most that may be attained."""
    return case.number("start") + case.of_share(case.number("beyond_points"))


_SIDES = {"short": "低于目标", "over": "超过目标", "both": "偏离目标"}


def _explain(case: Case) -> str:
    value, target = case.both() or (0.0, 0.0)
    given, per_step = case.parameters, case.number("points")
    steps = _steps(case, value, target) or 0.0
    unit = "（占目标）" if given["of"] == "ratio" else case.target.unit or ""
    verb = "扣" if per_step < 0 else "加"
    points = shown(abs(per_step))
    each = f"{_SIDES[str(given['side'])]}每 {case.shown('per')}{unit}{verb} {points} 分"
    change = _change(case, steps)
    gone = f"共 {shown(steps)} 个单位，{verb} {shown(abs(change))} 分"
    ends = f"不低于 {case.shown('floor')}，不高于 {shown(_top(case))}"
    return f"{case.actual_shown()}，目标 {shown(target)}，{each}，{gone}，{ends}"


METHOD = Method(
    ("actual_value",),
    True,
    (
        ParameterSpec("per", minimum=1e-9, maximum=LARGEST),
        ParameterSpec("of", "choice", choices=("value", "ratio")),
        ParameterSpec("points", minimum=-1e6, maximum=1e6),
        ParameterSpec("side", "choice", choices=("short", "over", "both")),
        ParameterSpec("allowance", minimum=0.0, maximum=LARGEST),
        ParameterSpec("whole_steps", "choice", choices=("none", "up", "down")),
        FLOOR,
        ParameterSpec("cap_points", minimum=0.0, maximum=1e6, optional=True),
        ParameterSpec("beyond_points", minimum=0.0, maximum=1e6),
        ParameterSpec("start", minimum=0.0, maximum=1.0),
    ),
    Arithmetic(_attain, _replay, _explain),
)
