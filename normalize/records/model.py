"""What reading a table's rows needs to know, and what it gives: records, and an interpretation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from common.fold import clean
from normalize.findings.ledger import Ledger
from normalize.model.doubt import Doubt
from normalize.model.table import Column, LogicalCell, LogicalTable
from normalize.points.groups import Weight
from normalize.points.levels import Levels
from normalize.points.rows import Leaf
from normalize.records.decisions import UNDECIDED, Decisions
from normalize.records.references import Meant
from normalize.targets.model import TargetContext, TypedTarget
from schemas.records.notice import Indicator
from schemas.vocabulary import Direction, TargetStatus


@dataclass(frozen=True, slots=True)
class CellMethod:
    """A method that a cell prints for a row, what it means, and why it may not be the row's."""

    cell: LogicalCell
    meant: Meant
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableContext:
    """What the rows of a table are read with: its columns, its entities, what is known of it.

    ``depth`` is the deepest nesting of headings; ``blank_signs`` are the folded signs that a note
    under the table explains as “not assessed”; ``decided`` are values that a person decided;
    ``directions`` what an officer declared of indicators, by serial number or folded name.
    ``annex`` counts the document's indicator tables from 1, ``first`` is the serial number of its
    first leaf. ``shared``: one printed target is that of every entity but those in ``left_out``
    (serial number, entity). ``absent`` are the rows that an entity's own table lacks,
    ``below`` the cells of notes under the rows. ``elsewhere`` are the methods of a row (by serial
    number) in another table, ``noted_elsewhere`` the lines under that with their pages.
    """

    table: LogicalTable
    entities: tuple[str, ...]
    known_departments: tuple[str, ...]
    aliases: Mapping[str, str]
    depth: int
    blank_signs: frozenset[str]
    decided: Decisions = UNDECIDED
    directions: Mapping[str, Direction] = field(default_factory=dict)
    annex: int = 1
    first: int = 1
    shared: bool = False
    left_out: frozenset[tuple[int, str]] = frozenset()
    absent: frozenset[tuple[int, str]] = frozenset()
    below: tuple[LogicalCell, ...] = ()
    elsewhere: Mapping[int, tuple[CellMethod, ...]] = field(default_factory=dict)
    noted_elsewhere: tuple[tuple[str, int | None], ...] = ()

    def leaves_out(self, serial_no: int, entity: str) -> bool:
        """Whether an entity is left out of a row, or its own table lacks the row."""
        return (serial_no, entity) in self.left_out or (serial_no, entity) in self.absent


class TargetReading(NamedTuple):
    """One entity's target on one leaf: its printed cell, its text, and what that is.

    ``context`` is what the text was read with, to read other texts in its place.
    """

    cell: LogicalCell
    text: str
    context: TargetContext
    status: TargetStatus
    typed: TypedTarget


@dataclass(frozen=True, slots=True)
class Record:
    """One leaf, read: its names, its indicator, its points, and the targets by entity.

    ``printed`` are its names as printed, ``levels`` with those that were decided. ``doubts`` are
    those of the indicator's own fields, by field.
    """

    leaf: Leaf
    printed: Levels
    levels: Levels
    indicator: Indicator
    weight: Weight
    targets: Mapping[str, TargetReading]
    doubts: Mapping[str, tuple[Doubt, ...]]

    def counts_for(self, entity: str) -> bool:
        """Whether an entity is assessed on it, be its target readable or not."""
        target = self.targets.get(entity)
        return target is not None and target.status != TargetStatus.NOT_ASSESSED


@dataclass(frozen=True, slots=True)
class Annex:
    """One indicator table of a document once interpreted, and what its records were read with."""

    records: tuple[Record, ...]
    context: TableContext


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A document once interpreted: its annexes in printed order, and all its doubts."""

    annexes: tuple[Annex, ...]
    ledger: Ledger

    @property
    def records(self) -> tuple[Record, ...]:
        """The records of all annexes; their serial numbers run on."""
        return tuple(record for annex in self.annexes for record in annex.records)

    @property
    def entities(self) -> tuple[str, ...]:
        """The entities of all annexes in printed order, each once."""
        return tuple(dict.fromkeys(e for annex in self.annexes for e in annex.context.entities))

    def context_of(self, serial_no: int) -> TableContext:
        """Return what an indicator was read with."""
        return next(a.context for a in reversed(self.annexes) if a.context.first <= serial_no)


def text_of(leaf: Leaf, column: Column) -> str:
    """Return a column's text; the lines of a leaf drawn over several grid rows are one text."""
    return "\n".join(cell.text for cell in leaf.cells.get(column.index, ()) if clean(cell.text))
