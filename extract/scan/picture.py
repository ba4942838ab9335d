"""A page that is a picture, made fit for reading: upright, flat white paper, seals taken out.

Pixels here are rows and columns of arrays; points are those of the page, ``scale`` pixels each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any, TypeAlias

import cv2
import numpy as np
import pypdfium2.raw as pdfium

POINTS_PER_INCH = 72.0
LOWEST_DPI, USUAL_DPI, HIGHEST_DPI = 150.0, 200.0, 300.0
"""Pictures are read at their own resolution within these bounds."""
MOST_PIXELS = 40_000_000
"""Larger pages than A2 at 300 dots an inch are read at a lower resolution."""
REDDER = 35
"""A pixel is red whose red is brighter by this (of 255) than its green and blue."""
SEAL = 40.0
"""A red shape at least this wide and high (points) is a seal; smaller ones are print."""
SEAL_INK = 0.88
"""Seen through red, what is brighter than this part of the seal's own brightness is no print."""
FAINT = 0.45
"""What is not darker than this part is print only where its neighbours are: else a trace of red."""
PAPER_PATCH = 12.0
"""Paper is the brightest that is seen within this many points."""
STEEPEST = 5.0
"""Pages are turned upright by at most this many degrees."""
INK = 0.72
"""What is darker than this part of the paper is ink."""
FAINT_INK = 0.82
INKED = 150
"""In a flattened picture what is darker than this (of 255) is the body of a stroke."""
CLEAN = 0.88
"""What is brighter than this part of the paper is paper."""
AS_GOOD = 0.995
"""Angles at which rows are nearly as sharp as at the best are as good: their middle is taken."""
MOST_POINTS = 150_000
TILTED = 0.003
"""A frame of rules whose corners lie farther (of its longer side) off a rectangle's is tilted."""
FRAME, CORNER = 0.2, 0.01
"""A frame is at least this part of the page wide and high; its corners are found this exactly."""

SIDE_POINTS, RULED = 200, 0.7
"""A side of a frame has ink at this part of so many points of it."""

Pixels: TypeAlias = np.ndarray[Any, np.dtype[np.uint8]]
Matrix: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One upright page: ``grey`` (0 ink to 255 paper), its scale, and how it was turned.

    ``width`` and ``height`` are the page's, in points; ``skew`` the degrees (clockwise) that the
    print had on the page; ``tilt`` maps pixels of the picture to where a camera saw them, if a
    table on it was no rectangle.
    """

    number: int
    grey: Pixels
    scale: float
    width: float
    height: float
    skew: float
    tilt: Matrix | None = None

    @property
    def ink(self) -> Pixels:
        """Return where ink is: 1 or 0 for each pixel."""
        return (self.grey < 255 * INK).astype(np.uint8)

    @property
    def faint_ink(self) -> Pixels:
        """Return where ink is, with thin strokes that a bad scan makes pale."""
        return (self.grey < 255 * FAINT_INK).astype(np.uint8)

    def turned(self, quarters: int) -> PagePicture:
        """Return the picture turned counter-clockwise by quarter turns."""
        sides = (self.height, self.width) if quarters % 2 else (self.width, self.height)
        grey = np.ascontiguousarray(np.rot90(self.grey, quarters))
        return replace(self, grey=grey, width=sides[0], height=sides[1], tilt=None)

    def on_page(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the upright picture lies on the page as it was scanned."""
        angle = np.deg2rad(self.skew)
        if self.tilt is not None:
            seen = self.tilt @ np.array([x * self.scale, y * self.scale, 1.0])
            x, y = seen[:2] / seen[2] / self.scale
        across, down = x - self.width / 2, y - self.height / 2
        return (
            float(self.width / 2 + across * np.cos(angle) - down * np.sin(angle)),
            float(self.height / 2 + across * np.sin(angle) + down * np.cos(angle)),
        )


def page_to_picture(page: Any, number: int) -> PagePicture:
    """Return a PDF page as an upright picture without seals; ``page`` is pypdfium2's."""
    width, height = page.get_size()
    largest = (MOST_PIXELS / max(1.0, width * height)) ** 0.5
    scale = min(_resolution(page) / POINTS_PER_INCH, largest)
    seen = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False).to_numpy()
    flat = flatten(without_seals(seen[:, :, :3] if seen.ndim == 3 else seen, scale), scale)
    skew = find_skew(flat, scale)
    upright = turn_upright(flat, skew)
    tilt = find_tilt(upright)
    if tilt is not None:
        upright = _as_seen_from(upright, tilt)
    return PagePicture(number, upright, scale, width, height, skew, tilt)


def _resolution(page: Any) -> float:
    """Return the dots per inch of the largest picture on a page, within bounds."""
    found = []
    for picture in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = picture.get_bounds()
        pixels = max(picture.get_px_size())
        length = max(right - left, top - bottom)
        if length > 0:
            found.append((length, pixels / length * POINTS_PER_INCH))
    dpi = max(found)[1] if found else USUAL_DPI
    return min(max(dpi, LOWEST_DPI), HIGHEST_DPI)


def without_seals(seen: Pixels, scale: float) -> Pixels:
    """Return the picture in grey; where a red seal lies over the print, only the print.

    Red ink is as bright as paper in the red channel, black print is not. Red print outside seals
    (a red heading) stays.
    """
    if seen.ndim == 2:
        return seen
    red, others = seen[:, :, 0], np.maximum(seen[:, :, 1], seen[:, :, 2])
    grey: Pixels = cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY)
    stained = (cv2.subtract(red, others) > REDDER).astype(np.uint8)
    if not stained.any():
        return grey
    around = cv2.dilate(stained, np.ones((5, 5), np.uint8)) > 0
    for left, top, right, bottom in _seals(stained, scale):
        part = slice(top, bottom), slice(left, right)
        stamped = np.median(red[part][stained[part] > 0])
        lit = np.where(red[part] > SEAL_INK * stamped, 255, red[part])
        faint = around[part] & (lit > FAINT * stamped)
        lit = np.where(faint, cv2.medianBlur(lit.astype(np.uint8), 3), lit)
        grey[part] = np.where(around[part], lit, np.maximum(grey[part], red[part]))
    return grey


def _seals(stained: Pixels, scale: float) -> list[tuple[int, int, int, int]]:
    """Return the boxes (pixels) of red shapes as large as a seal, pieces near each other joined."""
    reach = max(3, int(4 * scale))
    joined = cv2.dilate(stained, np.ones((reach, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    boxes = []
    for left, top, width, height, _ in stats[1:count]:
        if min(width, height) >= SEAL * scale:
            boxes.append((int(left), int(top), int(left + width), int(top + height)))
    return boxes


def flatten(grey: Pixels, scale: float) -> Pixels:
    """Make paper white whatever its shade, shadows included; ink keeps its depth."""
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    reach = max(3, int(PAPER_PATCH * scale / 4)) | 1
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    paper = cv2.blur(paper, (reach, reach))
    paper = cv2.resize(paper, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    part = grey.astype(np.float32) / np.maximum(paper.astype(np.float32), 60)
    flat: Pixels = np.clip(part * (255 / CLEAN), 0, 255).astype(np.uint8)
    return flat


def find_skew(grey: Pixels, scale: float) -> float:
    """Return by how many degrees the print is turned clockwise: rows of ink are sharpest there."""
    shrink = min(1.0, 1.4 / scale)
    small = cv2.resize(grey, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    ys, xs = np.nonzero(small < 255 * INK)
    if len(ys) < 50:
        return 0.0
    step = max(1, len(ys) // MOST_POINTS)
    ys, xs = ys[::step].astype(np.float64), xs[::step] - small.shape[1] / 2
    best = 0.0
    for reach, pace, bins in ((STEEPEST, 0.2, 0.25), (0.3, 0.05, 1.0), (0.08, 0.01, 2.0)):
        steps = range(-round(reach / pace), round(reach / pace) + 1)
        scores = {best + pace * i: _sharpness(xs, ys, best + pace * i, bins) for i in steps}
        least = max(scores.values()) * AS_GOOD
        best = fmean(angle for angle, score in scores.items() if score >= least)
    return best if abs(best) <= STEEPEST else 0.0


def _sharpness(xs: Any, ys: Any, degrees: float, bins: float) -> float:
    """Return how unevenly ink falls on rows (``bins`` a pixel) at a slope in degrees."""
    rows = np.round(bins * (ys - xs * np.tan(np.deg2rad(degrees)))).astype(np.int64)
    counts = np.bincount(rows - rows.min()).astype(np.float64)
    return float((counts**2).sum())


def turn_upright(grey: Pixels, skew: float) -> Pixels:
    """Turn a picture back by its skew about its middle."""
    if abs(skew) < 0.02:
        return grey
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
    turned: Pixels = cv2.warpAffine(
        grey, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=255
    )
    return turned


def find_tilt(grey: Pixels) -> Matrix | None:
    """Return how a camera saw the page: the matrix from a level page to the picture.

    None where the largest frame that rules draw is a rectangle, as on every scan, or has no four
    corners. Paper that a camera was not held level to shows its tables as trapezes.
    """
    corners = _largest_frame((grey < 255 * INK).astype(np.uint8))
    if corners is None:
        return None
    left, right = corners[[0, 3], 0].mean(), corners[[1, 2], 0].mean()
    top, bottom = corners[[0, 1], 1].mean(), corners[[2, 3], 1].mean()
    level = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)
    off = float(np.abs(corners - level).max())
    if off < TILTED * max(right - left, bottom - top):
        return None
    matrix: Matrix = cv2.getPerspectiveTransform(level, corners)
    return matrix


def _largest_frame(ink: Pixels) -> Any:
    """Return the corners, clockwise from the top left, of the largest shape that ink joins."""
    joined = cv2.dilate(ink, np.ones((3, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    largest = 1 + int((stats[1:, 2] * stats[1:, 3]).argmax()) if len(stats) > 1 else 0
    _, _, width, height, _ = stats[largest]
    if not largest or width < FRAME * ink.shape[1] or height < FRAME * ink.shape[0]:
        return None
    shape = (labels == largest).astype(np.uint8)
    outline = max(cv2.findContours(shape, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0], key=len)
    hull = cv2.convexHull(outline)
    corners = cv2.approxPolyDP(hull, CORNER * cv2.arcLength(hull, True), True).reshape(-1, 2)
    if len(corners) != 4:
        return None
    ordered = _clockwise(corners.astype(np.float32))
    return ordered if _is_ruled(shape, ordered) else None


def _is_ruled(shape: Pixels, corners: Any) -> bool:
    """Tell whether rules run from corner to corner: pieces of worn rules have corners, too."""
    near = cv2.dilate(shape, np.ones((7, 7), np.uint8))
    for one, other in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        across, down = np.linspace(one, other, SIDE_POINTS).round().astype(int).T
        if near[down, across].mean() < RULED:
            return False
    return True


def _clockwise(corners: Any) -> Any:
    """Order four corners: top left, top right, bottom right, bottom left."""
    sums, differences = corners.sum(axis=1), corners[:, 0] - corners[:, 1]
    order = [sums.argmin(), differences.argmax(), sums.argmax(), differences.argmin()]
    return corners[order]


def _as_seen_from(grey: Pixels, tilt: Matrix) -> Pixels:
    height, width = grey.shape
    level: Pixels = cv2.warpPerspective(
        grey,
        tilt,
        (width, height),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderValue=255,
    )
    return level
