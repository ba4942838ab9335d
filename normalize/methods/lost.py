"""What of a proposed rule's clauses is read into nothing: a figure that moves none of the rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from common.numbers import EPSILON
from normalize.methods.amounts import number
from normalize.methods.model import Clauses, Given, MethodContext, Proposal, Recipe, Statement

_FIGURE = re.compile(r"([0-9]++(?:\.[0-9]++)?|[二两三四五六七八九十])(?=分|%|成|倍|$)")


def lost_figures(
    said: Clauses, found: Proposal, recipe: Recipe, context: MethodContext
) -> tuple[str, ...]:
    """Return the clauses that count as used though one of their figures is nowhere in the rule.

    A figure is in it where the rule would be another with another figure, or where it stands in
    the parameters as it is: the end of a band that the next one begins with.
    """
    known = {*_numbers(found.parameters), context.value, context.points, 0.0, 1.0, 100.0}
    lost = (
        each.text
        for place, each in enumerate(said.statements)
        if each.kind in found.used
        for name, figure in _figures(each)
        if not _stands(figure, {one for one in known if one is not None}, context)
        and not (each.kind == "between" and _is_next(figure, known))
        and recipe(_changed(said, place, name, figure), context) == found
    )
    return tuple(dict.fromkeys(lost))


def _figures(each: Statement) -> Iterator[tuple[str, float]]:
    for name, text in each.said.items():
        if found := _FIGURE.match(text or ""):
            yield name, number(found[1])


def _changed(said: Clauses, place: int, name: str, figure: float) -> Clauses:
    """Return the clauses with another figure in one of them."""
    each = said.statements[place]
    text = _FIGURE.sub(f"{figure * 0.7:.4f}", each.said[name] or "", count=1)
    other = replace(each, said={**each.said, name: text})
    return replace(
        said, statements=(*said.statements[:place], other, *said.statements[place + 1 :])
    )


def _stands(figure: float, known: set[float], context: MethodContext) -> bool:
    """Whether a figure is one of the rule's: itself, as a part of 100 or of the row's points."""
    meant = [figure, figure / 100, figure / 10]
    meant += [figure / context.points] if context.points else []
    return any(abs(one - abs(each)) < EPSILON for one in meant for each in known)


def _is_next(figure: float, known: set[float | None]) -> bool:
    """Whether a whole bound is the one before or behind a bound of the rule: 90-94分 below 95."""
    return figure.is_integer() and bool({figure - 1, figure + 1} & known)


def _numbers(value: Given) -> Iterator[float]:
    """Give all numbers of parameters, also those inside of lists and of the rules of a mix."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from _numbers(each)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield float(value)
