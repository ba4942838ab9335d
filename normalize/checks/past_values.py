"""Numbers far from what the same entity had to reach on the same indicator in an earlier year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from common.fold import fold
from common.numbers import show
from normalize.checks.ranges import SLIPS
from normalize.findings.ledger import Place, PlacedDoubt
from normalize.model.doubt import Doubt, doubt
from normalize.records.model import Record
from normalize.targets.model import TypedTarget
from schemas.records.earlier import Past, PastIndicator, PastTarget
from schemas.vocabulary import Severity

_KINDS = ("number", "quantity", "limit", "growth")
_FAR = 6.0  # as within a row: a slipped decimal point makes ten times or a tenth
_NEAR = 2.0  # a slip put right comes so near to the earlier value
_RATES = ("%", "‰", "个百分点", "百分点")


@dataclass(frozen=True, slots=True)
class FarValue:
    """One entity's number, the earlier one, and what may be meant (None: nothing likely)."""

    entity: str
    value: float
    before: float
    likely: float | None


def past_value_doubts(records: Sequence[Record], past: Past) -> Iterator[PlacedDoubt]:
    """Yield what earlier values say against a document's values, as findings to look at."""
    known = past(tuple(record.indicator for record in records))
    for record in records:
        found = known.get(record.indicator.serial_no)
        if found is not None:
            typed = {entity: target.typed for entity, target in record.targets.items()}
            yield from _placed(record, list(far_from_past(typed, found)), found)


def far_from_past(typed: Mapping[str, TypedTarget], before: PastIndicator) -> Iterator[FarValue]:
    """Yield the numbers six times an entity's earlier one or more, or a sixth or less.

    Only numbers of one kind, direction and unit are compared, and none that is zero or negative.
    Rates of change move freely from year to year: a far one counts only if a slipped decimal
    point explains it.
    """
    for entity, target in typed.items():
        past = before.targets.get(entity)
        if past is None or target.value is None or not _comparable(target, past):
            continue
        value, then = target.value, past.value
        if then / _FAR < value < then * _FAR:
            continue
        fit = [value / slip for slip in SLIPS if 1 / _NEAR <= value / slip / then <= _NEAR]
        likely = min(fit, default=None, key=lambda each: abs(each - then))
        if likely is not None or (target.kind != "growth" and target.unit not in _RATES):
            yield FarValue(entity, value, then, likely)


def _comparable(target: TypedTarget, past: PastTarget) -> bool:
    same = (target.kind, target.operator) == (past.kind, past.operator)
    units = fold(target.unit or "") == fold(past.unit or "")
    return same and units and target.kind in _KINDS and (target.value or 0) > 0 < past.value


def _placed(
    record: Record, far: Sequence[FarValue], before: PastIndicator
) -> Iterator[PlacedDoubt]:
    serial_no = record.indicator.serial_no
    if len(far) > 1 and len(far) == len(record.targets.keys() & before.targets.keys()):
        yield PlacedDoubt(_all_far(far, before), Place(serial_no, None, "target_value"))
        return
    for each in far:
        target = record.targets[each.entity]
        place = Place(serial_no, each.entity, "target_value", target.cell)
        yield PlacedDoubt(_far(each, target.typed, before), place)


def _far(found: FarValue, target: TypedTarget, before: PastIndicator) -> Doubt:
    if found.likely is None:
        return doubt(
            "value_out_of_range.past",
            severity=Severity.INFO,
            entity=found.entity,
            value=found.value,
            then=found.before,
            no=before.serial_no,
            document=before.document_id,
            year=before.year,
        )
    meant = target.read_as(found.likely)
    return doubt(
        "value_out_of_range.past_slip",
        (meant,),
        severity=Severity.INFO,
        entity=found.entity,
        value=found.value,
        then=found.before,
        likely=meant.text,
        no=before.serial_no,
        document=before.document_id,
        year=before.year,
    )


def _all_far(far: Sequence[FarValue], before: PastIndicator) -> Doubt:
    now = "、".join(f"{each.entity}{show(each.value)}（{show(each.before)}）" for each in far)
    return doubt(
        "value_out_of_range.past_all",
        severity=Severity.INFO,
        now=now,
        no=before.serial_no,
        document=before.document_id,
        year=before.year,
    )
