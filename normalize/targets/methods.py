"""A target's cell parted into what must be reached and how points are given for it.

增长6.5%得满分，每低0.1个百分点扣0.2分 asks for a growth of 6.5 %; the rest is a method. No
number of a method is a target's.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import cache

from common.declared import declared_list
from normalize.targets.masks import MASK, mask_titles


@dataclass(frozen=True, slots=True)
class Goal:
    """The clauses that say what must be reached (may be blank), and the method as printed."""

    text: str
    method: str | None = None


@cache
def _pattern(key: str) -> re.Pattern[str]:
    return re.compile("|".join(declared_list("normalize", "targets", "methods", key)))


_CLAUSE_END = re.compile(r"(?<![0-9])[，,]|[，,](?![0-9])|[；;。\n]")


def goal_of(text: str) -> Goal:
    """Part a cleaned text; one without any word of a method is a goal as it is."""
    shown = mask_titles(text)
    if not _pattern("signs").search(shown):
        return Goal(text)
    if aside := _bracketed(shown):
        start, end = aside
        goal = goal_of(f"{text[:start]}{text[end:]}".strip())
        said = text[start:end].strip("（()）")
        return Goal(goal.text, "，".join(filter(None, (goal.method, said))))
    goals: list[str] = []
    method: list[str] = []
    for start, end in _spans(shown):
        clause, printed = shown[start:end], text[start:end]
        reached = _reached(clause, printed, first=not method)
        if reached:
            goals.append(reached)
        if len(reached) < len(printed.strip("，,；;。\n的")):
            method.append(printed.strip("，,；;。\n"))
    return Goal("，".join(goals), "，".join(method) or None)


_BRACKETS = re.compile("[（(][^（()）]*[)）]")


def _bracketed(shown: str) -> tuple[int, int] | None:
    """Return where brackets behind a target stand that hold a method: 10（少1个扣1分）."""
    for found in _BRACKETS.finditer(shown):
        outside = shown[: found.start()] + shown[found.end() :]
        if _pattern("signs").search(found.group()) and re.match(".*[0-9]", shown[: found.start()]):
            return None if _pattern("signs").search(outside) else found.span()
    return None


def _spans(text: str) -> list[tuple[int, int]]:
    """Return where the clauses stand, each with the sign that ends it."""
    ends = [found.end() for found in _CLAUSE_END.finditer(text)]
    bounds = [0, *ends, len(text)]
    spans = [span for span in itertools.pairwise(bounds) if span[0] < span[1]]
    return [span for span in spans if text[slice(*span)].strip("，,；;。\n")]


def _reached(clause: str, printed: str, *, first: bool) -> str:
    """Return what a clause asks to reach: all, what stands before 得…分, or nothing.

    Behind the first word of a method a clause that leads to one (每低1个百分点) is a part of it.
    """
    sign = _pattern("signs").search(clause)
    leads = _pattern("leads").match(clause)
    if sign is None:
        return "" if leads else printed.strip("，,；;。\n")
    full = _pattern("full").search(clause)
    goal = printed[: full.start()].strip("，,；;。\n的者则可 ") if full else ""
    return "" if leads or not first or MASK in goal or _pattern("less").search(goal) else goal
