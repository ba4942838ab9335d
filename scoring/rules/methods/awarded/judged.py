"""Judged: the department awards a percentage."""

from __future__ import annotations

from scoring.model.columns import Flags, Floats
from scoring.rules.case import Case, shown
from scoring.rules.method import CAP, Arithmetic, Method
from scoring.rules.method_rows import MethodRows


def _attain(rows: MethodRows) -> tuple[Floats, Flags]:
    """The awarded per cent / 100; below 0 and above the cap it is impossible."""
    attainment = rows.returned.awarded[rows.source] / 100
    return attainment, (attainment < 0) | (attainment > rows.parameter("cap"))


def _replay(case: Case) -> float | None:
    awarded = case.actual.awarded_pct
    if awarded is None or not 0 <= awarded / 100 <= case.number("cap"):
        return None
    return awarded / 100


def _explain(case: Case) -> str:
    return f"部门评定 {shown(case.actual.awarded_pct)}%"


METHOD = Method(
    ("awarded_pct",), False, (CAP,), Arithmetic(_attain, _replay, _explain), awards=True
)
