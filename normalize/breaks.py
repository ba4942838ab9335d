"""What a page break cut, and how it is told.

A rule that is missing at the page's end is the best evidence; where pages are closed by a rule all
the same, blanks and texts decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from normalize.grid import Column, Doubt, Role
from normalize.pieces import Groups, Piece, cuts_number, repeats
from normalize.row_cut import Cut, Habits, go_together, row_cut, unsure_cut
from normalize.text import clean


@dataclass(frozen=True, slots=True)
class PageAbove:
    """What a break must know of the pages beside it.

    ``start`` is the first row of the page above, ``end`` the row after the last of the page below;
    ``habits`` what this document does away from page breaks.
    """

    start: int
    end: int
    habits: Habits


@dataclass(frozen=True, slots=True)
class Drawn:
    """How a document draws cells that a page cuts.

    ``open``: it leaves them without a rule, so that a rule ends a cell. ``late``: it names some
    only on a later page than that on which they begin.
    """

    open: bool
    late: bool


#: Columns whose merged cells may hold more text than a page has room for.
_FLOWING = (Role.LEVEL, Role.POINTS, Role.ASSESSING, Role.SUPPORTING)


class Break:
    """One page break: the cells above and below it, column by column."""

    def __init__(
        self,
        row: int,
        pieces: Sequence[Piece],
        columns: Sequence[Column],
        groups: Groups,
        page: PageAbove,
    ) -> None:
        self.page_start = page.start
        self.page_end = page.end
        self.habits = page.habits
        self.blanks = page.habits.blanks
        self.columns = columns
        self.groups = groups
        self.above = _row_of(pieces, row - 1)
        self.below = _row_of(pieces, row)
        self.leaf = max((c.index for c in columns if c.role is Role.LEVEL), default=0)
        pairs = self._pairs()
        self.all_open = bool(pairs) and all(up.cell.open_bottom for up, _, _ in pairs)
        # A rule between two rows may be drawn once only, at the end of the page above.
        tops = {down.cell.open_top for _, down, _ in pairs}
        self.tops_tell = len(tops) == 2

    def _pairs(self) -> list[tuple[Piece, Piece, Column]]:
        """The cells that stand above one another across the break, each pair once."""
        pairs: list[tuple[Piece, Piece, Column]] = []
        for column in self.columns:
            up, down = self.above.get(column.index), self.below.get(column.index)
            if up is None or down is None or (pairs and pairs[-1][:2] == (up, down)):
                continue
            pairs.append((up, down, column))
        return pairs

    @property
    def tells(self) -> bool:
        """Whether rules are missing here under some cells and not under others."""
        opened = {up.cell.open_bottom for up, _, _ in self._pairs()}
        return len(opened) == 2 or (self.tops_tell and self.all_open)

    @property
    def late(self) -> bool:
        """Whether a heading whose cell begins on the page above is named on the page below."""
        begun = (pair for pair in self._headings() if pair[0].row0 > self.page_start)
        first = self._headings() if not self.page_start else []
        return any(not up.text and down.text for up, down in (*begun, *first))

    def _named_again(self, before: Column) -> bool:
        """Tell whether a heading left of a column is printed on both pages.

        One that fills the page below is printed there in any case.
        """
        pairs = [pair for pair in self._pairs() if pair[1].row1 < self.page_end]
        left = [(u, d) for u, d, c in pairs if c.role is Role.LEVEL and c.index < before.index]
        return any(up.text and down.text and repeats(up.text, down.text) for up, down in left)

    def heal(self, drawn: Drawn) -> bool:
        """Unite what the break cut; returns True where it went through one printed row."""
        if not self.above or not self.below:
            return False
        if self._full_width(self.above) or self._full_width(self.below):
            return False
        split = self._splits_row()
        for up, down, column in self._pairs():
            same = (up.column0, up.column1) == (down.column0, down.column1)
            if split:
                if same:
                    self._go_on(up, down)
            elif same and self._continues(up, down, column, drawn):
                self.groups.unite(up, down)
        return split

    def _go_on(self, up: Piece, down: Piece) -> None:
        """Make the rest of a cut row's cell part of it; a number cut in two is doubted."""
        self.groups.unite(up, down)
        heading = up.column1 <= self.leaf and repeats(up.text, down.text)
        down.rest = up.row1 == up.row0 + 1 and not self._said_again() and not heading
        if down.rest and cuts_number(up.text, down.text):
            down.doubts.append(_number_cut(up.text, down.text))

    def _said_again(self) -> bool:
        """Whether the cut row is printed whole on both pages: its name is there twice."""
        up, down = self.above[self.leaf], self.below[self.leaf]
        return bool(down.text) and up.text == down.text

    @staticmethod
    def _full_width(row: dict[int, Piece]) -> bool:
        return len({id(piece) for piece in row.values()}) == 1

    def _splits_row(self) -> bool:
        """Tell whether the first row below goes on with the last row above.

        It does where it names no indicator of its own, or where its name cannot stand alone: no
        serial number, points, targets or department beside it while the row above has them and
        no rule closed it.
        """
        up, down = self.above.get(self.leaf), self.below.get(self.leaf)
        if up is None or down is None:
            return False
        serial = [d for _, d, c in self._pairs() if c.role is Role.SERIAL]
        if any(piece.text for piece in serial):
            return False
        targets = [d.text for _, d, c in self._pairs() if c.role is Role.TARGET]
        if not down.text:
            return any(d.text for _, d, _ in self._pairs())
        if up.cell.open_bottom and not self.all_open:
            return True
        told = self.all_open and (not all(targets) or _unfinished(up.text) or up.text == down.text)
        return told or self._texts_go_on(up, down)

    def _texts_go_on(self, up: Piece, down: Piece) -> bool:
        """Tell by its texts whether a row was cut; where that is not sure, doubt it."""
        cut = row_cut(self._pairs(), self.habits)
        if cut in (Cut.PERHAPS, Cut.PERHAPS_NOT):
            doubt = unsure_cut(up.text, down.text, cut)
            down.doubts.append(doubt)
            if cut is Cut.PERHAPS_NOT:
                up.doubts.append(doubt)
        return cut >= Cut.PERHAPS

    def _continues(self, up: Piece, down: Piece, column: Column, drawn: Drawn) -> bool:
        """Tell whether one cell of a column goes on over the break though the row does not."""
        if column.role is Role.SERIAL or down.column1 > self.leaf >= down.column0:
            return False
        if drawn.open and (self.tops_tell or not self.all_open):
            opened = self.tops_tell and down.cell.open_top
            return opened or (up.cell.open_bottom and not self.all_open)
        above, below = self.groups.text(up), down.text
        one_blank = not clean(below) or not clean(above)
        if not one_blank and column.role in _FLOWING and self._text_cut(up, down, column.role):
            down.rest = True
            return True
        if column.role is Role.LEVEL:
            return self._heading_continues(up, down, column, drawn)
        if column.role in (Role.POINTS, Role.ASSESSING, Role.SUPPORTING, Role.TARGET):
            return one_blank and self._blank_was_cut(up, down, column.role)
        return False

    def _heading_continues(self, up: Piece, down: Piece, column: Column, drawn: Drawn) -> bool:
        """Tell whether a heading goes on: blank on one page, or named again."""
        above, below = self.groups.text(up), down.text
        same = not clean(below) or not clean(above) or repeats(above, below)
        same = same or repeats(below, above)
        self._doubt_blank_above(up, down, column.role)
        if above and not clean(below) and self._named_again(column):
            down.assumed = above
            down.doubts.append(_blank_at_break(above))
            return False
        if drawn.late and not same and not up.text and up.row0 <= self.page_start:
            self.groups.part(up, _between(above, below))
        return same

    def _text_cut(self, up: Piece, down: Piece, role: Role) -> bool:
        """Tell whether two texts are whole only together."""
        said_again = repeats(up.text, down.text) or repeats(down.text, up.text)
        together = bool(up.text) and not said_again
        return together and go_together(up, down, role, self.habits) >= 2

    def _blank_was_cut(self, up: Piece, down: Piece, role: Role) -> bool:
        """Tell whether a blank beside a closed break is part of a cut cell.

        Nobody prints blank points. A department goes on where the points do, a supporting one
        where the assessing one does; otherwise it counts whether this document prints such
        blanks away from page breaks, too. Where it does not, a department that is blank at the
        page's end is taken, with a doubt, for the one printed below.
        """
        if role is Role.POINTS or (role is Role.ASSESSING and self._cut(Role.POINTS)):
            self._doubt_blank_above(up, down, role)
            return True
        if role is Role.SUPPORTING:
            cut = self._cut(Role.ASSESSING) or self._spans_a_cut_group(up, down)
            open_to_doubt = role not in self.blanks or self._cut(Role.POINTS)
            if not cut and open_to_doubt and clean(down.text):
                up.doubts.append(_blank_at_end(down.text))
            above = clean(self.groups.text(up))
            if not cut and above and not down.text and self._cut(Role.POINTS):
                down.assumed = above
                down.doubts.append(_blank_at_break(above))
            return cut
        if clean(self.groups.text(up)):
            if role in self.blanks or role is Role.TARGET:
                down.doubts.append(_blank_at_break(self.groups.text(up)))
            return True
        if role is not Role.ASSESSING or role in self.blanks:
            return False
        if any(not above.text and below.text for above, below in self._headings()):
            return True
        up.assumed = down.text or None
        up.doubts.append(_blank_at_end(down.text))
        return False

    def _spans_a_cut_group(self, up: Piece, down: Piece) -> bool:
        """Tell whether two cells cover the same rows, more than one, as points that were cut."""
        extents = (up.row0, down.row1)
        points = ((u.row0, d.row1) for u, d, c in self._pairs() if c.role is Role.POINTS)
        merged = up.row1 - up.row0 > 1 or down.row1 - down.row0 > 1
        return merged and self._cut(Role.POINTS) and extents in points

    def _doubt_blank_above(self, up: Piece, down: Piece, role: Role) -> None:
        """Doubt a blank over a text where this document prints such blanks elsewhere, too."""
        if role in self.blanks and not clean(self.groups.text(up)) and clean(down.text):
            up.doubts.append(_blank_at_end(down.text))

    def _cut(self, role: Role) -> bool:
        """Tell whether text stands on one side of the break only, in a column of this role."""
        shown = [(up.text, down.text) for up, down, c in self._pairs() if c.role is role]
        return any(bool(above) != bool(below) for above, below in shown)

    def _headings(self) -> list[tuple[Piece, Piece]]:
        pairs = self._pairs()
        return [(u, d) for u, d, c in pairs if c.role is Role.LEVEL and d.column1 <= self.leaf]


def _row_of(pieces: Sequence[Piece], row: int) -> dict[int, Piece]:
    covering = (piece for piece in pieces if piece.row0 <= row < piece.row1)
    return {c: piece for piece in covering for c in range(piece.column0, piece.column1)}


def _unfinished(text: str) -> bool:
    return any(text.count(left) > text.count(right) for left, right in ("（）", "()", "《》", "“”"))


def _blank_at_break(above: str) -> Doubt:
    return Doubt(
        "blank_at_break",
        "The first row of the page is blank here; taken for the rest of the cell above.",
        "本页首行此处空白，按上页末行单元格的延续处理。",
        (clean(above), ""),
    )


def _between(above: str, below: str) -> Doubt:
    return Doubt(
        "heading_ambiguous",
        f"A whole page is blank here, between {clean(above)!r} and {clean(below)!r}; taken for "
        "the former.",
        f"本页此栏整页空白，其上为“{clean(above)}”，其下为“{clean(below)}”，暂取前者，请核对。",
        (clean(above), clean(below)),
    )


def _blank_at_end(below: str) -> Doubt:
    return Doubt(
        "blank_at_break",
        "The last rows of the page are blank here; the cell may go on over the page.",
        f"本页末行此处空白，可能与下页首行的“{clean(below)}”为同一单元格，请核对。",
        ("", clean(below)),
    )


def _number_cut(above: str, below: str) -> Doubt:
    whole, apart = clean(above + below), f"{clean(above)} {clean(below)}"
    return Doubt(
        "number_lookalike",
        f"A page ends within a number: {apart!r}; read as {whole!r}.",
        f"换页处的数字“{apart}”按{whole}读取，请核对。",
        (whole, clean(above), clean(below)),
    )
