"""Doubts of targets that list no other reading of them: the target may be anything.

Which targets a doubt touches is told by their reasons for review, not by the finding's place: a
cell that serves several targets has one finding, which names the first of them. What it lists are
readings of that one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pandas as pd

from common.declared import declared_list
from schemas.tables.frames import records
from schemas.vocabulary import TargetKind

#: The fields of a finding that are about the target itself: its sign, its figure, its unit.
OF_TARGET = {"target_text", "target_value"}
_IN_WORDS = {TargetKind.JUDGED, TargetKind.DOCUMENT, TargetKind.NONE}
_KEY = ["document_id", "serial_no", "entity"]
_JOINS = "；"


def open_targets(findings: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Return the targets that open findings put in doubt without another reading of them, by key.

    ``open``: it may come to anything by any rule; else by rules that count with a target. So may a
    target in words of which something is unread or cut off: it may be a figure. Other damage to
    words (a lost bracket) does not make them one.
    """
    about = findings[findings["field"].isin(OF_TARGET).astype(bool)]
    said = _by_start(about)
    reviewed = targets[targets["needs_review"].astype(bool)] if said else targets.iloc[:0]
    codes = [_codes(row, said) for row in records(reviewed)]
    lost = set(declared_list("scoring", "doubts", "lost"))
    in_words = reviewed["target_kind"].isin(_IN_WORDS) & reviewed["target_value"].isna()
    cut = pd.Series([bool(found & lost) for found in codes], reviewed.index, "bool")
    found = reviewed[_KEY].assign(open=in_words.astype(bool) & cut)
    return found[pd.Series([bool(each) for each in codes], reviewed.index, "bool")]


_Said = Mapping[tuple[str, str], Mapping[tuple[str, str, bool], set[tuple[int, str]]]]


def _by_start(findings: pd.DataFrame) -> _Said:
    """Return the doubts of each document by their message's first clause.

    Of each: message, code and whether it lists readings, with the targets that it lists them for.
    """
    said: dict[tuple[str, str], dict[tuple[str, str, bool], set[tuple[int, str]]]]
    said = defaultdict(lambda: defaultdict(set))
    for each in records(findings, [*_KEY, "code", "message_zh", "alternatives"]):
        message = (each["message_zh"] or "").rstrip("。")
        if message:
            doubts = said[each["document_id"], message.partition(_JOINS)[0]]
            lists = len(each["alternatives"]) > 0
            listed_for = doubts[message, each["code"], lists]
            if lists:
                listed_for.add((each["serial_no"], each["entity"]))
    return said


def _codes(target: Mapping[str, Any], said: _Said) -> set[str]:
    """Return the codes of a target's doubts, by its reason for review, that list no reading."""
    reason = (target["review_reason"] or "").rstrip("。")
    return {
        code
        for clause in reason.split(_JOINS)
        for (message, code, _), listed_for in said.get((target["document_id"], clause), {}).items()
        if message in reason and (target["serial_no"], target["entity"]) not in listed_for
    }
