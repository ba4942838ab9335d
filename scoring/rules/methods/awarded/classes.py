"""Classes of awards: points for each event of a class (国家级每项 3 分, 省级每项 2 分), summed.

Each class is a line of its own, with a return of its own; over columns the classes are scored and
put together in :mod:`scoring.points.parts`. The rule of one class is this rule with it alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoring.model.columns import Flags, Floats
from scoring.rules.case import Case, shown
from scoring.rules.method import Arithmetic, Method
from scoring.rules.method_rows import MethodRows, of_share
from scoring.rules.rule import Given, ParameterSpec, classes_of, number_of


def _attain(rows: MethodRows) -> tuple[Floats, Flags]:
    """Points of the class * x / share; what is no whole number from 0 is impossible."""
    events = rows.actual
    points = np.full(len(rows.rows), np.nan)
    for rule, places in rows.by_rule():
        if len(rule.classes) == 1:
            points[places] = rule.classes[0][1]
    with np.errstate(invalid="ignore"):
        impossible = (events < 0) | (events != np.rint(events)) & ~np.isnan(events)
    return of_share(points * events, rows.share), np.asarray(impossible, np.bool_)


def _one(case: Case) -> tuple[str, float]:
    ((name, points),) = classes_of(case.parameters).items()
    return name, points


def _replay(case: Case) -> float | None:
    events = case.actual.value
    if events is None or events < 0 or events != round(events):
        return None
    return case.of_share(_one(case)[1] * events)


def _explain(case: Case) -> str:
    name, points = _one(case)
    return f"{name} {shown(case.actual.value)} 项 × {shown(points)} 分 ÷ {shown(case.share)} 分"


def limit(parameters: Given, share: float | None) -> float:
    """Return the most that all classes together may attain: the whole, or the points named."""
    if "cap_points" not in parameters or not share:
        return 1.0
    return min(1.0, number_of(parameters, "cap_points", 0.0) / share)


def replay(
    attained: Sequence[float | None], parameters: Given, share: float | None
) -> float | None:
    """Return the sum of the classes up to the limit; None where one is not known."""
    known = [each for each in attained if each is not None]
    complete = known and len(known) == len(attained)
    return min(sum(known), limit(parameters, share)) if complete else None


def explain(classes: Sequence[str], attained: Sequence[float | None], total: float | None) -> str:
    """Return the arithmetic in words, each class's own first."""
    summed = " + ".join(map(shown, attained))
    return f"{'；'.join(classes)}；合计 {summed}，不超过上限，得 {shown(total)}"


METHOD = Method(
    ("actual_value",),
    False,
    (
        ParameterSpec("classes", "classes"),
        ParameterSpec("cap_points", minimum=0.0, maximum=1e6, optional=True),
    ),
    Arithmetic(_attain, _replay, _explain),
    of_parts=False,
    awards=True,
)
