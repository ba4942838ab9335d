"""Signs in a target's text that it is damaged."""

from __future__ import annotations

import re
from functools import cache

from common.declared import declared
from normalize.model.doubt import Doubt
from normalize.text.damage import name_doubts
from schemas.vocabulary import TargetKind


def untyped(text: str) -> Doubt:
    """Return the doubt of a text that fits no form of target."""
    if not text:
        return Doubt("target_blank", "the target cell is blank", "目标值为空，请核对。")
    return Doubt(
        "target_untyped",
        f"{text!r} fits no form of target",
        f"“{text}”不像目标值，请核对。",
    )


def number_unread(text: str) -> Doubt:
    """Return the doubt of a text with numbers that could not be told apart."""
    return Doubt(
        "number_unread",
        f"the numbers in {text!r} could not be read",
        f"目标“{text}”中的数字未能识别，请核对。",
    )


def parts_unclear(text: str) -> Doubt:
    """Return the doubt of a text whose numbers do not say what they count."""
    return Doubt(
        "parts_unclear",
        f"the numbers of {text!r} do not say what each counts",
        f"目标“{text}”中有多个数字，各指什么不明确，请核对。",
    )


def text_doubts(text: str, kind: TargetKind) -> tuple[Doubt, ...]:
    """Return the doubts of a target's printed text as such."""
    return (*name_doubts(text), *_unfinished(text, kind), *_spaced(text), *_odd_year(text))


_YEAR = re.compile(r"(?<!\d)(\d{4})年")


def _odd_year(text: str) -> tuple[Doubt, ...]:
    """Doubt a year that no notice speaks of."""
    odd = [found for found in _YEAR.findall(text) if not 1949 <= int(found) <= 2100]
    if not odd:
        return ()
    return (
        Doubt(
            "number_unlikely",
            f"the year {odd[0]} in {text!r} is hardly meant",
            f"目标“{text}”中的年份{odd[0]}不合常理，请核对。",
        ),
    )


_SPACED = re.compile(r"[0-9]+[.,，]? [.,，]?[0-9]+")


def _spaced(text: str) -> tuple[Doubt, ...]:
    """Doubt a space within digits: one number pulled apart, or two that lost what parts them."""
    found = _SPACED.search(text)
    if not found:
        return ()
    return (
        Doubt(
            "number_spaced",
            f"a space stands within the number {found.group()!r} of {text!r}",
            f"“{text}”中的数字“{found.group()}”夹有空格，可能是一个数或两个数，请核对。",
        ),
    )


@cache
def _words(key: str) -> tuple[str, ...]:
    return tuple(declared("normalize", "targets")["kinds"][key])


def _unfinished(text: str, kind: TargetKind) -> tuple[Doubt, ...]:
    """Doubt a text that ends where no sentence ends, or begins where none begins."""
    cut = text[0] in "，,、；;。）)》〉”：:" or text[-1] in "，,、（(《〈“：:"
    cut = cut or re.search(r"\d[.．]$", text) is not None
    if kind in {TargetKind.DOCUMENT, TargetKind.JUDGED} and not cut:
        promised = text.startswith(_words("leads"))
        bare = text[text.rfind("》") + 1 :] if "》" in text else text
        cut = promised and not any(word in bare for word in _words("ends"))
    if not cut:
        return ()
    return (
        Doubt(
            "unfinished",
            f"{text!r} is not a whole sentence",
            f"“{text}”语句不完整，可能被截断。",
        ),
    )
