"""Damages one printed cell's text in a drawn grid, whatever format it will be drawn in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from tests.support.workshop.grid import Grid, Span
from tests.support.workshop.layout import LEVELS, Kind

_PAIRED = re.compile(r"[（）《》〈〉“”]")
_DIGIT = re.compile(r"\d")
_EXCEPTION = re.compile(r"（[^（）\d]+\d+(?:\.\d+)?）")
_EXCEPTION_NUMBER = re.compile(r"(?<=[^\d（）])\d+(?:\.\d+)?(?=[）、])")
_GARBLES = "患槽柿纫匀晨洧翮"
_DEPARTMENTS = (Kind.ASSESSING, Kind.SUPPORTING)
_NUMBERED = (Kind.POINTS, Kind.TARGETS, Kind.SERIAL, Kind.LEVEL1_POINTS)


@dataclass(frozen=True, slots=True)
class Hurt:
    """A damaged grid: the kind of damage, the span as it was, and its text now."""

    grid: Grid
    what: str
    span: Span
    after: str


Way = Callable[[Grid, Random], Hurt | None]


def body(grid: Grid, *kinds: Kind) -> list[Span]:
    """Return the body's spans of these kinds (all that have a kind, where none is named)."""
    return [s for s in grid.spans if not s.header and s.kind and (not kinds or s.kind in kinds)]


def with_text(grid: Grid, span: Span, text: str, what: str) -> Hurt:
    """Print another text in one span."""
    new = replace(span, text=text)
    spans = tuple(new if one is span else one for one in grid.spans)
    return Hurt(replace(grid, spans=spans), what, span, text)


def _chosen(spans: Sequence[Span], pattern: re.Pattern[str], random: Random) -> Span | None:
    fit = [span for span in spans if pattern.search(span.text)]
    return random.choice(fit) if fit else None


def bracket_lost(grid: Grid, random: Random) -> Hurt | None:
    """Lose one bracket, quote or title mark of a text."""
    span = _chosen(body(grid), _PAIRED, random)
    if span is None:
        return None
    at = random.choice([found.start() for found in _PAIRED.finditer(span.text)])
    return with_text(grid, span, span.text[:at] + span.text[at + 1 :], "bracket lost")


def exception_lost(grid: Grid, random: Random) -> Hurt | None:
    """Lose an exception whole: 1（高新区2） becomes 1."""
    span = _chosen(body(grid, Kind.POINTS), _EXCEPTION, random)
    if span is None:
        return None
    return with_text(grid, span, _EXCEPTION.sub("", span.text, count=1), "exception lost")


def exception_number_lost(grid: Grid, random: Random) -> Hurt | None:
    """Lose an exception's number: 1（高新区2） becomes 1（高新区）."""
    span = _chosen(body(grid, Kind.POINTS), _EXCEPTION_NUMBER, random)
    if span is None:
        return None
    text = _EXCEPTION_NUMBER.sub("", span.text, count=1)
    return with_text(grid, span, text, "exception without its number")


def digit_changed(kind: Kind) -> Way:
    """Change one digit in a cell of a kind."""
    names = {
        Kind.POINTS: "digit changed: points",
        Kind.TARGETS: "digit changed: target",
        Kind.SERIAL: "digit changed: printed serial number",
        Kind.LEVEL1_POINTS: "digit changed: a heading's points",
    }

    def way(grid: Grid, random: Random) -> Hurt | None:
        span = _chosen(body(grid, kind), _DIGIT, random)
        if span is None:
            return None
        found = random.choice(list(_DIGIT.finditer(span.text)))
        first = found.start() == 0 and len(span.text) > 1
        digits = [d for d in "0123456789" if d != found.group() and not (first and d == "0")]
        text = span.text[: found.start()] + random.choice(digits) + span.text[found.end() :]
        return with_text(grid, span, text, names[kind])

    return way


def decimal_point_lost(grid: Grid, random: Random) -> Hurt | None:
    """Lose the point of a number: 4.3 becomes 43."""
    fit = [s for s in body(grid, Kind.TARGETS, Kind.POINTS) if re.search(r"[1-9]\.\d", s.text)]
    if not fit:
        return None
    span = random.choice(fit)
    what = f"decimal point lost: {'points' if span.kind is Kind.POINTS else 'target'}"
    return with_text(grid, span, re.sub(r"(?<=[1-9])\.(?=\d)", "", span.text, count=1), what)


def lookalike_digit(grid: Grid, random: Random) -> Hurt | None:
    """Print a letter for a digit: 1 becomes l, 0 becomes O."""
    fit = [
        s
        for s in body(grid, Kind.TARGETS, Kind.POINTS)
        if re.fullmatch(r"[\d.]*[01][\d.]*", s.text)
    ]
    if not fit:
        return None
    span = random.choice(fit)
    found = random.choice(list(re.finditer("[01]", span.text)))
    letter = {"0": "O", "1": "l"}[found.group()]
    text = span.text[: found.start()] + letter + span.text[found.end() :]
    return with_text(grid, span, text, "letter for a digit")


def text_cut(*kinds: Kind) -> Way:
    """Cut the end of a text in a column of these kinds."""
    part = "name" if kinds == LEVELS else "department" if kinds == _DEPARTMENTS else "target"

    def way(grid: Grid, random: Random) -> Hurt | None:
        fit = [s for s in body(grid, *kinds) if len(s.text) >= 6 and not s.text[0].isdigit()]
        if not fit:
            return None
        span = random.choice(fit)
        kept = random.randint(2, len(span.text) - 2)
        return with_text(grid, span, span.text[:kept], f"text cut: {part}")

    return way


def department_garbled(grid: Grid, random: Random) -> Hurt | None:
    """Print a wrong character in a department: 市经济和信患化局."""
    fit = [span for span in body(grid, *_DEPARTMENTS) if len(span.text) >= 4]
    if not fit:
        return None
    span = random.choice(fit)
    places = [at for at in range(1, len(span.text)) if "㐀" <= span.text[at] <= "鿿"]
    at = random.choice(places)
    garbled = random.choice(_GARBLES)
    return with_text(
        grid, span, span.text[:at] + garbled + span.text[at + 1 :], "department garbled"
    )


def name_for_number(grid: Grid, random: Random) -> Hurt | None:
    """Print a department where points belong."""
    fit, names = body(grid, Kind.POINTS), body(grid, Kind.ASSESSING)
    if not fit or not names:
        return None
    text = random.choice(names).text
    return with_text(grid, random.choice(fit), text, "name where a number belongs")


def blanked(kind: Kind) -> Way:
    """Print a cell of a kind blank."""
    names = {
        Kind.POINTS: "cell lost: points",
        Kind.TARGETS: "cell lost: target",
        Kind.ASSESSING: "cell lost: department",
        Kind.LEVEL2: "cell lost: heading",
        Kind.LEVEL3: "cell lost: indicator",
    }

    def way(grid: Grid, random: Random) -> Hurt | None:
        fit = [span for span in body(grid, kind) if span.text]
        return with_text(grid, random.choice(fit), "", names[kind]) if fit else None

    return way


def foreign_word(grid: Grid, random: Random) -> Hurt | None:
    """Slip a foreign word into a Chinese text: 科技and创新."""
    pattern = re.compile("[㐀-鿿]{4}")
    span = _chosen(body(grid, Kind.TARGETS, *LEVELS), pattern, random)
    if span is None:
        return None
    found = pattern.search(span.text)
    at = (found.start() if found else 0) + random.randint(1, 3)
    return with_text(grid, span, span.text[:at] + "and" + span.text[at:], "foreign word slipped in")


def _rows_of_single_targets(grid: Grid) -> Iterator[list[Span]]:
    rows: dict[int, list[Span]] = {}
    for span in body(grid, Kind.TARGETS):
        rows.setdefault(span.row, []).append(span)
    for spans in rows.values():
        spans.sort(key=lambda span: span.column)
        if len(spans) > 1 and len({span.text for span in spans}) > 1:
            yield spans


def targets_shifted(grid: Grid, random: Random) -> Hurt | None:
    """Move a row's target texts one cell left or right; the cell left over is blank."""
    rows = list(_rows_of_single_targets(grid))
    if not rows:
        return None
    spans = random.choice(rows)
    texts = [span.text for span in spans]
    left = random.random() < 0.5
    moved = [*texts[1:], ""] if left else ["", *texts[:-1]]
    return _retold(grid, spans, moved, "cells of a row shifted")


def targets_exchanged(grid: Grid, random: Random) -> Hurt | None:
    """Exchange two neighbouring targets of a row."""
    rows = list(_rows_of_single_targets(grid))
    if not rows:
        return None
    spans = random.choice(rows)
    unlike = [i for i in range(len(spans) - 1) if spans[i].text != spans[i + 1].text]
    at = random.choice(unlike)
    texts = [span.text for span in spans]
    texts[at], texts[at + 1] = texts[at + 1], texts[at]
    return _retold(grid, spans, texts, "two targets exchanged")


def _retold(grid: Grid, spans: Sequence[Span], texts: Sequence[str], what: str) -> Hurt:
    new = {id(span): replace(span, text=text) for span, text in zip(spans, texts, strict=True)}
    told = tuple(new.get(id(span), span) for span in grid.spans)
    return Hurt(replace(grid, spans=told), what, spans[0], "|".join(texts))


CELL_WAYS: tuple[Way, ...] = (
    bracket_lost,
    exception_lost,
    exception_number_lost,
    *map(digit_changed, _NUMBERED),
    decimal_point_lost,
    lookalike_digit,
    text_cut(*LEVELS),
    text_cut(Kind.TARGETS),
    text_cut(*_DEPARTMENTS),
    department_garbled,
    name_for_number,
    *map(blanked, (Kind.POINTS, Kind.TARGETS, Kind.ASSESSING, Kind.LEVEL2, Kind.LEVEL3)),
    foreign_word,
    targets_shifted,
    targets_exchanged,
)
