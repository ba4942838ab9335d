"""Why a correction is refused: which one, where, what was expected, what is there, what to do."""

from __future__ import annotations

from common.refusal import Refusal
from schemas.records.corrections import Correction, place_in_words

_NOTHING_DONE = "本次没有作任何更正，也没有入库。"


def _refusal(code: str, correction: Correction, en: str, zh: str) -> Refusal:
    where, where_zh = place_in_words(correction.where)
    return Refusal(
        code,
        f"{correction.source}: correction {correction.number} ({where}): {en}",
        f"更正文件 {correction.source} 第{correction.number}条（{where_zh}）：{zh}{_NOTHING_DONE}",
    )


def no_such_place(correction: Correction, en: str, zh: str) -> Refusal:
    """The document has no such place."""
    return _refusal("correction_place", correction, en, f"{zh}请核对位置后改正。")


def no_longer_read(correction: Correction, read: str) -> Refusal:
    """What is read at the place is not what the correction was made for."""
    return _refusal(
        "correction_unmatched",
        correction,
        f"expected to read {_shown(correction.expect)!r}, read {read!r}",
        f"expect 为“{_shown(correction.expect)}”，现在读到的是“{read}”。"
        "请对照原件：已无需更正的，删去此条；仍需更正的，把 expect 改为现在读到的内容。",
    )


def same_place(correction: Correction, other: Correction) -> Refusal:
    """Two corrections are about one value."""
    return _refusal(
        "correction_twice",
        correction,
        f"correction {other.number} is about the same value",
        f"与第{other.number}条是同一处。请只保留一条。",
    )


def changes_nothing(correction: Correction) -> Refusal:
    """The value is, but for white space, what is read."""
    return _refusal(
        "correction_unused",
        correction,
        f"the value {_shown(correction.value)!r} is what is read already",
        f"value“{_shown(correction.value)}”与读到的内容相同，不起作用。"
        "如要确认读到的内容无误，请把 value 改为 accept = true；否则删去此条。",
    )


def nothing_to_accept(correction: Correction) -> Refusal:
    """No open finding is at the place, or only one that concerns more than the place."""
    return _refusal(
        "correction_unused",
        correction,
        "there is no open finding of severity error or warning to accept",
        "此处没有待核对的发现，无需确认。如发现已不存在，请删去此条；"
        "如发现涉及整个单元格，请改按 points、单元格或 finding 编号确认。",
    )


def _shown(content: object) -> str:
    if isinstance(content, tuple):
        return "、".join(content)
    return f"{content:g}" if isinstance(content, float) else str(content)
