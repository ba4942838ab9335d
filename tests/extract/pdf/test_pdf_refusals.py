from __future__ import annotations

import io
import zlib
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption

from common.refusal import Refusal
from extract.pdf import triage as pdf_triage
from extract.pdf.reader import read_pdf
from extract.scan import pages as scan_pages
from tests.support.extract.pdf_hostile import long_book, scanned, scanned_with_hidden_text, write
from tests.support.extract.pdf_samples import Sheet, pdf_bytes, plain, write_pdf


def refused(path: Path) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read_pdf(path)
    assert path.name in caught.value.zh
    return caught.value


def raw_pdf(program: bytes, pages: int = 1, length: str = "") -> bytes:
    """Return a PDF whose pages all run one program, kept compressed."""
    packed = zlib.compress(program, 9)
    kids = " ".join(f"{4 + index} 0 R" for index in range(pages))
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {length or pages} /Kids [{kids}] >>".encode(),
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed) + packed + b"\nendstream",
    ]
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 400] /Contents 3 0 R /Resources <<>> >>"
    )
    bodies += [page] * pages
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\n" % (len(bodies) + 1)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"PK\x03\x04 not a pdf at all", "not_a_pdf"),
        (b"%PDF-1.4\nnothing more\n", "truncated_pdf"),
        (b"%PDF-1.4\nnothing more\n%%EOF", "damaged_pdf"),
    ],
)
def test_files_that_are_no_pdf(tmp_path: Path, data: bytes, code: str) -> None:
    assert refused(write(tmp_path, data)).code == code


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_refused(tmp_path: Path, share: float) -> None:
    data = pdf_bytes(plain, plain)
    assert refused(write(tmp_path, data[: int(len(data) * share)])).code == "truncated_pdf"


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", plain, encrypt=StandardEncryption("secret"))
    refusal = refused(path)
    assert refusal.code == "encrypted_pdf"
    assert "密码" in refusal.zh


def latin(sheet: Sheet) -> None:
    sheet.grid((50, 150, 250), (100, 130, 160))
    sheet.canvas.setFont("Helvetica", 10)
    sheet.canvas.drawString(60, 280, "name")


def test_a_file_with_an_owner_password_only_is_read(tmp_path: Path) -> None:
    lock = StandardEncryption("", ownerPassword="owner", canModify=0)
    document = read_pdf(write_pdf(tmp_path / "a.pdf", latin, encrypt=lock))
    assert document.tables[0].cells[0].text == "name"


def texts(path: Path) -> list[str]:
    return [cell.text for table in read_pdf(path).tables for cell in table.cells]


def test_an_encoding_says_which_characters_a_garbled_collection_has(tmp_path: Path) -> None:
    # reportlab leaves the names inside a Chinese font unencrypted: decrypting garbles them
    lock = StandardEncryption("", ownerPassword="owner")
    path = write_pdf(tmp_path / "a.pdf", plain, encrypt=lock)
    assert texts(path) == texts(write_pdf(tmp_path / "b.pdf", plain))


def test_a_file_whose_fonts_tell_no_characters_is_refused(tmp_path: Path) -> None:
    data = write_pdf(tmp_path / "a.pdf", plain).read_bytes()
    assert b"(GB1)" in data
    path = write(tmp_path, data.replace(b"(GB1)", b"(XY1)"))
    assert refused(path).code == "no_text_encoding"


@pytest.mark.parametrize("draw", [scanned, scanned_with_hidden_text])
def test_a_scan_is_refused_where_no_recogniser_is(
    tmp_path: Path, draw: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan_pages, "engine_installed", lambda: False)
    refusal = refused(write_pdf(tmp_path / "a.pdf", draw, draw))  # type: ignore[arg-type]
    assert refusal.code == "scanned_pdf"
    assert "扫描" in refusal.zh
    assert "kaohe[scan]" in refusal.zh


def test_a_scanned_page_among_others_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan_pages, "engine_installed", lambda: False)
    document = read_pdf(write_pdf(tmp_path / "a.pdf", plain, scanned))
    (note,) = document.notes
    assert (note.code, note.severity, note.page) == ("picture_page", "error", 2)


def words_only(sheet: Sheet) -> None:
    sheet.text(50, 50, "没有表格的文件")
    sheet.line(50, 60, 200, 60)


def framed(sheet: Sheet) -> None:
    words_only(sheet)
    sheet.box(20, 20, 580, 380)


@pytest.mark.parametrize("draw", [words_only, framed])
def test_a_document_without_a_table_is_refused(tmp_path: Path, draw: object) -> None:
    assert refused(write_pdf(tmp_path / "a.pdf", draw)).code == "no_table"  # type: ignore[arg-type]


def test_a_bomb_is_refused_before_it_goes_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extract.pdf.guard.LARGEST_STREAM", 2**20)
    assert refused(write(tmp_path, raw_pdf(b"\n" * 2**22))).code == "decompression_bomb"


def test_a_page_of_endless_drawing_is_not_run(tmp_path: Path) -> None:
    heavy = raw_pdf(b"1 1 m 9 9 l S\n" * 200_000)
    assert refused(write(tmp_path, heavy)).code == "damaged_pdf"


def test_many_heavy_pages_together_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extract.pdf.supplier.TOTAL_BUDGET", 2_000)
    heavy = raw_pdf(b"1 1 m 9 9 l S\n" * 100, pages=5)
    assert refused(write(tmp_path, heavy)).code == "too_heavy_pdf"


def test_lost_pages_are_refused(tmp_path: Path) -> None:
    assert refused(write(tmp_path, raw_pdf(b"q Q\n", 1, length="3"))).code == "damaged_pdf"


def test_a_lost_page_program_is_told(tmp_path: Path) -> None:
    data = pdf_bytes(plain, plain)
    at = data.index(b"/Contents ") + len(b"/Contents ")
    broken = data[:at] + b"99" + data[at + 2 :] if data[at + 1 : at + 2].isdigit() else None
    broken = broken or data[:at] + b"0" + data[at + 1 :]
    document = read_pdf(write(tmp_path, broken))
    assert [table.page for table in document.tables] == [2]
    assert [(note.code, note.page) for note in document.notes] == [("page_damaged", 1)]


def test_damaged_compressed_data_is_told(tmp_path: Path) -> None:
    canvas_data = raw_pdf(b"".join(b"0 %d m 9 %d l S\n" % (n, n * n) for n in range(300)))
    at = canvas_data.index(b"stream\n") + 400
    broken = canvas_data[:at] + bytes(20) + canvas_data[at + 20 :]
    merged = io.BytesIO()
    merged.write(broken)
    with pytest.raises(Refusal):
        read_pdf(write(tmp_path, merged.getvalue()))
    from extract.pdf.guard import check_file

    assert check_file(tmp_path / "通知.pdf").broken_streams == 1


@pytest.fixture(autouse=True)
def _font() -> None:
    pdf_bytes(plain)


def test_a_long_book_without_tables_is_refused(tmp_path: Path) -> None:
    assert refused(long_book(tmp_path / "book.pdf", 300, set())).code == "no_table"


def test_a_long_book_full_of_tables_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_triage, "MOST_RULED", 5)
    path = long_book(tmp_path / "book.pdf", 70, set(range(1, 71)))
    assert refused(path).code == "too_many_pages"


def test_the_tables_of_a_long_book_are_found_and_the_rest_is_told(tmp_path: Path) -> None:
    document = read_pdf(long_book(tmp_path / "book.pdf", 100, {40, 41, 90}))
    assert [table.page for table in document.tables] == [40, 41, 90]
    assert document.pages == 100
    passed = [(note.page, note.message) for note in document.notes]
    assert [page for page, _ in passed] == [6, 42, 91]
    assert "42 to 89" in passed[1][1]
