"""What is counted by events: 每起扣1分, and classes of awards: 国家级每项加2分."""

from __future__ import annotations

from normalize.methods.amounts import figure, given, is_undone, scale_of, unit_factor, words, worth
from normalize.methods.ceilings import bounded, ceiling
from normalize.methods.model import (
    Clauses,
    MethodContext,
    Proposal,
    Statement,
    gap,
    open_points,
)
from schemas.vocabulary import ItemKind, TargetKind

_CAPS = frozenset({"cap_gain", "cap_loss", "cap", "cap_score"})


def deduction(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return points off for each event."""
    undone = [each for each in said.all("per") if is_undone(each) and not context.counts]
    events = [*said.all("event", "class"), *undone]
    if len(events) != 1 or events[0].get("sign") not in (None, *words("losses")):
        return None
    parameters: dict[str, float] = {"points_per_event": worth(events[0], context)}
    gaps: tuple[str, ...] = () if context.alone else (gap("shared"),)
    gaps += open_points(
        (not _counts_events(said, context), gap("counted")),
        (any(_spares(each, context) is False for each in said.all("no_event")), gap("points")),
    )
    limits, kinds, more = bounded(said, context, capped=False)
    if cap := said.one("cap_loss") or said.one("cap"):
        parameters["cap_points"] = worth(cap, context)
    if "floor" in limits:
        return None
    used = kinds | ({"per"} if undone else set())
    used |= {"event", "class", "no_event", "cap_loss", "cap", "floor", "veto", "aside"}
    return Proposal("deduction", parameters, used, (*gaps, *more))


def _spares(each: Statement, context: MethodContext) -> bool:
    """Whether all points are given where nothing has happened."""
    return bool(each.get("kept_whole")) or given(each, context) == 1.0


def _counts_events(said: Clauses, context: MethodContext) -> bool:
    """Whether what is returned is how often something bad happened."""
    if context.value == 0:
        return context.lower or said.has("no_event") or context.unit in words("events")
    return context.kind in _EVENTS and not context.value


_EVENTS = {TargetKind.ZERO_TOLERANCE, TargetKind.JUDGED, TargetKind.NONE}


def classes(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return the points of each class of awards."""
    listed, each = said.all("class"), said.all("gain_event")
    kinds = _kinds(each, context)
    if not listed and not kinds:
        return None
    found = {_class_name(one): worth(one, context) for one in listed} or kinds
    signs = _GIVES | words("gains") if context.item_kind is ItemKind.BONUS else words("losses")
    gaps = open_points(
        (any(one.get("sign") not in signs for one in listed), gap("side")),
        (bool(listed) and "每" not in listed[0].text, gap("each")),  # the first says it for all
        (len(found) != max(len(listed), len(each), 1), gap("twice")),
        (bool(listed and each), gap("twice")),
        (len(listed) > 1 and any("以上" in name for name in found), gap("twice")),
    )
    used = frozenset({"class", "gain_event", "floor", "aside", *_CAPS})
    return Proposal("classes", {"classes": found, **_cap_of(said, context)}, used, gaps)


def _kinds(each: list[Statement], context: MethodContext) -> dict[str, float]:
    """Return what is gained for each thing (每项), of several for each by its own words."""
    if len(each) == 1:
        return {"每项": worth(each[0], context)}
    found = {one.get("what") or "": worth(one, context) for one in each}
    return found if len(found) == len(each) and all(found) else {}


#: What an item on top of the whole may be said to give: 国家级每项计2分.
_GIVES = frozenset({"得", "计", "记"})


def awarded(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return that somebody gives the points as they find: 由督查室根据办结情况在0至6分之间评定."""
    one = said.one("awarded")
    if one is None:
        return None
    gaps = open_points(
        (worth(one, context) != context.points, gap("points")),
        (context.kind not in _JUDGED, gap("counted")),
    )
    return Proposal("judged", {}, frozenset({"awarded", "aside", "veto"}), gaps)


_JUDGED = {TargetKind.JUDGED, TargetKind.DOCUMENT, TargetKind.NONE}


def earned(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return points for each unit of an amount: 每争取1亿元加0.1分，最高加2分."""
    one, cap = said.one("earned"), _cap_of(said, context)
    if one is None or context.item_kind is not ItemKind.BONUS:
        return None
    gaps = open_points(
        (len(said.all("earned")) > 1, gap("twice")),
        (scale_of(one, one.get("unit"), context) != "value", gap("unit")),
        (context.counts, gap("from_what")),
        (not context.alone, gap("shared")),
        (not cap, gap("bonus_without_cap")),
    )
    per = figure(one, "n") * (unit_factor(one.get("unit"), context.unit) or 1.0)
    found = {"per": round(per, 12), "points": worth(one, context)} | cap
    return Proposal("earned", found, frozenset({"earned", "aside", *_CAPS}), gaps)


def _cap_of(said: Clauses, context: MethodContext) -> dict[str, float]:
    if cap := said.one("cap_gain") or said.one("cap_loss") or said.one("cap"):
        return {"cap_points": worth(cap, context)}
    most, _ = ceiling(said, context)
    return {"cap_points": round(most * context.points, 12)} if most and context.points else {}


def _class_name(one: Statement) -> str:
    return f"{one.get('name')}{one.get('kind') or ''}"
