"""External: the score that another assessment gave, as a share of its full score."""

from __future__ import annotations

import numpy as np

from scoring.model.columns import Flags, Floats
from scoring.rules.case import Case, shown
from scoring.rules.method import CAP, Arithmetic, Method
from scoring.rules.method_rows import MethodRows
from scoring.rules.rule import ParameterSpec


def _attain(rows: MethodRows) -> tuple[Floats, Flags]:
    """X / out_of, at most the cap; a negative score is impossible."""
    attainment = rows.actual / rows.parameter("out_of")
    return np.minimum(attainment, rows.parameter("cap")), attainment < 0


def _replay(case: Case) -> float | None:
    if case.actual.value is None or case.actual.value < 0:
        return None
    return float(min(case.actual.value / case.number("out_of"), case.number("cap")))


def _explain(case: Case) -> str:
    return f"专项考核得 {shown(case.actual.value)} 分，满分 {case.shown('out_of')} 分"


METHOD = Method(
    ("actual_value",),
    False,
    (ParameterSpec("out_of", minimum=1e-9, maximum=1e9), CAP),
    Arithmetic(_attain, _replay, _explain),
    awards=True,
)
