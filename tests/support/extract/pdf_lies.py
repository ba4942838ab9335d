"""PDFs whose fonts say of their glyphs that they are other characters than they look like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from unittest.mock import patch

from reportlab.pdfbase import pdfmetrics, ttfonts

from tests.support.extract.pdf_samples import Sheet, pdf_bytes

LATIN = "Vera"
"""A font that comes with reportlab."""
SIZE = 10


def lying(path: Path, texts: Sequence[str], lies: Mapping[str, str], font: str = LATIN) -> Path:
    """Write a table of one row, each text in a cell; ``lies`` tells what a glyph claims to be."""
    pdfmetrics.registerFont(ttfonts.TTFont("Lying", f"{font}.ttf"))
    edges = [50 + 50.0 * index for index in range(len(texts) + 1)]

    def row(sheet: Sheet) -> None:
        sheet.grid(edges, (100, 130, 160))
        for x, text in zip(edges, texts, strict=False):
            sheet.text(x + 5, 120, "名称")
            sheet.canvas.setFont("Lying", SIZE)
            sheet.canvas.drawString(x + 5, sheet.height - 150, text)

    written = ttfonts.makeToUnicodeCMap

    def claimed(name: str, subset: Sequence[int]) -> str:
        """Write the table of a font, in which some glyphs claim to be others."""
        table = str(written(name, list(subset)))
        for number, code in enumerate(subset):
            if claim := lies.get(chr(code)):
                said = claim.encode("utf-16-be").hex().upper()
                table = table.replace(f"<{number:02X}> <{code:04X}>", f"<{number:02X}> <{said}>")
        return table

    with patch.object(ttfonts, "makeToUnicodeCMap", claimed):
        path.write_bytes(pdf_bytes(row, size=(edges[-1] + 50, 400)))
    return path
