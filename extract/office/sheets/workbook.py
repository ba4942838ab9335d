"""A workbook's parts: shared strings, styles, sheets; each sheet as its printed, present cells."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from common.refusal import refusal
from extract.files.package import Element, Package, attribute, child, local
from extract.office.sheets.cell_look import (
    WHITE,
    Palette,
    Run,
    Style,
    cell_styles,
    font_of,
    is_set,
    palette,
    seen,
)
from extract.office.sheets.conditional import (
    Changes,
    Condition,
    conditioned,
    conditions_of,
    formats_of,
)
from extract.office.sheets.drawing import Sizes, overlays_of
from extract.office.sheets.sheet import MAX_READ, Sheet, Stored, letters, reference
from extract.text.flow import MAX_CELLS

_MAX_CONDITIONS = 200
_LOWEST = 2.0  # points
_NARROWEST = 0.3  # widths of a digit
_MAX_MERGES = 100_000
_MAX_MERGED = 20_000_000  # slots; a whole column or row may be merged by mistake, a sheet may not
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Book:
    """Reads sheets of an opened package with the book's strings and styles."""

    def __init__(self, package: Package, main: str) -> None:
        self._package = package
        self._relations = package.relations(main)
        self.root = package.tree(main)
        properties = child(self.root, "workbookPr")
        self._epoch_1904 = properties is not None and is_set(properties, "date1904")
        self._strings: list[list[Run]] = []
        self._styles: list[Style] = []
        self._formats: list[Changes] = []
        self._colors = Palette()
        if (styles := self._part("/styles")) is not None:
            root, theme = package.tree(styles), self._part("/theme")
            self._colors = palette(root, package.tree(theme) if theme is not None else None)
            self._styles = cell_styles(root, self._colors)
            self._formats = formats_of(root, self._colors)
        if (strings := self._part("/sharedStrings")) is not None:
            items = package.stream(strings, ("si",))
            self._strings = [rich_text(item, self._colors) for item in items]

    def _part(self, kind: str) -> str | None:
        """Return the name of the book's part of a kind, if it has one."""
        names = (target for each, target in self._relations.values() if each.endswith(kind))
        return next((name for name in names if name in self._package.names), None)

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
        sizes, loses_nothing = Sizes(), True
        conditions = self._conditions(part)
        styled = self._has_styled_table(part)
        for element in self._package.stream(part, ("sheetFormatPr", "row", "col", "mergeCell")):
            kind = local(element)
            if kind == "row":
                row = _number(element.get("r"), row + 1)
                read += len(element)
                if read > MAX_READ or len(sheet.texts) > MAX_CELLS:
                    raise refusal("extract.too_large.sheet", sheet=sheet.name)
                _keep_height(sizes, element, row)
                self._row(sheet, element, row, conditions, styled)
            elif kind == "col":
                _column(sheet, element, sizes)
            elif kind == "mergeCell":
                _merge(sheet, element)
            else:
                sheet.rows_hidden = is_set(element, "zeroHeight")
                loses_nothing = element.get("baseColWidth") != "8"  # which Excel leaves unsaid
                sizes.column = _size(element.get("defaultColWidth")) or sizes.column
                sizes.row = _size(element.get("defaultRowHeight")) or sizes.row
        sheet.join_spread()
        sheet.overlays = overlays_of(self._package, part, sizes)
        sheet.unsized = set() if loses_nothing else sizes.left_out()
        return sheet

    def _conditions(self, part: str) -> list[Condition]:
        found: list[Condition] = []
        for element in self._package.stream(part, ("row", "conditionalFormatting")):
            if local(element) != "row" and len(found) < _MAX_CONDITIONS:
                found += conditions_of(element, self._formats)
        return found

    def _has_styled_table(self, part: str) -> bool:
        """Say whether a sheet has a table whose style gives cells a ground of its own."""
        kinds = (kind for kind, _ in self._package.relations(part).values())
        return any(kind.endswith("/table") for kind in kinds)

    def _row(
        self, sheet: Sheet, element: Element, row: int, conditions: list[Condition], styled: bool
    ) -> None:
        if _is_folded(element, sheet):
            sheet.hidden_rows.add(row)
        column = 0
        for cell in element:
            place = reference(cell.get("r") or "")
            column = place[1] if place else column + 1
            style = self._style(cell)
            if styled and style.ground == WHITE:
                style = replace(style, ground=None)
            sheet.box(row, column, style)
            stored = _stored(cell, style)
            name = f"{letters(column)}{row}"
            if conditions:
                value = self._value(cell, stored)
                changed = conditioned(style, value, row, column, conditions)
                style = changed.style
                if changed.unsure and value != "":
                    sheet.conditional.append(name)
            sheet.put(row, column, seen(self._runs(sheet, cell, style, name), style), stored)

    def _value(self, cell: Element, stored: Stored) -> float | str:
        """Return what a condition compares: a number, or a text."""
        if stored.kind == "number" and stored.value:
            try:
                return float(stored.value)
            except ValueError:
                return stored.value
        if stored.kind == "error":
            return stored.value
        return "".join(text for text, _ in self._pieces(cell, stored.value))

    def _style(self, cell: Element) -> Style:
        index = _number(cell.get("s"), 0)
        return self._styles[index] if index < len(self._styles) else Style()

    def _runs(self, sheet: Sheet, cell: Element, style: Style, name: str) -> Sequence[Run]:
        """Return the pieces of a cell's text as its format prints it."""
        value = child(cell, "v")
        if value is None and child(cell, "f") is not None:
            sheet.uncalculated.append(name)
        raw = (value.text or "") if value is not None else ""
        if (cell.get("t") or "n") == "n" and raw:
            raw = self._shown(sheet, raw, style, name)
        return self._pieces(cell, raw)

    def _pieces(self, cell: Element, raw: str) -> Sequence[Run]:
        """Return the pieces of a cell's text; ``raw`` is what it holds, or the number of a text."""
        kind = cell.get("t") or "n"
        if kind == "s":
            index = _number(raw, -1)
            return self._strings[index] if 0 <= index < len(self._strings) else ()
        if kind == "inlineStr":
            inline = child(cell, "is")
            return rich_text(inline, self._colors) if inline is not None else ()
        if kind == "b":
            raw = {"1": "TRUE", "0": "FALSE"}.get(raw, raw)
        return ((raw, None),)

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


def rich_text(item: Element, colors: Palette) -> list[Run]:
    """Return the pieces of a string item, each with its own font."""
    runs: list[Run] = []
    for part in item:
        kind = local(part)
        if kind == "t":
            runs.append((_unescape(part.text or ""), None))
        elif kind == "r":
            text = "".join(inner.text or "" for inner in part if local(inner) == "t")
            properties = child(part, "rPr")
            font = font_of(properties, colors) if properties is not None else None
            runs.append((_unescape(text), font))
    return runs


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _column(sheet: Sheet, element: Element, sizes: Sizes) -> None:
    first, last = _number(element.get("min"), 1), _number(element.get("max"), 1)
    if is_set(element, "hidden") or _is_nothing(element.get("width"), _NARROWEST):
        sheet.hidden_columns.append((first, last))
        sizes.columns.append((first, last, 0.0))
    elif (width := _size(element.get("width"))) is not None:
        sizes.columns.append((first, last, width))


def _keep_height(sizes: Sizes, element: Element, row: int) -> None:
    if (height := _size(element.get("ht"))) is not None:
        sizes.rows[row] = height


def _size(text: str | None) -> float | None:
    """Return a width or height; None where none is stated."""
    try:
        size = float(text or "")
    except ValueError:
        return None
    return size if math.isfinite(size) and size >= 0 else None


def _is_folded(row: Element, sheet: Sheet) -> bool:
    """Say whether a row shows nothing: hidden, too low, or as all rows that say nothing else."""
    height = row.get("ht")
    if is_set(row, "hidden") or _is_nothing(height, _LOWEST):
        return True
    return sheet.rows_hidden and height is None


def _is_nothing(text: str | None, least: float) -> bool:
    """Say whether a height or width is too small to show anything."""
    size = _size(text)
    return size is not None and size < least


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
