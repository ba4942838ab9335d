"""Merged cells that a converter wrote anew in each row and column over which they reach."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from common.numbers import PLAIN

_FIGURE = re.compile(r"[<>=≤≥~]*[0-9.,%‰-]+\D{0,3}")
_NUMBER = re.compile(PLAIN)
_SAME_SHARE, _FIGURE_SHARE = 0.3, 0.1
_TOTAL = re.compile(r"(?:合计|总计|共计|总分|满分|共)[^0-9\n]{0,20}([0-9]+(?:\.[0-9]+)?)")
_HUNDRED = Decimal(100)
_DASHES = re.compile(r"[-:]+")


def without_repeats(rows: list[list[str]]) -> list[list[str]]:
    """Return the rows with a text once where a converter wrote it in each column of a wide cell.

    Such columns have one header, and below it the same texts (or names) side by side; columns of
    figures under one header are the columns of several entities.
    """
    width = min(map(len, rows), default=0)
    repeated = [column for column in range(1, width) if _repeats(rows, column)]
    found = [[*row] for row in rows]
    for row, texts in zip(rows, found, strict=True):
        for column in repeated:
            if row[column] == row[column - 1]:
                texts[column] = ""
    return found


def _repeats(rows: list[list[str]], column: int) -> bool:
    """Say whether a column goes on with the wide cells of the column to its left."""
    pairs = [(row[column - 1], row[column]) for row in rows]
    if len(pairs) < 3 or not pairs[0][0] or pairs[0][0] != pairs[0][1]:
        return False
    body = [(left, right) for left, right in pairs[1:] if left and right]
    same = sum(left == right for left, right in body)
    figures = sum(_FIGURE.fullmatch(right) is not None for _, right in body)
    return same >= _SAME_SHARE * len(body) > 0 and figures <= _FIGURE_SHARE * len(body)


def is_written_by_program(lines: Sequence[str]) -> bool:
    """Say whether a program wrote a table: all cells of a column are padded to one width."""
    rows = [line.strip().strip("|").split("|") for line in lines]
    if not any(_DASHES.fullmatch("".join(row)) for row in rows) or len(set(map(len, rows))) > 1:
        return False
    return any(
        all(len({*map(width, column)}) == 1 for column in zip(*rows, strict=True))
        for width in (len, _shown_width)
    )


def _shown_width(text: str) -> int:
    """Return a text's width as programs pad it: to them “ and № take one place."""
    return sum(1 + (unicodedata.east_asian_width(each) in "WF") for each in text)


def totals_of(lines: Sequence[str]) -> frozenset[Decimal]:
    """Return the sums that a text prints, and 100, which points mostly make."""
    found = {Decimal(total) for line in lines for total in _TOTAL.findall(line)}
    return frozenset(found | {_HUNDRED})


def alike_below(
    rows: Sequence[Sequence[str]], totals: frozenset[Decimal]
) -> frozenset[tuple[int, int]]:
    """Return the places (from 1) of figures that may be one merged cell of several rows.

    They are the same in rows that lie below each other and go on with the same heading; but those
    of a column whose figures make a sum that is printed stand each for itself.
    """
    found: set[tuple[int, int]] = set()
    for column in range(1, min(map(len, rows), default=0)):
        texts = [row[column] for row in rows]
        alike = [
            number
            for number in range(1, len(rows))
            if _NUMBER.fullmatch(texts[number])
            and texts[number] == texts[number - 1]
            and _goes_on(rows[number - 1][:column], rows[number][:column])
        ]
        if alike and not _makes_sum(texts, totals):
            found.update((number + 1 - up, column + 1) for number in alike for up in (0, 1))
    return frozenset(found)


def _goes_on(above: Sequence[str], row: Sequence[str]) -> bool:
    """Say whether two rows have a heading in common."""
    pairs = zip(above, row, strict=True)
    return any(len(one) > 1 and one == other and not _FIGURE.fullmatch(one) for one, other in pairs)


def _makes_sum(texts: Sequence[str], totals: frozenset[Decimal]) -> bool:
    numbers = [Decimal(text) for text in texts if _NUMBER.fullmatch(text)]
    return sum(numbers) in totals or sum(numbers) / 2 in totals
