"""Damaged documents by number: the same number, the same document."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.support.workshop import damage
from tests.support.workshop.damage_cells import CELL_WAYS, Hurt, Way
from tests.support.workshop.damage_evidence import evidence_of
from tests.support.workshop.damage_ground import Evidence, serials
from tests.support.workshop.damage_rows import ROW_WAYS
from tests.support.workshop.draw import FORMATS, Style, draw
from tests.support.workshop.draw_markdown import markdown_text
from tests.support.workshop.grid import Grid, grid_of
from tests.support.workshop.layout import Kind, Layout, fitted
from tests.support.workshop.logical import Notice
from tests.support.workshop.strategies import layouts, notices, plain_layouts, styles

_MOST_LINES = 3
_MISREAD = 0.15  # share of PDFs that one reader misreads instead
_WAYS: tuple[Way, ...] = (*CELL_WAYS, *ROW_WAYS)
_TEXT_WAYS = {
    "row moved left (text)": damage.leading_dropped,
    "row moved right, last cell cut off (text)": damage.last_cut,
    "heading in the wrong column (text)": damage.level_moved,
    "spaces inside words (text)": damage.spaces_in_text,
    "half-width signs (text)": damage.half_width,
}
_BUILD = Evidence("build", "the row's cells do not fit the columns they stand in")
_PROPER = Evidence("", "the row is a proper one of a table whose level 3 is not split")
_SECOND = Evidence("second reader", "the other reader reads the cell as it is")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A fitted notice, its layout, and how it is to be printed."""

    notice: Notice
    layout: Layout
    style: Style | None
    kind: str

    @property
    def grid(self) -> Grid:
        """The undamaged grid."""
        return grid_of(self.notice, self.layout)


@dataclass(frozen=True, slots=True)
class Case:
    """One damaged document: what was drawn, what was done to it, what speaks against that.

    ``misread`` is the seed of a damage that the first reader does, not the document; ``rows`` are
    the serial numbers that a damage of one cell reaches, None where it reaches further.
    """

    drawn: Drawn
    what: str
    before: str
    after: str
    evidence: Evidence
    path: Path
    misread: int | None = None
    rows: frozenset[int] | None = None


def drawings(first: int, count: int) -> list[Drawn]:
    """Return random notices with layouts and styles, in all formats by turns."""
    return [
        drawing(kind, first * 10 + number)
        for turn, kind in enumerate(FORMATS)
        for number in range(turn, count, len(FORMATS))
    ]


def drawing(kind: str, number: int) -> Drawn:
    """Return one random notice in a format.

    Each is drawn from a seed of its own: a generator's later examples vary its earlier ones.
    """
    found: list[Drawn] = []
    plain = plain_layouts() if kind == "md" else layouts()

    @seed(number)
    @settings(
        max_examples=2,  # the first is always the least
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(notices(most_entities=8), plain, styles(kind))
    def keep(notice: Notice, layout: Layout, style: Style | None) -> None:
        found.append(Drawn(fitted(notice, layout), layout, style, kind))

    keep()
    return found[-1]


def cases(drawn: list[Drawn], folder: Path, first: int = 0) -> Iterator[Case]:
    """Damage each drawing in one way, the ways by turns; draw it, yield it."""
    for number, one in enumerate(drawn, first):
        random = Random(number)
        made = _by_turns(one, number, random, folder)
        if made is not None:
            yield made


def _by_turns(one: Drawn, number: int, random: Random, folder: Path) -> Case | None:
    if one.kind == "md" and random.random() < 0.5:
        return _text_case(one, number, random, folder)
    grid = one.grid
    if one.kind == "pdf" and random.random() < _MISREAD:
        path = draw(one.notice, grid, folder, one.style)
        return Case(one, "a cell misread by one reader", "", "", _SECOND, path, number)
    for turn in range(len(_WAYS)):
        hurt = _WAYS[(number + turn) % len(_WAYS)](grid, random)
        if hurt is not None and hurt.grid != grid and not _unseen(hurt, one.kind):
            return _grid_case(one, hurt, grid, folder)
    return None


def _unseen(hurt: Hurt, kind: str) -> bool:
    """A merged cell is blank in Markdown but for its first place, split or not."""
    return kind == "md" and "split, blank" in hurt.what


def _grid_case(one: Drawn, hurt: Hurt, grid: Grid, folder: Path) -> Case:
    evidence = evidence_of(hurt, grid, one.notice, one.layout, one.kind)
    path = draw(one.notice, hurt.grid, folder, one.style)
    before, after = hurt.span.text, hurt.after
    return Case(one, hurt.what, before, after, evidence, path, rows=_reached(hurt, grid))


def _reached(hurt: Hurt, grid: Grid) -> frozenset[int] | None:
    if hurt.what.startswith(("row", "pages")):
        return None
    return frozenset(n for row, n in serials(grid).items() if row in hurt.span.rows)


def _text_case(one: Drawn, number: int, random: Random, folder: Path) -> Case | None:
    names = list(_TEXT_WAYS)
    what = names[number % len(names)]
    text, before, after = _hurt_lines(markdown_text(one.notice, one.grid), _TEXT_WAYS[what], random)
    path = folder / "notice.md"
    path.write_text(text, encoding="utf-8")
    evidence = _PROPER if _proper_still(one, what, before) else _BUILD
    return Case(one, what, before, after, evidence, path) if before else None


def _proper_still(one: Drawn, what: str, before: str) -> bool:
    """Tell whether a row that moved left is a proper row: both names of level 3 moved one up."""
    kinds = one.grid.kinds
    if what != "row moved left (text)" or Kind.LEVEL4 not in kinds:
        return False
    rows = [damage.cells_of(line) for line in before.split("\n")]
    return any(row[kinds.index(Kind.LEVEL4)] for row in rows)


def _hurt_lines(
    text: str, way: Callable[[list[str], Random], list[str] | None], random: Random
) -> tuple[str, str, str]:
    """Damage up to three lines of a table's body in one way."""
    lines = text.split("\n")
    body = list(damage.body_lines(lines))
    random.shuffle(body)
    before, after = [], []
    for place in body:
        cells = damage.cells_of(lines[place])
        hurt = way(list(cells), random)
        if hurt is not None and hurt != cells and len(before) < _MOST_LINES:
            before.append(lines[place])
            lines[place] = damage.line_of(hurt)
            after.append(lines[place])
    return "\n".join(lines), "\n".join(before), "\n".join(after)
