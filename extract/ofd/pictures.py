"""Pictures of an OFD package become pictures of a PDF; what cannot be opened, a grey stand-in."""

from __future__ import annotations

import io
import struct
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
_ZIP = b"PK\x03\x04"
_GREY = bytes([128])
_JBIG2, _PAGE_INFORMATION = b"\x97JB2\r\n\x1a\n", 48
_JBIG2_HEAD, _JBIG2_SIZE = 13, 24
"""A file's head has so many bytes; the page's size stands behind the first segment's own head."""


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
        if part is not None and (packed := self._packed(part)) is not None:
            return self._file.add_packed(*packed)
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

    def _packed(self, part: str) -> tuple[str, bytes] | None:
        """Return a picture in black and white (JBIG2) as a PDF holds it; None for any other.

        A PDF leaves out the file's head and has the same segments; the first says the size.
        """
        data = self._bytes(part)
        if not data.startswith(_JBIG2) or len(data) < _JBIG2_SIZE + 8:
            return None
        width, height = struct.unpack_from(">LL", data, _JBIG2_SIZE)
        sequential, first = data[8] & 1, data[_JBIG2_HEAD + 4] & 63
        if not sequential or first != _PAGE_INFORMATION or not 0 < width * height <= MOST_PIXELS:
            return None
        entries = _entries(width, height, "DeviceGray", bits=1)
        return f"{entries} /Filter /JBIG2Decode", data[_JBIG2_HEAD:]

    def _bytes(self, part: str) -> bytes:
        return _bytes_of(self._package, part)

    def _opened(self, part: str) -> Image | None:
        """Return a picture in grey or colours; None for what is none or too large."""
        import PIL.Image

        data = self._bytes(part)
        try:
            with PIL.Image.open(io.BytesIO(_picture_in(data))) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    return None
                return picture.convert(_mode(picture))
        except Exception:  # noqa: BLE001 - damaged pictures raise anything
            return None


def holds_package(package: OfdPackage, part: str) -> bool:
    """Say whether a part that should hold a picture holds a document instead, as seals may."""
    data = _bytes_of(package, part)
    start = data.find(_ZIP)
    return start >= 0 and not any(0 <= data.find(sign) < start for sign in SIGNS[:2])


def _bytes_of(package: OfdPackage, part: str) -> bytes:
    """Return a part's bytes; none of one that is damaged."""
    try:
        return package.content(part, MOST_BYTES)
    except Refusal as refused:
        if refused.code != "damaged":
            raise
        return b""


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


def _entries(width: int, height: int, space: str, bits: int = 8) -> str:
    return (
        f"/Type /XObject /Subtype /Image /Width {width} /Height {height} "
        f"/ColorSpace /{space} /BitsPerComponent {bits}"
    )
