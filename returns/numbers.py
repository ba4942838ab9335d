"""What a clerk writes becomes a number in the unit that is asked for, or a question.

A figure that can be meant in two ways is never decided silently: 0.125 under per cent may be
12.5 % whose sign was lost or 0.125 %. Who writes the unit with the number has decided it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from common.declared import declared
from common.fold import fold_tight
from common.numbers import GROUPED, PLAIN, show, without_grouping
from returns.doubtful import Doubtful, doubtful, shortened
from schemas.records.forms import ReadCell

PER_CENT = frozenset({"%", "‰"})

#: A figure is far from its target where it is less than a tenth of it, or a thousand times it.
_FAR, _BEYOND = 0.1, 1000.0
#: Up to here a per-cent figure without its sign may be a fraction of 1.
_FRACTION, _WIDE_FRACTION = 1.0, 5.0
_MOST = 1e14

# Folded texts. A spreadsheet also writes 5. and .5 and 1e-05.
_EXPONENT = r"(?:e[+-]?[0-9]{1,2})?"
_PLAIN = re.compile(rf"[+-]?(?:{PLAIN}|[0-9]+\.|\.[0-9]+){_EXPONENT}")
_GROUPED = re.compile(rf"[+-]?{GROUPED}")
_SPLIT = re.compile(rf"([+-]?[0-9.,]*[0-9.]{_EXPONENT})(.*)", re.DOTALL)
#: Folded like a comma or a minus sign, but in a number they may mean something else: 3、5, 3—5.
_UNCLEAR = re.compile("[、﹑､‐‑‒—―─━]")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a column asks for: the unit, a number near which the figure should lie, a name.

    ``whole`` is set where events are counted.
    """

    unit: str | None
    near: float | None = None
    name: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class ParsedNumber:
    """A number as written: ``unit`` is the one written with it (% too where its format has it)."""

    number: Decimal
    unit: str | None

    @property
    def decided(self) -> bool:
        """The writer named the unit."""
        return self.unit is not None


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


def written_in(cell: ReadCell, unit: str | None = None) -> ParsedNumber:
    """Return the number that a cell holds and the unit written with it. Raises Doubtful.

    ``unit`` may stand behind the number, besides all units that are known.
    """
    if cell.struck:
        raise doubtful("struck_out")
    if cell.kind == "number":
        return _stored(cell)
    if cell.kind == "text":
        return _typed(cell.value, unit)
    doubts = {
        "bool": doubtful("not_a_number"),
        "date": doubtful("date_for_number"),
        "error": doubtful("error_value"),
        "formula": doubtful("formula_without_value"),
    }
    raise doubts[cell.kind]


def _stored(cell: ReadCell) -> ParsedNumber:
    try:
        # As many digits as a spreadsheet keeps: a sum of tenths ends in …000000004.
        number = Decimal(format(float(cell.value), ".15g"))
    except (ValueError, InvalidOperation):
        raise _text(cell.value) from None
    signs = re.sub(r'"[^"]*"|\\.', "", cell.code).count("%")
    if signs:
        return ParsedNumber(number * 100, "%")
    return ParsedNumber(number, _unit_in(cell.shown))


def _unit_in(shown: str) -> str | None:
    """Return a unit that the number's own format shows behind it (0.0"亿元")."""
    match = _SPLIT.fullmatch(fold_tight(shown))
    return match[2] if match and match[2] in _known_units() else None


def _typed(text: str, unit: str | None) -> ParsedNumber:
    match = None if _UNCLEAR.search(text) else _SPLIT.fullmatch(fold_tight(text))
    if match is None:
        raise _text(text)
    digits, rest = match[1], match[2]
    if rest and rest not in _known_units() and rest != fold_tight(unit or ""):
        raise _text(text)
    if "," in digits and not _GROUPED.fullmatch(digits):
        raise doubtful("odd_commas", text=shortened(text))
    digits = without_grouping(digits)
    if not _PLAIN.fullmatch(digits):
        raise _text(text)
    return ParsedNumber(Decimal(digits), rest or None)


def _text(text: str) -> Doubtful:
    return doubtful("text_for_number", text=shortened(text))


@cache
def _known_units() -> frozenset[str]:
    return frozenset(map(fold_tight, declared("returns", "returns")["units"]["known"]))


def same_unit(first: str, second: str) -> bool:
    """Say whether two units are one, written in two ways."""
    one, other = fold_tight(first), fold_tight(second)
    return one == other or any(
        one in group and other in group
        for group in (
            {fold_tight(unit) for unit in same}
            for same in declared("returns", "returns")["units"]["same"]
        )
    )


def _check_unit(written: ParsedNumber, expected: str | None) -> None:
    if written.unit is None or (expected and same_unit(written.unit, expected)):
        return
    if not expected:
        raise doubtful("other_unit.none", unit=written.unit)
    raise doubtful("other_unit.expected", unit=written.unit, expected=expected)


def _check_near(value: float, shown: str, expected: Expected) -> None:
    """Ask where a bare number may be meant in another scale; ``near`` tells what is likely."""
    near = abs(expected.near or 0.0)
    size = abs(value)
    if size == 0:
        return
    if expected.unit in PER_CENT:
        may_be_fraction = size <= (_WIDE_FRACTION if near else _FRACTION)
        if may_be_fraction and (not near or size / near < _FAR):
            raise _fraction(shown, value, expected.unit or "%")
    elif near and expected.unit and size / near >= _BEYOND:
        raise doubtful("scale", shown=shortened(shown), times=size / near, unit=expected.unit)


def _fraction(shown: str, value: float, unit: str) -> Doubtful:
    scaled = show(value * (100 if unit == "%" else 1000))
    return doubtful("fraction_or_per_cent", shown=shortened(shown), scaled=scaled, unit=unit)


def _check_possible(value: float, expected: Expected) -> None:
    unit, name = expected.unit or "", expected.name
    if unit == "%":
        _check_per_cent(value, name)
    counted = expected.whole or unit in declared("returns", "returns")["units"]["whole"]
    if counted and (value < 0 or value != int(value)):
        raise doubtful("impossible_value.count", value=value, unit=unit, counted=unit or "次")


def _check_per_cent(value: float, name: str) -> None:
    if name.endswith(tuple(declared("returns", "returns")["shares"]["bounded"])):
        if not 0 <= value <= 100:
            raise doubtful("impossible_value.share", value=value, name=shortened(name))
    elif value < -100:
        raise doubtful("impossible_value.fall", value=value)


def award_of(cell: ReadCell) -> float:
    """Return an award in per cent of the points, 0 to 100. Raises Doubtful."""
    written = written_in(cell)
    value = float(written.number)
    if written.unit not in (None, "%"):
        raise doubtful("other_unit.award", unit=written.unit)
    if not 0 <= value <= 100:
        raise doubtful("impossible_value.award", value=value)
    if 0 < value <= _FRACTION and not written.decided:
        raise _fraction(cell.shown, value, "%")
    return value
