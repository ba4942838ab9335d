"""What a page break cut, and how it is told.

A rule that is missing at the page's end is the best evidence; where pages are closed by a rule all
the same, blanks and texts decide.
"""

from __future__ import annotations

from collections.abc import Sequence

from normalize.grid import Column, Doubt, Role
from normalize.pieces import Groups, Piece
from normalize.text import clean, fold


class Break:
    """One page break: the cells above and below it, column by column."""

    def __init__(
        self, row: int, pieces: Sequence[Piece], columns: Sequence[Column], groups: Groups
    ) -> None:
        self.columns = columns
        self.groups = groups
        self.above = _row_of(pieces, row - 1)
        self.below = _row_of(pieces, row)
        self.leaf = max((c.index for c in columns if c.role is Role.LEVEL), default=0)
        pairs = self._pairs()
        self.cuts = self._cuts()
        self.all_open = bool(pairs) and all(up.cell.open_bottom for up, _, _ in pairs)

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
        opened = [up.cell.open_bottom for up, _, _ in self._pairs()]
        return any(opened) and not all(opened)

    def heal(self, drawn_open: bool) -> bool:
        """Unite what the break cut; returns True where it went through one printed row.

        ``drawn_open``: this document leaves cut cells open, so that a rule ends a cell.
        """
        if not self.above or not self.below:
            return False
        if self._full_width(self.above) or self._full_width(self.below):
            return False
        split = self._splits_row()
        for up, down, column in self._pairs():
            same = (up.column0, up.column1) == (down.column0, down.column1)
            if split:
                if same:
                    self.groups.unite(up, down)
            elif same and self._continues(up, down, column, drawn_open):
                self.groups.unite(up, down)
        return split

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
        if not up.cell.open_bottom:
            return False
        if self.all_open:
            return not all(targets) or _unfinished(up.text) or up.text == down.text
        return True

    def _continues(self, up: Piece, down: Piece, column: Column, drawn_open: bool) -> bool:
        """Tell whether one cell of a column goes on over the break though the row does not."""
        if column.role is Role.SERIAL or down.column1 > self.leaf >= down.column0:
            return False
        if drawn_open and not self.all_open:
            return up.cell.open_bottom or down.cell.open_top
        above, below = fold(self.groups.text(up)), fold(down.text)
        one_blank = not below or not above
        if column.role is Role.LEVEL:
            return one_blank or above in below or below in above
        if column.role in (Role.ASSESSING, Role.SUPPORTING):
            return self._department_continues(above, below, down)
        if column.role is Role.TARGET and above and not below:
            down.doubts.append(_blank_at_break(self.groups.text(up)))
            return True
        return one_blank and column.role is Role.POINTS  # nobody prints blank points: it was cut

    def _department_continues(self, above: str, below: str, down: Piece) -> bool:
        """Tell whether a department cell closed on both sides goes on over the break.

        A department may be missing in print, so a blank alone does not say that its cell was cut:
        it does where the points cell or a heading was cut in the same way.
        """
        if above and below:
            return False
        if (bool(above), bool(below)) in self.cuts:
            return True
        if above and not below:
            down.doubts.append(_blank_at_break(above))
        return bool(above)

    def _cuts(self) -> set[tuple[bool, bool]]:
        """How points and headings were cut here: whether text stands above, and below."""
        return {
            (bool(fold(self.groups.text(up))), bool(down.text))
            for up, down, column in self._pairs()
            if column.role is Role.POINTS
            or (column.role is Role.LEVEL and down.column1 <= self.leaf)
        }


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
