"""All or nothing: whether the operator holds between actual value and target."""

from __future__ import annotations

from scoring.model.columns import Floats
from scoring.rules.case import Case
from scoring.rules.method import Arithmetic, Method
from scoring.rules.method_rows import MethodRows, passes


def _attain(rows: MethodRows) -> tuple[Floats, None]:
    """1 where the operator holds, else 0."""
    return passes(rows.actual, rows.target, rows.operator, rows.way), None


def _replay(case: Case) -> float | None:
    both = case.both()
    return None if both is None else case.passes(*both)


def _explain(case: Case) -> str:
    return f"{case.actual_shown()}，目标 {case.target_shown()}"


METHOD = Method(
    ("actual_value",),
    True,
    (),
    Arithmetic(_attain, _replay, _explain),
    directed=True,
)
