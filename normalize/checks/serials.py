"""Printed serial numbers held to the order of the rows: a lost, repeated or moved row shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from common.fold import clean
from common.numbers import counted
from normalize.findings.ledger import Place, PlacedDoubt
from normalize.model.doubt import doubt
from normalize.model.table import Column, LogicalCell, Role
from normalize.records.model import Record, TableContext

_Numbered = tuple[int, Record, LogicalCell]


def serial_doubts(records: Sequence[Record], context: TableContext) -> Iterator[PlacedDoubt]:
    """Compare printed serial numbers with the order of the rows; numbers may begin anew at 1.

    Those of a document's first table begin there, too: else rows before them are lost. A gap is a
    finding. Where numbers go back as well, pages or rows stand in a wrong order, so that headings
    may be those of other rows: from the first gap on the rows are flagged. A lone number between
    two that leave room for one is misread itself, and flags nothing.
    """
    for column in context.table.columns_of(Role.SERIAL):
        numbered = list(_numbered(records, column))
        yield from _lost_before(numbered)
        gaps = [(a, b) for a, b in pairwise(numbered) if b[0] not in (a[0] + 1, 1)]
        sure = [one[0] for one in _without_lone(numbered)]
        goes_back = any(1 < b < a for a, b in pairwise(sure))
        for before, (number, record, cell) in gaps:
            first = record.indicator.serial_no
            place = Place(first, None, "serial_no", cell)
            rows = [r.indicator.serial_no for r in records if r.indicator.serial_no >= first]
            rows = rows if goes_back else []
            touched = [(serial, entity) for serial in rows for entity in context.entities]
            yield PlacedDoubt(
                doubt("serial_gap.between", before=before[0], number=number), place, touched
            )


def _lost_before(numbered: Sequence[_Numbered]) -> Iterator[PlacedDoubt]:
    if numbered and numbered[0][0] > 1 and numbered[0][1].indicator.serial_no == 1:
        number, _, cell = numbered[0]
        yield PlacedDoubt(
            doubt("serial_gap.start", number=number), Place(1, None, "serial_no", cell)
        )


def _numbered(records: Sequence[Record], column: Column) -> Iterator[_Numbered]:
    for record in records:
        cell = record.leaf.at(column)
        number = counted(clean(cell.text).rstrip(".、")) if cell else None
        if cell is not None and number is not None:
            yield number, record, cell


def _without_lone(numbered: Sequence[_Numbered]) -> Iterator[_Numbered]:
    for at, one in enumerate(numbered):
        inner = 0 < at < len(numbered) - 1
        if not inner or numbered[at + 1][0] != numbered[at - 1][0] + 2:
            yield one
