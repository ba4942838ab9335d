"""What reading a table's rows needs to know, and what it gives: records, and an interpretation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from normalize.findings.ledger import Ledger
from normalize.model.table import LogicalCell, LogicalTable
from normalize.points.groups import Weight
from normalize.points.rows import Leaf
from normalize.records.decisions import UNDECIDED, Decisions
from normalize.targets.model import TargetContext, TypedTarget
from schemas.records.notice import Indicator


@dataclass(frozen=True, slots=True)
class TableContext:
    """What the rows of a table are read with: its columns, its entities, what is known of it.

    ``depth`` is the deepest nesting of headings; ``blank_signs`` are the folded signs that a note
    under the table explains as “not assessed”; ``decided`` are values that a person decided.
    """

    table: LogicalTable
    entities: tuple[str, ...]
    known_departments: tuple[str, ...]
    aliases: Mapping[str, str]
    depth: int
    blank_signs: frozenset[str]
    decided: Decisions = UNDECIDED


@dataclass(frozen=True, slots=True)
class Record:
    """One leaf, read: its indicator, and by entity the printed cell, its text, and the target.

    ``contexts`` is what each target was read with, to read other texts in its place.
    """

    leaf: Leaf
    indicator: Indicator
    weight: Weight
    cells: Mapping[str, LogicalCell]
    texts: Mapping[str, str]
    contexts: Mapping[str, TargetContext]
    typed: Mapping[str, TypedTarget]
    status: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A document once interpreted: its records, what they were read with, and all its doubts."""

    records: tuple[Record, ...]
    context: TableContext
    ledger: Ledger
