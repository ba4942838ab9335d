"""Against the province's figure: a base share, more or less for each unit above or below."""

from __future__ import annotations

import numpy as np

from scoring.model.columns import Floats
from scoring.rules.case import Case, shown
from scoring.rules.method import CAP, FLOOR, Arithmetic, Method
from scoring.rules.method_rows import MethodRows
from scoring.rules.rule import ParameterSpec


def _attain(rows: MethodRows) -> tuple[Floats, None]:
    """Base + slope * (x - province), turned where less is better; |x - province| off if nearer."""
    distance = rows.actual - rows.returned.benchmark[rows.source]
    better = np.where(rows.lower, -distance, distance)
    better = np.where(rows.nearer, -np.abs(distance), better)
    return rows.clipped(rows.parameter("base") + rows.parameter("slope") * better), None


def _replay(case: Case) -> float | None:
    value, province = case.actual.value, case.actual.benchmark_value
    if value is None or province is None:
        return None
    distance = value - province
    better = -distance if case.lower else -abs(distance) if case.nearer else distance
    return case.clipped(case.parameters["base"] + case.parameters["slope"] * better)


def _explain(case: Case) -> str:
    value, province = shown(case.actual.value), shown(case.actual.benchmark_value)
    sign = "−" if case.lower or case.nearer else "+"
    base, slope = case.shown("base"), case.shown("slope")
    distance = f"{value} − 全省 {province}"
    distance = f"|{distance}|" if case.nearer else f"({distance})"
    return f"{base} {sign} {slope} × {distance}{case.bounds_shown()}"


METHOD = Method(
    ("actual_value", "benchmark_value"),
    False,
    (
        ParameterSpec("base", minimum=-10.0, maximum=10.0),
        ParameterSpec("slope", minimum=0.0, maximum=1e6),
        CAP,
        FLOOR,
    ),
    Arithmetic(_attain, _replay, _explain),
    directed=True,
)
