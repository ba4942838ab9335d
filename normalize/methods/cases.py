"""Methods of cases: better or worse than last year, or against different things, the best of them.

完成目标得满分，未完成但较上年有提升的得一半分: the target first, then last year's value.
"""

from __future__ import annotations

from collections.abc import Sequence

from common.numbers import LARGEST
from normalize.methods.amounts import given, is_named, words
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
from schemas.vocabulary import Direction, Operator

_BESIDE = frozenset({"full", "goal", "none", "other", "aside", "veto", "no_bonus", "floor"})
_BEST = {"take": "best"}


def missed_but(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return all points where the target is met, else what last year's value tells."""
    if not said.has("missed_but") or said.has("per", "proportion"):
        return None
    told = _all_told(said, context)
    found = {name: share for name, share in told if name is not None and share is not None}
    rest = said.one("other")
    otherwise = given(rest, context) if rest else None
    shares = [found.get(name, otherwise) for name in _CASES]
    gaps = open_points(
        (not said.has("full", "goal"), gap("silent_rest")),
        (len(found) < len(told), gap("side")),
        (len({name for name, _ in told}) < len(told) or said.has("none"), gap("twice")),
        (None in shares, gap("silent_rest")),
        (not _falling(shares), gap("side")),
        (not context.counts, gap("no_target")),
    )
    before = dict(zip(_CASES, (each or 0.0 for each in shares), strict=True))
    rules = mix((1.0, "pass_fail", {}), (1.0, "previous_value", before))
    used = (_BESIDE - {"none"}) | {"missed_but", "better", "same"}
    return Proposal("mix", rules | _BEST, used, gaps)


def _falling(shares: Sequence[float | None]) -> bool:
    """Whether no share that is known is more than the one before."""
    known = [each for each in shares if each is not None]
    return known == sorted(known, reverse=True)


def _all_told(said: Clauses, context: MethodContext) -> list[tuple[str | None, float | None]]:
    """Return what is said of better, same and worse than last year, and what each gives."""
    told = [each for clause in said.all("missed_but") for each in _told(clause, context)]
    plain = said.all("better", "same")
    return [*told, *((change_of(each, context), given(each, context)) for each in plain)]


_CASES = ("better", "same", "worse")


def _told(clause: Statement, context: MethodContext) -> list[tuple[str | None, float | None]]:
    """Return what a clause gives where last year's value is bettered, or at least kept."""
    if clause.get("kept_word") is None:
        return [(change_of(clause, context), given(clause, context))]
    return kept_cases(clause, "kept_word", context)


def previous(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return the rule of a comparison with the year before."""
    named = _cases(said, context)
    if not said.has("better") or len(named) == 1:
        return None
    known = [(name, share) for name, share in named if name is not None and share is not None]
    found = dict(reversed(known))  # of two for one case the first
    shares = [found.get(name, 0.0) for name in ("better", "same", "worse")]
    gaps = open_points(
        (None in [share for _, share in named], gap("points")),
        (None in [name for name, _ in named], gap("side")),
        (len({name for name, _ in named}) < len(named), gap("twice")),
        (len(found) < len(shares), gap("silent_rest")),
        (shares != sorted(shares, reverse=True), gap("side")),
        (not all(is_named(each, context) for each in said.all("better")), gap("noun")),
    )
    used = frozenset({"better", "same", "not_worse", "aside", "veto"})
    return Proposal("previous_value", found, used, gaps)


def _cases(said: Clauses, context: MethodContext) -> list[tuple[str | None, float | None]]:
    """Return what is said of better, same and worse, and what each gives."""
    kept, same = said.one("not_worse"), said.one("same")
    told = [*said.all("better"), *filter(None, [same])]
    found = [(change_of(each, context), given(each, context)) for each in told]
    return [*kept_cases(kept, "word", context), *found] if kept else found


def kept_cases(
    said: Statement, part: str, context: MethodContext
) -> list[tuple[str | None, float | None]]:
    """Return that better and the same give as much, where 不低于上年 means so in this row.

    ``part`` of what is said is the word.
    """
    wrong = {"不低于": context.lower, "不高于": not context.lower}.get(said.get(part) or "", False)
    share = given(said, context)
    return [(None if wrong else name, share) for name in ("better", "same")]


def change_of(each: Statement, context: MethodContext) -> str | None:
    """Return whether a word of change means better or worse; None where nobody can tell."""
    word = each.get("word") or ""
    if each.kind == "same":
        return "same"
    if word in words("good") or word in words("bad"):
        return "better" if word in words("good") else "worse"
    if context.direction not in (Direction.HIGHER, Direction.LOWER):
        return None
    return "better" if (word in words("down")) == context.lower else "worse"


def passed(said: Clauses, context: MethodContext) -> Proposal | None:
    """Return more for passing the target than for meeting it: 超过目标得满分，达到目标得80%."""
    cases = _passed_met_missed(said)
    if cases is None or said.has("per", "proportion"):
        return None
    shares = [given(each, context) for each in cases]
    over, met, missed = (each or 0.0 for each in shares)
    gaps = open_points(
        (None in shares, gap("points")),
        (not over > met > missed, gap("bands")),
        (not context.counts or context.operator not in _TAKING_IN, gap("no_target")),
        (not all(is_named(each, context) for each in cases), gap("noun")),
    )
    bound, far = context.value or 0.0, LARGEST if context.lower else -LARGEST
    beyond = banded([[bound, over]]) | {"strict": True}
    plain = banded([[bound, met], *([[far, missed]] if missed else [])])
    rules = mix((1.0, "bands", beyond), (1.0, "bands", plain))
    return Proposal("mix", rules | _BEST, _BESIDE, gaps)


def _passed_met_missed(said: Clauses) -> tuple[Statement, Statement, Statement] | None:
    """Return what is said of the three cases, each once; None where that is not all."""
    beyond = [each for each in said.all("full") if each.get("strict")]
    at = [each for each in said.all("full") if not each.get("strict")]
    rest = said.all("none", "other")
    if not len(beyond) == len(at) == len(rest) == 1:
        return None
    return beyond[0], at[0], rest[0]


#: Operators whose own value meets the target.
_TAKING_IN = (None, Operator.AT_LEAST, Operator.AT_MOST)
