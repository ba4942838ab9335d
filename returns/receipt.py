"""A returned file as read becomes its receipt: what is taken, what is refused and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from common.declared import declared_list
from common.fold import fold_tight
from returns.doubtful import At, Doubtful, Misplaced, doubtful, named_lines, remark, shortened
from returns.form_lines import version_of
from returns.identity import Identity, identify
from returns.matching import Index, line_of, other_department
from returns.one_figure import Figure, taken_for_each
from returns.sheet import ReadTable, TableRow, read_table
from returns.signatures import Signed, signed_of, signs
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
    ReadSheet,
    Receipt,
    Remark,
    ReturnedValue,
    open_mark,
)

_KEYS = ("serial_no", "indicator", "entity")
_MOST_ABSENT = 8
_Key = tuple[int, str, int]


def receipt_of(book: ReadBook, documents: Sequence[DocumentLines]) -> Receipt:
    """Return what a file brings. Every row that is filled in is taken, or a remark tells why not.

    ``documents`` are all that are landed.
    """
    tables = [(sheet, read_table(sheet)) for sheet in book.sheets if sheet.name != INFO_SHEET]
    seen = [table for sheet, table in tables if not sheet.hidden and table.has_header]
    remarks = [*_unread(tables), *chain.from_iterable(table.remarks for table in seen)]
    if not seen:
        no_table = remark("no_table", REFUSED, file=book.source_name)
        return _nothing(book, Identity(), [*remarks, no_table])
    rows = [*chain.from_iterable(table.rows for table in seen)]
    identity = identify(book, rows, documents)
    receipt = _of_identified(book, identity, rows, [*identity.remarks, *remarks])
    return replace(receipt, remarks=_with_names(rows, _at_seen_cells(book, receipt.remarks)))


def _with_names(rows: Sequence[TableRow], remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    """Let remarks on rows name the indicator and the entity that stand there."""
    by_place = {(row.sheet, row.row): row for row in rows}

    def named(each: Remark) -> Remark:
        row = by_place.get((each.sheet or "", each.row or 0))
        if row is None or row.sum_word() is not None or not row.text("entity"):
            return each
        texts = (row.text("serial_no"), row.text("indicator"), row.text("part"))
        indicator = shortened(" ".join(filter(None, texts))) or None
        return replace(each, indicator=indicator, entity=shortened(row.text("entity")))

    return tuple(map(named, remarks))


def _at_seen_cells(book: ReadBook, remarks: Sequence[Remark]) -> tuple[Remark, ...]:
    """Let remarks point to the cells that are seen: the first of cells merged within a row."""
    across = {sheet.name: sheet.across() for sheet in book.sheets}

    def seen(each: Remark) -> Remark:
        for first, last in across.get(each.sheet or "", {}).get(each.row or 0, ()):
            if each.column is not None and first < each.column <= last:
                return replace(each, column=first)
        return each

    return tuple(map(seen, remarks))


def _of_identified(
    book: ReadBook, identity: Identity, rows: Sequence[TableRow], remarks: list[Remark]
) -> Receipt:
    """Return what a file brings whose document and department are known, if they are."""
    if identity.document is None or identity.department is None:
        return _nothing(book, identity, remarks)
    signed, odd = signed_of(book, rows, Signed(year=identity.document.year))
    read = _ReadRows(signed=signed)
    _read_rows(read, rows, Index(identity.document), identity.department)
    days = [Remark(WARNING, doubt.code, doubt.en, doubt.zh, *at) for at, doubt in odd]
    read.remarks = [*remarks, *days, *read.remarks]
    if read.others and not read.present:
        wrong = _all_others(identity.department, read.others)
        return _nothing(book, identity, [wrong, *read.remarks])
    return _taken(book, identity, identity.document, identity.department, read)


def _all_others(department: str, lines: Sequence[FormLine]) -> Remark:
    others = "、".join(dict.fromkeys(name for line in lines for name in line.departments))
    return remark("wrong_department", REFUSED, department=department, others=others[:100])


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


def _unread(tables: Sequence[tuple[ReadSheet, ReadTable]]) -> Iterator[Remark]:
    """Name the sheets with something on them that were passed over."""
    help_sheets = declared_list("returns", "returns", "labels", "help_sheets")
    for sheet, table in tables:
        if sheet.name in help_sheets or not sheet.cells:
            continue
        at = At(sheet.name)
        if sheet.hidden:
            severity = WARNING if table.has_header else INFO
            yield remark("sheet_not_read.hidden", severity, at, sheet=sheet.name)
        elif not table.has_header:
            yield remark("sheet_not_read.no_headings", INFO, at, sheet=sheet.name)


@dataclass(slots=True)
class _ReadRows:
    """What the rows of a file hold: ``others`` are lines that other departments assess.

    ``present`` are the lines that stand in the file, ``blank`` those of them with nothing filled
    in, ``refused`` the first row of each line that was refused, ``figures`` what each row gives of
    an indicator's one figure, ``signed`` who signed the file.
    """

    values: list[ReturnedValue] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    present: set[_Key] = field(default_factory=set)
    blank: set[_Key] = field(default_factory=set)
    refused: dict[_Key, TableRow] = field(default_factory=dict)
    others: list[FormLine] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    signed: Signed = field(default_factory=Signed)


def _read_rows(read: _ReadRows, rows: Sequence[TableRow], index: Index, department: str) -> None:
    for row in rows:
        try:
            line = line_of(row, index)
            if department not in line.departments:
                read.others.append(line)
                raise other_department(line, department)
        except Misplaced as doubt:
            read.remarks.append(_misplaced(row, doubt))
        else:
            _read_row(read, row, line)


def _read_row(read: _ReadRows, row: TableRow, line: FormLine) -> None:
    """Add what a row of a line holds."""
    read.present.add(line.key)
    taken = taken_from(row, line, read.signed)
    read.remarks.extend(
        replace(_of_cell(REFUSED, row, role, doubt), line=line.key) for role, doubt in taken.doubts
    )
    read.remarks.extend(_of_cell(WARNING, row, role, doubt) for role, doubt in taken.hints)
    if taken.figure is not None:
        read.figures.append(Figure(row, line, taken.figure))
    if taken.value is not None:
        read.values.append(taken.value)
        read.remarks.extend(_target_changed(row, line))
    elif taken.doubts:
        read.refused.setdefault(line.key, row)
    else:
        read.blank.add(line.key)


def _taken(
    book: ReadBook, identity: Identity, document: DocumentLines, department: str, read: _ReadRows
) -> Receipt:
    """Return the receipt of a file of which something may be taken."""
    own = [line for line in document.lines if department in line.departments]
    values, unsure = _without_refused_twin(read.values, read.refused)
    values, twice = _once(values)
    values, figures = taken_for_each(values, read.figures)
    remarks = [*read.remarks, *figures, *_unapproved(document, values, read.remarks)]
    if identity.version and identity.version != version_of(own):
        remarks.append(remark("other_version", WARNING, version=identity.version))
    absent = [line for line in own if line.key not in read.present]
    if absent and read.present:
        remarks.append(_absent(absent))
    return Receipt(
        book,
        document.document_id,
        document.year,
        department,
        identity.sample,
        tuple(values),
        (*remarks, *unsure, *twice),
        unfilled=len(read.blank - {value.line.key for value in values}),
        absent=len(absent),
        deadline=document.deadline,
    )


def _unapproved(
    document: DocumentLines, values: Iterable[ReturnedValue], remarks: Sequence[Remark]
) -> Iterator[Remark]:
    """Say which values do not count because nobody approved them, where that is asked for.

    Where it is not, only those that were approved by half, as they are shown as not approved; of a
    day that is none ``remarks`` ask already.
    """
    waiting = [value for value in values if not value.signed.approved]
    if waiting and document.approval:
        yield remark("unapproved", WARNING, count=len(waiting), listed=_named(waiting))
        return
    half = [value for value in waiting if value.signed.half_approved]
    if half and all(each.code != "bad_approval_day" for each in remarks):
        yield remark("half_approved", WARNING, count=len(half), listed=_named(half))


def _named(values: Iterable[ReturnedValue]) -> str:
    return named_lines((value.line.serial_no, value.line.entity) for value in values)


def _of_cell(severity: str, row: TableRow, role: str, doubt: Doubtful) -> Remark:
    cell = row.cells.get(role)
    found = cell.shown or cell.value if cell else None
    at = At(row.sheet, row.row, row.columns.get(role), found)
    return Remark(severity, doubt.code, doubt.en, doubt.zh, *at)


def _misplaced(row: TableRow, doubt: Misplaced) -> Remark:
    """Return the remark on a row that is no line: refused where something was filled in."""
    is_filled = any(role in row.cells for role in FILLED[:4])
    made = _of_cell(REFUSED if is_filled else INFO, row, doubt.role, doubt)
    at = At(made.sheet, made.row, made.column, made.found)
    if (written := row.sum_word()) is not None:
        return remark("sum_row", INFO, at, written=shortened(written))
    if signs(row):
        return remark("sign_row", INFO, At(row.sheet, row.row))
    if not is_filled and row.is_note():
        return remark("note_row", INFO, at)
    if is_filled or any(role in row.cells for role in _KEYS):
        return made
    return remark("not_a_line", INFO, at)


def _target_changed(row: TableRow, line: FormLine) -> list[Remark]:
    # The mark is the form's own, and may be settled since the form was made.
    written = fold_tight(row.text("target")).removesuffix(fold_tight(open_mark()))
    if not written or line.target_text is None or written == fold_tight(line.target_text):
        return []
    doubt = doubtful("target_changed", target=line.target_text[:60])
    return [_of_cell(WARNING, row, "target", doubt)]


def _without_refused_twin(
    values: list[ReturnedValue], refused: Mapping[_Key, TableRow]
) -> tuple[list[ReturnedValue], list[Remark]]:
    """Leave out the lines of which another row was refused: which of the two is meant is open."""
    remarks = [
        replace(
            remark(
                "line_twice.refused",
                REFUSED,
                At(value.sheet, value.row),
                serial_no=value.line.serial_no,
                entity=value.line.entity,
                sheet=row.sheet,
                row=row.row,
            ),
            line=value.line.key,
        )
        for value in values
        if (row := refused.get(value.line.key)) is not None
    ]
    return [value for value in values if value.line.key not in refused], remarks


def _once(values: list[ReturnedValue]) -> tuple[list[ReturnedValue], list[Remark]]:
    """Return each line's value once; a line with two contents is not taken at all."""
    by_key: dict[_Key, list[ReturnedValue]] = {}
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
        value.evidence,
    )


def _twice(value: ReturnedValue, same: Sequence[ReturnedValue], agree: bool) -> Remark:
    others = "、".join(
        f"第 {each.row} 行" if each.sheet == value.sheet else f"“{each.sheet}”第 {each.row} 行"
        for each in same
        if each is not value
    )
    made = remark(
        "line_twice.same" if agree else "line_twice.differ",
        WARNING if agree else REFUSED,
        At(value.sheet, value.row),
        serial_no=value.line.serial_no,
        entity=value.line.entity,
        part=f"第 {value.line.part_no} 部分" if value.line.part_text else "",
        others=others,
    )
    return replace(made, line=value.line.key)


def _absent(lines: Sequence[FormLine]) -> Remark:
    """Name the lines of a form that stand in no row: perhaps they were deleted."""
    entities: dict[int, list[str]] = {}
    for line in lines:
        named = entities.setdefault(line.serial_no, [])
        if line.entity not in named:
            named.append(line.entity)
    texts = [f"第 {number} 项（{'、'.join(names)}）" for number, names in entities.items()]
    listed = "；".join(texts[:_MOST_ABSENT])
    if len(texts) <= _MOST_ABSENT:
        return remark("lines_absent.all", INFO, count=len(lines), listed=listed)
    return remark("lines_absent.some", INFO, count=len(lines), listed=listed, indicators=len(texts))
