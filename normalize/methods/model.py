"""What reading a printed method needs to know of its row, and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from common.messages import message
from schemas.vocabulary import Direction, ItemKind, MethodStatus, Operator, TargetKind


@dataclass(frozen=True, slots=True)
class MethodContext:
    """What the row says: its target, its unit, which end is good, and its points.

    ``points`` are the row's own, None where they are not known or are shared with other rows
    (``alone`` is false). ``entities`` counts who is assessed by the row.
    """

    kind: TargetKind
    operator: Operator | None = None
    value: float | None = None
    unit: str | None = None
    direction: Direction = Direction.UNKNOWN
    points: float | None = None
    alone: bool = True
    item_kind: ItemKind = ItemKind.SCORED
    indicator: str = ""
    entities: int = 2

    @property
    def lower(self) -> bool:
        """Whether less is better."""
        if self.operator in (Operator.AT_MOST, Operator.LESS_THAN):
            return True
        limited = self.operator in (Operator.AT_LEAST, Operator.MORE_THAN)
        return self.direction == Direction.LOWER and not limited

    @property
    def counts(self) -> bool:
        """Whether the target is a figure that a value is held against."""
        return self.value is not None and self.kind in _FIGURES


_FIGURES = {
    TargetKind.NUMBER,
    TargetKind.QUANTITY,
    TargetKind.GROWTH,
    TargetKind.LIMIT,
    TargetKind.ZERO_TOLERANCE,
    TargetKind.RANK,
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One clause that was understood: its kind in ``methods.toml``, and what it says."""

    kind: str
    text: str
    said: Mapping[str, str | None] = field(default_factory=dict)

    def get(self, name: str) -> str | None:
        """Return what it says under a name, None where it says nothing."""
        return self.said.get(name) or None


@dataclass(frozen=True, slots=True)
class Clauses:
    """All clauses of a method: what was understood, and the rest that was not."""

    statements: tuple[Statement, ...]
    unread: tuple[str, ...]

    def all(self, *kinds: str) -> list[Statement]:
        """Return the statements of some kinds, in printed order."""
        return [each for each in self.statements if each.kind in kinds]

    def one(self, kind: str) -> Statement | None:
        """Return the first statement of a kind."""
        return next(iter(self.all(kind)), None)

    def has(self, *kinds: str) -> bool:
        """Whether there is a statement of one of the kinds."""
        return bool(self.all(*kinds))

    def kinds(self) -> Iterator[str]:
        """Give the kinds, in printed order."""
        return (each.kind for each in self.statements)


def gap(name: str) -> str:
    """Return why a rule is not certain, in Chinese."""
    return message(f"normalize.method_gap.{name}").zh


def open_points(*asked: tuple[bool, str]) -> tuple[str, ...]:
    """Return what is open of several things asked, each with whether it is."""
    return tuple(name for is_open, name in asked if is_open)


Given: TypeAlias = "float | str | Sequence[Given] | Mapping[str, Given] | None"
"""What a parameter of a rule is: a figure, a choice, bands, classes, or the rules of a mix."""


def mix(*rules: tuple[float, str, Mapping[str, Given]]) -> dict[str, Given]:
    """Return the parameters of a mix: each rule in it with its weight before and its own behind."""
    return {"rules": [[*each] for each in rules]}


def banded(bounds: Sequence[Sequence[float | None]], by: str = "value") -> dict[str, Given]:
    """Return the parameters of bands: each bound with what it gives."""
    return {"by": by, "bands": bounds}


@dataclass(frozen=True, slots=True)
class Proposal:
    """The rule that clauses of some kinds make together; ``gaps`` are why it is not certain."""

    rule: str
    parameters: Mapping[str, Given]
    used: frozenset[str]
    gaps: tuple[str, ...] = ()


Recipe = Callable[[Clauses, MethodContext], Proposal | None]


@dataclass(frozen=True, slots=True)
class MethodReading:
    """What a printed method was understood as.

    ``unread`` are the clauses that are in no rule, ``understood`` those of them that were
    understood and have no place in this one, ``gaps`` why the rule is not certain;
    ``beyond`` is what the text may give beyond the row's points, in points, inf without a limit;
    ``limit`` the most points that it gives where that is less than the row's, else None.
    """

    rule: str | None
    parameters: Mapping[str, Given]
    status: MethodStatus
    unread: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    beyond: float = 0.0
    limit: float | None = None
    understood: tuple[str, ...] = ()

    def number(self, name: str, otherwise: float) -> float:
        """Return a parameter that is a figure, or ``otherwise`` where there is none."""
        value = self.parameters.get(name)
        return value if isinstance(value, (int, float)) else otherwise
