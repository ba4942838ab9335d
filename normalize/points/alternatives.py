"""Other readings of a points cell as the points that they would give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from common.fold import clean
from common.numbers import exact, same
from normalize.model.doubt import Doubt
from normalize.points.cell import PointsReading, read_points
from schemas.records.notice import Alternative


def as_points(doubt: Doubt, taken: PointsReading, entities: Sequence[str]) -> Doubt:
    """Return a doubt about points with what each alternative gives, and to whom.

    ``taken`` is the reading that was landed. A reading of a part of the cell is read within it and
    gives points to those for whom they differ; a bare number is the points themselves.
    """
    held = tuple(o for each in doubt.alternatives for o in _as_points(each, doubt, taken, entities))
    return replace(doubt, alternatives=held)


def _as_points(
    one: Alternative, doubt: Doubt, taken: PointsReading, entities: Sequence[str]
) -> Iterator[Alternative]:
    part = clean(doubt.replaces or "")
    if one.max_points is not None or one.serial_no is not None:
        yield one
    elif part and doubt.entity is None and part in taken.text:
        read = read_points(taken.text.replace(part, one.text, 1), entities)
        yield from list(_differing(one, read, taken, entities)) or [one]
    else:
        yield from _plain(one, doubt.entity, taken, entities)


def _plain(
    one: Alternative, entity: str | None, taken: PointsReading, entities: Sequence[str]
) -> Iterator[Alternative]:
    """Yield a bare number as the points of the doubt's entity, or of all without their own."""
    number = exact(one.text)
    if number is None or number < 0:
        yield one
    elif entity is not None:
        yield replace(one, max_points=number)
    else:
        served = (each for each in entities if each not in taken.exceptions)
        yield from (replace(one, max_points=number, entity=each) for each in served)


def _differing(
    one: Alternative, read: PointsReading, taken: PointsReading, entities: Sequence[str]
) -> Iterator[Alternative]:
    """Yield the points of the entities that another reading of the cell gives other points."""
    for entity in entities:
        points, before = read.of(entity), taken.of(entity)
        if points is not None and (before is None or not same(points, before)):
            yield replace(one, max_points=points, entity=entity)
