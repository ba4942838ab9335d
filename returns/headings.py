"""Finding the table on a returned sheet: the row of headings, whatever was moved or added."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from returns.numbers import folded
from returns.words import section
from schemas.forms import FILLED, ReadCell, ReadSheet

_BRACKETED = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")


@dataclass(frozen=True, slots=True)
class Header:
    """A row of headings: the column of each role, and roles that more than one column claims."""

    row: int
    columns: Mapping[str, int]
    claimed_twice: Mapping[str, tuple[int, ...]]


def rows_of(sheet: ReadSheet) -> dict[int, dict[int, ReadCell]]:
    """Return a sheet's cells by row and column."""
    rows: dict[int, dict[int, ReadCell]] = {}
    for cell in sheet.cells:
        rows.setdefault(cell.row, {})[cell.column] = cell
    return rows


def header_in(row: int, cells: Mapping[int, ReadCell]) -> Header | None:
    """Return the row as one of headings; None where it does not name what a table needs.

    It needs who is assessed, which indicator, and at least one column to fill in.
    """
    exact: dict[str, list[int]] = {}
    left: dict[int, str] = {}
    for column, cell in cells.items():
        text = _heading(cell.value) if cell.kind == "text" else ""
        role = _exact().get(text)
        if role is not None:
            exact.setdefault(role, []).append(column)
        elif text:
            left[column] = text
    exact |= _by_words(left, set(exact))
    header = Header(
        row,
        {role: columns[0] for role, columns in exact.items() if len(columns) == 1},
        {role: tuple(columns) for role, columns in exact.items() if len(columns) > 1},
    )
    return header if _names_enough(set(exact)) else None


def _names_enough(roles: set[str]) -> bool:
    told = {"serial_no", "indicator"} & roles
    return "entity" in roles and bool(told) and bool({*FILLED[:4]} & roles)


def _by_words(left: Mapping[int, str], taken: set[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for column, text in left.items():
        roles = [
            role
            for role, words in section("within").items()
            if any(folded(word) in text for word in words)
        ]
        if len(roles) == 1 and roles[0] not in taken:
            found.setdefault(roles[0], []).append(column)
    return found


def _heading(text: str) -> str:
    return _BRACKETED.sub("", folded(text)).strip("*:：")


@cache
def _exact() -> dict[str, str]:
    return {_heading(name): role for role, names in section("headings").items() for name in names}
