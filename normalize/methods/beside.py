"""A row's own method together with what a note says of all rows: 完成率低于60%的不得分."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from common.messages import message
from common.numbers import EPSILON, PER_CENT
from normalize.methods.amounts import figure, is_percent, worth
from normalize.methods.bands import takes_in_below
from normalize.methods.ceilings import beyond, grows, over_limit
from normalize.methods.clauses import said_of
from normalize.methods.model import Clauses, MethodContext, MethodReading, Statement
from normalize.methods.reading import read_said
from schemas.vocabulary import Direction, MethodStatus, TargetKind

#: Clauses of a note that take a row's points away where it is missed by far.
_CUTS = ("below", "above", "negative", "none")
#: Clauses that say how steps count, which changes nothing where there are none.
_OF_STEPS = frozenset({"cap_loss", "round_up", "round_down", "in_proportion"})
#: Rules that count steps, which a limit of what is taken off or a rounding changes.
_STEPPED = frozenset({"per_unit", "mix", "deduction"})


def read_beside(text: str, notes: Sequence[str], context: MethodContext) -> MethodReading:
    """Return the rule of a row's method with the notes of all rows that go with it.

    What cannot be joined, or contradicts the method, leaves it ``proposed`` and is named.
    """
    own, noted = said_of(text), said_of("；".join(notes))
    limits = tuple(each for each in noted.statements if each.kind not in _CUTS)
    both = Clauses((*own.statements, *limits), (*own.unread, *noted.unread))
    found, alone = read_said(both, context), read_said(own, context)
    if found.status is not MethodStatus.APPLIED or _is_over(alone, limits, context):
        found = _limited(found, alone, Clauses(limits, noted.unread), context)
    for each in noted.all(*_CUTS):
        found = _cut(found, each, context)
    return found


def _is_over(alone: MethodReading, limits: Sequence[Statement], context: MethodContext) -> bool:
    """Whether a row's own method gives more than the notes let any row give."""
    whole = [each for each in limits if each.kind in ("no_bonus", "cap_score")]
    return alone.beyond > 0 and not all(_leaves(each, alone, context) for each in whole)


def _limited(
    both: MethodReading, alone: MethodReading, noted: Clauses, context: MethodContext
) -> MethodReading:
    """Return the row's own rule where the note's limits leave it as it is, else with what is open.

    What a row gives beyond its points with a limit of its own stays possible against a note.
    """
    if alone.status is not MethodStatus.APPLIED:
        return both
    against = [each for each in noted.statements if not _leaves(each, alone, context)]
    if not against and not noted.unread:
        return alone
    more = max(alone.beyond, beyond(Clauses((), noted.unread), context))
    return replace(_doubted(alone, against, noted.unread), beyond=more)


def _doubted(
    found: MethodReading, against: Sequence[Statement], unread: tuple[str, ...] = ()
) -> MethodReading:
    said = tuple(message("normalize.method_gap.note", text=each.text).zh for each in against)
    status = MethodStatus.PROPOSED if found.rule else found.status
    return replace(found, status=status, unread=(*found.unread, *unread), gaps=(*found.gaps, *said))


def _leaves(limit: Statement, own: MethodReading, context: MethodContext) -> bool:
    """Whether a limit of all rows changes nothing of a row's rule."""
    if limit.kind in ("no_bonus", "cap_score"):
        over = over_limit(limit, context)
        return over is not None and own.beyond <= over + EPSILON
    if limit.kind == "cap_gain":
        return own.beyond <= worth(limit, context) + EPSILON
    if limit.kind in ("veto", "aside"):
        return True
    if limit.kind == "floor":
        return own.number("floor", 0.0) >= 0
    return limit.kind in _OF_STEPS and own.rule not in _STEPPED


def _cut(found: MethodReading, cut: Statement, context: MethodContext) -> MethodReading:
    """Return a rule that gives nothing where a note says so: with a completion rate as bound."""
    all_or_nothing = found.rule == "pass_fail" and cut.kind in ("none", "below")
    elsewhere = cut.kind == "negative" and not grows(context)
    if found.rule is None or all_or_nothing or elsewhere:
        return found
    rate = _rate(cut, context)
    if rate is None:
        return _doubted(found, [cut])
    least = max(rate, found.number("threshold", rate))
    return replace(found, parameters={**found.parameters, "threshold": least})


def _rate(cut: Statement, context: MethodContext) -> float | None:
    """Return a note's bound as a completion rate; None where nobody can tell."""
    if cut.kind == "negative":
        return 0.0
    if cut.kind != "below" or not cut.get("zero") or not _has_rate(context):
        return None
    if takes_in_below(cut):
        return None
    done = cut.get("rate") or cut.get("bare") or not is_percent(context.unit)
    percent = is_percent(cut.get("unit") or "%") and not cut.get("noun")
    return figure(cut, "a") / PER_CENT if done and percent else None


def _has_rate(context: MethodContext) -> bool:
    """Whether a row has a completion rate: nobody knows what it is where less is better."""
    lower = context.lower or context.direction == Direction.NEARER
    figures = context.counts and context.kind is not TargetKind.RANK
    return figures and not lower and (context.value or 0) > 0
