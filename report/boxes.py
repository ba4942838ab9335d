"""Where something is printed on a page: its box."""

from __future__ import annotations

from typing import TypeAlias

from schemas.records.rows import CellRow, FindingRow, TargetRow

#: The left, upper, right and lower edge of a box in points of the upright page.
Edges = tuple[float, float, float, float]

Boxed: TypeAlias = CellRow | FindingRow | TargetRow
"""A row that may tell the box that it is printed in."""


def edges_of(row: Boxed) -> Edges | None:
    """Return the box that a row is printed in; None where it is not known."""
    x0, top, x1, bottom = row["x0"], row["top"], row["x1"], row["bottom"]
    if x0 is None or top is None or x1 is None or bottom is None:
        return None
    return x0, top, x1, bottom
