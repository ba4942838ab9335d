"""Underlines and strike-throughs: lines that belong to text, not to a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from extract.page.page import Char, Rule

END = 1.5
"""A line under text begins and ends where the text does, give or take this much (points)."""
LOWEST = 0.12
HIGHEST = 0.7
"""Such a line lies between so far (in sizes) below and above the bottom of the glyphs' boxes."""
STRUCK = 0.25
"""From here upwards the line runs through the text."""
COVERED = 0.7


class TextMarks(NamedTuple):
    """The rules that are left, and the pieces of text that are struck through."""

    rules: list[Rule]
    struck: list[list[Char]]


def split_marks(rules: Sequence[Rule], chars: Sequence[Char]) -> TextMarks:
    """Part lines that underline or strike out text from the rules of tables."""
    by_start: defaultdict[int, list[Char]] = defaultdict(list)
    by_line: defaultdict[int, list[Char]] = defaultdict(list)
    for char in chars:
        if not char.turn and not char.text.isspace():
            by_start[int(char.x0 // END)].append(char)
            by_line[round(char.bottom)].append(char)
    kept: list[Rule] = []
    struck: list[list[Char]] = []
    for rule in rules:
        marked = _marked_text(rule, by_start, by_line) if rule.horizontal else []
        if not marked:
            kept.append(rule)
        elif _height(rule, marked[0]) >= STRUCK:
            struck.append(marked)
    return TextMarks(kept, struck)


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


def _around(groups: dict[int, list[Char]], key: int) -> Iterator[Char]:
    """Yield the characters of a group and of the ones before and after it."""
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
