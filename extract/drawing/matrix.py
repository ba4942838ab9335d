"""Matrices as a PDF has them, and segments of paths that they move."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians, sin, sqrt

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
Segment = tuple[str, tuple[float, ...]]
"""``m``, ``l``, ``c`` or ``h`` with the points it takes."""


def then(first: Matrix, second: Matrix) -> Matrix:
    """Return the matrix that does what the first does and then what the second does."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def moved(x: float, y: float) -> Matrix:
    """Return the matrix that moves by so much."""
    return (1.0, 0.0, 0.0, 1.0, x, y)


def turned(degrees: float) -> Matrix:
    """Return the matrix that turns clockwise where y runs down."""
    if not degrees:
        return IDENTITY
    angle = radians(degrees)
    return (cos(angle), sin(angle), -sin(angle), cos(angle), 0.0, 0.0)


def scale_of(by: Matrix) -> float:
    """Return by how much a matrix makes lengths larger, on the average of its two directions."""
    return sqrt(abs(by[0] * by[3] - by[1] * by[2]))


def moved_point(by: Matrix, x: float, y: float) -> tuple[float, float]:
    """Return a point moved by a matrix."""
    a, b, c, d, e, f = by
    return a * x + c * y + e, b * x + d * y + f


def placed(drawn: Sequence[Segment], by: Matrix) -> list[Segment]:
    """Return segments moved by a matrix."""
    moved_ones = []
    for operator, values in drawn:
        points = (moved_point(by, *values[at : at + 2]) for at in range(0, len(values), 2))
        moved_ones.append((operator, tuple(each for point in points for each in point)))
    return moved_ones
