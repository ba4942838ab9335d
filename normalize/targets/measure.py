"""One measure of a target: subject, relation, number and unit of a clause with one number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from common.declared import declared, declared_list, longest_first
from common.numbers import SIGN
from normalize.model.doubt import Doubt, doubt
from normalize.targets.masks import MASKED_DIGIT
from normalize.targets.model import BETTER
from normalize.text.clean import strip_ordinal
from normalize.text.direction import direction
from normalize.text.numerals import guessed, token_source
from normalize.text.units import known_unit, unit_source
from schemas.vocabulary import Direction, Operator


@cache
def _number_source() -> str:
    """Return the pattern of a number, clean or not; a damaged one is never cut.

    Behind a word even 、 and ; between digits are within the number: 低于4、6% is no list.
    """
    close = "|".join(map(re.escape, longest_first(tuple(_table("suffix_operators")))))
    end = rf"(?:{unit_source()})(?:$|[，,、；;。.（()）]|{close})"
    signed = rf"(?:(?<![0-9%‰{MASKED_DIGIT}]){SIGN})?"
    behind_word = (
        rf"(?<=[㐀-鿿≤≥<>＜＞=＝≦≧⩽⩾~～≈]){signed}{token_source(end, '、;；', _behind_limit())}"
    )
    return rf"(?:{behind_word}|{signed}{token_source(end)})"


def _behind_limit() -> str:
    """Return the pattern of the place behind a word that a number must follow at once."""
    words = {*_table("operators"), *_words("about"), *_words("up"), *_words("down")}
    whole = (rf"(?<![㐀-鿿]){word}" if len(word) == 1 else re.escape(word) for word in words)
    return "(?:" + "|".join(f"(?<={word})" for word in sorted(whole) if word[-1] not in "+") + ")"


@cache
def measure_pattern() -> re.Pattern[str]:
    """Return the pattern of a number with the unit behind it, which may be a rate's: 12/10万."""
    sizes = "|".join(longest_first(declared_list("normalize", "units", "magnitudes")))
    unit = rf"{unit_source()}|[/／](?:10+)?(?:{sizes})人?(?!元)"
    return re.compile(rf"(?P<number>{_number_source()})(?P<unit>{unit})?")


def _table(key: str) -> dict[str, str]:
    return declared(dict[str, str], "normalize", "targets", key)


@cache
def _words(key: str) -> tuple[str, ...]:
    return longest_first(declared_list("normalize", "targets", "words", key))


@cache
def word_pattern(key: str) -> re.Pattern[str]:
    """Return the pattern of any of a list's words."""
    return re.compile("|".join(_words(key)))


@cache
def _operators(key: str) -> tuple[tuple[str, Operator], ...]:
    table = _table(key)
    return tuple((word, Operator(table[word])) for word in longest_first(tuple(table)))


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of a target and what the words around it mean.

    ``relation`` is the operator that the words give, None where they give none; ``growth`` is +1
    for a rise, -1 for a fall, 0 for a level. ``raised`` tells that the number is to be got up to:
    完成120, 提高到80%.
    """

    text: str
    subject: str | None
    value: float
    unit: str | None
    relation: Operator | None
    growth: int
    doubts: tuple[Doubt, ...] = ()
    raised: bool = False


def read_measure(text: str, masked: str, named_unit: str | None = None) -> Measure | None:
    """Read a clause that holds one number; None where the number cannot be read.

    ``named_unit`` is the indicator's unit: it is known as a unit behind the number whatever it is.
    """
    found = measure_pattern().search(masked)
    number = guessed(found["number"]) if found else None
    if not found or not number:
        return None
    before, relation, growth, raised = _before(masked[: found.start()])
    unit, rest = _unit(found["unit"], masked[found.end("number") :], named_unit)
    after, behind = _behind(_within(rest), unit)
    chosen = _settle(relation, behind)
    subject = _subject(text, masked, len(before), len(masked) - len(after))
    odd = _odd(text, subject) or _unread(text, before, after)
    doubts = (*number.doubts, *_conflict(text, relation, behind), *odd)
    if unit is None and _WORDS.match(after.lstrip()):
        doubts = (*doubts, doubt("unit_unknown", text=text))
    growth = growth or (1 if word_pattern("rises").match(after.removeprefix("的")) else 0)
    return Measure(text, subject, number.value, unit, chosen, growth, doubts, raised)


_WORDS = re.compile(r"[㐀-鿿A-Za-z]")


_HELD = re.compile(r"[（(]([^（()）]{1,8})[)）]")


def _unit(unit: str | None, behind: str, named: str | None) -> tuple[str | None, str]:
    """Return the unit behind a number and what follows it: the row's own if it is the longer."""
    if named and behind.startswith(named) and len(named) > len(unit or ""):
        return named, behind[len(named) :]
    if unit is None:
        held = _HELD.match(behind)
        return (held[1], behind[held.end() :]) if held and known_unit(held[1]) else (None, behind)
    rated = named and unit[0] in "/／" and named.endswith(unit)
    return named if rated else unit, behind[len(unit) :]


_NO_SUBJECT = re.compile(
    r"(?<![A-Za-z])[a-z]+|^[A-Z]$|^注$|^或|[后末]$|倒数|每个?(?:半年|季度?|月|周|天|日)|[±×÷=＝＋－−≤≥<>＜＞]|^[一二三四五六七八九十两]个$|^(?:按|根据|依据|依照|参照|对照|以)|折算|换算|.{31}"
)


def _odd(text: str, subject: str | None) -> tuple[Doubt, ...]:
    """Doubt what stands around a number and is not what it counts: signs, rules, long texts."""
    if not subject or (_WORDS.search(subject) and not _NO_SUBJECT.search(subject)):
        return ()
    return (doubt("text_unread.part", text=text, part=subject),)


def _within(rest: str) -> str:
    """Return what stands behind a number without the words that close a range: 之间."""
    found = word_pattern("between").match(rest)
    return rest[found.end() :] if found else rest


_SIGN_AT = r"[-—–−/／=＝<>＜＞·]"


def _unread(text: str, before: str, after: str) -> tuple[Doubt, ...]:
    """Doubt what stands beside a number and may say more of it than what it counts."""
    if word_pattern("behind_patterns").match(after.lstrip()) or re.match(_SIGN_AT, after):
        return (doubt("text_unread.part", text=text, part=after.strip()),)
    if re.search(rf"{_SIGN_AT}$", before):
        return (doubt("text_unread.part", text=text, part=before),)
    return ()


def _before(text: str) -> tuple[str, Operator | None, int, bool]:
    """Strip the words before a number from the right: what is left, operator, growth, raised."""
    relation, reach, growth, raised = None, False, 0, False
    rest = text
    while True:
        stripped = rest.rstrip("，,、；;：: （(")
        word, operator = _ending(stripped)
        if word is None:
            return stripped, relation, growth, raised
        rest = stripped[: len(stripped) - len(word)]
        relation = relation or operator
        reach = reach or word in _words("reach")
        raised = raised or word in _words("raised")
        if word in _words("up") and not reach:
            growth = growth or 1
        elif word in _words("down") and not reach:
            growth = growth or -1


def _ending(text: str) -> tuple[str | None, Operator | None]:
    """Return the longest known word at the end of a text, with its operator.

    None where a longer word ends there that names something: 参保 and not 保.
    """
    known = _endings()
    word = next((text[-n:] for n in _lengths_of_endings() if text[-n:] in known), None)
    if word is None or any(
        len(name) > len(word) and text.endswith(name) for name in _words("names")
    ):
        return None, None
    return word, known[word]


@cache
def _endings() -> dict[str, Operator | None]:
    """Return the words before a number, each with its operator, if it gives one."""
    plain = ("reach", "up", "down", "neutral", "stretch")
    return {
        **{word: None for key in plain for word in _words(key)},
        **dict.fromkeys(_words("about"), Operator.ABOUT),
        **dict(_operators("operators")),
    }


@cache
def _lengths_of_endings() -> tuple[int, ...]:
    return tuple(sorted({len(word) for word in _endings()}, reverse=True))


_TIMES = ("年", "月", "天", "日", "时", "钟", "周")


def _behind(text: str, unit: str | None) -> tuple[str, Operator | None]:
    for word, operator in _operators("suffix_operators"):
        timed = unit is not None and unit.endswith(_TIMES)
        if text.startswith(word) and (word != "内" or timed or len(text) == 1):
            return text[len(word) :], operator
    return text, None


def _conflict(text: str, before: Operator | None, behind: Operator | None) -> tuple[Doubt, ...]:
    if not before or not behind or Operator.ABOUT in (before, behind) or before[0] == behind[0]:
        return ()
    signs = (before, behind)
    return (doubt("operator_conflict", signs, text=text, before=before, behind=behind),)


def _settle(before: Operator | None, behind: Operator | None) -> Operator | None:
    if Operator.ABOUT in (before, behind):
        return Operator.ABOUT
    return before or behind


_TRIM = "，,、；;。.：:（()） \t的和及与且"
_BY_THEN = re.compile(
    rf"(?:(?:到|至|截至|截止)?(?:{MASKED_DIGIT}+[-—~～至、]?)+[年月日][年月日底末度中下上旬{MASKED_DIGIT}]*"
    r"(?:之?前|以前)?|[年月]底前?)[，,]?"
)
_REMARK = re.compile(r"^[（(][^（()）]*[)）]$")
_SINCE = re.compile(rf"(?:较|比|与|同){MASKED_DIGIT}+年?(?:度|同期|底|末)?(?:水平|相比)?$")


def _subject(text: str, masked: str, before: int, after: int) -> str | None:
    """Return what is counted: the words before and behind, without ordinal and deadline."""
    start = _ordinal(text)
    deadline = _BY_THEN.match(masked, start)
    start = deadline.end() if deadline else start
    since = _SINCE.search(masked[:before])
    end = since.start() if since else before
    behind = _REMARK.sub("", text[after:])
    return text[start:end].strip(_TRIM) + behind.strip(_TRIM) or None


def _ordinal(text: str) -> int:
    """Return where a text begins behind its ordinal."""
    rest = strip_ordinal(text)
    return len(text) - len(rest) if text.endswith(rest) else 0


_PLACES = frozenset({"位", "名", "位次", "名次"})


def relation_of(measure: Measure, known: Direction) -> Operator | None:
    """Return the operator: the printed one, else by the words, the subject or the direction.

    ``known`` is the indicator's direction; None where nothing says which side is good.
    """
    if measure.relation:
        return measure.relation
    if measure.growth < 0:
        return Operator.AT_MOST
    subject = direction(measure.subject, measure.unit) if measure.subject else Direction.UNKNOWN
    way = known if known != Direction.UNKNOWN and subject != Direction.LOWER else subject
    if measure.growth > 0 and (measure.unit or "").removeprefix("个") in _PLACES:
        return Operator.AT_LEAST  # 上升2个位次: upwards is better, though a small rank is
    risen = measure.growth > 0 or measure.raised
    return BETTER.get(way) or (Operator.AT_LEAST if risen else None)
