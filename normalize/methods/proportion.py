"""Points in proportion: to the completion rate, to an own rate, to a growth, by efficacy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from common.numbers import LARGEST, PER_CENT
from normalize.methods.amounts import figure, is_named, is_percent, number, scale_of, words, worth
from normalize.methods.bands import takes_in_below
from normalize.methods.ceilings import bounded, ceiling, floor_of, threshold_of
from normalize.methods.model import (
    Clauses,
    Given,
    MethodContext,
    Proposal,
    Statement,
    banded,
    gap,
    mix,
    open_points,
)
from normalize.text.formula import computes_efficacy
from schemas.vocabulary import TargetKind

_MOSTLY = 50.0  # per cent of a whole: from here it is most of it
_BESIDE = frozenset(
    {"full", "goal", "no_bonus", "floor", "aside", "veto", "cap_score", "floor_at", "negative"}
)

#: Clauses beside which nobody knows what the rest is: 其余按完成率计分.
_BARE = frozenset({"proportion", "no_bonus", "floor", "aside", "cap_score", "veto"})


def proportional(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return the rule in proportion, perhaps with a rate below which nothing is given."""
    listed = said.all("proportion")
    silent = said.has("full") and said.has("below") and not listed
    if said.has("per") or not (len(listed) == 1 or silent):
        return None
    threshold, used = _threshold(said)
    limits, _, gaps = bounded(said, context)
    gaps += open_points(
        (not _fits(context), gap("proportion")),
        (silent or _of_the_rest(listed, threshold), gap("silent_short")),
        (_of_bare_rest(said), gap("silent_rest")),
        (bool(threshold) and not _of_a_rate(said, context), gap("unit")),
        *(_of_its_words(each, context) for each in listed),
        (not _divides_by_the_target(listed, context), gap("other_goal")),
    )
    if listed and listed[0].get("part"):
        part = figure(listed[0], "part") / PER_CENT
        gaps += open_points((not said.has("full") or bool(limits), gap("silent_rest")))
        return Proposal("mix", _up_to(part) | threshold, used, gaps)
    lost, more = _lost(said, limits | threshold, context)
    found = limits | lost | threshold
    return Proposal("proportional", found, used | {"cap_loss"}, (*gaps, *more))


def _lost(
    said: Clauses, others: Iterable[str], context: MethodContext
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Return what is kept where a part is taken at most, and whether another end stands beside."""
    lost = floor_of(said, context)
    twice = bool(lost) and not {"floor", "threshold"}.isdisjoint(others)
    return lost, open_points((twice, gap("twice")))


def _of_bare_rest(said: Clauses) -> bool:
    """Whether the rest is in proportion, and nothing tells of what it is the rest."""
    return any(each.get("rest") for each in said.all("proportion")) and set(said.kinds()) <= _BARE


def _up_to(part: float) -> dict[str, Given]:
    """Return a part of the points in proportion below the target, all of them from there on."""
    rest = round(1 - part, 12)
    return mix((part, "proportional", {}), (rest, "pass_fail", {}))


def _of_the_rest(listed: list[Statement], threshold: Mapping[str, float]) -> bool:
    """Whether only a part is in proportion: from a rate on, or what is over the target."""
    if listed and (listed[0].get("short") or "").startswith(("超", "高")):
        return True
    start = listed[0].get("from") if listed else None
    return start is not None and threshold.get("threshold") != number(start) / PER_CENT


def _of_its_words(each: Statement, context: MethodContext) -> tuple[bool, str]:
    """Return whether the clause names other points, another thing, or a part of the way."""
    whole, end = each.get("whole"), each.get("to")
    other = (
        whole is not None and whole[0].isdigit() and number(whole.rstrip("分")) != context.points
    )
    return other or (end is not None and number(end) != PER_CENT) or not is_named(each, context), (
        gap("points") if other else gap("noun")
    )


def _divides_by_the_target(listed: list[Statement], context: MethodContext) -> bool:
    """Whether a figure that the value is divided by is the target: 得分÷90×分值."""
    divided = [each for each in listed if each.get("divisor")]
    return all(figure(each, "divisor") == context.value for each in divided)


def _threshold(said: Clauses) -> tuple[dict[str, float], frozenset[str]]:
    """Return the rate below which nothing is given, and the kinds of clauses that are used."""
    below, used = said.all("below"), _BESIDE | {"proportion"}
    if len(below) != 1 or not below[0].get("zero") or takes_in_below(below[0]):
        return {}, used
    return {"threshold": figure(below[0], "a") / PER_CENT}, used | {"below"}


def _fits(context: MethodContext) -> bool:
    """Whether a part of the target can be reached."""
    return context.counts and not context.lower and (context.value or 0) > 0


def _of_a_rate(said: Clauses, context: MethodContext) -> bool:
    """Whether the figure of a threshold is of the completion rate."""
    (below,) = said.all("below")
    scale = scale_of(below, "%", context)
    told = scale == "ratio" or (scale == "value" and context.value == PER_CENT)
    return below.get("unit") == "%" and (
        told or (_of_the_rate(said) and _beyond_all(below, context))
    )


def _beyond_all(below: Statement, context: MethodContext) -> bool:
    """Whether a figure can be no value below the target: 80% of a growth of 8%."""
    return figure(below, "a") > (context.value or 0.0)


def _of_the_rate(said: Clauses) -> bool:
    """Whether the points are said to be in proportion to the completion rate."""
    return any("率" in each.text or "比例" in each.text for each in said.all("proportion"))


def own_rate(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return points in proportion to the indicator's own per cent: 整改率×分值."""
    listed, value = said.all("own_rate"), context.value or 0.0
    if len(listed) != 1 or said.has("per", "proportion"):
        return None
    fits = _fits(context) and is_percent(context.unit) and _is_of_a_whole(context)
    limits, _, gaps = bounded(said, context)
    threshold, kinds = threshold_of(said, context)
    gaps += open_points(
        (not fits, gap("proportion")),
        (not is_named(listed[0], context), gap("noun")),
        (bool(limits), gap("points")),
        _of_its_words(listed[0], context),
    )
    part = round(min(value, PER_CENT) / PER_CENT, 12)
    used = _BESIDE | {"own_rate"} | kinds
    if part == 1.0 or not fits:
        return Proposal("proportional", threshold, used, gaps)
    if said.has("full"):
        return Proposal("mix", _up_to(part) | threshold, used, gaps)
    rules = mix((part, "proportional", {"cap": round(1 / part, 12)}))
    return Proposal("mix", rules | threshold, used, gaps)


def excess(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return points off by how far the target is missed, as a part of it: (1-超出比例×2)×分值."""
    one = said.one("excess")
    if one is None or said.has("per", "proportion"):
        return None
    side = "over" if (one.get("side") or "").startswith("超") else "short"
    limits, kinds, gaps = bounded(said, context, capped=False)
    gaps += open_points(
        (not context.counts or not (context.value or 0) > 0, gap("proportion")),
        (context.points is None, gap("shared")),
        ((side == "over") != context.lower, gap("side")),
        _of_its_words(one, context),
    )
    times = figure(one, "times") if one.get("times") else 1.0
    points = -round(times * (context.points or 0.0), 12)
    found: dict[str, Given] = {"floor": 0.0, "per": 1.0, "of": "ratio", "points": points}
    return Proposal("per_unit", found | {"side": side} | limits, _BESIDE | {"excess"} | kinds, gaps)


def _is_of_a_whole(context: MethodContext) -> bool:
    """Whether a per cent is a part of a whole, of which most is asked for, and no growth."""
    grows = any(word in context.indicator for word in words("growths"))
    return not grows and _MOSTLY <= (context.value or 0.0) <= PER_CENT


def composed(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return a part of the points for all and the rest in proportion: 分值×60%+分值×40%×完成率."""
    one = said.one("composed")
    if one is None or said.has("per", "proportion"):
        return None
    fixed, rest = (figure(one, name) / PER_CENT for name in ("fixed", "rest"))
    limits, _, gaps = bounded(said, context)
    gaps += open_points(
        (not _fits(context), gap("proportion")),
        (round(fixed + rest, 12) != 1.0 or bool(limits), gap("points")),
    )
    rules = mix((rest, "proportional", {}), (fixed, "bands", banded([[-LARGEST, 1.0]])))
    return Proposal("mix", rules, _BESIDE | {"composed"}, gaps)


def each_gives(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return points for each unit that is reached, which give all at the target: 每新增1家得1分."""
    one = said.one("each_gives")
    if one is None or said.has("per", "proportion"):
        return None
    limits, _, gaps = bounded(said, context)
    per, points = figure(one, "n"), worth(one, context)
    value = scale_of(one, one.get("unit"), context) == "value"
    all_of_it = round((context.value or 0.0) / per * points, 9)
    gaps += open_points(
        (not value, gap("unit")),
        (not _fits(context), gap("proportion")),
        ((value and all_of_it != context.points) or bool(limits), gap("points")),
        (per != 1, gap("whole_units")),
    )
    used = _BESIDE | {"each_gives"}
    if said.has("cap_score") and value and not limits and all_of_it != context.points:
        found = {"per": per, "points": points}  # whatever the target: to all points of the row
        return Proposal("earned", found, used, gaps)
    return Proposal("proportional", {}, used, gaps)


def growth(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return points for each per cent more than last year: 比上年每增长1%得2.5分，最高得20分."""
    one = said.one("growth_step")
    if one is None or said.has("per", "proportion"):
        return None
    most, gaps = ceiling(said, context)
    points = worth(one, context)
    gaps += open_points(
        (most is None, gap("bonus_without_cap")),
        (most not in (None, 1.0) or not points or not context.points, gap("points")),
        (context.lower or is_percent(context.unit), gap("unit")),
    )
    rate = figure(one, "n") * (context.points or 1.0) / (points or 1.0)
    found: dict[str, Given] = {"against": "growth", "rate": round(rate, 12)}
    return Proposal("previous_value", found, _BESIDE | {"growth_step"}, gaps)


def efficacy(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return the rule of the efficacy coefficient, with bounds or by the group's.

    A formula beside it must compute just that.
    """
    formulas = said.all("efficacy_formula")
    if not (said.has("efficacy") or formulas):
        return None
    ends = {name: said.one(name) for name in ("satisfactory", "unacceptable")}
    parameters = {name: figure(each, "n") for name, each in ends.items() if each is not None}
    computed = _computed(formulas, context)
    if not said.has("efficacy") and None in computed:
        return None
    gaps = open_points(
        (len(parameters) == 1, gap("silent_rest")),
        (_turned(parameters, context), gap("side")),
        (not all(_in_its_unit(each, context) for each in ends.values()), gap("unit")),
        (context.kind not in _WITH_VALUE, gap("no_target")),
        (context.entities <= 1 and not parameters, gap("only_one")),
        *_of_formulas(computed, parameters),
    )
    used = {"efficacy", "efficacy_base", *ends, "no_bonus", "aside", "veto"}
    used |= {"efficacy_formula"} if None not in computed else set()
    return Proposal("efficacy", parameters, frozenset(used), gaps)


def _computed(formulas: list[Statement], context: MethodContext) -> list[str | None]:
    """Return whose ends each formula of the coefficient takes, None where it is another."""
    texts = (each.get("formula") or "" for each in formulas)
    return [computes_efficacy(text, lower=context.lower) for text in texts]


def _of_formulas(
    computed: list[str | None], parameters: dict[str, float]
) -> tuple[tuple[bool, str], ...]:
    """Return what is open of formulas: one alone, with the printed bounds or the group's ends."""
    ends = "bounds" if parameters else "group"
    other = bool(computed) and computed[0] != ends
    return (len(computed) > 1, gap("twice")), (other, gap("formula"))


def _in_its_unit(end: Statement | None, context: MethodContext) -> bool:
    """Whether a bound is printed in the row's unit, or without one."""
    unit = end.get("unit") if end else None
    return unit is None or is_percent(context.unit)


def _turned(parameters: dict[str, float], context: MethodContext) -> bool:
    """Whether the satisfactory value lies on the side that is bad, or there is none."""
    if len(parameters) < len(("satisfactory", "unacceptable")):
        return False
    best, worst = parameters["satisfactory"], parameters["unacceptable"]
    return best == worst or (best < worst) != context.lower


_WITH_VALUE = {
    *(TargetKind.NUMBER, TargetKind.QUANTITY, TargetKind.GROWTH, TargetKind.LIMIT),
    *(TargetKind.RANGE, TargetKind.APPROXIMATE),
}
