"""Writes the objects of a PDF file."""

from __future__ import annotations

import zlib
from pathlib import Path


class PdfFile:
    """A PDF in the making: numbered objects, in the order in which they are added."""

    def __init__(self) -> None:
        self._objects: list[bytes] = []

    def add(self, text: str = "") -> int:
        """Add an object; return its number. An empty one may be set later."""
        self._objects.append(text.encode("ascii"))
        return len(self._objects)

    def set(self, number: int, text: str) -> None:
        """Say what an object that was added empty is."""
        self._objects[number - 1] = text.encode("ascii")

    def add_stream(self, entries: str, data: bytes) -> int:
        """Add a stream, packed; ``entries`` are those of its dictionary but for filter, length."""
        packed = zlib.compress(data, 1)
        return self.add_packed(f"{entries} /Filter /FlateDecode", packed)

    def add_packed(self, entries: str, data: bytes) -> int:
        """Add a stream that is packed already, as ``entries`` say."""
        head = f"<< {entries} /Length {len(data)} >>\nstream\n".encode("ascii")
        self._objects.append(head + data + b"\nendstream")
        return len(self._objects)

    def write(self, path: Path, root: int) -> None:
        """Write the file, of which ``root`` is the catalogue."""
        places = []
        with path.open("wb") as out:
            out.write(b"%PDF-1.7\n")
            for number, content in enumerate(self._objects, 1):
                places.append(out.tell())
                out.write(b"%d 0 obj\n%b\nendobj\n" % (number, content))
            start = out.tell()
            out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
            out.writelines(b"%010d 00000 n \n" % place for place in places)
            out.write(b"trailer\n<< /Size %d /Root %d 0 R >>\n" % (len(places) + 1, root))
            out.write(b"startxref\n%d\n%%%%EOF\n" % start)
