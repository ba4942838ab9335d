"""One measure becomes a typed target: its kind, its operator and sign, its unit."""

from __future__ import annotations

from dataclasses import replace

from common.declared import declared_list
from common.numbers import show
from normalize.model.doubt import Doubt, doubt
from normalize.targets.measure import Measure, relation_of, word_pattern
from normalize.targets.model import TargetContext, TypedTarget
from schemas.records.notice import Alternative
from schemas.vocabulary import Operator, TargetKind

_SHARES = ("%", "‰", "‱", "个百分点", "百分点", "个千分点", "倍")
_TURNED = {
    None: Operator.AT_MOST,
    Operator.AT_LEAST: Operator.AT_MOST,
    Operator.MORE_THAN: Operator.LESS_THAN,
    Operator.AT_MOST: Operator.AT_LEAST,
    Operator.LESS_THAN: Operator.MORE_THAN,
    Operator.ABOUT: Operator.ABOUT,
}
"""The operator of a fall as a negative number: a fall of at least 3 % is at most -3 %."""


def classify_measure(measure: Measure, context: TargetContext) -> TypedTarget:
    """Return the target that one measure is, in the printed unit or else the indicator's."""
    value, operator = _signed(measure, context)
    unit, doubts = _unit(measure, context)
    more = (*_unit_doubts(measure, context), *_value_doubts(measure, unit, context))
    if measure.growth < 0 and measure.value < 0:
        value, operator = _signed(replace(measure, value=-measure.value), context)
        more = (*more, _twice_negative(measure, operator, value, unit))
    return TypedTarget(
        _kind(measure),
        operator,
        value,
        unit,
        (),
        (*measure.doubts, *doubts, *more),
        measure.subject,
    )


def _kind(measure: Measure) -> TargetKind:
    if measure.relation == Operator.ABOUT:
        return TargetKind.APPROXIMATE
    if measure.growth:
        return TargetKind.GROWTH
    if measure.relation:
        return TargetKind.LIMIT
    return TargetKind.NUMBER if measure.unit in {None, "%", "‰", "‱"} else TargetKind.QUANTITY


def _signed(measure: Measure, context: TargetContext) -> tuple[float, Operator | None]:
    if measure.growth >= 0:
        return measure.value, relation_of(measure, context.direction)
    if word_pattern("falls").search(context.indicator):
        return measure.value, measure.relation or Operator.AT_LEAST
    return -measure.value, _TURNED[measure.relation]


def _unit(measure: Measure, context: TargetContext) -> tuple[str | None, tuple[Doubt, ...]]:
    """Return the unit; a magnitude alone (74亿) is completed by the indicator's unit."""
    unit = measure.unit or context.unit
    if measure.unit not in declared_list("normalize", "units", "magnitudes"):
        return unit, ()
    if context.unit and context.unit.startswith(measure.unit):
        return context.unit, ()
    return unit, (doubt("unit_incomplete", text=measure.text),)


def _unit_doubts(measure: Measure, context: TargetContext) -> tuple[Doubt, ...]:
    if {measure.unit, context.unit} == {"%", "‰"}:
        return (doubt("unit_differs", text=measure.text, unit=context.unit),)
    bare_growth = measure.growth and not measure.unit and context.unit not in _SHARES
    unitless = measure.subject and not measure.unit and not context.unit and measure.value
    if bare_growth or unitless:
        return (doubt("unit_missing", text=measure.text),)
    return ()


def _value_doubts(measure: Measure, unit: str | None, context: TargetContext) -> tuple[Doubt, ...]:
    named = context.indicator + (measure.subject or "")
    below = measure.value < 0 and not word_pattern("balances").search(named)
    counted = below and unit is not None and unit not in _SHARES
    yearlike = unit is None and measure.value in range(1990, 2050) and len(measure.text) == 4
    if not counted and not yearlike:
        return ()
    return (doubt("number_unlikely.value", text=measure.text, value=show(measure.value)),)


def _twice_negative(
    measure: Measure, operator: Operator | None, value: float, unit: str | None
) -> Doubt:
    """Return the doubt of a fall by a negative number: the fall is taken, or it is a rise."""
    readings = [Alternative(show(each), operator, each, unit) for each in (value, -value)]
    shown = show(measure.value)
    return doubt("number_unlikely.value", readings, text=measure.text, value=shown)
