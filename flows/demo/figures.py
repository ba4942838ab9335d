"""Made-up figures for a demonstration: what a department could have handed in for a line.

The same line always gets the same figure, whoever asks and in whatever order: a figure depends on
nothing but the seed and the line.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from common.numbers import show
from schemas.records.forms import FormLine
from schemas.records.rows import TargetRow

#: Any number will do; it is fixed so that a demonstration can be repeated.
SEED = 20
GROUNDS = "样例数据：演示用，不是真实情况"

_MET, _FULL_AWARD = 0.82, 0.7
_FIRST_UNIT = ("%", "‰")
_COUNTED = frozenset("个户家人件处起次项台辆艘所座村名场条") | {"家次", "人次"}
_HIGHEST_SHARE = 100.0


@dataclass(frozen=True, slots=True)
class Aim:
    """Where the good side of a line's target lies; ``strict`` where reaching it is not enough."""

    lower: bool = False
    strict: bool = False


def aims_of(
    targets: Iterable[TargetRow], directions: Mapping[int, str]
) -> dict[tuple[int, str, int], Aim]:
    """Return each line's aim by its key; ``directions`` are the indicators' by serial number."""
    aims = {}
    for target in targets:
        lower = directions.get(target["serial_no"]) == "lower_is_better"
        parts = [part["operator"] for part in target["parts"]]
        for number, printed in enumerate(parts or [target["operator"]], start=1):
            operator = printed or ""
            aim = Aim("<" in operator or (lower and ">" not in operator), operator in ("<", ">"))
            aims[target["serial_no"], target["entity"], number] = aim
    return aims


def figures(line: FormLine, aim: Aim) -> dict[str, float]:
    """Return made-up figures by column: mostly met, some below."""
    chance = _chance(line)
    met = chance.random() < _MET
    found: dict[str, float] = {}
    if "award" in line.needs:
        found["award"] = _award(chance, met)
    elif "benchmark" in line.needs:
        # The province has one figure, whoever is compared with it.
        province = random.Random(f"{SEED}/{line.serial_no}/{line.part_no}")
        found["benchmark"] = round(province.uniform(4, 60), 1)
        found["actual"] = round(found["benchmark"] + chance.uniform(-2, 5), 1)
    elif line.target_kind == "approximate":
        found["actual"] = _near(line, chance, met)
    elif line.target_kind == "zero_tolerance":
        found["actual"] = 0.0 if met else 1.0
    elif line.target_value is None:
        found["actual"] = round(chance.uniform(88, 100), 1)
    else:
        found["actual"] = _around(line, aim, chance, met)
    return found


def _chance(line: FormLine) -> random.Random:
    return random.Random(f"{SEED}/{line.serial_no}/{line.entity}/{line.part_no}")


def _award(chance: random.Random, met: bool) -> float:
    if not met:
        return float(chance.randrange(60, 85))
    return 100.0 if chance.random() < _FULL_AWARD else float(chance.randrange(88, 100))


def _near(line: FormLine, chance: random.Random, met: bool) -> float:
    """Return a figure near a target that says about: within it, or well above."""
    target = line.target_value or 0.0
    return round(target + (chance.uniform(-0.3, 0.3) if met else chance.uniform(0.8, 1.5)), 2)


def _around(line: FormLine, aim: Aim, chance: random.Random, met: bool) -> float:
    """Return a figure on the good side of the target, or short of it by up to a quarter."""
    target = line.target_value or 0.0
    step = _step(line, target)
    upwards = met != aim.lower
    by = chance.uniform(0, 0.06) if met else chance.uniform(0.04, 0.25)
    figure = target + abs(target) * (by if upwards else -by)
    rounded = _rounded(figure, step, up=upwards)
    if met and aim.strict and rounded == target:
        rounded += step if upwards else -step
    if line.unit == "%" and target <= _HIGHEST_SHARE < rounded:
        rounded = _HIGHEST_SHARE
    return round(rounded, 6)


def _step(line: FormLine, target: float) -> float:
    """Return what figures of this line are rounded to: whole things, or a digit finer than it."""
    if line.unit in _COUNTED:
        return 1.0
    size = abs(target)
    return 0.1 if size >= 10 else 10.0 ** (math.floor(math.log10(size)) - 1) if size else 0.1


def _rounded(figure: float, step: float, *, up: bool) -> float:
    steps = Decimal(repr(round(figure, 9))) / Decimal(repr(step))
    whole = steps.to_integral_value(ROUND_CEILING if up else ROUND_FLOOR)
    return float(whole * Decimal(repr(step)))


def written(figure: float, line: FormLine, role: str) -> tuple[float | str, str]:
    """Return how a clerk types a figure, and the cell's number format. All of them are clear.

    Most type plain numbers; some a text with its unit, wide digits, or a cell in per cent.
    """
    unit = "%" if role == "award" else (line.unit or "")
    way = random.Random(f"{SEED}/{role}/{line.key}").random()
    if unit in _FIRST_UNIT and 0 < abs(figure) <= 1:
        return f"{show(figure)}{unit}", "@"
    if way < 0.03 and unit == "%":
        return round(figure / 100, 9), "0.00%"
    if way < 0.06 and unit:
        return f"{Decimal(show(figure)):,f}{unit}", "@"
    if way < 0.08:
        wide = {ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789."}
        return show(figure).translate(wide), "@"
    return (int(figure) if figure == int(figure) else figure), "General"
