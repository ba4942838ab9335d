"""Compound targets: each part by its own rule and returned value, the target by their mean.

Classes of awards are such parts, too, and come to their sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow.compute as pc

from schemas.vocabulary import Operator
from scoring.model.columns import Flags, Floats, Ints
from scoring.model.inputs import OPERATORS, UNKNOWN, Rows, way_of
from scoring.model.items import INVALID, NOT_RECEIVED, SCORED, UNREADABLE, Attained, Items
from scoring.points.shares import Shares
from scoring.returns.latest import Latest
from scoring.rules.attainment import assumed, attain
from scoring.rules.book import NO_RULE
from scoring.rules.declared import default_rule
from scoring.rules.effective import Effective
from scoring.rules.methods.awarded.classes import limit as class_limit
from scoring.rules.registry import METHOD_CODES


@dataclass(frozen=True, slots=True)
class Parts:
    """One row a part of a target whose rule is ``parts`` or ``classes``: ``row`` is the target's.

    ``text`` and ``unit`` are as printed.
    """

    row: Ints
    part_no: Ints
    text: list[str | None]
    unit: list[str | None]
    items: Items
    attained: Attained


@dataclass(frozen=True, slots=True)
class Means:
    """What the parts come to, for each of some targets' ``rows``: NaN where not all are scored.

    ``low`` and ``high`` are the attainment at least and at most, with what is known so far;
    ``unsure``: a part's points rest on an assumption.
    """

    rows: Ints
    attained: Attained
    low: Floats
    high: Floats
    veto: Flags
    unsure: Flags


def read_parts(rows: Rows, effective: Effective, shares: Shares, latest: Latest) -> Parts:
    """Return the parts of targets that are counted by parts or classes, each scored."""
    listed = _of_targets(rows, effective, shares)
    classes = _of_classes(effective, shares)
    if len(classes.row):
        listed = listed.with_others(classes)
    items = Items(
        rule=listed.rule,
        source=latest.of_parts(listed.row, listed.part_no),
        target=listed.value,
        operator=listed.operator,
        way=listed.way,
        share=listed.share,
        peers=np.zeros(len(listed.row), np.int64),
        count=np.zeros(len(listed.row), np.bool_),
        base=np.full(len(listed.row), np.nan),
    )
    attained = attain(items, latest.returned, effective.book)
    return Parts(listed.row, listed.part_no, listed.text, listed.unit, items, attained)


@dataclass(frozen=True, slots=True)
class _Listed:
    """Parts before anything is returned for them; columns as in :class:`Parts` and its items."""

    row: Ints
    part_no: Ints
    text: list[str | None]
    unit: list[str | None]
    rule: Ints
    value: Floats
    operator: Ints
    way: Ints
    share: Floats

    def with_others(self, other: _Listed) -> _Listed:
        """Return all parts, the other ones behind."""
        joined: Iterator[Any] = (
            mine + more if isinstance(mine, list) else np.concatenate([mine, more])
            for mine, more in zip(self._columns(), other._columns(), strict=True)
        )
        return _Listed(*joined)

    def _columns(self) -> tuple[Any, ...]:
        return (
            self.row, self.part_no, self.text, self.unit, self.rule, self.value, self.operator,
            self.way, self.share,
        )  # fmt: skip


def _of_targets(rows: Rows, effective: Effective, shares: Shares) -> _Listed:
    """Return the printed parts of targets whose rule is ``parts``."""
    by_parts = effective.book.methods()[effective.rule] == METHOD_CODES["parts"]
    chosen = np.flatnonzero(by_parts)
    lists = rows.columns.arrow("parts").take(chosen)
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy().astype(np.int64)
    structs = lists.flatten()
    row = np.repeat(chosen, lengths)
    starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
    part_no = np.arange(len(row)) - starts + 1
    operators = structs.field("operator").to_pylist()
    values = structs.field("value").to_numpy(zero_copy_only=False).astype(np.float64)
    named = [
        each or (None if np.isnan(value) else Operator.AT_LEAST)
        for each, value in zip(operators, values.tolist(), strict=True)
    ]
    rule = _rules(effective, named)
    operator = np.array([_code(each) for each in operators], np.int64)
    way = way_of(operator, effective.way[row])
    _declared(effective, row, part_no, rule, way)
    text, unit = structs.field("text").to_pylist(), structs.field("unit").to_pylist()
    share = shares.points[row] / np.repeat(lengths, lengths)
    return _Listed(row, part_no, text, unit, rule, values, operator, way, share)


def _of_classes(effective: Effective, shares: Shares) -> _Listed:
    """Return the classes of awards of targets whose rule is ``classes``, each with its own rule."""
    book = effective.book
    chosen = np.flatnonzero(book.methods()[effective.rule] == METHOD_CODES["classes"])
    listed = [
        (row, number, name, book.number(rule.of_class(name, points)))
        for row in chosen.tolist()
        for rule in (book.rules[effective.rule[row]],)
        for number, (name, points) in enumerate(rule.classes, 1)
    ]
    row = np.array([each[0] for each in listed], np.int64)
    size = len(listed)
    return _Listed(
        row,
        np.array([each[1] for each in listed], np.int64),
        [each[2] for each in listed],
        [None] * size,
        np.array([each[3] for each in listed], np.int64),
        np.full(size, np.nan),
        np.full(size, -1, np.int64),
        effective.way[row],
        shares.points[row],
    )


def _code(operator: str | None) -> int:
    return OPERATORS.index(operator) if operator in OPERATORS else -1


def _rules(effective: Effective, operators: list[str | None]) -> Ints:
    """Return the rule of each part by its operator; one without is in words."""
    book, defaults = effective.book, effective.edition
    numbers = {
        operator: book.number(default_rule(name, defaults))
        for operator, name in defaults.parts.items()
    }
    return np.array([numbers.get(each or "words", NO_RULE) for each in operators], np.int64)


def _declared(effective: Effective, row: Ints, part_no: Ints, rule: Ints, way: Ints) -> None:
    """Set (in place) rule and direction of the parts that a notice declares them of."""
    if not effective.of_part:
        return
    for place, key in enumerate(zip(row.tolist(), part_no.tolist(), strict=True)):
        declared, direction = effective.of_part.get(key, (NO_RULE, -1))
        rule[place] = rule[place] if declared == NO_RULE else declared
        way[place] = way[place] if direction < 0 else direction


def means(parts: Parts, effective: Effective, latest: Latest) -> Means:
    """Return what each target's parts come to, and between what bounds it may be.

    Parts of a target come to their mean, classes of awards to their sum up to its limit. A part
    whose good end nobody knows, or that rests on what its general rule assumes, may come to
    anything.
    """
    rows, place = np.unique(parts.row, return_inverse=True)
    attainment, outcome = parts.attained.attainment, parts.attained.outcome
    unsure = (parts.items.way == UNKNOWN) & effective.book.directed()[parts.items.rule]
    unsure |= assumed(parts.items, parts.attained, latest.returned, effective.book)
    known = (outcome == SCORED) & ~unsure
    caps = effective.book.most(parts.items.rule, parts.items.share)
    floors = effective.book.least(parts.items.rule)
    worst = np.full(len(rows), SCORED, np.int64)
    for status in (NOT_RECEIVED, UNREADABLE, INVALID):  # the later one outweighs
        worst[np.bincount(place, outcome == status, len(rows)) > 0] = status
    count, limit = _summing(parts, effective, rows, place)

    def together(values: Floats) -> Floats:
        summed: Floats = np.bincount(place, values, len(rows)) / count
        return np.minimum(summed, limit)

    veto = latest.returned.veto[parts.items.source]
    return Means(
        rows,
        Attained(np.where(worst == SCORED, together(attainment), np.nan), worst),
        together(np.where(known, attainment, floors)),
        together(np.where(known, attainment, caps)),
        np.bincount(place, veto, len(rows)) > 0,
        np.bincount(place, unsure, len(rows)) > 0,
    )


def _summing(parts: Parts, effective: Effective, rows: Ints, place: Ints) -> tuple[Floats, Floats]:
    """Return what the sum of each target's parts is divided by, and what it is at most."""
    book, rule = effective.book, effective.rule[rows]
    count = np.bincount(place, minlength=len(rows)).astype(np.float64)
    limit = np.full(len(rows), np.inf)
    classes = np.flatnonzero(book.methods()[rule] == METHOD_CODES["classes"])
    count[classes] = 1.0
    share = np.zeros(len(rows))
    share[place] = parts.items.share
    for at in classes.tolist():
        limit[at] = class_limit(book.rules[rule[at]].plain, float(share[at]))
    return count, limit
