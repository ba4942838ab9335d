"""The pictures of pages: light, upright, and under the cells that were read from them."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from extract.read import read_document
from report.pictures.pages import LONGER_SIDE, PagePicture, draw_pages
from tests.support.report.landed import CALC
from tests.support.workshop.draw import draw
from tests.support.workshop.grid import grid_of
from tests.support.workshop.layout import fitted
from tests.support.workshop.layouts import CLASSIC
from tests.support.workshop.pdf_style import PdfStyle
from tests.support.workshop.samples import short_sample
from tests.support.workshop.scanning import Scanner, scan

DARK = 128


def share_of_edges_on_rules(path: Path, folder: Path) -> float:
    """Return the share of the cells' upper and left edges that lie on a drawn rule."""
    hits = []
    document = read_document(path, cross_check=False)
    pictures = {each.page: each for each in draw_pages(path, folder, range(1, 20))}
    for table in document.tables:
        page = pictures[table.page or 0]
        tones = np.asarray(Image.open(folder / page.name).convert("L"))
        scale = tones.shape[1] / page.width
        for cell in table.cells:
            assert cell.box is not None
            x0, x1 = int(cell.box.x0 * scale), int(cell.box.x1 * scale)
            top, bottom = int(cell.box.top * scale), int(cell.box.bottom * scale)
            above = tones[max(top - 3, 0) : top + 4, x0 + 6 : x1 - 6].min(axis=0)
            left = tones[top + 6 : bottom - 6, max(x0 - 3, 0) : x0 + 4].min(axis=1)
            hits += [(above < DARK).mean() > 0.9, (left < DARK).mean() > 0.9]
    return sum(hits) / len(hits)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("sideways", [False, True], ids=["rotated", "printed_sideways"])
def test_cells_lie_on_the_picture(rotate: int, *, sideways: bool, tmp_path: Path) -> None:
    drawn = fitted(short_sample(), CLASSIC)
    path = draw(drawn, grid_of(drawn, CLASSIC), tmp_path, PdfStyle(rotate=rotate))
    if sideways:
        path = without_rotation(path)
    assert share_of_edges_on_rules(path, tmp_path) > 0.97


def without_rotation(path: Path) -> Path:
    """Return a copy whose pages lie as their content was drawn: turned tables stay turned."""
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            page.set_rotation(0)
        document.save(turned := path.with_name("turned.pdf"))
    return turned


def test_pages_of_the_notice_are_light(tmp_path: Path) -> None:
    pictures = draw_pages(CALC, tmp_path, range(1, 9))
    assert [each.page for each in pictures] == list(range(1, 9))
    sizes = [(tmp_path / each.name).stat().st_size for each in pictures]
    assert sum(sizes) / len(sizes) < 80_000
    first = Image.open(tmp_path / pictures[0].name)
    assert max(first.size) <= LONGER_SIDE + 1
    tones = [tone for _, tone in first.convert("L").getcolors()]
    assert sorted(tones) == list(range(0, 256, 17))  # from black to white


def test_a_photograph_is_kept_light(tmp_path: Path) -> None:
    noise = Image.frombytes("L", (600, 800), random.Random(7).randbytes(480_000))
    canvas = Canvas(str(path := tmp_path / "scan.pdf"), (595, 842))
    noise.save(photograph := tmp_path / "noise.png")
    canvas.drawImage(str(photograph), 0, 0, 595, 842)
    canvas.save()
    picture = draw_pages(path, tmp_path, [1])[0]
    assert (tmp_path / picture.name).stat().st_size < 1_200_000


def test_a_scanned_page_is_kept_light(tmp_path: Path) -> None:
    path = scan(CALC, tmp_path / "scan.pdf", Scanner(dpi=150, skew=0.8), pages=[1])
    (picture,) = draw_pages(path, tmp_path, [1])
    assert (tmp_path / picture.name).stat().st_size < 150_000


def test_pages_that_are_not_there_are_left_out(tmp_path: Path) -> None:
    canvas = Canvas(str(path := tmp_path / "blank.pdf"), (9_000, 100))
    canvas.showPage()
    canvas.save()
    assert draw_pages(path, tmp_path, [1, 2]) == [PagePicture(1, "0001.webp", 9_000, 100)]
