"""Methods that hold a value against others: places, the average, the group."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

from normalize.methods.amounts import figure, given, is_named, is_percent, scale_of, words, worth
from normalize.methods.ceilings import ceiling, floor_of
from normalize.methods.model import (
    Clauses,
    MethodContext,
    Proposal,
    Statement,
    gap,
    open_points,
)
from normalize.text.formula import computes_efficacy
from schemas.vocabulary import TargetKind

_PLACES = frozenset(
    {"place", "place_step", "place_rest", "ranked_by", "other", "floor", "aside", "veto"}
)


def rank(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return the rule of places among those who are ranked together."""
    listed, step = said.all("place"), said.one("place_step") or _place_each(said)
    if not listed:
        return None
    gaps = open_points(
        (context.kind is TargetKind.RANK or _beyond(listed), gap("others")),
        (context.entities <= 1, gap("only_one")),
        (not all(is_named(each, context) for each in said.all("ranked_by")), gap("noun")),
    )
    if any(given(each, context) is None for each in listed):
        return Proposal("rank", {}, _PLACES, (gap("points"),))
    if step is not None:
        found = _place_steps(said, step, context, gaps)
    else:
        found = _named_places(said, listed, context, gaps)
    among, unclear = _among(said, context)
    parameters = {**found.parameters, **among}
    return replace(found, parameters=parameters, gaps=(*found.gaps, *unclear))


def _among(said: Clauses, context: MethodContext) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return that places are among all, where the text says so, and what is unclear of it."""
    told = said.all("place", "ranked_by")
    named = {each.get("among") for each in told if each.get("among")}
    counts = {figure(each, "count") for each in told if each.get("count")}
    everybody, count = named & words("everybody"), counts == {context.entities}
    unclear = (bool(everybody) and everybody != named) or (bool(counts) and not count)
    among = {"among": "all"} if everybody or count else {}
    return among, open_points((unclear, gap("others")))


def _named_places(
    said: Clauses, listed: list[Statement], context: MethodContext, gaps: tuple[str, ...]
) -> Proposal:
    """Return the rule of places that are named, and of the rest."""
    rest = said.one("other") or said.one("place_rest")
    share = given(rest, context) if rest else None
    places: list[list[float | None]] = [
        [figure(each, "last"), given(each, context)] for each in listed
    ]
    gaps += open_points(
        (not _follow(listed, context), gap("bands")),
        (rest is None and figure(listed[-1], "last") != context.entities, gap("silent_rest")),
        (not _begins_behind(rest, listed[-1]), gap("bands")),
        (rest is not None and share is None, gap("points")),
    )
    if share:
        places.append([None, share])
    return Proposal("rank", {"by_place": places}, _PLACES, gaps)


def _place_each(said: Clauses) -> Statement | None:
    """Return points off for each place, which is worded as for each unit: 每降低1个名次扣0.5分."""
    steps = said.all("per")
    one = steps[0] if len(steps) == 1 else None
    fits = one and one.get("unit") in words("places") and figure(one, "n") == 1
    falls = one and _is_short(one) and one.get("sign") in words("losses")
    return one if fits and falls else None


def _beyond(listed: list[Statement]) -> bool:
    """Whether places are among others than the notice's entities."""
    return any(each.get("beyond") for each in listed)


def _follow(listed: list[Statement], context: MethodContext) -> bool:
    """Whether the places follow each other without one left out, each giving less."""
    first, shares = 1.0, [given(each, context) or 0.0 for each in listed]
    for each in listed:
        last, stated = figure(each, "last"), each.get("first")
        if stated is not None and figure(each, "first") != first:
            return False
        if stated is None and "前" not in each.text and last != first:
            return False
        first = last + 1
    return all(one > other for one, other in pairwise(shares))


def _begins_behind(rest: Statement | None, last: Statement) -> bool:
    """Whether the rest, where it names its first place, begins at the one after the last."""
    if rest is None or not rest.get("first"):
        return True
    exclusive = "及" not in rest.text
    begins = figure(rest, "first") - figure(last, "last")
    return begins == 1 or (begins == 0 and exclusive)


def _place_steps(
    said: Clauses, step: Statement, context: MethodContext, gaps: tuple[str, ...]
) -> Proposal:
    listed = said.all("place")
    of_first = len(listed) == 1 and figure(listed[0], "last") == 1
    several = len(listed) > 1 or given(listed[0], context) != 1.0
    gaps += open_points(
        (several, gap("bands")),
        (said.has("other", "place_rest"), gap("twice")),
        (not context.alone, gap("shared")),
    )
    points, used = worth(step, context), _PLACES | {step.kind}
    if of_first or several:
        floor = floor_of(said, context)
        return Proposal("rank", {"step_points": points} | floor, used | {"cap_loss"}, gaps)
    return Proposal("rank", {"by_place": _down_from(listed[0], points, context)}, used, gaps)


def _down_from(best: Statement, points: float, context: MethodContext) -> list[list[float]]:
    """Return the places behind the first ones, each with so many points less, down to nothing."""
    last, whole = figure(best, "last"), context.points or 1.0
    places = [[last, 1.0]]
    while places[-1][0] < context.entities and places[-1][1] > 0:
        place, share = places[-1]
        places.append([place + 1, max(round(share - points / whole, 12), 0.0)])
    return places


def benchmark(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return the rule of a comparison with an average."""
    goal = said.one("average")
    if base := _base(said, context):
        return _both_sides(said, base, context)
    if goal is None:
        return None
    below = (goal.get("way") or "") in ("低于", "不高于")
    gaps = open_points(
        (given(goal, context) != 1.0, gap("points")),
        (below != context.lower, gap("side")),
    )
    offset = figure(goal, "n") if goal.get("n") else 0.0
    parameters: dict[str, Any] = {"base": 1.0, "offset": offset, "floor": 0.0}
    steps = said.all("per")
    if len(steps) == 1 and steps[0].get("sign") not in words("gains"):
        slope = worth(steps[0], context) / figure(steps[0], "n")
        parameters["slope_points"] = round(slope, 12)
        gaps += _of_slope(steps[0], goal, context)
    else:
        gaps += (gap("silent_short"),)
    most, more = ceiling(said, context)
    parameters |= {} if most in (None, 1.0) else {"cap": most}
    used = frozenset({"average", "per", "floor", "aside", "veto", "cap_score"})
    return Proposal("benchmark", parameters, used, (*gaps, *more))


def _base(said: Clauses, context: MethodContext) -> Statement | None:
    """Return what is given at the average itself, from where it goes up and down.

    与全市平均持平得4分, 以全市平均值为基准得4分; 达到全市平均水平得4分 where more gives more.
    """
    goal, same = said.one("average"), said.one("average_same")
    if same is not None:
        return None if goal else same
    gains = any(each.get("sign") in words("gains") for each in said.all("per"))
    reached = goal is not None and goal.get("way") == "达到" and not goal.get("n")
    part = given(goal, context) if goal and reached and gains and not context.lower else None
    return goal if part is not None and 0 < part < 1 else None


def _both_sides(said: Clauses, same: Statement, context: MethodContext) -> Proposal | None:
    """Return a base at the average, and as much for each unit above it as is off below."""
    steps, others = said.all("per"), len(said.all("average_same", "average")) > 1
    base, (most, gaps) = given(same, context), _most(said, same, context)
    slopes = {round(worth(each, context) / figure(each, "n"), 12) for each in steps}
    ways = {(each.get("sign") in words("gains"), _is_short(each)) for each in steps}
    gaps += open_points(
        (base is None or others, gap("points")),
        (len(steps) != len(ways) or len(slopes) != 1, gap("silent_short")),
        (ways != {(True, context.lower), (False, not context.lower)}, gap("side")),
        (most is None, gap("bonus_without_cap")),
        (any(scale_of(each, each.get("unit"), context) != "value" for each in steps), gap("unit")),
        (not context.alone, gap("shared")),
        (not all(_same_average(each, same) for each in steps), gap("noun")),
    )
    found = {
        "base": base or 0.0,
        "offset": 0.0,
        "floor": 0.0,
        "slope_points": max(slopes, default=0.0),
    }
    found |= {} if most in (None, 1.0) else {"cap": most}
    used = {"average_same", "average", "per", "floor", "aside", "veto", "cap_score", "cap_gain"}
    return Proposal("benchmark", found, frozenset(used), gaps)


def _most(
    said: Clauses, same: Statement, context: MethodContext
) -> tuple[float | None, tuple[str, ...]]:
    """Return the most that is given as a part of the points: as said, or the base and a bonus."""
    most, gaps = ceiling(said, context)
    cap, base = said.one("cap_gain"), given(same, context)
    if cap is None or not context.points or base is None:
        return most, gaps + open_points((cap is not None, gap("points")))
    added = worth(cap, context) / context.points
    total = round(added if cap.get("up_to") else base + added, 12)
    return total, gaps + open_points((most not in (None, total), gap("twice")))


def _is_short(step: Statement) -> bool:
    return (step.get("side") or "") in words("short")


def _of_slope(step: Statement, goal: Statement, context: MethodContext) -> tuple[str, ...]:
    """Return what is open of the points for each unit below the average."""
    short = (step.get("side") or "") in words("short")
    return open_points(
        (short == context.lower, gap("side")),
        (scale_of(step, step.get("unit"), context) != "value", gap("unit")),
        (not context.alone, gap("shared")),
        (not _same_average(step, goal), gap("noun")),
    )


def _same_average(step: Statement, goal: Statement) -> bool:
    """Whether the average that a step is counted from, where it names one, is the goal's."""
    own, named = goal.get("over") or "", step.get("of_average")
    return named is None or own.partition("平均")[0] in named


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
