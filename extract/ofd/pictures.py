"""Pictures of an OFD package become pictures of a PDF; what cannot be opened, a grey stand-in."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from common.refusal import Refusal
from extract.drawing.pdf_file import PdfFile
from extract.ofd.container import OfdPackage

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 64 * 2**20
MOST_PIXELS = 60_000_000
"""No page that was scanned has more pixels."""
_GREY = bytes([128])


class Pictures:
    """Adds pictures to a file, each once; ``unreadable`` counts those that cannot be opened."""

    def __init__(self, package: OfdPackage, file: PdfFile) -> None:
        self._package = package
        self._file = file
        self._numbers: dict[str | None, int] = {}
        self.unreadable = 0

    def number(self, part: str | None) -> int:
        """Return the object of a picture, or of its stand-in."""
        if part not in self._numbers:
            self._numbers[part] = self._add(part)
        return self._numbers[part]

    def _add(self, part: str | None) -> int:
        picture = None if part is None else self._opened(part)
        if picture is None:
            self.unreadable += 1
            return self._file.add_stream(_entries(1, 1, "DeviceGray"), _GREY)
        space = "DeviceGray" if picture.mode == "L" else "DeviceRGB"
        return self._file.add_stream(_entries(*picture.size, space), picture.tobytes())

    def _opened(self, part: str) -> Image | None:
        """Return a picture in grey or colours on white; None for what is none or too large."""
        import PIL.Image

        try:
            data = self._package.content(part, MOST_BYTES)
            with PIL.Image.open(io.BytesIO(data)) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    return None
                return _on_white(picture)
        except Refusal as refused:
            if refused.code != "damaged":
                raise
        except Exception:  # noqa: BLE001 - damaged pictures raise anything
            return None
        return None


def _on_white(picture: Image) -> Image:
    import PIL.Image

    if picture.mode in ("1", "L"):
        return picture.convert("L")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        white = PIL.Image.new("RGBA", seen.size, "white")
        return PIL.Image.alpha_composite(white, seen).convert("RGB")
    return picture.convert("RGB")


def _entries(width: int, height: int, space: str) -> str:
    return (
        f"/Type /XObject /Subtype /Image /Width {width} /Height {height} "
        f"/ColorSpace /{space} /BitsPerComponent 8"
    )
