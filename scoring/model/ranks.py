"""Places within groups, over columns: the greatest value is first, equal values share the better.

Counting is by sorting group and value together, so it costs the same for groups of any size.
"""

from __future__ import annotations

import numpy as np

from scoring.model.columns import Floats, Ints


def places(groups: Ints, values: Floats) -> Ints:
    """Return each row's place in its group by value, 1 for the greatest; 0 where it is NaN."""
    return _places(groups, values, values, itself=False)


def best_places(groups: Ints, lows: Floats, highs: Floats) -> Ints:
    """Return the best place that intervals allow: only who is surely above goes before."""
    return _places(groups, lows, highs, itself=False)


def worst_places(groups: Ints, lows: Floats, highs: Floats) -> Ints:
    """Return the worst place that intervals allow: whoever may be above goes before."""
    return _places(groups, highs, lows, itself=True)


def _places(groups: Ints, others: Floats, own: Floats, *, itself: bool) -> Ints:
    """Return 1 + the number of the group's ``others`` greater than the ``own`` value.

    ``itself``: a row's own value among ``others`` may be greater, and does not count.
    """
    result = np.zeros(len(groups), np.int64)
    usable = ~(np.isnan(others) | np.isnan(own))
    if not usable.any():
        return result
    group = groups[usable]
    ends = np.cumsum(np.bincount(group))
    level = _levels(np.concatenate([others[usable], own[usable]]), len(ends))
    above, mine = level[: len(group)], level[len(group) :]
    span = int(level.max()) + 1
    keys = np.sort(group * span + above)
    count = ends[group] - np.searchsorted(keys, group * span + mine, side="right")
    if itself:
        count -= above > mine
    result[usable] = count + 1
    return result


_BILLION = 1e9
_MOST = 2**62


def leveled(document: Ints, *columns: Floats) -> list[Floats]:
    """Return columns with values of a document that differ by a billionth or less made the same.

    Sums of the same points in another order differ by less. Rounding alone would part some of
    them: those that lie on either side of where it goes up. ``document`` numbers each row's.
    """
    steps = np.rint(np.concatenate(columns) * _BILLION)
    known = np.flatnonzero(~np.isnan(steps))
    own = np.tile(document, len(columns))[known]
    order = _by_document(own, steps[known])
    own, known = own[order], known[order]
    apart = np.diff(steps[known], prepend=-np.inf)
    joined = (np.diff(own, prepend=-1) == 0) & (apart <= 1)
    if (joined & (apart > 0)).any():
        starts = np.maximum.accumulate(np.where(joined, 0, np.arange(len(known))))
        steps[known] = steps[known[starts]]
    return np.split(steps / _BILLION, len(columns))


def _by_document(document: Ints, steps: Floats) -> Ints:
    """Return the places by document and step: sorted as one number where that is large enough."""
    if len(steps) == 0:
        return np.zeros(0, np.int64)
    span = float(np.ptp(steps)) + 1
    if not span * (int(document.max()) + 1) < _MOST:
        return np.lexsort((steps, document))
    return np.argsort(document * int(span) + (steps - steps.min()).astype(np.int64))


def _levels(values: Floats, groups: int) -> Ints:
    """Return whole numbers from 0 in the values' order, the same for the same value only."""
    steps = np.rint(values * _BILLION)
    lowest, spread = steps.min(), float(np.ptp(steps))
    if (spread + 1) * groups < _MOST and np.array_equal(steps / _BILLION, values):
        levels: Ints = (steps - lowest).astype(np.int64)
        return levels
    return np.unique(values, return_inverse=True)[1].astype(np.int64)
