"""A returned file as read becomes its receipt: what is taken, what is refused and why.

A receipt's values become rows of the table ``returns``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from common.declared import declared
from returns.form_lines import version_of
from returns.identity import Identity, identify
from returns.matching import Index, Misplaced, line_of, other_department
from returns.numbers import Doubtful, folded
from returns.sheet import ReadTable, TableRow, read_table
from returns.values import taken_from
from schemas.records.forms import (
    FILLED,
    INFO,
    INFO_SHEET,
    REFUSED,
    WARNING,
    DocumentLines,
    FormLine,
    ReadBook,
    Receipt,
    Remark,
    ReturnedValue,
)

_KEYS = ("serial_no", "indicator", "entity")
_MOST_ABSENT = 8


def receipt_of(book: ReadBook, documents: Sequence[DocumentLines]) -> Receipt:
    """Return what a file brings. Every row that is filled in is taken, or a remark says why not.

    ``documents`` are all that are landed.
    """
    tables = [(sheet, read_table(sheet)) for sheet in book.sheets if sheet.name != INFO_SHEET]
    seen = [table for sheet, table in tables if not sheet.hidden and table.has_header]
    remarks = [*_unread(book, tables), *(remark for table in seen for remark in table.remarks)]
    rows = [row for table in seen for row in table.rows]
    if not seen:
        return _nothing(book, Identity(), [*remarks, _no_table(book)])
    identity = identify(book, rows, documents)
    if identity.document is None or identity.department is None:
        return _nothing(book, identity, [*identity.remarks, *remarks])
    return _taken(book, identity, rows, [*identity.remarks, *remarks])


def _nothing(book: ReadBook, identity: Identity, remarks: Iterable[Remark]) -> Receipt:
    document = identity.document
    return Receipt(
        book,
        document.document_id if document else None,
        document.year if document else None,
        None,
        identity.sample,
        (),
        tuple(remarks),
    )


def _unread(book: ReadBook, tables: Sequence[tuple[object, ReadTable]]) -> list[Remark]:
    """Say which sheets with something on them were passed over."""
    passed = {INFO_SHEET, *declared("returns", "returns")["labels"]["help_sheets"]}
    remarks = []
    for sheet in book.sheets:
        if sheet.name in passed or not sheet.cells:
            continue
        table = next(table for of, table in tables if of is sheet)
        if sheet.hidden:
            severity, why = (WARNING if table.has_header else INFO), "是隐藏的"
        elif not table.has_header:
            severity, why = INFO, "没有填报表的表头"
        else:
            continue
        remarks.append(
            Remark(
                severity,
                "sheet_not_read",
                "the sheet is hidden or has no headings of a form; not read",
                f"工作表“{sheet.name}”{why}，没有读取。",
                sheet.name,
            )
        )
    return remarks


def _no_table(book: ReadBook) -> Remark:
    return Remark(
        REFUSED,
        "no_table",
        "no row of headings: who is assessed, which indicator, a column to fill in",
        f"文件“{book.source_name}”中没有找到填报表的表头"
        "（应有“序号”或“指标名称”、“考核对象”，以及“实际值”等列），整份没有接收。"
        "请使用下发的填报表，不要删除表头。",
    )


def _taken(
    book: ReadBook, identity: Identity, rows: Sequence[TableRow], remarks: list[Remark]
) -> Receipt:
    document, department = identity.document, identity.department
    if document is None or department is None:
        return _nothing(book, identity, remarks)
    own = [line for line in document.lines if department in line.departments]
    index = Index(document)
    present: set[tuple[int, str, int]] = set()
    blank: set[tuple[int, str, int]] = set()
    values: list[ReturnedValue] = []
    doubtful: dict[tuple[int, str, int], TableRow] = {}
    others: list[FormLine] = []
    for row in rows:
        try:
            line = line_of(row, index)
            if department not in line.departments:
                others.append(line)
                raise other_department(line, department)
        except Misplaced as doubt:
            remarks.append(_misplaced(row, doubt))
            continue
        present.add(line.key)
        taken = taken_from(row, line)
        remarks.extend(_remark(REFUSED, row, role, doubt) for role, doubt in taken.doubts)
        remarks.extend(_remark(WARNING, row, role, doubt) for role, doubt in taken.hints)
        if taken.value is not None:
            values.append(taken.value)
            remarks.extend(_target_changed(row, line))
        elif taken.doubts:
            doubtful.setdefault(line.key, row)
        else:
            blank.add(line.key)
    if others and not present:
        return _nothing(book, identity, [_all_others(department, others), *remarks])
    values, unsure = _without_doubtful_twin(values, doubtful)
    values, twice = _once(values)
    if identity.version and identity.version != version_of(own):
        remarks.append(_old_version(identity.version))
    absent = [line for line in own if line.key not in present]
    if absent and present:
        remarks.append(_absent(absent))
    return Receipt(
        book,
        document.document_id,
        document.year,
        department,
        identity.sample,
        tuple(values),
        (*remarks, *unsure, *twice),
        unfilled=len(blank - {value.line.key for value in values}),
        absent=len(absent),
    )


def _remark(severity: str, row: TableRow, role: str, doubt: Doubtful) -> Remark:
    cell = row.cells.get(role)
    return Remark(
        severity,
        doubt.code,
        doubt.en,
        doubt.zh,
        row.sheet,
        row.row,
        row.columns.get(role),
        cell.shown or cell.value if cell else None,
    )


def _misplaced(row: TableRow, doubt: Misplaced) -> Remark:
    """Return the remark on a row that is no line: refused where something was filled in."""
    is_line = any(role in row.cells for role in FILLED[:4])
    remark = _remark(REFUSED if is_line else INFO, row, doubt.role, doubt)
    if is_line or any(role in row.cells for role in _KEYS):
        return remark
    return replace(
        remark, code="not_a_line", message="no line", message_zh="此行不是填报内容，没有读取。"
    )


def _target_changed(row: TableRow, line: FormLine) -> list[Remark]:
    written = folded(row.text("target"))
    if not written or line.target_text is None or written == folded(line.target_text):
        return []
    doubt = Doubtful(
        "target_changed",
        "the target is not the document's",
        f"目标值与文件不同，文件为“{line.target_text[:60]}”。数据已接收，目标仍以文件为准。",
    )
    return [_remark(WARNING, row, "target", doubt)]


def _without_doubtful_twin(
    values: list[ReturnedValue], doubtful: Mapping[tuple[int, str, int], TableRow]
) -> tuple[list[ReturnedValue], list[Remark]]:
    """Leave out the lines of which another row was refused: which of the two is meant is open."""
    remarks = [
        Remark(
            REFUSED,
            "line_twice",
            f"line {value.line.key} stands twice, and one of the rows was refused",
            f"第 {value.line.serial_no} 项“{value.line.entity}”与“{row.sheet}”第 {row.row} 行重复，"
            "而那一行有问题被退回，这一行也没有接收。请只保留正确的一行。",
            value.sheet,
            value.row,
        )
        for value in values
        if (row := doubtful.get(value.line.key)) is not None
    ]
    return [value for value in values if value.line.key not in doubtful], remarks


def _once(values: list[ReturnedValue]) -> tuple[list[ReturnedValue], list[Remark]]:
    """Return each line's value once; a line that says two things is not taken at all."""
    by_key: dict[tuple[int, str, int], list[ReturnedValue]] = {}
    for value in values:
        by_key.setdefault(value.line.key, []).append(value)
    kept, remarks = [], []
    for same in by_key.values():
        agree = len({_content(value) for value in same}) == 1
        if agree:
            kept.append(same[0])
        if len(same) > 1:
            remarks += [_twice(value, same, agree) for value in same[1 if agree else 0 :]]
    return kept, remarks


def _content(value: ReturnedValue) -> tuple[object, ...]:
    return (
        value.actual_value,
        value.actual_text if value.actual_value is None else None,
        value.awarded_pct,
        value.benchmark_value,
        value.veto,
        value.grounds,
    )


def _twice(value: ReturnedValue, same: Sequence[ReturnedValue], agree: bool) -> Remark:
    others = "、".join(
        f"第 {each.row} 行" if each.sheet == value.sheet else f"“{each.sheet}”第 {each.row} 行"
        for each in same
        if each is not value
    )
    line = value.line
    part = f"第 {line.part_no} 部分" if line.part_text else ""
    name = f"第 {line.serial_no} 项“{line.entity}”{part}"
    if agree:
        zh = f"{name}与{others}重复，内容相同，只按一行接收。"
    else:
        zh = f"{name}与{others}重复，内容不同，都没有接收。请只保留正确的一行。"
    return Remark(
        WARNING if agree else REFUSED,
        "line_twice",
        f"line {line.key} stands {len(same)} times",
        zh,
        value.sheet,
        value.row,
    )


def _absent(lines: Sequence[FormLine]) -> Remark:
    """Name the lines of a form that stand in no row: perhaps they were deleted."""
    entities: dict[int, list[str]] = {}
    for line in lines:
        named = entities.setdefault(line.serial_no, [])
        if line.entity not in named:
            named.append(line.entity)
    listed = [f"第 {number} 项（{'、'.join(names)}）" for number, names in entities.items()]
    more = f"等 {len(listed)} 项" if len(listed) > _MOST_ABSENT else ""
    return Remark(
        INFO,
        "lines_absent",
        f"{len(lines)} lines of the form stand in no row",
        f"表中缺少 {len(lines)} 行：{'；'.join(listed[:_MOST_ABSENT])}{more}。"
        "如是误删，请补上后再交；只补报或更正部分行的，不用理会，以前接收的仍然有效。",
    )


def _all_others(department: str, others: Sequence[FormLine]) -> Remark:
    names = "、".join(dict.fromkeys(name for line in others for name in line.departments))
    return Remark(
        REFUSED,
        "wrong_department",
        f"no row is {department}'s; they are assessed by {names}",
        f"表中没有一行是{department}考核的指标（它们由{names[:100]}考核），整份没有接收。"
        "请核对是否填错了部门或交错了表。",
    )


def _old_version(version: str) -> Remark:
    return Remark(
        WARNING,
        "other_version",
        f"the form is of version {version}; its lines have changed since",
        "这份填报表下发之后，文件的指标有过更正。各行已逐行核对后接收；请重新下发填报表。",
    )


Row = dict[str, Any]


def return_rows(receipt: Receipt, received_on: date, landed: Iterable[Row]) -> list[Row]:
    """Return the rows of ``returns`` that a receipt adds to those that are landed.

    A row of this very file that is landed already is not returned again. ``revision`` goes on from
    the highest landed for the same indicator, entity and part, whichever department it came from.
    """
    revisions: dict[tuple[Any, ...], int] = {}
    there: set[tuple[Any, ...]] = set()
    for row in landed:
        line = _line_key(row)
        revisions[line] = max(revisions.get(line, 0), int(row["revision"]))
        there.add((row["source_sha256"], row["source_sheet"], row["source_row"]))
    rows = []
    for value in receipt.values:
        row = _row(receipt, value, received_on)
        if (row["source_sha256"], row["source_sheet"], row["source_row"]) not in there:
            rows.append(row | {"revision": revisions.get(_line_key(row), 0) + 1})
    return rows


def _line_key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["serial_no"], row["entity"], row["part_no"]


def _row(receipt: Receipt, value: ReturnedValue, received_on: date) -> Row:
    line = value.line
    return {
        "document_id": receipt.document_id,
        "indicator_id": line.indicator_id,
        "serial_no": line.serial_no,
        "entity": line.entity,
        "part_no": line.part_no if line.part_text is not None else None,
        "actual_value": value.actual_value,
        "actual_text": value.actual_text,
        "awarded_pct": value.awarded_pct,
        "benchmark_value": value.benchmark_value,
        "veto": value.veto,
        "grounds": value.grounds,
        "department": receipt.department,
        "received_on": received_on,
        "revision": 1,
        "source_name": receipt.book.source_name,
        "source_sheet": value.sheet,
        "source_row": value.row,
        "source_sha256": receipt.book.source_sha256,
        "sample": receipt.sample,
        "indicator": line.indicator,
    }
