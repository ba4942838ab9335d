"""From a document as read to a notice: the whole recipe of this room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from common.fold import clean
from common.refusal import Refusal, refusal
from normalize.annex import read_annexes
from normalize.checks.known_words import settle_by_vocabulary
from normalize.checks.past_values import past_value_doubts
from normalize.columns.hints import Hints
from normalize.corrections.cells import cell_decisions, with_cells
from normalize.corrections.findings import merge_findings
from normalize.corrections.values import decisions_of, value_decisions
from normalize.divisions import division_codes
from normalize.findings.ledger import Ledger, PlacedDoubt
from normalize.layout.page_order import in_printed_order
from normalize.layout.partial_pages import with_whole_pages
from normalize.layout.reshape import reshape_to_standard
from normalize.layout.table_chains import Chain, chains, lines_over_headers
from normalize.model.doubt import doubt
from normalize.records.assessed import assessed
from normalize.records.beside import milestones_of
from normalize.records.decisions import UNDECIDED, Decisions
from normalize.records.directions import check_declared
from normalize.records.doubts import with_target_alternatives
from normalize.records.methods import methods_of
from normalize.records.model import Interpretation
from normalize.records.reader import targets_of
from normalize.select.annexes import Chosen, choose
from normalize.select.candidates import candidates, table_name
from normalize.select.combine import combined
from normalize.select.method_tables import methods_beside, sort_out_methods
from normalize.select.revision import revises
from normalize.select.score import other_tables
from normalize.select.unread import mostly_unread
from normalize.select.whose import Said
from normalize.text.length import with_cut_texts
from normalize.text.marks import with_marks_apart
from schemas.records.document import Document, Table, keyed
from schemas.records.earlier import NOTHING_EARLIER, Earlier
from schemas.records.notice import Finding, Notice
from schemas.records.source import SourceMeta


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
        with_cut_texts(with_marks_apart(keyed(document))),
        (*vocabulary, *source.departments),
        earlier.words,
    )
    document = replace(document, notes=(*document.notes, *settled))
    final, findings = _corrected(document, source, earlier)
    year, said = _year(document, source), Said.of(document, source)
    codes = division_codes(final.entities, year, (said.issuer, said.title, said.addressed))
    return Notice(
        document_id=source.document_id,
        year=year,
        indicators=tuple(record.indicator for record in final.records),
        targets=tuple(
            target
            for annex in final.annexes
            for target in targets_of(annex.records, annex.context, final.ledger.reason)
        ),
        findings=findings,
        methods=tuple(
            method for annex in final.annexes for method in methods_of(annex.records, annex.context)
        ),
        milestones=tuple(
            milestone
            for annex in final.annexes
            for milestone in milestones_of(annex.records, annex.context)
        ),
        entities=final.entities,
        assessed=tuple(
            entity
            for annex in final.annexes
            for entity in assessed(
                annex.context.annex, annex.context.entities, source.rank_groups, codes
            )
        ),
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
    values = value_decisions(source.corrections, with_right_cells)
    decided = decisions_of(values)
    final = interpret(better, source, earlier, decided) if decided.values else with_right_cells
    return final, merge_findings(source, (as_read, with_right_cells, final), cells, values)


def interpret(
    document: Document, source: SourceMeta, earlier: Earlier, decided: Decisions = UNDECIDED
) -> Interpretation:
    """Interpret the document's indicator tables, with the values that were decided."""
    ledger = Ledger()
    document, moved = in_printed_order(document)
    document = with_whole_pages(document)
    chosen = _chosen(document, source)
    ledger.enter(mostly_unread([each.candidate for each in chosen.annexes], document))
    ledger.enter(map(PlacedDoubt, moved))
    for note in document.notes:
        ledger.enter_note(note)
    if changed := revises(document, source):
        ledger.enter([PlacedDoubt(changed)])
    ledger.enter(chosen.doubts)
    annexes, doubts = read_annexes(chosen.annexes, chosen.methods, document, source, decided)
    final = Interpretation(annexes, ledger)
    check_declared(final.records, source.directions)
    doubts += past_value_doubts(final.records, earlier.past)
    ledger.enter(with_target_alternatives(doubts, final.records))
    return final


def _chosen(document: Document, source: SourceMeta) -> Chosen:
    """Find the indicator tables; everything else the document holds is named in doubts."""
    shaped = reshape_to_standard(document.tables)
    left_out = [
        doubt("layout_unknown.left_out", table=table_name(table), number=table.table_no)
        for table in shaped.set_aside
    ]
    found, loose = chains(shaped.tables)
    hints = _hints(document, source)
    held = combined(candidates(found, shaped.mover, hints))
    if not held:
        raise _no_indicator_table(document, found, shaped.set_aside)
    apart = sort_out_methods(held, found, loose, shaped.mover, hints)
    said, year = Said.of(document, source), source.year or document.front.year
    chosen = choose(apart.held, said, year, partial(methods_beside, mover=shaped.mover))
    doubts = map(PlacedDoubt, (*left_out, *shaped.doubts, *lines_over_headers(found)))
    others = other_tables(apart.found, apart.loose, apart.held)
    return Chosen(
        chosen.annexes, (*doubts, *chosen.doubts, *others), (*apart.methods, *chosen.methods)
    )


def _hints(document: Document, source: SourceMeta) -> Hints:
    """Return what the document and its sidecar say around the tables."""
    said = Said.of(document, source)
    hints = Hints(source.year or document.front.year, said.declared)
    return hints.beside((said.title, document.front.title, said.addressed))


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
