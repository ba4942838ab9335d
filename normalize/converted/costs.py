"""What it costs to see a text, or none, in a column: the odds of ``data/align.toml`` at work.

All costs are -ln(probability): they add, and a difference of 2.3 means ten to one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from math import log

from common.declared import declared
from common.fold import clean, fold
from normalize.columns.scores import looks_like_name, looks_like_points, looks_like_target
from normalize.model.table import Column, Role
from normalize.text.clean import not_assessed, strip_ordinal
from normalize.text.departments import looks_like_departments
from normalize.text.units import known_unit, split_unit

_NUMBER = re.compile(r"[<>≤≥=±+-]?\d[\d,.，]*[%‰]?")
_SERIAL = re.compile(r"[(（]?(?:\d{1,4}|[一二三四五六七八九十]{1,4})[)）.、]?")
_NAMES = re.compile("[、,;]")
DEPARTMENTS = (Role.ASSESSING, Role.SUPPORTING)
_FREE = (Role.METHOD, Role.NOTE, Role.UNKNOWN, Role.BASE, Role.MILESTONE, Role.DEFINITION)
_CLOSED = (Role.ASSESSING, Role.SUPPORTING, Role.UNIT)


@cache
def odds(section: str, name: str) -> float:
    """Return one declared number as it is written."""
    return declared(float, "normalize", "align", section, name)


@cache
def cost(section: str, name: str) -> float:
    """Return the cost of one declared probability."""
    return -log(odds(section, name))


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """Return the form in which texts are compared."""
    return fold(text)


@lru_cache(maxsize=8192)
def is_dash(text: str) -> bool:
    """Say whether a text is a sign for "not assessed"."""
    return not_assessed(text)


def alike(one: str, other: str) -> bool:
    """Say whether two names are the same, or one is the beginning of the other."""
    short, long = sorted((key(one), key(other)), key=len)
    return len(short) > 1 and long.startswith(short)


@lru_cache(maxsize=8192)
def is_number(text: str) -> bool:
    """Say whether the text is nothing but a number, with or without a sign of limit or per cent."""
    return _NUMBER.fullmatch(clean(text).replace(" ", "")) is not None


@lru_cache(maxsize=8192)
def is_quantity(text: str) -> bool:
    """Say whether a text is a number or an object with its number, not an instruction."""
    bare = clean(text)
    return is_number(bare) or (len(bare) <= 10 and "《" not in bare and any(map(str.isdigit, bare)))


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """The columns by what they are to a row: headings, the leaf's one or two, points, targets."""

    columns: tuple[Column, ...]
    headings: tuple[int, ...]
    first: int
    second: int | None
    points: int | None
    targets: tuple[int, ...]
    departments: tuple[int, ...]

    @property
    def leaf(self) -> tuple[int, ...]:
        """The columns that name the indicator."""
        return (self.first,) if self.second is None else (self.first, self.second)

    def role(self, column: int) -> Role:
        """Return a column's role."""
        return self.columns[column].role


def plan_of(columns: Sequence[Column]) -> ColumnPlan:
    """Sort the columns; two neighbouring level columns of one name are one level in two places."""
    levels = _columns_of(columns, Role.LEVEL)
    split = _ends_in_two_places(columns, levels)
    leaf = levels[-2:] if split else levels[-1:]
    points = _columns_of(columns, Role.POINTS)
    return ColumnPlan(
        tuple(columns),
        headings=levels[: len(levels) - len(leaf)],
        first=leaf[0] if leaf else 0,
        second=leaf[1] if split else None,
        points=points[-1] if points else None,
        targets=_columns_of(columns, Role.TARGET),
        departments=_columns_of(columns, *DEPARTMENTS),
    )


def _columns_of(columns: Sequence[Column], *roles: Role) -> tuple[int, ...]:
    return tuple(i for i, column in enumerate(columns) if column.role in roles)


def _ends_in_two_places(columns: Sequence[Column], levels: Sequence[int]) -> bool:
    if len(levels) < 2 or levels[-1] != levels[-2] + 1:
        return False
    return key(columns[levels[-1]].name) == key(columns[levels[-2]].name)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What clear rows hold.

    ``places``: where a text of the columns with a closed list of texts stands, ``headings``
    which of them are headings; ``points`` are the sizes of points. ``texts`` are all texts, also of
    rows that are not clear, each with how often it is printed, ``first_names`` what several names
    in one cell begin with.
    """

    places: Mapping[str, Counter[int]] = field(default_factory=dict)
    headings: tuple[str, ...] = ()
    points: frozenset[float] = frozenset()
    texts: Mapping[str, int] = field(default_factory=dict)
    first_names: frozenset[str] = frozenset()

    def where(self, text: str) -> Counter[int]:
        """Return how often the text stands in which of these columns.

        What is printed once in all says nothing: it would be known from the row that asks.
        """
        once = self.texts.get(key(text), 0) < 2
        return Counter() if once else self.places.get(key(text), Counter())

    def cut(self, text: str, column: int) -> bool:
        """Say whether the text and a known text of the column begin alike, one of them cut."""
        return any(column in self.places[known] and alike(text, known) for known in self.headings)


def vocabulary_of(
    plan: ColumnPlan, clear: Iterable[Mapping[int, str]], texts: Iterable[str]
) -> Vocabulary:
    """Gather the vocabulary of clear rows, given as texts by column, and of all texts."""
    known = list(clear)
    places: dict[str, Counter[int]] = {}
    for row in known:
        for column, text in row.items():
            if column in plan.headings or plan.role(column) in _CLOSED:
                places.setdefault(key(text), Counter())[column] += 1
    printed = Counter(map(key, texts))
    points = (leading_number(row.get(plan.points, "")) for row in known) if plan.points else ()
    return Vocabulary(
        places,
        tuple(sorted(word for word, where in places.items() if where.keys() & plan.headings)),
        frozenset(number for number in points if number is not None),
        printed,
        frozenset(_first_names(printed)),
    )


def _first_names(texts: Iterable[str]) -> Iterator[str]:
    """Yield the first name of each text that holds several."""
    for first, *rest in map(_NAMES.split, texts):
        if rest:
            yield first


def leading_number(text: str) -> float | None:
    """Return the number a text begins with."""
    found = re.match(r"\d+(?:\.\d+)?", clean(text))
    return float(found.group()) if found else None


class ColumnCosts:
    """The cost of each text in each column of a plan, given a vocabulary."""

    def __init__(self, plan: ColumnPlan, vocabulary: Vocabulary) -> None:
        self.plan = plan
        self.vocabulary = vocabulary
        self._known: dict[tuple[int, str], float] = {}

    def text(self, column: int, text: str) -> float:
        """Return the cost of a text that is not blank in a column."""
        key = (column, text)
        if key not in self._known:
            probability = max(self._probability(column, text), odds("text", "floor"))
            if column in self.plan.headings:
                probability *= 1 - odds("blank", "heading")
            self._known[key] = -log(min(probability, 1.0))
        return self._known[key]

    def _probability(self, column: int, text: str) -> float:
        form = form_probability(self.plan, column, text)
        where = self.vocabulary.where(text)
        closed = column in self.plan.headings or self.plan.role(column) in _CLOSED
        if where[column]:
            share = where[column] / where.total()  # a row that moved may be among the clear ones
            return max(form * share, odds("text", "known_here") * share)
        if column in self.plan.headings and self.vocabulary.cut(text, column):
            return max(form, odds("text", "cut_heading"))
        if self.plan.role(column) is Role.POINTS:
            form *= self._points_size(text)
        if where and not (closed and self._same_kind(column, where)):
            return form * odds("text", "known_elsewhere")
        return form

    def _points_size(self, text: str) -> float:
        """Return how likely the size of points is among those of the clear rows."""
        known, value = self.vocabulary.points, leading_number(text)
        if not known or value is None or value in known:
            return 1.0
        return odds("text", "points_far" if value > 3 * max(known) else "points_new")

    def _same_kind(self, column: int, where: Counter[int]) -> bool:
        role = self.plan.role(column)
        return role in DEPARTMENTS and any(self.plan.role(c) in DEPARTMENTS for c in where)

    def blank(self, column: int, after: str | None, *, again: bool) -> float:
        """Return the cost of a printed blank.

        ``after`` is the row's last target text so far, ``again``: a blank target goes
        before.
        """
        role = self.plan.role(column)
        if role is Role.TARGET:
            if after is None:
                return cost("blank", "target_first")
            if is_dash(after):
                return cost("blank", "target_after_dash")
            return cost("blank", "target_after_blank" if again else "target_after_text")
        if role is Role.LEVEL:
            return cost("blank", "heading" if column in self.plan.headings else "leaf")
        return cost("blank", role.value)


def form_probability(plan: ColumnPlan, column: int, text: str) -> float:
    """Return how well a text's form suits a column, 0 to 1, whatever else is known."""
    role = plan.role(column)
    if is_dash(text) and role is not Role.TARGET:
        free = role in _FREE
        return odds("text", "dash_in_note" if free else "dash_outside_targets")
    if role is Role.LEVEL:
        return _level_probability(plan, column, text)
    return _FORMS.get(role, _open)(text)


def _open(_text: str) -> float:
    return odds("text", "open")


def _serial(text: str) -> float:
    return 0.95 if _SERIAL.fullmatch(clean(text)) else odds("text", "number_as_name")


def _unit(text: str) -> float:
    return 0.95 if known_unit(text) else odds("text", "unknown_unit")


_FORMS: dict[Role, Callable[[str], float]] = {
    Role.TARGET: looks_like_target,
    Role.BASE: looks_like_target,
    Role.MILESTONE: looks_like_target,
    Role.POINTS: looks_like_points,
    Role.ASSESSING: looks_like_departments,
    Role.SUPPORTING: looks_like_departments,
    Role.SERIAL: _serial,
    Role.UNIT: _unit,
}


def _level_probability(plan: ColumnPlan, column: int, text: str) -> float:
    if is_number(text):
        return odds("text", "number_as_name")
    likely = looks_like_name(text)
    if column not in plan.headings:
        return likely
    if split_unit(text).unit is not None:
        likely *= odds("text", "heading_with_unit")
    if len(strip_ordinal(text)) > odds("text", "heading_length"):
        likely *= odds("text", "heading_long")
    return likely
