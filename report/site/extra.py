"""What counts on top of the points: bonus, minus, coefficient, grade, each where any has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from report.doubts import on_top
from report.marks import NOTHING, ranks
from report.site.format import plain
from schemas.tables.frames import Row
from schemas.vocabulary import word


@dataclass(frozen=True, slots=True)
class Extra:
    """A column of totals that stands only where some entity has something in it."""

    name: str
    has: Callable[[Row], Any]
    value: Callable[[Row], Any]
    is_text: bool = False


def grade(card: Row) -> str:
    """Return the grade of a total, or from which to which its interval allows."""
    if not _has_grade(card) or ranks(card) is None:
        return NOTHING
    low, high = (card.get(name) or word("missing", "grade") for name in _GRADES)
    return str(low) if low == high else f"{low}–{high}"


_GRADES = ("grade_low", "grade_high")


def _has_grade(card: Row) -> bool:
    return any(card.get(name) for name in ("grade", *_GRADES))


EXTRAS = (
    Extra("加分", lambda card: card.get("bonus"), lambda card: on_top(card, "bonus")),
    Extra("扣分", lambda card: card.get("minus"), lambda card: on_top(card, "minus")),
    Extra("系数", lambda card: card["coefficient"], lambda card: plain(card["coefficient"])),
    Extra("等次", _has_grade, grade, is_text=True),
)


def shown_of(cards: Iterable[Row]) -> list[Extra]:
    """Return the columns in which any of the totals has something."""
    own = list(cards)
    return [extra for extra in EXTRAS if any(extra.has(card) for card in own)]
