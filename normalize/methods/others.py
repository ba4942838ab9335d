"""Methods that hold a value against others: places and the average."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

from normalize.methods.amounts import figure, given, is_named, scale_of, words, worth
from normalize.methods.ceilings import ceiling, floor_of
from normalize.methods.model import (
    Clauses,
    MethodContext,
    Proposal,
    Statement,
    gap,
    open_points,
)
from schemas.vocabulary import TargetKind

_PLACES = frozenset(
    {"place", "place_step", "place_rest", "ranked_by", "other", "floor", "aside", "veto"}
)


def rank(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return the rule of places among those who are ranked together."""
    listed, step = said.all("place"), said.one("place_step") or _place_each(said)
    returned = context.kind is TargetKind.RANK
    if not listed:
        return None
    if returned:
        context = replace(context, entities=_MOST)
    gaps = open_points(
        (_beyond(listed) and not returned, gap("others")),
        (context.entities <= 1, gap("only_one")),
        (not all(is_named(each, context) for each in said.all("ranked_by")), gap("ranked_by")),
    )
    if any(given(each, context) is None for each in listed):
        return Proposal("rank", {}, _PLACES, (gap("points"),))
    if step is not None:
        found = _place_steps(said, step, context, gaps)
    else:
        found = _named_places(said, listed, context, gaps)
    if returned:
        return _of_returned(found, context)
    among, unclear = _among(said, context)
    parameters = {**found.parameters, **among}
    return replace(found, parameters=parameters, gaps=(*found.gaps, *unclear))


def _of_returned(found: Proposal, context: MethodContext) -> Proposal:
    """Return the rule of a row whose place is what is returned: by the place, among nobody here."""
    usable = "by_place" in found.parameters and context.lower
    gaps = (*found.gaps, gap("place"), *open_points((not usable, gap("others"))))
    if not usable:
        return replace(found, gaps=gaps)
    parameters = {"by": "value", "bands": found.parameters["by_place"]}
    return replace(found, rule="bands", parameters=parameters, gaps=gaps)


#: So many places at most are counted down from the first.
_MOST = 60


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
    if not (of_first or several):
        return Proposal("rank", {"by_place": _down_from(listed[0], points, context)}, used, gaps)
    floor, used = floor_of(said, context), used | {"cap_loss"}
    if places := _from_first(points, floor.get("floor", 0.0), context):
        return Proposal("rank", {"by_place": places}, used, gaps)
    return Proposal("rank", {"step_points": points} | floor, used, gaps)


def _from_first(points: float, least: float, context: MethodContext) -> list[list[float | None]]:
    """Return what each place gives where places are what is returned, each so many points less."""
    if context.kind is not TargetKind.RANK or not (context.lower and points and context.points):
        return []
    count = math.ceil(round((1 - least) * context.points / points, 9)) + 1
    lost = (round(1 - points * before / context.points, 12) for before in range(min(count, _MOST)))
    places: list[list[float | None]]
    places = [[place, max(share, least)] for place, share in enumerate(lost, 1)]
    return [*places, [None, least]] if least else places


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
    parameters = {"base": 1.0, "offset": offset, "floor": 0.0}
    steps = said.all("per")
    if len(steps) == 1 and steps[0].get("sign") not in words("gains"):
        slope = worth(steps[0], context) / figure(steps[0], "n")
        parameters["slope_points"] = round(slope, 12)
        gaps += _of_slope(steps[0], goal, context)
    else:
        gaps += (_of_short(said, goal),)
    most, more = ceiling(said, context)
    if most is not None and most != 1.0:
        parameters["cap"] = most
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
    """Return a base at the average, and what each unit above it gives and each below it takes."""
    steps, others = said.all("per"), _others(said, same)
    base, (most, gaps) = given(same, context), _most(said, same, context)
    least, low = _least(said, base, context)
    better, worse = _sides(steps, context)
    gaps += low + open_points(
        (base is None or others, gap("points")),
        (not worse, _of_short(said, same)),
        (not better, gap("silent_rest")),
        (len(better) + len(worse) != len(steps), gap("side")),
        (bool(better) and most is None, gap("bonus_without_cap")),
        (any(scale_of(each, each.get("unit"), context) != "value" for each in steps), gap("unit")),
        (not context.alone, gap("shared")),
        (not all(_same_average(each, same) for each in steps), gap("noun")),
    )
    found = {"base": base or 0.0, "offset": 0.0, "floor": least}
    found |= _slopes(better or worse, worse or better, context)
    found |= {} if most in (None, 1.0) else {"cap": most}
    used = _BOTH_SIDES | ({"per"} if len(better) <= 1 and len(worse) <= 1 else set())
    return Proposal("benchmark", found, used, gaps)


_BOTH_SIDES = frozenset(
    {
        *("average_same", "average", "floor", "aside", "veto"),
        *("cap_score", "cap_gain", "cap_loss", "floor_at"),
    }
)


def _sides(
    steps: list[Statement], context: MethodContext
) -> tuple[list[Statement], list[Statement]]:
    """Return the steps that give for what is better, and those that take for what is worse."""
    ways = {id(each): (each.get("sign") in words("gains"), _is_short(each)) for each in steps}
    better = [each for each in steps if ways[id(each)] == (True, context.lower)]
    return better, [each for each in steps if ways[id(each)] == (False, not context.lower)]


def _slopes(
    better: list[Statement], worse: list[Statement], context: MethodContext
) -> dict[str, float]:
    """Return the points for each unit to both sides: one where they are the same."""
    up, down = (
        round(worth(each[0], context) / figure(each[0], "n"), 12) if each else 0.0
        for each in (better, worse)
    )
    return {"slope_points": down} | ({} if up == down else {"gain_points": up})


def _least(
    said: Clauses, base: float | None, context: MethodContext
) -> tuple[float, tuple[str, ...]]:
    """Return the least that is given as a part of the points: as said, or what losses leave."""
    own = context.points
    lost = [worth(each, context) for each in said.all("cap_loss")]
    told = [worth(each, context) for each in said.all("floor_at")]
    if not own or base is None:
        return 0.0, open_points((bool(lost or told), gap("points")))
    left = {round(max(base - each / own, 0.0), 12) for each in lost}
    left |= {round(each / own, 12) for each in told}
    least = max(left, default=0.0)
    return least, open_points((len(left) > 1, gap("twice")), (least > base, gap("points")))


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


def _others(said: Clauses, same: Statement) -> bool:
    """Whether more than a goal gives something at an average."""
    told = said.all("average_same", "average")
    return any(each is not same and not each.get("zero") for each in told)


def _of_short(said: Clauses, goal: Statement) -> str:
    """Return why it is open what falling short gives: nothing at once, or it is not said."""
    told = said.all("average_none", "average", "average_same", "none", "other")
    return gap(
        "cliff" if any(each is not goal and each.get("zero") for each in told) else "silent_short"
    )


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
