"""Within a range: all points from its low to its high end; outside none, or less for each unit."""

from __future__ import annotations

import numpy as np

from common.numbers import LARGEST
from scoring.model.columns import Floats
from scoring.rules.case import Case, shown, slack_between
from scoring.rules.method import Arithmetic, Method, always
from scoring.rules.method_rows import MethodRows, of_share, slack_of
from scoring.rules.rule import ParameterSpec


def _attain(rows: MethodRows) -> tuple[Floats, None]:
    """1 where x is neither under the low end nor over the high one.

    Else 0, or 1 + points * distance / per / share, not below 0.
    """
    value, low, high = rows.actual, rows.parameter("low"), rows.parameter("high")
    within = (value >= low - slack_of(value, low)) & (value <= high + slack_of(value, high))
    steps = np.maximum(low - value, value - high) / rows.parameter("per")
    outside = 1 + of_share(rows.parameter("points") * steps, rows.share)
    told = ~np.isnan(rows.parameter("points"))
    outside = np.where(told, np.clip(outside, 0.0, 1.0), 0.0)
    attained = np.where(within, 1.0, outside)
    attained[np.isnan(value)] = np.nan
    return attained, None


def _replay(case: Case) -> float | None:
    value = case.actual.value
    if value is None:
        return None
    low, high = case.number("low"), case.number("high")
    enough = value >= low - slack_between(value, low)
    if enough and value <= high + slack_between(value, high):
        return 1.0
    if "points" not in case.parameters:
        return 0.0
    steps = max(low - value, value - high) / case.number("per")
    return float(min(max(1 + case.of_share(case.number("points") * steps), 0.0), 1.0))


def _explain(case: Case) -> str:
    ends = f"{case.actual_shown()}，目标区间 {case.shown('low')} 至 {case.shown('high')}"
    if "points" not in case.parameters:
        return ends
    points = shown(-case.number("points"))
    return f"{ends}，每超出 {case.shown('per')} 扣 {points} 分，扣完为止"


METHOD = Method(
    ("actual_value",),
    False,
    (
        ParameterSpec("low", minimum=-LARGEST, maximum=LARGEST),
        ParameterSpec("high", minimum=-LARGEST, maximum=LARGEST),
        ParameterSpec("per", minimum=1e-9, maximum=LARGEST, optional=True),
        ParameterSpec("points", minimum=-1e6, maximum=0.0, optional=True),
    ),
    Arithmetic(_attain, _replay, _explain),
    differ=("low", "high"),
    of_year=always,
)
