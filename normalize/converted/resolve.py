"""A row's reading made into what each column holds, blanks filled by what they mean.

A blank level, points or department cell is the continuation of the cell above; blank targets are
understood by :mod:`normalize.converted.blanks`. Nothing is guessed silently: what may mean
something else carries a doubt with the other texts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from common.fold import clean
from normalize.converted.blanks import Meaning, Meanings, Targets, meanings
from normalize.converted.costs import DEPARTMENTS, ColumnPlan, is_dash, key, odds
from normalize.converted.near import ClearRowEvidence, Pair
from normalize.converted.path import Choice
from normalize.converted.resolved import ResolvedCell, ResolvedRow
from normalize.converted.row import Reading
from normalize.converted.row_prior import Row, new_headings
from normalize.model.doubt import Doubt, doubt
from normalize.model.table import Role
from schemas.vocabulary import Severity

_MOST_WAYS = 4  # one reading is resolved below so many others of the row above


class Resolver:
    """Resolves the rows from the top down, each reading against what it goes with above.

    ``lines`` of near readings are kept beside the chosen one: a row's other reading may only make
    sense below the other reading of the row above.
    """

    def __init__(self, plan: ColumnPlan, evidence: ClearRowEvidence) -> None:
        self.plan = plan
        self.evidence = evidence
        self._near: dict[int, list[ResolvedRow]] = {}
        self._above: ResolvedRow | None = None
        self._moved = False  # whether the row above may have moved left

    def chosen(
        self, row: Row, choice: Choice, pairs: Collection[Pair]
    ) -> tuple[ResolvedRow, dict[int, list[ResolvedRow]]]:
        """Resolve the chosen reading; cells that a near one fills otherwise or doubts are doubted.

        ``pairs`` are the near readings, each with the reading above it.
        """
        near: dict[int, list[ResolvedRow]] = {}
        for number, before in sorted(pairs):
            for above in self._near.get(before, [self._above]):
                resolved = self.resolve(row, choice.options[number].reading, above)
                near[number] = _with_another(near.get(number, []), resolved)
        cells = list(self.resolve(row, choice.reading, self._above))
        others: dict[int, list[str]] = {}
        for resolved in (each for found in near.values() for each in found):
            for column, cell in enumerate(resolved):
                if key(cell.text) != key(cells[column].text):
                    others.setdefault(column, []).append(cell.text)
                else:  # the same text for another reason, which may be doubtful
                    cells[column] = cells[column].doubted(*cell.doubts)
        for number in sorted({choice.pick, *near}):
            for column, text in self._with_target_lost(row, choice.options[number].reading):
                if key(text) != key(cells[column].text):
                    others.setdefault(column, []).append(text)
        for column, texts in others.items():
            unsure = self._shift_doubt(column, cells[column].text, tuple(dict.fromkeys(texts)))
            cells[column] = cells[column].doubted(unsure)
        return tuple(self._with_note(cells, row, choice.reading)), near

    def _with_target_lost(self, row: Row, reading: Reading) -> Iterator[tuple[int, str]]:
        """Yield what the targets may be in a row that prints several of them, but not all.

        Any may be the one that is not printed, and those on one side of it moved.
        """
        columns = self.plan.targets
        printed = [reading.text(column, row.texts) for column in columns if reading.filled(column)]
        lost = sum(not reading.filled(c) and reading.blanks[c] is None for c in columns)
        if lost and sum(not is_dash(text) for text in printed) > 1:
            for place, column in enumerate(columns):
                may_be = (*printed[max(place - lost, 0) : place + 1], "")
                yield from ((column, text) for text in may_be)

    def settle(
        self, cells: ResolvedRow, near: Mapping[int, Sequence[ResolvedRow]], pick: int
    ) -> None:
        """Let the next row stand below these cells."""
        self._above = cells
        others = [other for other in near.get(pick, []) if _texts(other) != _texts(cells)]
        self._near = {**{n: list(found) for n, found in near.items()}, pick: [cells, *others]}

    def _shift_doubt(self, column: int, text: str, others: tuple[str, ...]) -> Doubt:
        """Doubt a cell of a row that can be laid onto the columns in more than one way."""
        role = self.plan.role(column)
        return doubt(
            "heading_ambiguous.shifted"
            if role is Role.LEVEL
            else ("department_cut.shifted" if role in DEPARTMENTS else "row_shifted.unsure"),
            others,
            text=clean(text),
            listed=_listed(others),
            others=others,
        )

    def _with_note(
        self, cells: list[ResolvedCell], row: Row, reading: Reading
    ) -> list[ResolvedCell]:
        """Note on the name of a row that was put right, and on a broken cell, how it was."""
        for column, places in enumerate(reading.places):
            if len(places) > 1:
                pieces = tuple(row.cells[i].text for i in places)
                broken = self._shift_doubt(column, cells[column].text, pieces)
                cells[column] = cells[column].doubted(broken)
        for column in _cut_columns(self.plan, reading):
            cut = doubt("row_shifted.cut", text=clean(cells[column].text))
            cells[column] = cells[column].doubted(cut)
        if reading.edit > 0:
            moved = doubt("row_shifted.moved", severity=Severity.INFO)
            for column in filter(reading.filled, self.plan.leaf):
                cells[column] = cells[column].doubted(moved)
        self._doubt_left_moved(cells, row, reading)
        second = self.plan.second
        if second is not None and reading.filled(self.plan.first) and not reading.filled(second):
            cells[second] = cells[self.plan.first]
        return cells

    def _doubt_left_moved(self, cells: list[ResolvedCell], row: Row, reading: Reading) -> None:
        """Doubt a new heading in a row that lacks a cell all others of its page have.

        The row may have moved left: then the heading is a name, and the name its second part. So
        may those below it that lack the cell, too.
        """
        first, second = self.plan.first, self.plan.second
        if second is None or row.part not in self.evidence.printing_seconds:
            return
        unprinted = reading.blanks[second] is None and not reading.filled(second)
        begun = new_headings(self.plan, row, reading)
        self._moved = unprinted and reading.filled(first) and bool(begun or self._moved)
        if self._moved:
            for column in (*begun, first):
                text = clean(cells[column].text)
                too_high = doubt("heading_ambiguous.moved_left", (text,), text=text)
                cells[column] = cells[column].doubted(too_high)

    def resolve(self, row: Row, reading: Reading, above: ResolvedRow | None) -> ResolvedRow:
        """Return what each column of the row holds, given the resolved row above."""
        cells = [self._own(row, reading, column) for column in range(len(self.plan.columns))]
        if above is not None:
            self._headings(row, cells, reading, above)
        self._leaf(cells, reading, above)
        if above is not None:
            self._points(row, cells, reading, above)
        for column in self.plan.departments:
            if not reading.filled(column):
                cells[column] = self._department(cells, reading, above, column)
        grouped = self.plan.points is not None and not reading.filled(self.plan.points)
        if grouped and above is not None:
            self._take_from_above(Role.SERIAL, cells, reading, above)
        self._targets(cells, reading, above, grouped=grouped)
        return tuple(cells)

    def _take_from_above(
        self, role: Role, cells: list[ResolvedCell], reading: Reading, above: ResolvedRow
    ) -> None:
        """Continue the cells above in the blank columns of a role."""
        for index, column in enumerate(self.plan.columns):
            if column.role is role and not reading.filled(index):
                cells[index] = above[index]

    def _headings(
        self, row: Row, cells: list[ResolvedCell], reading: Reading, above: ResolvedRow
    ) -> None:
        """Continue blank headings; one below a heading that begins here may not continue."""
        begun = set(new_headings(self.plan, row, reading))
        for column in self.plan.headings:
            if not reading.filled(column):
                cells[column] = above[column]
                if any(c < column and key(cells[c].text) != key(above[c].text) for c in begun):
                    text = clean(above[column].text)
                    unsure = doubt("heading_ambiguous.under_new", (text, ""), text=text)
                    cells[column] = cells[column].doubted(unsure)

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
            orphan = doubt("heading_ambiguous.orphan", text=clean(cells[second].text))
            cells[first] = cells[second] = cells[second].doubted(orphan)
        elif above is not None and split:
            cells[first] = above[first]

    def _points(
        self, row: Row, cells: list[ResolvedCell], reading: Reading, above: ResolvedRow
    ) -> None:
        """Share the points above; doubt it where a heading or another department begins."""
        self._take_from_above(Role.POINTS, cells, reading, above)
        points = self.plan.points
        if points is None or reading.filled(points):
            return
        begun = new_headings(self.plan, row, reading)
        new = any(key(cells[column].text) != key(above[column].text) for column in begun)
        if new or self._other_department(cells, reading, above):
            lost = _blank_doubt(cells[points].text, ("",), "points cell")
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
            return own.doubted(_cut_department(before))
        if printed and (shared or self.evidence.shared_departments):
            return above[column]
        return above[column].doubted(_blank_doubt(before, ("",), "department"))

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
        texts = best.texts(targets)
        for index, column in enumerate(self.plan.targets):
            meaning = best.of[index]
            settled = cells[column].text and all(way.of[index] is meaning for way in ways)
            if meaning is Meaning.OWN or settled:
                continue
            if meaning is Meaning.LEFT:
                cells[column] = cells[self.plan.targets[index - 1]]
            elif meaning is Meaning.ABOVE and above is not None:
                cells[column] = replace(above[column], text=texts[index])
            if others := _other_texts(ways, index, targets):
                unsure = _blank_doubt(texts[index], others, "target")
                cells[column] = cells[column].doubted(unsure)


def _texts(row: ResolvedRow) -> list[str]:
    return [key(cell.text) for cell in row]


def _with_another(found: list[ResolvedRow], row: ResolvedRow) -> list[ResolvedRow]:
    """Return the ways to resolve one reading, with another if it is new: the first few."""
    known = any(_texts(row) == _texts(other) for other in found)
    return found if known or len(found) >= _MOST_WAYS else [*found, row]


def _other_texts(ways: Sequence[Meanings], index: int, targets: Targets) -> tuple[str, ...]:
    """Return what else a blank target may say; all ways where the cheapest gives it no text."""
    best, *dearer = ways
    read = best.texts(targets)[index]
    near = [way for way in dearer if way.cost - best.cost < odds("doubt", "warn")]
    others = [text for way in near if key(text := way.texts(targets)[index]) != key(read)]
    if best.of[index] is Meaning.NOTHING and not others:
        others = [way.texts(targets)[index] for way in dearer]
    return tuple(dict.fromkeys(others))


def _blank_doubt(text: str, others: tuple[str, ...], what: str) -> Doubt:
    """Return the doubt of a cell that was printed blank and could mean several things."""
    return doubt(
        "blank_ambiguous.read" if text else "blank_ambiguous.unknown",
        others,
        what=what,
        text=clean(text),
        listed=_listed(others),
    )


def _listed(others: Iterable[str]) -> str:
    return "、".join(f"“{clean(other)}”" if other else "空白" for other in others)


def _cut_department(above: str) -> Doubt:
    """Return the doubt of a department that was cut off; ``above`` is that of the row above."""
    if not clean(above):
        return doubt("department_cut.alone")
    return doubt("department_cut.below", (above,), above=clean(above))


def _or_dash(cell: ResolvedCell) -> str:
    """Return the cell's text, or the sign for "not assessed" where it may be one."""
    others = (other.text for each in cell.doubts for other in each.alternatives)
    return next((other for other in others if other and is_dash(other)), clean(cell.text))


def _cut_columns(plan: ColumnPlan, reading: Reading) -> list[int]:
    """Return the columns whose cells were cut off at a row's end, but for departments and names."""
    last = max((c for c in range(len(plan.columns)) if reading.filled(c)), default=-1)
    printed = max((c for c, at in enumerate(reading.blanks) if at is not None), default=-1)
    return [
        column
        for column in range(max(last, printed) + 1, len(plan.columns))
        if plan.role(column) not in (Role.ASSESSING, Role.LEVEL)
    ]
