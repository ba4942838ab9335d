"""Efficacy coefficient (功效系数法): 60 % at the unacceptable value, 100 % at the satisfactory.

Without bounds those are the worst and the best value of the rank group, or of all (``among``).
"""

from __future__ import annotations

import numpy as np

from common.numbers import LARGEST
from scoring.model.columns import Floats, Ints
from scoring.rules.case import Case, nearly, shown
from scoring.rules.method import AMONG, CAP, FLOOR, Arithmetic, Method, Peers
from scoring.rules.method_rows import MethodRows, slack_of
from scoring.rules.rule import Given, ParameterSpec

#: What the worst of a group attains.
WORST = 0.6


def _attain(rows: MethodRows) -> tuple[Floats, None]:
    """((x - unacceptable) / (satisfactory - unacceptable) * 40 + 60) / 100; 1 if all are equal."""
    worst, best = _bounds(rows)
    equal = np.abs(best - worst) <= slack_of(best, worst)
    span = np.where(equal, np.nan, best - worst)
    share = np.where(equal & ~np.isnan(rows.actual), 1.0, (rows.actual - worst) / span)
    return rows.clipped((share * 40 + 60) / 100), None


def _bounds(rows: MethodRows) -> tuple[Floats, Floats]:
    worst, best = rows.parameter("unacceptable"), rows.parameter("satisfactory")
    own = np.flatnonzero(np.isnan(best))
    if len(own):
        everyone = rows.everyone
        value, peers = everyone.placed, everyone.peers
        size = int(peers.max()) + 1
        least, most = np.full(size, np.inf), np.full(size, -np.inf)
        known = ~np.isnan(value)
        np.minimum.at(least, peers[known], value[known])
        np.maximum.at(most, peers[known], value[known])
        peers, lower = rows.peers[own], rows.lower[own]
        worst[own] = np.where(lower, most[peers], least[peers])
        best[own] = np.where(lower, least[peers], most[peers])
    return worst, best


def _ends(rows: MethodRows, attained: Floats, count: Ints) -> tuple[Floats, Floats]:
    """While some are to come, a group's worst and best may be further out on either side."""
    of_group = (count > 0) & np.isnan(rows.parameter("satisfactory"))
    least = rows.clipped(np.full(len(attained), WORST))
    most = rows.clipped(np.ones(len(attained)))
    return np.where(of_group, least, attained), np.where(of_group, most, attained)


def _of_group(parameters: Given) -> bool:
    return "satisfactory" not in parameters


def _own_bounds(case: Case) -> tuple[float, float] | None:
    """Return the worst and the best value."""
    if not _of_group(case.parameters):
        return case.number("unacceptable"), case.number("satisfactory")
    values = [value for _, value in case.rank.values] if case.rank else []
    if not values:
        return None
    ends = min(values), max(values)
    return (ends[1], ends[0]) if case.lower else ends


def _replay(case: Case) -> float | None:
    bounds, value = _own_bounds(case), case.actual.value
    if value is None or bounds is None:
        return None
    worst, best = bounds
    if nearly(worst, best):
        return case.clipped(1.0)
    return case.clipped(((value - worst) / (best - worst) * 40 + 60) / 100)


def _replay_ends(case: Case, attained: float, count: int) -> tuple[float, float]:
    if count == 0 or not _of_group(case.parameters):
        return attained, attained
    return case.clipped(WORST), case.clipped(1.0)


def _explain(case: Case) -> str:
    worst, best = map(shown, _own_bounds(case) or (None, None))
    group = f"“{case.rank.group}”内最差 {worst}、最好 {best}，" if case.rank else ""
    formula = f"(({shown(case.actual.value)} − {worst}) ÷ ({best} − {worst}) × 40 + 60) ÷ 100"
    return f"{group}{formula}{case.bounds_shown()}"


METHOD = Method(
    ("actual_value",),
    False,
    (
        ParameterSpec("satisfactory", minimum=-LARGEST, maximum=LARGEST, optional=True),
        ParameterSpec("unacceptable", minimum=-LARGEST, maximum=LARGEST, optional=True),
        CAP,
        FLOOR,
        AMONG,
    ),
    Arithmetic(_attain, _replay, _explain),
    differ=("satisfactory", "unacceptable"),
    peers=Peers(_of_group, _ends, _replay_ends),
    of_year=lambda given: "satisfactory" in given,
)
