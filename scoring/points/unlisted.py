"""Doubts of targets that list no other reading: the target may be anything.

Which targets a doubt touches is told by their reasons for review, not by the finding's place: a
cell that serves several targets has one finding, which names the first of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import pandas as pd

from common.declared import declared_list
from schemas.tables.frames import records

#: The fields of a finding that are about the target itself: its sign, its figure, its unit.
OF_TARGET = {"target_text", "target_value"}
_KEY = ["document_id", "serial_no", "entity"]
_JOINS = "；"


def open_targets(findings: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Return the targets that open findings without another reading put in doubt, by key.

    ``open``: it may come to anything by any rule; else by rules that count with a target. So may a
    target without a figure whose text has digits, or of which something is unread or cut off: it
    may be a figure. Other damage to words (a lost bracket) does not make them one.
    """
    about = findings[findings["field"].isin(OF_TARGET).astype(bool)]
    said = _by_start(about)
    reviewed = targets[targets["needs_review"].astype(bool)] if said else targets.iloc[:0]
    codes = [_codes(row["document_id"], row["review_reason"], said) for row in records(reviewed)]
    lost = set(declared_list("scoring", "doubts", "lost"))
    wordless = reviewed["target_value"].isna() & reviewed["target_text"].notna()
    digits = reviewed["target_text"].fillna("").map(lambda text: any(map(str.isdigit, text)))
    may_be_figure = digits.astype(bool) | pd.Series(
        [bool(found & lost) for found in codes], reviewed.index, "bool"
    )
    found = reviewed[_KEY].assign(open=wordless.astype(bool) & may_be_figure)
    return found[pd.Series([bool(each) for each in codes], reviewed.index, "bool")]


_Said = Mapping[tuple[str, str], list[tuple[str, str]]]


def _by_start(findings: pd.DataFrame) -> _Said:
    """Return message and code of findings, by document and the message's first clause."""
    said: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for each in records(findings[["document_id", "code", "message_zh"]]):
        message = (each["message_zh"] or "").rstrip("。")
        if message:
            start = message.partition(_JOINS)[0]
            said[each["document_id"], start].append((message, each["code"]))
    return said


def _codes(document: str, reason: str | None, said: _Said) -> set[str]:
    """Return the codes of the doubts that a target's reason for review gives."""
    return set(_matched(document, reason or "", said))


def _matched(document: str, reason: str, said: _Said) -> Iterator[str]:
    for clause in reason.rstrip("。").split(_JOINS):
        for message, code in said.get((document, clause), ()):
            if message in reason:
                yield code
