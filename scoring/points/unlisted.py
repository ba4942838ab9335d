"""Doubts of targets that list no other reading of them: the target may be anything.

Which targets a doubt touches is told by their reasons for review, not by the finding's place: a
cell that serves several targets has one finding, which names the first of them. What it lists are
readings of that one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from common.declared import declared_list
from schemas.records.rows import FindingRow, TargetRow
from schemas.vocabulary import TargetKind

#: The fields of a finding that are about the target itself: its sign, its figure, its unit.
OF_TARGET = {"target_text", "target_value"}
_IN_WORDS = {TargetKind.JUDGED, TargetKind.DOCUMENT, TargetKind.NONE}
_JOINS = "；"


def open_targets(
    findings: Sequence[FindingRow], targets: Sequence[TargetRow]
) -> Iterator[tuple[TargetRow, bool]]:
    """Give the targets that open findings put in doubt without another reading of them.

    And whether one may come to anything by any rule; else by rules that count with a target. So may
    a target in words of which something is unread or cut off: it may be a figure. Other damage to
    words (a lost bracket) does not make them one.
    """
    said = _by_start([each for each in findings if each["field"] in OF_TARGET])
    lost = set(declared_list("scoring", "doubts", "lost"))
    for target in targets if said else ():
        if target["needs_review"] and (codes := _codes(target, said)):
            in_words = target["target_kind"] in _IN_WORDS and target["target_value"] is None
            yield target, in_words and bool(codes & lost)


#: What a reading is listed for: serial number and entity.
_For = tuple[int | None, str | None]
_Said = Mapping[tuple[str, str], Mapping[tuple[str, str, bool], set[_For]]]


def _by_start(findings: Sequence[FindingRow]) -> _Said:
    """Return the doubts of each document by their message's first clause.

    Of each: message, code and whether it lists readings, with the targets that it lists them for.
    """
    said: dict[tuple[str, str], dict[tuple[str, str, bool], set[_For]]]
    said = defaultdict(lambda: defaultdict(set))
    for each in findings:
        message = (each["message_zh"] or "").rstrip("。")
        if message:
            doubts = said[each["document_id"], message.partition(_JOINS)[0]]
            lists = len(each["alternatives"]) > 0
            listed_for = doubts[message, each["code"], lists]
            if lists:
                listed_for.add((each["serial_no"], each["entity"]))
    return said


def _codes(target: TargetRow, said: _Said) -> set[str]:
    """Return the codes of a target's doubts, by its reason for review, that list no reading."""
    reason = (target["review_reason"] or "").rstrip("。")
    return {
        code
        for clause in reason.split(_JOINS)
        for (message, code, _), listed_for in said.get((target["document_id"], clause), {}).items()
        if message in reason and (target["serial_no"], target["entity"]) not in listed_for
    }
