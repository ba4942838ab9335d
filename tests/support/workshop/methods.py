"""Which of the drawn methods fit the row beside which they are drawn."""

from __future__ import annotations

from tests.support.workshop.logical import NOT_ASSESSED, Indicator, Notice, WeightGroup
from tests.support.workshop.vocabulary import LESS_IS_BETTER, METHODS, NUMBERS

_BY_PROPORTION, _PER_PERCENT, _ALL_OR_NOTHING = METHODS


def methods_that_do_not_fit(notice: Notice) -> set[int]:
    """Return the serial numbers of the rows whose method cannot be applied to them."""
    leaves = [(group, leaf) for group in notice.groups for leaf in group.indicators]
    return {
        serial
        for serial, (group, leaf) in enumerate(leaves, 1)
        if leaf.method is not None and not _fits(leaf, group)
    }


def _fits(leaf: Indicator, group: WeightGroup) -> bool:
    """Tell whether a method is one for the row: a figure for everybody, and enough is known of it.

    A proportion is one of what shall be large. Points a percentage point are of a percentage,
    and of one indicator alone.
    """
    figures = all(text in (*NUMBERS, NOT_ASSESSED) for text in leaf.targets)
    if not figures or leaf.unit is None:
        return False
    if leaf.method == _ALL_OR_NOTHING:
        return True
    large = leaf.leaf not in LESS_IS_BETTER
    return large and (leaf.method == _BY_PROPORTION or _is_alone(leaf, group))


def _is_alone(leaf: Indicator, group: WeightGroup) -> bool:
    return leaf.unit == "%" and len(group.indicators) == 1
