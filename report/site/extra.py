"""What counts on top of the points: bonus, minus, coefficient, grade, each where any has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from report.marks import NOTHING, ranks
from report.site.format import plain
from report.site.model import Total
from schemas.records.rows import ScorecardRow
from schemas.vocabulary import word


@dataclass(frozen=True, slots=True)
class Extra:
    """A column of totals that stands only where some entity has something in it."""

    name: str
    has: Callable[[Total], object]
    value: Callable[[Total], object]
    is_text: bool = False


def grade(card: ScorecardRow) -> str:
    """Return the grade of a total, or from which to which its interval allows."""
    if not _has_grade(card) or ranks(card) is None:
        return NOTHING
    low, high = (
        each or word("missing", "grade") for each in (card.get("grade_low"), card.get("grade_high"))
    )
    return low if low == high else f"{low}–{high}"


def _has_grade(card: ScorecardRow) -> bool:
    return bool(card.get("grade") or card.get("grade_low") or card.get("grade_high"))


EXTRAS = (
    Extra("加分", lambda card: card.row.get("bonus"), lambda card: card.added("bonus")),
    Extra("扣分", lambda card: card.row.get("minus"), lambda card: card.added("minus")),
    Extra("系数", lambda card: card.coefficient, lambda card: plain(card.coefficient)),
    Extra("等次", lambda card: _has_grade(card.row), lambda card: grade(card.row), is_text=True),
)


def shown_of(cards: Iterable[Total]) -> list[Extra]:
    """Return the columns in which any of the totals has something."""
    own = list(cards)
    return [extra for extra in EXTRAS if any(extra.has(card) for card in own)]
