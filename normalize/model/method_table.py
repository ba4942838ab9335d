"""A table that says of other tables' rows how points are given: 序号 | 指标 | 评分标准."""

from __future__ import annotations

from dataclasses import dataclass

from normalize.model.table import LogicalCell


@dataclass(frozen=True, slots=True)
class MethodRow:
    """What one row says, of the row that has its serial number and names.

    ``names`` are the texts of its level columns as printed, the deepest last; ``points`` those
    that it prints for itself alone. ``cells`` hold the methods, ``targets`` are those that it
    prints itself, each with the name of its column.
    """

    number: int | None
    names: tuple[str, ...]
    points: float | None
    cells: tuple[LogicalCell, ...]
    targets: tuple[tuple[str, str], ...] = ()

    @property
    def called(self) -> str:
        """What a person finds the row by."""
        number = "" if self.number is None else f"第{self.number}项"
        return f"{number}{self.names[-1] if self.names else ''}"


@dataclass(frozen=True, slots=True)
class MethodTable:
    """A table of methods: its place in words, its rows, and the lines under it with their pages.

    ``others`` are the names of its columns that land nowhere; ``numbered_only``: serial numbers
    are all that it names rows by.
    """

    name: str
    first: LogicalCell
    rows: tuple[MethodRow, ...]
    notes: tuple[tuple[str, int | None], ...] = ()
    others: tuple[str, ...] = ()
    numbered_only: bool = False
