"""Which line of the document a returned row is: by serial number, name, entity and part."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from common.fold import fold, fold_tight
from common.messages import message
from returns.doubtful import Doubtful, Misplaced, misplaced, shortened
from returns.names import alike, meant_name
from returns.sheet import TableRow
from returns.written import has_mark, same_unit
from schemas.records.forms import DocumentLines, FormLine, ReadCell
from schemas.vocabulary import word

#: A name that was touched up may differ so much from the printed one.
_SAME_NAME = 0.6
_MOST_NAMED = 8


@dataclass(slots=True)
class Index:
    """A document's lines, found by number and name."""

    document: DocumentLines
    by_serial: dict[int, list[FormLine]] = field(default_factory=dict)
    by_name: dict[str, list[int]] = field(default_factory=dict)
    likeness: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for line in self.document.lines:
            self.by_serial.setdefault(line.serial_no, []).append(line)
            serials = self.by_name.setdefault(fold_tight(line.indicator), [])
            if line.serial_no not in serials:
                serials.append(line.serial_no)

    def closest(self, name: str) -> str:
        """Return the name most like this one; '' where none is."""
        if name not in self.likeness:
            found = get_close_matches(name[:200], self.by_name, 1, _SAME_NAME) if name else []
            self.likeness[name] = found[0] if found else ""
        return self.likeness[name]


def line_of(row: TableRow, index: Index) -> FormLine:
    """Return the line that the row is of. Raises Misplaced where it is not clear."""
    serial = _serial(row, index)
    entity = _entity(row, index)
    lines = [line for line in index.by_serial[serial] if line.entity == entity]
    if not lines:
        name = shortened(_name(serial, index))
        raise misplaced("not_assessed", "entity", serial_no=serial, name=name, entity=entity)
    line = _part(row, lines)
    _check_unit(row, line)
    return line


def _serial(row: TableRow, index: Index) -> int:
    """Return the indicator's serial number, which number and name must not contradict."""
    name = fold_tight(row.text("indicator"))
    serial = _whole(row.cells.get("serial_no"))
    named = index.by_name.get(name, [])
    if serial is None or serial not in index.by_serial:
        return _serial_by_name(row, serial, named, index)
    if not name or serial in named:
        return serial
    if named or max(alike(name, each) for each in _names(serial, index)) < _SAME_NAME:
        raise _differing(row, serial, named, index)
    return serial


def _serial_by_name(row: TableRow, serial: int | None, named: list[int], index: Index) -> int:
    """Return the number of the one indicator of the name, where no number is written."""
    written = row.text("serial_no")
    if not named or (written and serial is not None):
        raise _unknown(row, written, index)
    if len(named) > 1:
        raise misplaced(
            "which_indicator",
            "serial_no",
            name=shortened(row.text("indicator")),
            serial_nos=_numbers(named),
        )
    return named[0]


def _differing(row: TableRow, serial: int, named: list[int], index: Index) -> Misplaced:
    name, written = shortened(_name(serial, index)), shortened(row.text("indicator"))
    if not named:
        return misplaced(
            "serial_and_name_differ.unknown",
            "serial_no",
            serial_no=serial,
            name=name,
            written=written,
        )
    return misplaced(
        "serial_and_name_differ.known",
        "serial_no",
        serial_no=serial,
        name=name,
        written=written,
        serial_nos=_numbers(named),
    )


def _numbers(serials: list[int]) -> str:
    return "、".join(map(str, serials))


def _unknown(row: TableRow, written: str, index: Index) -> Misplaced:
    name, document = shortened(row.text("indicator")), index.document.document_id
    hint = ""
    if closest := index.closest(fold_tight(row.text("indicator"))):
        serial = index.by_name[closest][0]
        like = message(
            "returns.like_indicator", serial_no=serial, name=shortened(_name(serial, index))
        )
        hint = like.zh
    if written:
        number = shortened(written)
        return misplaced(
            "unknown_indicator.number", "serial_no", written=number, document=document, hint=hint
        )
    if not name:
        return misplaced("unknown_indicator.nothing", "indicator", document=document, hint=hint)
    return misplaced(
        "unknown_indicator.name", "indicator", written=name, document=document, hint=hint
    )


_SERIAL = re.compile(r"([0-9]{1,6})(?:\.0*)?")


def _whole(cell: ReadCell | None) -> int | None:
    """Return the number that a cell is: 3, 第3项, ③; not 3③, which is one with a mark, nor 1 1."""
    if cell is None or (has_mark(cell.value) and len(cell.value.strip()) > 1):
        return None
    match = _SERIAL.fullmatch(fold(cell.value).strip("第项.,号"))
    return (int(match[1]) or None) if match else None


def _name(serial: int, index: Index) -> str:
    return index.by_serial[serial][0].indicator


def _names(serial: int, index: Index) -> set[str]:
    """Return what the indicator may be called: with and without its parent, with its unit."""
    names = {line.indicator for line in index.by_serial[serial]}
    return names | {name.rpartition("：")[2] for name in names}


def _entity(row: TableRow, index: Index) -> str:
    written = row.text("entity")
    meant = meant_name(written, index.document.entities, {}, by_likeness=False)
    if meant.name is not None:
        return meant.name
    entities = index.document.entities
    known = "、".join(meant.candidates or entities[:_MOST_NAMED])
    known += "等" if len(entities) > _MOST_NAMED else ""
    if not written:
        raise misplaced("unknown_entity.nothing", "entity", known=known)
    raise misplaced("unknown_entity.written", "entity", written=shortened(written), known=known)


def _part(row: TableRow, lines: list[FormLine]) -> FormLine:
    """Return the line of the part that the row names; its number and its text must agree."""
    if len(lines) == 1 and lines[0].part_text is None:
        return lines[0]
    number, text = _whole(row.cells.get("part_no")), fold_tight(row.text("part"))
    fitting = [
        line
        for line in lines
        if (number is None or line.part_no == number)
        and (not text or fold_tight(line.part_text or "") == text)
    ]
    if len(fitting) == 1:
        return fitting[0]
    listed = "；".join(f"{line.part_no} {line.part_text}" for line in lines)
    raise misplaced("which_part", "part_no", parts=shortened(listed))


def _check_unit(row: TableRow, line: FormLine) -> None:
    written = row.text("unit")
    if written and not same_unit(written.strip("()（）"), line.unit or ""):
        unit = line.unit or "（无）"
        raise misplaced("unit_changed", "unit", written=shortened(written), unit=unit)


def other_department(line: FormLine, department: str) -> Misplaced:
    """Return that the row's indicator is assessed by others."""
    return misplaced(
        "other_department",
        "indicator",
        serial_no=line.serial_no,
        name=shortened(line.indicator),
        others="、".join(line.departments) or word("missing", "department"),
        department=department,
    )


def matched(rows: Iterable[TableRow], index: Index) -> int:
    """Return how many rows are clearly lines of the document."""
    count = 0
    for row in rows:
        try:
            line_of(row, index)
        except Doubtful:
            continue
        count += 1
    return count
