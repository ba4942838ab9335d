"""From a document as read to a notice: the whole recipe of this room."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from common.fold import clean, fold
from normalize.checks.known_words import enter_unsure_names, settle_by_vocabulary
from normalize.checks.misread_points import groups_of
from normalize.checks.past_values import enter_past_signs
from normalize.checks.rows import enter_signs
from normalize.checks.serials import check_serials
from normalize.checks.totals import (
    check_sums,
    check_totals,
    printed_total,
    settle,
    totals,
    wrong_total,
)
from normalize.corrections.apply import Understood, corrected
from normalize.findings.ledger import Ledger, Place, doubts_of
from normalize.layout.header import role_by_name
from normalize.layout.partial_pages import with_whole_pages
from normalize.layout.reshape import reshape_to_standard
from normalize.layout.table_chains import chains
from normalize.model.doubt import Doubt
from normalize.model.table import LogicalCell, LogicalTable, Role
from normalize.points.cell import plain_points
from normalize.points.groups import printed_sums
from normalize.points.rows import Rows
from normalize.records.decisions import Decisions
from normalize.records.reader import Reader, Record, known_departments, read_records, targets_of
from normalize.refusals import layout_unknown, no_entities, no_indicator_table, no_year
from normalize.select.candidates import Candidate, candidates
from normalize.select.combine import combined
from normalize.select.revision import revises
from normalize.select.score import choose, note_rest
from schemas.records.document import Document, keyed
from schemas.records.earlier import NOTHING_EARLIER, Earlier
from schemas.records.notice import Notice
from schemas.records.source import SourceMeta

_SIGN = re.compile(
    r"[“\"'‘「]?(?P<sign>[^\s“”\"'‘’「」，。；：:]{1,4})[”\"'’」]?(?:的)?(?:表示|代表|为|指|即)"
    r"(?:该项)?(?:不考核|不作考核|不列入考核|无此项|不涉及|不适用|无考核任务)"
)
_PAGE_NUMBER = re.compile(r"^[-—–－\s]*(?:第?\d+页?(?:[/／共]\d+页?)?)[-—–－\s]*$")


def normalize(
    document: Document,
    source: SourceMeta,
    vocabulary: Iterable[str] = (),
    earlier: Earlier = NOTHING_EARLIER,
) -> Notice:
    """Normalize one document with the corrections that people made to it.

    ``vocabulary`` holds known words, and ``earlier`` those of earlier years' documents, which may
    settle what a picture shows unclearly; values far from an earlier year's are named in findings.

    Returns its indicators (one a leaf, printed order), targets (one a leaf and entity) and
    findings. Raises Refusal where no table is of this family, the table has no points or no
    entities, no year is known, or a correction does not fit what is read.
    """
    document, settled = settle_by_vocabulary(
        keyed(document), (*vocabulary, *source.departments), earlier.words
    )
    document = replace(document, notes=(*document.notes, *settled))
    understood, findings = corrected(
        document,
        source.corrections,
        source.document_id,
        lambda better, decided: _understood(better, source, decided, earlier),
    )
    records, reader = understood.records, understood.reader
    return Notice(
        document_id=source.document_id,
        year=source.year or document.front.year or _raise_no_year(),
        indicators=tuple(record.indicator for record in records),
        targets=targets_of(records, reader),
        findings=findings,
        entities=reader.entities,
        title=source.title or document.front.title,
    )


def _understood(
    document: Document, source: SourceMeta, decided: Decisions, earlier: Earlier
) -> Understood:
    """Understand the document's indicator table, with the values that were decided."""
    ledger = Ledger()
    document = with_whole_pages(document)
    for note in document.notes:
        ledger.note_reader(note)
    if changed := revises(document, source):
        ledger.note(changed, Place(None, None, None))
    chosen = _chosen(document, source, ledger)
    table = _with_entities(chosen, source.title or document.front.title)
    reader = Reader(
        table=table,
        entities=tuple(column.name for column in table.columns_of(Role.TARGET)),
        known_departments=known_departments(table),
        aliases=source.departments,
        depth=max((len(leaf.headings) for leaf in chosen.rows.leaves), default=0),
        blank_signs=frozenset(_explained_signs(table, chosen.rows)),
        ledger=ledger,
        decided=decided,
    )
    records = _check(read_records(chosen.rows, reader), chosen, reader, document)
    enter_past_signs(records, reader, earlier.past)
    for doubt in chosen.doubts:
        ledger.note(doubt, Place(None, None, None))
    serials = [record.indicator.serial_no for record in records]
    enter_unsure_names(document, reader.entities, serials, ledger)
    _note_rest(table, chosen.rows, ledger)
    return Understood(records, reader)


def _raise_no_year() -> int:
    raise no_year()


def _chosen(document: Document, source: SourceMeta, ledger: Ledger) -> Candidate:
    """Find the indicator table; everything else the document holds is named in findings."""
    shaped = reshape_to_standard(document.tables)
    for table in shaped.set_aside:
        ledger.note(layout_unknown(table), Place(None, None, None))
    for doubt in shaped.doubts:
        ledger.note(doubt, Place(None, None, None))
    found, unplaced = chains(shaped.tables)
    held = combined(candidates(found, shaped.mover))
    if not held:
        raise no_indicator_table(document, found, shaped.set_aside)
    title = source.title or document.front.title
    best = choose(held, title, source.year or document.front.year, ledger)
    note_rest(found, unplaced, held, ledger)
    return best


def _with_entities(chosen: Candidate, title: str | None) -> LogicalTable:
    """Name the entities: a lone column 目标值 is that of the entity named above the table."""
    table = chosen.table
    held = list(table.columns_of(Role.TARGET))
    names = chosen.entities(title)
    if len(names) != len(held):
        raise no_entities(held[0].name, names)
    if unnamed := [name for name in names if role_by_name(name) is Role.TARGET]:
        raise no_entities("、".join(unnamed))
    renamed = _unique_names([(c.index, name) for c, name in zip(held, names, strict=True)])
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
    records: Sequence[Record], chosen: Candidate, reader: Reader, document: Document
) -> tuple[Record, ...]:
    """Hold the points to the document's arithmetic; enter the doubts that remain."""
    around = (*reader.table.caption, *reader.table.notes, document.front.title or "")
    printed = printed_total((*_total_texts(chosen.rows, reader), *around))
    settled_records, settled = settle(records, reader.entities, printed)
    for first_serial, doubt in settled:
        reader.ledger.note(doubt, Place(first_serial, doubt.entity, "max_points"))
    _enter_points_doubts(settled_records, reader)
    for doubt, touched in check_totals(settled_records, reader.entities, printed):
        reader.ledger.note(doubt, Place(None, doubt.entity, "max_points"), touched)
    _check_printed_totals(settled_records, chosen.rows, reader)
    sums = printed_sums([record.leaf for record in settled_records], reader.table)
    for serial_no, doubt, touched in check_sums(settled_records, sums):
        reader.ledger.note(doubt, Place(serial_no, None, "base_points"), touched)
    check_serials(settled_records, reader)
    enter_signs(settled_records, reader)
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
                whose = (doubt.entity,) if doubt.entity else reader.entities
                entities = [entity for entity in whose if entity not in weight.decided]
                if not entities:
                    continue
                touched = [(s, e) for s in serials for e in entities]
                place = Place(first_serial, None, "max_points", weight.cell)
                reader.ledger.note(doubt, place, touched)


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
