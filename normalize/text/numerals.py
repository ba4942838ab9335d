"""Numbers as they are printed: clean ones, and those that may have been misread."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from common.declared import declared
from common.numbers import MINUS, SIGN, chinese, exact, show
from normalize.model.doubt import Doubt, doubt

_LETTERS = str.maketrans("OoQlI|SBZ〇", "0001115820")
# S, B, Q and Z also name things (4S店): they are digits only where a number goes on or ends.
_LETTER = r"(?:[OolI|〇]|[QSBZ](?=[0-9OolI|〇QSBZ.．,，。·%‰ ]|$|{end}))"
_DIGIT = rf"(?:[0-9]|{_LETTER}(?![AC-HJ-NPR-Ya-km-np-z]))"
_SEPARATOR = "[.．,，。·:：'’` {list}]"


def token_source(end: str, listing: str = "", behind: str = "(?!)") -> str:
    """Return the pattern of a number as printed, clean or damaged.

    It is the longest run of digits, letters that look like digits, and signs between them, so that
    no part of a damaged number is taken for a clean one. ``end`` is the pattern of what stands
    behind a number (its unit, with what may follow); a sign before it belongs to the number.
    ``listing`` holds signs that otherwise part one number from the next; ``behind`` is the pattern
    of a place where any sign before the digits is damage (低于,8.5%).
    """
    digit = _DIGIT.replace("{end}", end)
    letter = _LETTER.replace("{end}", end)
    between = _SEPARATOR.replace("{list}", listing)
    parts = between.replace(" ", "")
    stray = rf"(?:{behind}[.．,，。·’、;；]|[.．·'`])[.．,，。·'’`]*(?=[0-9])|[,，]+[.．·](?=[0-9])"
    opening = rf"(?:[0-9]|(?<![A-Za-z]){letter}+(?={between}{{0,3}}[0-9])|{stray})"
    more = rf"(?:[.．,，]*{digit}|{between}{{1,3}}(?={letter}*[0-9]))"
    return rf"{opening}{more}*(?:{parts}+(?={end}))?"


@dataclass(frozen=True, slots=True)
class Number:
    """A number read from a text, with what is doubtful about it."""

    value: float
    doubts: tuple[Doubt, ...] = ()


def guessed(text: str) -> Number | None:
    """Return the likeliest number of a text that is nearly one (l00, 3.O, 3,5, 5..3, 12 11).

    The doubt lists all readings, the one taken first. None where it is nothing like a number.
    """
    if (value := exact(text)) is not None:
        return Number(value)
    if not re.search("[0-9]", text) or len(text) > 16:
        return None
    return doubtful(text, _readings(text))


def doubtful(text: str, readings: list[str]) -> Number | None:
    """Return the first of several readings of a text, with the doubt that lists all."""
    values = [value for reading in readings if (value := exact(reading)) is not None]
    if not values:
        return None
    shown = tuple(dict.fromkeys(map(show, values)))
    found = doubt("number_lookalike.text", shown, replaces=text, text=text, taken=shown[0])
    return Number(values[0], (found,))


def bracketed(text: str) -> Number | None:
    """Return the number of (1,200), which accounts print for -1,200; the doubt lists both."""
    return doubtful(text, [f"-{text[1:-1]}", text[1:-1]])


_PARTED = re.compile(r"[^0-9]+")


def _readings(text: str) -> list[str]:
    """Return texts that the printed one may stand for, likeliest first; each keeps its sign."""
    sign = text[0] if re.match(SIGN, text) else ""
    bare = text.removeprefix(sign)
    digits = bare.translate(_LETTERS)
    found = [digits, *_of_pieces(digits)]
    if digits != bare:
        found += _of_pieces(re.sub("[OoQlI|SBZ〇]", "", bare))
    return [("-" if sign in MINUS else "") + reading for reading in found]


def _of_pieces(digits: str) -> list[str]:
    """Return the readings of groups of digits with signs between them, likeliest first."""
    pieces = [piece for piece in _PARTED.split(digits) if piece]
    if not pieces:
        return []
    joined = "".join(pieces)
    if len(pieces) == 1:
        return [*([f"0.{joined}"] if digits[0] in ".．·" else []), joined]
    # What a space cuts in two is one number first of all: 0.1 8 is 0.18.
    closed = [digits.replace(" ", "")] if " " in digits and digits.count(".") == 1 else []
    clean = _clean_parts(digits)
    pointed = [reading for reading in clean if "." in reading]
    points = _points(digits, pieces)
    wide = [joined, *points] if len(pieces) > 2 and not pointed else [*points, joined]
    return [*closed, *_grouped_by_points(digits), *pointed, *wide, *clean, *pieces]


def _points(digits: str, pieces: list[str]) -> list[str]:
    """Return the readings with a point where a sign stands; a space alone is none."""
    if not re.search("[^0-9 ]", digits.strip(".．,，")):
        return []
    first = 1 if re.search("[.．]", digits) else len(pieces) - 1
    return [
        ".".join(("".join(pieces[:at]), "".join(pieces[at:]))) for at in range(first, len(pieces))
    ]


def _clean_parts(digits: str) -> list[str]:
    """Return the clean numbers that a text begins and ends with: 1.5 of 1.5,2."""
    cuts = [found.span() for found in _PARTED.finditer(digits)]
    parts = [digits[:start] for start, _ in reversed(cuts)] + [digits[end:] for _, end in cuts]
    return [part for part in parts if not part.isdigit() and exact(part) is not None]


def _grouped_by_points(digits: str) -> list[str]:
    """Return 1200.5 for 1.200,5, where point and comma have changed places."""
    found = re.fullmatch("([1-9][0-9]{0,2}(?:[.][0-9]{3})+),([0-9]+)", digits)
    return [f"{found.group(1).replace('.', '')}.{found.group(2)}"] if found else []


_NUMERAL = "[零〇一二两三四五六七八九十百千]+"


@cache
def _said() -> re.Pattern[str]:
    held = declared(dict[str, list[str]], "normalize", "targets", "numerals")
    words, things = ("|".join(held[key]) for key in ("before", "counted"))
    thing = f"(?:万|亿|百万|千万)?(?:{things})"
    return re.compile(
        f"(?P<before>{words})(?P<number>{_NUMERAL})(?={thing}(?!{_NUMERAL}))"
        f"|^(?P<alone>{_NUMERAL})(?={thing}(?:及?以[上下内]|左右)?[。.]?$)"
    )


_TWICE = re.compile(
    r"(?<![0-9.])(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<unit>[^0-9（()）]{0,6})[（(]含(?P=number)[^0-9（()）]{0,3}[)）]"
)


def in_digits(text: str) -> str:
    """Return a text with Chinese numerals in digits where they clearly are numbers (不少于三次).

    A number that is said twice, 90分（含90分）以上, is said once: 90分（含）以上.
    """
    return _TWICE.sub(r"\g<number>\g<unit>（含）", _said().sub(_as_digits, text))


def _as_digits(match: re.Match[str]) -> str:
    said = match["number"] or match["alone"]
    value = chinese(said)
    return match.group() if value is None else match.group().replace(said, show(value))
