"""What a damage is judged by: what was drawn, and what was done to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.support.workshop.damage_cells import Hurt, body
from tests.support.workshop.grid import Grid
from tests.support.workshop.layout import Kind, Layout
from tests.support.workshop.logical import Notice

_PAIRS = ("（）", "《》", "〈〉", "“”", "()")
BASE = re.compile(r"^\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks against a damage (empty: nothing), and why it does or does not."""

    name: str
    reason: str

    def __bool__(self) -> bool:
        return bool(self.name)


FORM = Evidence("form", "the text has not the form of what stands in this column")
ONLY_PLACE = Evidence("", "this is the only place that says so")


@dataclass(frozen=True, slots=True)
class Damaged:
    """A damage with all that it was done to."""

    hurt: Hurt
    grid: Grid
    notice: Notice
    layout: Layout
    kind: str


def lonely(text: str) -> bool:
    """Tell whether a bracket or mark has no partner."""
    return any(text.count(left) != text.count(right) for left, right in _PAIRS)


def serials(grid: Grid) -> dict[int, int]:
    """Return the serial number of the leaf in each row."""
    rows = {s.row for s in body(grid, Kind.LEVEL3, Kind.LEVEL4) if s.row_span == 1}
    return {row: serial for serial, row in enumerate(sorted(rows), 1)}
