"""Reads an OFD document: its pages, drawn anew as a PDF's, go the way of every printed page."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from common.files import sha256_of
from common.refusal import Refusal, refusal
from extract.ofd.beside import notes_beside
from extract.ofd.container import OfdPackage
from extract.ofd.document import open_documents
from extract.ofd.objects import Outside
from extract.ofd.redraw import Redrawn, redraw
from extract.pdf.reader import read_pdf
from schemas.records.document import Cell, Document, Seen, Table
from schemas.records.source import Supplier

NAME = "ofd"
MOST_NAMED = 5


def read_ofd(
    path: Path, *, cross_check: bool = False, supplier: Supplier = Supplier.QUICK
) -> Document:
    """Return an OFD document's tables of printed cells; with ``cross_check``, compared.

    Raises Refusal for a file that is damaged, encrypted, a bomb or without any table, and for all
    that :func:`extract.pdf.reader.read_pdf` refuses.
    """
    path = Path(path)
    with tempfile.TemporaryDirectory() as folder, OfdPackage(path) as package:
        printed = Path(folder) / path.name
        drawn = redraw(package, printed)
        beside = list(notes_beside(package, open_documents(package)))
        document = _read(path, printed, drawn, cross_check, supplier)
    return replace(
        document,
        tables=tuple(_doubted(table, drawn) for table in document.tables),
        source_format="ofd",
        source_sha256=sha256_of(path),
        reader=f"{NAME} + {document.reader}",
        notes=(*drawn.notes, *document.notes, *beside),
    )


def _read(
    path: Path, printed: Path, drawn: Redrawn, cross_check: bool, supplier: Supplier
) -> Document:
    try:
        return read_pdf(printed, cross_check=cross_check, supplier=supplier)
    except Refusal as refused:
        if refused.code != "no_table" or not drawn.unreadable:
            raise
        numbers = "、".join(map(str, drawn.unreadable[:MOST_NAMED]))
        raise refusal("extract.damaged.ofd_pages", file=path.name, numbers=numbers) from refused


def _doubted(table: Table, drawn: Redrawn) -> Table:
    """Put the cells in doubt that hold text outside its boundary: it may not be seen."""
    outside = [each for page, each in drawn.outside if page == table.page]
    if not outside:
        return table
    return replace(table, cells=tuple(_with_doubt(cell, outside) for cell in table.cells))


def _with_doubt(cell: Cell, outside: Sequence[Outside]) -> Cell:
    box = cell.box
    if box is None:
        return cell
    held = [e for e in outside if box.x0 < e.x < box.x1 and box.top < e.y < box.bottom]
    text = "".join(each.text for each in held)
    return cell._replace(seen=(*cell.seen, Seen("outside", text))) if text else cell


def draw_as_pdf(path: Path, drawn: Path) -> None:
    """Write a PDF that shows what an OFD document's pages show, seals too, for pictures of them.

    Raises Refusal as :func:`read_ofd` does.
    """
    with OfdPackage(path) as package:
        redraw(package, drawn, sealed=True)
