"""A page break as it is printed: the cells above and below it, and the rules between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from normalize.model.table import Column, Role
from normalize.pages.fragments import CellFragment, MergedCells, text_lines
from normalize.pages.page_evidence import PageEvidence
from schemas.vocabulary import Severity


class Pair(NamedTuple):
    """The cells on either side of a break in one column."""

    up: CellFragment
    down: CellFragment
    column: Column


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages beside a break: the first row of the one above, the row after the one below."""

    start: int
    end: int


class PageBreak:
    """One page break.

    ``pairs`` are the cells that stand above one another across it, each pair once; ``leaf`` is
    the column of the rows' names. ``all_open``: no cell above it is closed by a rule,
    ``bottoms_differ``: some are and some are not; ``tops_differ``: so are the cells below it. A
    rule between two rows may be drawn once only, at either page.
    """

    def __init__(
        self, row: int, fragments: Sequence[CellFragment], columns: Sequence[Column], pages: Pages
    ) -> None:
        self.pages = pages
        self.above = _row_of(fragments, row - 1)
        self.below = _row_of(fragments, row)
        self.leaf = max((c.index for c in columns if c.role is Role.LEVEL), default=0)
        self.pairs = tuple(self._pairs(columns))
        self.all_open = bool(self.pairs) and all(up.cell.open_bottom for up, _, _ in self.pairs)
        self.bottoms_differ = len({up.cell.open_bottom for up, _, _ in self.pairs}) == 2
        self.tops_differ = len({down.cell.open_top for _, down, _ in self.pairs}) == 2

    def _pairs(self, columns: Sequence[Column]) -> Iterator[Pair]:
        last: tuple[CellFragment, CellFragment] | None = None
        for column in columns:
            up, down = self.above.get(column.index), self.below.get(column.index)
            if up is not None and down is not None and last != (up, down):
                last = (up, down)
                yield Pair(up, down, column)

    @property
    def whole(self) -> bool:
        """Whether there are rows on both sides, and neither is a heading across the table."""
        rows = (self.above, self.below)
        return all(len({id(fragment) for fragment in row.values()}) > 1 for row in rows)

    @property
    def shows_cuts(self) -> bool:
        """Whether rules are missing here under some cells and not under others."""
        return self.bottoms_differ or (self.tops_differ and self.all_open)

    @property
    def names(self) -> tuple[CellFragment, CellFragment] | None:
        """The cells that hold the names of the rows above and below."""
        up, down = self.above.get(self.leaf), self.below.get(self.leaf)
        return None if up is None or down is None else (up, down)

    def of(self, role: Role) -> Iterator[Pair]:
        """Yield the cells of the columns with this role, left to right."""
        return (pair for pair in self.pairs if pair.column.role is role)

    def headings(self) -> Iterator[Pair]:
        """Yield the cells of the levels over the rows' names."""
        return (pair for pair in self.of(Role.LEVEL) if pair.down.column1 <= self.leaf)

    def cut(self, role: Role, merged: MergedCells) -> bool:
        """Tell whether text stands on one side of the break only, in a column of this role.

        A cell that is blank above may go on from an earlier page, and has that page's text.
        """
        return any(_one_blank(up, down, merged) for up, down, _ in self.of(role))

    def may_share_points(self, merged: MergedCells) -> bool:
        """Tell whether the rows on either side may share points: none begin below.

        Where no column has points, the headings may have them: then none of these begins below.
        """
        points = tuple(self.of(Role.POINTS))
        if not points:
            return all(merged.one(up, down) for up, down, _ in self.headings())
        return all(merged.one(*pair[:2]) or _one_blank(*pair[:2], merged) for pair in points)

    @property
    def weight_of_sharing(self) -> Severity:
        """How much it says that rows may share points: little where no column has any."""
        return Severity.WARNING if any(self.of(Role.POINTS)) else Severity.INFO


@dataclass(frozen=True, slots=True)
class Printing:
    """How a document prints, and which cells were found to be one so far.

    ``open``: it leaves cells that a page cuts without a rule, so that a rule ends a cell.
    ``late``: it names some headings only on a later page than that on which they begin;
    ``again``: it names headings that fill no page on each page where they stand.
    """

    evidence: PageEvidence
    merged: MergedCells
    open: bool
    late: bool
    again: bool


def has_room(fragment: CellFragment, lines: int, page_break: PageBreak) -> bool:
    """Tell whether a cell above a break has room for some lines; yes where that is unknown."""
    boxed = ((up.cell.box, text_lines(up)) for up, _, _ in page_break.pairs)
    heights = [(box.bottom - box.top) / count for box, count in boxed if box and count]
    box = fragment.cell.box
    return box is None or not heights or lines * min(heights) <= box.bottom - box.top


def _one_blank(up: CellFragment, down: CellFragment, merged: MergedCells) -> bool:
    return bool(merged.text_above(up, down.row0)) != bool(down.text)


def _row_of(fragments: Sequence[CellFragment], row: int) -> dict[int, CellFragment]:
    covering = (fragment for fragment in fragments if fragment.row0 <= row < fragment.row1)
    return {c: fragment for fragment in covering for c in range(fragment.column0, fragment.column1)}
