"""Painted paths become candidate rules; white paint and backgrounds do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from extract.page.page import Mark, Rule

THIN = 3.0
"""A filled box no thicker than this (points) is a drawn rule."""
THICKEST_STROKE = 5.0
"""A stroked line thicker than this is a bar, not a rule."""
STRAIGHT = 0.6
"""A segment that leaves its axis by no more than this (points) lies on it."""
WHITE = 0.985
"""Paint at least this bright in every channel cannot be seen on paper."""

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]


class Rect(NamedTuple):
    """A box in any one coordinate system, low corner first."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def thickness(self) -> float:
        """Return the shorter side."""
        return min(self.x1 - self.x0, self.y1 - self.y0)

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point lies inside."""
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1

    def meet(self, other: Rect) -> Rect | None:
        """Return what both boxes cover, or None."""
        x0, y0 = max(self.x0, other.x0), max(self.y0, other.y0)
        x1, y1 = min(self.x1, other.x1), min(self.y1, other.y1)
        return Rect(x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


class Subpath(NamedTuple):
    """One subpath in page space: its corners, and which of its pieces are straight."""

    points: list[Point]
    straight: list[bool]

    def box(self) -> Rect:
        """Return the smallest box around the corners."""
        return bounds(self.points)


def bounds(points: Sequence[Point]) -> Rect:
    """Return the smallest box around some points."""
    xs = [x for x, _ in points]
    ys = [y for _, y in points]
    return Rect(min(xs), min(ys), max(xs), max(ys))


def box_on_page(matrix: Matrix, box: Sequence[float]) -> Rect:
    """Return the smallest upright box around a box that a matrix moves."""
    x0, y0, x1, y1 = box
    return bounds([move(matrix, x, y) for x in (x0, x1) for y in (y0, y1)])


def move(matrix: Matrix, x: float, y: float) -> Point:
    """Return a point moved by a matrix."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def is_white(color: Any, space: str) -> bool:
    """Tell whether paint of this colour cannot be seen on white paper."""
    parts = color if isinstance(color, (tuple, list)) else (color,)
    if not parts or not all(isinstance(part, (int, float)) for part in parts):
        return False
    if space in ("Separation", "DeviceN") or len(parts) == 4:
        return all(part <= 1 - WHITE for part in parts)
    return space != "Indexed" and all(part >= WHITE for part in parts)


def path_to_subpaths(path: Sequence[Any], matrix: Matrix) -> list[Subpath]:
    """Split a path into subpaths and move their corners onto the page."""
    subpaths: list[Subpath] = []
    for operator, *values in path:
        if operator == "m":
            subpaths.append(Subpath([move(matrix, *values)], []))
        elif not subpaths:
            continue
        elif operator == "h":
            subpaths[-1].points.append(subpaths[-1].points[0])
            subpaths[-1].straight.append(True)
        else:
            subpaths[-1].points.append(move(matrix, *values[-2:]))
            subpaths[-1].straight.append(operator == "l")
    return [subpath for subpath in subpaths if subpath.straight]


def strokes_to_rules(subpaths: Sequence[Subpath], width: float) -> Iterator[Rule]:
    """Yield a rule for each straight piece of stroked subpaths that lies along an axis."""
    if width > THICKEST_STROKE:
        return
    for points, straight in subpaths:
        mark = Mark.STROKE if len(straight) < 3 else Mark.BOX_EDGE
        for index, is_straight in enumerate(straight):
            if is_straight:
                yield from _piece_to_rule(points[index], points[index + 1], mark)


def fills_to_rules(subpaths: Sequence[Subpath]) -> Iterator[Rule]:
    """Yield rules for filled subpaths: thin boxes, frames of two boxes, edges of larger fills."""
    boxes = [subpath.box() for subpath in subpaths]
    if len(boxes) == 2 and (frame := _frame_sides(*boxes)):
        for side in frame:
            yield from _thin_box_to_rules(side)
        return
    for subpath, box in zip(subpaths, boxes, strict=True):
        if box.thickness <= THIN:
            yield from _thin_box_to_rules(box)
        elif len(subpath.points) <= 5 and all(subpath.straight):
            yield from _sides(box)


def _piece_to_rule(start: Point, end: Point, mark: Mark) -> Iterator[Rule]:
    (x0, y0), (x1, y1) = start, end
    across, down = abs(x1 - x0), abs(y1 - y0)
    if across > down and down <= STRAIGHT:
        yield Rule(True, (y0 + y1) / 2, min(x0, x1), max(x0, x1), mark)
    elif down > across and across <= STRAIGHT:
        yield Rule(False, (x0 + x1) / 2, min(y0, y1), max(y0, y1), mark)


def _thin_box_to_rules(box: Rect) -> Iterator[Rule]:
    """Yield the rule that a thin box is; a dot may belong to a rule either way."""
    across, down = box.x1 - box.x0, box.y1 - box.y0
    if across >= down / 2:
        yield Rule(True, (box.y0 + box.y1) / 2, box.x0, box.x1, Mark.THIN_BOX)
    if down >= across / 2:
        yield Rule(False, (box.x0 + box.x1) / 2, box.y0, box.y1, Mark.THIN_BOX)


def _sides(box: Rect) -> Iterator[Rule]:
    yield Rule(True, box.y0, box.x0, box.x1, Mark.FILL_EDGE)
    yield Rule(True, box.y1, box.x0, box.x1, Mark.FILL_EDGE)
    yield Rule(False, box.x0, box.y0, box.y1, Mark.FILL_EDGE)
    yield Rule(False, box.x1, box.y0, box.y1, Mark.FILL_EDGE)


def _frame_sides(first: Rect, second: Rect) -> list[Rect] | None:
    """Return the four thin sides between an outer and an inner box, or None if it is no frame."""
    outer, inner = (first, second) if first.x0 <= second.x0 else (second, first)
    gaps = (
        inner.x0 - outer.x0,
        inner.y0 - outer.y0,
        outer.x1 - inner.x1,
        outer.y1 - inner.y1,
    )
    if min(gaps) < 0 or max(gaps) > THIN or max(gaps) == 0:
        return None
    sides = [
        Rect(outer.x0, outer.y0, outer.x1, inner.y0),
        Rect(outer.x0, inner.y1, outer.x1, outer.y1),
        Rect(outer.x0, outer.y0, inner.x0, outer.y1),
        Rect(inner.x1, outer.y0, outer.x1, outer.y1),
    ]
    return [
        side
        for side, gap in zip(sides, (gaps[1], gaps[3], gaps[0], gaps[2]), strict=True)
        if gap > 0
    ]
