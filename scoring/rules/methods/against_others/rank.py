"""By place in the rank group or among all: a step less for each below the first, or by places."""

from __future__ import annotations

import numpy as np

from common.numbers import LARGEST
from scoring.model.columns import Floats, Ints
from scoring.model.ranks import places
from scoring.rules.case import Case, shown
from scoring.rules.method import AMONG, FLOOR, Arithmetic, Method, Peers
from scoring.rules.method_rows import MethodRows, of_share
from scoring.rules.rule import ParameterSpec, pairs_of


def _attain(rows: MethodRows) -> tuple[Floats, None]:
    """What the place among those who handed in gives; equal values share the better place.

    Each row is placed by its own direction: targets of one indicator may differ in it.
    """
    place = _places(rows)
    return np.where(place > 0, _of_place(rows, place), np.nan), None


def _places(rows: MethodRows) -> Ints:
    everyone = rows.everyone
    value, peers = everyone.placed, everyone.peers
    place = np.zeros(len(rows.items.peers), np.int64)
    place[everyone.rows] = np.where(everyone.lower, places(peers, -value), places(peers, value))
    return place[rows.rows]


def _of_place(rows: MethodRows, place: Ints) -> Floats:
    """1 - step * (place - 1), not below the floor; else the fraction of the place's band."""
    points = of_share(rows.parameter("step_points"), rows.share)
    step = rows.parameter("step")
    step = np.where(np.isnan(step), points, step)
    attained = np.maximum(1 - step * (place - 1), rows.parameter("floor"))
    for rule, own in rows.by_rule():
        if rule.bands:
            attained[own] = 0.0
            for last, fraction in reversed(rule.bands):
                attained[own[place[own] <= last]] = fraction
    return attained


def _ends(rows: MethodRows, attained: Floats, count: Ints) -> tuple[Floats, Floats]:
    """Whoever is still to come may take a place before."""
    return np.minimum(attained, _of_place(rows, _places(rows) + count)), attained


def _place(case: Case) -> int | None:
    if case.rank is None:
        return None
    values = dict(case.rank.values)
    own = values.get(case.rank.entity)
    if own is None:
        return None
    return 1 + sum(other < own if case.lower else other > own for other in values.values())


def _given(case: Case, place: int) -> float:
    """Return what a place gives."""
    given = case.parameters
    if by_place := pairs_of(given, "by_place"):
        reached = [part for last, part in sorted(by_place) if place <= last]
        return float(reached[0]) if reached else 0.0
    step = case.number("step") if "step" in given else case.of_share(case.number("step_points"))
    return float(max(1 - step * (place - 1), case.number("floor")))


def _replay(case: Case) -> float | None:
    place = _place(case)
    return None if place is None else _given(case, place)


def _replay_ends(case: Case, attained: float, count: int) -> tuple[float, float]:
    place = _place(case)
    return (attained if place is None else min(attained, _given(case, place + count))), attained


def _explain(case: Case) -> str:
    if case.rank is None:
        raise ValueError("no ranking in the trace of a ranked line")
    listed = "、".join(f"{entity} {shown(value)}" for entity, value in case.rank.values)
    better = "低者在前" if case.lower else "高者在前"
    return f"“{case.rank.group}”内{better}（{listed}），{_how(case)}"


def _how(case: Case) -> str:
    given = case.parameters
    if by_place := pairs_of(given, "by_place"):
        return "、".join(
            f"前 {shown(last)} 名得 {shown(part)}" if last < LARGEST else f"其余得 {shown(part)}"
            for last, part in by_place
        )
    step = case.shown("step") if "step" in given else f"{case.shown('step_points')} 分"
    return f"每降一名减 {step}，最低 {case.shown('floor')}"


#: The last place of those who are all others.

METHOD = Method(
    ("actual_value",),
    False,
    (
        ParameterSpec("step", minimum=0.0, maximum=1.0, optional=True),
        ParameterSpec("step_points", minimum=0.0, maximum=1e6, optional=True),
        ParameterSpec("by_place", "bands", optional=True),
        FLOOR,
        AMONG,
    ),
    Arithmetic(_attain, _replay, _explain),
    directed=True,
    of_parts=False,
    one_of=("step", "step_points", "by_place"),
    peers=Peers(lambda _: True, _ends, _replay_ends),
)
