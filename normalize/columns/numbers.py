"""What a column's numbers say together: whether they count the rows, or divide a whole."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import log

from common.fold import clean
from common.numbers import EPSILON, exact
from normalize.columns.odds import odds
from normalize.model.table import Role
from normalize.points.cell import read_points
from normalize.text.clean import not_assessed

_FEWEST = 5  # of fewer numbers neither is sure
_WHOLES = (1.0, 10.0, 100.0, 1000.0)
_DIGIT = re.compile("[0-9]")


def of_numbers(body: Sequence[str]) -> Mapping[Role, float]:
    """Return what a column's numbers add to the cost of each role; nothing for most roles.

    ``body`` are its printed texts, each cell's once, in the order of the rows.
    """
    texts = [text for each in body if (text := clean(each)) and not not_assessed(text)]
    numbers = [number for text in texts if (number := _number(text)) is not None]
    if len(numbers) < max(_FEWEST, len(texts) // 2):
        return {}
    likely = odds("numbers", "counting" if _count(numbers) else "not_counting")
    counting = {Role.SERIAL: -log(likely), Role.POINTS: -log(1.0 - likely)}
    if any(abs(sum(numbers) - whole) < EPSILON for whole in _WHOLES):
        counting[Role.POINTS] += log(odds("numbers", "whole_by_chance"))
    return counting


def _number(text: str) -> float | None:
    """Return the points that a text may state; there are none without a digit, so most end here."""
    if not _DIGIT.search(text):
        return None
    value = exact(text)
    return value if value is not None else read_points(text, ()).base


def _count(numbers: Sequence[float]) -> bool:
    """Tell whether each number is one more than that before it, but for where it begins again."""
    steps = [later in (earlier + 1, 1) and later != earlier for earlier, later in pairwise(numbers)]
    return 2 * sum(steps) > len(steps) and all(number == int(number) for number in numbers)
