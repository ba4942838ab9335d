"""Numbers, boxes, matrices and lists of offsets as OFD writes them; all lengths in millimetres."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import NamedTuple

from extract.drawing.matrix import IDENTITY, Matrix

LARGEST = 1e6
"""No honest place or size is larger; what is larger breaks whatever draws it."""


class Area(NamedTuple):
    """A box: its upper left corner, its width and height."""

    x: float
    y: float
    width: float
    height: float


def number(text: str | None, default: float) -> float:
    """Return a number; raise ValueError for what is none, and for one beyond all measure."""
    if text is None or not text.strip():
        return default
    value = float(text)
    if not isfinite(value) or abs(value) > LARGEST:
        raise ValueError(f"no measure of a page: {text[:40]}")
    return value


def numbers(text: str | None) -> list[float]:
    """Return the numbers of a list, which white space parts."""
    return [number(part, 0.0) for part in (text or "").split()]


def area(text: str | None) -> Area | None:
    """Return a box; None where none is given. Raises ValueError for what is no box."""
    if text is None or not text.strip():
        return None
    x, y, width, height = numbers(text)
    return Area(x, y, width, height)


def matrix(text: str | None) -> Matrix:
    """Return a matrix, by default the one that moves nothing; raise ValueError for what is none."""
    if text is None or not text.strip():
        return IDENTITY
    a, b, c, d, e, f = numbers(text)
    return a, b, c, d, e, f


def offsets(text: str | None, most: int) -> list[float]:
    """Return at most so many offsets of a ``DeltaX`` or ``DeltaY``.

    ``g 3 1.5`` says 1.5 three times. Raises ValueError for a list that is written otherwise.
    """
    found: list[float] = []
    for value, times in _repeated((text or "").split()):
        found.extend([value] * min(times, most - len(found)))
        if len(found) >= most:
            break
    return found


def _repeated(parts: list[str]) -> Iterator[tuple[float, int]]:
    rest = iter(parts)
    for part in rest:
        if part != "g":
            yield number(part, 0.0), 1
            continue
        times, value = next(rest, ""), next(rest, "")
        yield number(value or "?", 0.0), max(0, int(times))
