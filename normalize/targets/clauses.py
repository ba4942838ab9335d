"""A target's text cut into clauses that hold one number each; pairs and ranges stay whole."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from common.declared import declared_list
from normalize.targets.masks import MASK, MASKED_DIGIT
from normalize.targets.measure import measure_pattern, word_pattern


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a target, as printed and with what measures nothing hidden."""

    text: str
    masked: str

    @property
    def measures(self) -> int:
        """How many numbers it holds."""
        return sum(1 for _ in measure_pattern().finditer(self.masked))

    @property
    def measured(self) -> bool:
        """Whether it holds a number: found without counting what a cell without end holds."""
        return measure_pattern().search(self.masked) is not None


_HARD = re.compile(r"[；;。\n]+")
_SOFT = re.compile(r"[，,](?:且|并且|同时)?|、|(?<![暂而尚])且(?=[㐀-鿿])|(?=[（(][^（()）]*[0-9])")
_SLASH = re.compile(r"[/／]")


def split_clauses(text: str, masked: str) -> list[Clause]:
    """Cut a text so that no clause holds more than one number, as far as its signs allow.

    A list of names with 、 stays together unless both sides hold a number; a clause without a
    number that instructs nothing is the beginning of the next one.
    """
    pieces = _cut(Clause(text, masked), _HARD, always=True)
    pieces = [part for piece in pieces for part in _cut(piece, _SOFT, always=False)]
    pieces = [part for piece in pieces for part in _cut_between(piece)]
    return [piece for piece in pieces if piece.text.strip("，,、；;。 )）")]


def _slice(clause: Clause, start: int, end: int) -> Clause:
    return Clause(clause.text[start:end], clause.masked[start:end])


def _cut(clause: Clause, signs: re.Pattern[str], *, always: bool) -> list[Clause]:
    numbers = [found.span("number") for found in measure_pattern().finditer(clause.masked)]
    begins = [first for first, _ in numbers]
    cuts = [found.span() for found in signs.finditer(clause.masked)]
    done, start = [], 0
    for at, after in cuts:
        before = bisect_right(begins, at)
        if before and at < numbers[before - 1][1]:
            continue
        left = _slice(clause, start, at)
        right = _slice(clause, after, len(clause.text))
        if always or _may_part(left, right, clause.masked[at:after]):
            done.append(left)
            start = after
    return [*done, _slice(clause, start, len(clause.text))]


def _may_part(left: Clause, right: Clause, sign: str) -> bool:
    if left.measured and right.measured:
        return True
    if sign in {"", "、"} or _within_brackets(left.masked):
        return False
    return left.measured or _instructs(left.masked) or MASK in left.masked


def _within_brackets(text: str) -> bool:
    opened = sum(text.count(mark) for mark in "（(")
    return opened > sum(text.count(mark) for mark in "）)")


@cache
def _instruction() -> re.Pattern[str]:
    return re.compile(
        "|".join(map(re.escape, declared_list("normalize", "clauses", "instructions")))
    )


def _instructs(text: str) -> bool:
    return MASKED_DIGIT not in text and bool(_instruction().search(text)) and len(text) > 3


@cache
def _counted() -> frozenset[str]:
    return frozenset(declared_list("normalize", "units", "measure"))


def _cut_between(clause: Clause) -> Iterator[Clause]:
    """Cut a clause with several numbers and no sign between them (460个建制村100%通客车)."""
    found = list(measure_pattern().finditer(clause.masked))
    if len(found) < 2 or joined(clause):
        yield clause
        return
    start = 0
    for first, second in itertools.pairwise(found):
        leads = first.start() == start and first["unit"] in _counted()
        cut = second.start() if leads else first.end()
        yield _slice(clause, start, cut)
        start = cut
    yield _slice(clause, start, len(clause.text))


_DASH = r"(?:[-—–－~～〜至到]|--|——)"


def joined(clause: Clause) -> str | None:
    """Say how a clause's two numbers belong together: ``range``, ``pair``, or None."""
    found = list(measure_pattern().finditer(clause.masked))
    if len(found) != 2:
        return None
    between = clause.masked[found[0].end() : found[1].start()]
    amid = clause.masked[: found[0].start()].endswith("介于") and between in {"和", "与", "及"}
    if amid or re.fullmatch(_DASH, between) or (not between and found[1]["number"][0] in "-－−"):
        return "range"
    alone = found[0].start() == 0 and found[1].end() == len(clause.masked)
    return "pair" if alone and _SLASH.fullmatch(between) else None


@cache
def _stretch() -> re.Pattern[str]:
    opening = word_pattern("stretch_patterns").pattern
    return re.compile(
        rf"(?P<low>.*?[0-9].*?)[，,、;；（(]?(?P<high>(?:{opening})[^0-9]*[0-9].*?)[)）]?$"
    )


def stretch(clause: Clause) -> tuple[Clause, Clause] | None:
    """Return the floor and the stretch goal of 保8%争9%, or None."""
    if clause.measures != 2 or not (found := _stretch().fullmatch(clause.masked)):
        return None
    low, high = (_slice(clause, *found.span(name)) for name in ("low", "high"))
    return (low, high) if low.measures == high.measures == 1 else None
