"""Proposals of which indicator of one document is another's, for a person to confirm.

One line a pair, then what is in one document only. A pair that the measure is sure of is proposed
as 是; one that it doubts is left blank with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from common.fold import without_signs
from common.messages import Message, message
from compare.documents import Item, Side, folded
from compare.match import Matching, Pair
from compare.similarity import SURE
from schemas.ids import indicator_id

#: Keys that are confirmed already, by document and serial number.
Known = Mapping[tuple[str, int], str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One pair of indicators that may be the same, or one that has no partner.

    ``sure`` proposes yes; ``done``: the pair has its key already. ``key`` is empty where
    there is no pair.
    """

    key: str
    first: Item | None
    second: Item | None
    likeness: float | None
    sure: bool
    done: bool
    hint: str
    reason: str


def proposals(matching: Matching, known: Known) -> list[Proposal]:
    """Return the proposals in the second document's order, what is in one only at the end."""
    dropped, new = message("compare.hint.dropped").zh, message("compare.hint.new").zh
    return [
        *(_of_pair(pair, matching, known) for pair in matching.pairs),
        *(_alone(item, None, dropped) for item in matching.dropped),
        *(_alone(None, item, new) for item in matching.new),
    ]


def _alone(first: Item | None, second: Item | None, hint: str) -> Proposal:
    return Proposal("", first, second, None, False, False, hint, "")


def _of_pair(pair: Pair, matching: Matching, known: Known) -> Proposal:
    first = known.get((matching.first.document_id, pair.first.serial_no))
    second = known.get((matching.second.document_id, pair.second.serial_no))
    key = first or second
    taken = [*_two_keys(first, second), *_held(key, pair, matching, known)]
    hints = [*_likeness_hints(pair), *taken]
    return Proposal(
        key or indicator_id(matching.first.document_id, pair.first.serial_no),
        pair.first,
        pair.second,
        pair.likeness,
        sure=not pair.doubtful and not taken,
        done=first is not None and first == second,
        hint="；".join(hint.zh for hint in hints),
        reason="" if hints else _reason(pair).zh,
    )


def _likeness_hints(pair: Pair) -> Iterator[Message]:
    if pair.likeness < SURE:
        yield message("compare.hint.little_alike", likeness=pair.likeness)
    for serial_no in pair.rivals:
        yield message("compare.hint.near.new", serial_no=serial_no)
    for serial_no in pair.claimed:
        yield message("compare.hint.near.old", serial_no=serial_no)


def _two_keys(first: str | None, second: str | None) -> Iterator[Message]:
    if first is not None and second is not None and first != second:
        yield message("compare.hint.two_keys", first=first, second=second)


def _held(key: str | None, pair: Pair, matching: Matching, known: Known) -> Iterator[Message]:
    """Yield which other indicators of either document have the key already."""
    for side, item in ((matching.first, pair.first), (matching.second, pair.second)):
        for (document_id, number), held in known.items():
            if held == key and document_id == side.document_id and number != item.serial_no:
                yield message(
                    "compare.hint.held.old" if item is pair.first else "compare.hint.held.new",
                    serial_no=number,
                    key=key,
                )


def _reason(pair: Pair) -> Message:
    same = without_signs(folded(pair.first.name)) == without_signs(folded(pair.second.name))
    return message(
        "compare.reason.same_name" if same else "compare.reason.near_name", likeness=pair.likeness
    )


def renamed(side: Side, serial_no: int, expect: str) -> str | None:
    """Return what stands there instead of the name that is expected; None where it does.

    White space, widths, brackets and years in a name make no difference.
    """
    found = {item.serial_no: item.name for item in side.items}.get(serial_no)
    if found is None:
        return f"（共{len(side.items)}项，没有这一项）"
    return None if folded(found) == folded(expect) else found
