"""Where each landed value was printed: the cell of every target, indicator field and finding.

Targets, indicators and findings carry the table, row and column of their cell, or at least its box,
which are looked up as they are. What was landed before they did is found by texts: an indicator by
the names and targets printed in its row, a target where the indicator's row (or column) crosses
its entity's column (or row). A value whose text is not found stays without a cell; nothing is
guessed to be at a cell whose text differs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from common.fold import fold_tight
from report.boxes import Boxed, edges_of
from report.review.row_places import Line, lines_of, match_lines
from report.review.target_places import TextPlaces
from schemas.records.rows import CellRow, FindingRow, IndicatorRow, TargetRow

#: The fields of an indicator that are looked for in its row, the printed order of most tables.
FIELDS = (
    "level1",
    "level2",
    "level3",
    "level4",
    "indicator",
    "base_points",
    "assessing_departments",
    "supporting_departments",
    "note",
)

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


@dataclass(slots=True)
class Places:
    """Numbers of cells in the order of ``cells``: by target, by indicator field, and by row.

    ``rows`` holds the (first, last) row and the table of each indicator; ``findings`` goes with
    the findings' order and holds None where the place is not known.
    """

    targets: dict[tuple[int, str], int] = field(default_factory=dict)
    fields: dict[tuple[int, str], int] = field(default_factory=dict)
    rows: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    findings: list[int | None] = field(default_factory=list)


def find_places(
    cells: Sequence[CellRow],
    indicators: Sequence[IndicatorRow],
    targets: Sequence[TargetRow],
    findings: Sequence[FindingRow],
) -> Places:
    """Return where the values of one document were printed."""
    places = Places()
    printed = Printed.of(cells)
    _place_as_landed(places, printed, indicators, targets)
    lines = lines_of(cells)
    _rows_of_placed(places, cells)
    _rows_of_others(places, lines, indicators, targets)
    by_row = {(line.table_no, line.row): line for line in lines}
    by_text = TextPlaces(cells, {target["entity"] for target in targets})
    for serial_no, unplaced in _unplaced(places, targets).items():
        line = by_row.get(places.rows.get(serial_no, (0, 0, 0))[:2])
        places.targets |= by_text.in_row(unplaced, line) if line else {}
    for indicator in indicators:
        _place_fields(places, indicator, by_row, cells)
    for serial_no, unplaced in _unplaced(places, targets).items():
        named = places.fields.get((serial_no, "indicator"))
        places.targets |= by_text.at_crossings(unplaced, named) if named is not None else {}
    places.findings = [_finding_cell(finding, places, printed) for finding in findings]
    return places


@dataclass(frozen=True, slots=True)
class Printed:
    """Numbers of the cells by their table, row and column, and by their page and box."""

    by_key: Mapping[tuple[int | None, ...], int]
    by_box: Mapping[tuple[float, ...], int]

    @classmethod
    def of(cls, cells: Sequence[CellRow]) -> Printed:
        """Index every cell once."""
        boxes = ((_box(cell), number) for number, cell in enumerate(cells))
        return cls(
            {_key(cell): number for number, cell in enumerate(cells)},
            {box: number for box, number in boxes if box is not None},
        )

    def number(self, row: Boxed | IndicatorRow) -> int | None:
        """Return the cell whose table, row and column a row tells; None where it tells none."""
        return self.by_key.get(_key(row))

    def number_by_box(self, row: Boxed) -> int | None:
        """Return the cell of a value or finding, by its box where nothing else is told."""
        if (found := self.number(row)) is not None:
            return found
        box = _box(row)
        return None if box is None else self.by_box.get(box)


def _key(row: Boxed | IndicatorRow) -> tuple[int | None, ...]:
    return row["table_no"], row["row"], row["column"]


def _box(row: Boxed) -> tuple[float, ...] | None:
    page, edges = row["page"], edges_of(row)
    if page is None or edges is None:
        return None
    return (page, *(round(edge, 1) for edge in edges))


def _place_as_landed(
    places: Places,
    printed: Printed,
    indicators: Iterable[IndicatorRow],
    targets: Iterable[TargetRow],
) -> None:
    for indicator in indicators:
        number = printed.number(indicator)
        if number is not None:
            places.fields[indicator["serial_no"], "indicator"] = number
    for target in targets:
        number = printed.number_by_box(target)
        if number is not None:
            places.targets[target["serial_no"], target["entity"]] = number


def _rows_of_placed(places: Places, cells: Sequence[CellRow]) -> None:
    """Narrow an indicator's rows to those that its name and all its placed targets share."""
    for (serial_no, _), number in (*places.fields.items(), *places.targets.items()):
        cell = cells[number]
        first, last = cell["row"], cell["row"] + cell["row_span"] - 1
        table_no, top, bottom = places.rows.get(serial_no, (cell["table_no"], first, last))
        if table_no == cell["table_no"] and max(first, top) <= min(last, bottom):
            places.rows[serial_no] = (table_no, max(first, top), min(last, bottom))


def _rows_of_others(
    places: Places,
    lines: Sequence[Line],
    indicators: Sequence[IndicatorRow],
    targets: Sequence[TargetRow],
) -> None:
    missing = [each for each in indicators if each["serial_no"] not in places.rows]
    texts: dict[int, list[str]] = {}
    for target in targets:
        texts.setdefault(target["serial_no"], []).append(target["target_text"] or "")
    for serial_no, line in match_lines(lines, missing, texts).items():
        places.rows[serial_no] = (line.table_no, line.row, line.row)


def _unplaced(places: Places, targets: Iterable[TargetRow]) -> dict[int, list[TargetRow]]:
    """Return the targets without a cell, by indicator."""
    found: dict[int, list[TargetRow]] = {}
    for target in targets:
        if (target["serial_no"], target["entity"]) not in places.targets:
            found.setdefault(target["serial_no"], []).append(target)
    return found


def _place_fields(
    places: Places,
    indicator: IndicatorRow,
    by_row: dict[tuple[int, int], Line],
    cells: Sequence[CellRow],
) -> None:
    """Find an indicator's own fields among the cells that cover its row and hold no target."""
    serial_no = indicator["serial_no"]
    if serial_no not in places.rows:
        return
    table_no, first, _ = places.rows[serial_no]
    line = by_row.get((table_no, first))
    printed: Mapping[str, object] = indicator
    taken = {number for key, number in places.targets.items() if key[0] == serial_no}
    for name in FIELDS:
        if (serial_no, name) in places.fields:
            continue
        for number in line.numbers if line else ():
            if number not in taken and _names(cells[number]["text"], printed[name]):
                places.fields[serial_no, name] = number
                break


def _names(text: str, value: object) -> bool:
    """Say whether a cell's text names an indicator's field: a name, one of several, or points."""
    printed = fold_tight(text)
    if value is None or not printed:
        return False
    if isinstance(value, int | float):
        return _starts_with_number(printed, value)
    if isinstance(value, list):
        return any(fold_tight(each) in printed for each in value if fold_tight(each))
    wanted = fold_tight(str(value))
    return bool(wanted) and wanted in printed


def _starts_with_number(printed: str, value: float) -> bool:
    number = _NUMBER.match(printed)
    return number is not None and float(number[0]) == value


def _finding_cell(finding: FindingRow, places: Places, printed: Printed) -> int | None:
    number = printed.number_by_box(finding)
    if number is not None:
        return number
    serial_no = finding["serial_no"]
    if serial_no is None:
        return None
    if finding["entity"] is not None and finding["field"] == "target_text":
        return places.targets.get((serial_no, finding["entity"]))
    name = {"max_points": "base_points", "level": "level3"}.get(
        finding["field"] or "", finding["field"] or "indicator"
    )
    known = (places.fields.get((serial_no, each)) for each in (name, "indicator"))
    return next((number for number in known if number is not None), None)
