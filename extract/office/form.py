"""Read a returned form (.xlsx, .xls or .csv): every cell with its value, its looks and its place.

Unlike the readers of notices, hidden rows are read (a filter hides rows that are filled in), and a
number comes with all its digits and its format, since 0.125 shown as 12.5% is another figure than
0.125.
"""

from __future__ import annotations

import csv
import io
import math
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from common.files import sha256_of
from common.messages import message
from common.names import shown_name
from common.refusal import Refusal, refusal
from extract.files.characters import with_fit_texts
from extract.files.encoding import decode
from extract.files.kinds import Kind, kind_of
from extract.files.package import Package
from extract.office.sheets.cell_look import Seen, clean
from extract.office.sheets.sheet import Sheet, Stored
from extract.office.sheets.workbook import Book
from schemas.records.forms import ReadBook, ReadCell, ReadSheet

_MOST_BYTES = 30 * 2**20
MOST_CELLS = 200_000
_MOST_TEXT = 33_000  # a cell of a workbook holds no more
_DATE = re.compile(r"[yYdD年日]|(?<![a-zA-Z])[hHmM]+(?![a-zA-Z])")
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def read_form(path: Path) -> ReadBook:
    """Return all sheets of a returned workbook, or a CSV file as one sheet of its name.

    Raises Refusal for a file that is neither, is damaged, or is larger than any form.
    """
    size = path.stat().st_size if path.is_file() else 0
    if size > _MOST_BYTES:
        raise refusal("extract.too_large.form", file=path.name, found=size // 2**20)
    kind = _kind_of(path)
    if kind not in _READERS:
        raise refusal("extract.not_a_form", file=path.name, kind=kind.value)
    name, read = _READERS[kind]
    return with_fit_texts(ReadBook(shown_name(path.name), name, sha256_of(path), read(path)))


def _kind_of(path: Path) -> Kind:
    try:
        return kind_of(path)
    except Refusal as refused:
        if not refused.code.startswith("unsupported_"):
            raise
        wanted = message("extract.form_wanted")
        zh = f"{refused.zh}{wanted.zh}"
        raise Refusal(refused.code, f"{refused.en}; {wanted.en}", zh) from None


@dataclass
class _FormSheet(Sheet):
    """A sheet that keeps each cell's value beside the text that it shows."""

    read: dict[tuple[int, int], ReadCell] = field(default_factory=dict)

    def put(self, row: int, column: int, printed: Seen, stored: Stored) -> None:
        super().put(row, column, printed, stored)
        shown, gone = printed.text or printed.hidden, printed.struck
        found = _value(stored, shown) or (("text", gone) if gone else None)
        if found is None:
            return
        if len(self.read) >= MOST_CELLS:
            raise refusal("extract.too_large.form_cells", file=self.name, most=MOST_CELLS)
        kind, value = found
        self.read[row, column] = ReadCell(
            row, column, kind, value[:_MOST_TEXT], shown[:_MOST_TEXT], stored.code, bool(gone)
        )

    def whole(self, hidden: bool) -> ReadSheet:
        """Return the sheet with every cell that holds anything, in order."""
        cells = tuple(self.read[place] for place in sorted(self.read))
        return ReadSheet(self.name, hidden, cells, tuple(self.merges))


def _value(stored: Stored, shown: str) -> tuple[str, str] | None:
    """Return kind and value of a cell; None for one that holds nothing."""
    if not stored.value and not shown:
        return ("formula", "") if stored.formula else None
    if stored.kind in ("error", "bool", "date"):
        return stored.kind, stored.value
    if stored.kind == "text":
        return ("text", shown) if shown.strip() else None
    return _number(stored.value, stored.code)


def _number(raw: str, code: str) -> tuple[str, str]:
    try:
        number = float(raw)
    except ValueError:
        return "text", raw
    if not math.isfinite(number):
        return "error", raw
    return ("date" if _is_date(code) else "number"), raw


def _is_date(code: str) -> bool:
    return code != "General" and _DATE.search(_QUOTED.sub("", code)) is not None


def _workbook(path: Path) -> tuple[ReadSheet, ...]:
    try:
        with Package(path) as package:
            main = package.main_part()
            if main is None:
                raise _damaged(path)
            return tuple(_sheets(Book(package, main)))
    except zipfile.BadZipFile:
        raise _damaged(path) from None


def _sheets(book: Book) -> Iterator[ReadSheet]:
    for name, part, hidden in book.sheets():
        if part is not None:
            sheet = _FormSheet(name)
            book.fill(sheet, part)
            yield sheet.whole(hidden)


def _old_workbook(path: Path) -> tuple[ReadSheet, ...]:
    from extract.office.xls import filled_sheets

    return tuple(sheet.whole(hidden) for sheet, hidden in filled_sheets(path, _FormSheet))


def _text(path: Path) -> tuple[ReadSheet, ...]:
    text = decode(path.read_bytes())
    if text is None:
        raise refusal("extract.unknown_encoding", file=path.name)
    cells = []
    try:
        for row, texts in enumerate(_rows(text), start=1):
            for column, each in enumerate(texts, start=1):
                if shown := clean(each.replace("\x00", "")).strip():
                    cells.append(ReadCell(row, column, "text", shown[:_MOST_TEXT], shown))
            if len(cells) > MOST_CELLS:
                raise _too_many_cells(path)
    except csv.Error:
        raise _damaged(path) from None
    return (ReadSheet(shown_name(path.name), False, tuple(cells)),)


def _rows(text: str) -> Iterator[list[str]]:
    sample = text[:20_000]
    delimiter = max("\t,;，", key=sample.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


_READERS = {
    Kind.XLSX: ("xlsx", _workbook),
    Kind.XLS: ("xls", _old_workbook),
    Kind.TEXT: ("csv", _text),
}


def _damaged(path: Path) -> Refusal:
    return refusal("extract.damaged.form", file=path.name)


def _too_many_cells(path: Path) -> Refusal:
    return refusal("extract.too_large.form_cells", file=path.name, most=MOST_CELLS)
