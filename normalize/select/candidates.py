"""The tables of a document that may be its indicator table, each as one logical table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from common.fold import clean
from common.messages import message
from normalize.columns.hints import Hints
from normalize.converted.align import align
from normalize.layout.cell_mover import Mover
from normalize.layout.converted_columns import is_unmerged, ragged_columns
from normalize.layout.table_chains import Chain, is_title
from normalize.model.doubt import Doubt, doubt
from normalize.model.table import Column, LogicalTable, Role
from normalize.pages.join import join
from normalize.pages.unmerged import with_headings_merged
from normalize.points.rows import Rows, read_rows
from normalize.select.requirements import with_requirement
from normalize.text.places import entity_above
from schemas.records.document import Table


@dataclass(frozen=True, slots=True)
class Candidate:
    """One logical table that may be the indicator table, with its rows.

    ``also`` holds the chains that were put together with it: other entities' tables; ``absent``
    the rows (from 0) that an entity's own table lacks.
    """

    table: LogicalTable
    rows: Rows
    chain: Chain
    doubts: tuple[Doubt, ...]
    also: tuple[Chain, ...] = ()
    absent: frozenset[tuple[int, str]] = frozenset()

    @property
    def size(self) -> int:
        """How much it holds: leaves times entities."""
        return len(self.rows.leaves) * len(list(self.table.columns_of(Role.TARGET)))

    @property
    def first(self) -> Table:
        """The first printed table of it."""
        return self.chain.parts[0].table

    def entities(self, title: str | None = None) -> tuple[str, ...]:
        """Return the entities: the target columns' names, or whose a lone 目标值 is.

        Empty, or more names than columns, where caption, sheet and title leave it open.
        """
        held = list(self.table.columns_of(Role.TARGET))
        if len(held) == 1 and names_nobody(held[0]):
            return entity_above([*self.table.caption, self.first.place or "", title or ""])
        return tuple(column.name for column in held)

    def name(self) -> str:
        """Return what a person knows the table by: page or sheet, number, title or first texts."""
        return table_name(self.first)


def names_nobody(column: Column) -> bool:
    """Tell whether a target column's header names no entity."""
    return column.entity is None


def candidates(found: Sequence[Chain], mover: Mover, hints: Hints) -> list[Candidate]:
    """Return the chains that are of this family: names of indicators and somebody's targets.

    ``mover`` knows the printed cells of those that were moved; ``hints`` are what the
    document says around its tables.
    """
    held = (_candidate(chain, hints) for chain in found)
    return [_with_printed(candidate, mover) for candidate in held if candidate is not None]


def _with_printed(candidate: Candidate, mover: Mover) -> Candidate:
    """Name the printed cells as the sources of what was read, wherever they had been moved."""
    if not mover.origins:
        return candidate
    cells = tuple(
        cell._replace(sources=tuple(map(mover.printed, cell.sources)))
        for cell in candidate.table.cells
    )
    table = replace(candidate.table, cells=cells)
    return replace(candidate, table=table, rows=read_rows(table))


def _candidate(chain: Chain, of_document: Hints) -> Candidate | None:
    first = chain.parts[0].table
    hints = of_document.beside([*chain.caption, first.place])
    doubts: tuple[Doubt, ...] = ()
    if whole := _as_printed(chain, hints):
        table = whole
    else:
        columns = ragged_columns(chain, hints)
        if not any(column.role is Role.LEVEL for column in columns):
            return None
        tables = [part.table for part in chain.parts]
        heads = [part.body_start for part in chain.parts]
        aligned, doubts = align(tables, columns, header_rows=heads)
        table = replace(aligned, caption=chain.caption)
    table = _with_open_order(with_requirement(table), chain)
    if not _is_family((column.role for column in table.columns), chain):
        return None
    rows = read_rows(table)
    return Candidate(table, rows, chain, doubts) if rows.leaves else None


def _as_printed(chain: Chain, hints: Hints) -> LogicalTable | None:
    """Return a chain as one table where its cells stand where they belong, by rules or spans."""
    if not chain.parts[0].table.regular:
        return None
    table = join(chain, hints)
    return with_headings_merged(table) if is_unmerged(chain) else table


def _with_open_order(table: LogicalTable, chain: Chain) -> LogicalTable:
    """Doubt the entities' columns that another header of the chain gives to others."""
    under = chain.or_header.paths if chain.or_header else ()
    both = zip(chain.header.paths, under, strict=False)
    others = {own[-1]: other[-1] for own, other in both if own and other and own[-1] != other[-1]}
    columns = tuple(
        _doubted(column, others[column.name])
        if column.role is Role.TARGET and column.name in others
        else column
        for column in table.columns
    )
    return replace(table, columns=columns) if others else table


def _doubted(column: Column, other: str) -> Column:
    open_order = doubt("column_unsure.order", column=column.name, other=other)
    return replace(column, doubts=(*column.doubts, open_order))


def _is_family(roles: Iterable[Role], chain: Chain) -> bool:
    """Tell whether columns make an indicator table: names, somebody's targets, and more."""
    held = set(roles)
    return Role.LEVEL in held and Role.TARGET in held and len(chain.header.key) >= 3


def table_name(table: Table) -> str:
    """Return a table's place and name in words: 第3页第2个表“…”."""
    number, title = table.table_no, table_title(table)
    if table.page:
        return message(
            "normalize.table_name.on_page", page=table.page, table=number, title=title
        ).zh
    if table.place:
        return message(
            "normalize.table_name.on_sheet", sheet=table.place, table=number, title=title
        ).zh
    return message("normalize.table_name.plain", table=number, title=title).zh


def table_title(table: Table) -> str:
    """Return the title over a table, or its first texts."""
    titles = [clean(line) for line in table.caption if is_title(line)]
    texts = [clean(cell.text) for cell in table.cells[:12] if clean(cell.text)]
    return titles[0] if titles else "、".join(texts[:6])
