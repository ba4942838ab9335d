"""How a column's texts stand over the rows: one over many, one a row, or the same ones again.

A heading is printed once over its rows, merged or repeated; an indicator has a name of its own; a
class (约束性, 省考事项) comes again and again in no order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import groupby
from math import log

from common.declared import declared
from common.fold import fold
from normalize.model.table import Role

_FEWEST = 6  # rows: of fewer it is not clear how they are arranged
_MANY = 1.4  # rows that a text stands over at the least, on average, where texts are headings
_AGAIN = 0.6  # share of different texts below which the same ones return


class Arrangement(StrEnum):
    """How a column's texts stand over the rows."""

    OVER_MANY = "over_many"
    ONE_A_ROW = "one_a_row"
    RETURNING = "returning"


def rows_of(bodies: Sequence[Sequence[str]]) -> int:
    """Return how many rows a table has: as many as the column with the most cells."""
    return max(map(len, bodies), default=0)


def arrangement(body: Sequence[str], rows: int) -> Arrangement | None:
    """Return how a column's texts are arranged; None where that is not clear.

    ``body`` are its printed texts, each cell's once, in the order of the ``rows``.
    """
    texts = [text for each in body if (text := fold(each))]
    runs = [text for text, _ in groupby(texts)]
    merged = len(body) * _MANY <= rows  # a blank among them is the rest of one at a page's top
    if rows < _FEWEST or not runs or not (merged or len(texts) == len(body) > 1):
        return None
    if len(set(runs)) < _AGAIN * len(runs):
        return Arrangement.RETURNING
    return Arrangement.OVER_MANY if len(runs) * _MANY <= rows else Arrangement.ONE_A_ROW


def of_arrangement(found: Arrangement | None) -> Mapping[Role, float]:
    """Return what an arrangement adds to the cost of each role; nothing where it is not clear."""
    if found is None:
        return {}
    table = declared(dict[str, float], "normalize", "columns", "arrangement", found.value)
    return {role: -log(table.get(role.value, table["other"])) for role in Role}
