"""Department cells: several names in one cell, with signs between them, line breaks, or nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from common.declared import declared_list, longest_first
from common.fold import clean, fold
from normalize.model.doubt import Doubt, doubt
from normalize.text.clean import not_assessed, unbalanced


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
#: What a name may begin with: 市财政局.
PLACES = "市县区州省旗盟"
SHORTEST = 3
#: The beginning of a name, alone or behind a whole one (市财政局市科): no office is called so.
_CUT_SECOND = re.compile(
    f"(?:[局委办室院会]|中心)[{PLACES}][^局委办室院会心]{{0,3}}$|^[{PLACES}].$"
)


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
    doubts = [doubt("department_unknown", text=name) for name in odd]
    if lonely := unbalanced(text):
        signs, lone = " ".join(lonely), "".join(lonely)
        doubts.append(doubt("unbalanced.departments", text=text, signs=signs, lone=lone))
    return tuple(doubts)


@cache
def _part_label() -> re.Pattern[str]:
    words = "|".join(
        longest_first((*declared_list("normalize", "departments", "lead"), *_support_words()))
    )
    return re.compile(rf"[（(]?(?P<word>{words})(?P<sign>[:：]|[)）]|(?=[、，,；;。\s]|$))")


def _support_words() -> tuple[str, ...]:
    return declared_list("normalize", "departments", "support")


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
    endings = declared_list("normalize", "departments", "second")
    ends = right.endswith(endings) and left.endswith(endings) and len(right) >= 3
    heads = left.endswith(declared_list("normalize", "departments", "heads")) or left.startswith(
        _national()
    )
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
    for name in declared_list("normalize", "departments", "whole"):
        found = text.find(name)
        if 0 <= found < at < found + len(name):
            return True
    return False


@cache
def _national() -> tuple[str, ...]:
    return declared_list("normalize", "departments", "national")


@cache
def _branches() -> tuple[str, ...]:
    return declared_list("normalize", "departments", "branches")


@cache
def _suffixes() -> tuple[str, ...]:
    return longest_first(declared_list("normalize", "departments", "suffixes"))


@cache
def _bodies() -> tuple[str, ...]:
    return declared_list("normalize", "departments", "bodies")


@cache
def _offices() -> tuple[str, ...]:
    return declared_list("normalize", "departments", "offices")


@cache
def _prefixes() -> tuple[str, ...]:
    return longest_first(declared_list("normalize", "departments", "prefixes"))


_PLACE = re.compile(r"^[㐀-鿿]{1,6}?[市县区州](?=[㐀-鿿])")


def _ends_whole(text: str) -> bool:
    bare = _BRACKET.sub("", text)
    if bare.endswith(_suffixes()) and bare not in _suffixes():
        return True
    words, signs = _collective_ends()
    last = fold(text[-1:])  # of most texts it tells already; folding all of one takes its time
    return (not last or last in signs) and fold(text).endswith(words)


def _begins_whole(text: str) -> bool:
    start = next((word for word in _prefixes() if text.startswith(word)), None)
    return start is not None and len(text) > len(start) + 1


_BRACKET = re.compile(r"[（(][^（()）]*[)）]$")


def looks_like_department(text: str) -> float:
    """Return how much a text looks like the name of one department, 0 to 1.

    1: begins and ends like one, or names many (市级有关部门). 0.7: ends like one. 0.5: ends like
    an office of one. 0.3: only begins like one. 0: has digits, sentence signs or title marks, or is
    longer than any name.
    """
    name = _BRACKET.sub("", clean(text))
    if fold(text) in _collective() or name in declared_list("normalize", "departments", "whole"):
        return 1.0
    if not 2 <= len(name) <= 28 or re.search(r"[0-9%《》，。；：、“”,;:]", name):
        return 0.0
    ends = _ends_whole(name) or _stands_alone(name)
    begins = name.startswith(_prefixes()) or _PLACE.match(name) is not None
    if ends:
        return 1.0 if begins else 0.7
    return 0.5 if _is_office(name) else 0.3 if begins else 0.0


def _is_office(name: str) -> bool:
    return name.endswith(_offices()) and not _CUT_SECOND.search(name)


def _stands_alone(name: str) -> bool:
    """Tell whether what may also end a longer name is one itself: 信访局, 妇联, 编办."""
    return name in names_of_departments() or (len(name) >= SHORTEST and name.endswith(_bodies()))


@lru_cache(maxsize=8192)
def looks_like_departments(text: str) -> float:
    """Return how much a text looks like one department or several, 0 to 1: its weakest name's."""
    names = split_departments(text)
    found = [looks_like_department(name) for name in (*names.names, *names.supporting)]
    return min(found, default=0.0)


@cache
def _collective() -> frozenset[str]:
    return frozenset(map(fold, declared_list("normalize", "departments", "collective")))


@cache
def _collective_ends() -> tuple[tuple[str, ...], frozenset[str]]:
    """Return what names of many end in, and the last signs of these."""
    return tuple(_collective()), frozenset(word[-1] for word in _collective())


@cache
def names_of_departments() -> frozenset[str]:
    """Return the names of departments of any government, without a place before them."""
    return frozenset(declared_list("normalize", "department_names", "names"))
