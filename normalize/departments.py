"""Department cells: several names in one cell, with signs between them, line breaks, or nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from normalize.grid import Doubt
from normalize.tables import declared_list, longest_first
from normalize.text import clean, fold, not_assessed, unbalanced


@dataclass(frozen=True, slots=True)
class DepartmentReading:
    """The departments of one cell, in printed order, each once.

    ``supporting`` holds those that the cell itself names as supporting (配合); ``names`` the rest.
    """

    names: tuple[str, ...]
    doubts: tuple[Doubt, ...] = ()
    supporting: tuple[str, ...] = ()


_HARD = re.compile(r"[、，,；;。/／|｜+＋]|(?<=[㐀-鿿])[·](?=[市县区省州])")
_SOFT = re.compile(r"\s+")
_MARK = "\x03"


def split_departments(text: str, known: Collection[str] = ()) -> DepartmentReading:
    """Split one cell into departments.

    Signs (、，；/) always part two names. A line break or space parts them only where both sides
    are whole names, so that a name printed over two lines is one again; where nothing stands
    between two names, the second's beginning (市, 县, 省, 国家 or a ``known`` name) parts them.
    A name that looks like no department is kept, with a doubt.
    """
    if not clean(text) or not_assessed(text):
        return DepartmentReading(())
    names: list[str] = []
    supporting: list[str] = []
    for piece, support in _by_part(text):
        for name in _names_of(piece, _folded(frozenset(known))):
            if name not in names and name not in supporting:
                (supporting if support else names).append(name)
    odd = [name for name in (*names, *supporting) if not _plausible(name, known)]
    return DepartmentReading(tuple(names), _doubts(clean(text), odd), tuple(supporting))


@lru_cache(maxsize=64)
def _folded(known: frozenset[str]) -> frozenset[str]:
    return frozenset(map(fold, known)) - {""}


def _plausible(name: str, known: Collection[str]) -> bool:
    return name in known or looks_like_department(name) >= 0.5


def _doubts(text: str, odd: list[str]) -> tuple[Doubt, ...]:
    doubts = [
        Doubt(
            "department_unknown",
            f"{name!r} does not look like a department",
            f"“{name}”不像部门名称，请核对。",
        )
        for name in odd
    ]
    if lonely := unbalanced(text):
        doubts.append(
            Doubt(
                "unbalanced",
                f"{' '.join(lonely)} has no partner in {text!r}",
                f"“{text}”中的“{''.join(lonely)}”不成对，内容可能不完整。",
            )
        )
    return tuple(doubts)


@cache
def _part_label() -> re.Pattern[str]:
    words = "|".join(longest_first((*declared_list("departments", "lead"), *_support_words())))
    return re.compile(rf"[（(]?(?P<word>{words})(?P<sign>[:：]|[)）]|(?=[、，,；;。\s]|$))")


def _support_words() -> tuple[str, ...]:
    return declared_list("departments", "support")


def _by_part(text: str) -> Iterator[tuple[str, bool]]:
    """Yield pieces of the cell, each with whether its departments support.

    A label with a colon speaks of what follows, any other of what it stands behind.
    """
    start, support = 0, False
    for match in _part_label().finditer(text):
        named = match["word"] in _support_words()
        before = text[start : match.start()]
        if match["sign"] in {":", "："}:
            yield before, support
            support = named
        elif match.group()[0] in "（(":
            *others, last = _HARD.split(before)
            yield "、".join(others), support
            yield last, named
        else:
            yield before, named
        start = match.end()
    yield text[start:], support


def _names_of(text: str, known: frozenset[str]) -> Iterator[str]:
    for token in _tokens(text):
        softened = _MARK.join(part for piece in _SOFT.split(token) if (part := clean(piece)))
        if softened:
            yield from _segments(softened, known)


def _tokens(text: str) -> Iterator[str]:
    """Yield what stands between signs; signs in brackets part nothing."""
    depth, start = 0, 0
    for at, character in enumerate(text):
        if character in "（(":
            depth += 1
        elif character in "）)":
            depth = max(0, depth - 1)
        elif not depth and _HARD.match(text, at):
            yield text[start:at]
            start = at + 1
    yield text[start:]


_MAX_SEGMENTS_TEXT = 400


@lru_cache(maxsize=2048)
def _segments(marked: str, known: frozenset[str]) -> tuple[str, ...]:
    """Part a text without signs into the names that cost least together."""
    text = marked.replace(_MARK, "")
    if len(text) > _MAX_SEGMENTS_TEXT:
        return (text,)
    soft, at = set(), 0
    for piece in marked.split(_MARK)[:-1]:
        at += len(piece)
        soft.add(at)
    strong = {i for i in range(1, len(text)) if _surely_cut(text, i, known)}
    strong |= {i for i in soft if _second(text[:i], text[i:])}
    cuts = [0, *sorted(soft | strong), len(text)]
    best: dict[int, tuple[float, tuple[str, ...]]] = {0: (0.0, ())}
    for end in cuts[1:]:
        best[end] = min(
            (
                (
                    best[start][0] + _cost(text[start:end], known, _between(start, end, strong)),
                    (*best[start][1], text[start:end]),
                )
                for start in cuts
                if start < end
            ),
            key=lambda option: (option[0], len(option[1])),
        )
    return best[len(text)][1]


def _between(start: int, end: int, strong: set[int]) -> int:
    return sum(start < at < end for at in strong)


def _cost(name: str, known: frozenset[str], crossed: int) -> float:
    """Cost of taking a piece for one name; ``crossed`` sure beginnings of others lie within."""
    if fold(name) in known:
        return 0.1
    return 0.2 + 2.0 * (1.0 - looks_like_department(name)) + 3.0 * crossed


def _second(left: str, right: str) -> bool:
    """Say whether what follows a line break is a name although it lacks its beginning."""
    endings = declared_list("departments", "second")
    ends = right.endswith(endings) and left.endswith(endings) and len(right) >= 3
    heads = left.endswith(declared_list("departments", "heads")) or left.startswith(_national())
    return ends and not heads and len(left) >= 3


def _surely_cut(text: str, at: int, known: frozenset[str]) -> bool:
    """Say whether one whole name ends and another begins at a place of a text."""
    left, right = text[:at], text[at:]
    if not _ends_whole(left):
        return False
    if fold(right).startswith(tuple(known)):
        return True
    if _in_whole(text, at):
        return False
    place = _PLACE.match(left)
    if place and right.startswith(place.group()) and len(right) > len(place.group()) + 1:
        return True
    if not _begins_whole(right):
        return False
    national = left.startswith(_national()) or any(word in left for word in _national())
    return not (national and right.endswith(_branches()) and len(right) < 12)


def _in_whole(text: str, at: int) -> bool:
    for name in declared_list("departments", "whole"):
        found = text.find(name)
        if 0 <= found < at < found + len(name):
            return True
    return False


@cache
def _national() -> tuple[str, ...]:
    return declared_list("departments", "national")


@cache
def _branches() -> tuple[str, ...]:
    return declared_list("departments", "branches")


@cache
def _suffixes() -> tuple[str, ...]:
    return longest_first(declared_list("departments", "suffixes"))


@cache
def _prefixes() -> tuple[str, ...]:
    return longest_first(declared_list("departments", "prefixes"))


_PLACE = re.compile(r"^[㐀-鿿]{1,6}?[市县区州](?=[㐀-鿿])")


def _ends_whole(text: str) -> bool:
    if fold(text).endswith(tuple(_collective())):
        return True
    bare = _BRACKET.sub("", text)
    ending = next((word for word in _suffixes() if bare.endswith(word)), None)
    return ending is not None and len(bare) - len(ending) >= 1


def _begins_whole(text: str) -> bool:
    start = next((word for word in _prefixes() if text.startswith(word)), None)
    return start is not None and len(text) > len(start) + 1


_BRACKET = re.compile(r"[（(][^（()）]*[)）]$")


def looks_like_department(text: str) -> float:
    """Return how much a text looks like the name of one department, 0 to 1.

    1: begins and ends like one, or names many (市级有关部门). 0.7: ends like one. 0.3: only begins
    like one. 0: has digits, sentence signs or title marks, or is longer than any name.
    """
    name = _BRACKET.sub("", clean(text))
    if fold(text) in _collective() or name in declared_list("departments", "whole"):
        return 1.0
    if not 2 <= len(name) <= 28 or re.search(r"[0-9%《》，。；：、“”,;:]", name):
        return 0.0
    ends = _ends_whole(name)
    begins = name.startswith(_prefixes()) or _PLACE.match(name) is not None
    if ends and begins:
        return 1.0
    return 0.7 if ends else 0.3 if begins else 0.0


def looks_like_departments(text: str) -> float:
    """Return how much a text looks like one department or several, 0 to 1: its weakest name's."""
    names = split_departments(text)
    found = [looks_like_department(name) for name in (*names.names, *names.supporting)]
    return min(found, default=0.0)


@cache
def _collective() -> frozenset[str]:
    return frozenset(map(fold, declared_list("departments", "collective")))
