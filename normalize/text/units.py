"""Units of measure: known ones, compounds by rule, and the unit printed with a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from common.declared import declared_list, longest_first
from common.fold import clean
from normalize.model.doubt import Doubt, doubt
from normalize.text.clean import unbalanced


@dataclass(frozen=True, slots=True)
class UnitReading:
    """An indicator's name without its unit, the unit as printed (None where none is printed)."""

    name: str
    unit: str | None
    doubts: tuple[Doubt, ...] = ()


def _alternation(words: tuple[str, ...]) -> str:
    return "(?:" + "|".join(map(re.escape, longest_first(words))) + ")"


@cache
def unit_source() -> str:
    """Return the pattern of one unit, simple or compound, as a piece of a regular expression."""
    simple = _alternation(declared_list("normalize", "units", "simple"))
    magnitude = _alternation(declared_list("normalize", "units", "magnitudes"))
    per = _alternation(
        (
            *declared_list("normalize", "units", "per"),
            *declared_list("normalize", "units", "simple"),
        )
    )
    one = f"(?:{magnitude}?{simple}|{magnitude})"
    return f"{one}(?:[/／每·]{magnitude}?{per})*"


@cache
def _whole_unit() -> re.Pattern[str]:
    return re.compile(unit_source())


def known_unit(text: str) -> bool:
    """Say whether the whole text is a unit of measure (compounds included)."""
    return _whole_unit().fullmatch(clean(text)) is not None


_BRACKET = re.compile(r"[（(【\[]([^（()）【】\[\]]+)[)）】\]]")
_LABEL = re.compile(r"^(?:计量)?单位[:：]?(.+)$")
_TAIL = re.compile(r"[,，、;；:：]?[（(]?(?:计量)?单位[:：](.+?)[)）]?$")
_AFTER_COMMA = re.compile(r"[,，]([^,，]{1,12})$")
_CUT = re.compile(r"[（(]([^（()）]{0,12})$")


def _as_unit(text: str) -> str | None:
    label = _LABEL.match(text)
    bare = label.group(1) if label else text
    return bare if known_unit(bare) else None


def split_unit(name: str) -> UnitReading:
    """Split the printed name of an indicator into the name and its unit.

    The unit is the last bracket that holds one (at the end or in the middle), a label (单位：亿元)
    or what follows a comma at the end. A bracket with anything else stays in the name. An end cut
    inside the bracket (``产值（亿``) gives a doubt, the unit it may be, and the name as it is.
    """
    text = clean(name)
    if reading := _bracketed(text) or _labelled(text):
        return reading
    return _cut(text)


def _bracketed(text: str) -> UnitReading | None:
    found = [
        (match, unit)
        for match in _BRACKET.finditer(text)
        if (unit := _as_unit(clean(match.group(1)))) and _ends_words(text, match, unit)
    ]
    if not found:
        return None
    match, unit = found[-1]
    name = clean(text[: match.start()] + text[match.end() :])
    if not name:
        return None
    others = {other for _, other in found if other != unit}
    doubts = (doubt("unit_several", sorted(others), text=text),) if others else ()
    return UnitReading(name, unit, doubts)


def _ends_words(text: str, match: re.Match[str], unit: str) -> bool:
    """Say whether a bracket may hold a unit where it stands: 居民（人）均 holds none."""
    short = len(unit) == 1 and unit not in "%‰元"
    return not short or not re.match(r"[㐀-鿿]", text[match.end() :])


def _labelled(text: str) -> UnitReading | None:
    if (label := _TAIL.search(text)) and known_unit(label.group(1)) and label.start():
        return UnitReading(text[: label.start()], label.group(1))
    comma = _AFTER_COMMA.search(text)
    if comma and known_unit(comma.group(1)) and comma.start():
        return UnitReading(text[: comma.start()], comma.group(1))
    return None


def _cut(text: str) -> UnitReading:
    cut = _CUT.search(text)
    if not cut or not unbalanced(text):
        return UnitReading(text, None)
    unit = cut.group(1) if known_unit(cut.group(1)) else None
    return UnitReading(text, None, (doubt("unit_cut", (unit,) if unit else (), text=text),))
