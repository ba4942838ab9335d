"""What the name that heads a column says of what the column holds: claims, no verdict.

The names are data (``data/roles.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Required, TypedDict

from common.declared import declared, declared_list
from common.fold import fold
from normalize.columns.odds import odds
from normalize.columns.periods import period_of
from normalize.model.table import Role

_BEFORE = re.compile(r"^(?:19|20)\d{2}年?(?:度|全年)?")
_BEHIND = re.compile(r"\([^()]*\)$")


class _Ambiguous(TypedDict):
    """Names that are used for several roles, with how often for which."""

    names: list[str]
    odds: dict[str, float]


class _Names(TypedDict, total=False):
    """Names that speak for a role, matched whole or in part."""

    role: Required[str]
    whole: list[str]
    part: list[str]
    group: bool
    odds: float


@cache
def _ambiguous() -> tuple[tuple[re.Pattern[str], Mapping[Role, float]], ...]:
    return tuple(
        (
            re.compile(f"(?:{'|'.join(entry['names'])})"),
            {Role(role): p for role, p in entry["odds"].items()},
        )
        for entry in declared(list[_Ambiguous], "normalize", "roles", "ambiguous")
    )


@dataclass(frozen=True, slots=True)
class _Listed:
    """One entry of the list: a role, the names that speak for it, and how much (None: as usual)."""

    role: Role
    pattern: re.Pattern[str]
    heads_entities: bool
    odds: float | None


@cache
def _listed() -> tuple[_Listed, ...]:
    found = []
    for entry in declared(list[_Names], "normalize", "roles", "role"):
        forms = [f"^(?:{p})$" for p in entry.get("whole", [])] + entry.get("part", [])
        pattern = re.compile("|".join(forms))
        group = bool(entry.get("group"))
        found.append(_Listed(Role(entry["role"]), pattern, group, entry.get("odds")))
    return tuple(found)


@cache
def assessing_strengths() -> tuple[re.Pattern[str], ...]:
    """Patterns of department headings, the strongest claim to assess first."""
    order = declared_list("normalize", "roles", "assessing_strength", "order")
    return tuple(re.compile(each) for each in order)


@lru_cache(maxsize=4096)
def claims(name: str) -> Mapping[Role, float]:
    """Return how often a column with such a name is of each role; empty where nothing is known."""
    folded = fold(name)
    if not folded:
        return {}
    if (period := period_of(folded)) is not None:
        return {Role.MILESTONE: odds("name", "sure"), **_of_period(period.last_month)}
    bare = _BEHIND.sub("", _BEFORE.sub("", folded))
    several = (held for p, held in _ambiguous() if p.fullmatch(bare) or p.fullmatch(folded))
    return next(several, None) or _listed_claims(folded)


def _listed_claims(folded: str) -> Mapping[Role, float]:
    """Return the claims of the list's entries; those with odds of their own count if alone."""
    listed = [entry for entry in _listed() if entry.pattern.search(folded)]
    named = [entry.role for entry in listed if entry.odds is None]
    if not named:
        return {entry.role: entry.odds for entry in listed if entry.odds is not None}
    return {r: odds("name", "sure" if r is named[0] else "later") for r in dict.fromkeys(named)}


def _of_period(last_month: int) -> dict[Role, float]:
    return {Role.TARGET: odds("year", "year_end_period" if last_month == 12 else "inner_period")}


@lru_cache(maxsize=4096)
def role_by_name(name: str) -> Role | None:
    """Return the role that a header text speaks for most, or None where no known name matches."""
    held = claims(name)
    return max(held, key=held.__getitem__) if held else None


@cache
def declared_words(name: str) -> re.Pattern[str]:
    """Return a pattern of ``[words]`` in ``data/columns.toml``."""
    return re.compile(declared(str, "normalize", "columns", "words", name))


@cache
def _measures() -> re.Pattern[str]:
    return re.compile("|".join(declared_list("normalize", "roles", "measures", "whole")))


def is_measure(name: str) -> bool:
    """Tell whether a text only says which figure of a target or result stands below it (增速)."""
    return _measures().fullmatch(_BEHIND.sub("", fold(name))) is not None


def heads_entities(name: str) -> bool:
    """Tell whether a text stands over the names of entities (县区, 被考核单位)."""
    folded = fold(name)
    first = next((entry for entry in _listed() if entry.pattern.search(folded)), None)
    return first is not None and first.heads_entities and Role.TARGET in claims(name)
