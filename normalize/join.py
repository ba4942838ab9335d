"""The pages of a ruled table become one logical table.

Repeated headers are dropped, one column grid serves all pages, and cells that a page break cut
are put together again: those left blank on the next page, those whose text is repeated, repeated
in part, or split over the break. A rule that is missing at the page's end is the best evidence;
where pages are closed by a rule all the same, blanks and texts decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from normalize.chains import Chain, Columns, Part, column_grid
from normalize.grid import Column, Doubt, LogicalCell, LogicalTable, Role
from normalize.header import role_by_name
from normalize.roles import Roles, assign_roles
from normalize.text import clean, fold
from schemas.document import Cell


@dataclass(slots=True)
class _Piece:
    """A printed cell placed on the logical grid (half-open ranges)."""

    row0: int
    row1: int
    column0: int
    column1: int
    cell: Cell
    doubts: list[Doubt] = field(default_factory=list)

    @property
    def text(self) -> str:
        return clean(self.cell.text)


def join(chain: Chain) -> tuple[LogicalTable, tuple[Doubt, ...]]:
    """Join a chain's pages; returns the logical table and doubts about whole columns."""
    grid = _merge_twins(column_grid(chain))
    pieces, breaks, rows = _place(chain, grid)
    roles = assign_roles(grid.paths, [_texts(pieces, i) for i in range(len(grid.paths))])
    groups = _Groups(pieces)
    gone: set[int] = set()
    seams = [_Break(at, pieces, roles.columns, groups) for at in breaks]
    drawn_open = any(seam.tells for seam in seams)
    for at, seam in zip(breaks, seams, strict=True):
        if seam.heal(drawn_open):
            gone.add(at)
    table = _table(chain, roles, groups, rows, gone)
    return table, roles.doubts


def _merge_twins(grid: Columns) -> Columns:
    """Take neighbouring columns with one header for one column, unless they are levels.

    A level may be printed as two columns (indicator and sub-indicator); for any other column a
    second rule under one header is a flaw of the drawing.
    """
    target: list[int] = []
    paths: list[tuple[str, ...]] = []
    for i, path in enumerate(grid.paths):
        level = bool(path) and role_by_name(path[-1]) is Role.LEVEL
        if i and path and path == grid.paths[i - 1] and not level:
            target.append(len(paths) - 1)
        else:
            target.append(len(paths))
            paths.append(path)
    spans = tuple(
        tuple(
            (target[low], target[high - 1] + 1) if high > low else (target[low],) * 2
            for low, high in part
        )
        for part in grid.spans
    )
    return Columns(tuple(paths), spans)


def _place(chain: Chain, grid: Columns) -> tuple[list[_Piece], list[int], int]:
    """Place all body cells; returns them, the first row of each later page, and the row count."""
    pieces: list[_Piece] = []
    breaks: list[int] = []
    rows = 0
    for part, spans in zip(chain.parts, grid.spans, strict=True):
        if rows:
            breaks.append(rows)
        placed = list(_place_part(part, spans, rows, _repeated_headers(chain, part)))
        pieces.extend(placed)
        rows = max((piece.row1 for piece in placed), default=rows)
    return pieces, [b for b in breaks if b < rows], rows


def _repeated_headers(chain: Chain, part: Part) -> set[int]:
    """Body rows (0-based) that print the header again in mid-table, and rows without any text."""
    header = {fold(text) for path in chain.header.paths for text in path}
    texts: dict[int, list[str]] = {}
    for cell in part.table.cells:
        for row in range(cell.row - 1, cell.row - 1 + cell.row_span):
            texts.setdefault(row, []).append(fold(cell.text))
    return {
        row
        for row, found in texts.items()
        if row >= part.body_start
        and (not any(found) or (len(found) > 2 and all(t in header for t in found if t)))
    }


def _place_part(
    part: Part, spans: Sequence[tuple[int, int]], first: int, dropped: set[int]
) -> Iterator[_Piece]:
    kept = [r for r in range(part.body_start, part.table.row_count) if r not in dropped]
    at = {row: first + i for i, row in enumerate(kept)}
    for cell in part.table.cells:
        covered = [at[r] for r in range(cell.row - 1, cell.row - 1 + cell.row_span) if r in at]
        low = spans[cell.column - 1][0]
        high = spans[min(cell.column - 2 + cell.column_span, len(spans) - 1)][1]
        if covered and high > low:
            yield _Piece(covered[0], covered[-1] + 1, low, high, cell)


def _texts(pieces: Sequence[_Piece], column: int) -> list[str]:
    """The texts that stand in one column alone."""
    return [
        piece.cell.text
        for piece in pieces
        if piece.column0 <= column < piece.column1 and piece.column1 - piece.column0 <= 2
    ]


class _Groups:
    """Which printed cells are pieces of one logical cell."""

    def __init__(self, pieces: Sequence[_Piece]) -> None:
        self._group: dict[int, list[_Piece]] = {id(piece): [piece] for piece in pieces}

    def unite(self, one: _Piece, other: _Piece) -> None:
        """Make both pieces of one logical cell."""
        kept, gone = self._group[id(one)], self._group[id(other)]
        if kept is not gone:
            kept.extend(gone)
            self._group.update((id(piece), kept) for piece in gone)

    def members(self) -> Iterator[list[_Piece]]:
        """Yield each logical cell's pieces in reading order."""
        seen: set[int] = set()
        for group in self._group.values():
            if id(group) not in seen:
                seen.add(id(group))
                yield sorted(group, key=lambda piece: (piece.row0, piece.column0))

    def text(self, piece: _Piece) -> str:
        """Return the text of the piece's logical cell so far."""
        return join_texts([part.cell.text for part in self._group[id(piece)]])


def join_texts(texts: Sequence[str]) -> str:
    """Put the texts of one cut cell together: what is repeated, even in part, counts once."""
    joined = ""
    for text in texts:
        if not clean(text) or fold(text) in fold(joined):
            continue
        joined = text if fold(joined) in fold(text) else f"{joined}\n{text}"
    return joined


class _Break:
    """One page break: the cells above and below it, column by column."""

    def __init__(
        self, row: int, pieces: Sequence[_Piece], columns: Sequence[Column], groups: _Groups
    ) -> None:
        self.columns = columns
        self.groups = groups
        self.above = _row_of(pieces, row - 1)
        self.below = _row_of(pieces, row)
        self.leaf = max((c.index for c in columns if c.role is Role.LEVEL), default=0)
        pairs = self._pairs()
        self.cuts = self._cuts()
        self.all_open = bool(pairs) and all(up.cell.open_bottom for up, _, _ in pairs)

    def _pairs(self) -> list[tuple[_Piece, _Piece, Column]]:
        """The cells that stand above one another across the break, each pair once."""
        pairs: list[tuple[_Piece, _Piece, Column]] = []
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
    def _full_width(row: dict[int, _Piece]) -> bool:
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

    def _continues(self, up: _Piece, down: _Piece, column: Column, drawn_open: bool) -> bool:
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

    def _department_continues(self, above: str, below: str, down: _Piece) -> bool:
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


def _row_of(pieces: Sequence[_Piece], row: int) -> dict[int, _Piece]:
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


def _table(chain: Chain, roles: Roles, groups: _Groups, rows: int, gone: set[int]) -> LogicalTable:
    """Build the logical table, the rows that a break had cut in two made one again."""
    number: list[int] = []
    for row in range(rows):
        number.append(number[-1] if row in gone else (number[-1] + 1 if number else 0))
    cells = [_cell(pieces, number) for pieces in groups.members()]
    cells = _without_overlap(cells)
    caption = chain.parts[0].table.caption
    notes = tuple(line for part in chain.parts for line in part.table.notes)
    count = number[-1] + 1 if number else 0
    return LogicalTable(roles.columns, count, tuple(cells), caption, notes)


def _cell(pieces: Sequence[_Piece], number: Sequence[int]) -> LogicalCell:
    written = [piece.cell for piece in pieces if piece.text] or [pieces[0].cell]
    return LogicalCell(
        min(number[piece.row0] for piece in pieces),
        max(number[piece.row1 - 1] for piece in pieces) + 1,
        min(piece.column0 for piece in pieces),
        max(piece.column1 for piece in pieces),
        join_texts([piece.cell.text for piece in pieces]),
        tuple(written),
        tuple(doubt for piece in pieces for doubt in piece.doubts),
    )


def _without_overlap(cells: Sequence[LogicalCell]) -> list[LogicalCell]:
    """Give each place one cell: what a cut row leaves over goes to the cell it continues.

    It happens where the rest of a row is drawn with other spans than its beginning; the text is
    kept and doubted.
    """
    kept: dict[int, LogicalCell] = {}
    owner: dict[tuple[int, int], int] = {}
    for cell in sorted(cells, key=lambda c: (c.row0, c.column0, -c.column1)):
        places = [
            (r, c) for r in range(cell.row0, cell.row1) for c in range(cell.column0, cell.column1)
        ]
        taken = next((owner[place] for place in places if place in owner), None)
        if taken is None:
            kept[len(kept)] = cell
            owner.update(dict.fromkeys(places, len(kept) - 1))
        elif clean(cell.text):
            kept[taken] = _with_rest(kept[taken], cell)
    return list(kept.values())


def _with_rest(cell: LogicalCell, rest: LogicalCell) -> LogicalCell:
    doubt = Doubt(
        "text_continued",
        "A text alone at the top of a page was added to the cell it seems to continue.",
        "页首单独出现的文字已并入其可能延续的单元格。",
        (clean(cell.text),),
    )
    return replace(
        cell,
        text=join_texts([cell.text, rest.text]),
        sources=cell.sources + rest.sources,
        doubts=(*cell.doubts, *rest.doubts, doubt),
    )
