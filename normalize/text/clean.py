"""Printed text: cleaned for keeping, folded for comparing, freed of its leading ordinal.

All functions are total and idempotent. Cleaning changes nothing that a reader of the page would
see, apart from white space and the width of digits and letters.

Points printed inside a heading: 考核内容（45分）.
"""

from __future__ import annotations

import re
from functools import lru_cache

from common.declared import declared, declared_list
from common.fold import clean, fold
from common.numbers import exact

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


@lru_cache(maxsize=4096)
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


@lru_cache(maxsize=4096)
def not_assessed(text: str) -> bool:
    """Say whether a cell's text is a printed sign for "does not apply"; a blank is no sign."""
    bare = clean(text)
    if not bare:
        return False
    signs = declared(str, "normalize", "markers", "signs")
    if all(character in signs for character in bare):
        return True
    word = _AROUND.sub("", fold(bare))
    return word in declared_list("normalize", "markers", "not_assessed")


def is_tick(text: str) -> bool:
    """Say whether a cell holds but a tick, which says that its row concerns whose column it is."""
    bare = clean(text)
    return bool(bare) and all(
        sign in declared(str, "normalize", "markers", "ticks") for sign in bare
    )


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


@lru_cache(maxsize=4096)
def without_points(name: str) -> str:
    """Return a heading's cleaned name without the points printed behind it."""
    return _BEHIND.sub("", clean(name))


_AGAIN = re.compile(r"[（(](?:续|续上页|接上页|续前)[）)]$")


def without_sequel(name: str) -> str:
    """Return a heading's cleaned name without the sign that it goes on: 经济发展（续）."""
    return _AGAIN.sub("", name)


@lru_cache(maxsize=4096)
def points_in(name: str) -> float | None:
    """Return the points printed behind a heading's name, None where there are none."""
    found = _BEHIND.search(clean(name))
    return exact(found.group(1)) if found else None
