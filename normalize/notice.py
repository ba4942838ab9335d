"""From a document as read to a notice: the whole recipe of this room."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from normalize.align import align
from normalize.arithmetic import (
    check_sums,
    check_totals,
    groups_of,
    printed_total,
    settle,
    totals,
    wrong_total,
)
from normalize.chains import Chain, chains
from normalize.grid import Doubt, LogicalCell, LogicalTable, Role
from normalize.header import role_by_name
from normalize.join import join
from normalize.leaves import Rows, read_rows
from normalize.ledger import Ledger, Place, doubts_of
from normalize.points import plain_points
from normalize.ragged import ragged_columns
from normalize.records import Reader, Record, known_departments, read_records, targets_of
from normalize.refusals import no_entities, no_indicator_table, no_year
from normalize.text import clean, fold
from normalize.unmerged import is_unmerged
from normalize.weights import printed_sums
from schemas.document import Document, Table
from schemas.notice import Notice
from schemas.source import SourceMeta

_SIGN = re.compile(
    r"[“\"'‘「]?(?P<sign>[^\s“”\"'‘’「」，。；：:]{1,4})[”\"'’」]?(?:的)?(?:表示|代表|为|指|即)"
    r"(?:该项)?(?:不考核|不作考核|不列入考核|无此项|不涉及|不适用|无考核任务)"
)
_PAGE_NUMBER = re.compile(r"^[-—–－\s]*(?:第?\d+页?(?:[/／共]\d+页?)?)[-—–－\s]*$")
_PLACE_NAME = re.compile(
    r"([\u4e00-\u9fff]{2,8}?(?:经济区|开发区|高新区|管委会|新区|园区|区|县|市|旗|镇|乡|街道))"
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One logical table that may be the indicator table, with its rows."""

    table: LogicalTable
    rows: Rows
    chain: Chain
    doubts: tuple[Doubt, ...]

    @property
    def size(self) -> int:
        """How much it says: leaves times entities."""
        return len(self.rows.leaves) * len(list(self.table.columns_of(Role.TARGET)))


def normalize(document: Document, source: SourceMeta) -> Notice:
    """Normalize one document.

    Returns its indicators (one a leaf, printed order), targets (one a leaf and entity) and
    findings. Raises Refusal where no table is of this family, the table has no points or no
    entities, or no year is known.
    """
    ledger = Ledger()
    for note in document.notes:
        ledger.note_reader(note)
    found, loose = chains(document.tables)
    chosen = _choose(document, found, loose, ledger)
    table = _with_entities(chosen.table, document, chosen.chain)
    reader = Reader(
        table=table,
        entities=tuple(column.name for column in table.columns_of(Role.TARGET)),
        known_departments=known_departments(table),
        aliases=source.departments,
        depth=max((len(leaf.headings) for leaf in chosen.rows.leaves), default=0),
        blank_signs=frozenset(_explained_signs(table, chosen.rows)),
        ledger=ledger,
    )
    records = _check(read_records(chosen.rows, reader), chosen, reader, document)
    for doubt in chosen.doubts:
        ledger.note(doubt, Place(None, None, None))
    _note_rest(table, chosen.rows, ledger)
    return Notice(
        document_id=source.document_id,
        year=source.year or document.front.year or _raise_no_year(),
        indicators=tuple(record.indicator for record in records),
        targets=targets_of(records, reader),
        findings=tuple(ledger.findings),
        entities=reader.entities,
        title=source.title or document.front.title,
    )


def _raise_no_year() -> int:
    raise no_year()


def _choose(
    document: Document, found: Sequence[Chain], loose: Sequence[Table], ledger: Ledger
) -> _Candidate:
    """Take the largest table of the family; name all others in findings."""
    candidates = [c for chain in found if (c := _candidate(chain)) is not None]
    if not candidates:
        raise no_indicator_table(document, found)
    best = max(candidates, key=lambda c: c.size)
    for candidate in candidates:
        if candidate is not best:
            _note_other(candidate.chain.parts[0].table, "warning", ledger)
    taken = [candidate.chain for candidate in candidates]
    for chain in found:
        if all(chain is not other for other in taken):
            _note_other(chain.parts[0].table, "info", ledger)
    for table in loose:
        _note_other(table, "info" if table.row_count < 3 else "warning", ledger)
    return best


def _candidate(chain: Chain) -> _Candidate | None:
    if chain.parts[0].table.regular and not is_unmerged(chain):
        table, doubts = join(chain)
    else:
        columns, doubts = ragged_columns(chain)
        if not _is_family(columns_roles := [c.role for c in columns], chain):
            return None
        header_rows = {p.table.table_no: p.body_start for p in chain.parts}
        tables = [part.table for part in chain.parts]
        table, more = align(tables, columns, header_rows=header_rows)
        doubts = (*doubts, *more)
        del columns_roles
    if not _is_family([c.role for c in table.columns], chain):
        return None
    rows = read_rows(table)
    return _Candidate(table, rows, chain, doubts) if rows.leaves else None


def _is_family(roles: Iterable[Role], chain: Chain) -> bool:
    """Tell whether columns make an indicator table: names, somebody's targets, and more."""
    held = set(roles)
    return Role.LEVEL in held and Role.TARGET in held and len(chain.header.key) >= 3


def _note_other(table: Table, severity: str, ledger: Ledger) -> None:
    where = f"第{table.page}页" if table.page else (f"工作表“{table.place}”" if table.place else "")
    name = table.caption[0] if table.caption else ""
    texts = [clean(cell.text) for cell in table.cells[:12] if clean(cell.text)]
    ledger.note(
        Doubt(
            "other_table",
            f"Table {table.table_no} was not read as the indicator table: "
            f"{name or ' | '.join(texts[:6])}",
            f"{where}第{table.table_no}个表未作为考核指标表读取：{name or '、'.join(texts[:6])}。",
            severity=severity,
        ),
        Place(None, None, None),
    )


def _with_entities(table: LogicalTable, document: Document, chain: Chain) -> LogicalTable:
    """Name the entities: a lone column 目标值 is that of the entity named above the table."""
    held = list(table.columns_of(Role.TARGET))
    if len(held) == 1 and role_by_name(held[0].name) is Role.TARGET:
        first = chain.parts[0].table
        texts = [*table.caption, first.place or "", document.front.title or ""]
        names = [m.group(1) for text in texts if (m := _PLACE_NAME.search(clean(text)))]
        if not names:
            raise no_entities(held[0].name)
        renamed = {held[0].index: names[0]}
    else:
        renamed = _unique_names([(c.index, c.name) for c in held])
    columns = tuple(replace(c, name=renamed.get(c.index, c.name)) for c in table.columns)
    return replace(table, columns=columns)


def _unique_names(named: Sequence[tuple[int, str]]) -> dict[int, str]:
    seen: dict[str, int] = {}
    unique = {}
    for index, name in named:
        seen[name] = seen.get(name, 0) + 1
        unique[index] = name if seen[name] == 1 else f"{name}（{seen[name]}）"
    return unique


def _explained_signs(table: LogicalTable, rows: Rows) -> Iterable[str]:
    """Yield signs that a note under the table explains as “not assessed”."""
    for line in (*table.notes, *(cell.text for cell in rows.notes)):
        for match in _SIGN.finditer(clean(line)):
            sign = match.group("sign")
            yield "" if sign in ("空白", "空格", "空") else fold(sign)


def _check(
    records: Sequence[Record], chosen: _Candidate, reader: Reader, document: Document
) -> tuple[Record, ...]:
    """Hold the points to the document's arithmetic; enter the doubts that remain."""
    around = (*reader.table.caption, *reader.table.notes, document.front.title or "")
    printed = printed_total((*_total_texts(chosen.rows, reader), *around))
    settled_records, settled = settle(records, reader.entities, printed)
    for first_serial, doubt in settled:
        reader.ledger.note(doubt, Place(first_serial, doubt.entity, "max_points"))
    _enter_points_doubts(settled_records, reader)
    for doubt in check_totals(settled_records, reader.entities, printed):
        reader.ledger.note(doubt, Place(None, doubt.entity, "max_points"))
    _check_printed_totals(settled_records, chosen.rows, reader)
    sums = printed_sums([record.leaf for record in settled_records], reader.table)
    for serial_no, doubt in check_sums(settled_records, sums):
        reader.ledger.note(doubt, Place(serial_no, None, "base_points"))
    _check_serials(settled_records, reader)
    return settled_records


def _total_texts(rows: Rows, reader: Reader) -> list[str]:
    """The points that total rows (not subtotals) print, as texts that say what they are."""
    columns = list(reader.table.columns_of(Role.POINTS))
    cells = [row.get(c.index) for row in rows.totals if not _is_subtotal(row) for c in columns]
    return ["合计" + cell.text for cell in cells if cell is not None]


def _is_subtotal(row: Mapping[int, LogicalCell]) -> bool:
    return any("小计" in fold(cell.text) for cell in row.values())


def _check_printed_totals(records: Sequence[Record], rows: Rows, reader: Reader) -> None:
    """Compare what a total row prints under each entity with the entity's points."""
    sums = totals(records, reader.entities)
    for row in rows.totals:
        for column in reader.table.columns_of(Role.TARGET):
            cell = row.get(column.index)
            value = plain_points(cell.text) if cell is not None else None
            wrong = value is not None and abs(value - sums[column.name]) > 1e-6
            if cell is not None and wrong and not _is_subtotal(row):
                doubt = wrong_total(column.name, sums[column.name], value or 0.0, True, ())
                reader.ledger.note(doubt, Place(None, column.name, "max_points", cell))


def _enter_points_doubts(records: Sequence[Record], reader: Reader) -> None:
    for first_serial, members in groups_of(records).items():
        serials = [member.indicator.serial_no for member in members]
        for member in members:
            weight = member.weight
            cell_doubts = doubts_of(weight.cell) if weight.cell else ()
            for doubt in (*weight.doubts, *weight.reading.doubts, *cell_doubts):
                entities = (doubt.entity,) if doubt.entity else reader.entities
                touched = [(s, e) for s in serials for e in entities]
                place = Place(first_serial, None, "max_points", weight.cell)
                reader.ledger.note(doubt, place, touched)


def _check_serials(records: Sequence[Record], reader: Reader) -> None:
    """Compare printed serial numbers with the order of the rows: a gap is a lost row."""
    for column in reader.table.columns_of(Role.SERIAL):
        expected = None
        for record in records:
            cell = record.leaf.at(column)
            text = clean(cell.text).rstrip(".、") if cell else ""
            if not text.isdecimal():
                continue
            if expected is not None and int(text) not in (expected, 1):
                doubt = Doubt(
                    "serial_gap",
                    f"Printed serial number {text} follows {expected - 1}.",
                    f"序号由{expected - 1}跳到{text}，其间可能有遗漏的行。",
                )
                serial_no = record.indicator.serial_no
                reader.ledger.note(doubt, Place(serial_no, None, "serial_no", cell))
            expected = int(text) + 1


def _note_rest(table: LogicalTable, rows: Rows, ledger: Ledger) -> None:
    """Put into findings what is printed in or under the table and landed nowhere."""
    for cell in rows.notes:
        ledger.note(_table_note(cell.text), Place(None, None, "note", cell))
    for row in rows.totals:
        cells = {id(cell): cell for cell in row.values() if clean(cell.text)}
        text = " ".join(clean(cell.text) for cell in cells.values())
        ledger.note(_total_row(text), Place(None, None, None, next(iter(cells.values()))))
    for line in table.notes:
        if clean(line) and not _PAGE_NUMBER.match(clean(line)):
            ledger.note(_table_note(line), Place(None, None, "note"))
    used = {id(cell) for leaf in rows.leaves for cells in leaf.cells.values() for cell in cells}
    used.update(id(cell) for cell in (*rows.notes, *rows.headings))
    used.update(id(cell) for row in rows.totals for cell in row.values())
    for cell in table.cells:
        if id(cell) not in used and clean(cell.text):
            ledger.note(_unplaced(cell.text), Place(None, None, None, cell))


def _table_note(text: str) -> Doubt:
    return Doubt(
        "table_note",
        f"A note of the table: {clean(text)}",
        f"表注：{clean(text)}",
        severity="info",
    )


def _total_row(text: str) -> Doubt:
    return Doubt("total_row", f"A total row: {text}", f"合计行：{text}", severity="info")


def _unplaced(text: str) -> Doubt:
    return Doubt(
        "text_unplaced",
        f"This printed text went into no value: {clean(text)}",
        f"此处文字未能归入任何一项：“{clean(text)}”。",
    )
