"""About the target: all points within a tolerance, above it only or on both sides."""

from __future__ import annotations

import numpy as np

from schemas.vocabulary import Direction
from scoring.model.columns import Flags, Floats
from scoring.model.inputs import HIGHER
from scoring.rules.case import Case, nearly, shown, slack_between
from scoring.rules.method import Arithmetic, Assumed, Method
from scoring.rules.method_rows import MethodRows, compare, slack_of
from scoring.rules.rule import ParameterSpec


def _attain(rows: MethodRows) -> tuple[Floats, None]:
    """1 where x is at most the tolerance above t (or away from it), else 0."""
    value, target = rows.actual, rows.target
    distance = value - target
    one_sided = rows.flag("one_sided", True) & ~rows.nearer
    distance = np.where(one_sided, distance, np.abs(distance))
    allowed = rows.parameter("tolerance") + slack_of(value, target)
    within = (distance <= allowed).astype(np.float64)
    within[np.isnan(distance)] = np.nan
    return within, None


def _one_sided(case: Case) -> bool:
    """Tell whether less than the target is as good; not where nearer is better."""
    return bool(case.parameters["one_sided"]) and not case.nearer


def _replay(case: Case) -> float | None:
    both = case.both()
    if both is None:
        return None
    value, target = both
    distance = value - target if _one_sided(case) else abs(value - target)
    return 1.0 if distance <= case.number("tolerance") + slack_between(value, target) else 0.0


def _explain(case: Case) -> str:
    sides = "上浮" if _one_sided(case) else "上下"
    allowed = f"允许{sides} {case.shown('tolerance')}"
    return f"{case.actual_shown()}，目标约 {shown(case.target.value)}，{allowed}"


def _assumed(rows: MethodRows, attained: Floats) -> Flags:
    """Tell where all or nothing hangs on how far about reaches, and to which sides.

    It does not where the target itself is met, on its good side too, and all points are given.
    """
    side = compare(rows.actual, rows.target)
    good = ((rows.way == HIGHER) & (side > 0)) | (rows.lower & (side < 0))
    vague: Flags = ~(((side == 0) | good) & (attained == 1))
    return vague


def _assumed_of(case: Case, attained: float) -> bool:
    both = case.both()
    if both is None:
        return True
    value, target = both
    better = {Direction.HIGHER: value > target, Direction.LOWER: value < target}
    good = better.get(Direction(case.target.direction), False)
    return not (attained == 1 and (good or nearly(value, target)))


METHOD = Method(
    ("actual_value",),
    True,
    (
        ParameterSpec("tolerance", minimum=0.0, maximum=1e12),
        ParameterSpec("one_sided", "bool"),
    ),
    Arithmetic(_attain, _replay, _explain),
    assumed=Assumed(_assumed, _assumed_of),
)
