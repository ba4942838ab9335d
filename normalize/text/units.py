"""Units of measure: known ones, those by their form, and the unit printed with a name.

Units are open: no list has all (人/万车, 万标煤, 1/10万). A known unit is one wherever
it stands; a form is one only where units stand, in the brackets at the end of a name or behind
单位：. The forms are in ``normalize/data/units.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from common.declared import declared, declared_list, longest_first
from common.fold import as_seen, clean
from normalize.model.doubt import Doubt, doubt
from normalize.text.clean import unbalanced


@dataclass(frozen=True, slots=True)
class UnitReading:
    """An indicator's name without its unit, the unit as printed (None where none is printed).

    ``unsure`` is what stands in the brackets at the end and may be a unit: it stays in the name.
    """

    name: str
    unit: str | None
    doubts: tuple[Doubt, ...] = ()
    unsure: str | None = None


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
    return f"{one}(?:[/／每·]{magnitude}?{per}|[/／](?:10+)?{magnitude}(?:{per})?)*"


@cache
def _whole_unit() -> re.Pattern[str]:
    return re.compile(unit_source())


def known_unit(text: str) -> bool:
    """Say whether the whole text is a unit of measure (compounds included)."""
    return _whole_unit().fullmatch(clean(text)) is not None


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of what is a unit by its form; {unit} and the like are known ones."""
    known = {
        "{matter}": f"(?:{declared(str, 'normalize', 'units', 'forms', 'matter')})",
        "{unit}": f"(?:{unit_source()})",
        "{magnitude}": _alternation(declared_list("normalize", "units", "magnitudes")),
        "{counted}": _alternation(declared_list("normalize", "units", "measure")),
    }
    forms = declared_list("normalize", "units", "forms", "patterns")
    return tuple(re.compile(_filled(form, known)) for form in forms)


def _filled(form: str, known: Mapping[str, str]) -> str:
    for name, pattern in known.items():
        form = form.replace(name, pattern)
    return form


@cache
def _no_units() -> re.Pattern[str]:
    return re.compile("|".join(declared_list("normalize", "units", "forms", "no_units")))


@lru_cache(maxsize=4096)
def is_unit(text: str) -> bool:
    """Say whether a text that stands where units stand is one: known, or by its form."""
    bare = clean(text)
    if known_unit(bare):
        return True
    named = _no_units().fullmatch(bare)
    return not named and any(form.fullmatch(bare) for form in _forms())


_BRACKET = re.compile(
    r"[（(【\[［〔]((?:[^（()）【】\[\]［］〔〕]|[（(][^（()）]*[)）])+)[)）】\]］〕]"
)
_LABEL = re.compile(r"^(?:计量)?单位[:：]?(.+)$")
_TAIL = re.compile(r"[,，、;；:：]?[（(]?(?:计量)?单位[:：](.+?)[)）]?$")
_AFTER_COMMA = re.compile(r"[,，]([^,，]{1,12})$")
_CUT = re.compile(r"[（(]([^（()）]{0,12})$")
_WITHIN = re.compile(r"[,，;；]")


@lru_cache(maxsize=4096)
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


@dataclass(frozen=True, slots=True)
class _Held:
    """A unit in a bracket of a name, and what else the bracket holds (累计 in （累计，亿元）)."""

    match: re.Match[str]
    unit: str
    rest: str


def _bracketed(text: str) -> UnitReading | None:
    found = [held for match in _BRACKET.finditer(text) if (held := _held(text, match))]
    if not found:
        return None
    last = found[-1]
    rest = f"（{last.rest}）" if last.rest else ""
    name = clean(text[: last.match.start()] + rest + text[last.match.end() :])
    if not name:
        return None
    others = {held.unit for held in found if held.unit != last.unit}
    if len(listed := re.split("[、，,]", last.unit)) > 1:
        others.update(listed)
    doubts = (doubt("unit_several", sorted(others), text=text),) if others else ()
    return UnitReading(name, last.unit, doubts)


def _held(text: str, match: re.Match[str]) -> _Held | None:
    """Return the unit of a bracket: all of it, or its first or last piece (累计，亿元)."""
    inner = clean(match.group(1))
    label = _LABEL.match(inner)
    bare = label.group(1) if label else inner
    if known_unit(bare) or ((label or _ends_name(text, match)) and is_unit(bare)):
        return _Held(match, bare, "") if _ends_words(text, match, bare) else None
    return _beside_words(match, _WITHIN.split(inner))


def _ends_name(text: str, match: re.Match[str]) -> bool:
    """Say whether nothing but brackets stands behind a bracket."""
    return re.fullmatch(rf"(?:{_BRACKET.pattern})*", text[match.end() :]) is not None


def _beside_words(match: re.Match[str], pieces: Sequence[str]) -> _Held | None:
    ends = {pieces[0], pieces[-1]} if len(pieces) > 1 else ()
    units = [piece for piece in ends if known_unit(piece) and _plain(piece)]
    if len(units) != 1:
        return None
    return _Held(match, units[0], "，".join(piece for piece in pieces if piece != units[0]))


def _plain(unit: str) -> bool:
    """Say whether a unit is one beside other words: not 户 in （村，户）."""
    return len(unit) > 1 or unit in "%‰元"


def _ends_words(text: str, match: re.Match[str], unit: str) -> bool:
    """Say whether a bracket may hold a unit where it stands: 居民（人）均 holds none."""
    return _plain(unit) or not re.match(r"[㐀-鿿]", text[match.end() :])


def _labelled(text: str) -> UnitReading | None:
    if (label := _TAIL.search(text)) and is_unit(label.group(1)) and label.start():
        return UnitReading(text[: label.start()], label.group(1))
    comma = _AFTER_COMMA.search(text)
    if comma and known_unit(comma.group(1)) and comma.start():
        return UnitReading(text[: comma.start()], comma.group(1))
    return None


def _cut(text: str) -> UnitReading:
    """Return the name as it is: its end may be cut within a bracket, or hold one to doubt."""
    cut = _CUT.search(text)
    if not cut or not unbalanced(text):
        return UnitReading(text, None, unsure=_maybe_unit(text))
    unit = cut.group(1) if known_unit(cut.group(1)) else None
    return UnitReading(text, None, (doubt("unit_cut", (unit,) if unit else (), text=text),))


def _maybe_unit(text: str) -> str | None:
    """Return what the bracket at a name's end holds if it is as short as a unit and no word."""
    found = next((m for m in _BRACKET.finditer(text) if m.end() == len(text)), None)
    inner = clean(found.group(1)) if found and found.start() else ""
    short = re.fullmatch(declared(str, "normalize", "units", "forms", "maybe"), inner)
    return inner if short and not _no_units().fullmatch(inner) else None


_STATED = re.compile(
    r"(?:^|[\s（(，,；;、。:：])(?:计量|金额|货币|数据|计价|本表)?单\s*位\s*(?:[:：]|均?为)\s*(?P<units>[^（()）:：]+)"
)
_AT_END = re.compile(r"[（(][^（()）]*[)）]\s*$")
_LISTED = re.compile(r"[、，,；;。和及\s]+")
_MONEY = re.compile("^人民币")
_POINTS = "分"


@cache
def _followed() -> re.Pattern[str]:
    words = declared(str, "normalize", "units", "stated", "followed_by")
    return re.compile(rf"(?<=[元吨亩人户个家件米%‰克时])(?:{words}).*$")


@lru_cache(maxsize=1024)
def stated_units(text: str) -> tuple[str, ...]:
    """Return the units that a line above a table states for its numbers (单位：亿元、%).

    None are stated where 单位 is an office (单位：市统计局), and 分 is about points.
    """
    found = _STATED.search(as_seen(text))
    if not found:
        return ()
    named = (_MONEY.sub("", clean(each)) for each in _LISTED.split(found["units"].strip()))
    units = [_followed().sub("", each) for each in named if each]
    if not units or not is_unit(units[0]):
        return ()
    return tuple(dict.fromkeys(each for each in units if is_unit(each) and each != _POINTS))


def without_stated_units(text: str) -> str:
    """Return a heading without the units that brackets at its end state: 民生（单位：%）."""
    found = _AT_END.search(text)
    return text[: found.start()] if found and stated_units(found[0]) else text


def header_unit(path: Sequence[str]) -> str | None:
    """Return the unit that a column's headers name, the lowest that names one: 目标值（万元）."""
    for text in reversed(path):
        units = (split_unit(text).unit,) if split_unit(text).unit else stated_units(text)
        if units and units[0] != _POINTS:
            return units[0]
    return None
