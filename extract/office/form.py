"""Read a returned form (.xlsx or .csv): every cell with its value, its looks and its place.

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
from pathlib import Path

from common.files import sha256_of
from common.messages import message
from common.names import shown_name
from common.refusal import Refusal, refusal
from extract.files.encoding import decode
from extract.files.kinds import Kind, kind_of
from extract.files.package import Element, Package, child
from extract.office.workbook import Book, Sheet, Style, clean, reference
from schemas.records.forms import ReadBook, ReadCell, ReadSheet

_MOST_BYTES = 30 * 2**20
_MOST_CELLS = 200_000
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
    if kind not in (Kind.XLSX, Kind.TEXT):
        raise refusal("extract.not_a_form", file=path.name, kind=kind.value)
    sheets = _workbook(path) if kind is Kind.XLSX else _text(path)
    name = "xlsx" if kind is Kind.XLSX else "csv"
    return ReadBook(shown_name(path.name), name, sha256_of(path), sheets)


def _kind_of(path: Path) -> Kind:
    try:
        return kind_of(path)
    except Refusal as refused:
        if not refused.code.startswith("unsupported_"):
            raise
        wanted = message("extract.form_wanted")
        zh = f"{refused.zh}{wanted.zh}"
        raise Refusal(refused.code, f"{refused.en}; {wanted.en}", zh) from None


class _FormBook(Book):
    """A book that keeps each cell's value beside the text that it shows."""

    def __init__(self, package: Package, main: str) -> None:
        super().__init__(package, main)
        self._read: list[ReadCell] = []

    def form_sheet(self, name: str, part: str, hidden: bool) -> ReadSheet:
        """Return a sheet with every cell that holds anything."""
        self._read = []
        sheet = self.sheet(name, part)
        by_place = {(cell.row, cell.column): cell for cell in self._read}
        cells = tuple(by_place[place] for place in sorted(by_place))
        return ReadSheet(name, hidden, cells, tuple(sheet.merges))

    def _text(self, sheet: Sheet, cell: Element, style: Style, name: str) -> str:
        before = len(sheet.struck)
        shown = super()._text(sheet, cell, style, name)
        struck = len(sheet.struck) > before
        place = reference(name)
        read = _value(cell, style, shown)
        if place is not None and (read is not None or struck):
            kind, value = read or ("text", sheet.struck[-1].partition("：")[2])
            if len(self._read) >= _MOST_CELLS:
                raise _too_many_cells(self._package.path)
            self._read.append(
                ReadCell(*place, kind, value[:_MOST_TEXT], shown[:_MOST_TEXT], style.code, struck)
            )
        return shown


def _value(cell: Element, style: Style, shown: str) -> tuple[str, str] | None:
    """Return kind and value of a cell; None for one that holds nothing."""
    value = child(cell, "v")
    raw = (value.text or "").strip() if value is not None else ""
    kind = cell.get("t") or "n"
    if not raw and not shown:
        return ("formula", "") if child(cell, "f") is not None else None
    if kind in ("e", "b"):
        return {"e": "error", "b": "bool"}[kind], raw
    if kind == "d":
        return "date", raw
    if kind != "n":
        return ("text", shown) if shown.strip() else None
    return _number(raw, style)


def _number(raw: str, style: Style) -> tuple[str, str]:
    try:
        number = float(raw)
    except ValueError:
        return "text", raw
    if not math.isfinite(number):
        return "error", raw
    return ("date" if _is_date(style.code) else "number"), raw


def _is_date(code: str) -> bool:
    return code != "General" and _DATE.search(_QUOTED.sub("", code)) is not None


def _workbook(path: Path) -> tuple[ReadSheet, ...]:
    try:
        with Package(path) as package:
            main = package.main_part()
            if main is None:
                raise _damaged(path)
            book = _FormBook(package, main)
            return tuple(
                book.form_sheet(name, part, hidden)
                for name, part, hidden in book.sheets()
                if part is not None
            )
    except zipfile.BadZipFile:
        raise _damaged(path) from None


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
            if len(cells) > _MOST_CELLS:
                raise _too_many_cells(path)
    except csv.Error:
        raise _damaged(path) from None
    return (ReadSheet(shown_name(path.name), False, tuple(cells)),)


def _rows(text: str) -> Iterator[list[str]]:
    sample = text[:20_000]
    delimiter = max("\t,;，", key=sample.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _damaged(path: Path) -> Refusal:
    return refusal("extract.damaged.form", file=path.name)


def _too_many_cells(path: Path) -> Refusal:
    return refusal("extract.too_large.form_cells", file=path.name, most=_MOST_CELLS)
