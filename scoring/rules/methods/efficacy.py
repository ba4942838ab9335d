"""Efficacy coefficient (功效系数法): 60 % at the unacceptable value, 100 % at the satisfactory."""

from __future__ import annotations

from scoring.model.columns import Floats
from scoring.rules.case import Case, shown
from scoring.rules.method import CAP, FLOOR, Arithmetic, Method
from scoring.rules.method_rows import MethodRows
from scoring.rules.rule import ParameterSpec


def _attain(rows: MethodRows) -> tuple[Floats, None]:
    """((x - unacceptable) / (satisfactory - unacceptable) * 40 + 60) / 100."""
    worst, best = rows.parameter("unacceptable"), rows.parameter("satisfactory")
    return rows.clipped(((rows.actual - worst) / (best - worst) * 40 + 60) / 100), None


def _replay(case: Case) -> float | None:
    if case.actual.value is None:
        return None
    worst, best = case.parameters["unacceptable"], case.parameters["satisfactory"]
    return case.clipped(((case.actual.value - worst) / (best - worst) * 40 + 60) / 100)


def _explain(case: Case) -> str:
    worst, best = case.shown("unacceptable"), case.shown("satisfactory")
    value = shown(case.actual.value)
    formula = f"(({value} − {worst}) ÷ ({best} − {worst}) × 40 + 60) ÷ 100"
    return f"{formula}{case.bounds_shown()}"


METHOD = Method(
    ("actual_value",),
    False,
    (
        ParameterSpec("satisfactory", minimum=-1e15, maximum=1e15),
        ParameterSpec("unacceptable", minimum=-1e15, maximum=1e15),
        CAP,
        FLOOR,
    ),
    Arithmetic(_attain, _replay, _explain),
    differ=("satisfactory", "unacceptable"),
)
