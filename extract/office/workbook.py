"""A workbook's parts: shared strings, styles, sheets; each sheet as its printed, present cells."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from common.refusal import refusal
from extract.files.package import Element, Package, attribute, child, local
from extract.office.number_format import BUILTIN, UNKNOWN, show
from extract.text.flow import MAX_CELLS
from extract.text.raised import superscript

Range = tuple[int, int, int, int]  # first row, first column, last row, last column; 1-based

_ON = frozenset({"1", "true", "on"})
_MAX_READ = 1_000_000
_MAX_MERGES = 100_000
_MAX_MERGED = 20_000_000  # slots; a whole column or row may be merged by mistake, a sheet may not
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})$")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Style:
    """What of a cell's style decides how it prints."""

    code: str = "General"
    struck: bool = False
    boxed: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    """What a cell holds, apart from how it prints: a number with all its digits and its format.

    ``kind`` is number, text, bool, error or date (written as one); ``value`` is as stored, '' for
    nothing; ``formula``: it is calculated.
    """

    kind: str
    value: str
    code: str
    formula: bool = False


@dataclass
class Sheet:
    """One sheet's present cells by place, and what was met that a cell cannot hold."""

    name: str
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    boxed_rows: set[int] = field(default_factory=set)
    merges: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    uncalculated: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)

    def column_hidden(self, column: int) -> bool:
        """Say whether a column is hidden."""
        return any(first <= column <= last for first, last in self.hidden_columns)

    def show(self, number: float, code: str, name: str, *, epoch_1904: bool) -> str | None:
        """Return a number as its format prints it; what is not sure of that is kept by name."""
        shown = _show(number, code, epoch_1904) if math.isfinite(number) else None
        if shown is None or not shown[1]:
            self.unsure.append(name)
        return shown[0] if shown is not None else None

    def put(self, row: int, column: int, printed: tuple[str, str], stored: Stored) -> None:
        """Keep a cell's text; ``printed`` is that and, apart, what of the cell is struck out."""
        del stored  # a notice says what it prints
        text, gone = printed
        if gone:
            self.struck.append(f"{letters(column)}{row}：{gone}")
        if text:
            self.texts[row, column] = text


@dataclass(frozen=True, slots=True)
class Printed:
    """A sheet of a workbook, whether it is hidden as a whole, and the areas that it prints."""

    sheet: Sheet
    hidden: bool
    areas: list[Range]


def is_set(element: Element, name: str) -> bool:
    """Say whether a boolean attribute is set."""
    return (element.get(name) or "").lower() in _ON


def reference(text: str) -> tuple[int, int] | None:
    """Return row and column of a reference such as B12; None for anything else."""
    match = _REFERENCE.match(text)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def letters(column: int) -> str:
    """Return a column's letters: 1 is A, 28 is AB."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


class Book:
    """Reads sheets of an opened package with the book's strings and styles."""

    def __init__(self, package: Package, main: str) -> None:
        self._package = package
        self._relations = package.relations(main)
        self.root = package.tree(main)
        properties = child(self.root, "workbookPr")
        self._epoch_1904 = properties is not None and is_set(properties, "date1904")
        self._strings: list[tuple[str, str]] = []
        self._styles: list[Style] = []
        for kind, target in self._relations.values():
            if kind.endswith("/sharedStrings") and target in package.names:
                self._strings = [rich_text(item) for item in package.stream(target, ("si",))]
            elif kind.endswith("/styles") and target in package.names:
                self._styles = _styles(package.tree(target))

    def sheets(self) -> list[tuple[str, str | None, bool]]:
        """Return each sheet's name, part (None for a sheet that is no table) and hidden state."""
        listed = child(self.root, "sheets")
        found: list[tuple[str, str | None, bool]] = []
        for sheet in listed if listed is not None else ():
            kind, target = self._relations.get(attribute(sheet, "id") or "", ("", ""))
            part = target if kind.endswith("/worksheet") and target in self._package.names else None
            hidden = (sheet.get("state") or "visible") != "visible"
            found.append((sheet.get("name") or "", part, hidden))
        return found

    def fill(self, sheet: Sheet, part: str) -> Sheet:
        """Put the cells of a part into the sheet and return it; only cells that are present."""
        row = read = 0
        for element in self._package.stream(part, ("row", "col", "mergeCell")):
            kind = local(element)
            if kind == "row":
                row = _number(element.get("r"), row + 1)
                read += len(element)
                if read > _MAX_READ or len(sheet.texts) > MAX_CELLS:
                    raise refusal("extract.too_large.sheet", sheet=sheet.name)
                self._row(sheet, element, row)
            elif kind == "col":
                _column(sheet, element)
            else:
                _merge(sheet, element)
        return sheet

    def _row(self, sheet: Sheet, element: Element, row: int) -> None:
        if is_set(element, "hidden") or element.get("ht") in ("0", "0.0"):
            sheet.hidden_rows.add(row)
        column = 0
        for cell in element:
            place = reference(cell.get("r") or "")
            column = place[1] if place else column + 1
            style = self._style(cell)
            if style.boxed:
                sheet.boxed_rows.add(row)
            printed = self._text(sheet, cell, style, f"{letters(column)}{row}")
            sheet.put(row, column, as_printed(*printed, struck=style.struck), _stored(cell, style))

    def _style(self, cell: Element) -> Style:
        index = _number(cell.get("s"), 0)
        return self._styles[index] if index < len(self._styles) else Style()

    def _text(self, sheet: Sheet, cell: Element, style: Style, name: str) -> tuple[str, str]:
        """Return a cell's printed text, '' for none, and apart what of it is struck out."""
        value = child(cell, "v")
        if value is None and child(cell, "f") is not None:
            sheet.uncalculated.append(name)
        raw = (value.text or "") if value is not None else ""
        kind = cell.get("t") or "n"
        if kind == "n" and raw:
            raw = self._shown(sheet, raw, style, name)
        return self._printed(cell, kind, raw)

    def _printed(self, cell: Element, kind: str, raw: str) -> tuple[str, str]:
        """Return the text of a cell's value and, apart, what of it is struck out."""
        if kind == "s":
            index = _number(raw, -1)
            return self._strings[index] if 0 <= index < len(self._strings) else ("", "")
        if kind == "inlineStr":
            inline = child(cell, "is")
            return rich_text(inline) if inline is not None else ("", "")
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(raw, raw), ""
        return raw, ""

    def _shown(self, sheet: Sheet, raw: str, style: Style, name: str) -> str:
        try:
            number = float(raw)
        except ValueError:
            number = math.nan
        shown = sheet.show(number, style.code, name, epoch_1904=self._epoch_1904)
        return raw if shown is None else shown


_KINDS = {"n": "number", "b": "bool", "e": "error", "d": "date"}


def _stored(cell: Element, style: Style) -> Stored:
    value = child(cell, "v")
    raw = (value.text or "").strip() if value is not None else ""
    kind = _KINDS.get(cell.get("t") or "n", "text")
    return Stored(kind, raw, style.code, child(cell, "f") is not None)


def as_printed(text: str, gone: str, *, struck: bool) -> tuple[str, str]:
    """Return a cell's text without needless spaces and what is struck out, all where ``struck``."""
    text = clean(text)
    return ("", text) if struck and text else (text, gone)


@lru_cache(maxsize=4096)
def _show(number: float, code: str, epoch_1904: bool) -> tuple[str, bool]:
    shown = show(number, code, epoch_1904=epoch_1904)
    return shown.text, shown.sure


def clean(text: str) -> str:
    """Return text with one kind of line end, without spaces at the ends of its lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.strip() for line in text.split("\n")).strip("\n")


def rich_text(item: Element) -> tuple[str, str]:
    """Return the text of a string item and, apart, what of it is struck out."""
    parts: list[str] = []
    struck: list[str] = []
    for part in item:
        kind = local(part)
        if kind == "t":
            parts.append(part.text or "")
        elif kind == "r":
            text = "".join(inner.text or "" for inner in part if local(inner) == "t")
            properties = child(part, "rPr")
            if properties is not None and _toggled(properties, "strike"):
                struck.append(text)
            elif properties is not None and _raised(properties):
                parts.append(superscript(text))
            else:
                parts.append(text)
    return _unescape("".join(parts)), _unescape("".join(struck)).strip()


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _toggled(properties: Element, name: str) -> bool:
    found = child(properties, name)
    return found is not None and (found.get("val") or "1").lower() in _ON


def _raised(properties: Element) -> bool:
    found = child(properties, "vertAlign")
    return found is not None and found.get("val") == "superscript"


def _styles(root: Element) -> list[Style]:
    """Return the cell styles by number."""
    codes = dict(BUILTIN)
    for entry in _entries(root, "numFmts"):
        codes[_number(entry.get("numFmtId"), 0)] = entry.get("formatCode") or "General"
    struck = [_toggled(font, "strike") for font in _entries(root, "fonts")]
    boxed = [_is_boxed(border) for border in _entries(root, "borders")]

    def at(flags: list[bool], index: str | None) -> bool:
        number = _number(index, 0)
        return flags[number] if number < len(flags) else False

    return [
        Style(
            codes.get(_number(entry.get("numFmtId"), 0), UNKNOWN),
            at(struck, entry.get("fontId")),
            at(boxed, entry.get("borderId")),
        )
        for entry in _entries(root, "cellXfs")
    ]


def _entries(root: Element, name: str) -> Iterable[Element]:
    found = child(root, name)
    return [part for part in found if local(part)] if found is not None else []


def _is_boxed(border: Element) -> bool:
    """Say whether a border has an upright side: a line under a title makes no table."""
    sides = [side for side in border if local(side) in ("left", "right", "start", "end")]
    return any((side.get("style") or "none") != "none" for side in sides)


def _column(sheet: Sheet, element: Element) -> None:
    if is_set(element, "hidden") or element.get("width") in ("0", "0.0"):
        sheet.hidden_columns.append(
            (_number(element.get("min"), 1), _number(element.get("max"), 1))
        )


def _merge(sheet: Sheet, element: Element) -> None:
    first, _, last = (element.get("ref") or "").partition(":")
    start, end = reference(first), reference(last or first)
    if start is None or end is None or start == end:
        return
    if len(sheet.merges) >= _MAX_MERGES:
        raise refusal("extract.too_large.sheet", sheet=sheet.name)
    rows, columns = sorted((start[0], end[0])), sorted((start[1], end[1]))
    if (rows[1] - rows[0] + 1) * (columns[1] - columns[0] + 1) > _MAX_MERGED:
        raise refusal("extract.huge_range", sheet=sheet.name, range=element.get("ref"))
    sheet.merges.append((rows[0], columns[0], rows[1], columns[1]))


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else default
