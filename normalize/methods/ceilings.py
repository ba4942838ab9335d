"""What a row gives at most and at least (最高得20分, 最低得2分), and below what nothing."""

from __future__ import annotations

import re
from functools import cache

from common.declared import declared
from common.numbers import EPSILON, PER_CENT
from normalize.methods.amounts import (
    figure,
    given,
    is_named,
    is_percent,
    number,
    scale_of,
    words,
    worth,
)
from normalize.methods.bands import takes_in_below
from normalize.methods.model import Clauses, MethodContext, Statement, gap, open_points
from schemas.vocabulary import ItemKind

_KINDS = frozenset({"cap_score", "floor_at"})


def ceiling(said: Clauses, context: MethodContext) -> tuple[float | None, tuple[str, ...]]:
    """Return the most that a row gives as a part of its points, None where nothing says so.

    Beside it what is open: two limits that differ, one below the points, points not known.
    """
    found = [_limit(each, context) for each in said.all("cap_score")]
    known = [each for each in found if each is not None]
    gaps = open_points(
        (len(known) < len(found), gap("points")),
        (len(set(known)) > 1, gap("twice")),
        (any(each < 1 for each in known), gap("points")),
    )
    return max(known, default=None), gaps


def _limit(each: Statement, context: MethodContext) -> float | None:
    if each.get("pct"):
        same = each.get("as") in (None, each.get("pct"))
        return figure(each, "pct") / PER_CENT if same else None
    if each.get("times"):
        return figure(each, "times")
    if each.get("gain"):
        return 1 + figure(each, "gain") / PER_CENT
    return round(worth(each, context) / context.points, 12) if context.points else None


def bounded(
    said: Clauses, context: MethodContext, *, capped: bool = True
) -> tuple[dict[str, float], frozenset[str], tuple[str, ...]]:
    """Return ``cap`` and ``floor`` of a rule, the kinds of clauses used, and what is open.

    ``capped`` tells whether the rule takes a cap; one that does not takes no limit but its own.
    """
    most, gaps = ceiling(said, context)
    parameters: dict[str, float] = {}
    if most is not None and most != 1.0:
        parameters = {"cap": most} if capped else {}
        gaps += () if capped else (gap("bonus_without_cap"),)
    if least := said.one("floor_at"):
        share = worth(least, context) / context.points if context.points else 0.0
        parameters["floor"] = round(share, 12)
        gaps += open_points((not 0 < share < 1, gap("points")))
    return parameters, _KINDS, gaps


def floor_of(said: Clauses, context: MethodContext) -> dict[str, float]:
    """Return ``floor`` of a rule of which a part is taken at most: 最多扣2分 of 5; else nothing."""
    cap = said.one("cap_loss")
    if cap is None or not context.points:
        return {}
    least = round(1 - worth(cap, context) / context.points, 12)
    return {"floor": least} if least > 0 else {}


def gain_limit(said: Clauses, context: MethodContext, start: float = 1.0) -> float | None:
    """Return how many points may be added to what the target gives; None where nothing says so."""
    if cap := said.one("cap_gain") or said.one("cap"):
        added, own = worth(cap, context), context.points
        if not cap.get("up_to") or not own or added < own:
            return added
        more = round(added - start * own, 12)
        return more if more > 0 else None  # 加满5分为止 of 5 points that the target gives
    most, _ = ceiling(said, context)
    if most is None or not context.points:
        return None
    return round((most - start) * context.points, 12)


def base_of(said: Clauses, context: MethodContext) -> float | None:
    """Return what part of the points the target itself gives, None where the text does not fit.

    Less than all only where what may be added to it makes it up: 完成得16分，超额最多加4分 of 20.
    """
    shares = {given(each, context) for each in said.all("full")}
    if shares <= {1.0}:
        return 1.0
    share = next(iter(shares)) if len(shares) == 1 else None
    gains = any(each.get("sign") in words("gains") for each in said.all("per"))
    if share is None or not gains or not context.points:
        return None
    added = gain_limit(said, context, share)
    fits = added is not None and abs(share * context.points + added - context.points) < EPSILON
    return share if fits else None


def start_of(said: Clauses, context: MethodContext) -> float:
    """Return what part of the points the target itself gives as printed, fitting or not."""
    shares = {given(each, context) for each in said.all("full")}
    only = next(iter(shares)) if len(shares) == 1 else None
    return only or 1.0


def beyond(said: Clauses, context: MethodContext) -> float:
    """Return how many points the text may give beyond the row's own; inf without a limit.

    Never more than a limit that is printed: of the row (满分5分) or of the bonus (最多加2分). What
    is on top of the whole ends at its points.
    """
    most = _most_over(said, context)
    added = _added_over(said, context)
    if context.item_kind is not ItemKind.SCORED:
        return max(most or 0.0, 0.0)
    if added is not None:
        return added if most is None else min(added, most)
    if most is not None:
        return most
    return max((_of_unread(each, context) for each in said.unread), default=0.0)


def _most_over(said: Clauses, context: MethodContext) -> float | None:
    """Return what the limits of the row itself leave beyond its points; None where none is told.

    A limit below the points is one of the bonus: 每超1%加0.5分，最高2分.
    """
    known = [over_limit(each, context) for each in said.all("cap_score", "no_bonus")]
    over = [each for each in known if each is not None]
    if over and max(over) < 0 and context.points:
        return max(over) + context.points
    return max(over, default=None)


def limit_below(said: Clauses, context: MethodContext) -> float | None:
    """Return the most points of a row that a text limits below its own: 最高得3分 of 5; else None.

    Not where it may be the limit of a bonus, or where anything of the text gives more than that.
    """
    limits = {_limit(each, context) for each in said.all("cap_score")}
    most = limits.pop() if len(limits) == 1 else None
    if most is None or not context.points or most >= 1:
        return None
    limit = round(most * context.points, 9)
    return limit if limit > 0 and _nothing_over(limit, said) else None


def _nothing_over(limit: float, said: Clauses) -> bool:
    """Whether no clause, read or not, gives more points than the limit or adds to it."""
    texts = [*(each.text for each in said.statements), *said.unread]
    if _adds(said) or any("满分" in each or _beyond("gain").search(each) for each in texts):
        return False
    return all(number(each) <= limit + EPSILON for text in texts for each in _POINTS.findall(text))


def over_limit(each: Statement, context: MethodContext) -> float | None:
    """Return how many points a limit of the row leaves beyond its own; None where nobody knows."""
    if each.kind == "no_bonus":
        return 0.0
    limit = _limit(each, context)
    return None if limit is None else _over_all(limit, context)


def _added_over(said: Clauses, context: MethodContext) -> float | None:
    """Return what a bonus adds to the points at most; None where there is none."""
    if caps := said.all("cap_gain"):
        most = max(worth(each, context) for each in caps)
        return max(0.0, round(most - _less(said, context), 12))
    if _adds(said):
        totals = [worth(each, context) for each in said.all("cap")]
        return sum(totals) or float("inf")
    return None


def _less(said: Clauses, context: MethodContext) -> float:
    """Return what of a bonus only makes up the points that the target itself does not give."""
    shares = [given(each, context) for each in said.all("full")]
    start = max((each for each in shares if each is not None), default=1.0)
    own = context.points or 0.0
    least = own if start < 1 else own + EPSILON
    whole = any(c.get("up_to") and worth(c, context) >= least for c in said.all("cap_gain"))
    return own if whole else (1 - start) * own  # 加满5分为止 of 5 points


def _adds(said: Clauses) -> bool:
    """Whether points are given on top for units, of the target or of an amount."""
    gains = any(each.get("sign") in words("gains") for each in said.all("per"))
    return gains or said.has("earned")


def _of_unread(clause: str, context: MethodContext) -> float:
    """Return what a clause that was not understood may give beyond the row's points.

    A figure of points, or a per cent of more than all, is the limit; a word of a gain without one
    may give anything.
    """
    text = _beyond("condition").sub("", _beyond("no_gain").sub("", clause))
    over = _figures_over_all(text, context)
    if not _beyond("gain").search(text):
        return float("inf") if not over and _is_open_above(text) else over
    printed = [number(each) for each in _POINTS.findall(text)]
    limited = "每" not in text and (printed or over)
    return max([over, *printed]) if limited else float("inf")


def _figures_over_all(text: str, context: MethodContext) -> float:
    """Return how far a text's points, per cents and multiples go beyond the row's points."""
    shares = [number(each) / PER_CENT for each in _PERCENT.findall(text)]
    shares += [number(each) for each in _TIMES.findall(text)]
    over = [_over_all(each, context) for each in shares if each > 1]
    points = context.points or float("inf")
    over += [round(number(each) - points, 9) for each in _POINTS.findall(text)]
    return max([0.0, *over])


def _over_all(share: float, context: MethodContext) -> float:
    return round((share - 1) * (context.points or float("inf")), 9)


def _is_open_above(text: str) -> bool:
    """Whether a text gives something for more than the target without a figure that limits it."""
    more = _beyond("more").search(text) and not _beyond("less").search(text)
    return bool(more) and ("每" in text or not _POINTS.search(text))


# A number is tried from its first digit alone: from each it would take the square of its length.
_PERCENT = re.compile(r"(?<![0-9])([0-9]++(?:\.[0-9]++)?)%")
_TIMES = re.compile(r"(?<![0-9])([0-9]++(?:\.[0-9]++)?)倍(?!扣)")
_POINTS = re.compile(r"(?<![0-9])([0-9]++(?:\.[0-9]++)?)分(?!值)")


@cache
def _beyond(name: str) -> re.Pattern[str]:
    return re.compile(declared(str, "normalize", "methods", "beyond", name))


def threshold_of(said: Clauses, context: MethodContext) -> tuple[dict[str, float], frozenset[str]]:
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
