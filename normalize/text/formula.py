"""A printed formula read as arithmetic: it is the rule that computes the same, however written.

得分=(实际值-最小值)/(最大值-最小值)×40+60, 60+40×(…)÷(…), [(…)/(…)]×40%×分值+60%×分值.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from common.declared import declared
from common.numbers import EPSILON, PER_CENT

_LONGEST, _DEEPEST = 120, 8
_SIGNS = {"×": "*", "x": "*", "X": "*", "÷": "/", "[": "(", "]": ")", "{": "(", "}": ")"}
_TOKEN = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<name>[a-z]+)|(?P<sign>[-+*/()%])")
#: Values at which two formulas that compute the same agree, and others do not.
_PROBES: tuple[Mapping[str, float], ...] = (
    {"value": 7.3, "low": 2.1, "high": 11.7, "points": 8.0},
    {"value": 3.9, "low": 1.3, "high": 5.2, "points": 13.0},
    {"value": 14.2, "low": 3.7, "high": 17.9, "points": 6.5},
)


def computes_efficacy(text: str, *, lower: bool) -> str | None:
    """Return whose ends a formula of the efficacy coefficient takes: ``group`` or ``bounds``.

    None where it computes anything else. Points of 100 are a part of the row's; ends that are good
    and bad must lie as the row's do.
    """
    for whose, ends in _ends(lower=lower).items():
        formula = _parsed(text, {"value": "value", "points": "points", **ends})
        if formula is not None and _is_efficacy(formula, lower=lower):
            return whose
    return None


def _ends(*, lower: bool) -> dict[str, dict[str, str]]:
    """Return what is the lower and what the upper end of a formula, by whose they are."""
    good, bad = ("low", "high") if lower else ("high", "low")
    group = {"least": "low", "most": "high", "better": good, "worse": bad}
    return {"group": group, "bounds": {"best": good, "worst": bad}}


Formula = Callable[[Mapping[str, float]], float]


def _is_efficacy(formula: Formula, *, lower: bool) -> bool:
    """Whether a formula gives 60 to 100 of 100, or that part of the points, between the ends."""
    for whole in (lambda given: PER_CENT, lambda given: given["points"]):
        try:
            wanted = ((formula(each), _wanted(each, lower=lower), whole(each)) for each in _PROBES)
            if all(_agrees(*each) for each in wanted):
                return True
        except (ZeroDivisionError, OverflowError):
            return False
    return False


def _agrees(found: float, part: float, whole: float) -> bool:
    return abs(found - part * whole) < EPSILON * PER_CENT


def _wanted(given: Mapping[str, float], *, lower: bool) -> float:
    done = (given["value"] - given["low"]) / (given["high"] - given["low"])
    return 0.6 + 0.4 * (1 - done if lower else done)


def _parsed(text: str, names: Mapping[str, str]) -> Formula | None:
    """Return a formula of the words that are named; None where it has others, or is none."""
    if len(text) > _LONGEST:
        return None
    for kind, word in _words():
        if kind in names:
            text = text.replace(word, names[kind])
    for sign, other in _SIGNS.items():
        text = text.replace(sign, other) if sign not in "xX" else _crosses(text)
    found = [*_TOKEN.finditer(text)]
    if "".join(each.group() for each in found) != text:
        return None
    tokens = [each.group() for each in found]
    try:
        parser = _Parser(tokens)
        formula = parser.sum(_DEEPEST)
    except _NoFormulaError:
        return None
    return formula if parser.place == len(tokens) else None


def _crosses(text: str) -> str:
    """Return a text with the letter x between two things as a sign of multiplying."""
    return re.sub(r"(?<=[0-9%)a-z])[xX](?=[0-9(a-z])", "*", text)


@cache
def _words() -> tuple[tuple[str, str], ...]:
    """Return the words of formulas with what each is, the longest first."""
    listed = declared(dict[str, list[str]], "normalize", "methods", "formulas")
    pairs = [(kind, word) for kind, every in listed.items() for word in every]
    return tuple(sorted(pairs, key=lambda each: -len(each[1])))


class _NoFormulaError(ValueError):
    """What was read is no formula."""


class _Parser:
    """Sums of products of numbers, names and brackets; ``place`` is the next token."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens, self.place = tokens, 0

    def _next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def _take(self) -> str:
        token = self._next()
        self.place += 1
        return token

    def sum(self, depth: int) -> Formula:
        """Read what is added and taken off."""
        return self._chain(self._product, ("+", "-"), depth)

    def _product(self, depth: int) -> Formula:
        return self._chain(self._one, ("*", "/"), depth)

    def _chain(self, read: Callable[[int], Formula], signs: tuple[str, ...], depth: int) -> Formula:
        found = read(depth)
        while self._next() in signs:
            sign, left, right = self._take(), found, read(depth)
            found = _joined(sign, left, right)
        return found

    def _one(self, depth: int) -> Formula:
        token = self._take()
        if token == "(" and depth > 0:
            inner = self.sum(depth - 1)
            if self._take() != ")":
                raise _NoFormulaError
            return inner
        if token[:1].isdigit():
            value = float(token)
            if self._next() == "%":
                self._take()
                value /= PER_CENT
            return lambda given: value
        if token.isalpha():
            return lambda given: given[token]
        raise _NoFormulaError


def _joined(sign: str, left: Formula, right: Formula) -> Formula:
    return {
        "+": lambda given: left(given) + right(given),
        "-": lambda given: left(given) - right(given),
        "*": lambda given: left(given) * right(given),
        "/": lambda given: left(given) / right(given),
    }[sign]
