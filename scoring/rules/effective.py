"""Which rule is effective for which row: that of its kind, overridden by the notice's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd

from common.numbers import LARGEST
from common.refusal import refusal
from schemas.records.rows import PartRow
from schemas.vocabulary import Direction, Operator, TargetKind
from scoring.model.columns import Flags, Floats, Ints
from scoring.model.inputs import (
    DIRECTIONS,
    KINDS,
    NEARER,
    NOT_ASSESSED,
    OPERATORS,
    UNKNOWN,
    Rows,
    way_of,
)
from scoring.rules.book import NO_RULE, RuleBook
from scoring.rules.declared import Edition, default_rule, edition
from scoring.rules.notice_rules import NoticeRules, Override
from scoring.rules.printed import PrintedMethods, printed_methods


@dataclass(frozen=True, slots=True)
class Effective:
    """The rule of each target (by number in ``book``), and how it is compared.

    ``of_part`` says what a notice declares of a part: the rule's number and the direction's
    code, by target's row and part; -1 where it declares none. ``printed`` are the notice's printed
    methods, ``overridden`` tells which rows an officer's rule counts for instead.
    """

    book: RuleBook
    rule: Ints
    operator: Ints
    way: Ints
    of_part: Mapping[tuple[int, int], tuple[int, int]]
    edition: Edition
    printed: PrintedMethods
    overridden: Flags

    def provisional(self) -> Flags:
        """Tell which rows the notice prints a method for that does not count."""
        unread = [method.rule is None for method in self.printed.methods]
        found: Flags = np.array([*unread, False], np.bool_)[self.printed.of_row]
        return found & ~self.overridden

    def beyond(self) -> Floats:
        """Return how many points the unread method of each row may give beyond its share."""
        points = [method.beyond_points for method in self.printed.methods]
        found: Floats = np.array([*points, 0.0], np.float64)[self.printed.of_row]
        return found

    def limits(self) -> Floats:
        """Return the most points that the unread method of each row gives; infinite for no end."""
        points = [method.limit_points for method in self.printed.methods]
        ends = [np.inf if each is None else each for each in points]
        found: Floats = np.array([*ends, np.inf], np.float64)[self.printed.of_row]
        return found


_PLAIN = {TargetKind.NUMBER, TargetKind.QUANTITY, TargetKind.GROWTH}
_PLAIN_KINDS = np.array([*(kind in _PLAIN for kind in KINDS), False])
_FLIPPED = {
    Operator.AT_LEAST: Operator.AT_MOST,
    Operator.MORE_THAN: Operator.LESS_THAN,
    Operator.AT_MOST: Operator.AT_LEAST,
    Operator.LESS_THAN: Operator.MORE_THAN,
}
_FLIP = np.array(
    [OPERATORS.index(_FLIPPED.get(Operator(operator), operator)) for operator in OPERATORS] + [-1]
)


def resolve(
    rows: Rows,
    rules: Mapping[str, NoticeRules],
    as_of: date,
    targets: pd.DataFrame,
    methods: pd.DataFrame | None = None,
) -> Effective:
    """Return the effective rules of the rows on a day: of the kind, as printed, as declared.

    ``targets`` are the frame of the rows, ``methods`` the notices' printed methods. Raises
    Refusal for an entry of a notice that no indicator of it fits.
    """
    book, defaults = RuleBook(), edition(as_of)
    of_kind = [
        book.number(default_rule(defaults.kinds[kind], defaults))
        if kind in defaults.kinds and kind != TargetKind.RANGE
        else NO_RULE
        for kind in KINDS
    ]
    rule = np.array([*of_kind, NO_RULE], np.int64)[rows.kind]
    rule[rows.on_top] = book.number(default_rule("judged", defaults))
    _set_ranges(rows, rule, book, defaults)
    _set_unheld(rows, rule, book, defaults)
    printed = printed_methods(methods, targets, rows, rules, defaults)
    _set_printed(printed, rule, book)
    overridden = np.zeros(len(rows), np.bool_)
    direction = np.full(len(rows), -1, np.int64) if rules else np.zeros(0, np.int64)
    of_part: dict[tuple[int, int], tuple[int, int]] = {}
    for own, place in _of_documents(rows, rules):
        for entry in own.in_force(as_of):
            chosen = place[_fits(entry, rows, place)]
            number = NO_RULE if entry.rule is None else book.number(entry.rule)
            code = -1 if entry.direction is None else DIRECTIONS.index(entry.direction)
            if entry.part_no is not None:
                _of_one_part(of_part, chosen, entry.part_no, number, code)
                continue
            if number != NO_RULE:
                rule[chosen] = number
                overridden[chosen] = True
            if code >= 0:
                direction[chosen] = code
    rule[rows.status == NOT_ASSESSED] = NO_RULE
    operator, way = _directed(rows, direction)
    way = _ranked_way(way, book, rule)
    return Effective(book, rule, operator, way, of_part, defaults, printed, overridden)


def _ranked_way(way: Ints, book: RuleBook, rule: Ints) -> Ints:
    """Return the directions; where nearer is better nobody knows which end comes first."""
    ranked = book.among_peers()[rule]
    return np.where(ranked & (way == NEARER), UNKNOWN, way)


def _set_ranges(rows: Rows, rule: Ints, book: RuleBook, defaults: Edition) -> None:
    """Set (in place) the rule of each range, with its ends; of one open to a side the one end.

    3%-5% of growth is reached from its low end, and of a thing to be lessened from its high one.
    """
    chosen = np.flatnonzero(rows.kind == KINDS.index(TargetKind.RANGE))
    if len(chosen) == 0:
        return
    ways = rows.indicators.words("direction").among(DIRECTIONS)[rows.indicator[chosen]]
    lists: list[list[PartRow] | None] = rows.columns.arrow("parts").take(chosen).to_pylist()
    for row, way, parts in zip(chosen.tolist(), ways.tolist(), lists, strict=True):
        values = [part["value"] for part in parts or ()]
        low, high = values if len(values) == 2 else (None, None)
        if low is not None and high is not None:
            ends = _open_to(DIRECTIONS[way] if way >= 0 else None, low, high)
            rule[row] = book.number(default_rule("range", defaults, ends))


def _set_unheld(rows: Rows, rule: Ints, book: RuleBook, defaults: Edition) -> None:
    """Let (in place) departments judge what is held against last year where that is not known."""
    unheld = book.with_base()[rule] & np.isnan(rows.base)
    if unheld.any():
        rule[unheld] = book.number(default_rule("judged", defaults))


def _set_printed(printed: PrintedMethods, rule: Ints, book: RuleBook) -> None:
    """Set (in place) the rules of rows with a printed method.

    One that does not count leaves the general rule, which rests on nothing but that.
    """
    of_method = _split(printed.of_row, len(printed.methods))
    for method, places in zip(printed.methods, of_method, strict=True):
        if method.rule is not None:
            rule[places] = book.number(method.rule)
            continue
        for general in np.unique(rule[places]):
            if general != NO_RULE:
                own = replace(book.rules[general], basis=method.basis)
                rule[places[rule[places] == general]] = book.number(own)


def _open_to(way: str | None, low: float, high: float) -> dict[str, float]:
    return {
        "low": -LARGEST if way == Direction.LOWER else low,
        "high": LARGEST if way == Direction.HIGHER else high,
    }


def _of_documents(
    rows: Rows, rules: Mapping[str, NoticeRules]
) -> Iterator[tuple[NoticeRules, Ints]]:
    """Give each notice's own rules with the rows they are for, those of all that share them."""
    if not rules:
        return
    declared = {id(own): own for name in rows.documents.values if (own := rules.get(name))}
    numbers = {key: number for number, key in enumerate(declared)}
    of_document = [numbers.get(id(rules.get(name)), -1) for name in rows.documents.values]
    for own, place in zip(
        declared.values(),
        _split(np.array(of_document, np.int64)[rows.documents.codes], len(declared)),
        strict=True,
    ):
        yield own, place


def _split(number: Ints, count: int) -> list[Ints]:
    """Return the places of each number from 0 on."""
    order = np.argsort(number, kind="stable")
    borders = np.searchsorted(number[order], np.arange(count + 1))
    return [order[first:last] for first, last in pairwise(borders.tolist())]


def _fits(entry: Override, rows: Rows, place: Ints) -> Flags:
    """Tell which of some documents' rows an entry is for; refused where it names none of one."""
    fits = _selected(entry, rows, place)
    if entry.entities is not None:
        wanted = [code for code, name in enumerate(rows.entities.values) if name in entry.entities]
        fits &= np.isin(rows.entities.codes[place], wanted)
    if entry.selector != "kind" or entry.entities is not None:
        _check_each(entry, rows, place, fits)
    return fits


def _check_each(entry: Override, rows: Rows, place: Ints, fits: Flags) -> None:
    """Refuse an entry that is for no row of a document that declares it."""
    documents, count = rows.documents.codes[place], len(rows.documents.values)
    named = np.bincount(documents[fits], minlength=count)
    lacking = np.flatnonzero((np.bincount(documents, minlength=count) > 0) & (named == 0))
    if len(lacking):
        raise refusal(
            "scoring.rule_for_nothing",
            document=rows.documents.values[int(lacking[0])],
            selector=entry.selector,
            value="、".join([str(entry.value), *(entry.entities or ())]),
        )


def _selected(entry: Override, rows: Rows, place: Ints) -> Flags:
    """Tell which of some rows are of the indicators or the kind that an entry names."""
    if entry.selector == "serial_no":
        fits = rows.serial[place] == entry.value
    elif entry.selector == "kind":
        return np.asarray(rows.kind[place] == KINDS.index(str(entry.value)), np.bool_)
    else:
        names = rows.indicators.words(entry.selector)
        wanted = names.values.index(str(entry.value)) if entry.value in names.values else -2
        fits = names.codes[rows.indicator[place]] == wanted
    return np.asarray(fits, np.bool_)


def _of_one_part(
    of_part: dict[tuple[int, int], tuple[int, int]], chosen: Ints, part_no: int, rule: int, way: int
) -> None:
    for row in chosen.tolist():
        before = of_part.get((row, part_no), (NO_RULE, -1))
        of_part[row, part_no] = (
            before[0] if rule == NO_RULE else rule,
            before[1] if way < 0 else way,
        )


def _directed(rows: Rows, direction: Ints) -> tuple[Ints, Ints]:
    """Return operator and direction with what a notice declares of the direction.

    The operator of a plain number came from the direction, so it turns with it; that of a limit
    is printed and stays.
    """
    if len(direction) == 0 or not (direction >= 0).any():
        return rows.operator, rows.way
    way = np.where(direction >= 0, direction, rows.way)
    return turned(rows.operator, way, rows.kind), way


def turned(operator: Ints, way: Ints, kind: Ints) -> Ints:
    """Return the operators of targets whose direction is declared: of plain numbers it turns."""
    against = (way_of(operator, way) != way) & _PLAIN_KINDS[kind]
    flipped = np.where(against & (way != NEARER), _FLIP[operator], operator)
    return np.where(against & (way == NEARER), OPERATORS.index(Operator.ABOUT), flipped)
