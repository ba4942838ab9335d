"""The second reader: camelot reads the same PDF on its own, in a process of its own.

camelot's ``lattice`` flavour with the ``vector`` engine was chosen by measurement: it finds the
same cells as the engines that look at a picture of the page, in a tenth of their time.
"""

from __future__ import annotations

import logging
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from common.isolated import Call, Limits
from common.processes import shares_processors
from common.refusal import Refusal
from extract.page.rules import find, union

NAME = f"camelot-py {version('camelot-py')} lattice/vector"
SECONDS_BASE = 60
SECONDS_A_PAGE = 3
LOWEST_DESCENT, USUAL_DESCENT, USUAL_ASCENT = -500.0, -120.0, 880.0
"""Thousandths of a font's size."""


@dataclass(frozen=True, slots=True)
class SecondCell:
    """One cell as camelot sees it; rows, columns 1-based, box in points from the page's top left.

    Key: ``page``, ``table``, ``row``, ``column``. The box is in the media box, page turned upright.
    """

    page: int
    table: int
    row: int
    column: int
    row_span: int
    column_span: int
    x0: float
    top: float
    x1: float
    bottom: float
    text: str


class SecondReaderError(Exception):
    """The second reader gave no result; the message says why."""


Found = list[SecondCell] | str


class SecondReader:
    """camelot at work on a file, or to be set to work on it; ``result`` waits for it."""

    def __init__(self, found: Callable[[], Found]) -> None:
        self._found = found

    def result(self) -> list[SecondCell]:
        """Return the cells; raise SecondReaderError if camelot failed or took too long."""
        try:
            found = self._found()
        except Refusal as refused:
            raise SecondReaderError(refused.code) from refused
        if isinstance(found, str):
            raise SecondReaderError(found)
        return found


@contextmanager
def second_reader(path: Path, pages: Sequence[int]) -> Iterator[SecondReader]:
    """Start camelot beside the caller; end it when the caller is done or fails.

    Where other readers have work for the processor it starts when the caller waits for it.
    """
    seconds = SECONDS_BASE + SECONDS_A_PAGE * len(pages)
    limits = Limits(cpu_seconds=seconds)
    wanted = ",".join(map(str, pages))
    named = (str(path.resolve()), wanted)
    begin = partial(Call, cells_or_error, *named, limits=limits, alone=False)
    if shares_processors():
        yield SecondReader(partial(_begun_and_ended, begin))
        return
    with begin() as call:
        yield SecondReader(partial(_ended, call))


def _begun_and_ended(begin: Callable[[], Call]) -> Found:
    with begin() as call:
        return _ended(call)


def _ended(call: Call) -> Found:
    found: Found = call.result(lambda _: None)
    return found


def cells_or_error(path: str, pages: str) -> list[SecondCell] | str:
    """Return the cells, or why there are none: camelot raises whatever a file happens to break."""
    try:
        return read_cells(path, pages)
    except Exception as error:  # noqa: BLE001 - said in a note on the document
        return "".join(traceback.format_exception_only(error)).strip()


def read_cells(path: str, pages: str = "all") -> list[SecondCell]:
    """Return the cells of all ruled tables on the given pages ("all" or "1,4,5")."""
    import playa

    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    with playa.open(path, space="page") as pdf:
        sizes = [_page_size(page) for page in pdf.pages]
    with _handler(path, pages) as handler:
        tables = handler.parse(flavor="lattice", engine="vector", split_text=True)
    cells: list[SecondCell] = []
    for table in tables:
        width, height = sizes[table.page - 1]
        cells.extend(_table_cells(table, width if table.rotation else height))
    return cells


def _handler(path: str, pages: str) -> Any:
    """Return camelot's handler of a file, with fonts' wrong heights put right.

    camelot puts a line of text into the row where the middle of its glyph boxes lies, and takes
    the boxes from what fonts say of themselves, which can be a line too low.
    """
    from camelot.handlers import PDFHandler

    class Handler(PDFHandler):  # type: ignore[misc]  # camelot is untyped here
        def _get_layout(self, page: Any, **layout: Any) -> Any:
            for font in page.fonts.values():
                if not LOWEST_DESCENT <= font.descent < 0:
                    font.descent, font.ascent = USUAL_DESCENT, USUAL_ASCENT
            return super()._get_layout(page, **layout)

    return Handler(path, pages=pages)


def _page_size(page: Any) -> tuple[float, float]:
    x0, y0, x1, y1 = page.mediabox
    turned = page.rotate % 180 == 90
    return (y1 - y0, x1 - x0) if turned else (x1 - x0, y1 - y0)


def _table_cells(table: Any, page_height: float) -> Iterator[SecondCell]:
    """Yield printed cells: squares united where camelot saw no rule between them."""
    rows, columns = len(table.cells), len(table.cells[0])
    leader = list(range(rows * columns))
    for row in range(rows):
        for column in range(columns):
            here, cell = row * columns + column, table.cells[row][column]
            if column + 1 < columns and not cell.right:
                union(leader, here, here + 1)
            if row + 1 < rows and not cell.bottom:
                union(leader, here, here + columns)
    parts: dict[int, list[tuple[int, int]]] = {}
    for index in range(rows * columns):
        parts.setdefault(find(leader, index), []).append(divmod(index, columns))
    for squares in parts.values():
        yield _printed_cell(table, squares, page_height)


def _printed_cell(table: Any, squares: Sequence[tuple[int, int]], page_height: float) -> SecondCell:
    row_numbers = [row for row, _ in squares]
    column_numbers = [column for _, column in squares]
    members = [table.cells[row][column] for row, column in squares]
    return SecondCell(
        page=table.page,
        table=table.order,
        row=min(row_numbers) + 1,
        column=min(column_numbers) + 1,
        row_span=max(row_numbers) - min(row_numbers) + 1,
        column_span=max(column_numbers) - min(column_numbers) + 1,
        x0=float(min(cell.x1 for cell in members)),
        top=float(page_height - max(cell.y2 for cell in members)),
        x1=float(max(cell.x2 for cell in members)),
        bottom=float(page_height - min(cell.y1 for cell in members)),
        text="".join(cell.text for cell in members),
    )
