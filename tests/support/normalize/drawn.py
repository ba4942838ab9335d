"""Small tables for tests, written as the grid that is seen on the page.

Cells of a row are parted by ``|``; ``^`` goes on with the cell above, ``<`` with the cell to the
left, ``.`` is a printed blank.
"""

from __future__ import annotations

from schemas.records.document import Box, Cell, Document, FrontMatter, Table


def table(
    drawing: str,
    *,
    number: int = 1,
    page: int | None = None,
    caption: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    open_top: tuple[int, ...] = (),
    open_bottom: tuple[int, ...] = (),
    edges: tuple[float, ...] | None = None,
    place: str | None = None,
    left: float = 0.0,
    top: float = 0.0,
) -> Table:
    """Draw a table; ``open_top`` and ``open_bottom`` name 1-based columns cut by the page."""
    rows = [[c.strip() for c in line.split("|")] for line in drawing.strip().splitlines()]
    cells = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text not in ("^", "<"):
                cells.append(_cell(rows, r, c, page, (left, top)))
    last = len(rows)
    cut = [
        cell._replace(
            open_top=cell.row == 1 and cell.column in open_top,
            open_bottom=cell.row + cell.row_span - 1 == last and cell.column in open_bottom,
        )
        for cell in cells
    ]
    return Table(
        number,
        tuple(cut),
        last,
        len(rows[0]),
        page=page,
        caption=caption,
        notes=notes,
        column_edges=edges,
        place=place,
    )


def _cell(rows: list[list[str]], r: int, c: int, page: int | None, at: tuple[float, float]) -> Cell:
    left, top = at
    text = rows[r][c]
    row_span = 1
    while r + row_span < len(rows) and rows[r + row_span][c] == "^":
        row_span += 1
    column_span = 1
    while c + column_span < len(rows[r]) and rows[r][c + column_span] == "<":
        column_span += 1
    right = left + (c + column_span) * 50.0
    box = Box(left + c * 50.0, top + r * 20.0, right, top + (r + row_span) * 20.0)
    return Cell(
        r + 1,
        c + 1,
        "" if text == "." else text.replace("\\n", "\n"),
        row_span,
        column_span,
        page,
        box if page else None,
    )


def document(*tables: Table, title: str | None = None) -> Document:
    """Wrap tables as a document of 2020."""
    front = FrontMatter(title=title, year=2020)
    return Document("drawn.pdf", "pdf", "0" * 64, "drawn", tables, front)
