"""Makes scans out of PDFs: pages become pictures, as an office's scanner would leave them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2
from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

rl_config.useA85 = 0  # pictures as bytes: as text they take seconds to write and to read

INCH = 72.0
RED = (196, 36, 40)

Picture = np.ndarray[Any, np.dtype[np.uint8]]


@dataclass(frozen=True)
class Scanner:
    """How a page is scanned.

    ``skew`` in degrees (positive: clockwise), ``paper`` the brightness of blank paper, ``noise``
    the standard deviation of grain (of 255), ``quality`` JPEG's, ``seals`` places of red seals as
    parts of width and height, ``breaks`` how many pieces are knocked out of a page's rules. A
    photograph has ``perspective`` (by which part of the width its farther edge is shorter at each
    end) and ``shade`` (how much darker one corner is than the other, as a part of the light).
    """

    dpi: int = 200
    skew: float = 0.0
    grey: bool = True
    paper: int = 246
    noise: float = 4.0
    quality: int = 70
    blur: float = 0.6
    seals: tuple[tuple[float, float], ...] = ()
    breaks: int = 0
    quarter_turns: int = 0
    perspective: float = 0.0
    shade: float = 0.0


def scan(
    path: Path,
    out: Path,
    scanner: Scanner | None = None,
    *,
    pages: Iterable[int] | None = None,
    text_layer: str | None = None,
) -> Path:
    """Write pages (1-based; None: all) of a PDF to ``out`` as pictures and return ``out``.

    ``text_layer`` is drawn invisibly over each page, as bad scanning software leaves it.
    """
    scanner = scanner or Scanner()
    pdf = pypdfium2.PdfDocument(path)
    canvas = Canvas(str(out))
    for number in pages or range(1, len(pdf) + 1):
        picture = scan_page(pdf[number - 1], scanner, seed=number)
        _draw(canvas, picture, scanner, text_layer)
    canvas.save()
    return out


def pictures(path: Path, folder: Path, scanner: Scanner | None = None) -> Path:
    """Write a PDF's pages into ``folder`` as pictures, 1.png and on, and return the folder."""
    scanner = scanner or Scanner()
    folder.mkdir(parents=True, exist_ok=True)
    with pypdfium2.PdfDocument(path) as pdf:
        for number, page in enumerate(pdf, start=1):
            seen = np.ascontiguousarray(scan_page(page, scanner, seed=number)[:, :, ::-1])
            (folder / f"{number}.png").write_bytes(cv2.imencode(".png", seen)[1].tobytes())
    return folder


def cut_below(path: Path, number: int, out: Path, kept: float) -> Path:
    """Write one page (1-based) of a PDF as paper that ends below its print: a part of its height.

    What is recognised stands on it as before; there is less blank paper to look through.
    """
    with pypdfium2.PdfDocument(path) as pdf, pypdfium2.PdfDocument.new() as short:
        short.import_pages(pdf, [number - 1])
        left, bottom, right, top = short[0].get_mediabox()
        short[0].set_mediabox(left, top - kept * (top - bottom), right, top)
        short.save(out)
    return out


def mix(path: Path, scanned: Path, out: Path, order: Sequence[tuple[str, int]]) -> Path:
    """Write a PDF of pages of a PDF ("text") and of its scan ("scan"), 1-based, in order."""
    sources = {"text": pypdfium2.PdfDocument(path), "scan": pypdfium2.PdfDocument(scanned)}
    mixed = pypdfium2.PdfDocument.new()
    for kind, number in order:
        mixed.import_pages(sources[kind], [number - 1])
    mixed.save(out)
    return out


def scan_page(page: Any, scanner: Scanner, seed: int = 0) -> Picture:
    """Return one page as a scanner sees it (RGB)."""
    random = np.random.default_rng(seed)
    picture = page.render(scale=scanner.dpi / INCH).to_numpy()[:, :, :3].copy()
    picture = picture[:, :, ::-1].copy()
    for _ in range(scanner.breaks):
        _break_a_rule(picture, random)
    for x, y in scanner.seals:
        _stamp(picture, x, y, scanner.dpi)
    picture = _shaded(tilted(_turn(picture, scanner.skew), scanner.perspective), scanner.shade)
    if scanner.blur:
        picture = cv2.GaussianBlur(picture, (0, 0), scanner.blur)
    dimmed = picture.astype(np.float32) * (scanner.paper / 255)
    dimmed += random.normal(0, scanner.noise, dimmed.shape[:2])[:, :, None]
    seen = np.clip(dimmed, 0, 255).astype(np.uint8)
    if scanner.grey and not scanner.seals:
        seen = cv2.cvtColor(cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    return np.ascontiguousarray(np.rot90(seen, -scanner.quarter_turns))


def _draw(canvas: Canvas, picture: Picture, scanner: Scanner, text_layer: str | None) -> None:
    flat = bool((picture[:, :, 0] == picture[:, :, 1]).all())
    stored = picture[:, :, 0] if flat else picture[:, :, ::-1]
    switches = [cv2.IMWRITE_JPEG_QUALITY, scanner.quality]
    jpeg = cv2.imencode(".jpg", stored, switches)[1].tobytes()
    height, width = (side * INCH / scanner.dpi for side in picture.shape[:2])
    canvas.setPageSize((width, height))
    canvas.drawImage(ImageReader(io.BytesIO(jpeg)), 0, 0, width, height)
    if text_layer:
        text = canvas.beginText(width / 10, height / 2)
        text.setTextRenderMode(3)
        text.setFont("Helvetica", 9)
        for line in text_layer.split("\n"):
            text.textLine(line)
        canvas.drawText(text)
    canvas.showPage()


def _turn(picture: Picture, degrees: float) -> Picture:
    if not degrees:
        return picture
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    return cv2.warpAffine(
        picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)
    )


def tilted(picture: Picture, part: float) -> Picture:
    """Return a page as a camera sees it that is not held level: the far side is smaller."""
    if not part:
        return picture
    height, width = picture.shape[:2]
    across, down = part * width, part * height
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    seen = np.array(
        [(across, down), (width - across / 2, down / 3), (width, height), (0, height - down / 2)],
        np.float32,
    )
    matrix = cv2.getPerspectiveTransform(corners, seen)
    return cv2.warpPerspective(
        picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)
    )


def _shaded(picture: Picture, part: float) -> Picture:
    """Return a page lit from one corner."""
    if not part:
        return picture
    height, width = picture.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width]
    light = 1 - part * (rows / height + columns / width) / 2
    return (picture * light[:, :, None]).astype(np.uint8)


def _stamp(picture: Picture, x: float, y: float, dpi: int) -> None:
    """Stamp a round red seal that lets the print shine through."""
    height, width = picture.shape[:2]
    center = int(width * x), int(height * y)
    radius = int(0.8 * dpi)
    seal = np.full_like(picture, 255)
    cv2.circle(seal, center, radius, RED, max(2, dpi // 40), cv2.LINE_AA)
    points = [_on_circle(center, radius * (0.4 if i % 2 else 0.16), i * 36) for i in range(10)]
    cv2.fillPoly(seal, [np.array(points, np.int32)], RED, cv2.LINE_AA)
    for i in range(12):
        place = _on_circle(center, radius * 0.78, 30 * i)
        cv2.putText(seal, "#", place, cv2.FONT_HERSHEY_SIMPLEX, dpi / 220, RED, max(1, dpi // 90))
    np.minimum(picture, seal, out=picture)


def _on_circle(center: tuple[int, int], radius: float, degrees: float) -> tuple[int, int]:
    angle = np.deg2rad(degrees - 90)
    return int(center[0] + radius * np.cos(angle)), int(center[1] + radius * np.sin(angle))


def _break_a_rule(picture: Picture, random: np.random.Generator) -> None:
    """White out a short piece of some rule."""
    dark = (picture.max(axis=2) < 128).astype(np.uint8)
    across = bool(random.integers(2))
    length = 60
    kernel = np.ones((1, length) if across else (length, 1), np.uint8)
    rows, columns = np.nonzero(cv2.erode(dark, kernel))
    if not len(rows):
        return
    at = int(random.integers(len(rows)))
    gap = int(random.integers(4, 14))
    row, column = int(rows[at]), int(columns[at])
    height, width = (7, gap) if across else (gap, 7)
    top, left = max(0, row - height // 2), max(0, column - width // 2)
    picture[top : top + height, left : left + width] = 255
