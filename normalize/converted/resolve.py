"""A row's reading made into what each column holds, blanks filled by what they mean.

A blank level, points or department cell is the continuation of the cell above; blank targets are
understood by :mod:`normalize.converted.blanks`. Nothing is guessed silently: what may mean
something else carries a doubt with the other texts.

Resolved rows made into cells of the logical table: neighbours of one printed cell are one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from common.fold import clean
from normalize.converted.blanks import Meaning, Meanings, Targets, meanings
from normalize.converted.costs import DEPARTMENTS, ColumnPlan, is_dash, key, odds
from normalize.converted.doubts import (
    blank_doubt,
    cut_cell_doubt,
    cut_doubt,
    moved_doubt,
    orphan_doubt,
    under_doubt,
)
from normalize.converted.path import Choice
from normalize.converted.row import Reading
from normalize.converted.row_prior import Row, new_headings
from normalize.model.doubt import Doubt
from normalize.model.table import LogicalCell, Role
from schemas.records.document import Cell


@dataclass(frozen=True, slots=True)
class ResolvedCell:
    """What one place of the logical table holds, and the printed cells that say so.

    ``key`` tells printed cells apart: neighbours of one key are one logical cell.
    """

    text: str
    key: tuple[tuple[int, int, int], ...]
    sources: tuple[Cell, ...]
    doubts: tuple[Doubt, ...] = ()

    def doubted(self, *doubts: Doubt) -> ResolvedCell:
        """Return the unit with more doubts, each once."""
        return replace(self, doubts=tuple(dict.fromkeys((*self.doubts, *doubts))))


ResolvedRow = tuple[ResolvedCell, ...]


@dataclass(frozen=True, slots=True)
class ClearRowEvidence:
    """What the clear rows of this document show.

    ``shared_departments`` says that a department is printed once for several weight groups,
    ``printing_seconds`` names the pages that print the second place of a name that is not split.
    """

    shared_departments: bool = False
    printing_seconds: frozenset[int] = frozenset()


class Resolver:
    """Resolves the rows from the top down, each reading against what it goes with above.

    ``lines`` of near readings are kept beside the chosen one: a row's other reading may only make
    sense below the other reading of the row above.
    """

    def __init__(self, plan: ColumnPlan, evidence: ClearRowEvidence) -> None:
        self.plan = plan
        self.evidence = evidence
        self._near: dict[int, ResolvedRow] = {}
        self._above: ResolvedRow | None = None

    def chosen(self, row: Row, choice: Choice) -> tuple[ResolvedRow, dict[int, ResolvedRow]]:
        """Resolve the chosen reading; cells that a near reading fills otherwise are doubted."""
        near: dict[int, ResolvedRow] = {}
        for number, option in enumerate(choice.options):
            if option.margin < odds("doubt", "warn") or number == choice.pick:
                above = self._near.get(option.before, self._above)
                near[number] = self.resolve(row, option.reading, above)
        cells = list(self.resolve(row, choice.reading, self._above))
        others: dict[int, list[str]] = {}
        for number, resolved in near.items():
            for column, cell in enumerate(resolved):
                if number != choice.pick and key(cell.text) != key(cells[column].text):
                    others.setdefault(column, []).append(cell.text)
        for column, texts in others.items():
            doubt = self._shift_doubt(column, cells[column].text, tuple(dict.fromkeys(texts)))
            cells[column] = cells[column].doubted(doubt)
        return tuple(self._with_note(cells, row, choice.reading)), near

    def settle(self, cells: ResolvedRow, near: Mapping[int, ResolvedRow], pick: int) -> None:
        """Let the next row stand below these cells."""
        self._above = cells
        self._near = {**near, pick: cells}

    def _shift_doubt(self, column: int, text: str, others: tuple[str, ...]) -> Doubt:
        role = self.plan.role(column)
        code = "row_shifted"
        if role is Role.LEVEL:
            code = "heading_ambiguous"
        elif role in DEPARTMENTS:
            code = "department_cut"
        named = "、".join(f"“{clean(other)}”" if other else "空白" for other in others)
        return Doubt(
            code,
            f"the row's cells can be laid onto the columns in more than one way: {others}",
            f"本行单元格有错位，此处暂取“{clean(text)}”，也可能是{named}，请核对原件。",
            others,
        )

    def _with_note(
        self, cells: list[ResolvedCell], row: Row, reading: Reading
    ) -> list[ResolvedCell]:
        """Say of a row that was put right, on its name, how; of a broken cell, on the cell."""
        for column, places in enumerate(reading.places):
            if len(places) > 1:
                pieces = tuple(row.cells[i].text for i in places)
                doubt = self._shift_doubt(column, cells[column].text, pieces)
                cells[column] = cells[column].doubted(doubt)
        for column in _cut_columns(self.plan, reading):
            cells[column] = cells[column].doubted(cut_cell_doubt(cells[column].text))
        if reading.edit > 0:
            note = Doubt(
                "row_shifted",
                "the row's cells were moved to their columns",
                "本行单元格有错位，已按内容归位。",
                severity="info",
            )
            for column in self.plan.leaf:
                if reading.filled(column):
                    cells[column] = cells[column].doubted(note)
        self._doubt_left_moved(cells, row, reading)
        second = self.plan.second
        if second is not None and reading.filled(self.plan.first) and not reading.filled(second):
            cells[second] = cells[self.plan.first]
        return cells

    def _doubt_left_moved(self, cells: list[ResolvedCell], row: Row, reading: Reading) -> None:
        """Doubt a new heading in a row that lacks a cell all others of its page have.

        The row may have moved left: then the heading is a name, and the name its second part.
        """
        first, second = self.plan.first, self.plan.second
        if second is None or row.part not in self.evidence.printing_seconds:
            return
        unprinted = reading.blanks[second] is None and not reading.filled(second)
        begun = new_headings(self.plan, row, reading)
        if unprinted and begun and reading.filled(first):
            for column in (*begun, first):
                cells[column] = cells[column].doubted(moved_doubt(cells[column].text))

    def resolve(self, row: Row, reading: Reading, above: ResolvedRow | None) -> ResolvedRow:
        """Return what each column of the row holds, given the resolved row above."""
        cells = [self._own(row, reading, column) for column in range(len(self.plan.columns))]
        grouped = self.plan.points is not None and not reading.filled(self.plan.points)
        begun = set(new_headings(self.plan, row, reading))
        for column in self.plan.headings:
            if not reading.filled(column) and above is not None:
                cells[column] = above[column]
                if any(c < column and key(cells[c].text) != key(above[c].text) for c in begun):
                    cells[column] = cells[column].doubted(under_doubt(above[column].text))
        self._leaf(cells, reading, above)
        self._points(row, cells, reading, above)
        for column in self.plan.departments:
            if not reading.filled(column):
                cells[column] = self._department(cells, reading, above, column)
        for index, held in enumerate(self.plan.columns):
            serial = held.role is Role.SERIAL and not reading.filled(index)
            if serial and grouped and above is not None:
                cells[index] = above[index]
        self._targets(cells, reading, above, grouped=grouped)
        return tuple(cells)

    def _own(self, row: Row, reading: Reading, column: int) -> ResolvedCell:
        """Return what is printed for the column in the row itself."""
        blank = reading.blanks[column]
        places = reading.places[column] or (() if blank is None else (blank,))
        cells = tuple(row.cells[i] for i in places)
        printed = tuple((row.part, cell.row, cell.column) for cell in cells)
        text = "".join(cell.text for cell in cells) if reading.filled(column) else ""
        return ResolvedCell(text, printed or ((row.part, row.cells[0].row, -1 - column),), cells)

    def _leaf(self, cells: list[ResolvedCell], reading: Reading, above: ResolvedRow | None) -> None:
        first, second = self.plan.first, self.plan.second
        if second is None or reading.filled(first):
            if second is not None and not reading.filled(second):
                cells[second] = cells[first]
            return
        split = above is not None and above[first].key != above[second].key
        if reading.filled(second) and not split:
            cells[first] = cells[second] = cells[second].doubted(orphan_doubt(cells[second].text))
        elif above is not None and split:
            cells[first] = above[first]

    def _points(
        self, row: Row, cells: list[ResolvedCell], reading: Reading, above: ResolvedRow | None
    ) -> None:
        for index, held in enumerate(self.plan.columns):
            blank = held.role is Role.POINTS and not reading.filled(index)
            if blank and above is not None:
                cells[index] = above[index]
        points = self.plan.points
        if points is None or above is None or reading.filled(points):
            return
        new = new_headings(self.plan, row, reading)
        new = [c for c in new if key(cells[c].text) != key(above[c].text)]
        if new or self._other_department(cells, reading, above):
            lost = blank_doubt(cells[points].text, ("",), "points cell")
            cells[points] = cells[points].doubted(lost)

    def _other_department(
        self, cells: list[ResolvedCell], reading: Reading, above: ResolvedRow
    ) -> bool:
        """Say whether a row without points has another department than the row above."""
        return any(
            reading.filled(column)
            and above[column].text
            and key(cells[column].text) != key(above[column].text)
            for column in self.plan.departments
            if self.plan.role(column) is Role.ASSESSING
        )

    def _department(
        self,
        cells: list[ResolvedCell],
        reading: Reading,
        above: ResolvedRow | None,
        column: int,
    ) -> ResolvedCell:
        own = cells[column]
        shared = self._shares_department(reading)
        if self.plan.role(column) is Role.SUPPORTING:
            return above[column] if above is not None and shared else own
        printed = reading.blanks[column] is not None
        before = above[column].text if above is not None else ""
        if above is None or not (printed or shared):
            return own.doubted(cut_doubt(before))
        if printed and (shared or self.evidence.shared_departments):
            return above[column]
        return above[column].doubted(blank_doubt(before, ("",), "department"))

    def _shares_department(self, reading: Reading) -> bool:
        """Say whether a row without a department shares that of the row above.

        It does in one weight group; where there are no points, wherever it names none.
        """
        if self.plan.points is not None:
            return not reading.filled(self.plan.points)
        assessing = [c for c in self.plan.departments if self.plan.role(c) is Role.ASSESSING]
        return not any(reading.filled(column) for column in assessing)

    def _targets(
        self,
        cells: list[ResolvedCell],
        reading: Reading,
        above: ResolvedRow | None,
        *,
        grouped: bool,
    ) -> None:
        columns = self.plan.targets
        targets = Targets(
            tuple(clean(cells[c].text) if reading.filled(c) else "" for c in columns),
            None if above is None else tuple(_or_dash(above[c]) for c in columns),
            grouped,
        )
        for ways in meanings(targets):
            self._fill(cells, above, ways, targets)

    def _fill(
        self,
        cells: list[ResolvedCell],
        above: ResolvedRow | None,
        ways: list[Meanings],
        targets: Targets,
    ) -> None:
        """Fill one run of blank targets; ``ways`` cheapest first, all runs in each."""
        best = ways[0]
        near = [way for way in ways[1:] if way.cost - best.cost < odds("doubt", "warn")]
        texts = best.texts(targets)
        for index, column in enumerate(self.plan.targets):
            meaning = best.of[index]
            differs = [w for w in ways if w.of[index] is not meaning]
            if meaning is Meaning.OWN or (not differs and cells[column].text):
                continue
            if meaning is Meaning.LEFT:
                cells[column] = replace(cells[self.plan.targets[index - 1]])
            elif meaning is Meaning.ABOVE and above is not None:
                cells[column] = replace(above[column], text=texts[index])
            others = [way.texts(targets)[index] for way in near]
            others = [t for t in dict.fromkeys(others) if key(t) != key(texts[index])]
            if meaning is Meaning.NOTHING and not others:
                others = [way.texts(targets)[index] for way in ways[1:]]
            if others:
                doubt = blank_doubt(texts[index], tuple(dict.fromkeys(others)), "target")
                cells[column] = cells[column].doubted(doubt)


def _or_dash(cell: ResolvedCell) -> str:
    """Return the unit's text, or the sign for "not assessed" where it may be one."""
    others = (other for doubt in cell.doubts for other in doubt.alternatives)
    return next((other for other in others if other and is_dash(other)), clean(cell.text))


def _cut_columns(plan: ColumnPlan, reading: Reading) -> list[int]:
    """Return the columns at a row's end whose cells were cut off; departments are told apart."""
    last = max((c for c in range(len(plan.columns)) if reading.filled(c)), default=-1)
    printed = max((c for c, at in enumerate(reading.blanks) if at is not None), default=-1)
    return [
        column
        for column in range(max(last, printed) + 1, len(plan.columns))
        if plan.role(column) not in (Role.ASSESSING, Role.LEVEL)
    ]


def cells_of(plan: ColumnPlan, rows: Sequence[ResolvedRow]) -> tuple[LogicalCell, ...]:
    """Return cells that tile the rows, largest rectangles of one printed cell each.

    A points cell is one for its whole weight group; elsewhere rows that are doubted apart get
    cells of their own with the same text and sources.
    """
    found: list[LogicalCell] = []
    open_runs: dict[tuple[int, int], int] = {}
    for index, cells in enumerate(rows):
        still: dict[tuple[int, int], int] = {}
        for low, high in _runs(cells):
            known = open_runs.get((low, high))
            if known is not None and _same(plan, rows[index - 1][low], cells[low], low):
                found[known] = _longer(found[known], cells[low])
                still[low, high] = known
            else:
                still[low, high] = len(found)
                found.append(_cell(index, low, high, cells[low]))
        open_runs = still
    return tuple(found)


def _runs(cells: ResolvedRow) -> Iterator[tuple[int, int]]:
    low = 0
    for column in range(1, len(cells) + 1):
        if column < len(cells) and _beside(cells, column):
            continue
        yield low, column
        low = column


def _beside(cells: ResolvedRow, column: int) -> bool:
    """Say whether a place is one cell with the place to its left."""
    left, right = cells[column - 1], cells[column]
    return left.key == right.key and left.doubts == right.doubts


def _same(plan: ColumnPlan, above: ResolvedCell, below: ResolvedCell, column: int) -> bool:
    if above.key != below.key:
        return False
    return plan.role(column) is Role.POINTS or above.doubts == below.doubts


def _cell(row: int, low: int, high: int, cell: ResolvedCell) -> LogicalCell:
    return LogicalCell(row, row + 1, low, high, cell.text, cell.sources, cell.doubts)


def _longer(cell: LogicalCell, below: ResolvedCell) -> LogicalCell:
    doubts: tuple[Doubt, ...] = tuple(dict.fromkeys((*cell.doubts, *below.doubts)))
    return LogicalCell(
        cell.row0, cell.row1 + 1, cell.column0, cell.column1, cell.text, cell.sources, doubts
    )
