"""Compound targets: each part by its own rule and returned value, the target by their mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from schemas.vocabulary import Operator
from scoring.model.columns import Flags, Floats, Ints
from scoring.model.inputs import OPERATORS, UNKNOWN, Rows, way_of
from scoring.model.items import INVALID, NOT_RECEIVED, SCORED, UNREADABLE, Attained, Items
from scoring.points.shares import Shares
from scoring.returns.latest import Latest
from scoring.rules.attainment import attain
from scoring.rules.book import NO_RULE
from scoring.rules.declared import default_rule
from scoring.rules.effective import Effective
from scoring.rules.registry import METHOD_CODES


@dataclass(frozen=True, slots=True)
class Parts:
    """One row a part of a target whose rule is ``parts``: ``row`` is the target's.

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

    ``low`` and ``high`` are the attainment at least and at most, with what is known so far.
    """

    rows: Ints
    attained: Attained
    low: Floats
    high: Floats
    veto: Flags


def read_parts(rows: Rows, effective: Effective, shares: Shares, latest: Latest) -> Parts:
    """Return the parts of the targets that are counted by their parts, each scored."""
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
    way = way_of(np.array([_code(each) for each in operators], np.int64), effective.way[row])
    _declared(effective, row, part_no, rule, way)
    items = Items(
        rule=rule,
        source=latest.of_parts(row, part_no),
        target=values,
        operator=np.array([_code(each) for each in operators], np.int64),
        way=way,
        share=shares.points[row] / np.repeat(lengths, lengths),
        peers=np.zeros(len(row), np.int64),
        count=np.zeros(len(row), np.bool_),
        base=np.full(len(row), np.nan),
    )
    return Parts(
        row,
        part_no,
        structs.field("text").to_pylist(),
        structs.field("unit").to_pylist(),
        items,
        attain(items, latest.returned, effective.book),
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
    """Return the mean of each target's parts, and between what bounds it may be.

    A part whose good end nobody knows may come to anything.
    """
    rows, place = np.unique(parts.row, return_inverse=True)
    count = np.bincount(place, minlength=len(rows))
    attainment, outcome = parts.attained.attainment, parts.attained.outcome
    unsure = (parts.items.way == UNKNOWN) & effective.book.directed()[parts.items.rule]
    known = (outcome == SCORED) & ~unsure
    caps = effective.book.most(parts.items.rule, parts.items.share)
    worst = np.full(len(rows), SCORED, np.int64)
    for status in (NOT_RECEIVED, UNREADABLE, INVALID):  # the later one outweighs
        worst[np.bincount(place, outcome == status, len(rows)) > 0] = status

    def mean(values: Floats) -> Floats:
        summed: Floats = np.bincount(place, values, len(rows)) / count
        return summed

    veto = latest.returned.veto[parts.items.source]
    return Means(
        rows,
        Attained(np.where(worst == SCORED, mean(attainment), np.nan), worst),
        mean(np.where(known, attainment, 0.0)),
        mean(np.where(known, attainment, caps)),
        np.bincount(place, veto, len(rows)) > 0,
    )
