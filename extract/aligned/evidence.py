"""What a page draws of a table besides its text: rules here and there, edges of tinted cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extract.aligned.pieces import Level
from extract.page.page import Mark, PageRecord, Rule

COVERED = 0.6
"""An edge lies under a column where it covers this part of its width."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Horizontal edges: rules, and edges of tinted cells."""

    edges: tuple[Rule, ...]

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
    return Evidence(tuple(_joined(edges)))


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
