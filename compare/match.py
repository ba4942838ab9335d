"""Which indicator of one document is which of the other's, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

from compare.assignment import best_assignment
from compare.documents import Item, Side
from compare.similarity import SURE, THRESHOLD, Edges, edges

#: Another assignment whose sum is less by no more than this is an equally likely one.
NEAR = 0.03

_LEAST_GAIN = 1e-6  # a pair just at the threshold is still better than none


@dataclass(frozen=True, slots=True)
class Pair:
    """One indicator in both documents.

    ``likeness`` is the measure (:mod:`compare.similarity`); ``rivals`` are the serial numbers, in
    the second document, of others that fit the first one's indicator nearly as well, and
    ``claimed`` those of the first document that fit the second one's.
    """

    first: Item
    second: Item
    likeness: float
    rivals: tuple[int, ...] = ()
    claimed: tuple[int, ...] = ()

    @property
    def doubtful(self) -> bool:
        """Whether a person should confirm it: little alike, or another fits nearly as well."""
        return self.likeness < SURE or bool(self.rivals or self.claimed)


@dataclass(frozen=True, slots=True)
class Matching:
    """All pairs in the second document's order, and what is in one document only."""

    first: Side
    second: Side
    pairs: tuple[Pair, ...]
    dropped: tuple[Item, ...]
    new: tuple[Item, ...]


def match(first: Side, second: Side) -> Matching:
    """Match two documents' indicators one to one so that the sum over the threshold is largest."""
    possible = edges(first, second)
    gains = {pair: score - THRESHOLD + _LEAST_GAIN for pair, score in possible.items()}
    assigned = best_assignment(gains)
    pairs = [
        Pair(
            first.items[i],
            second.items[j],
            possible[i, j],
            rivals=tuple(second.items[k].serial_no for k in _rivals(i, j, assigned, possible)),
            claimed=tuple(first.items[k].serial_no for k in _claims(i, j, assigned, possible)),
        )
        for i, j in sorted(assigned.items(), key=lambda each: each[1])
    ]
    taken = set(assigned.values())
    return Matching(
        first,
        second,
        tuple(pairs),
        tuple(item for i, item in enumerate(first.items) if i not in assigned),
        tuple(item for j, item in enumerate(second.items) if j not in taken),
    )


def _rivals(i: int, j: int, assigned: dict[int, int], possible: Edges) -> list[int]:
    """Return the places of the second document that ``i`` could have for hardly less."""
    holder = {right: left for left, right in assigned.items()}
    found = []
    for left, right in possible:
        if left != i or right == j:
            continue
        loss = possible[i, j] - possible[i, right]
        if right in holder:  # its holder would have to take j instead, or nothing
            other = holder[right]
            loss += possible[other, right] - possible.get((other, j), THRESHOLD)
        if loss <= NEAR:
            found.append(right)
    return sorted(found)


def _claims(i: int, j: int, assigned: dict[int, int], possible: Edges) -> list[int]:
    """Return the places of the first document, unmatched, that could have ``j`` for hardly less."""
    return sorted(
        left
        for left, right in possible
        if right == j and left not in assigned and possible[i, j] - possible[left, j] <= NEAR
    )
