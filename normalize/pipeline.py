"""From a document as read to a notice: the whole recipe of this room."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain, count

from common.fold import clean, fold
from common.refusal import Refusal, refusal
from normalize.checks.known_words import settle_by_vocabulary, unsure_name_doubts
from normalize.checks.past_values import past_value_doubts
from normalize.checks.points import check_points
from normalize.checks.rows import row_doubts
from normalize.checks.serials import serial_doubts
from normalize.corrections.cells import cell_decisions, with_cells
from normalize.corrections.findings import merge_findings
from normalize.corrections.values import decisions_of, value_decisions
from normalize.findings.ledger import Ledger, PlacedDoubt
from normalize.layout.header import role_by_name
from normalize.layout.page_order import in_printed_order
from normalize.layout.partial_pages import with_whole_pages
from normalize.layout.reshape import reshape_to_standard
from normalize.layout.table_chains import Chain, chains
from normalize.model.doubt import doubt
from normalize.model.table import LogicalTable, Role
from normalize.points.rows import Rows
from normalize.records.assessed import assessed
from normalize.records.decisions import UNDECIDED, Decisions
from normalize.records.directions import check_declared, direction_doubts
from normalize.records.doubts import record_doubts, with_target_alternatives
from normalize.records.model import Interpretation, TableContext
from normalize.records.reader import known_departments, read_records, targets_of
from normalize.records.unplaced import unplaced_texts
from normalize.select.candidates import Candidate, candidates, table_name
from normalize.select.combine import combined
from normalize.select.revision import revises
from normalize.select.score import choose, other_tables
from normalize.select.unread import mostly_unread
from normalize.text.length import with_cut_texts
from schemas.records.document import Document, Table, keyed
from schemas.records.earlier import NOTHING_EARLIER, Earlier
from schemas.records.notice import Finding, Notice
from schemas.records.source import SourceMeta
from schemas.vocabulary import Direction

_SIGN = re.compile(
    r"[“\"'‘「]?(?P<sign>[^\s“”\"'‘’「」，。；：:]{1,4})[”\"'’」]?(?:的)?(?:表示|代表|为|指|即)"
    r"(?:该项)?(?:不考核|不作考核|不列入考核|无此项|不涉及|不适用|无考核任务)"
)


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
        with_cut_texts(keyed(document)), (*vocabulary, *source.departments), earlier.words
    )
    document = replace(document, notes=(*document.notes, *settled))
    final, findings = _corrected(document, source, earlier)
    return Notice(
        document_id=source.document_id,
        year=_year(document, source),
        indicators=tuple(record.indicator for record in final.records),
        targets=targets_of(final.records, final.context, final.ledger.reason),
        findings=findings,
        entities=final.context.entities,
        assessed=assessed(1, final.context.entities, source.rank_groups),
        title=source.title or document.front.title,
    )


def _year(document: Document, source: SourceMeta) -> int:
    year = source.year or document.front.year
    if year is None:
        raise refusal("normalize.no_year")
    return year


def _corrected(
    document: Document, source: SourceMeta, earlier: Earlier
) -> tuple[Interpretation, tuple[Finding, ...]]:
    """Interpret a document as it was read, with its cells corrected, and with values decided."""
    as_read = interpret(document, source, earlier)
    cells = cell_decisions(document, source.corrections)
    better = with_cells(document, cells)
    with_right_cells = as_read if better is document else interpret(better, source, earlier)
    values = value_decisions(source.corrections, with_right_cells.records, with_right_cells.context)
    decided = decisions_of(values)
    final = interpret(better, source, earlier, decided) if decided.values else with_right_cells
    return final, merge_findings(source, (as_read, with_right_cells, final), cells, values)


def interpret(
    document: Document, source: SourceMeta, earlier: Earlier, decided: Decisions = UNDECIDED
) -> Interpretation:
    """Interpret the document's indicator table, with the values that were decided."""
    ledger = Ledger()
    document, moved = in_printed_order(document)
    document = with_whole_pages(document)
    chosen, doubts = _chosen(document, source)
    ledger.enter(mostly_unread(chosen, document))
    ledger.enter(map(PlacedDoubt, moved))
    for note in document.notes:
        ledger.enter_note(note)
    if changed := revises(document, source):
        ledger.enter([PlacedDoubt(changed)])
    ledger.enter(doubts)
    context = _context(chosen, document, source, decided)
    records = read_records(chosen.rows, context)
    check_declared(records, source.directions)
    of_records = [*record_doubts(records, context), *direction_doubts(records)]
    records, of_points = check_points(records, chosen.rows, context, document.front.title)
    doubts = [
        *of_records,
        *of_points,
        *serial_doubts(records, context),
        *row_doubts(records, context),
        *past_value_doubts(records, earlier.past),
        *map(PlacedDoubt, chosen.doubts),
        *unsure_name_doubts(document, context.entities, range(1, len(records) + 1)),
        *unplaced_texts(context.table, chosen.rows),
    ]
    ledger.enter(with_target_alternatives(doubts, records))
    return Interpretation(records, context, ledger)


def _context(
    chosen: Candidate, document: Document, source: SourceMeta, decided: Decisions
) -> TableContext:
    table = _with_entities(chosen, source.title or document.front.title)
    return TableContext(
        table=table,
        entities=tuple(column.name for column in table.columns_of(Role.TARGET)),
        known_departments=known_departments(table),
        aliases=source.departments,
        depth=max((len(leaf.headings) for leaf in chosen.rows.leaves), default=0),
        blank_signs=frozenset(_explained_signs(table, chosen.rows)),
        decided=decided,
        directions={fold(name): Direction(way) for name, way in source.directions.items()},
    )


def _chosen(document: Document, source: SourceMeta) -> tuple[Candidate, list[PlacedDoubt]]:
    """Find the indicator table; everything else the document holds is named in doubts."""
    shaped = reshape_to_standard(document.tables)
    left_out = [
        doubt("layout_unknown.left_out", table=table_name(table), number=table.table_no)
        for table in shaped.set_aside
    ]
    found, loose = chains(shaped.tables)
    held = combined(candidates(found, shaped.mover))
    if not held:
        raise _no_indicator_table(document, found, shaped.set_aside)
    title = source.title or document.front.title
    best, others = choose(held, title, source.year or document.front.year)
    doubts = map(PlacedDoubt, (*left_out, *shaped.doubts))
    return best, [*doubts, *others, *other_tables(found, loose, held)]


def _no_indicator_table(
    document: Document, found: Sequence[Chain], set_aside: Sequence[Table]
) -> Refusal:
    """Say what tables there are instead; ``set_aside`` are those whose layout cannot be read."""
    file = document.source_name
    if set_aside:
        number, table = set_aside[0].table_no, table_name(set_aside[0])
        return refusal("normalize.layout_unknown.refused", file=file, table=table, number=number)
    headers = ["、".join(path[-1] for path in c.header.paths if path)[:60] for c in found]
    listed = "；".join(h for h in (headers or [_first_texts(document)])[:3] if h)
    return refusal(
        "normalize.no_indicator_table",
        file=file,
        count=len(document.tables),
        headers=listed or "无可识别的表头",
    )


def _first_texts(document: Document) -> str:
    cells = document.tables[0].cells[:12] if document.tables else ()
    return "、".join(clean(cell.text)[:12] for cell in cells if clean(cell.text))[:60]


def _no_entities(column: str, named: Sequence[str] = ()) -> Refusal:
    found = "、".join(named)
    if found:
        return refusal("normalize.no_entities.several", column=column, found=found)
    return refusal("normalize.no_entities.none", column=column)


def _with_entities(chosen: Candidate, title: str | None) -> LogicalTable:
    """Name the entities: a lone column 目标值 is that of the entity named above the table."""
    table = chosen.table
    held = list(table.columns_of(Role.TARGET))
    names = chosen.entities(title)
    if len(names) != len(held):
        raise _no_entities(held[0].name, names)
    if unnamed := [name for name in names if role_by_name(name) is Role.TARGET]:
        raise _no_entities("、".join(unnamed))
    renamed = _unique_names([(c.index, name) for c, name in zip(held, names, strict=True)])
    columns = tuple(replace(c, name=renamed.get(c.index, c.name)) for c in table.columns)
    return replace(table, columns=columns)


def _unique_names(named: Sequence[tuple[int, str]]) -> dict[int, str]:
    """Return a name of its own for each column: of those printed alike the later are numbered."""
    unique: dict[int, str] = {}
    for index, name in named:
        numbered = (f"{name}（{number}）" for number in count(2))
        unique[index] = next(n for n in chain((name,), numbered) if n not in unique.values())
    return unique


def _explained_signs(table: LogicalTable, rows: Rows) -> Iterable[str]:
    """Yield signs that a note under the table explains as “not assessed”."""
    for line in (*table.notes, *(cell.text for cell in rows.notes)):
        for match in _SIGN.finditer(clean(line)):
            sign = match.group("sign")
            yield "" if sign in ("空白", "空格", "空") else fold(sign)
