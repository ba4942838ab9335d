"""Points that fit no others while a target of their row does: the row's cells changed places."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

from common.fold import clean
from normalize.checks.misread_points import groups_of
from normalize.findings.ledger import Place, PlacedDoubt
from normalize.model.doubt import doubt
from normalize.model.table import LogicalCell, Role
from normalize.points.cell import plain_points
from normalize.records.model import Record, TableContext
from schemas.records.notice import Alternative

_HABIT = 0.5  # share of points that others have, too, from which the rest are the odd ones
_MORE = 2.0  # times the largest of the usual points: the most that may be points
_FAR = 3.0  # ... and what is of another size


def displaced_points(records: Sequence[Record], context: TableContext) -> Iterator[PlacedDoubt]:
    """Doubt points, and the targets beside them, where a target may be the points.

    The document's points are mostly of few sizes; these are of none, are like the row's targets,
    and one of the targets is of such a size and unlike them.
    """
    usual = usual_points(records)
    if usual is None:
        return
    for members in groups_of(records).values():
        cell = members[0].weight.cell
        if cell is not None and not members[0].weight.decided:
            entity = _points_under(members[0], cell.text, usual)
            if entity is not None:
                yield from _doubts(members, cell, entity, context)


@dataclass(frozen=True, slots=True)
class UsualPoints:
    """The sizes of points that several rows of a document have."""

    sizes: frozenset[float]

    def fits(self, points: float) -> bool:
        """Say whether points may be of a row of this document, by their size and their halves."""
        parts = {0.0, *(size % 1 for size in self.sizes)}
        return 0 < points <= _MORE * max(self.sizes) and points % 1 in parts

    def far(self, points: float) -> bool:
        """Say whether points are of another size."""
        return points > _FAR * max(self.sizes)


def usual_points(records: Sequence[Record]) -> UsualPoints | None:
    """Return the points that several rows have; None where most have points of their own."""
    first = [members[0].weight.cell for members in groups_of(records).values()]
    read = [plain_points(cell.text) for cell in first if cell is not None]
    printed = Counter(points for points in read if points is not None and points > 0)
    usual = {points: count for points, count in printed.items() if count > 1}
    enough = bool(usual) and sum(usual.values()) >= _HABIT * printed.total()
    return UsualPoints(frozenset(usual)) if enough else None


@dataclass(frozen=True, slots=True)
class _Number:
    """A text that is a bare number above zero."""

    value: float
    decimals: int

    def apart(self, others: Sequence[_Number]) -> float:
        """Return how far it is from the middle of others."""
        return abs(log(self.value / statistics.median(other.value for other in others)))


def _number(text: str) -> _Number | None:
    value = plain_points(text)
    places = len(clean(text).partition(".")[2])
    return _Number(value, places) if value is not None and value > 0 else None


def _points_under(record: Record, printed: str, usual: UsualPoints) -> str | None:
    """Return the entity under which the row's points stand, None where they are in their place."""
    points = _number(printed)
    if points is None or usual.fits(points.value):
        return None
    read = {entity: _number(target.text) for entity, target in record.targets.items()}
    numbers = {entity: number for entity, number in read.items() if number is not None}
    for entity, number in numbers.items():
        others = [other for name, other in numbers.items() if name != entity]
        if others and usual.fits(number.value) and _is_rather(points, number, others, usual):
            return entity
    return None


def _is_rather(
    points: _Number, number: _Number, others: Sequence[_Number], usual: UsualPoints
) -> bool:
    """Say whether the printed points are rather one of the other targets than this number is."""
    if points.apart(others) >= number.apart(others):
        return False
    places = statistics.mode(other.decimals for other in others)
    return usual.far(points.value) or points.decimals == places != number.decimals


def _doubts(
    members: Sequence[Record], cell: LogicalCell, entity: str, context: TableContext
) -> Iterator[PlacedDoubt]:
    """Yield the doubts of a row's points and of the targets that stand otherwise without them."""
    record = members[0]
    serial_no = record.indicator.serial_no
    printed, meant = clean(cell.text), clean(record.targets[entity].text)
    touched = [(m.indicator.serial_no, each) for m in members for each in context.entities]
    others = (
        Alternative(meant, max_points=plain_points(meant), entity=e) for e in context.entities
    )
    yield PlacedDoubt(
        doubt("points_displaced.points", others, text=printed, meant=meant, whose=entity),
        Place(serial_no, None, "max_points", cell),
        touched,
    )
    for name, other in _put_back(record, cell, entity, context).items():
        target = record.targets[name]
        if clean(target.text) != other:
            yield PlacedDoubt(
                doubt("points_displaced.target", (other,), text=clean(target.text), other=other),
                Place(serial_no, name, "target_text", target.cell),
                [(serial_no, name)],
            )


def _put_back(
    record: Record, cell: LogicalCell, entity: str, context: TableContext
) -> Mapping[str, str]:
    """Return what each target is once the points are taken out of the targets."""
    columns = list(context.table.columns_of(Role.TARGET))
    texts = [clean(record.targets[column.name].text) for column in columns]
    place = [column.name for column in columns].index(entity)
    del texts[place]
    texts.insert(0 if cell.column0 < columns[0].index else len(texts), clean(cell.text))
    return {column.name: text for column, text in zip(columns, texts, strict=True)}
