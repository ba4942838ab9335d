"""Reads pictures of pages (.png, .jpg, .bmp, .tif, or a folder of them) as the scan they are.

They become the pages of a PDF, as a scanner writes them. A picture's whole size is known before
anything is unpacked. What is seen counts: a camera's turn is undone, what is transparent shows
white paper, sixteen bits and palettes become plain greys or colours.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common.names import shown_name
from common.refusal import Refusal, refusal
from extract.files.pictures import document_sha256, pages_of
from extract.notes import reader_note
from extract.pdf.reader import read_pdf
from extract.scan.pages import MOST_SCANNED, grant_glance
from schemas.records.document import Document
from schemas.vocabulary import Severity

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "BMP", "TIFF")
MOST_PIXELS = 100_000_000
"""Of one picture: A3 scanned at 700 dots an inch; it takes a third of a gigabyte."""
KEPT_PIXELS = 40_000_000
"""What is larger is made smaller: print is read at 300 dots an inch at most."""
POINTS_PER_INCH = 72.0
LONG_SIDE, SHORT_SIDE = 11.69, 8.27
"""Inches of A4, which a page is taken for whose picture does not say how large it is."""
LEAST_DPI, MOST_DPI = 100.0, 1200.0
"""Stated resolutions out of these bounds are a screen's or made up."""
LARGEST_SIDE = 190.0
"""Inches; a PDF page can be no larger."""
_REDUCED = 254  # the tag of a .tif's page that says that it is a small copy of another one


@dataclass(frozen=True, slots=True)
class PictureSheet:
    """One page: its picture, grey or in colours, and how many of its pixels make an inch."""

    picture: Image
    dpi: float


def read_pictures(path: Path) -> Document:
    """Return the tables that the pictures of a file or folder show; places are on the picture.

    Raises Refusal for what is no whole picture of a page, and for what a scan is refused for.
    """
    with tempfile.TemporaryDirectory() as folder:
        document = read_pdf(as_pdf(path, Path(folder) / path.name))
    document = replace(
        document,
        source_name=shown_name(path.name),
        source_format="picture",
        source_sha256=document_sha256(path),
    )
    if not path.is_dir():
        return document
    names = "、".join(shown_name(page.name) for page in pages_of(path))
    joined = reader_note("pages_of_folder", severity=Severity.INFO, names=names)
    return replace(document, notes=(joined, *document.notes))


def as_pdf(path: Path, out: Path) -> Path:
    """Write the pictures of a file or folder as a PDF of one page each, losing nothing.

    Raises Refusal for a picture that is damaged or larger than any page, and for too many.
    """
    import pypdfium2

    with pypdfium2.PdfDocument.new() as pdf:
        for sheet in _sheets(path, pages_of(path)):
            _add_page(pdf, sheet)
        pdf.save(out)
    return out


def _sheets(path: Path, files: Sequence[Path]) -> Iterator[PictureSheet]:
    count = 0
    for file in files:
        for sheet in _sheets_of(file):
            count += 1
            if max(count, len(files)) > MOST_SCANNED:
                raise refusal(
                    "extract.too_many_pages.scanned",
                    file=path.name,
                    pages=max(count, len(files)),
                    most=MOST_SCANNED,
                )
            yield sheet


def _sheets_of(file: Path) -> Iterator[PictureSheet]:
    """Yield a file's pages; a .tif may have several, and small copies of them."""
    from PIL import Image

    try:
        with (
            warnings.catch_warnings(action="ignore"),
            file.open(
                "rb"
            ) as stream,  # by its name Pillow would map it, and scramble a turned .tif
            Image.open(stream, formats=FORMATS) as opened,
        ):
            frames = getattr(opened, "n_frames", 1) if opened.format == "TIFF" else 1
            for number in range(frames):
                opened.seek(number)
                if number and getattr(opened, "tag_v2", {}).get(_REDUCED, 0) & 1:
                    continue
                grant_glance()
                yield _sheet(opened, file)
    except Refusal:
        raise
    except Image.DecompressionBombError as error:
        raise _too_large(file, 0) from error
    except Exception as error:  # damaged bytes raise anything there
        raise refusal("extract.damaged.picture", file=file.name) from error


def _sheet(opened: Image, file: Path) -> PictureSheet:
    from PIL import ImageOps

    pixels = opened.width * opened.height
    if pixels > MOST_PIXELS:
        raise _too_large(file, pixels)
    stated = _stated_dpi(opened)
    picture = _plain(ImageOps.exif_transpose(opened))
    part = min(1.0, (KEPT_PIXELS / pixels) ** 0.5)
    dpi = _dpi(picture, stated)
    if part < 1:
        size = max(1, round(picture.width * part)), max(1, round(picture.height * part))
        picture = picture.resize(size, reducing_gap=2.0)
    return PictureSheet(picture, dpi * part)


def _too_large(file: Path, pixels: int) -> Refusal:
    most = MOST_PIXELS // 1_000_000
    return refusal("extract.too_large.picture", file=file.name, found=pixels, most=most)


def _plain(picture: Image) -> Image:
    """Return the picture as it is seen on white paper, in greys or colours of eight bits."""
    from PIL import Image

    if picture.mode.startswith(("I", "F")):
        return _stretched(picture)
    if picture.has_transparency_data:
        seen = picture.convert("RGBA")
        paper = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(paper, seen).convert("RGB")
    return picture.convert("L" if picture.mode in ("1", "L") else "RGB")


def _stretched(picture: Image) -> Image:
    """Return a picture of numbers of more than eight bits in greys, the largest as white."""
    import numpy as np
    from PIL import Image

    numbers = np.nan_to_num(np.asarray(picture, np.float32), posinf=0.0, neginf=0.0)
    greys = numbers * (255 / max(float(numbers.max()), 1e-6))
    return Image.fromarray(np.clip(greys, 0, 255).astype(np.uint8))


def _stated_dpi(picture: Image) -> float | None:
    """Return the resolution that a picture states; None where it is no scanner's."""
    try:
        across, down = map(float, picture.info.get("dpi") or (0, 0))
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return across if across == down and LEAST_DPI <= across <= MOST_DPI else None


def _dpi(picture: Image, stated: float | None) -> float:
    """Return how many pixels make an inch, of a page like A4 where nothing is stated."""
    wide = SHORT_SIDE if picture.height >= picture.width else LONG_SIDE
    return max(stated or picture.width / wide, max(picture.size) / LARGEST_SIDE)


def _add_page(pdf: Any, sheet: PictureSheet) -> None:
    import pypdfium2

    width, height = (side * POINTS_PER_INCH / sheet.dpi for side in sheet.picture.size)
    drawn = pypdfium2.PdfImage.new(pdf)
    drawn.set_bitmap(pypdfium2.PdfBitmap.from_pil(sheet.picture))
    drawn.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
    page = pdf.new_page(width, height)
    page.insert_obj(drawn)
    page.gen_content()
    page.close()
