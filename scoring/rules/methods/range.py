"""Within a range: all points from its low to its high end, else none."""

from __future__ import annotations

import numpy as np

from scoring.model.columns import Floats
from scoring.rules.case import Case, slack_between
from scoring.rules.method import Arithmetic, Method
from scoring.rules.method_rows import MethodRows, slack_of
from scoring.rules.rule import ParameterSpec


def _attain(rows: MethodRows) -> tuple[Floats, None]:
    """1 where x is neither under the low end nor over the high one, else 0."""
    value, low, high = rows.actual, rows.parameter("low"), rows.parameter("high")
    within = (value >= low - slack_of(value, low)) & (value <= high + slack_of(value, high))
    attained = within.astype(np.float64)
    attained[np.isnan(value)] = np.nan
    return attained, None


def _replay(case: Case) -> float | None:
    value = case.actual.value
    if value is None:
        return None
    low, high = case.parameters["low"], case.parameters["high"]
    enough = value >= low - slack_between(value, low)
    return 1.0 if enough and value <= high + slack_between(value, high) else 0.0


def _explain(case: Case) -> str:
    return f"{case.actual_shown()}，目标区间 {case.shown('low')} 至 {case.shown('high')}"


_LARGEST = 1e15

METHOD = Method(
    ("actual_value",),
    False,
    (
        ParameterSpec("low", minimum=-_LARGEST, maximum=_LARGEST),
        ParameterSpec("high", minimum=-_LARGEST, maximum=_LARGEST),
    ),
    Arithmetic(_attain, _replay, _explain),
    differ=("low", "high"),
)
