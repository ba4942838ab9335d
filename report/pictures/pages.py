"""Pictures of a PDF's pages, upright and light enough for sixty of them on a laptop."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import pi
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common.processes import pages_done
from report.boxes import Edges
from report.pictures.turn import turn_of_cells

if TYPE_CHECKING:
    from PIL.Image import Image

#: Pixels of a picture's longer side: 8-point characters on A4 stay readable at twice the size.
LONGER_SIDE = 1800
#: A drawn page of text takes about 50 KB without loss; what takes more is a photograph.
LIGHT = 140_000
_STEP = 17
"""Between the tones that are kept: sixteen of each colour, with black and white among them."""
_TONES = [round(tone / _STEP) * _STEP for tone in range(256)] * 3
_QUALITY = 50
_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One page's picture: its file's name and the upright page's size in points."""

    page: int
    name: str
    width: float
    height: float


def draw_pages(
    source: Path,
    folder: Path,
    pages: Sequence[int],
    boxes: Mapping[int, Sequence[Edges]] | None = None,
) -> list[PagePicture]:
    """Draw these pages (from 1) of a PDF into ``folder``; pages it does not have are left out.

    ``boxes`` are those of the cells read from each page: a scan may have been turned to read it.
    """
    import pypdfium2

    known = boxes or {}
    pictures = []
    with pypdfium2.PdfDocument(source.read_bytes()) as document:
        for done, page in enumerate(pages):
            pages_done(done, len(pages))
            if page <= len(document):
                drawn = _draw_page(document[page - 1], page, folder, known.get(page, ()))
                pictures.append(drawn)
    return pictures


def _draw_page(page: Any, number: int, folder: Path, boxes: Sequence[Edges]) -> PagePicture:
    turns = turn_of_cells(page, boxes, main_turn(page))
    width, height = page.get_size()
    scale = min(LONGER_SIDE / max(width, height), 6.0)
    picture = page.render(scale=scale, rotation=(-90 * turns) % 360).to_pil().convert("RGB")
    name = f"{number:04d}.webp"
    (folder / name).write_bytes(lightest(picture, LIGHT))
    if turns % 2:
        width, height = height, width
    return PagePicture(number, name, round(width, 2), round(height, 2))


def main_turn(page: Any) -> int:
    """Return the direction of reading of most characters, in clockwise quarter turns.

    The readers turn a page whose table is printed sideways; its picture is turned alike.
    """
    from pypdfium2 import raw

    text = page.get_textpage()
    count = min(text.count_chars(), _CHARACTERS)
    turns = Counter(
        _quarter_turns(raw.FPDFText_GetCharAngle(text, place))
        for place in range(count)
        if text.get_text_range(place, 1).strip()
    )
    drawn = turns.most_common(1)[0][0] if turns else 0
    return (drawn + int(page.get_rotation()) // 90) % 4


def _quarter_turns(angle: float) -> int:
    """Return an angle in radians, which PDFium counts clockwise, as quarter turns."""
    return round(angle / (pi / 2)) % 4


def lightest(picture: Image, most_bytes: int) -> bytes:
    """Return the picture as WebP: without loss in few tones, unless that is a photograph's weight.

    A photograph is kept with loss where that is lighter.
    """
    exact = _webp(picture.point(_TONES), lossless=True, quality=0)
    if len(exact) <= most_bytes:
        return exact
    return min(exact, _webp(picture, quality=_QUALITY), key=len)


def _webp(picture: Image, **options: Any) -> bytes:
    content = io.BytesIO()
    picture.save(content, "WEBP", method=2, **options)
    return content.getvalue()
