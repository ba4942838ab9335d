"""Against the province's figure: a base share, more or less for each unit above or below."""

from __future__ import annotations

import numpy as np

from scoring.model.columns import Floats
from scoring.rules.case import Case, shown
from scoring.rules.method import CAP, FLOOR, Arithmetic, Method
from scoring.rules.method_rows import MethodRows, of_share
from scoring.rules.rule import ParameterSpec


def _attain(rows: MethodRows) -> tuple[Floats, None]:
    """Base + slope * (x - province - offset), turned where less is better.

    Where nearer is better |x - province - offset| is taken off. What is better counts by
    ``gain_points`` where they are other than what is worse loses.
    """
    offset = np.nan_to_num(rows.parameter("offset"))
    distance = rows.actual - rows.returned.benchmark[rows.source]
    better = np.where(rows.lower, -distance - offset, distance - offset)
    better = np.where(rows.nearer, -np.abs(distance - offset), better)
    points = of_share(rows.parameter("slope_points"), rows.share)
    slope = rows.parameter("slope")
    slope = np.where(np.isnan(slope), points, slope)
    gain = of_share(rows.parameter("gain_points"), rows.share)
    slope = np.where((better > 0) & ~np.isnan(gain), gain, slope)
    return rows.clipped(rows.parameter("base") + slope * better), None


def _replay(case: Case) -> float | None:
    better = _better(case)
    if better is None:
        return None
    return case.clipped(case.number("base") + _slope(case, better) * better)


def _better(case: Case) -> float | None:
    """Return how much better than the province's figure a value is, None where one is missing."""
    value, province = case.actual.value, case.actual.benchmark_value
    if value is None or province is None:
        return None
    offset, distance = case.number("offset", 0.0), value - province
    better = -distance - offset if case.lower else distance - offset
    return float(-abs(distance - offset) if case.nearer else better)


def _slope(case: Case, better: float) -> float:
    given = case.parameters
    if better > 0 and "gain_points" in given:
        return case.of_share(case.number("gain_points"))
    return case.number("slope") if "slope" in given else case.of_share(case.number("slope_points"))


def _explain(case: Case) -> str:
    value, province = shown(case.actual.value), shown(case.actual.benchmark_value)
    base, slope = case.shown("base"), _slope_shown(case)
    distance = f"{value} − 基准 {province}"
    if case.parameters.get("offset"):
        sign = "+" if case.lower else "−"
        distance += f" {sign} {case.shown('offset')}"
    distance = f"|{distance}|" if case.nearer else f"({distance})"
    turned = "−" if case.lower or case.nearer else "+"
    return f"{base} {turned} {slope} × {distance}{case.bounds_shown()}"


def _slope_shown(case: Case) -> str:
    if "gain_points" in case.parameters and (_better(case) or 0.0) > 0:
        return f"({case.shown('gain_points')} ÷ {shown(case.share)})"
    if "slope" in case.parameters:
        return case.shown("slope")
    return f"({case.shown('slope_points')} ÷ {shown(case.share)})"


METHOD = Method(
    ("actual_value", "benchmark_value"),
    False,
    (
        ParameterSpec("base", minimum=-10.0, maximum=10.0),
        ParameterSpec("offset", minimum=-1e6, maximum=1e6, optional=True),
        ParameterSpec("slope", minimum=0.0, maximum=1e6, optional=True),
        ParameterSpec("slope_points", minimum=0.0, maximum=1e6, optional=True),
        ParameterSpec("gain_points", minimum=0.0, maximum=1e6, optional=True),
        CAP,
        FLOOR,
    ),
    Arithmetic(_attain, _replay, _explain),
    directed=True,
    one_of=("slope", "slope_points"),
)
