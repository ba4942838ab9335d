"""PDFs written object by object, for what no library writes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

HELVETICA = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
GRID = b"\n".join(
    [b"%d 100 m %d 190 l S" % (x, x) for x in (50, 150, 250)]
    + [b"50 %d m 250 %d l S" % (y, y) for y in (100, 130, 160, 190)]
)
"""Three rows of two columns; the second row's second cell is from 150, 130 to 250, 160."""
CELLS = b"BT /F 10 Tf 60 170 Td (Name) Tj 100 0 Td (County) Tj -100 -30 Td (Rate) Tj ET"


def write_raw(
    path: Path,
    program: bytes,
    *,
    catalog: bytes = b"",
    page: bytes = b"",
    font: bytes = HELVETICA,
    more: Mapping[int, bytes] | None = None,
) -> Path:
    """Write a page with a table and what a program draws besides in the font /G.

    ``catalog`` and ``page`` are entries of theirs, ``more`` objects by their numbers, from 10 on.
    """
    drawn = GRID + b"\n" + CELLS + b"\n" + program
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R%b>>" % catalog,
        2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Contents 4 0 R"
        b"/Resources<</Font<</F 5 0 R/G 6 0 R>>/Properties<</L 10 0 R>>>>%b>>" % page,
        4: stream(drawn),
        5: HELVETICA,
        6: font,
        **(more or {}),
    }
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        state = b"n" if number in places else b"f"
        out += b"%010d 00000 %b \n" % (places.get(number, 0), state)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, table)
    path.write_bytes(bytes(out))
    return path


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (entries, len(data), data)


def unicode_table(claims: Mapping[int, str], digits: int = 2) -> bytes:
    """Return a font's table of what its codes stand for."""
    rows = "\n".join(
        f"<{code:0{digits}X}> <{claim.encode('utf-16-be').hex()}>" for code, claim in claims.items()
    )
    last = "F" * digits
    return stream(
        f"begincmap\n1 begincodespacerange\n<{'0' * digits}> <{last}>\nendcodespacerange\n"
        f"{len(claims)} beginbfchar\n{rows}\nendbfchar\nendcmap".encode("ascii")
    )
