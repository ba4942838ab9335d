"""Photographed pages are straightened; what cannot be is refused, never read in fragments."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from common.refusal import Refusal
from extract.pdf.reader import read_pdf
from extract.scan.confusions import with_slash
from extract.scan.engine import ReadChar
from extract.scan.lines import PrintLine, Region
from extract.scan.pages import engine_installed
from extract.scan.picture import find_tilt
from extract.scan.recognized import TextPiece
from tests.support.paths import FIXTURES
from tests.support.workshop import scanning
from tests.support.workshop.draw import draw
from tests.support.workshop.grid import grid_of
from tests.support.workshop.layout import fitted
from tests.support.workshop.layouts import CLASSIC
from tests.support.workshop.pdf_style import PdfStyle
from tests.support.workshop.samples import short_sample
from tests.support.workshop.scanning import Picture, Scanner, cut_below, scan

pytestmark = pytest.mark.skipif(
    not engine_installed(), reason="the extra kaohe[scan] is not installed"
)
FULL = FIXTURES / "printed" / "writer-classic-5.pdf"
PHOTO = Scanner(perspective=0.02, shade=0.35, grey=False, paper=235)


def frame(corners: list[tuple[int, int]]) -> Picture:
    page = np.full((900, 700), 255, np.uint8)
    cv2.polylines(page, [np.array(corners, np.int32)], True, 0, 2)
    return page


def test_a_frame_seen_from_the_side_istilted_and_a_rectangle_is_not() -> None:
    assert find_tilt(frame([(80, 90), (620, 90), (620, 800), (80, 800)])) is None
    tilt = find_tilt(frame([(92, 100), (610, 94), (620, 800), (80, 796)]))
    assert tilt is not None
    corner = tilt @ np.array([86.0, 97.0, 1.0])
    assert np.allclose(corner[:2] / corner[2], (92, 100), atol=4)


def test_pieces_of_worn_rules_are_no_frame_that_a_camera_saw() -> None:
    """The rest of a frame, of which the left side and the bottom are worn away."""
    page = np.full((900, 700), 255, np.uint8)
    cv2.polylines(page, [np.array([(80, 160), (80, 90), (620, 90), (620, 800)])], False, 0, 2)
    assert find_tilt(page) is None


def test_a_photograph_is_read_as_its_print(tmp_path: Path) -> None:
    notice = fitted(short_sample(), CLASSIC)
    path = draw(notice, grid_of(notice, CLASSIC), tmp_path, PdfStyle(front_page=False, body=150))
    photo = read_pdf(scan(path, tmp_path / "photo.pdf", PHOTO))
    (printed,) = read_pdf(path).tables
    (table,) = photo.tables
    theirs = {(cell.row, cell.column): cell for cell in printed.cells}
    assert {(c.row, c.column, c.row_span, c.column_span) for c in table.cells} == {
        (c.row, c.column, c.row_span, c.column_span) for c in printed.cells
    }
    sure = [cell for cell in table.cells if (cell.confidence or 0) >= 0.97]
    assert len(sure) >= 0.9 * sum(bool(cell.text) for cell in printed.cells)
    for cell in sure:
        mine, other = cell.text.split(), theirs[cell.row, cell.column].text.split()
        assert "".join(mine) == "".join(other)


def test_a_page_that_was_not_flat_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upper = cut_below(FULL, 2, tmp_path / "upper.pdf", 0.6)
    monkeypatch.setattr(scanning, "tilted", _bent)
    with pytest.raises(Refusal, match="picture_in_fragments"):
        read_pdf(scan(upper, tmp_path / "bent.pdf", PHOTO))


def _bent(picture: Picture, part: float) -> Picture:
    height, width = picture.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    off = (part * height * np.sin(columns / width * np.pi)).astype(np.float32)
    return cv2.remap(picture, columns, rows - off, cv2.INTER_CUBIC, borderValue=(255, 255, 255))


@pytest.mark.parametrize(("top", "bottom", "text"), [(30, 14, "/"), (22, 22, "1"), (24, 20, "1")])
def test_a_lone_stroke_that_leans_is_a_slash(top: int, bottom: int, text: str) -> None:
    page = np.full((60, 60), 255, np.uint8)
    cv2.line(page, (top, 15), (bottom, 45), 0, 2)
    ys, xs = np.nonzero(page < 128)
    box = Region(int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1)
    line = PrintLine(box, Region(0, 0, 60, 60), cell=(0, 1))
    read = with_slash(TextPiece(line, (ReadChar("1", 22.0, 0.9),)), page, 30.0)
    assert read.text == text


def test_a_stroke_without_ink_at_the_ends_of_its_line_leans_nowhere() -> None:
    page = np.full((60, 60), 255, np.uint8)
    cv2.line(page, (30, 25), (14, 35), 0, 2)
    line = PrintLine(Region(10, 5, 40, 55), Region(0, 0, 60, 60), cell=(0, 1))
    read = with_slash(TextPiece(line, (ReadChar("1", 22.0, 0.9),)), page, 30.0)
    assert read.text == "1"
