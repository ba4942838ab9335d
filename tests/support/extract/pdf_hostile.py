"""PDF files that cannot be read, or only in part."""

from __future__ import annotations

import io
from pathlib import Path

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.support.extract.pdf_samples import Sheet, plain


def write(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "通知.pdf"
    path.write_bytes(data)
    return path


def picture() -> ImageReader:
    head = b"P5 4 4 255\n"
    return ImageReader(io.BytesIO(head + bytes(range(16))))


def scanned(sheet: Sheet) -> None:
    sheet.canvas.drawImage(picture(), 0, 0, 600, 400)


def scanned_with_hidden_text(sheet: Sheet) -> None:
    scanned(sheet)
    words = sheet.canvas.beginText(50, 200)
    words.setTextRenderMode(3)
    words.textOut("识别出来的文字" * 10)
    sheet.canvas.drawText(words)


def long_book(path: Path, pages: int, table_on: set[int]) -> Path:
    canvas = Canvas(str(path), pagesize=(600, 400), invariant=1)
    for number in range(1, pages + 1):
        if number in table_on:
            plain(Sheet(canvas))
        else:
            canvas.drawString(50, 300, f"page {number}")
        canvas.showPage()
    canvas.save()
    return path
