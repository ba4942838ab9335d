"""Printed texts: cleaned for keeping, folded for comparing.

The one way to do either in the whole program. Both are total and idempotent. Cleaning changes
nothing that a reader of the page would see, apart from white space and the width of digits and
letters; folding makes one text of all that people write for the same thing.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import cache, lru_cache

from common.declared import declared

_FULL_WIDTH: dict[int, int | str] = {
    **{code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)},
    **{code: code - 0xFEE0 for code in range(0xFF21, 0xFF3B)},
    **{code: code - 0xFEE0 for code in range(0xFF41, 0xFF5B)},
    0xFF05: "%",
}
# Blank although Unicode calls them letters or symbols, and variation selectors, which draw nothing.
_INVISIBLE = {0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800, 0x034F, *range(0xFE00, 0xFE10)}
_SELECTORS = range(0xE0100, 0xE01F0)
_SPACES = re.compile(r"\s+")
_KEPT_SPACE = re.compile(
    r"(?<=[A-Za-z0-9%‰]) (?=[A-Za-z0-9])|(?<=[0-9][.,]) (?=[0-9])|(?<=[0-9]) (?=[.,][0-9])"
)
_ANY_SPACE = re.compile(" ")


@cache
def _printed() -> dict[int, int | str]:
    """Return the table of characters that are printed as others."""
    looks = {
        ord(seen): meant
        for seen, meant in declared(dict[str, str], "common", "lookalikes", "ideographs").items()
    }
    return {**looks, **_FULL_WIDTH}


@lru_cache(maxsize=4096)
def _visible(character: str) -> str:
    """Return a character as it is seen: nothing, a space, or itself."""
    code, category = ord(character), unicodedata.category(character)
    if character.isspace():
        return " "
    if category in {"Cc", "Cf"} or code in _INVISIBLE or code in _SELECTORS:
        return ""
    return "�" if category == "Cs" else character


@lru_cache(maxsize=16384)
def clean(text: str) -> str:
    """Return the text as printed, without white space and look-alike characters.

    White space goes, except one space between two Latin words or groups of digits (and around a
    dot or comma within digits, where its loss would make another number). Radicals and
    compatibility ideographs become ordinary ones; full-width digits, letters and ％ become ASCII;
    control, zero-width and bidirectional characters go. Punctuation stays as printed. A number that
    runs on over the end of a full line of words is one number again.
    """
    seen = as_seen(_joined(text) if "\n" in text else text)
    spaced = _SPACES.sub(" ", unicodedata.normalize("NFC", seen)).strip()
    marked = _KEPT_SPACE.sub("\0", spaced)
    bare = _ANY_SPACE.sub("", marked).replace("\0", " ")
    return unicodedata.normalize("NFC", bare)  # marks may have met where a space stood


def as_seen(text: str) -> str:
    """Return the text character by character as it is seen: spaces are kept, look-alikes are not.

    Radicals become ordinary ideographs, full-width digits and letters ASCII, any white space a
    space; what draws nothing goes.
    """
    return "".join(map(_visible, text)).translate(_printed())


_ENDS_IN_NUMBER = re.compile(r"[0-9][.．]?\s*$")
_GOES_ON = re.compile(r"\s*[.．]?[0-9]")
_WHOLE_LINE = re.compile(r"\s*[-+<>≤≥]?[0-9]+(?:[.,．，][0-9]+)*\s*(?:[%‰％]|分)?\s*")
_CUT_AT_POINT = re.compile(r"(?<![0-9])[0-9]+[.．]\s*$")
_DECIMALS = re.compile(r"\s*[0-9]+(?![0-9年月日])")
_SLACK = 2  # a full line may miss one wide character


def _joined(text: str) -> str:
    """Join the lines of a text where a number runs on: 建立率10 / 0%, 发展2 / 020年.

    A line is full if none is wider. Lines that are numbers by themselves (12 / 11) stay apart: they
    may be two values. No number ends in its point (0. / 5).
    """
    lines = text.split("\n")
    full = max(map(printed_width, lines)) - _SLACK
    joined = lines[0]
    for before, line in itertools.pairwise(lines):
        numbers = _WHOLE_LINE.fullmatch(before) and _WHOLE_LINE.fullmatch(line)
        runs_on = number_runs_on(before, line)
        at_point = _CUT_AT_POINT.search(before) and _DECIMALS.match(line)
        wrapped = at_point or (runs_on and not numbers and printed_width(before) >= full)
        joined = joined.rstrip() + line.lstrip() if wrapped else f"{joined}\n{line}"
    return joined


def number_runs_on(above: str, below: str) -> bool:
    """Tell whether a number may go on from one text to the next."""
    return bool(_ENDS_IN_NUMBER.search(above) and _GOES_ON.match(below))


def printed_width(line: str) -> int:
    """Return a line's printed width in places, without the blanks at its ends."""
    return places(line.strip())


def places(text: str) -> int:
    """Return how many places a text takes in Chinese type: two for a wide character, else one."""
    return sum(2 if is_wide(sign) else 1 for sign in text)


@lru_cache(1 << 14)
def is_wide(sign: str) -> bool:
    """Tell whether a character takes two places; one like “ or № does where Chinese is set."""
    return unicodedata.east_asian_width(sign) in "WFA"


_SAME = str.maketrans(
    {
        **dict.fromkeys("（【〔［〖｛﹙⟨❲", "("),
        **dict.fromkeys("）】〕］〗｝﹚⟩❳", ")"),
        **dict.fromkeys("[{", "("),
        **dict.fromkeys("]}", ")"),
        **dict.fromkeys("《〈«‹＜", "<"),
        **dict.fromkeys("》〉»›＞", ">"),
        **dict.fromkeys("“”„‟″〝〞「」『』＂", '"'),
        **dict.fromkeys("‘’‚‛′＇`", "'"),
        **dict.fromkeys("‐‑‒–—―−─━－﹣﹘", "-"),
        **dict.fromkeys("～〜∼˜", "~"),
        **dict.fromkeys("，、､﹐﹑", ","),
        **dict.fromkeys("。．｡﹒", "."),
        **dict.fromkeys("；﹔", ";"),
        **dict.fromkeys("：∶﹕", ":"),
        **dict.fromkeys("·•・‧∙●", "·"),
        **dict.fromkeys("／∕⁄╱", "/"),
    }
)
_FOLDED_SPACE = re.compile(r"(?<![0-9])\s+|\s+(?![0-9])")


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """Return a form for comparing: cleaned, NFKC, one kind of bracket, quote, dash; casefolded."""
    once = _fold_once(text)
    again = _fold_once(once)
    while again != once:  # casefolding may leave what NFKC folds further
        once, again = again, _fold_once(again)
    return once


def _fold_once(text: str) -> str:
    same = clean(text).translate(_SAME)
    folded = unicodedata.normalize("NFKC", same).casefold().translate(_SAME)
    return _FOLDED_SPACE.sub("", folded)


_YEARS = re.compile(r"(?:19|20)\d\d年?(?:度)?")
_SIGNS = re.compile(r"[^\w%‰]")
_DASHES = re.compile(r"[-‐-―−─━－﹣/\\／—]+")


@lru_cache(maxsize=65536)
def fold_tight(text: str) -> str:
    """Return the folded text without any white space: as two readings of one print are compared."""
    return "".join(fold(text).split())


def without_years(folded: str) -> str:
    """Return a folded text without its years: 2020年重点项目 moves on with the notice."""
    return _YEARS.sub("", folded)


def without_signs(folded: str) -> str:
    """Return a folded text without punctuation; a text of nothing but signs stays as it is."""
    return _SIGNS.sub("", folded) or folded


def dashes_only(text: str) -> bool:
    """Say whether nothing but dashes is printed: the sign of "not assessed"."""
    return _DASHES.fullmatch("".join(text.split())) is not None
