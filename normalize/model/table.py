"""The logical table: one grid for all pages, columns with roles, cells with their printed sources.

Rows and columns are 0-based and half-open here (``row0 <= r < row1``); header rows and repeated
headers are gone, so every row is body.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from normalize.model.doubt import Doubt
from schemas.records.document import Cell, NoteMark


class Role(StrEnum):
    """What a column holds."""

    SERIAL = "serial"
    LEVEL = "level"
    POINTS = "points"
    UNIT = "unit"
    TARGET = "target"
    ASSESSING = "assessing"
    SUPPORTING = "supporting"
    METHOD = "method"
    NOTE = "note"
    #: 指标解释、指标说明、评价要点: what the indicator means.
    DEFINITION = "definition"
    #: 指标性质、指标属性: which of two values is the better one, in words.
    DIRECTION = "direction"
    #: 2019年完成数、上年实绩: what was reached before the year of the targets.
    BASE = "base"
    #: 一季度、上半年、6月底序时进度: what is to be reached by a part of the year.
    MILESTONE = "milestone"
    #: Nothing says what it holds; its texts are kept under its header.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the logical table.

    ``name`` is the cleaned header (an entity's name for a target column; the level's name for a
    level column: a level printed as two columns gives two with the same name). ``unit`` is a
    unit printed in the header itself. ``entity`` is the one that a target, base, milestone
    or points column belongs to (None: all of them, or whomever the table is of), ``period`` the
    part of the year that a milestone is for (``2020-Q1``, ``2020-H1``, ``2020-06``). ``under`` are
    the other texts of its header, from the top down: a group of entities among them.
    ``requirement``: a target column that holds what is asked for in words, for want of targets.
    ``doubts`` are about the whole column: what it was taken for.
    """

    index: int
    role: Role
    name: str
    unit: str | None = None
    entity: str | None = None
    period: str | None = None
    requirement: bool = False
    doubts: tuple[Doubt, ...] = ()
    under: tuple[str, ...] = ()


class LogicalCell(NamedTuple):
    """A cell of the logical table: what it covers, its text, and the printed cells it came from.

    The text is as read (pieces cut by a page break rejoined). ``doubts`` travel with the cell to
    every value that is made from it.
    """

    row0: int
    row1: int
    column0: int
    column1: int
    text: str
    sources: tuple[Cell, ...]
    doubts: tuple[Doubt, ...] = ()

    def marks(self) -> Iterator[NoteMark]:
        """Yield the marks of footnotes that were taken out of its text."""
        return (mark for source in self.sources for mark in source.marks)


@dataclass(frozen=True)
class LogicalTable:
    """All pages of one table: cells that tile ``rows`` x ``columns`` without overlap.

    ``note_pages`` are the pages that the notes below it stand on, where that is known.
    """

    columns: tuple[Column, ...]
    rows: int
    cells: tuple[LogicalCell, ...]
    caption: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    note_pages: tuple[int | None, ...] = ()

    def columns_of(self, role: Role) -> Iterator[Column]:
        """Yield the columns with this role, left to right."""
        return iter(self._by_role.get(role, ()))

    @cached_property
    def _by_role(self) -> Mapping[Role, list[Column]]:
        found: defaultdict[Role, list[Column]] = defaultdict(list)
        for column in self.columns:
            found[column.role].append(column)
        return found
