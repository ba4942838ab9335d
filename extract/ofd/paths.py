"""``AbbreviatedData`` becomes segments: moves, lines, curves and closings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import acos, ceil, copysign, cos, hypot, pi, radians, sin, sqrt, tan

from extract.drawing.matrix import Segment
from extract.ofd.numbers import number

_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_TAKES = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}


def segments(data: str) -> list[Segment]:
    """Return the segments of a path; raise ValueError for what is no path."""
    drawn: list[Segment] = []
    here = start = (0.0, 0.0)
    for letter, values in _commands(data):
        end = values[-2], values[-1]
        match letter:
            case "S" | "M":
                drawn.append(("m", values))
                start = end
            case "L":
                drawn.append(("l", values))
            case "B":
                drawn.append(("c", values))
            case "Q":
                drawn.append(("c", _raised(here, values)))
            case "A":
                drawn.extend(_arc(here, values))
            case _:
                drawn.append(("h", ()))
                end = start
        here = end
    return drawn


def _commands(data: str) -> Iterator[tuple[str, tuple[float, ...]]]:
    letter = ""
    waiting: list[float] = []
    for token in _TOKEN.findall(data):
        if token.isalpha():
            if waiting or token not in _TAKES:
                raise ValueError(f"no path: {data[:40]}")
            letter = token
            if not _TAKES[letter]:
                yield letter, (0.0, 0.0)
            continue
        waiting.append(number(token, 0.0))
        if len(waiting) == _TAKES.get(letter, 0):
            yield letter, tuple(waiting)
            waiting.clear()
    if waiting:
        raise ValueError(f"no path: {data[:40]}")


def _raised(here: tuple[float, float], values: tuple[float, ...]) -> tuple[float, ...]:
    """Return the cubic curve that is a quadratic one."""
    x, y, to_x, to_y = values
    return (
        (here[0] + 2 * x) / 3,
        (here[1] + 2 * y) / 3,
        (to_x + 2 * x) / 3,
        (to_y + 2 * y) / 3,
        to_x,
        to_y,
    )


def _arc(here: tuple[float, float], values: tuple[float, ...]) -> Iterator[Segment]:
    """Yield the curves that are an arc of an ellipse, by its ends (as SVG has it)."""
    rx, ry, degrees, large, sweep, to_x, to_y = values
    if here == (to_x, to_y):
        return
    if not rx or not ry:
        yield "l", (to_x, to_y)
        return
    turn = radians(degrees)
    half_x, half_y = (here[0] - to_x) / 2, (here[1] - to_y) / 2
    x = cos(turn) * half_x + sin(turn) * half_y
    y = cos(turn) * half_y - sin(turn) * half_x
    short = max(1.0, hypot(x / rx, y / ry))
    rx, ry = abs(rx) * short, abs(ry) * short
    under = (rx * ry) ** 2 - (rx * y) ** 2 - (ry * x) ** 2
    factor = sqrt(max(0.0, under) / max((rx * y) ** 2 + (ry * x) ** 2, 1e-12))
    factor = -factor if bool(large) == bool(sweep) else factor
    mid_x, mid_y = factor * rx * y / ry, -factor * ry * x / rx
    centre = (
        cos(turn) * mid_x - sin(turn) * mid_y + (here[0] + to_x) / 2,
        sin(turn) * mid_x + cos(turn) * mid_y + (here[1] + to_y) / 2,
    )
    first = _angle((x - mid_x) / rx, (y - mid_y) / ry)
    swept = _angle((-x - mid_x) / rx, (-y - mid_y) / ry) - first
    if sweep and swept < 0:
        swept += 2 * pi
    elif not sweep and swept > 0:
        swept -= 2 * pi
    yield from _curves((rx, ry, turn), centre, first, swept)


def _angle(x: float, y: float) -> float:
    length = hypot(x, y)
    return copysign(acos(max(-1.0, min(1.0, x / length))), y) if length else 0.0


def _curves(
    shape: tuple[float, float, float], centre: tuple[float, float], first: float, swept: float
) -> Iterator[Segment]:
    rx, ry, turn = shape
    count = max(1, ceil(abs(swept) / (pi / 2)))
    step = swept / count
    reach = 4 / 3 * tan(step / 4)

    def placed(x: float, y: float) -> tuple[float, float]:
        return (
            centre[0] + cos(turn) * rx * x - sin(turn) * ry * y,
            centre[1] + sin(turn) * rx * x + cos(turn) * ry * y,
        )

    for piece in range(count):
        a, b = first + piece * step, first + (piece + 1) * step
        one = placed(cos(a) - reach * sin(a), sin(a) + reach * cos(a))
        other = placed(cos(b) + reach * sin(b), sin(b) - reach * cos(b))
        yield "c", (*one, *other, *placed(cos(b), sin(b)))
