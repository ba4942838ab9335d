"""Characters at nearly one place: one drawn twice, as some programs print bold, or two texts."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice, pairwise, takewhile
from math import inf
from operator import attrgetter
from unicodedata import category

from common.fold import is_wide
from extract.page.page import Char

REPEATED = 0.2
"""The same character drawn again within this part of its size is the same one, made bold."""
OWN_WIDTH = 0.4
"""And within this part of its own width: in condensed type the next one stands nearer."""
OVER = 0.4
"""Of two characters one over the other this part of the smaller one lies on the larger: of one that
lies on two, nearly a half on each."""
STOPS = "，、。．；："
"""Signs with ink in the left half only, as brackets that close."""


def part_repeats(chars: Sequence[Char]) -> tuple[list[Char], list[Char]]:
    """Return the characters without repetitions, and the repetitions, both as they were drawn."""
    repeated: set[int] = set()
    for line in _crowded(chars):
        places: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)
        for index in line:
            places[chars[index].text].append((chars[index].x0, index))
        for text, near in places.items():
            near.sort()
            for x0, index in () if text.isspace() else near:
                if index not in repeated:
                    repeated.update(_repetitions(chars, near, x0, index))
    if not repeated:
        return list(chars), []
    kept = [char for index, char in enumerate(chars) if index not in repeated]
    return kept, [chars[index] for index in sorted(repeated)]


def _crowded(chars: Sequence[Char]) -> Iterator[list[int]]:
    """Yield the lines in which characters stand so close that one may repeat another."""
    tops: defaultdict[float, list[int]] = defaultdict(list)
    for index, char in enumerate(chars):
        tops[char.top].append(index)
    reach = REPEATED * max([char.size for char in chars], default=0.0)
    line: list[int] = []
    for top, below in pairwise([*sorted(tops), inf]):
        line += tops[top]
        if below - top >= reach:
            if len(line) > 1 and _is_crowded([chars[index] for index in line]):
                yield line
            line = []


def _is_crowded(chars: Sequence[Char]) -> bool:
    starts = sorted([char.x0 for char in chars])
    reach = REPEATED * max([char.size for char in chars])
    return any(after - before <= reach for before, after in pairwise(starts))


def _repetitions(
    chars: Sequence[Char], near: Sequence[tuple[float, int]], x0: float, index: int
) -> list[int]:
    """Return those of the same text, sorted by place, that repeat a character."""
    char = chars[index]
    reach = _reach(char)
    found = []
    for at in range(bisect_left(near, (x0 - reach, -1)), len(near)):
        other_x0, other = near[at]
        if other_x0 - x0 > reach:
            break
        if other > index and abs(chars[other].top - char.top) < reach:
            found.append(other)
    return found


def _reach(char: Char) -> float:
    along = char.bottom - char.top if char.turn % 2 else char.x1 - char.x0
    return min(REPEATED * char.size, OWN_WIDTH * along)


def overprinted(chars: Sequence[Char]) -> list[Char]:
    """Return the characters of one cell that are printed over one another.

    A browser lets the end of a text that a page cuts run over the text of the next cell.
    """
    if not _goes_back(chars):
        return []
    inked = [char for char in chars if char.size > 0 and not char.text.isspace()]
    inked.sort(key=attrgetter("x0"))
    found: dict[int, Char] = {}
    for at, char in enumerate(inked, 1):
        for other in takewhile(partial(_begins_on, char), islice(inked, at, None)):
            if _lies_on(char, other):
                found.update({id(char): char, id(other): other})
    return list(found.values())


def _goes_back(chars: Sequence[Char]) -> bool:
    """Tell whether any character is drawn left of or above one before it, on its line or over it.

    One text is drawn from left to right, line under line: what lies over it goes back.
    """
    level = end = -inf
    for _, x0, top, x1, bottom, size, _, _ in chars:
        middle, half = (top + bottom) / 2, size / 2
        if middle <= level + half and (middle < level - half or x0 < end - half / 2):
            return True
        level, end = middle, x1
    return False


def _begins_on(char: Char, other: Char) -> bool:
    return other.x0 < char.x1


def _lies_on(one: Char, other: Char) -> bool:
    inks = [_ink_across(char) for char in (one, other)]
    across = min(right for _, right in inks) - max(left for left, _ in inks)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    heights = [char.bottom - char.top for char in (one, other)]
    areas = [(right - left) * high for (left, right), high in zip(inks, heights, strict=True)]
    return across > 0 and down > 0 and across * down > OVER * min(areas)


def _ink_across(char: Char) -> tuple[float, float]:
    """Return from where to where there may be ink: a wide sign that opens or closes has half of it.

    What stands beside the sign is printed over its other half where a program sets 》（ closer.
    """
    sign = char.text[-1:]
    if not sign or not is_wide(sign):
        return char.x0, char.x1
    if category(sign) in {"Ps", "Pi"}:
        return char.center_x, char.x1
    return char.x0, char.center_x if category(sign) in {"Pe", "Pf"} or sign in STOPS else char.x1
