"""Tables whose merged cells were taken apart: which they are, and what their columns hold.

Converted text knows no merged cells, and spreadsheets and pages are saved without them by some
programs: blanks stand where a merged cell was. All of these are read alike.
"""

from __future__ import annotations

from collections.abc import Sequence

from common.fold import clean, fold
from normalize.columns.hints import NO_HINTS, Hints
from normalize.columns.roles import columns_of_table
from normalize.columns.words import role_by_name
from normalize.layout.header import matrix
from normalize.layout.table_chains import Chain, Part
from normalize.model.table import Column, Role
from schemas.records.document import Cell


def ragged_columns(chain: Chain, hints: Hints = NO_HINTS) -> tuple[Column, ...]:
    """Return the logical columns of a chain of converted tables.

    A conversion leaves blanks in the header, in a different place on each page. Names count, not
    places; where some page's header is wider than its names, the deepest level was printed as two
    columns.
    """
    paths = _flattened(_fullest(chain))
    wider = any(len(part.header.paths) > len(paths) for part in chain.parts if part.header)
    levels = [i for i, path in enumerate(paths) if role_by_name(path[-1]) is Role.LEVEL]
    if wider and levels:
        paths.insert(levels[-1] + 1, paths[levels[-1]])
    return columns_of_table(paths, [_texts_under(chain, path) for path in paths], hints)


def _fullest(chain: Chain) -> list[list[str]]:
    """The header rows that name most, each as its texts in order, blanks left out."""
    return max((_header_rows(part) for part in chain.parts), key=lambda rows: sum(map(len, rows)))


def _header_rows(part: Part) -> list[list[str]]:
    if part.header is None:
        return []
    rows = matrix(part.table)[part.header.start : part.header.end]
    texts = [[clean(cell.text) for cell in row if cell is not None] for row in rows]
    return [[text for text in row if text] for row in texts]


_FAMILIES = (
    (Role.TARGET, None),  # a name that no role claims is an entity's
    (Role.LEVEL,),
    (Role.ASSESSING, Role.SUPPORTING),
)


def _flattened(rows: list[list[str]]) -> list[tuple[str, ...]]:
    """Put the rows of a header together by what they name: their places mean nothing.

    The names of the lowest row that has any of a kind go under the heading of that kind in the
    first row; entities without a heading stand behind the points.
    """
    if not rows:
        return []
    paths: list[tuple[str, ...]] = [(text,) for text in rows[0]]
    for family in _FAMILIES:
        below = [[text for text in row if role_by_name(text) in family] for row in rows[1:]]
        members = next((texts for texts in reversed(below) if texts), [])
        if members:
            _put_under_heading(paths, members, family)
    return paths


def _put_under_heading(
    paths: list[tuple[str, ...]], members: list[str], family: tuple[Role | None, ...]
) -> None:
    at = next((i for i, path in enumerate(paths) if role_by_name(path[0]) in family), None)
    if at is not None:
        paths[at : at + 1] = [(*paths[at], member) for member in members]
    elif None in family:
        at = _behind_points(paths)
        paths[at:at] = [(member,) for member in members]


def _behind_points(paths: list[tuple[str, ...]]) -> int:
    points = [i for i, p in enumerate(paths) if role_by_name(p[-1]) is Role.POINTS]
    return points[-1] + 1 if points else len(paths)


def _texts_under(chain: Chain, path: tuple[str, ...]) -> list[str]:
    return [text for part in chain.parts for text in _texts_of_part(part, path)]


def _texts_of_part(part: Part, path: tuple[str, ...]) -> list[str]:
    paths = part.header.paths if part.header else ()
    at = [i for i, other in enumerate(paths) if other and fold(other[-1]) == fold(path[-1])]
    rows = matrix(part.table)[part.body_start :]
    return [cell.text for row in rows for i in at if (cell := row[i]) is not None]


_FEWEST = 2  # headings in rows of their own from which they are meant so
_FEW = 0.2  # share of blank heading cells from which blanks must stand for merged cells


def is_unmerged(chain: Chain) -> bool:
    """Tell whether no body cell is merged though many cells under the headings are blank.

    Headings that stand in rows of their own leave blanks, too: under them nothing was merged.
    """
    body = [cell for part in chain.parts for cell in _inner_cells(part)]
    paths = chain.header.paths
    levels = [i for i, path in enumerate(paths) if path and role_by_name(path[-1]) is Role.LEVEL]
    last = max(levels, default=0) + 1
    headings = [cell for cell in body if cell.column - 1 in levels[:-1] and cell.column_span == 1]
    merged = any(_is_merged(cell, last) for cell in body)
    return not merged and _are_blank(headings) and not _stand_alone(chain, levels)


def _stand_alone(chain: Chain, levels: Sequence[int]) -> bool:
    """Tell whether no printed heading has the name of an indicator beside it."""
    rows = [row for part in chain.parts for row in matrix(part.table)[part.body_start :]]
    names = [[clean(cell.text) if (cell := row[i]) else "" for i in levels] for row in rows]
    headings = [texts for texts in names if any(texts[:-1])]
    return len(headings) >= _FEWEST and not any(texts[-1] for texts in headings)


def _is_merged(cell: Cell, last_level: int) -> bool:
    """Tell whether a cell covers several rows, or several columns behind the levels."""
    over_rows = cell.row_span > 1 or cell.open_bottom or cell.open_top
    return over_rows or (cell.column_span > 1 and cell.column > last_level)


def _are_blank(headings: Sequence[Cell]) -> bool:
    blank = sum(not clean(cell.text) for cell in headings)
    return bool(headings) and blank > _FEW * len(headings)


def _inner_cells(part: Part) -> list[Cell]:
    """The body cells that no page break can have cut: all but the first and last row's."""
    inner = range(part.body_start + 2, part.table.row_count)
    return [cell for cell in part.table.cells if cell.row in inner]
