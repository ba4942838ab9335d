"""Which line of the document a returned row is: by serial number, name, entity and part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from returns.names import alike, meant_name
from returns.numbers import Doubtful, folded, same_unit, shortened
from returns.sheet import TableRow
from schemas.records.forms import DocumentLines, FormLine, ReadCell

#: A name that was touched up may differ so much from the printed one.
_SAME_NAME = 0.6


class Misplaced(Doubtful):
    """A row that is no line of the form; ``role`` is the cell that tells so."""

    def __init__(self, role: str, code: str, en: str, zh: str) -> None:
        super().__init__(code, en, zh)
        self.role = role


@dataclass(slots=True)
class Index:
    """A document's lines, found by what a row says."""

    document: DocumentLines
    by_serial: dict[int, list[FormLine]] = field(default_factory=dict)
    by_name: dict[str, list[int]] = field(default_factory=dict)
    likeness: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for line in self.document.lines:
            self.by_serial.setdefault(line.serial_no, []).append(line)
            serials = self.by_name.setdefault(folded(line.indicator), [])
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
        raise Misplaced(
            "entity",
            "not_assessed",
            f"indicator {serial} is not assessed for {entity}",
            f"第 {serial} 项“{shortened(_name(serial, index))}”不考核“{entity}”，不需要填报。",
        )
    line = _part(row, lines)
    _check_unit(row, line)
    return line


def _serial(row: TableRow, index: Index) -> int:
    """Return the indicator's serial number, which number and name must not contradict."""
    written, name = row.text("serial_no"), folded(row.text("indicator"))
    serial = _whole(row.cells.get("serial_no"))
    named = index.by_name.get(name, [])
    if serial is None or serial not in index.by_serial:
        if not named or (written and serial is not None):
            raise _unknown(row, written, index)
        if len(named) > 1:
            numbers = "、".join(map(str, named))
            raise Misplaced(
                "serial_no",
                "which_indicator",
                f"no serial number, and the name is that of {numbers}",
                f"没有序号，而名称“{shortened(row.text('indicator'))}”同时是第 {numbers} 项的名称。"
                "请补上序号。",
            )
        return named[0]
    if not name or serial in named:
        return serial
    if named or max(alike(name, each) for each in _names(serial, index)) < _SAME_NAME:
        raise Misplaced(
            "serial_no",
            "serial_and_name_differ",
            f"{serial} is another indicator than the one named",
            f"序号 {serial} 是“{shortened(_name(serial, index))}”，"
            f"此行写的却是“{shortened(row.text('indicator'))}”"
            + (f"（第 {'、'.join(map(str, named))} 项）" if named else "")
            + "。请核对序号和指标名称。",
        )
    return serial


def _unknown(row: TableRow, written: str, index: Index) -> Misplaced:
    name = row.text("indicator")
    hint = ""
    if closest := index.closest(folded(name)):
        serial = index.by_name[closest][0]
        hint = f"是否为第 {serial} 项“{shortened(_name(serial, index))}”？"
    said = f"序号“{shortened(written)}”" if written else f"“{shortened(name)}”" if name else "此行"
    return Misplaced(
        "serial_no" if written else "indicator",
        "unknown_indicator",
        f"{written or name!r} is no indicator of {index.document.document_id}",
        f"{said}不是文件“{index.document.document_id}”中的指标，没有接收。{hint}"
        "请按下发的填报表核对序号和指标名称。",
    )


def _whole(cell: ReadCell | None) -> int | None:
    if cell is None:
        return None
    text = folded(cell.value).strip("第项.、号")
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if number == number // 1 and 0 < number < 1e6 else None


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
    known = "、".join(meant.candidates or index.document.entities[:8])
    said = f"“{shortened(written)}”不是文件中的考核对象" if written else "没有写考核对象"
    raise Misplaced(
        "entity",
        "unknown_entity",
        f"{written!r} is none of the entities",
        f"{said}。应为：{known}{'等' if len(index.document.entities) > 8 else ''}。",
    )


def _part(row: TableRow, lines: list[FormLine]) -> FormLine:
    """Return the line of the part that the row says; its number and its text must agree."""
    if len(lines) == 1 and lines[0].part_text is None:
        return lines[0]
    number, text = _whole(row.cells.get("part_no")), folded(row.text("part"))
    fitting = [
        line
        for line in lines
        if (number is None or line.part_no == number)
        and (not text or folded(line.part_text or "") == text)
    ]
    if len(fitting) == 1:
        return fitting[0]
    listed = "；".join(f"{line.part_no} {line.part_text}" for line in lines)
    raise Misplaced(
        "part_no",
        "which_part",
        f"{len(fitting)} of {len(lines)} parts fit what the row says",
        f"此项目标分为几部分（{shortened(listed)}），此行没有写清是哪一部分。"
        "请按下发的填报表填写“分项”。",
    )


def _check_unit(row: TableRow, line: FormLine) -> None:
    written = row.text("unit")
    if written and not same_unit(written.strip("()（）"), line.unit or ""):
        raise Misplaced(
            "unit",
            "unit_changed",
            f"unit {written!r}, the document has {line.unit!r}",
            f"计量单位被改成了“{shortened(written)}”，文件规定为“{line.unit or '（无）'}”。"
            "请按文件的单位换算，并恢复计量单位。",
        )


def other_department(line: FormLine, department: str) -> Misplaced:
    """Say that the row's indicator is assessed by others."""
    others = "、".join(line.departments) or "（文件未印考核单位）"
    return Misplaced(
        "indicator",
        "other_department",
        f"indicator {line.serial_no} is assessed by {others}, not by {department}",
        f"第 {line.serial_no} 项“{shortened(line.indicator)}”由{others}考核，"
        f"不是{department}，没有接收。",
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
