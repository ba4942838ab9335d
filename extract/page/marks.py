"""Underlines and strike-throughs: lines that belong to text, not to a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from extract.page.page import Char, Mark, Rule

END = 1.5
"""A line under text begins and ends where the text does, give or take this much (points)."""
LOWEST = 0.12
HIGHEST = 0.7
"""Such a line lies between so far (in sizes) below and above the bottom of the glyphs' boxes."""
STRUCK = 0.25
"""From here upwards the line runs through the text."""
COVERED = 0.7
REACH = 6.0
"""A line through text that touches no other begins and ends so far (points) beyond it at most."""
NEXT, DASHED, TALLEST = 4.0, 8.0, 24


Item = TypeVar("Item")


class TextMarks(NamedTuple):
    """The rules that are left, and the pieces of text that are struck through."""

    rules: list[Rule]
    struck: list[list[Char]]


def split_marks(
    rules: Sequence[Rule], chars: Sequence[Char], pens: Sequence[Rule] = ()
) -> TextMarks:
    """Part lines that underline or strike out text from the rules of tables.

    ``pens`` are lines that can be no rules.
    """
    by_start, by_line = _by_place(chars)
    apart = _Apart(rules)
    marked = {id(rule): _marked(rule, by_start, by_line, apart) for rule in rules}
    kept = [rule for rule in rules if not marked[id(rule)]]
    through = [marked[id(rule)] for rule in rules if _runs_through(rule, marked[id(rule)])]
    drawn = [_struck_text(pen, by_line) for pen in pens if pen.horizontal]
    return TextMarks(kept, [piece for piece in (*through, *drawn) if piece])


def _by_place(chars: Sequence[Char]) -> tuple[dict[int, list[Char]], dict[int, list[Char]]]:
    """Return the upright characters by where they begin, and by where their line's foot is."""
    by_start: defaultdict[int, list[Char]] = defaultdict(list)
    by_line: defaultdict[int, list[Char]] = defaultdict(list)
    for char in chars:
        text, x0, _, _, bottom, _, turn, _ = char
        if not turn and not text.isspace():
            by_start[int(x0 // END)].append(char)
            by_line[round(bottom)].append(char)
    return by_start, by_line


def _marked(
    rule: Rule, by_start: dict[int, list[Char]], by_line: dict[int, list[Char]], apart: _Apart
) -> list[Char]:
    """Return the text that a line marks; nothing if it is a table's."""
    if not rule.horizontal:
        return []
    marked = _marked_text(rule, by_start, by_line)
    return marked or (_struck_text(rule, by_line) if apart.holds(rule) else [])


def _runs_through(rule: Rule, text: Sequence[Char]) -> bool:
    return bool(text) and rule.mark > Mark.FILL_EDGE and _height(rule, text[0]) >= STRUCK


class _Apart:
    """Knows the lines across that touch no other: those of a table do."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._upright: defaultdict[int, list[Rule]] = defaultdict(list)
        self._level: defaultdict[int, list[Rule]] = defaultdict(list)
        for rule in rules:
            if rule.horizontal:
                self._level[round(rule.at / NEXT)].append(rule)
            else:
                self._upright[round(rule.at / NEXT)].append(rule)

    def holds(self, rule: Rule) -> bool:
        """Tell whether a line across touches no line down, and none goes on where it ends."""
        if not rule.horizontal or rule.mark == Mark.FILL_EDGE:
            return False
        level = _around(self._level, round(rule.at / NEXT))
        if any(other is not rule and _goes_on(rule, other) for other in level):
            return False
        ends = (rule.start, rule.end)
        return not any(
            abs(other.at - end) <= END and other.start - END <= rule.at <= other.end + END
            for end in ends
            for other in _around(self._upright, round(end / NEXT))
        )


def _goes_on(rule: Rule, other: Rule) -> bool:
    gap = max(other.start - rule.end, rule.start - other.end)
    return abs(other.at - rule.at) <= END and 0 < gap <= DASHED


def _struck_text(rule: Rule, by_line: dict[int, list[Char]]) -> list[Char]:
    """Return the text that a line of its own runs through, from a little before to behind it."""
    low = round(rule.at)
    near = [
        char
        for bottom in range(low, low + TALLEST)
        for char in by_line.get(bottom, ())
        if STRUCK <= _height(rule, char) <= HIGHEST and _lies_along(rule, char)
    ]
    if not near:
        return []
    starts, ends = min(char.x0 for char in near), max(char.x1 for char in near)
    return near if starts - rule.start <= REACH and rule.end - ends <= REACH else []


def _marked_text(
    rule: Rule, by_start: dict[int, list[Char]], by_line: dict[int, list[Char]]
) -> list[Char]:
    """Return the text that a line marks: it spans exactly that text; nothing if it is a rule."""
    near = _around(by_start, int(rule.start // END))
    first = next((char for char in near if _may_mark(rule, char)), None)
    if first is None:
        return []
    text = [c for c in _around(by_line, round(first.bottom)) if _lies_along(rule, c)]
    covered = sum(char.x1 - char.x0 for char in text)
    if not text or covered < COVERED * (rule.end - rule.start):
        return []
    ends = max(char.x1 for char in text)
    return text if abs(ends - rule.end) <= END else []


def _around(groups: Mapping[int, list[Item]], key: int) -> Iterator[Item]:
    """Yield what is in a group and in the ones before and after it."""
    for near in (key - 1, key, key + 1):
        yield from groups.get(near, ())


def _lies_along(rule: Rule, char: Char) -> bool:
    within = rule.start - END <= char.x0 and char.x1 <= rule.end + END
    return within and _may_mark(rule, char)


def _may_mark(rule: Rule, char: Char) -> bool:
    return -LOWEST <= _height(rule, char) <= HIGHEST


def _height(rule: Rule, char: Char) -> float:
    """Return how far (in sizes) a line lies above the bottom of a glyph's box."""
    return (char.bottom - rule.at) / max(char.size, 0.1)
