"""Converted text laid onto the logical table: ragged rows put right, blanks understood.

A row of converted text has too few or too many cells, is shifted, or only continues a cell.
Each row's cells are aligned to the columns at least cost (:mod:`.row`), neighbouring rows are
chosen together (:mod:`.path`), blanks are given their meaning (:mod:`.resolve`, :mod:`.blanks`)
and headings joined (:mod:`.headings`). All weights stand in
``data/align.toml``. Where two readings cost nearly the same, the cell carries a doubt with the
other readings' texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from common.fold import clean
from normalize.converted.continuation import (
    Continuation,
    continuation_cost,
    continuations,
    heading_cost,
    heading_doubt,
    perhaps_continuing,
    perhaps_with_continuation,
    says_no_heading,
    with_continuation,
)
from normalize.converted.costs import (
    ColumnCosts,
    ColumnPlan,
    Vocabulary,
    odds,
    plan_of,
    vocabulary_of,
)
from normalize.converted.forms import Habits, habits_of
from normalize.converted.headings import Line, settle_headings
from normalize.converted.near import ClearRowEvidence, is_member, near_readings
from normalize.converted.own_rows import cells_of_own_row, own_row
from normalize.converted.pages import SecondColumn, pages_of
from normalize.converted.path import Choice, choose
from normalize.converted.resolve import Resolver
from normalize.converted.resolved import ResolvedCell, ResolvedRow, cells_of
from normalize.converted.row import Reading, RowReader
from normalize.converted.row_prior import Row, held_headings, priced
from normalize.model.doubt import Doubt, doubt
from normalize.model.table import Column, LogicalCell, LogicalTable, Role
from schemas.records.document import Cell, Table
from schemas.vocabulary import Severity


def align(
    tables: Sequence[Table], columns: Sequence[Column], *, header_rows: Sequence[int]
) -> tuple[LogicalTable, tuple[Doubt, ...]]:
    """Lay the body rows of converted tables, pages of one table, onto its columns.

    ``header_rows`` gives for each table how many leading rows are header. Each cell's
    ``sources`` are the printed cells that hold its text (for a blank that means "as above" or "as
    left", the cells above or to the left); a cell without any text keeps its printed blank. The
    doubts returned beside the table belong to no cell of it.
    """
    plan = plan_of(columns)
    rows, second_columns = pages_of(plan, tables, header_rows)
    first = _Sheet(
        ColumnCosts(plan, Vocabulary()), second_columns, "first_beam", habits_of(plan, ())
    )
    first.classify_rows(rows)
    clear = first.clear()
    known = vocabulary_of(plan, clear, (text for row in rows for text in row.texts))
    sheet = _Sheet(ColumnCosts(plan, known), second_columns, "beam", habits_of(plan, clear))
    unplaced = sheet.classify_rows(held_headings(plan, rows, known))
    lines = sheet.lines()
    cells = _cells(plan, sheet, lines)
    count = len(sheet.kinds)
    caption = tables[0].caption if tables else ()
    notes = tuple(note for table in tables for note in table.notes)
    pages = tuple(table.page for table in tables for _ in table.notes)
    return LogicalTable(tuple(columns), count, cells, caption, notes, pages), unplaced


@dataclass(frozen=True, slots=True)
class _Banner:
    """A heading across the table, and why it may be none."""

    cells: tuple[Cell, ...]
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class _OwnRow:
    """A heading with its points, or a total: its texts by column."""

    row: Row
    placed: Mapping[int, int]


class _Sheet:
    """The rows of the table sorted into indicators, headings and continuations of cells."""

    def __init__(
        self,
        costs: ColumnCosts,
        second_columns: Sequence[SecondColumn],
        beam: str,
        habits: Habits,
    ) -> None:
        self.costs = costs
        self.second_columns = second_columns
        self.habits = habits
        self.plan = costs.plan
        self.readers = [RowReader(costs, second, odds("doubt", beam)) for second in second_columns]
        self.kinds: list[_Banner | _OwnRow | int] = []  # one per logical row, or a row's number
        self.rows: list[Row] = []
        self.readings: list[list[Reading]] = []
        self.continuations: dict[int, list[Continuation]] = {}
        self.perhaps_continued: dict[int, list[Continuation]] = {}  # by the row that is as likely

    def classify_rows(self, rows: Sequence[Row]) -> tuple[Doubt, ...]:
        """Decide of every row what it is; returns doubts of texts that have no place."""
        unplaced: list[Doubt] = []
        for row in rows:
            placed = own_row(self.plan, row)
            if placed is not None:
                self.kinds.append(_OwnRow(row, placed))
            elif not self._classify(row):
                unplaced.append(_unplaced(row))
        return tuple(unplaced)

    def _classify(self, row: Row) -> bool:
        """Take a row for a heading, the rest of cells above or an indicator; False: for none."""
        found_readings = self.readers[row.part].readings(row.texts)
        readings = priced(self.plan, row, found_readings, self.habits)
        as_heading = heading_cost(self.costs, row)
        found = self._continuations(row, readings)
        as_continuation = continuation_cost(row, found) if found else inf
        as_row = readings[0].cost if readings else inf
        cheapest = min(as_heading, as_continuation, as_row)
        unsure = abs(as_row - as_continuation) < odds("doubt", "warn")
        if cheapest == inf:
            return False
        near_heading = abs(as_heading - as_continuation) < odds("doubt", "warn")
        if as_heading == cheapest:
            self.kinds.append(self._banner(row, unsure=near_heading))
        elif as_continuation == cheapest:
            unsure = unsure or near_heading
            found = [replace(each, own_row=unsure) for each in found]
            self.continuations.setdefault(len(self.rows) - 1, []).extend(found)
        else:
            if unsure:
                self.perhaps_continued[len(self.rows) - 1] = found
            self.kinds.append(len(self.rows))
            self.rows.append(row)
            self.readings.append(readings)
        return True

    def _banner(self, row: Row, *, unsure: bool) -> _Banner:
        """Return a heading across the table, doubted where it may as well continue a cell.

        So may a text alone in a row that nothing tells to be a heading, where no other stands
        across the table and the rows above have none.
        """
        cells = tuple(cell for cell in row.cells if clean(cell.text))
        first = bool(self.rows) and not any(isinstance(kind, _Banner) for kind in self.kinds)
        alone = first and len(cells) == 1 and says_no_heading(cells[0].text)
        return _Banner(cells, (heading_doubt(cells[0].text),) if unsure or alone else ())

    def _continuations(self, row: Row, best: Sequence[Reading]) -> list[Continuation]:
        """Return what the row's texts continue, unless it has a number or points of its own."""
        if not self.rows or not isinstance(self.kinds[-1], int) or not best:
            return []
        own = [c.index for c in self.plan.columns if c.role in (Role.SERIAL, Role.POINTS)]
        if any(best[0].filled(column) for column in own):
            return []
        return continuations(self.costs, row, (self.rows[-1], self.readings[-1][0]))

    def clear(self) -> list[dict[int, str]]:
        """Return the texts, by column, of each row that is clear."""
        found = []
        for number, choice in enumerate(
            choose(self.plan, self.rows, self.readings, self.habits.shared)
        ):
            if choice.reading.edit == 0 and choice.margin > odds("doubt", "warn"):
                row = self.rows[number]
                every = range(len(self.plan.columns))
                texts = {c: text for c in every if (text := choice.reading.text(c, row.texts))}
                found.append(texts)
        return found

    def lines(self) -> list[Line]:
        """Choose the rows' readings together and resolve them from the top down."""
        choices = choose(self.plan, self.rows, self.readings, self.habits.shared)
        evidence = self._evidence(choices)
        near_by = near_readings(self.plan, self.rows, choices, evidence)
        resolver = Resolver(self.plan, evidence)
        lines: list[Line] = []
        for number, (row, choice) in enumerate(zip(self.rows, choices, strict=True)):
            cells, near = resolver.chosen(row, choice, near_by[number])
            for continuation in self.continuations.get(number, ()):
                cells = with_continuation(cells, continuation)
            for continuation in self.perhaps_continued.get(number, ()):
                cells = perhaps_with_continuation(cells, continuation)
            if number - 1 in self.perhaps_continued:
                cells = perhaps_continuing(self.plan, cells)
            lines.append(Line(row, choice.reading, cells))
            resolver.settle(cells, near, choice.pick)
        return settle_headings(self.plan, lines)

    def _evidence(self, choices: Sequence[Choice]) -> ClearRowEvidence:
        """See from undamaged rows whether departments are printed once for several groups.

        A row whose targets end in blanks may have one too many, and its department cut off: it
        shows nothing.
        """
        assessing = [c for c in self.plan.departments if self.plan.role(c) is Role.ASSESSING]
        own = [
            choice.reading
            for choice in choices
            if choice.reading.edit == 0 and self._shows_departments(choice.reading, assessing)
        ]
        without = sum(not any(r.filled(c) for c in assessing) for r in own)
        return ClearRowEvidence(
            without >= 3 and without >= 0.1 * len(own),
            frozenset(self._printing_seconds(choices)),
            *self._points_of_members(choices),
        )

    def _points_of_members(self, choices: Sequence[Choice]) -> tuple[bool, bool]:
        """See whether members of split names share points, all but one; and whether any do not."""
        undamaged = [choice.reading for choice in choices if choice.reading.edit == 0]
        members = [reading for reading in undamaged if is_member(self.plan, reading)]
        points = self.plan.points
        apart = sum(points is not None and reading.filled(points) for reading in members)
        return apart <= 1 and len(members) - apart >= 3, apart > 0

    def _shows_departments(self, reading: Reading, assessing: Sequence[int]) -> bool:
        """Say whether a row with points of its own shows if its department is printed."""
        if self.plan.points is None or not reading.filled(self.plan.points):
            return False
        behind = [c - 1 for c in assessing if c and self.plan.role(c - 1) is Role.TARGET]
        return all(reading.filled(c) for c in behind) or any(reading.filled(c) for c in assessing)

    def _printing_seconds(self, choices: Sequence[Choice]) -> Iterator[int]:
        """Yield the pages that print a blank as the second place of a name that is not split.

        Their header says so, or their rows do.
        """
        first, second = self.plan.first, self.plan.second
        printed: dict[int, list[bool]] = {}
        for row, choice in zip(self.rows, choices, strict=True):
            reading = choice.reading
            if second is not None and reading.filled(first) and not reading.filled(second):
                printed.setdefault(row.part, []).append(reading.blanks[second] is not None)
        for part, found in printed.items():
            usual = sum(found) >= 3 and sum(found) >= odds("pair", "habit") * len(found)
            if usual or self.second_columns[part] is SecondColumn.PLACED:
                yield part


def _cells(plan: ColumnPlan, sheet: _Sheet, lines: Sequence[Line]) -> tuple[LogicalCell, ...]:
    rows: list[ResolvedRow] = []
    for number, kind in enumerate(sheet.kinds):
        if isinstance(kind, int):
            rows.append(lines[kind].cells)
        elif isinstance(kind, _OwnRow):
            rows.append(cells_of_own_row(plan, kind.row, kind.placed, number))
        else:
            key = ((-1, number, 0),)
            heading = ResolvedCell(kind.cells[0].text, key, kind.cells, kind.doubts)
            rows.append((heading,) * len(plan.columns))
    return cells_of(plan, rows)


def _unplaced(row: Row) -> Doubt:
    text = " | ".join(text for text in row.texts if text)
    return doubt("row_unplaced", (text,), severity=Severity.ERROR, text=text)
