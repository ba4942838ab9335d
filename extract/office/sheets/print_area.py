"""The print area of a sheet: what lies outside it is not printed, and is named."""

from __future__ import annotations

import re

from extract.files.package import Element, child
from extract.office.sheets.sheet import Range, Sheet, letters, reference
from extract.text.flow import Reading

_NAME = "_xlnm.Print_Area"
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_COLUMNS = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})$")
_ROWS = re.compile(r"\$?(\d{1,7}):\$?(\d{1,7})$")
_MOST_QUOTED = 10


def print_areas(workbook: Element) -> dict[int, list[Range]]:
    """Return the areas that each sheet (0-based) prints, for the sheets that have any.

    An area that is no plain list of ranges (a formula, a lost reference) says nothing.
    """
    found: dict[int, list[Range]] = {}
    names = child(workbook, "definedNames")
    for name in names if names is not None else ():
        sheet = name.get("localSheetId") or ""
        if name.get("name") == _NAME and sheet.isascii() and sheet.isdigit():
            ranges = [_range(part) for part in re.split(r",(?=(?:[^']*'[^']*')*[^']*$)", _of(name))]
            if all(ranges):
                found[int(sheet)] = [each for each in ranges if each]
    return found


def _of(name: Element) -> str:
    return (name.text or "").strip()


def _range(text: str) -> Range | None:
    place = text.rpartition("!")[2]
    if match := _COLUMNS.match(place):
        first, last = (reference(f"{each}1") for each in match.groups())
        return (1, first[1], _LAST_ROW, last[1]) if first and last else None
    if match := _ROWS.match(place):
        return int(match[1]), 1, int(match[2]), _LAST_COLUMN
    first_cell, _, last_cell = place.partition(":")
    start, end = reference(first_cell), reference(last_cell or first_cell)
    return (*start, *end) if start and end else None


def keep_printed(sheet: Sheet, areas: list[Range], reading: Reading) -> None:
    """Forget what lies outside a sheet's print areas, and note it."""
    if not areas:
        return
    outside = {place: text for place, text in sheet.texts.items() if not _within(place, areas)}
    if not outside or len(outside) == len(sheet.texts):
        return
    sheet.texts = {place: text for place, text in sheet.texts.items() if place not in outside}
    sheet.merges = [cut for merge in sheet.merges for cut in _clipped(merge, areas)]
    reading.add_note(
        "outside_print_area",
        text="、".join(list(outside.values())[:_MOST_QUOTED])[:200],
        sheet=sheet.name,
        count=len(outside),
        cells="、".join(f"{letters(column)}{row}" for row, column in list(outside)[:_MOST_QUOTED]),
    )


def _within(place: tuple[int, int], areas: list[Range]) -> bool:
    row, column = place
    return any(a <= row <= c and b <= column <= d for a, b, c, d in areas)


def _clipped(merge: Range, areas: list[Range]) -> list[Range]:
    """Return the part of a merged range that lies in the area in which it begins."""
    top, left, bottom, right = merge
    for a, b, c, d in areas:
        if a <= top <= c and b <= left <= d:
            return [(top, left, min(bottom, c), min(right, d))]
    return []
