"""Pictures of an OFD package become pictures of a PDF; what cannot be opened, a grey stand-in."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from common.refusal import Refusal
from extract.drawing.pdf_file import PdfFile
from extract.files.pictures import SIGNS
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
        self._numbers: dict[tuple[str | None, str | None], int] = {}
        self.unreadable = 0

    def number(self, part: str | None, mask: str | None = None) -> int:
        """Return the object of a picture, or of its stand-in; a mask says where it shows."""
        key = part, mask
        if key not in self._numbers:
            self._numbers[key] = self._add(*key)
        return self._numbers[key]

    def _add(self, part: str | None, mask: str | None) -> int:
        picture = None if part is None else self._opened(part)
        if picture is None:
            self.unreadable += 1
            return self._file.add_stream(_entries(1, 1, "DeviceGray"), _GREY)
        own = picture.getchannel("A") if picture.mode in ("RGBA", "LA") else None
        covering = self._opened(mask) if mask is not None else None
        shown = own if covering is None else covering.convert("L")
        plain = picture.convert("L" if picture.mode in ("1", "L", "LA") else "RGB")
        space = "DeviceGray" if plain.mode == "L" else "DeviceRGB"
        entries = _entries(*plain.size, space)
        if shown is not None and shown.getextrema() != (255, 255):
            seen = self._file.add_stream(_entries(*shown.size, "DeviceGray"), shown.tobytes())
            entries += f" /SMask {seen} 0 R"
        return self._file.add_stream(entries, plain.tobytes())

    def _opened(self, part: str) -> Image | None:
        """Return a picture in grey or colours; None for what is none or too large."""
        import PIL.Image

        try:
            data = self._package.content(part, MOST_BYTES)
            with PIL.Image.open(io.BytesIO(_picture_in(data))) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    return None
                return picture.convert(_mode(picture))
        except Refusal as refused:
            if refused.code != "damaged":
                raise
        except Exception:  # noqa: BLE001 - damaged pictures raise anything
            return None
        return None


def _picture_in(data: bytes) -> bytes:
    """Return the bytes of a picture, or those of the first one in what holds one: a seal."""
    if data.startswith(SIGNS):
        return data
    starts = [at for sign in SIGNS[:2] if (at := data.find(sign)) > 0]
    return data[min(starts, default=0) :]


def _mode(picture: Image) -> str:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        return "RGBA"
    return "L" if picture.mode in ("1", "L") else "RGB"


def _entries(width: int, height: int, space: str) -> str:
    return (
        f"/Type /XObject /Subtype /Image /Width {width} /Height {height} "
        f"/ColorSpace /{space} /BitsPerComponent 8"
    )
