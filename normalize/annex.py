"""One indicator table of a document: its rows become records, and all that is doubtful of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from common.fold import clean, fold
from normalize.checks.columns import column_doubts
from normalize.checks.displaced import displaced_points
from normalize.checks.joined import joined_cells
from normalize.checks.known_words import unsure_name_doubts
from normalize.checks.points import check_points
from normalize.checks.rows import row_doubts
from normalize.checks.serials import serial_doubts
from normalize.findings.ledger import PlacedDoubt
from normalize.model.method_table import MethodTable
from normalize.model.table import LogicalTable, Role
from normalize.points.rows import Rows
from normalize.records.decisions import Decisions
from normalize.records.directions import direction_doubts
from normalize.records.doubts import record_doubts
from normalize.records.elsewhere import with_methods_of
from normalize.records.methods import method_doubts
from normalize.records.model import Annex, TableContext
from normalize.records.reader import known_departments, read_records
from normalize.records.unplaced import unplaced_texts
from normalize.select.candidates import Candidate
from normalize.select.whose import Named
from schemas.records.document import Document
from schemas.records.source import SourceMeta
from schemas.vocabulary import Direction

_SIGN = re.compile(
    r"[“\"'‘「]?(?P<sign>[^\s“”\"'‘’「」，。；：:]{1,4})[”\"'’」]?(?:的)?(?:表示|代表|为|指|即)"
    r"(?:该项)?(?:不考核|不作考核|不列入考核|无此项|不涉及|不适用|无考核任务)"
)


def read_annexes(
    named: Iterable[Named],
    methods: Sequence[MethodTable],
    document: Document,
    source: SourceMeta,
    decided: Decisions,
) -> tuple[tuple[Annex, ...], list[PlacedDoubt]]:
    """Read the indicator tables in printed order; serial numbers run on from one to the next.

    Tables of ``methods`` are joined to the rows that they are of.
    """
    annexes: list[Annex] = []
    doubts: list[list[PlacedDoubt]] = []
    first = 1
    for number, each in enumerate(named, 1):
        context = _context(each, source, decided, number, first)
        annex, found = _read(each.candidate, context, document)
        annexes.append(annex)
        doubts.append([*found, *each.placed(context.first, len(annex.records))])
        first += len(annex.records)
    joined = with_methods_of(methods, annexes)
    of_methods = [[*method_doubts(each.records, each.context)] for each in joined.annexes]
    placed = chain.from_iterable(chain.from_iterable(zip(doubts, of_methods, strict=True)))
    return joined.annexes, [*placed, *joined.doubts]


def _context(
    named: Named, source: SourceMeta, decided: Decisions, number: int, first: int
) -> TableContext:
    table, rows = named.candidate.table, named.candidate.rows
    return TableContext(
        table=table,
        entities=tuple(column.name for column in table.columns_of(Role.TARGET)),
        known_departments=known_departments(table),
        aliases=source.departments,
        depth=max((len(leaf.headings) for leaf in rows.leaves), default=0),
        blank_signs=frozenset(_explained_signs(table, rows)),
        decided=decided.of(first, len(rows.leaves)),
        directions={fold(name): Direction(way) for name, way in source.directions.items()},
        annex=number,
        first=first,
        shared=named.shared,
        left_out=frozenset((first + row, entity) for row, entity, _ in named.left_out),
        below=tuple(rows.notes),
        absent=frozenset((first + row, entity) for row, entity in named.candidate.absent),
    )


def _read(
    candidate: Candidate, context: TableContext, document: Document
) -> tuple[Annex, list[PlacedDoubt]]:
    rows = candidate.rows
    records = read_records(rows, context)
    of_records = [*record_doubts(records, context), *direction_doubts(records)]
    records, of_points = check_points(records, rows, context, document.front.title)
    serials = [record.indicator.serial_no for record in records]
    doubts = [
        *of_records,
        *of_points,
        *serial_doubts(records, context),
        *row_doubts(records, context),
        *displaced_points(records, context),
        *joined_cells(records, context),
        *map(PlacedDoubt, candidate.doubts),
        *column_doubts(records, context),
        *unsure_name_doubts(document, context.entities, serials),
        *unplaced_texts(context.table, rows),
    ]
    return Annex(records, context), doubts


def _explained_signs(table: LogicalTable, rows: Rows) -> Iterator[str]:
    """Yield signs that a note under the table explains as “not assessed”."""
    for line in (*table.notes, *(cell.text for cell in rows.notes)):
        for match in _SIGN.finditer(clean(line)):
            sign = match.group("sign")
            yield "" if sign in ("空白", "空格", "空") else fold(sign)
