"""Bounds and what they give: 90%以上得满分，80%-90%得80%，80%以下不得分."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from common.numbers import LARGEST, PER_CENT
from normalize.methods.amounts import figure, given, is_named, is_percent, scale_of, words
from normalize.methods.model import (
    Clauses,
    MethodContext,
    Proposal,
    Statement,
    banded,
    gap,
    mix,
    open_points,
)

#: A bound that everything reaches.
_LARGEST_STEP = 1.0  # 3人以下, 4-6人: whole numbers follow each other
_BOUNDS = ("at_least", "between", "below", "above", "negative")
_USED = frozenset({*_BOUNDS, "other", "aside", "veto", "no_event"})


@dataclass(frozen=True, slots=True)
class Band:
    """From ``low`` to ``high`` (None: open), what it gives, and what its figures are of."""

    low: float | None
    high: float | None
    share: float | None
    scale: str | None
    clause: Statement

    @property
    def unit(self) -> str | None:
        """The unit of its figures."""
        return self.clause.get("unit") or self.clause.get("unit0")


def bands(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return the rule of bands, by value or by completion rate, from either side."""
    listed = [*map(_as_bound, said.all("no_event")), *said.all(*_BOUNDS)]
    rest = said.one("other")
    if not _are_bands(said):
        return None
    read = [_band(each, context) for each in listed]
    share = given(rest, context) if rest else 0.0
    if None in (share, *(each.share for each in read)):
        return Proposal("bands", {}, _USED, (gap("points"),))
    by, ordered = _scale(read), _ordered(read, context)
    gaps = _open(ordered, by, context)
    gaps += open_points((not (rest or _closed(ordered, context)), gap("silent_rest")))
    scale, whole = (PER_CENT, PER_CENT) if by == "ratio" else (1.0, context.value)
    found, strict = _bounds(ordered, share, context, scale)
    if not _tops(said, ordered[0], whole, context):
        return _proposal(by, found, strict, _USED, gaps)
    found.insert(0, [(whole or 0.0) / scale, 1.0])
    return _proposal(by, found, strict, _USED | {"full"}, gaps)


def _proposal(
    by: str | None,
    found: list[list[float]],
    strict: list[list[float]],
    used: frozenset[str],
    gaps: tuple[str, ...],
) -> Proposal:
    """Return the rule of bands that take their bounds in, of those that do not, or of both."""
    plain = banded(found, by or "value")
    beyond = banded(strict, by or "value") | {"strict": True}
    if not strict:
        return Proposal("bands", plain, used, gaps)
    if not found:
        return Proposal("bands", beyond, used, gaps)
    both = mix((1.0, "bands", beyond), (1.0, "bands", plain))
    return Proposal("mix", both | {"take": "best"}, used, gaps)


def _as_bound(none: Statement) -> Statement:
    """Return that nothing has happened as a bound: 未发生得满分，1起得3分."""
    give = "满分" if none.get("kept_whole") else none.get("give")
    return Statement("between", none.text, {**none.said, "a": "0", "b": "0", "give": give})


def _tops(said: Clauses, best: Band, whole: float | None, context: MethodContext) -> bool:
    """Whether the target itself is the best band: 完成目标得满分，80%以上得80%."""
    if len(said.all("full")) != 1 or best.low is None or whole is None or best.share == 1.0:
        return False
    if context.lower:
        return best.low > whole and _meet(whole, best.low, counted=not _measured(best, context))
    return best.high in (None, whole) and best.low < whole


def _are_bands(said: Clauses) -> bool:
    """Whether there are several bounds, and nothing that counts between them."""
    listed = said.all(*_BOUNDS, "no_event")
    several = len(listed) > 1 or (len(listed) == 1 and said.has("other"))
    return several and not said.has("per", "proportion")


def _open(ordered: list[Band], by: str | None, context: MethodContext) -> tuple[str, ...]:
    """Return what is open of the bands' figures, names and order."""
    return open_points(
        (by is None or not _certain(by, ordered, context), gap("unit")),
        (not all(is_named(each.clause, context) for each in ordered), gap("noun")),
        (not _connected(ordered, context) or not _falling(ordered), gap("bands")),
    )


def _band(each: Statement, context: MethodContext) -> Band:
    unit = each.get("unit") or each.get("unit0")
    scale = scale_of(each, unit, context)
    bare = unit is None or (is_percent(unit) and is_percent(context.unit))
    if scale is None and bare and not each.get("rate") and not each.get("bare"):
        scale = "value"
    if each.kind == "negative":
        return Band(None, 0.0, 0.0, "value", each)
    low = None if each.kind == "below" else figure(each, "a")
    high = None if each.kind in _OPEN_ABOVE else figure(each, "b" if each.get("b") else "a")
    return Band(low, high, given(each, context), scale, each)


_OPEN_ABOVE = ("at_least", "above")


def _scale(read: list[Band]) -> str | None:
    scales = {each.scale for each in read}
    return scales.pop() if len(scales) == 1 else None


def _certain(by: str, read: list[Band], context: MethodContext) -> bool:
    """Whether the figures are surely of what they are taken to be of.

    A per cent without a word in a row of per cent, or a bare figure, is of the value where that is
    100, where the target is the best band's bound, or where there is no target that a rate could
    be of.
    """
    if by == "ratio":
        return (context.value or 0) > 0
    vague = any(each.unit is None or is_percent(each.unit) for each in read)
    if not vague or context.value is None or context.value == PER_CENT:
        return True
    best = [each for each in read if each.share == 1.0]
    return any(context.value in (each.low, each.high) for each in best)


def _ordered(read: list[Band], context: MethodContext) -> list[Band]:
    """Return the bands from best to worst."""
    if context.lower:
        return sorted(read, key=lambda each: LARGEST if each.high is None else each.high)
    return sorted(read, key=lambda each: LARGEST if each.low is None else -each.low)


def _connected(ordered: list[Band], context: MethodContext) -> bool:
    """Whether each band begins where the one before ends, and the bound is the better one's."""
    for better, worse in pairwise(ordered):
        if context.lower:
            end, begin = better.high, worse.low
        else:
            end, begin = worse.high, better.low
        if not _meet(end, begin, counted=not _measured(worse, context)):
            return False
        if end == begin and _claimed(better, worse, context) is None:
            return False
    return True


def _claimed(better: Band, worse: Band, context: MethodContext) -> str | None:
    """Return which of two bands their common bound is of: ``better`` or ``worse``.

    The better one's, unless it leaves it out; None where both or none claim it.
    """
    out = _leaves_out(better, context)
    if _takes_in(worse, context):
        return None if not out else "worse"
    return "better" if not out else (None if _leaves_out_above(worse, context) else "worse")


_EXCLUSIVE = re.compile(r"不含|低于|不足|小于|<(?!=)|不到|未达|达不到")
_INCLUSIVE_BELOW = re.compile(r"及以下|及以内|以下\(含\)|\(含\)(?!及?以上|[-~至到])|≤(?=[0-9])")
_INCLUSIVE_ABOVE = re.compile(r"以上|≥|>=|达到|不低于|大于等于|大于或等于|含\)?(?:以上|[-~至到])")


def _leaves_out(better: Band, context: MethodContext) -> bool:
    """Whether a band says that the bound towards the worse one is not its own."""
    if context.lower:
        return _EXCLUSIVE.search(better.clause.text) is not None
    return better.clause.get("strict") is not None


def _leaves_out_above(worse: Band, context: MethodContext) -> bool:
    """Whether a band says that the bound towards the better one is not its own."""
    if context.lower:
        return worse.clause.kind == "above"
    return _EXCLUSIVE.search(worse.clause.text) is not None


def _takes_in(worse: Band, context: MethodContext) -> bool:
    """Whether a band says that the bound towards the better one is its own."""
    pattern = _INCLUSIVE_ABOVE if context.lower else _INCLUSIVE_BELOW
    return pattern.search(worse.clause.text) is not None


def takes_in_below(each: Statement) -> bool:
    """Whether a bound from above is its clause's own: 90%及以下."""
    return _INCLUSIVE_BELOW.search(each.text) is not None


def _measured(band: Band, context: MethodContext) -> bool:
    """Whether a value may lie between two whole numbers: a per cent, a mark."""
    unit = band.unit or context.unit
    return is_percent(unit) or unit in words("measured")


def _meet(end: float | None, begin: float | None, *, counted: bool) -> bool:
    """Whether one band's end and the next one's begin leave nothing between them.

    A band without an end goes as far as the next one; whole numbers of what is ``counted`` follow
    each other.
    """
    if end is None or begin is None:
        return (end is None) != (begin is None)
    whole = counted and end == int(end) and begin == int(begin)
    return begin == end or (whole and abs(begin - end) == _LARGEST_STEP)


def _falling(ordered: list[Band]) -> bool:
    shares = [each.share or 0.0 for each in ordered]
    return all(one > other for one, other in pairwise(shares))


def _bounds(
    ordered: list[Band], rest: float | None, context: MethodContext, scale: float
) -> tuple[list[list[float]], list[list[float]]]:
    """Return the bounds that give something, with what the rest gives, and those that do so alone.

    Of the second ones the bound itself is the next band's: 超过120%得满分.
    """
    far = LARGEST if context.lower else -LARGEST
    found: list[list[float]] = []
    strict: list[list[float]] = []
    for each in ordered:
        bound = each.high if context.lower else each.low
        if each.share:
            of = strict if _leaves_out(each, context) and bound is not None else found
            of.append([far if bound is None else round(bound / scale, 12), each.share])
    return ([*found, [far, rest]] if rest else found), strict


def _closed(ordered: list[Band], context: MethodContext) -> bool:
    """Whether the text says what is given beyond the last band."""
    last = ordered[-1]
    return (last.high if context.lower else last.low) is None
