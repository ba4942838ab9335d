"""The logical table: one grid for all pages, columns with roles, cells with their printed sources.

Rows and columns are 0-based and half-open here (``row0 <= r < row1``); header rows and repeated
headers are gone, so every row is body.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from normalize.model.doubt import Doubt
from schemas.records.document import Cell


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


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the logical table.

    ``name`` is the cleaned header (an entity's name for a target column; the level's name for a
    level column: a level printed as two columns gives two with the same name). ``unit`` is a
    unit printed in the header itself.
    """

    index: int
    role: Role
    name: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class LogicalCell:
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


@dataclass(frozen=True, slots=True)
class LogicalTable:
    """All pages of one table: cells that tile ``rows`` x ``columns`` without overlap."""

    columns: tuple[Column, ...]
    rows: int
    cells: tuple[LogicalCell, ...]
    caption: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def columns_of(self, role: Role) -> Iterator[Column]:
        """Yield the columns with this role, left to right."""
        return (column for column in self.columns if column.role is role)
