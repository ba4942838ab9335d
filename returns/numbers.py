"""What a clerk writes becomes a number in the unit that is asked for, or a question.

A figure that can be meant in two ways is never decided silently: 0.125 under per cent may be
12.5 % whose sign was lost or 0.125 %. Who writes the unit with the number has decided it.
"""

from __future__ import annotations

from dataclasses import dataclass

from common.declared import declared_list
from common.numbers import EPSILON, show
from returns.doubtful import Doubtful, doubtful, shortened
from returns.written import ParsedNumber, same_unit, written_in
from schemas.records.forms import ReadCell

PER_CENT = frozenset({"%", "‰"})

#: A per-cent figure is far from its target where it is less than a tenth of it; any figure where
#: it is a hundred times its target, or the hundredth part. Of the figure of all the province, which
#: may be larger than an entity's by that much, a thousand times are asked about.
_FAR, _BEYOND, _WIDELY = 0.1, 100.0, 1000.0
#: The days of 2000 to 2049 as a spreadsheet numbers them.
_DAYS = range(36526, 54789)
#: Up to here a per-cent figure without its sign may be a fraction of 1.
_FRACTION, _WIDE_FRACTION = 1.0, 5.0
_MOST = 1e14


@dataclass(frozen=True, slots=True)
class Expected:
    """What a column asks for: the unit, a number near which the figure should lie, a name.

    ``whole`` is set where events are counted, ``wide`` where ``near`` is another area's figure.
    """

    unit: str | None
    near: float | None = None
    name: str = ""
    whole: bool = False
    wide: bool = False

    @property
    def counted(self) -> bool:
        """What is counted in the unit is whole and not negative."""
        return self.whole or self.unit in declared_list("returns", "returns", "units", "whole")


def number_of(cell: ReadCell, expected: Expected) -> float:
    """Return the cell's figure in the expected unit. Raises Doubtful."""
    written = written_in(cell, expected.unit)
    _check_unit(written, expected.unit)
    value = float(written.number)
    if not abs(value) <= _MOST:
        raise doubtful("too_big", shown=cell.shown)
    if not written.decided:
        _check_near(value, cell.shown, expected)
    _check_possible(value, expected)
    return value


def _check_unit(written: ParsedNumber, expected: str | None) -> None:
    if written.unit is None or (expected and same_unit(written.unit, expected)):
        return
    if not expected:
        raise doubtful("other_unit.none", unit=written.unit)
    raise doubtful("other_unit.expected", unit=written.unit, expected=expected)


def _check_near(value: float, shown: str, expected: Expected) -> None:
    """Ask where a bare number may be meant in another scale; ``near`` tells what is likely."""
    near, size = abs(expected.near or 0.0), abs(value)
    if size == 0:
        return
    if expected.unit in PER_CENT:
        may_be_fraction = size <= (_WIDE_FRACTION if near else _FRACTION)
        if may_be_fraction and (not near or size / near < _FAR):
            raise _fraction(shown, value, expected.unit or "%")
        if value in _DAYS:
            raise doubtful("day_for_per_cent", shown=shortened(shown), unit=expected.unit)
    if near:
        _check_times(size / near, shown, expected)


def _check_times(times: float, written: str, expected: Expected) -> None:
    """Ask about a figure that is so many times its target; few may be counted of many."""
    shown, unit = shortened(written), expected.unit
    if times >= (_WIDELY if expected.wide else _BEYOND) - EPSILON:
        if unit:
            raise doubtful("scale.times", shown=shown, times=times, unit=unit)
        raise doubtful("scale.times_bare", shown=shown, times=times)
    if times <= 1 / _BEYOND + EPSILON and not (expected.wide or expected.counted):
        if unit:
            raise doubtful("scale.part", shown=shown, part=1 / times, unit=unit)
        raise doubtful("scale.part_bare", shown=shown, part=1 / times)


def _fraction(shown: str, value: float, unit: str) -> Doubtful:
    scaled = show(value * (100 if unit == "%" else 1000))
    return doubtful("fraction_or_per_cent", shown=shortened(shown), scaled=scaled, unit=unit)


def _check_possible(value: float, expected: Expected) -> None:
    unit, name = expected.unit or "", expected.name
    if unit == "%":
        _check_per_cent(value, name)
    if expected.counted and (value < 0 or value != int(value)):
        raise doubtful("impossible_value.count", value=value, unit=unit, counted=unit or "次")


def _check_per_cent(value: float, name: str) -> None:
    if name.endswith(declared_list("returns", "returns", "shares", "bounded")):
        if not 0 <= value <= 100:
            raise doubtful("impossible_value.share", value=value, name=shortened(name))
    elif value < -100:
        raise doubtful("impossible_value.fall", value=value)


def award_of(cell: ReadCell, most: float = 100.0) -> float:
    """Return an award in per cent of the points, from 0 to ``most``. Raises Doubtful."""
    written = written_in(cell)
    value = float(written.number)
    if written.unit not in (None, "%"):
        raise doubtful("other_unit.award", unit=written.unit, most=most)
    if not 0 <= value <= most + EPSILON:
        raise doubtful("impossible_value.award", value=value, most=most)
    if 0 < value <= max(_FRACTION, most / 100) + EPSILON and not written.decided:
        raise _fraction(cell.shown, value, "%")
    return value
