"""Scanned pages: made from printed ones, read back, compared cell by cell with their text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from common.fold import clean
from common.refusal import Refusal
from extract.pdf.reader import read_pdf
from extract.scan import pages as scan_pages
from extract.scan.engine import Recognizer
from extract.scan.recognize import SURE_NUMBER
from normalize.pipeline import normalize
from schemas.records.document import Cell, Document, Table
from schemas.records.source import SourceMeta
from tests.support.extract.read_once import remembering
from tests.support.paths import NOTICES
from tests.support.workshop.scanning import Scanner, cut_below, mix, scan

pytestmark = pytest.mark.skipif(
    not scan_pages.engine_installed(), reason="the extra kaohe[scan] is not installed"
)
FIXTURES = NOTICES / "2020"
PRINTED = FIXTURES / "writer.pdf"
MADE_UP = SourceMeta(document_id="made-up")
SHORT_PAGE = 9  # 33 cells
WITH_SPANS = 8
STRAIGHT = Scanner(skew=0.4)

Place = tuple[int, int, int, int]


def by_place(table: Table) -> dict[Place, Cell]:
    return {(c.row, c.column, c.row_span, c.column_span): c for c in table.cells}


def differences(read: Table, printed: Table) -> list[tuple[str, str | None]]:
    mine, theirs = by_place(read), by_place(printed)
    assert mine.keys() == theirs.keys()
    return [
        (clean(cell.text), clean(mine[place].text))
        for place, cell in theirs.items()
        if clean(cell.text) != clean(mine[place].text)
    ]


@pytest.fixture(scope="module", autouse=True)
def remembered() -> Iterator[None]:
    """The pages of these tests have much in common, and recognition is what takes long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Recognizer, "read", remembering(Recognizer.read))
        yield


@pytest.fixture(scope="module")
def whole() -> Document:
    return read_pdf(PRINTED)


@pytest.fixture(scope="module")
def printed(whole: Document) -> dict[int, Table]:
    return {table.page or 0: table for table in whole.tables}


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cut_below(PRINTED, SHORT_PAGE, tmp_path_factory.mktemp("print") / "short.pdf", 0.45)


@pytest.fixture(scope="module")
def plain(short: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scan(short, tmp_path_factory.mktemp("scan") / "scan.pdf", STRAIGHT)


@pytest.fixture(scope="module")
def read_plain(plain: Path) -> Document:
    return read_pdf(plain, cross_check=True)


def test_a_scan_is_read_as_its_print(read_plain: Document, printed: dict[int, Table]) -> None:
    (table,) = read_plain.tables
    assert differences(table, printed[SHORT_PAGE]) == []
    assert read_plain.reader.startswith("rapidocr")
    assert read_plain.cross_reader is None


def test_cells_say_how_sure_they_are_and_where_they_stand(
    read_plain: Document, printed: dict[int, Table]
) -> None:
    theirs = by_place(printed[SHORT_PAGE])
    for place, cell in by_place(read_plain.tables[0]).items():
        box = theirs[place].box
        assert cell.box is not None
        assert box is not None
        assert cell.box.x0 == pytest.approx(box.x0, abs=6)  # the page is skewed by 0.4 degrees
        assert cell.box.top == pytest.approx(box.top, abs=6)
        assert (cell.confidence is None) == (not cell.text)
        assert cell.confidence is None or 0 < cell.confidence <= 1


def test_numbers_are_read_again_where_a_digit_is_in_doubt(read_plain: Document) -> None:
    numbers = [c for c in read_plain.tables[0].cells if c.text.replace(".", "").isdecimal()]
    again = [cell for cell in numbers if cell.agreed is not None]
    assert {cell.text for cell in numbers if (cell.confidence or 0) < SURE_NUMBER} <= {
        cell.text for cell in again
    }
    assert len(again) < len(numbers) / 2


@pytest.mark.parametrize(
    "scanner",
    [
        Scanner(skew=-2.0, seals=((0.5, 0.4), (0.75, 0.5)), grey=False),
        Scanner(dpi=150, skew=-1.0, breaks=12, noise=8.0, quality=50, paper=220, quarter_turns=3),
    ],
    ids=["under seals", "worn rules on grey paper, on its side"],
)
def test_bad_scans_are_read_or_say_so(
    scanner: Scanner, short: Path, printed: dict[int, Table], tmp_path: Path
) -> None:
    path = scan(short, tmp_path / "scan.pdf", scanner)
    (table,) = read_pdf(path).tables
    doubted = {
        clean(cell.text)
        for cell in table.cells
        if cell.agreed is False or (cell.confidence or 1.0) < 0.97
    }
    found = differences(table, printed[SHORT_PAGE])
    assert [pair for pair in found if pair[1] not in doubted] == []
    assert len(found) <= 2


def test_pages_of_text_and_pictures_mix(
    plain: Path, printed: dict[int, Table], tmp_path: Path
) -> None:
    order = [("text", WITH_SPANS), ("scan", 1)]
    document = read_pdf(mix(PRINTED, plain, tmp_path / "mixed.pdf", order), cross_check=True)
    text, picture = document.tables
    assert differences(text, printed[WITH_SPANS]) == []
    assert differences(picture, printed[SHORT_PAGE]) == []
    assert "pdfplumber" in document.reader
    assert "rapidocr" in document.reader
    assert document.cross_reader is not None
    assert all(cell.agreed for cell in text.cells)
    assert not any(note.code == "page_not_compared" for note in document.notes)


def test_a_wrong_text_layer_is_not_believed(
    short: Path, printed: dict[int, Table], tmp_path: Path
) -> None:
    layer = "wrong words that some scanning program made up\n" * 3
    path = scan(short, tmp_path / "layer.pdf", STRAIGHT, text_layer=layer)
    document = read_pdf(path)
    assert differences(document.tables[0], printed[SHORT_PAGE]) == []
    assert [note.code for note in document.notes] == ["text_layer_ignored"]


def long_document(folder: Path, plain: Path) -> Path:
    """Write 62 pages of text, then a photograph, then a scanned table."""
    text, photo = folder / "text.pdf", np.full((900, 700, 3), 128, np.uint8)
    canvas = Canvas(str(text))
    for number in range(62):
        canvas.drawString(72, 700, f"page {number + 1} says nothing of targets")
        canvas.showPage()
    canvas.drawImage(ImageReader(Image.fromarray(photo)), 0, 0, 595, 842)
    canvas.showPage()
    canvas.save()
    return mix(
        text, plain, folder / "long.pdf", [*(("text", n + 1) for n in range(63)), ("scan", 1)]
    )


def test_a_scanned_table_in_a_long_document_is_found(
    plain: Path, printed: dict[int, Table], tmp_path: Path
) -> None:
    document = read_pdf(long_document(tmp_path, plain))
    (table,) = document.tables
    assert table.page == 64
    assert differences(table, printed[SHORT_PAGE]) == []
    passed = [note for note in document.notes if note.code == "pages_passed_over"]
    assert [note.page for note in passed] == [6, 63]


def test_more_scanned_pages_than_a_notice_has_are_refused(
    plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan_pages, "MOST_SCANNED", 0)
    with pytest.raises(Refusal) as caught:
        read_pdf(plain)
    assert caught.value.code == "too_many_pages"
    assert "扫描" in caught.value.zh


def test_a_notice_with_one_scanned_page_gives_the_same_values(
    plain: Path, whole: Document, tmp_path: Path
) -> None:
    order = [*(("text", number) for number in range(1, SHORT_PAGE)), ("scan", 1)]
    mixed = normalize(read_pdf(mix(PRINTED, plain, tmp_path / "mixed.pdf", order)), MADE_UP)
    text = normalize(whole, MADE_UP)
    values = [
        [(t.serial_no, t.entity, t.operator, t.target_value, t.target_text) for t in notice.targets]
        for notice in (mixed, text)
    ]
    assert values[0] == values[1]
    flagged = [
        {(t.serial_no, t.entity) for t in notice.targets if t.needs_review}
        for notice in (mixed, text)
    ]
    scanned = {(t.serial_no, t.entity) for t in text.targets if t.page == SHORT_PAGE}
    doubted = flagged[0] - flagged[1]
    assert doubted <= scanned
    assert len({serial_no for serial_no, _ in doubted}) <= 1


def over_text(scanned: Path, out: Path) -> Path:
    """Put the picture of a scanned page over a page of wrong text that is drawn visibly."""
    jpeg = out.with_suffix(".jpg")
    with pypdfium2.PdfDocument(scanned) as pdf:
        page = pdf[0]
        width, height = page.get_size()
        (picture,) = page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
        picture.extract(jpeg.with_suffix(""))
    canvas = Canvas(str(out), pagesize=(width, height))
    for number in range(40):
        canvas.drawString(60, height - 60 - 15 * number, f"wrong words and the number {number}")
    canvas.drawImage(ImageReader(jpeg), 0, 0, width, height)
    canvas.save()
    return out


def test_text_that_a_picture_hides_is_not_believed(
    plain: Path, printed: dict[int, Table], tmp_path: Path
) -> None:
    document = read_pdf(over_text(plain, tmp_path / "over.pdf"))
    assert differences(document.tables[0], printed[SHORT_PAGE]) == []
    assert "text_layer_ignored" in [note.code for note in document.notes]
    assert document.reader.startswith("rapidocr")


def test_a_printed_table_on_a_picture_of_paper_is_read_as_text(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "paper.pdf"))
    paper = Image.fromarray(np.full((1100, 800, 3), 235, np.uint8))
    canvas.drawImage(ImageReader(paper), 0, 0, 595, 842)
    canvas.grid([60, 260, 460], [500, 540, 580, 620])
    for row in range(3):
        canvas.drawString(70, 510 + 40 * row, f"indicator number {row}")
        canvas.drawString(270, 510 + 40 * row, f"{row}.5")
    canvas.save()
    document = read_pdf(tmp_path / "paper.pdf")
    assert document.reader.startswith("pdfplumber")
    assert [cell.text for cell in document.tables[0].cells][-1] == "0.5"
    assert all(cell.confidence is None for cell in document.tables[0].cells)


def test_without_the_extra_a_scan_is_refused(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_pages, "engine_installed", lambda: False)
    with pytest.raises(Refusal) as caught:
        read_pdf(plain)
    assert caught.value.code == "scanned_pdf"
    assert "kaohe[scan]" in caught.value.zh


def test_the_scanner_is_deterministic(short: Path, tmp_path: Path) -> None:
    scanner = replace(Scanner(), dpi=60, breaks=2, seals=((0.5, 0.5),))
    pages = [scan(short, tmp_path / f"{name}.pdf", scanner) for name in "ab"]
    one, other = (len(path.read_bytes()) for path in pages)
    assert one == other
