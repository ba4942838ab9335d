"""What a page shows of a table besides its text: edges drawn here and there, the order of drawing.

Programs draw a table cell by cell and row by row. Where a page does so, two lines drawn one
after the other are lines of one cell, and a cell over several rows is drawn with its first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extract.aligned.pieces import Level
from extract.page.page import Mark, PageRecord, Rule

ORDERLY = 0.5
"""Of pieces drawn one after the other this part stand in line, the later one to the right."""
COVERED = 0.6
"""An edge lies under a column where it covers this part of its width."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Horizontal edges (rules, and edges of tinted cells) and whether the drawing is by cells."""

    edges: tuple[Rule, ...]
    by_cells: bool

    def between(self, low: float, high: float, x0: float, x1: float) -> Rule | None:
        """Return an edge between two heights that lies under a column."""
        return next(
            (
                edge
                for edge in self.edges
                if low < edge.at < high
                and min(edge.end, x1) - max(edge.start, x0) >= COVERED * (x1 - x0)
            ),
            None,
        )


def gather(page: PageRecord, levels: Sequence[Level]) -> Evidence:
    """Return the evidence on a page about a table of these levels."""
    top, bottom = levels[0].at, levels[-1].at
    reach = 4 * (levels[0].pieces[0].size + 1)
    edges = [
        rule for rule in page.rules if rule.horizontal and top - reach < rule.at < bottom + reach
    ]
    return Evidence(tuple(_joined(edges)), _by_cells(levels))


def _joined(edges: Iterable[Rule]) -> list[Rule]:
    """Join edges side by side at one height, as cells drawn one by one leave them."""
    joined: list[Rule] = []
    for edge in sorted(edges, key=lambda edge: (round(edge.at), edge.start)):
        last = joined[-1] if joined else None
        if last and abs(last.at - edge.at) <= 1.0 and edge.start - last.end <= 2.0:
            joined[-1] = last._replace(end=max(last.end, edge.end), mark=max(last.mark, edge.mark))
        else:
            joined.append(edge)
    return joined


def upright_edges(page: PageRecord, top: float, bottom: float) -> list[float]:
    """Return the places of upright rules and tinted cells' sides between two heights."""
    return [
        rule.at
        for rule in page.rules
        if not rule.horizontal and rule.end > top and rule.start < bottom
    ]


def is_rule(edge: Rule) -> bool:
    """Tell whether an edge is a drawn line, not the edge of a tinted cell."""
    return edge.mark > Mark.FILL_EDGE


def _by_cells(levels: Sequence[Level]) -> bool:
    """Tell whether the page was drawn row by row and cell by cell.

    A page that was drawn level by level, whatever cells they belong to, shows nothing: two lines
    of one cell never follow each other there.
    """
    placed = {piece.order: (i, piece) for i, level in enumerate(levels) for piece in level.pieces}
    drawn = [placed[order] for order in sorted(placed)]
    pairs = list(pairwise(drawn))
    if not pairs:
        return False
    onward = sum(a[0] == b[0] and a[1].x0 < b[1].x0 for a, b in pairs)
    wrapped = sum(a[0] < b[0] and a[1].x0 < b[1].x1 and b[1].x0 < a[1].x1 for a, b in pairs)
    widest = max(len(level.pieces) for level in levels)
    sparse = sum(len(level.pieces) < widest / 2 for level in levels)
    return onward + wrapped >= ORDERLY * len(pairs) and (wrapped > 0 or sparse == 0)
