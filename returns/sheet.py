"""A returned sheet becomes the rows of its table, each cell by what its column is for.

Finding the table on a returned sheet: the row of headings, whatever was moved or added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from common.declared import declared
from common.fold import fold_tight
from returns.doubtful import At, remark, shortened
from schemas.records.forms import FILLED, INFO, REFUSED, ReadCell, ReadSheet, Remark, column_letters

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
    named = {"serial_no", "indicator"} & roles
    return "entity" in roles and bool(named) and bool({*FILLED[:4]} & roles)


def _by_words(left: Mapping[int, str], taken: set[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    within = declared(dict[str, list[str]], "returns", "returns", "within")
    for column, text in left.items():
        roles = [
            role
            for role, words in within.items()
            if any(fold_tight(word) in text for word in words)
        ]
        if len(roles) == 1 and roles[0] not in taken:
            found.setdefault(roles[0], []).append(column)
    return found


def _heading(text: str) -> str:
    return _BRACKETED.sub("", fold_tight(text)).strip("*:：")


@cache
def _exact() -> dict[str, str]:
    return {
        _heading(name): role
        for role, names in declared(dict[str, list[str]], "returns", "returns", "headings").items()
        for name in names
    }


#: The columns whose texts say which line a row is.
_NAMING = ("serial_no", "level1", "level2", "indicator", "entity")


def _is_form(name: str, folded: str) -> bool:
    return re.fullmatch(declared(str, "returns", "returns", "rows", name), folded) is not None


Rows = Mapping[int, Mapping[int, ReadCell]]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row under a row of headings: its cells by role.

    ``merged`` names the roles to be filled in whose cell is merged with another row's.
    """

    sheet: str
    row: int
    cells: Mapping[str, ReadCell]
    columns: Mapping[str, int]
    merged: frozenset[str] = frozenset()

    @property
    def is_filled(self) -> bool:
        """Something stands in a column to be filled in."""
        return any(role in self.cells for role in FILLED)

    def text(self, role: str) -> str:
        """Return what a cell shows; '' for none."""
        cell = self.cells.get(role)
        return "" if cell is None else (cell.shown or cell.value)

    def sum_word(self) -> str | None:
        """Return the word that makes the row one of sums (合计, 全市平均); None where none does."""
        words = map(self.text, _NAMING)
        return next((word for word in words if _is_form("sums", _heading(word))), None)

    def is_note(self) -> bool:
        """Say whether the row is a note below the lines (注：…)."""
        return any(_is_form("notes", fold_tight(self.text(role))) for role in _NAMING)


@dataclass(frozen=True, slots=True)
class ReadTable:
    """The rows of one sheet's table, in order, and what could not be read of the sheet."""

    rows: tuple[TableRow, ...]
    remarks: tuple[Remark, ...]
    has_header: bool


def read_table(sheet: ReadSheet) -> ReadTable:
    """Return the rows under a sheet's headings; headings that are repeated start anew."""
    rows = rows_of(sheet)
    found: list[TableRow] = []
    remarks: list[Remark] = []
    sections = list(_sections(rows))
    for header, numbers in sections:
        columns, doubts = _columns(sheet.name, header, rows, numbers)
        remarks.extend(doubts)
        remarks.extend(_unknown(sheet.name, header, rows, numbers))
        if not any(doubt.severity == REFUSED for doubt in doubts):
            spread = _spread(sheet, columns)
            found.extend(_row(sheet, rows.get(each, {}), each, columns, spread) for each in numbers)
    return ReadTable(
        tuple(row for row in found if row.cells), tuple(remarks), has_header=bool(sections)
    )


def _sections(rows: Rows) -> Iterator[tuple[Header, list[int]]]:
    """Yield each row of headings with the numbers of the rows under it."""
    header: Header | None = None
    under: list[int] = []
    for number in sorted(rows):
        found = header_in(number, rows[number])
        if found is None:
            under.append(number)
            continue
        if header is not None:
            yield header, under
        header, under = found, []
    if header is not None:
        yield header, under


def _columns(
    sheet: str, header: Header, rows: Rows, numbers: list[int]
) -> tuple[dict[str, int], list[Remark]]:
    """Return the column of each role; of two that claim one, the one that is not empty."""
    columns = dict(header.columns)
    remarks = []
    for role, claimed in header.claimed_twice.items():
        used = [column for column in claimed if any(column in rows[each] for each in numbers)]
        if len(used) <= 1:
            columns[role] = used[0] if used else claimed[0]
            continue
        named = "、".join(map(column_letters, claimed))
        heading = rows[header.row][claimed[1]]
        at = At(sheet, header.row, claimed[1], heading.value)
        quoted = shortened(heading.value)
        remarks.append(remark("two_columns", REFUSED, at, columns=named, heading=quoted))
    return columns, remarks


def _unknown(sheet: str, header: Header, rows: Rows, numbers: list[int]) -> Iterator[Remark]:
    """Name the columns with something in them that are none of the form's."""
    known = {*header.columns.values(), *(c for cs in header.claimed_twice.values() for c in cs)}
    others = {column for each in numbers for column in rows[each]} - known
    for column in sorted(others):
        heading = rows[header.row].get(column)
        at, letters = At(sheet, header.row, column), column_letters(column)
        if heading is None:
            yield remark("unknown_column.without_heading", INFO, at, column=letters)
        else:
            quoted = shortened(heading.value)
            yield remark("unknown_column.named", INFO, at, column=letters, heading=quoted)


@dataclass(frozen=True, slots=True)
class _Spread:
    """Merged ranges over several rows: whose cell a place takes, and which rows share a value."""

    origin: Mapping[tuple[int, int], tuple[int, int]]
    shared: frozenset[tuple[int, int]]
    cells: Mapping[tuple[int, int], ReadCell]


def _spread(sheet: ReadSheet, columns: Mapping[str, int]) -> _Spread:
    cells = {(cell.row, cell.column): cell for cell in sheet.cells}
    used = {column: role for role, column in columns.items()}
    last = max((cell.row for cell in sheet.cells), default=0)
    origin: dict[tuple[int, int], tuple[int, int]] = {}
    shared: set[tuple[int, int]] = set()
    for first_row, first_column, last_row, last_column in sheet.merges:
        if first_row == last_row or (first_row, first_column) not in cells:
            continue
        for column in range(first_column, min(last_column, max(used, default=0)) + 1):
            for row in range(first_row, min(last_row, last) + 1) if column in used else ():
                if used[column] in FILLED:
                    shared.add((row, column))
                origin[row, column] = (first_row, first_column)
    return _Spread(origin, frozenset(shared), cells)


def _row(
    sheet: ReadSheet,
    present: Mapping[int, ReadCell],
    number: int,
    columns: Mapping[str, int],
    spread: _Spread,
) -> TableRow:
    cells = {}
    for role, column in columns.items():
        cell = present.get(column) or spread.cells.get(
            spread.origin.get((number, column), (number, column))
        )
        if cell is not None:
            cells[role] = cell
    merged = frozenset(
        role for role, column in columns.items() if (number, column) in spread.shared
    )
    return TableRow(sheet.name, number, cells, columns, merged)
