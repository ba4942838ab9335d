"""Printed text: cleaned for keeping, folded for comparing, freed of its leading ordinal.

All functions are total and idempotent. Cleaning changes nothing that a reader of the page would
see, apart from white space and the width of digits and letters.

Points printed inside a heading: 考核内容（45分）.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import cache, lru_cache

from common.declared import declared, declared_list

_FULL_WIDTH = {
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
        for seen, meant in declared("normalize", "lookalikes")["ideographs"].items()
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
    seen = "".join(map(_visible, _joined(text) if "\n" in text else text)).translate(_printed())
    spaced = _SPACES.sub(" ", unicodedata.normalize("NFC", seen)).strip()
    marked = _KEPT_SPACE.sub("\0", spaced)
    bare = _ANY_SPACE.sub("", marked).replace("\0", " ")
    return unicodedata.normalize("NFC", bare)  # marks may have met where a space stood


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
    """Return a line's printed width: two for a wide character, one for any other."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in line.strip())


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


_CHINESE = "一二三四五六七八九十百零〇"
_ORDINAL = re.compile(
    rf"""(?:
      第[{_CHINESE}0-9]+(?:部分|章|节|项|类|条|篇)[、，,：:.．]?
    | [{_CHINESE}]{{1,4}}(?:、|[.．])(?![{_CHINESE}]+(?:级|类|产业|等|期|批|线|次|季|孩))
    | [（(](?:[{_CHINESE}]{{1,4}}|[0-9]{{1,3}}|[a-zA-Z]|[ivxIVX]+)[）)](?:[、.．])?
    | [0-9]{{1,3}}(?:\.[0-9]{{1,2}}){{1,3}}\ ?(?=[㐀-鿿“”《])(?!{{unit}})
    | [0-9]{{1,3}}(?:[.．]\ ?(?![0-9])|[.．]\ (?=[0-9])|[.．](?=(?:19|20)[0-9]{{2}}年))
    | [0-9]{{1,3}}(?:、(?![0-9])|[）)])
    | [A-Za-z][、.．](?=[㐀-鿿“《])
    | [①-⑳㈠-㈩⑴-⒇⒈-⒛❶-❿➀-➓][、.．]?
    )""".replace("{unit}", "(?:个|万|亿|%|‰|户|人|件|家|处|项|亩|公顷|元|吨|艘|倍|分|年|月|天|次)"),
    re.VERBOSE,
)


def strip_ordinal(text: str) -> str:
    """Return the cleaned text without its leading ordinals (一、 （一） (1) 1. ① 第一部分).

    A number that belongs to the text stays (2019年完成, 22个乡镇, 0.5, 1户), and so does a text
    that is nothing but an ordinal.
    """
    rest = clean(text)
    while (found := _ORDINAL.match(rest)) and clean(rest[found.end() :]):
        rest = clean(rest[found.end() :])
    return rest


_AROUND = re.compile(r"^[(（\[【]+|[)）\]】。.]+$")


def not_assessed(text: str) -> bool:
    """Say whether a cell's text is a printed sign for "does not apply"; a blank is no sign."""
    bare = clean(text)
    if not bare:
        return False
    signs = declared("normalize", "markers")["signs"]
    if all(character in signs for character in bare):
        return True
    word = _AROUND.sub("", fold(bare))
    return word in declared_list("normalize", "markers", "not_assessed")


_OPEN = {"（": "）", "(": ")", "《": "》", "〈": "〉", "“": "”", "〔": "〕", "【": "】", "[": "]"}
_KIND = {"（": "(", "(": "(", "）": ")", ")": ")", "《": "<<", "》": "<<"}
_CLOSE = {close: opened for opened, close in _OPEN.items()}


def unbalanced(text: str) -> tuple[str, ...]:
    """Return the brackets, title marks and quotes of a text that have no partner, in order.

    Half- and full-width round brackets are partners.
    """
    waiting: list[str] = []
    lonely: list[str] = []
    for character in text:
        if character in _OPEN:
            waiting.append(character)
        elif character in _CLOSE:
            kind = _kind(_CLOSE[character])
            at = next((i for i in range(len(waiting) - 1, -1, -1) if _kind(waiting[i]) == kind), -1)
            if at < 0:
                lonely.append(character)
            else:
                del waiting[at]
    return (*lonely, *waiting)


def _kind(opening: str) -> str:
    return _KIND.get(opening, opening)


_BEHIND = re.compile(r"[（(](?:共|计|满分|分值)?[:：]?(\d+(?:\.\d+)?)分[）)]$")


def without_points(name: str) -> str:
    """Return a heading's cleaned name without the points printed behind it."""
    return _BEHIND.sub("", clean(name))


def points_in(name: str) -> float | None:
    """Return the points printed behind a heading's name, None where there are none."""
    found = _BEHIND.search(clean(name))
    return float(found.group(1)) if found else None
