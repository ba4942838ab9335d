"""What a target cell says, as the cases of the tests write it."""

from __future__ import annotations

from common.numbers import show
from normalize.targets.model import TypedTarget, target_context
from normalize.targets.reader import read_target
from normalize.text.direction import direction
from normalize.text.units import split_unit
from schemas.vocabulary import Direction


def read(text: str, indicator: str = "") -> TypedTarget:
    """Read a cell under an indicator's printed name; more is better where the name says nothing."""
    name = split_unit(indicator)
    lower = direction(name.name, name.unit) == Direction.LOWER
    way = Direction.LOWER if lower else Direction.HIGHER
    return read_target(text, target_context(name.name, name.unit, way))


def said(operator: str | None, value: float | None, unit: str | None) -> str:
    """Write an operator, a value and a unit: >= 3 %; the operator alone where there is no value."""
    if value is None:
        return operator or ""
    return " ".join(filter(None, (operator, show(value), unit)))


def spoken(target: TypedTarget, expected: str | list[str] | None) -> str | list[str] | None:
    """Write the target the way the case writes it."""
    if isinstance(expected, list):
        return [
            f"{p.subject or '-'}: {said(p.operator, p.value, p.unit)}"
            if p.value is not None
            else p.text
            for p in target.parts
        ]
    words = said(target.operator, target.value, target.unit)
    with_subject = expected is not None and ": " in expected
    return (f"{target.subject}: {words}" if with_subject else words) or None
