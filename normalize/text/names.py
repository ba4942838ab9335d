"""Names of indicators and their serial numbers, as two tables of a document are compared by."""

from __future__ import annotations

from functools import lru_cache

from common.fold import clean, fold
from common.numbers import counted
from normalize.text.clean import strip_ordinal, without_points
from normalize.text.units import split_unit


@lru_cache(maxsize=4096)
def plain_name(text: str) -> str:
    """Return an indicator's name as names are compared: no ordinal, points or unit.

    >>> plain_name("1．投资额（亿元）") == plain_name("投资额")
    True
    """
    return fold(split_unit(strip_ordinal(without_points(text))).name)


def serial_of(text: str) -> int | None:
    """Return a printed serial number, None where it is none.

    >>> serial_of("3."), serial_of("其他")
    (3, None)
    """
    return counted(clean(text).rstrip(".、"))
