"""What every workbook for people shares: texts that stay texts, looks, names of sheets."""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from array import array
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from pathlib import Path
from weakref import WeakKeyDictionary

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from common.characters import FORMULA_SIGNS, without_unfit
from common.fold import places

FONT = "宋体"
_LINE = Side(style="thin", color="808080")
BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
WRAPPED = Alignment(wrap_text=True, vertical="center")
CENTRED = Alignment(wrap_text=True, vertical="center", horizontal="center")
TITLE = Font(name=FONT, size=16, bold=True)
HEAD = Font(name=FONT, size=10, bold=True)
BODY = Font(name=FONT, size=10)
LINK = Font(name=FONT, size=10, color="0563C1", underline="single")
ALARM = Font(name=FONT, size=11, bold=True, color="C00000")

_PROPERTIES = "docProps/core.xml"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_STATED = re.compile(r"<(?:\w+:)?(identifier|keywords)(?:\s[^>]*)?>([^<]*)<")
_MOST_PROPERTIES = 2**16
#: The first day that a package can name as a part's.
_EARLIEST = (1980, 1, 1)
_MOST_CHARACTERS = 32_000
#: Places of a column on landscape paper at full size, and how small print may become, in per cent.
_LARGE, _SMALL = 205, 142
_LEAST_SCALE = 70


def fill(colour: str) -> PatternFill:
    """Return a plain background."""
    return PatternFill("solid", start_color=colour, end_color=colour)


@dataclass(frozen=True, eq=False, slots=True)
class Look:
    """How a cell looks; None leaves a part of it as it is in a new workbook."""

    font: Font = BODY
    alignment: Alignment | None = None
    border: Border | None = None
    fill: PatternFill | None = None
    protection: Protection | None = None
    number_format: str | None = None


PLAIN = Look()
#: What openpyxl makes of each look in a workbook: to find that out anew for each cell takes it
#: half of the time in which a workbook is written.
_made: WeakKeyDictionary[Workbook, dict[Look, array[int]]] = WeakKeyDictionary()


def _dress(cell: Cell, look: Look) -> None:
    known = _made.setdefault(cell.parent.parent, {})
    style = known.get(look)
    if style is not None:
        cell._style = copy(style)
        return
    for part in fields(look):
        value = getattr(look, part.name)
        if value is not None:
            setattr(cell, part.name, value)
    known[look] = copy(cell._style)


def put(cell: Cell, value: object, look: Look = PLAIN) -> Cell:
    """Write a value so that it is shown as it is: a text never becomes a formula."""
    _dress(cell, look)
    if isinstance(value, str):
        text = plain(value)[:_MOST_CHARACTERS]
        cell.value = text
        if text:
            cell.data_type = "s"
        if text.startswith(FORMULA_SIGNS):
            cell.quotePrefix = True
    else:
        cell.value = value
    return cell


def sheet_title(name: str, taken: list[str]) -> str:
    """Return a sheet's name as a workbook allows it, unlike those that are taken."""
    base = re.sub(r"[\[\]:*?/\\\x00-\x1f']", "_", plain(name)).strip() or "Sheet"
    title, number = base[:31], 1
    folded = {each.casefold() for each in taken}
    while title.casefold() in folded:
        number += 1
        title = f"{base[:26]} ({number})"
    return title


def plain(text: str) -> str:
    """Return a text without the signs that no workbook may hold."""
    return without_unfit(text)


def printed(text: str) -> str:
    """Return a text for a page's header or footer, where & begins a code."""
    return plain(text)[:120].replace("&", "&&")


def height(texts: Iterable[tuple[str, float]], most: int = 20) -> float:
    """Return the height in points of a row that shows each text whole in its column's width."""
    lines = max((_lines(text, width) for text, width in texts), default=1)
    return 14.0 * min(max(lines, 1), most) + 4


def _lines(text: str, width: float) -> int:
    """Count a text's lines: a Chinese character takes two places, and no word is cut."""
    room = max(width - 1, 1)
    return sum(-(-places(line) // int(room)) or 1 for line in text.splitlines()) or 1


@dataclass(frozen=True, slots=True)
class Paper:
    """How a sheet prints: one page wide, and one page in all where ``one_page``.

    Where it is too wide to be read so, pages of columns: ``breaks`` are the columns that a page
    ends with, ``repeated_columns`` how many of the first stand on each, ``scale`` is in per cent.
    """

    landscape: bool = True
    large: bool = False
    one_page: bool = False
    repeated_row: int | None = None
    footer: str = ""
    repeated_columns: int = 0
    breaks: tuple[int, ...] = ()
    scale: int | None = None

    def across(self, columns: int) -> int:
        """Return how many columns a title stands across: those of the first page of columns."""
        return self.breaks[0] if self.breaks else columns


def spread(paper: Paper, widths: Sequence[float], repeated: int) -> Paper:
    """Return how a sheet of such columns prints: over pages of columns where one is too narrow.

    The first ``repeated`` columns stand on every page.
    """
    room = (_LARGE if paper.large else _SMALL) * 100 / _LEAST_SCALE
    if sum(widths) <= room:
        return paper
    head = sum(widths[:repeated])
    breaks, used = [], head
    for number, width in enumerate(widths[repeated:], start=repeated + 1):
        if used + width > room and used > head:
            breaks.append(number - 1)
            used = head
        used += width
    return replace(paper, repeated_columns=repeated, breaks=tuple(breaks), scale=_LEAST_SCALE)


def set_paper(sheet: Worksheet, paper: Paper) -> None:
    """Set the sheet up for printing, page numbers beneath."""
    setup = sheet.page_setup
    setup.orientation = "landscape" if paper.landscape else "portrait"
    setup.paperSize = sheet.PAPERSIZE_A3 if paper.large else sheet.PAPERSIZE_A4
    setup.fitToWidth, setup.fitToHeight = 1, 1 if paper.one_page else 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    if paper.breaks:
        sheet.sheet_properties.pageSetUpPr.fitToPage = False
        setup.scale = paper.scale
        sheet.print_title_cols = f"A:{get_column_letter(paper.repeated_columns)}"
        for column in paper.breaks:
            sheet.col_breaks.append(Break(id=column))
    sheet.print_options.horizontalCentered = True
    if paper.repeated_row is not None:
        sheet.print_title_rows = f"{paper.repeated_row}:{paper.repeated_row}"
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top = margins.bottom = 0.6
    margins.header = margins.footer = 0.25
    if paper.footer:
        sheet.oddFooter.left.text = printed(paper.footer)
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"


def save_settled(book: Workbook, path: Path, day: date) -> None:
    """Save a workbook so that the same content gives the same bytes; ``day`` is that of its data.

    openpyxl writes the clock's time into the package and has no option for it.
    """
    made = io.BytesIO()
    book.properties.created = datetime(day.year, day.month, day.day)
    book.save(made)
    packed = max((day.year, day.month, day.day), _EARLIEST)
    moment = f"{day.isoformat()}T00:00:00Z".encode()
    with zipfile.ZipFile(made) as package, zipfile.ZipFile(path, "w") as settled:
        for info in package.infolist():
            data = package.read(info)
            if info.filename == _PROPERTIES:
                data = _MODIFIED.sub(rb"\g<1>" + moment, data)
            part = zipfile.ZipInfo(info.filename, (*packed, 0, 0, 0))
            settled.writestr(part, data, zipfile.ZIP_DEFLATED)


def same_workbook(first: Path, second: Path) -> bool:
    """Say whether two workbooks hold the same, whenever each was saved."""
    try:
        return _parts(first) == _parts(second)
    except (zipfile.BadZipFile, OSError, KeyError):
        return False


def stated_properties(path: Path) -> dict[str, str]:
    """Return what a workbook of ours says of itself: identifier and keywords; nothing of others."""
    try:
        with zipfile.ZipFile(path) as package, package.open(_PROPERTIES) as part:
            text = part.read(_MOST_PROPERTIES).decode("utf-8", "replace")
    except (zipfile.BadZipFile, zlib.error, OSError, KeyError, RuntimeError, NotImplementedError):
        return {}
    return {name: html.unescape(value) for name, value in _STATED.findall(text)}


def _parts(path: Path) -> dict[str, tuple[int, int]]:
    with zipfile.ZipFile(path) as package:
        return {
            info.filename: (info.CRC, info.file_size)
            for info in package.infolist()
            if info.filename != _PROPERTIES
        }
