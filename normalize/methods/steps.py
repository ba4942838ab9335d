"""Points for each unit off the target: 每低1个百分点扣0.2分, 每超5%加0.5分."""

from __future__ import annotations

from common.numbers import EPSILON, PER_CENT
from normalize.methods.amounts import (
    figure,
    given,
    is_named,
    is_percent,
    is_undone,
    number,
    scale_of,
    unit_factor,
    words,
    worth,
)
from normalize.methods.ceilings import base_of, bounded, ceiling, gain_limit, start_of, threshold_of
from normalize.methods.model import (
    Clauses,
    Given,
    MethodContext,
    Proposal,
    Statement,
    gap,
    mix,
    open_points,
)
from schemas.vocabulary import Direction, TargetKind

_ROUNDING = {"round_up": "up", "round_down": "down", "in_proportion": "none"}
_KINDS = frozenset({"per", *_ROUNDING, "cap", "floor"})
_SOLE = frozenset({"full", "goal", "veto", "aside", "no_bonus", "cap_score", "floor_at"})


def per_unit(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return the rule of steps off the target, down or up, with what short of it gives."""
    losses = [each for each in said.all("per") if not _gains(each)]
    gains = [each for each in said.all("per") if _gains(each)]
    if max(len(losses), len(gains)) > 1 or _off_something_else(said, context):
        return None
    if losses and not gains:
        return _loss(said, losses[0], context)
    if gains:
        return _gain(said, gains[0], losses[0] if losses else None, context)
    return None


def _off_something_else(said: Clauses, context: MethodContext) -> bool:
    """Whether steps are counted from no target: from an average (每低于全市平均1个百分点).

    未完成每项扣1分 where nothing is to be reached counts events.
    """
    steps = said.all("per")
    events = not context.counts and any(is_undone(each) for each in steps)
    return events or any(each.get("of_average") for each in steps)


def _gains(step: Statement) -> bool:
    return step.get("sign") in words("gains")


def _loss(said: Clauses, step: Statement, context: MethodContext) -> Proposal:
    parameters, gaps = _step(said, step, context)
    limits, used, more = bounded(said, context, capped=False)
    if cap := said.one("cap_loss") or said.one("cap"):
        parameters["cap_points"] = worth(cap, context)
    used |= _KINDS | _SOLE | {"cap_loss"}
    threshold, kinds = threshold_of(said, context)
    found = {"floor": 0.0} | parameters | limits | threshold
    return Proposal("per_unit", found, used | kinds, (*gaps, *more))


def _gain(
    said: Clauses, step: Statement, loss: Statement | None, context: MethodContext
) -> Proposal | None:
    """Return a bonus for what is over the target, with what the text says of falling short."""
    gained, gaps = _step(said, step, context)
    used = (_KINDS | _SOLE | {"cap_gain"}) - {"floor_at", "no_bonus"}
    start = base_of(said, context) or start_of(said, context)
    points = gain_limit(said, context, start)
    gained |= {"cap_points": points or 0.0, "beyond_points": points or 0.0}
    gaps += ceiling(said, context)[1]
    gaps += open_points(
        (points is None, gap("bonus_without_cap")),
        (points is not None and points < 0, gap("points")),
    )
    found = _short_of(said, loss, start, context)
    if found is None:
        gained |= {} if start == 1.0 else {"start": start}
        return Proposal("per_unit", gained, used, (*gaps, gap("silent_short")))
    short, kinds, more = found
    threshold, below = threshold_of(said, context)
    rules = mix(short, (1.0, "per_unit", gained | {"start": 0.0}))
    return Proposal("mix", rules | threshold, used | kinds | below, (*gaps, *more))


def _short_of(
    said: Clauses, loss: Statement | None, start: float, context: MethodContext
) -> tuple[tuple[float, str, dict[str, Given]], frozenset[str], tuple[str, ...]] | None:
    """Return the rule of falling short beside a bonus, the kinds of clauses used, what is open."""
    if loss is not None:
        lost, gaps = _step(said, loss, context)
        lost |= {} if start == 1.0 else {"start": start}
        if limit := said.one("cap_loss"):
            lost["cap_points"] = worth(limit, context)
        return (1.0, "per_unit", lost), frozenset({"cap_loss"}), gaps
    if said.has("proportion"):
        plain = _fit_for_proportion(context) and _of_all(said, start, context)
        gaps = open_points((not plain, gap("proportion")))
        return (start, "proportional", {}), frozenset({"proportion"}), gaps
    if said.has("none"):
        partly = any(given(each, context) for each in said.all("none"))
        gaps = open_points((partly, gap("twice")))
        return (start, "pass_fail", {}), frozenset({"none"}), gaps
    return None


def _of_all(said: Clauses, start: float, context: MethodContext) -> bool:
    """Whether all that the target gives is in proportion: 未完成的按完成率×4分 of 4 points."""
    (one, *others) = said.all("proportion")
    if others or one.get("part") or one.get("divisor"):
        return False
    whole = (one.get("whole") or "").rstrip("分")
    if not whole:
        return start == 1.0
    return abs(number(whole) - start * (context.points or 0.0)) < EPSILON


def _fit_for_proportion(context: MethodContext) -> bool:
    return context.counts and not context.lower and (context.value or 0) > 0


def _step(
    said: Clauses, step: Statement, context: MethodContext
) -> tuple[dict[str, Given], tuple[str, ...]]:
    """Return the parameters of one step, and what is not certain of it."""
    side = _side(step, context)
    scale, gaps = _scale(said, step, side, context)
    per, points = _per(step), worth(step, context)
    per = round(per * (unit_factor(step.get("unit"), context.unit) or 1.0), 12)
    found: dict[str, Given] = {
        "per": round(per / 100, 12) if scale == "ratio" else per,
        "of": scale,
        "points": points if _gains(step) else -points,
        "side": side,
    }
    for kind, how in _ROUNDING.items():
        for each in said.all(kind):
            counted = {(each.get("unit"), number(each.get("n") or "0"))}
            if kind == "round_up":
                counted.add((each.get("as_unit"), figure(each, "as")))
            if counted != {(step.get("unit"), _per(step))}:
                gaps += (gap("rounding"),)
            elif how != "none":
                found["whole_steps"] = how
    return found, gaps


def _per(step: Statement) -> float:
    """Return how many units a step is: one where no number is printed (未完成每项扣1分)."""
    return figure(step, "n") if step.get("n") else 1.0


def _side(step: Statement, context: MethodContext) -> str:
    if step.get("worse"):
        return "over" if context.lower else "short"
    missed = step.get("short") or step.get("undone")
    word = step.get("side") or ("低于" if missed else "超过")
    if word in words("off"):
        return _side_led_to(step, context)
    return "short" if word in words("short") else "over"


def _side_led_to(step: Statement, context: MethodContext) -> str:
    """Return the side of steps off the target: both, unless what leads to them tells one.

    未完成的，每相差1个百分点扣0.5分 is of what is missed.
    """
    lead = step.get("lead") or ""
    if lead.startswith(("未", "没有", "达不到", "不达标")):
        return "over" if context.lower else "short"
    return next((side for side, signs in _LEADS if lead.startswith(signs)), "both")


_LEADS = (("short", ("低于",)), ("over", ("超", "高于")))


def _scale(
    said: Clauses, step: Statement, side: str, context: MethodContext
) -> tuple[str, tuple[str, ...]]:
    scale = scale_of(step, step.get("unit"), context)
    if context.kind is TargetKind.RANK and step.get("unit") in words("places"):
        scale = "value"
    gaps = open_points(
        (not context.counts, gap("no_target")),
        (scale is None, gap("unit")),
        (scale == "ratio" and not (context.value or 0) > 0, gap("no_rate")),
        (not (is_named(step, context) and _is_done(step, context)), gap("noun")),
        (not _on_its_side(step, side, context), gap("side")),
        (not context.alone, gap("shared")),
        (_from_last_year(said, step, context), gap("from_what")),
        (not _from_the_target(step, scale, context), gap("other_goal")),
    )
    return scale or "value", gaps


def _is_done(step: Statement, context: MethodContext) -> bool:
    """Whether what a step counts being done (每多死亡1人) is what the row is about."""
    return (step.get("done") or "") in context.indicator


def _from_the_target(step: Statement, scale: str | None, context: MethodContext) -> bool:
    """Whether a figure that the steps are counted from (低于90%的，每低…) is the target's.

    100% of a completion rate is the target.
    """
    if not step.get("base"):
        return True
    unit = step.get("base_unit") or ""
    if scale == "ratio" and is_percent(unit) and not is_percent(context.unit):
        return figure(step, "base") == PER_CENT
    alike = not unit or unit == context.unit or (is_percent(unit) and is_percent(context.unit))
    return alike and figure(step, "base") == context.value


def _beyond_a_limit(said: Clauses, step: Statement, context: MethodContext) -> bool:
    """Whether a rise takes points where the clause before keeps the row below its limit.

    不超过目标值得满分，每增加2件扣0.5分: counted from there.
    """
    kept = any(each.get("kept") for each in said.all("full", "goal"))
    return context.lower and kept and not _gains(step) and step.get("side") in words("changes_up")


def _from_last_year(said: Clauses, step: Statement, context: MethodContext) -> bool:
    """Whether a word of change (每下降1个百分点) may mean from the year before."""
    word = step.get("side")
    if step.get("from_before"):
        return True
    if _beyond_a_limit(said, step, context):
        return False
    of_part = "部分" in (step.get("lead") or "")
    if of_part or any(step.get(name) for name in _FROM_THE_TARGET):
        return False
    falls = word in words("changes_down") and not said.has("full", "goal")
    return falls or word in words("changes_up")


#: What a step names where it is surely counted from the target.
_FROM_THE_TARGET = ("of_goal", "of_aim", "vs_goal", "base", "from_goal")


def _on_its_side(step: Statement, side: str, context: MethodContext) -> bool:
    """Whether points go where the target is missed, and come where it is passed."""
    if side == "both":
        return not _gains(step)
    if (context.value or 0) < 0 or context.direction == Direction.NEARER:
        return False
    bad = "over" if context.lower else "short"
    return (side == bad) != _gains(step)
