"""Where a table's header stands, and what each of its columns is called.

A header has one to four rows. It is found by the names that such tables give their columns
(``data/roles.toml``), its height by its spans, or, where nothing is merged, by what stands under
it. What a column *holds* is decided later, from names and content together, in
:mod:`normalize.columns`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from common.fold import clean, fold
from normalize.columns.words import role_by_name
from normalize.model.table import Role
from normalize.text.places import is_place
from schemas.records.document import Cell, Table

_TOP_ROWS = 12  # a header that has not begun by then is not at the top of this table
_MOST_HEADER_ROWS = 4
_LONGEST_NAME = 30  # a longer text is a sentence, whatever names of columns it holds
_ANCHORS = frozenset({Role.LEVEL, Role.POINTS, Role.SERIAL})
_NUMBER = re.compile(r"[<>=≥≤+-]*\d+(?:\.\d+)?[%‰分]?")
_YEAR = re.compile(r"(?:19|20)\d{2}年?度?")
_FORMULA = re.compile(r"=[\d+\-*/×÷()%]*$")  # how a column is computed: 3=1+2
_SEQUENCES = ("甲乙丙丁戊己庚辛壬癸", "abcdefghijklmnopqrst", "一二三四五六七八九十")
_FEWEST_NUMBERED = 3
_FEWEST_CUT = 3  # names, or beginnings of names, of a header that a page cuts


@dataclass(frozen=True, slots=True)
class Header:
    """A table's header: rows ``start`` to ``end`` (0-based, half-open) and a path per column.

    A path holds the cleaned texts from the top row down, a merged text once; not those of a row
    that numbers the columns (甲 乙 丙 1 2 3).
    """

    start: int
    end: int
    paths: tuple[tuple[str, ...], ...]

    @property
    def height(self) -> int:
        """How many rows it has."""
        return self.end - self.start

    @property
    def key(self) -> tuple[tuple[str, ...], ...]:
        """The header as compared between tables: folded paths, neighbours that repeat once."""
        folded = [tuple(fold(text) for text in path) for path in self.paths if path]
        return tuple(path for path, _ in groupby(folded))


def leaf_names(header: Header) -> list[str]:
    """Return the folded names of a header's columns, each run of one name once."""
    return [name for name, _ in groupby(fold(path[-1]) for path in header.paths if path)]


def all_names(header: Header) -> set[str]:
    """Return the folded texts of a header's rows."""
    return {fold(text) for path in header.paths for text in path}


def begins_names(texts: Collection[str], header: Header) -> bool:
    """Tell whether folded texts are names of a header's columns, or what a page left of them.

    Others among them may be names of other entities.
    """
    names = all_names(header)
    held = [text for text in texts if text]
    begun = [text for text in held if any(name.startswith(text) for name in names)]
    digits = any(char.isdigit() for text in held for char in text)
    return len(begun) >= _FEWEST_CUT and 2 * len(begun) > len(held) and not digits


def completed(
    above: Sequence[tuple[str, ...]], table: Table, rows: int, known: Header | None
) -> Header | None:
    """Return the header whose rest a table's first ``rows`` are, where a page's foot cut it.

    ``above`` has the path of each column that stands there, ``known`` is the header before it, if
    any, which has the same names but for entities. None where the rows complete none of them.
    """
    names, end = all_names(known) if known else set(), min(rows, table.row_count)
    rests = _paths(matrix(table, end), 0, end) if end else ()
    if len(rests) != len(above):
        return None
    both = list(zip(above, rests, strict=True))
    paths = tuple(path for each in both if (path := _with_rests(*each, names)) is not None)
    cut = any(len(p) < len(own) + len(rest) for p, (own, rest) in zip(paths, both, strict=False))
    return Header(0, end, paths) if cut and len(paths) == len(both) else None


def _with_rests(
    path: tuple[str, ...], rests: Sequence[str], names: set[str]
) -> tuple[str, ...] | None:
    """Return a column's path with what is below it; None where that is none of the names."""
    for rest in rests:
        *above, last = path or ("",)
        if fold(last + rest) in names or (fold(last) not in names and _is_name(last + rest)):
            path = (*above, last + rest)
        elif fold(rest) in names or _is_name(rest):
            path = (*path, rest)
        else:
            return None
    return path


def _is_name(text: str) -> bool:
    return is_place(text) or role_by_name(text) is not None


def columns_called(header: Header) -> set[str]:
    """Return what a header calls its columns, but for the entities: the next table may be others'.

    Columns of entities, and of whatever has no known name, count as one.
    """
    names = leaf_names(header)
    return {"" if is_place(name) or role_by_name(name) is None else name for name in names}


def names_a_place(header: Header) -> bool:
    """Tell whether a header names a county, zone or town: entities are its columns then."""
    return any(is_place(text) for path in header.paths for text in path)


def matrix(table: Table, rows: int | None = None) -> list[list[Cell | None]]:
    """Return the table as rows x columns, each place holding the cell that covers it.

    ``rows``: no more than its first ones.
    """
    count = table.row_count if rows is None else min(rows, table.row_count)
    grid: list[list[Cell | None]] = [[None] * table.column_count for _ in range(count)]
    for cell in table.cells:
        first, top = cell.column - 1, cell.row - 1
        if top >= count:
            continue
        last = min(first + cell.column_span, table.column_count)
        for row in grid[top : top + cell.row_span]:
            row[first:last] = [cell] * (last - first)
    return grid


def find_header(table: Table, known: Header | None = None) -> Header | None:
    """Find the header among the table's first rows, or None where it has none.

    Rows above it (a title drawn into the grid, 单位：分) are not part of it. Where the rows repeat
    a ``known`` header, they are as many as it has; one alone may be what a page left of its names.
    """
    most = max(_MOST_HEADER_ROWS, known.height if known else 0)
    grid = matrix(table, _TOP_ROWS + most + 1)
    if known and len(grid) == 1 and begins_names([fold(cell.text) for cell in table.cells], known):
        return Header(0, 1, _paths(grid, 0, 1))
    start = _first_header_row(grid)
    if start is None:
        return None
    return _repeated(grid, start, known) or _header_from(grid, start, table.regular)


def _first_header_row(grid: list[list[Cell | None]]) -> int | None:
    """Return the first row that is one of a header, None where body rows begin before."""
    for start, row in enumerate(grid[:_TOP_ROWS]):
        if _is_header_row(row):
            return start
        if _is_body_row(row):
            return None
    return None


def _repeated(grid: list[list[Cell | None]], start: int, known: Header | None) -> Header | None:
    """Return the header that rows repeat, if they do."""
    if known is None or start + known.height > len(grid):
        return None
    again = Header(start, start + known.height, _paths(grid, start, start + known.height))
    return again if again.key == known.key else None


def _header_from(grid: list[list[Cell | None]], start: int, regular: bool) -> Header | None:
    """Return the header that begins in a row.

    None where these are body rows under a merged cell, whose words sound like a heading's.
    """
    end = _header_end(grid, start, regular)
    paths = _paths(grid, start, end)
    states = _is_a_number if _is_framed(grid, start, end) else _states_a_value
    stated = any(states(text) for path in paths for text in path)
    return None if stated else Header(start, end, paths)


def distinct(row: Sequence[Cell | None]) -> list[Cell]:
    """Return the cells of a row, each once."""
    return list({id(cell): cell for cell in row if cell is not None}.values())


def _texts(row: list[Cell | None]) -> list[str]:
    """Return the cleaned texts of a row, each cell's once, blanks left out."""
    return [text for cell in distinct(row) if (text := clean(cell.text))]


def _is_header_row(row: list[Cell | None]) -> bool:
    """Tell whether at least three cells stand here and two roles are named, one to hang on.

    A text that states a value never stands in a first header row.
    """
    texts = _texts(row)
    named = {role for text in texts if len(text) <= _LONGEST_NAME and (role := role_by_name(text))}
    return (
        len(texts) >= 3
        and len(named) >= 2
        and not named.isdisjoint(_ANCHORS)
        and not any(map(_states_a_value, texts))
        and not _repeats_a_name(texts)
    )


def _repeats_a_name(texts: Sequence[str]) -> bool:
    """Tell whether a text that names no kind of column stands here more often than others do.

    A row repeats one target for several entities; a header names each once, or everything twice
    where two blocks stand side by side. A place named twice is a misprint in a header all the same.
    """
    counts = Counter(texts)
    plain = (t for t in counts if role_by_name(t) in (None, Role.UNKNOWN) and not is_place(t))
    most = max((counts[text] for text in plain), default=1)
    return most > 1 and len(set(counts.values())) > 1


def _is_body_row(row: list[Cell | None]) -> bool:
    """Tell whether a row holds too much for what stands above a header (a title, 单位：分)."""
    texts = _texts(row)
    labels = sum(text.count("：") + text.count(":") > 0 for text in texts)
    return len(texts) - labels >= 3


@lru_cache(maxsize=4096)
def _states_a_value(text: str) -> bool:
    """Tell whether a text states what to reach: a title, a sentence, digits that no name claims.

    Years do not count.
    """
    rest = _YEAR.sub("", text)
    if "《" in text or text.endswith("。"):
        return True
    return bool(re.search(r"\d", rest)) and (role_by_name(text) is None or rest.isdecimal())


@lru_cache(maxsize=4096)
def _is_a_number(text: str) -> bool:
    """Tell whether a text is a number, with a sign or a unit of one or not, and no year."""
    return bool(_NUMBER.fullmatch(fold(text))) and not _YEAR.fullmatch(fold(text))


def _is_framed(grid: list[list[Cell | None]], start: int, end: int) -> bool:
    """Tell whether each cell of the first row stands over others or reaches down to the last row.

    Rows below it are then parts of the header whatever digits they hold (数据项1, 1季度, A档90分).
    """
    first = distinct(grid[start])
    return end - start > 1 and all(
        cell.column_span > 1 or cell.row - 1 + cell.row_span >= end for cell in first
    )


def _header_end(grid: list[list[Cell | None]], start: int, regular: bool) -> int:
    end = start + 1
    limit = min(start + _MOST_HEADER_ROWS, len(grid))
    while end < limit:
        reaches = any(
            cell is not None and cell.row - 1 + cell.row_span > end
            for row in grid[start:end]
            for cell in row
        )
        more = _names_columns(grid, start, end) if regular else _only_names(grid[end])
        if not reaches and not more:
            break
        end += 1
    return end + (end < len(grid) and _numbers_columns(grid[end]))


def _numbers_columns(row: list[Cell | None]) -> bool:
    """Tell whether a row only numbers the columns: 甲 乙 丙 1 2 3=1+2, ① ② ③, (1) (2) (3).

    Each run of numbers or letters begins with its first and leaves none out.
    """
    texts = _texts(row)
    ranks = [_rank(text) for text in texts]
    if len(texts) < _FEWEST_NUMBERED or len(texts) * 2 <= len(row) or None in ranks:
        return False
    counted: Counter[str] = Counter()
    for sequence, number in filter(None, ranks):
        counted[sequence] += 1
        if number != counted[sequence]:
            return False
    return True


@lru_cache(maxsize=4096)
def _rank(text: str) -> tuple[str, int] | None:
    """Return the sequence of a column's number (甲 stems, a letters, 1 numbers) and its place."""
    bare = _FORMULA.sub("", fold(text).strip("()[]【】栏列第.、"))
    if bare.isdecimal():
        return "1", int(bare)
    found = next((s for s in _SEQUENCES if len(bare) == 1 and bare in s), None)
    return (found[0], found.index(bare) + 1) if found else None


def _names_columns(grid: list[list[Cell | None]], start: int, row: int) -> bool:
    """Tell whether an unmerged row names columns, too, below a header row.

    Under a column whose name is complete it stays blank or repeats the name, under levels it
    names levels, and at least two cells say something: a body row always names an indicator or a
    value under such columns.
    """
    below = [clean(cell.text) if cell else "" for cell in grid[row]]
    if len({text for text in below if text}) < 2 or any(map(_states_a_value, below)):
        return False
    anchored = False
    for path, text in zip(_paths(grid, start, row), below, strict=True):
        role = role_by_name(path[-1]) if path else None
        if role in (Role.SERIAL, Role.POINTS, Role.ASSESSING, Role.UNIT, Role.LEVEL):
            anchored = True
            if text and role_by_name(text) is not role:
                return False
    return anchored


def _only_names(row: list[Cell | None]) -> bool:
    """Tell whether a row of converted text, however shifted, names places or columns only.

    A name for all of them (县区) counts as a place.
    """
    texts = [text for cell in row if cell is not None and (text := clean(cell.text))]
    roles = [role_by_name(text) for text in texts]
    places = sum(
        role is Role.TARGET or is_place(text) for role, text in zip(roles, texts, strict=True)
    )
    named = sum(role is not None or is_place(text) for role, text in zip(roles, texts, strict=True))
    return (
        len(texts) >= 2
        and named == len(set(texts)) == len(texts)
        and (places >= 2 or None not in roles)
    )


def _paths(grid: list[list[Cell | None]], start: int, end: int) -> tuple[tuple[str, ...], ...]:
    paths = []
    named = [row for row in range(start, end) if not _numbers_columns(grid[row])]
    for column in range(len(grid[start])):
        cells: list[Cell] = []
        for row in named:
            cell = grid[row][column]
            if cell is not None and all(cell is not seen for seen in cells):
                cells.append(cell)
        texts = (clean(cell.text) for cell in cells)
        paths.append(tuple(text for text in texts if text))
    return tuple(paths)
