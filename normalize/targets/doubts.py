"""Signs in a target's text that it is damaged."""

from __future__ import annotations

import re
from functools import cache

from common.declared import declared_list
from normalize.model.doubt import Doubt, doubt
from normalize.targets.model import TargetContext
from normalize.text.damage import name_doubts
from schemas.vocabulary import TargetKind


def untyped(text: str) -> Doubt:
    """Return the doubt of a text that fits no form of target."""
    return doubt("target_untyped", text=text) if text else doubt("target_blank.text")


def text_doubts(text: str, kind: TargetKind, context: TargetContext) -> tuple[Doubt, ...]:
    """Return the doubts of a target's printed text as such."""
    damage = (*name_doubts(text), *_unfinished(text, kind), *_spaced(text), *_odd_year(text))
    return (*damage, *_date(text, context), *_box(text, context))


_DAY = re.compile(
    r"(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})日|[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}"
    r"|[0-9]{4}年[0-9]{1,2}月(?:[0-9]{1,2}日)?"
)


def _date(text: str, context: TargetContext) -> tuple[Doubt, ...]:
    """Doubt a day where a number is due: a spreadsheet makes one of 3/4 or 3-4."""
    found = _DAY.fullmatch(text)
    if not found or context.unit is None:
        return ()
    pair = (found["month"], found["day"]) if found["day"] else ()
    meant = [sign.join(pair) for sign in ("/", "-", ".") if pair]
    return (doubt("number_unlikely.date", meant, text=text),)


_MOUTHS = re.compile(r"[0-9]\s?口(?=$|[^㐀-鿿]|以|左右)")


def _box(text: str, context: TargetContext) -> tuple[Doubt, ...]:
    """Doubt 口 behind a number where nothing says that mouths are counted.

    A character without a glyph is printed as a box (□), which is read as 口.
    """
    counted = declared_list("normalize", "units", "counted_in_mouths")
    known = "口" in (context.unit or "") or any(w in context.indicator + text for w in counted)
    return () if known or not _MOUTHS.search(text) else (doubt("text_unread.box", text=text),)


_YEAR = re.compile(r"(?<!\d)(\d{4})年")


def _odd_year(text: str) -> tuple[Doubt, ...]:
    """Doubt a year that no notice speaks of."""
    odd = [found for found in _YEAR.findall(text) if not 1949 <= int(found) <= 2100]
    return (doubt("number_unlikely.year", text=text, year=odd[0]),) if odd else ()


_SPACED = re.compile(r"[0-9]+[.,，]? [.,，]?[0-9]+")


def _spaced(text: str) -> tuple[Doubt, ...]:
    """Doubt a space within digits: one number pulled apart, or two that lost what parts them."""
    found = _SPACED.search(text)
    return (doubt("number_spaced", text=text, number=found.group()),) if found else ()


@cache
def _words(key: str) -> tuple[str, ...]:
    return declared_list("normalize", "targets", "kinds", key)


def _unfinished(text: str, kind: TargetKind) -> tuple[Doubt, ...]:
    """Doubt a text that ends where no sentence ends, or begins where none begins."""
    cut = text[0] in "，,、；;。）)》〉”：:" or text[-1] in "，,、（(《〈“：:"
    cut = cut or re.search(r"\d[.．]+[。;；]?$", text) is not None
    if kind in {TargetKind.DOCUMENT, TargetKind.JUDGED} and not cut:
        promised = text.startswith(_words("leads"))
        bare = text[text.rfind("》") + 1 :] if "》" in text else text
        cut = promised and not any(word in bare for word in _words("ends"))
    return (doubt("unfinished", text=text),) if cut else ()
