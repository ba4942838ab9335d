"""Table rules in a picture: long thin runs of ink become candidate rules in points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import cv2
import numpy as np

from extract.page.page import Mark, Rule
from extract.scan.picture import INK, PagePicture, Pixels

SHORTEST = 9.0
"""A run of ink shorter than this (points) is part of a character."""
SURE = 26.0
"""A run at least this long is a rule; a shorter one is if it ends on rules across it."""
PALE, SURE_IF_PALE = 12.0, 60.0
SMOOTH = 3.0
CONTRAST = 24
"""What is too pale to be ink is a rule if, smoothed over ``SMOOTH`` points, it is this much darker
(of 255) than what lies beside it; if it is not very long, or print is close beside it, only between
two rules across it."""
FLANK = 2.2
FLANK_INK = 0.2
"""Within ``FLANK`` points beside a pale rule at most this part of its length has ink."""
SLENDER, UNBROKEN, UNBROKEN_INK, EVEN = 1.6, 0.97, 0.94, 80
"""A rule with print close beside it is no thicker than this (points); in one row this part of
its length is darker than this part of the paper, and most of it alike within ``EVEN`` (of 255)."""
GAP = 8.0
"""Between two runs in one line a gap no longer than this (points) is a worn rule."""
LONG = 13.5
"""A run at least this long that lies in a rule's line is a piece of that rule."""
HALF = 0.5
"""A run is pale where less than this part of it is ink."""
THICKEST = 4.5
"""A run thicker than this (points) is a bar, not a rule."""
REACH = 2.5
"""A run ends on a rule that it misses by no more than this (points)."""
IN_LINE = 1.2
BREAK = 14.0
"""Two runs are pieces of one broken rule if they lie so close in line and end to end (points)."""
PIECE = 120.0
"""A long rule is reported in pieces of this length (points), for paper that was not flat."""


def find_rules(picture: PagePicture) -> tuple[list[Rule], Pixels]:
    """Return the rules of a page, in points, and a mask of their pixels."""
    grey, scale = picture.grey, picture.scale
    mask = np.zeros_like(grey)
    runs: list[_Run] = []
    for horizontal in (True, False):
        found, pixels = _runs(grey if horizontal else cv2.transpose(grey), horizontal, scale)
        runs.extend(found)
        mask |= pixels if horizontal else pixels.T
    kept = _without_strokes(runs, scale)
    clear = np.zeros_like(mask)
    for run in kept:
        clear[run.part] |= mask[run.part]
    rules = [rule for run in kept for rule in run.rules(mask, scale)]
    return [*rules, *_gaps(kept, scale)], clear


def _gaps(runs: Sequence[_Run], scale: float) -> Iterator[Rule]:
    """Yield what is missing between two runs in one line that are close: a rule worn away."""
    ordered = sorted(runs, key=lambda run: (run.horizontal, run.start))
    for index, run in enumerate(ordered):
        for other in ordered[index + 1 :]:
            if other.horizontal != run.horizontal or other.start > run.end + GAP * scale:
                break
            in_line = abs(run.middle - other.middle) <= IN_LINE * scale
            if in_line and run.end < other.start:
                at = (run.middle + other.middle) / 2 / scale
                yield Rule(run.horizontal, at, run.end / scale, other.start / scale, Mark.THIN_BOX)


class _Run:
    """One straight run of ink: its box in pixels."""

    def __init__(
        self, horizontal: bool, box: tuple[int, int, int, int], pale: bool, crowded: bool = False
    ) -> None:
        self.horizontal = horizontal
        self.pale = pale
        self.crowded = crowded
        self.start, self.low, self.length, self.thickness = box

    @property
    def part(self) -> tuple[slice, slice]:
        along = slice(self.start, self.end)
        across = slice(self.low, self.low + self.thickness)
        return (across, along) if self.horizontal else (along, across)

    @property
    def end(self) -> int:
        return self.start + self.length

    def is_sure(self, scale: float) -> bool:
        """Tell whether the run is a rule by its length alone."""
        return not self.crowded and self.length >= (SURE_IF_PALE if self.pale else SURE) * scale

    @property
    def middle(self) -> float:
        return self.low + self.thickness / 2

    def rules(self, ink: Pixels, scale: float) -> list[Rule]:
        """Return the run as rules in points, long ones in pieces."""
        pixels = ink[self.part] if self.horizontal else ink[self.part].T
        count = max(1, round(self.length / (PIECE * scale)))
        edges = [self.length * number // count for number in range(count + 1)]
        rules = []
        for low, high in pairwise(edges):
            at = (self.low + _height(pixels[:, low:high])) / scale
            start, end = (self.start + low) / scale, (self.start + high) / scale
            rules.append(Rule(self.horizontal, at, start, end, Mark.STROKE))
        return rules


def _height(pixels: Pixels) -> float:
    """Return the middle of the ink, in pixels from the top."""
    rows = pixels.sum(axis=1, dtype=np.int64)
    total = int(rows.sum())
    if not total:
        return len(pixels) / 2
    return float((rows * (np.arange(len(rows)) + 0.5)).sum() / total)


def _runs(grey: Pixels, horizontal: bool, scale: float) -> tuple[list[_Run], Pixels]:
    """Return the runs along the rows of a picture, and their pixels."""
    dark = (grey < 255 * INK).view(np.uint8)
    thick = cv2.dilate(dark, np.ones((3, 1), np.uint8))  # a rule may step from row to row
    inked = _opened(thick, SHORTEST * scale)
    alone, crowded = _by_paper(_opened(_ridges(grey, scale), PALE * scale), dark, scale)
    mask = inked | alone
    runs, thin = [], _thin(mask, scale)
    for box in _boxes(thin):
        left, top, width, height = box
        strong = inked[top : top + height, left : left + width].any(axis=0).mean()
        runs.append(_Run(horizontal, box, bool(strong < HALF)))
    pressed = _thin(crowded, scale)
    runs.extend(
        _Run(horizontal, box, pale=True, crowded=True)
        for box in _boxes(pressed)
        if box[2] >= SURE * scale and _is_unbroken(grey, box, scale)
    )
    return runs, thin | pressed


def _is_unbroken(grey: Pixels, box: tuple[int, int, int, int], scale: float) -> bool:
    """Tell whether one row is evenly dark all along: print has paper between its strokes."""
    left, top, width, height = box
    if height - 2 > SLENDER * scale:
        return False
    part = grey[max(0, top - 1) : top + height + 1, left : left + width]
    # a rule may step from row to row
    straight = np.minimum(np.minimum(part[:-2], part[1:-1]), part[2:])
    darkest = straight[straight.mean(axis=1).argmin()]
    low, high = np.percentile(darkest, (5, 95))
    unbroken = (darkest < 255 * UNBROKEN_INK).mean() >= UNBROKEN
    return bool(unbroken and high - low <= EVEN)


def _labelled(mask: Pixels) -> tuple[Any, Any]:
    """Return the number of its piece for each pixel (0: none), and the box of each piece.

    Short numbers take a third of the time, and there are at most as many pieces as beginnings.
    """
    beginnings = np.count_nonzero(mask[:, 0]) + np.count_nonzero(mask[:, 1:] > mask[:, :-1])
    short = beginnings < np.iinfo(np.uint16).max
    depth = cv2.CV_16U if short else cv2.CV_32S
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=depth)
    return labels, stats


def _boxes(mask: Pixels) -> Iterator[tuple[int, int, int, int]]:
    """Yield left, top, width and height of each piece of a mask."""
    _, stats = _labelled(mask)
    for left, top, width, height, _ in stats[1:]:
        yield int(left), int(top), int(width), int(height)


def _thin(mask: Pixels, scale: float) -> Pixels:
    """Keep the pieces of a mask that are as thin as rules."""
    labels, stats = _labelled(mask)
    thin = (stats[:, 3] - 2 <= THICKEST * scale).astype(np.uint8)
    thin[0] = 0
    kept: Pixels = thin.take(labels)
    return kept


def _by_paper(ridges: Pixels, dark: Pixels, scale: float) -> tuple[Pixels, Pixels]:
    """Part the ridges with paper on both sides from those in print: strokes, or crowded rules."""
    labels, stats = _labelled(ridges)
    alone = np.zeros(len(stats), np.uint8)
    near, far = round(1.0 * scale), round(FLANK * scale)
    for label in range(1, len(stats)):
        left, top, width, height, _ = (int(value) for value in stats[label])
        above = dark[max(0, top - far) : max(0, top - near), left : left + width]
        below = dark[top + height + near : top + height + far, left : left + width]
        inked = [float(side.any(axis=0).mean()) for side in (above, below) if side.size]
        alone[label] = max(inked, default=0.0) <= FLANK_INK
    by_paper: Pixels = alone.take(labels)
    return by_paper, ridges & ~by_paper


def _opened(mask: Pixels, shortest: float) -> Pixels:
    kernel = np.ones((1, max(3, round(shortest))), np.uint8)
    opened: Pixels = cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel)
    return opened


def _ridges(grey: Pixels, scale: float) -> Pixels:
    """Return where a row is darker than the rows around it: rules too pale to be ink."""
    along = cv2.blur(grey, (max(3, round(SMOOTH * scale)), 1))
    across = np.ones((round(THICKEST * scale) | 1, 1), np.uint8)
    hat = cv2.morphologyEx(along, cv2.MORPH_BLACKHAT, across)
    ridges: Pixels = cv2.dilate((hat > CONTRAST).astype(np.uint8), np.ones((3, 1), np.uint8))
    return ridges


def _without_strokes(runs: Sequence[_Run], scale: float) -> list[_Run]:
    """Drop short runs that neither end on rules nor continue a broken rule: strokes."""
    rules = [run for run in runs if run.is_sure(scale)]
    short = [run for run in runs if not run.is_sure(scale)]
    while held := _held(short, rules, scale):
        rules.extend(held)
        short = [run for run in short if run not in held]
    return rules


def _held(short: Sequence[_Run], rules: Sequence[_Run], scale: float) -> list[_Run]:
    """Return the short runs that the rules found so far show to be rules."""
    held = [run for run in short if _is_held(run, rules, scale)]
    return held + [run for run in _bridges(short, rules, scale) if run not in held]


def _bridges(short: Sequence[_Run], rules: Sequence[_Run], scale: float) -> Iterator[_Run]:
    """Yield short runs that lie end to end in one line from one rule across to another."""
    ordered = sorted(short, key=lambda run: (run.horizontal, run.start))
    for index, first in enumerate(ordered):
        if not _ends_on(first, first.start, rules, REACH * scale):
            continue
        chain = [first]
        for run in ordered[index + 1 :]:
            if run.horizontal == first.horizontal and _follows(chain[-1], run, scale):
                chain.append(run)
        if len(chain) > 1 and _ends_on(chain[-1], chain[-1].end, rules, REACH * scale):
            yield from chain


def _follows(run: _Run, other: _Run, scale: float) -> bool:
    in_line = abs(run.middle - other.middle) <= IN_LINE * scale
    return in_line and 0 <= other.start - run.end <= GAP * scale


def _is_held(run: _Run, rules: Sequence[_Run], scale: float) -> bool:
    ends = [_ends_on(run, end, rules, REACH * scale) for end in (run.start, run.end)]
    if all(ends) or run.pale:
        return all(ends)
    return (any(ends) or run.length >= LONG * scale) and _continues_rule(run, rules, scale)


def _ends_on(run: _Run, end: int, rules: Sequence[_Run], reach: float) -> bool:
    return any(
        rule.horizontal != run.horizontal
        and abs(rule.middle - end) <= reach
        and rule.start - reach <= run.middle <= rule.end + reach
        for rule in rules
    )


def _continues_rule(run: _Run, rules: Sequence[_Run], scale: float) -> bool:
    """Tell whether a rule of the same direction lies in the run's line, not far from its end."""
    return any(
        rule.horizontal == run.horizontal
        and abs(rule.middle - run.middle) <= IN_LINE * scale
        and max(rule.start - run.end, run.start - rule.end) <= BREAK * scale
        for rule in rules
    )
