"""Which way a page was turned to be read, judged by the cells that were read from it.

A scan has no characters that say which way is up. The reader turned it, and the cells it found lie
on the printed rules only if the picture is turned alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from report.boxes import Edges

if TYPE_CHECKING:
    import numpy as np

_SCALE = 1.5  # pixels a point
_INK = 190  # of 255; a thin rule drawn this small is grey
_NEAR = 5  # pixels: edges of a page that lies askew are off by one or two
_CELLS = 80
_POINTS = 12  # an edge
_CLEARLY = 0.15


def turn_of_cells(page: Any, boxes: Sequence[Edges], usual: int) -> int:
    """Return the clockwise quarter turns in which the cells' edges lie on print.

    ``page`` is pypdfium2's. ``usual`` is taken unless another turn fits clearly better.
    """
    if not boxes:
        return usual
    step = max(1, len(boxes) // _CELLS)
    looked_at = boxes[::step]
    enough = _share_on_ink(_tones(page, usual), looked_at) + _CLEARLY
    if enough >= 1:  # whatever the other turns give, which takes as long to see
        return usual
    others = (turns for turns in range(4) if turns != usual)
    shares = {turns: _share_on_ink(_tones(page, turns), looked_at) for turns in others}
    best = max(shares, key=lambda turns: shares[turns])
    return best if shares[best] > enough else usual


def _tones(page: Any, turns: int) -> np.ndarray[Any, Any]:
    """Return the page in grey, turned, every pixel as dark as the darkest one near it."""
    import numpy as np

    picture = page.render(scale=_SCALE, rotation=(-90 * turns) % 360).to_pil().convert("L")
    return _darkest_near(_darkest_near(np.asarray(picture)).T).T


def _darkest_near(tones: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return every pixel as dark as the darkest one near it in its column."""
    import numpy as np

    wide = np.pad(tones, ((_NEAR // 2, _NEAR // 2), (0, 0)), mode="edge")
    darkest: np.ndarray[Any, Any] = np.minimum.reduce(
        [wide[start : start + len(tones)] for start in range(_NEAR)]
    )
    return darkest


def _share_on_ink(tones: np.ndarray[Any, Any], boxes: Sequence[Edges]) -> float:
    height, width = tones.shape
    points = [(round(x * _SCALE), round(y * _SCALE)) for box in boxes for x, y in _along(box)]
    dark = sum(x < width and y < height and tones[y, x] < _INK for x, y in points)
    return float(dark / len(points))


def _along(box: Edges) -> Iterator[tuple[float, float]]:
    """Yield points on all four edges, none at a corner."""
    x0, top, x1, bottom = box
    for number in range(1, _POINTS + 1):
        part = number / (_POINTS + 1)
        x, y = x0 + part * (x1 - x0), top + part * (bottom - top)
        yield from ((x, top), (x, bottom), (x0, y), (x1, y))
