"""A figure with its doubt: what every page, sheet and table on a terminal shows, in one way.

A figure of points, of a rate or of a target is no bare number here: whoever shows it shows with it
what it rests on, so that neither a doubtful value nor a sum of such values is ever printed without
its sign.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from html import escape

from common.messages import message
from common.numbers import EPSILON
from report.marks import (
    DOUBT,
    NOTHING,
    PARTLY,
    PROVISIONAL,
    SIGNS,
    rank_text,
    ranks,
)
from report.rule_words import number
from schemas.records.rows import ScorecardRow, ScoreRow


class Kind(Enum):
    """How a figure is written."""

    POINTS = "0.00"
    SHARE = "0.0%"
    PLAIN = "General"


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a figure rests on: so many values that may be misread, so many provisional points.

    ``why`` is what makes a sum provisional beyond them: a printed factor or limit not applied.
    """

    values: int = 0
    provisional: int = 0
    why: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.marks)

    def __add__(self, other: Doubt) -> Doubt:
        why = tuple(dict.fromkeys((*self.why, *other.why)))
        return Doubt(self.values + other.values, self.provisional + other.provisional, why)

    @property
    def signs(self) -> str:
        """The signs that stand behind each figure, one a kind of doubt."""
        return "".join(SIGNS[mark] for mark in self.marks)

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks, one a kind of doubt."""
        told = ((self.values, DOUBT), (self.provisional or self.why, PROVISIONAL))
        return tuple(mark for count, mark in told if count)

    @property
    def words(self) -> tuple[str, ...]:
        """What is in doubt of a sum, counted, in words."""
        return tuple(each for _, each in self.signed)

    @property
    def signed(self) -> tuple[tuple[str, str], ...]:
        """The words, each behind the sign of its kind."""
        told = ((self.values, "个值", DOUBT), (self.provisional, "项", PROVISIONAL))
        counted = [(SIGNS[mark], f"{count} {of}{mark}") for count, of, mark in told if count]
        return (*counted, *((SIGNS[PROVISIONAL], each) for each in self.why))


CERTAIN = Doubt()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, or a text in its place (``said``), with the doubt that it is never shown without.

    Its value is None where there is none, or where only ``said`` may be shown. ``form`` is how a
    sheet writes the number, where the sheet does not say so of all.
    """

    value: float | None
    doubt: Doubt
    kind: Kind = Kind.POINTS
    said: str | None = None
    form: str | None = None

    @property
    def text(self) -> str:
        """The figure for people, without its sign."""
        if self.said is not None:
            return self.said
        return _WRITTEN[self.kind](self.value)

    @property
    def signs(self) -> str:
        """The signs behind the figure; none where nothing is shown."""
        return "" if self.text in ("", NOTHING) else self.doubt.signs

    def __str__(self) -> str:
        return f"{self.text}{self.signs}"

    def __html__(self) -> str:
        """The figure on a page: with its value in full, for programs, and its sign."""
        text = escape(self.text)
        if self.said is not None:
            shown = f'<span class="partly">{text}</span>' if self.said == PARTLY else text
        elif self.value is None:
            shown = f'<span class="none">{text}</span>'
        else:
            shown = f'<data value="{float(self.value)!r}">{text}</data>'
        return f"{shown}{self.sign_html}"

    @property
    def sign_html(self) -> str:
        """The sign on a page, with its words for whoever points at it."""
        if not self.signs:
            return ""
        words = escape("，".join(self.doubt.words))
        return f'<span class="sign" title="{words}">{self.signs}</span>'


def told(text: str | None, doubt: Doubt) -> Figure:
    """Return a text that may be misread, with its doubt."""
    return Figure(None, doubt, said=text or NOTHING)


@dataclass(frozen=True, slots=True)
class Points:
    """Points with their doubt, of one indicator or of a sum: what they are, at least and most."""

    points: float | None
    low: float | None
    high: float | None
    doubt: Doubt

    @classmethod
    def of(cls, row: ScoreRow | ScorecardRow, doubt: Doubt) -> Points:
        """Return those of a score or a scorecard, whose doubt must be known."""
        return cls(row["points"], row["points_low"], row["points_high"], doubt)

    @property
    def partly(self) -> bool:
        """Whether they lie outside of what they can be, as they are of a part only: no result.

        So they do where of a target of several parts some are received.
        """
        if (known := self.known) is None:
            return False
        points, low, high = known
        return points < low - EPSILON or points > high + EPSILON

    @property
    def known(self) -> tuple[float, float, float] | None:
        """The points, and the least and the most that they can be; None where any is not known."""
        if self.points is None or self.low is None or self.high is None:
            return None
        return self.points, self.low, self.high

    @property
    def given(self) -> Figure:
        """The points; of a part only, that it is so."""
        return self.as_given(self.points)

    def as_given(self, value: float | None, kind: Kind = Kind.POINTS) -> Figure:
        """Return another figure of the same points: of 100, missed; none of a part only."""
        return Figure(value, self.doubt, kind, PARTLY if self.partly else None)

    @property
    def least(self) -> Figure:
        """The least that the points can be."""
        return Figure(self.low, self.doubt)

    @property
    def most(self) -> Figure:
        """The most that the points can be."""
        return Figure(self.high, self.doubt)

    @property
    def span(self) -> Span:
        """The interval."""
        return Span(self)


@dataclass(frozen=True, slots=True)
class Span:
    """The interval of points, with their doubt."""

    of: Points

    def __str__(self) -> str:
        low, high = self.of.least, self.of.most
        if None in (low.value, high.value):
            return NOTHING
        return str(low) if low.value == high.value else f"{low.text}–{high}"

    def __html__(self) -> str:
        """The interval on a page; one that is settled is a single number."""
        low, high = self.of.least, self.of.most
        if low.value is None or high.value is None:
            return NOTHING
        if low.value == high.value:
            return f'<span class="settled">{low.__html__()}</span>'
        ends = (Figure(low.value, CERTAIN).__html__(), high.__html__())
        return '<span class="to">–</span>'.join(ends)


def rank(card: ScorecardRow, doubt: Doubt, between: str = "–") -> Figure:
    """Return the place of a total, or all that its interval allows, with the total's doubt."""
    found = ranks(card)
    if found is not None and found[0] == found[1]:
        return Figure(found[0], doubt, Kind.PLAIN)
    return told(rank_text(card, between), doubt)


def fixed(value: float | None, decimals: int = 2) -> str:
    """Return a number with exactly ``decimals`` decimals, so that columns of numbers line up."""
    if value is None:
        return NOTHING
    text = f"{value:.{decimals}f}"
    return (text.lstrip("-") if float(text) == 0 else text).replace("-", "−")


def percent(value: float | None, decimals: int = 1) -> str:
    """Return a share as a percentage."""
    return NOTHING if value is None else f"{fixed(value * 100, decimals)}%"


_WRITTEN = {Kind.POINTS: fixed, Kind.SHARE: percent, Kind.PLAIN: number}


def meaning(mark: str) -> str:
    """Return what a mark's sign says, in words."""
    if mark == DOUBT:
        return message("report.sign.doubt").zh
    return message("report.sign.provisional").zh


def signs_text(doubt: Doubt) -> str:
    """Return the line that says what the signs behind figures mean; nothing where none stands."""
    said = "；".join(f"“{SIGNS[mark]}”：{meaning(mark)}" for mark in doubt.marks)
    return f"数字后的{said}。" if said else ""


def added(doubts: Iterable[Doubt]) -> Doubt:
    """Return the doubt of a sum."""
    return sum(doubts, CERTAIN)
