"""By place within the rank group: all for the first, a step less for each place below."""

from __future__ import annotations

import numpy as np

from scoring.model.columns import Floats
from scoring.model.ranks import places
from scoring.rules.case import Case, shown
from scoring.rules.method import FLOOR, Arithmetic, Method
from scoring.rules.method_rows import MethodRows
from scoring.rules.rule import ParameterSpec


def _attain(rows: MethodRows) -> tuple[Floats, None]:
    """1 - step * (place - 1) among those who handed in; equal values share the better place.

    Each row is placed by its own direction: targets of one indicator may differ in it.
    """
    value, peers = rows.actual, rows.items.peers[rows.rows]
    place = np.where(rows.lower, places(peers, -value), places(peers, value))
    attainment = 1 - rows.parameter("step") * (place - 1)
    attainment = np.maximum(attainment, rows.parameter("floor"))
    return np.where(place > 0, attainment, np.nan), None


def _replay(case: Case) -> float | None:
    if case.rank is None:
        return None
    values = dict(case.rank.values)
    own = values.get(case.rank.entity)
    if own is None:
        return None
    lower = case.lower
    place = 1 + sum(other < own if lower else other > own for other in values.values())
    return float(max(1 - case.parameters["step"] * (place - 1), case.parameters["floor"]))


def _explain(case: Case) -> str:
    if case.rank is None:
        raise ValueError("no ranking in the trace of a ranked line")
    listed = "、".join(f"{entity} {shown(value)}" for entity, value in case.rank.values)
    better = "低者在前" if case.lower else "高者在前"
    step, floor = case.shown("step"), case.shown("floor")
    return f"“{case.rank.group}”内{better}（{listed}），每降一名减 {step}，最低 {floor}"


METHOD = Method(
    ("actual_value",),
    False,
    (ParameterSpec("step", minimum=0.0, maximum=1.0), FLOOR),
    Arithmetic(_attain, _replay, _explain),
    directed=True,
    of_parts=False,
)
