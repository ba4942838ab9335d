"""Below what nothing is given: 低于80%的不得分, 超过5起的不得分, 负增长的不得分."""

from __future__ import annotations

from typing import Any

from normalize.methods.amounts import figure, is_named, is_percent, scale_of, words
from normalize.methods.bands import takes_in_below
from normalize.methods.model import Clauses, MethodContext, Statement


def threshold_of(said: Clauses, context: MethodContext) -> tuple[dict[str, Any], frozenset[str]]:
    """Return below what completion rate nothing is given, and the kinds of clauses that say so."""
    listed = said.all("below", "above", "negative")
    if len(listed) != 1 or not listed[0].get("zero") or said.has("at_least", "between"):
        return {}, frozenset()
    (bound,) = listed
    if takes_in_below(bound):  # 70%及以下不得分: a threshold gives points at 70 % itself
        return {}, frozenset()
    rate = _rate_of(bound, said, context)
    return ({}, frozenset()) if rate is None else ({"threshold": rate}, frozenset({bound.kind}))


def _rate_of(bound: Statement, said: Clauses, context: MethodContext) -> float | None:
    """Return a bound as a completion rate, None where nobody can tell."""
    if bound.kind == "negative":
        return 0.0 if grows(context) and is_named(bound, context) else None
    scale = scale_of(bound, bound.get("unit"), context)
    if scale is None and _like_the_goal(bound, said, context):
        scale = "value"
    if scale == "ratio":
        return figure(bound, "a") / 100 if bound.kind == "below" else None
    known = scale == "value" and (context.value or 0) > 0 and is_named(bound, context)
    return _of_value(bound, context) if known else None


def _of_value(bound: Statement, context: MethodContext) -> float | None:
    """Return a bound of the value as a completion rate, None on the side that is good."""
    if (bound.kind == "above") != context.lower:
        return None
    part = figure(bound, "a") / (context.value or 1.0)
    return round(2 - part if context.lower else part, 12)


def _like_the_goal(bound: Statement, said: Clauses, context: MethodContext) -> bool:
    """Whether a bound in per cent stands beside the target's own value in per cent."""
    plain = is_percent(bound.get("unit")) and is_percent(context.unit) and not bound.get("rate")
    own = any(each.get("own_value") for each in said.all("full", "goal"))
    own = own or any(is_percent(each.get("base_unit")) for each in said.all("per"))
    return plain and own and is_named(bound, context)


def grows(context: MethodContext) -> bool:
    """Tell whether the figure is a growth that more of is better, so that below 0 is a fall."""
    grown = any(word in context.indicator for word in words("growths"))
    return grown and is_percent(context.unit) and not context.lower and (context.value or 0) > 0
