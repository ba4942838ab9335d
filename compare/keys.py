"""Proposals of which indicator of one document is another's, for a person to confirm.

One line a pair, then what is in one document only. A pair that the measure is sure of is proposed
as 是; one that it doubts is left blank with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from common.fold import without_signs
from compare.documents import Item, Side, folded
from compare.match import Matching, Pair
from compare.similarity import SURE

#: Keys that are confirmed already, by document and serial number.
Known = Mapping[tuple[str, int], str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One pair of indicators that may be the same, or one that has no partner.

    ``sure`` proposes yes; ``done`` says that the pair has its key already. ``key`` is empty where
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
    return [
        *(_of_pair(pair, matching, known) for pair in matching.pairs),
        *(_alone(item, None, "原文件有，新文件中没有找到") for item in matching.dropped),
        *(_alone(None, item, "新文件有，原文件中没有找到") for item in matching.new),
    ]


def _alone(first: Item | None, second: Item | None, hint: str) -> Proposal:
    return Proposal("", first, second, None, False, False, hint, "")


def _of_pair(pair: Pair, matching: Matching, known: Known) -> Proposal:
    first = known.get((matching.first.document_id, pair.first.serial_no))
    second = known.get((matching.second.document_id, pair.second.serial_no))
    clash = first is not None and second is not None and first != second
    held = _held(first or second, pair, matching, known)
    doubts = [
        *([f"相似度只有 {pair.likeness:.2f}"] if pair.likeness < SURE else []),
        *(f"新文件第{number}项也相近" for number in pair.rivals),
        *(f"原文件第{number}项也相近" for number in pair.claimed),
        *([f"两项已有不同的键：{first}、{second}"] if clash else []),
        *held,
    ]
    return Proposal(
        first or second or str(pair.first.row["indicator_id"]),
        pair.first,
        pair.second,
        pair.likeness,
        sure=not (pair.doubtful or clash or held),
        done=first is not None and first == second,
        hint="；".join(doubts),
        reason="" if doubts else _reason(pair),
    )


def _held(key: str | None, pair: Pair, matching: Matching, known: Known) -> list[str]:
    """Say which other indicator of either document has the key already."""
    sides = ((matching.first, pair.first, "原"), (matching.second, pair.second, "新"))
    return [
        f"{name}文件第{number}项已用键 {key}"
        for side, item, name in sides
        for (document_id, number), held in known.items()
        if held == key and document_id == side.document_id and number != item.serial_no
    ]


def _reason(pair: Pair) -> str:
    same = without_signs(folded(pair.first.name)) == without_signs(folded(pair.second.name))
    return f"{'名称相同' if same else '名称相近'}，相似度 {pair.likeness:.2f}"


def renamed(side: Side, serial_no: int, expect: str) -> str | None:
    """Return what stands there instead of the name that is expected; None where it does.

    White space, widths, brackets and years in a name say nothing.
    """
    found = {item.serial_no: item.name for item in side.items}.get(serial_no)
    if found is None:
        return f"（共{len(side.items)}项，没有这一项）"
    return None if folded(found) == folded(expect) else found
