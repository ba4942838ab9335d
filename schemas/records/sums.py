"""What an entity can reach in all: the points of every weight group once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

#: Entity, weight group and points of a target that is assessed; points that nobody read are None.
Assessed = tuple[str, int, float | None]
_Target = TypeVar("_Target")


def sums_of(entities: Iterable[str], assessed: Iterable[Assessed]) -> dict[str, float]:
    """Return each entity's points; a group has those of its first target that is assessed."""
    found = dict.fromkeys(entities, 0.0)
    for entity, _, points in first_of_groups(assessed, lambda each: each[:2]):
        if entity in found:
            found[entity] += points or 0.0
    return {entity: round(total, 6) for entity, total in found.items()}


def first_of_groups(
    assessed: Iterable[_Target], group_of: Callable[[_Target], tuple[str, int]]
) -> Iterator[_Target]:
    """Yield the first of each entity and weight group."""
    seen: set[tuple[str, int]] = set()
    for each in assessed:
        if (group := group_of(each)) not in seen:
            seen.add(group)
            yield each
