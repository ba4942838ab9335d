"""The catalogue of signs: every code a finding can have, what it means, what it touches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypedDict

from common.declared import declared


@dataclass(frozen=True, slots=True)
class Sign:
    """One code: the severities it comes with, its meaning, and whether it flags targets.

    ``touches``: ``targets`` (the targets that the doubted value serves are marked for review) or
    ``finding`` (a person finds it in the list of findings only).
    """

    code: str
    severities: tuple[str, ...]
    en: str
    zh: str
    touches: str


class _Told(TypedDict):
    severity: list[str]
    en: str
    zh: str
    touches: str


@cache
def catalogue() -> Sequence[Sign]:
    """Return all signs, by code."""
    return tuple(
        Sign(code, tuple(held["severity"]), held["en"], held["zh"], held["touches"])
        for code, held in sorted(declared(dict[str, _Told], "normalize", "signs").items())
    )
