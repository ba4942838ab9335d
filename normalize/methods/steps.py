"""Points for each unit off the target: 每低1个百分点扣0.2分, 每超5%加0.5分, 每起扣1分."""

from __future__ import annotations

from typing import Any

from normalize.methods.amounts import figure, is_named, number, scale_of, words
from normalize.methods.model import (
    Clauses,
    MethodContext,
    Proposal,
    Statement,
    gap,
    open_points,
)
from schemas.vocabulary import Direction, TargetKind

_ROUNDING = {"round_up": "up", "round_down": "down", "in_proportion": "none"}
_KINDS = frozenset({"per", *_ROUNDING, "cap", "floor"})
_SOLE = {"full", "goal", "veto", "aside", "no_bonus"}


def per_unit(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return the rule of steps off the target, down or up, with what short of it gives."""
    losses = [each for each in said.all("per") if not _gains(each)]
    gains = [each for each in said.all("per") if _gains(each)]
    if len(losses) > 1 or len(gains) > 1:
        return None
    if losses and not gains:
        return _loss(said, losses[0], context)
    if gains:
        return _gain(said, gains[0], losses[0] if losses else None, context)
    return None


def _gains(step: Statement) -> bool:
    return step.get("sign") in words("gains")


def _loss(said: Clauses, step: Statement, context: MethodContext) -> Proposal:
    parameters, gaps = _step(said, step, context)
    if cap := said.one("cap_loss") or said.one("cap"):
        parameters["cap_points"] = figure(cap, "points")
    used = _KINDS | _SOLE | {"cap_loss"}
    if threshold := _threshold(said, step, context):
        parameters |= threshold
        used |= {"below"}
    return Proposal("per_unit", {"floor": 0.0} | parameters, frozenset(used), gaps)


def _threshold(said: Clauses, step: Statement, context: MethodContext) -> dict[str, Any]:
    """Return below what completion rate nothing is given, where the text says so."""
    below = said.all("below")
    if len(below) != 1 or not below[0].get("zero") or said.has("at_least", "between"):
        return {}
    scale = scale_of(below[0], below[0].get("unit"), context)
    bound = figure(below[0], "a")
    if scale == "ratio":
        return {"threshold": bound / 100}
    if scale == "value" and context.value and not context.lower:
        return {"threshold": round(bound / context.value, 12)}
    return {}


def _gain(
    said: Clauses, step: Statement, loss: Statement | None, context: MethodContext
) -> Proposal | None:
    """Return a bonus for what is over the target, with what the text says of falling short."""
    gained, gaps = _step(said, step, context)
    used = {"per", "full", "goal", "veto", "aside", "floor", "cap_gain", "cap", *_ROUNDING}
    cap = said.one("cap_gain") or said.one("cap")
    points = figure(cap, "points") if cap else 0.0
    gained |= {"cap_points": points, "beyond_points": points}
    gaps += () if cap else (gap("bonus_without_cap"),)
    short: list[Any] | None = None
    if loss is not None:
        lost, more = _step(said, loss, context)
        short, gaps = [1.0, "per_unit", lost], (*gaps, *more)
        used |= {"cap_loss"}
        if limit := said.one("cap_loss"):
            lost["cap_points"] = figure(limit, "points")
    elif said.has("proportion"):
        short, used = [1.0, "proportional", {}], used | {"proportion"}
        gaps += () if _fit_for_proportion(context) else (gap("proportion"),)
    elif said.has("none"):
        short, used = [1.0, "pass_fail", {}], used | {"none"}
    if short is None:
        return Proposal("per_unit", gained, frozenset(used), (*gaps, gap("silent_short")))
    rules = [short, [1.0, "per_unit", gained | {"start": 0.0}]]
    return Proposal("mix", {"rules": rules}, frozenset(used), gaps)


def _fit_for_proportion(context: MethodContext) -> bool:
    return context.counts and not context.lower and (context.value or 0) > 0


def _step(
    said: Clauses, step: Statement, context: MethodContext
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the parameters of one step, and what is not certain of it."""
    side = _side(step)
    scale, gaps = _scale(said, step, side, context)
    per, points = figure(step, "n"), figure(step, "points")
    found: dict[str, Any] = {
        "per": round(per / 100, 12) if scale == "ratio" else per,
        "of": scale,
        "points": points if _gains(step) else -points,
        "side": side,
    }
    for kind, how in _ROUNDING.items():
        for each in said.all(kind):
            if (each.get("unit"), number(each.get("n") or "0")) != (step.get("unit"), per):
                gaps += (gap("rounding"),)
            elif how != "none":
                found["whole_steps"] = how
    return found, gaps


def _side(step: Statement) -> str:
    word = step.get("side") or ("低于" if step.get("short") else "超过")
    if word in words("off"):
        return "both"
    return "short" if word in words("short") else "over"


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
        (not is_named(step, context), gap("noun")),
        (not _on_its_side(step, side, context), gap("side")),
        (not context.alone, gap("shared")),
        (_from_last_year(said, step), gap("from_what")),
    )
    return scale or "value", gaps


def _from_last_year(said: Clauses, step: Statement) -> bool:
    """Whether a word of change (每下降1个百分点) may mean from the year before."""
    word = step.get("side")
    if step.get("of_goal"):
        return False
    falls = word in words("changes_down") and not said.has("full", "goal")
    return falls or word in words("changes_up")


def _on_its_side(step: Statement, side: str, context: MethodContext) -> bool:
    """Whether points go where the target is missed, and come where it is passed."""
    if side == "both":
        return not _gains(step)
    if (context.value or 0) < 0 or context.direction == Direction.NEARER:
        return False
    bad = "over" if context.lower else "short"
    return (side == bad) != _gains(step)


def deduction(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return points off for each event."""
    events = said.all("event")
    if len(events) != 1:
        return None
    parameters: dict[str, Any] = {"points_per_event": figure(events[0], "points")}
    gaps: tuple[str, ...] = () if context.alone else (gap("shared"),)
    zero = context.value == 0 and context.lower
    if not zero and (context.kind not in _EVENTS or context.value):
        gaps += (gap("counted"),)
    if cap := said.one("cap_loss") or said.one("cap"):
        parameters["cap_points"] = figure(cap, "points")
    used = frozenset({"event", "cap_loss", "cap", "floor", "veto", "aside"})
    return Proposal("deduction", parameters, used, gaps)


_EVENTS = {TargetKind.ZERO_TOLERANCE, TargetKind.JUDGED, TargetKind.NONE}


def classes(said: Clauses, _context: MethodContext) -> Proposal | None:
    """Return the points of each class of awards."""
    listed = said.all("class")
    each = said.all("gain_event")
    if not listed and len(each) != 1:
        return None
    found = {str(one.get("name")): figure(one, "points") for one in listed}
    found = found or {"每项": figure(each[0], "points")}
    gaps = open_points(
        (any("每" not in one.text for one in listed), gap("each")),
        (len(found) != max(len(listed), 1), gap("twice")),
        (bool(listed and each), gap("twice")),
    )
    parameters: dict[str, Any] = {"classes": found}
    cap = said.one("cap_gain") or said.one("cap")
    if cap is not None:
        parameters["cap_points"] = figure(cap, "points")
    used = frozenset({"class", "gain_event", "cap_gain", "cap", "aside"})
    return Proposal("classes", parameters, used, gaps)
