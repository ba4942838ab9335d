"""Compares two readings of a document cell by cell, by place and by text."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from common.fold import fold_tight
from extract.notes import reader_note
from extract.page.page import Char
from extract.pdf.camelot import SecondCell
from schemas.records.document import Box, Cell, Document, ReaderNote, Table

PLACE = 4.0
"""Edges of the same cell differ by at most this (points) between the readers."""
BUCKET = 2 * PLACE
LONGEST_QUOTE = 200


@dataclass(frozen=True, slots=True)
class PageGround:
    """What the first reader knows of a page and the second does not.

    ``origin`` is the place of the media box's corner on the visible page. ``hidden`` are the
    characters that the file holds but the page does not show, or shows once though they are drawn
    twice: the second reader reports them. ``left_out`` are those that show and
    were not read: struck out, painted over, a stamp's. ``added`` are those that annotations show,
    which the second reader does not see.
    """

    origin: tuple[float, float] = (0.0, 0.0)
    hidden: tuple[Char, ...] = ()
    left_out: tuple[Char, ...] = ()
    added: tuple[Char, ...] = ()


@dataclass(slots=True)
class _PageCells:
    """The second reader's cells of one page, found by their top left corner."""

    cells: list[SecondCell] = field(default_factory=list)
    by_corner: defaultdict[tuple[int, int], list[SecondCell]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, cell: SecondCell) -> None:
        self.cells.append(cell)
        self.by_corner[round(cell.x0 / BUCKET), round(cell.top / BUCKET)].append(cell)

    def same_place(self, box: Box) -> SecondCell | None:
        """Return the cell whose four edges are those of the box."""
        column, row = round(box.x0 / BUCKET), round(box.top / BUCKET)
        near = (
            cell
            for across in (column - 1, column, column + 1)
            for down in (row - 1, row, row + 1)
            for cell in self.by_corner.get((across, down), ())
        )
        return next((cell for cell in near if _distance(cell, box) <= PLACE), None)

    def within(self, box: Box) -> Iterator[SecondCell]:
        """Yield cells that lie in the box or that the box lies in, by their middles."""
        for cell in self.cells:
            if _holds(box, (cell.x0 + cell.x1) / 2, (cell.top + cell.bottom) / 2) or (
                cell.x0 < (box.x0 + box.x1) / 2 < cell.x1
                and cell.top < (box.top + box.bottom) / 2 < cell.bottom
            ):
                yield cell


def compare(
    document: Document,
    second: Sequence[SecondCell],
    reader: str,
    ground: Mapping[int, PageGround] | None = None,
) -> Document:
    """Return the document with each cell's ``agreed`` and, where not, ``other_text`` set.

    Cells agree if their edges are the same and their visible text is, white space and look-alike
    characters folded. On a page where the second reader found nothing, cells stay uncompared and
    and a note is added, as for tables that only the second reader found.
    """
    ground = ground or {}
    pages: defaultdict[int, _PageCells] = defaultdict(_PageCells)
    for cell in second:
        pages[cell.page].add(_moved(cell, ground.get(cell.page, PageGround()).origin))
    tables = tuple(_compare_table(table, pages, ground) for table in document.tables)
    notes = (*document.notes, *_missing(document.tables, pages), *_surplus(document.tables, pages))
    return replace(document, tables=tables, notes=notes, cross_reader=reader)


def not_compared(document: Document, reason: str) -> Document:
    """Return the document with a note that the second reader gave nothing to compare."""
    note = reader_note("second_reader_failed", text=reason[:LONGEST_QUOTE], reason=reason)
    return replace(document, notes=(*document.notes, note))


def _moved(cell: SecondCell, origin: tuple[float, float]) -> SecondCell:
    left, top = origin
    return replace(
        cell, x0=cell.x0 + left, x1=cell.x1 + left, top=cell.top + top, bottom=cell.bottom + top
    )


def _compare_table(
    table: Table, pages: Mapping[int, _PageCells], ground: Mapping[int, PageGround]
) -> Table:
    page = table.page
    if page is None or page not in pages:
        return table
    known = ground.get(page, PageGround())
    cells = tuple(_compare_cell(cell, pages[page], known) for cell in table.cells)
    return replace(table, cells=cells)


def _compare_cell(cell: Cell, page: _PageCells, ground: PageGround) -> Cell:
    box = cell.box
    if box is None or any(_holds(box, char.center_x, char.center_y) for char in ground.added):
        return cell
    other = page.same_place(box)
    if other is not None and _same_text(cell, other, ground):
        return cell._replace(agreed=True)
    others = [other] if other is not None else list(page.within(box))
    text = "\n".join(filter(None, (one.text.strip() for one in others)))
    return cell._replace(agreed=False, other_text=text)


def _same_text(cell: Cell, other: SecondCell, ground: PageGround) -> bool:
    first, second = fold_tight(cell.text), fold_tight(other.text)
    if first == second:
        return True
    near = [char for char in ground.hidden if _may_be_read_in(char, other)]
    near += [char for char in ground.left_out if _stands_in(char, other)]
    ghosts = Counter(fold_tight("".join(char.text for char in near)))
    extra = Counter(second) - Counter(first)
    return bool(extra) and extra <= ghosts and _is_subsequence(first, second)


def _may_be_read_in(char: Char, cell: SecondCell) -> bool:
    """Tell whether a hidden character stands above, in or below a cell.

    The second reader gives what stands beyond the page or under another page's part of a cell
    to any cell of its column.
    """
    return cell.x0 - PLACE < char.center_x < cell.x1 + PLACE


def _stands_in(char: Char, cell: SecondCell) -> bool:
    level = cell.top - PLACE < char.center_y < cell.bottom + PLACE
    return level and _may_be_read_in(char, cell)


def _is_subsequence(part: str, whole: str) -> bool:
    rest = iter(whole)
    return all(char in rest for char in part)


def _distance(cell: SecondCell, box: Box) -> float:
    return max(
        abs(cell.x0 - box.x0),
        abs(cell.top - box.top),
        abs(cell.x1 - box.x1),
        abs(cell.bottom - box.bottom),
    )


def _holds(box: Box, x: float, y: float) -> bool:
    return box.x0 < x < box.x1 and box.top < y < box.bottom


def _missing(tables: Iterable[Table], pages: Mapping[int, _PageCells]) -> Iterator[ReaderNote]:
    """Yield a note for each page on which only the first reader found a table."""
    for page in sorted({table.page for table in tables if table.page is not None}):
        if page not in pages:
            yield reader_note("page_not_compared", page=page)


def _surplus(tables: Sequence[Table], pages: Mapping[int, _PageCells]) -> Iterator[ReaderNote]:
    """Yield a note for each table that only the second reader found."""
    areas: defaultdict[int, list[Box]] = defaultdict(list)
    for table in tables:
        if table.page is not None:
            areas[table.page].append(_area(table))
    for page in sorted(pages):
        found: defaultdict[int, list[SecondCell]] = defaultdict(list)
        for cell in pages[page].cells:
            found[cell.table].append(cell)
        for cells in found.values():
            if not any(_touches(cell, area) for cell in cells for area in areas[page]):
                yield _surplus_note(page, cells)


def _surplus_note(page: int, cells: Sequence[SecondCell]) -> ReaderNote:
    text = " ".join(filter(None, (cell.text.strip() for cell in cells)))
    box = Box(
        min(cell.x0 for cell in cells),
        min(cell.top for cell in cells),
        max(cell.x1 for cell in cells),
        max(cell.bottom for cell in cells),
    )
    return reader_note(
        "table_only_in_second_reading", text=text[:LONGEST_QUOTE], page=page, box=box
    )


def _area(table: Table) -> Box:
    boxes = [cell.box for cell in table.cells if cell.box is not None]
    area = boxes[0]
    for box in boxes[1:]:
        area = area.union(box)
    return area


def _touches(cell: SecondCell, area: Box) -> bool:
    return (
        cell.x0 < area.x1
        and area.x0 < cell.x1
        and cell.top < area.bottom
        and area.top < cell.bottom
    )
