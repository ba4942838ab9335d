"""A printed method read as a rule: every word accounted for, or it says which are not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from normalize.methods import bands, others, steps
from normalize.methods.amounts import figure, given, scale_of
from normalize.methods.clauses import said_of
from normalize.methods.goals import repeats_goal
from normalize.methods.model import (
    Clauses,
    MethodContext,
    MethodReading,
    Proposal,
    Statement,
    gap,
    open_points,
)
from schemas.vocabulary import Direction, ItemKind, MethodStatus, TargetKind

Recipe = Callable[[Clauses, MethodContext], Proposal | None]


def read_method(text: str, context: MethodContext) -> MethodReading:
    """Return the rule of a printed method for a row.

    ``applied`` where every clause was understood and nothing is uncertain; else ``proposed`` with
    the rule that the understood clauses make, or ``not_understood``.
    """
    said = _with_goal(said_of(text), context)
    found = next((made for recipe in _RECIPES if (made := recipe(said, context))), None)
    beyond = _beyond(said)
    if found is None or _says_nothing(found):
        unread = said.unread or tuple(each.text for each in said.statements)
        gaps = found.gaps if found else ()
        return MethodReading(None, {}, MethodStatus.NOT_UNDERSTOOD, unread, gaps, beyond)
    left = tuple(each.text for each in said.statements if each.kind not in found.used)
    unread = (*said.unread, *left)
    gaps = (*found.gaps, *_contradicted(said, context))
    status = MethodStatus.PROPOSED if unread or gaps else MethodStatus.APPLIED
    return MethodReading(found.rule, found.parameters, status, unread, gaps, beyond)


def _contradicted(said: Clauses, context: MethodContext) -> tuple[str, ...]:
    """Return what the row contradicts: other points than its own, the side that is good."""
    met, missed = said.all("full"), said.all("none")
    kept = any(each.get("kept") for each in (*met, *missed))
    reached = any(each.get("reached") for each in (*met, *missed))
    return open_points(
        (any(given(each, context) != 1.0 for each in met), gap("points")),
        ((kept and not context.lower) or (reached and context.lower), gap("side")),
    )


def _says_nothing(found: Proposal) -> bool:
    """Whether a rule lacks what it needs: its bands or places."""
    return found.rule in ("bands", "rank") and not found.parameters


def _beyond(said: Clauses) -> float:
    """Return how many points the text may give beyond the row's own; inf without a limit."""
    caps = [figure(each, "points") for each in said.all("cap_gain")]
    if caps:
        return max(caps)
    if any(each.get("sign") in ("加", "奖励", "奖", "另加") for each in said.all("per")):
        return sum(figure(each, "points") for each in said.all("cap")) or float("inf")
    unread = "".join(said.unread)
    return float("inf") if "加" in unread and "不加" not in unread and "分" in unread else 0.0


def _with_goal(said: Clauses, context: MethodContext) -> Clauses:
    """Return the clauses with those named that repeat the row's own target: 增长6.5%得满分."""
    kept: list[str] = []
    statements = list(said.statements)
    for clause in said.unread:
        statement = repeats_goal(clause, context)
        if statement is None:
            kept.append(clause)
        else:
            statements.insert(0, statement)
    bounds = [each for each in statements if each.kind in _BOUNDS and each.get("give")]
    if len(bounds) == 1:
        full = repeats_goal(bounds[0].text, context) or _of_the_whole(bounds[0])
        statements[statements.index(bounds[0])] = full or bounds[0]
    return Clauses(tuple(statements), tuple(kept))


def _of_the_whole(bound: Statement) -> Statement | None:
    """Return a bound as the target itself where it says a completion rate of 100 %."""
    done = bound.get("rate") or bound.get("bare")
    if bound.kind != "at_least" or not done or bound.get("unit") not in (None, "%"):
        return None
    return Statement("full", bound.text, bound.said) if figure(bound, "a") == 100 else None


_BOUNDS = ("at_least", "between", "below")


def _proportional(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return the rule in proportion, perhaps with a rate below which nothing is given."""
    listed = said.all("proportion")
    silent = said.has("full") and said.has("below") and not listed
    if said.has("per") or not (len(listed) == 1 or silent):
        return None
    threshold, used = _threshold(said)
    start = listed[0].get("from") if listed else None
    stated = start is not None and threshold.get("threshold") != float(start) / 100
    gaps = open_points(
        (silent or stated, gap("silent_short")),
        (not _fits(context), gap("proportion")),
        (bool(threshold) and not _of_a_rate(said, context), gap("unit")),
    )
    return Proposal("proportional", threshold, used, gaps)


_BESIDE = frozenset({"proportion", "full", "goal", "no_bonus", "floor", "aside", "veto"})


def _threshold(said: Clauses) -> tuple[dict[str, Any], frozenset[str]]:
    """Return the rate below which nothing is given, and the kinds of clauses that are used."""
    below = said.all("below")
    if len(below) != 1 or not below[0].get("zero"):
        return {}, _BESIDE
    return {"threshold": figure(below[0], "a") / 100}, _BESIDE | {"below"}


def _fits(context: MethodContext) -> bool:
    """Whether a part of the target can be reached."""
    return context.counts and not context.lower and (context.value or 0) > 0


def _of_a_rate(said: Clauses, context: MethodContext) -> bool:
    """Whether the figure of a threshold is of the completion rate."""
    (below,) = said.all("below")
    told = scale_of(below, "%", context) == "ratio"
    return below.get("unit") == "%" and (
        told or (_of_the_rate(said) and _beyond_all(below, context))
    )


def _beyond_all(below: Statement, context: MethodContext) -> bool:
    """Whether a figure can be no value below the target: 80% of a growth of 8%."""
    return figure(below, "a") > (context.value or 0.0)


def _of_the_rate(said: Clauses) -> bool:
    """Whether the points are said to be in proportion to the completion rate."""
    return any("率" in each.text or "比例" in each.text for each in said.all("proportion"))


def _pass_fail(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return the rule of all or nothing."""
    full, rest = said.one("full"), said.one("other")
    if full is None or said.has(*_MORE_THAN_ALL_OR_NOTHING):
        return None
    missed = said.has("none") or (rest is not None and given(rest, context) == 0.0)
    gaps = open_points(
        (not missed, gap("silent_short")),
        (not (context.counts or _from_its_low_end(context)), gap("no_target")),
    )
    used = frozenset({"full", "goal", "none", "other", "aside", "veto", "no_bonus"})
    return Proposal("pass_fail", {}, used, gaps)


def _from_its_low_end(context: MethodContext) -> bool:
    """Whether a target is a range that is reached from its low end: 3%-5% of growth."""
    return context.kind is TargetKind.RANGE and context.direction == Direction.HIGHER


_MORE_THAN_ALL_OR_NOTHING = ("per", "proportion", "at_least", "between", "below", "event")


def _weights(said: Clauses, _context: MethodContext) -> Proposal | None:
    listed = said.all("weight")
    if len(listed) < 2:
        return None
    weights = [[figure(each, "n") / 100, "proportional", {}] for each in listed]
    return Proposal("mix", {"rules": weights}, frozenset({"weight"}), (gap("weights"),))


def _on_top(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return the rule of an item on top of the whole: classes of awards, points for events."""
    if context.item_kind is ItemKind.SCORED:
        return steps.deduction(said, context)
    return steps.classes(said, context) or steps.deduction(said, context)


_RECIPES: tuple[Recipe, ...] = (
    others.benchmark,
    others.rank,
    others.previous,
    steps.per_unit,
    bands.bands,
    _proportional,
    others.efficacy,
    _weights,
    _on_top,
    _pass_fail,
)
