"""Tables whose merged cells were taken apart: blanks stand where a merged cell was.

Spreadsheets and pages are saved that way by programs that know no merged cells. Their blanks mean
what the blanks of a converted text mean, and are read as those are.
"""

from __future__ import annotations

from normalize.chains import Chain, Part
from normalize.grid import Role
from normalize.header import role_by_name
from normalize.text import clean
from schemas.document import Cell

_FEW = 0.2  # share of blank heading cells from which blanks must stand for merged cells


def is_unmerged(chain: Chain) -> bool:
    """Tell whether no body cell is merged though many cells under the headings are blank."""
    body = [cell for part in chain.parts for cell in _inner_cells(part)]
    if any(cell.row_span > 1 or cell.open_bottom or cell.open_top for cell in body):
        return False
    paths = chain.header.paths
    levels = [i for i, path in enumerate(paths) if path and role_by_name(path[-1]) is Role.LEVEL]
    if any(cell.column_span > 1 and cell.column > max(levels, default=0) + 1 for cell in body):
        return False
    outer = {i + 1 for i in levels[:-1]}
    headings = [cell for cell in body if cell.column in outer and cell.column_span == 1]
    blank = sum(_is_blank(cell) for cell in headings)
    return bool(headings) and blank > _FEW * len(headings)


def _inner_cells(part: Part) -> list[Cell]:
    """The body cells that no page break can have cut: all but the first and last row's."""
    inner = range(part.body_start + 2, part.table.row_count)
    return [cell for cell in part.table.cells if cell.row in inner]


def _is_blank(cell: Cell) -> bool:
    return not clean(cell.text)
