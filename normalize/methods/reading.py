"""A printed method read as a rule: every word accounted for, or it says which are not."""

from __future__ import annotations

from common.numbers import LARGEST
from normalize.methods import bands, cases, ceilings, events, others, proportion, steps
from normalize.methods.amounts import figure, given, is_known, is_named, worth
from normalize.methods.goals import of_the_place, repeats_goal
from normalize.methods.lost import lost_figures
from normalize.methods.model import (
    Clauses,
    MethodContext,
    MethodReading,
    Proposal,
    Recipe,
    Statement,
    banded,
    gap,
    mix,
    open_points,
)
from schemas.vocabulary import Direction, ItemKind, MethodStatus, Operator, TargetKind


def read_said(clauses: Clauses, context: MethodContext) -> MethodReading:
    """Return the rule of a printed method's clauses for a row.

    ``applied`` where every clause was understood and nothing is uncertain; else ``proposed`` with
    the rule that the understood clauses make, or ``not_understood``.
    """
    said = _with_missed(_with_goal(_without_its_kind(clauses, context), context), context)
    recipe = next((each for each in _RECIPES if each(said, context)), None)
    found = recipe(said, context) if recipe else None
    beyond, limit = ceilings.beyond(said, context), ceilings.limit_below(said, context)
    if found is None or recipe is None or _says_nothing(found):
        unread, gaps = _left_open(said, found)
        return MethodReading(None, {}, MethodStatus.NOT_UNDERSTOOD, unread, gaps, beyond, limit)
    left = tuple(each.text for each in said.statements if each.kind not in found.used)
    gaps = (*found.gaps, *_contradicted(said, context, found), *_of_the_bound(found, said))
    if gaps:
        left += lost_figures(said, found, recipe, context)
    unread = (*said.unread, *left)
    status = MethodStatus.PROPOSED if unread or gaps else MethodStatus.APPLIED
    return MethodReading(found.rule, found.parameters, status, unread, gaps, beyond, limit, left)


#: What a clause calls the items on top of the whole that give, and those that take.
_ON_TOP = {
    ItemKind.BONUS: frozenset({"加分", "奖励"}),
    ItemKind.MINUS: frozenset({"减分", "扣分", "倒扣"}),
}


def _without_its_kind(said: Clauses, context: MethodContext) -> Clauses:
    """Return the clauses without one that says of the row what it is: 为加分项."""
    own = _ON_TOP.get(context.item_kind, frozenset())
    kept = (e for e in said.statements if e.kind != "on_top" or e.get("what") not in own)
    return Clauses(tuple(kept), said.unread)


def _left_open(said: Clauses, found: Proposal | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words that make no rule, and what is open where all are understood."""
    bare = not said.unread and set(said.kinds()) <= _CUTS_OFF
    unread = said.unread or (() if bare else tuple(each.text for each in said.statements))
    return unread, found.gaps if found else open_points((bare, gap("silent_rest")))


#: Clauses that say where nothing is given, and nothing of the rest.
_CUTS_OFF = frozenset({"below", "above", "negative", "floor", "no_bonus", "cap_score", "floor_at"})


def _contradicted(said: Clauses, context: MethodContext, found: Proposal) -> tuple[str, ...]:
    """Return what the row contradicts: other points than its own, the side that is good."""
    met, missed = said.all("full"), said.all("none")
    told = [*met, *missed]
    kept = any(each.get("kept") for each in told)
    reached = any(each.get("reached") for each in told)
    return open_points(
        (not all(is_named(each, context) for each in told), gap("noun")),
        (not _of_cases(found) and ceilings.base_of(said, context) is None, gap("points")),
        (not all(is_known(each, context) for each in said.statements), gap("shared")),
        ((kept and not context.lower) or (reached and context.lower), gap("side")),
        (not all(_is_all(each, said, context) for each in said.statements), gap("points")),
    )


def _is_all(each: Statement, said: Clauses, context: MethodContext) -> bool:
    """Whether points taken as all are all of the row, or of what the target gives: 扣完4分为止."""
    if context.points is None and context.item_kind is not ItemKind.SCORED:
        return True  # what is on top of the whole has no points but those it gives or takes
    if each.get("all_of_it") is None:
        return True
    own = abs(context.points or 0.0)
    lost = worth(each, context, "all_of_it")
    return lost in (own, round((ceilings.base_of(said, context) or 1.0) * own, 9))


#: Rules by steps off the target, of which the target itself is none.
_OF_STEPS = ("per_unit", "mix")


def _of_the_bound(found: Proposal, said: Clauses) -> tuple[str, ...]:
    """Return whether it is open what the target itself gives: 高于目标的得满分 alone."""
    stepped = found.rule in _OF_STEPS and said.has("per")
    told = not _of_cases(found) and any(
        each.get("strict") or each.get("equal") for each in said.all("full")
    )
    return open_points((told and not stepped, gap("goal_itself")))


def _of_cases(found: Proposal) -> bool:
    """Whether a rule is the best of several, which says itself what passing the target gives."""
    return found.parameters.get("take") == "best"


def _says_nothing(found: Proposal) -> bool:
    """Whether a rule lacks what it needs: its bands or places."""
    return found.rule in ("bands", "rank") and not found.parameters


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
    statements = of_the_place(statements, context)
    bounds = [each for each in statements if each.kind in _BOUNDS and each.get("give")]
    apart = any(each.kind in _BOUNDS[:2] and each.get("zero") for each in statements)
    if len(bounds) == 1 and not apart:
        full = repeats_goal(bounds[0].text, context) or _of_the_whole(bounds[0])
        statements[statements.index(bounds[0])] = full or bounds[0]
    return Clauses(tuple(statements), tuple(kept))


def _with_missed(said: Clauses, context: MethodContext) -> Clauses:
    """Return a bound at the target's own value as missing it: 3%以内得满分，超过3%不得分."""
    if not any(each.get("own_value") for each in said.all("full")):
        return said
    return Clauses(tuple(_missed(each, context) for each in said.statements), said.unread)


def _missed(each: Statement, context: MethodContext) -> Statement:
    missing = each.kind == ("above" if context.lower else "below") and bool(each.get("zero"))
    of_rate = each.get("rate") or each.get("bare")
    if not missing or of_rate or bands.takes_in_below(each) or not is_named(each, context):
        return each
    if figure(each, "a") != context.value:
        return each
    alike = each.get("unit") in (None, context.unit)
    return Statement("none", each.text, each.said) if alike else each


def _of_the_whole(bound: Statement) -> Statement | None:
    """Return a bound as the target itself where it says a completion rate of 100 %."""
    done = bound.get("rate") or bound.get("bare")
    if bound.kind != "at_least" or not done or bound.get("unit") not in (None, "%"):
        return None
    return Statement("full", bound.text, bound.said) if figure(bound, "a") == 100 else None


_BOUNDS = ("at_least", "between", "below")


def _pass_fail(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return the rule of all or nothing."""
    full, rest = said.one("full"), said.one("other") or said.one("none")
    if not said.has("full", "none") or said.has(*_MORE_THAN_ALL_OR_NOTHING):
        return None
    limits, kinds, gaps = ceilings.bounded(said, context)
    missed = given(rest, context) if rest is not None else None
    gaps += open_points(
        (rest is None, gap("silent_short")),
        (rest is not None and missed in (None, 1.0), gap("points")),
        (len(said.all("none", "other")) > 1, gap("twice")),
        (full is None and bool(missed), gap("silent_rest")),
        (not (context.counts or _from_its_low_end(context)), gap("no_target")),
        (bool(limits), gap("points")),
    )
    used = kinds | {"full", "goal", "none", "other", "aside", "veto", "no_bonus", "floor"}
    if not missed or context.value is None:
        return Proposal("pass_fail", {}, used, gaps)
    far = LARGEST if context.lower else -LARGEST
    found = banded([[context.value, 1.0], [far, missed]])
    gaps += open_points((context.operator not in _TAKING_IN, gap("goal_itself")))
    return Proposal("bands", found, used, gaps)


#: Operators whose own value meets the target.
_TAKING_IN = (None, Operator.AT_LEAST, Operator.AT_MOST)


def _from_its_low_end(context: MethodContext) -> bool:
    """Whether a target is a range that is reached from its low end: 3%-5% of growth."""
    return context.kind is TargetKind.RANGE and context.direction == Direction.HIGHER


_MORE_THAN_ALL_OR_NOTHING = (
    *("per", "proportion", "own_rate", "excess", "composed", "each_gives", "growth_step"),
    *("at_least", "between", "below", "above", "event", "class", "gain_event", "earned"),
)


def _weights(said: Clauses, _context: MethodContext) -> Proposal | None:
    listed = said.all("weight")
    if len(listed) < 2:
        return None
    weights = mix(*((figure(each, "n") / 100, "proportional", {}) for each in listed))
    return Proposal("mix", weights, frozenset({"weight"}), (gap("weights"),))


def _on_top(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return the rule of an item on top of the whole: classes of awards, points for events."""
    if context.item_kind is ItemKind.SCORED:
        return events.deduction(said, context)
    recipes = (events.classes, events.earned, events.deduction)
    return next((made for recipe in recipes if (made := recipe(said, context))), None)


_RECIPES: tuple[Recipe, ...] = (
    others.benchmark,
    others.rank,
    cases.missed_but,
    cases.passed,
    cases.previous,
    steps.per_unit,
    bands.bands,
    proportion.proportional,
    proportion.own_rate,
    proportion.excess,
    proportion.composed,
    proportion.each_gives,
    proportion.growth,
    proportion.efficacy,
    _weights,
    events.awarded,
    _on_top,
    _pass_fail,
)
