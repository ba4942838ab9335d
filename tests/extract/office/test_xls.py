"""Workbooks of the old form, saved by LibreOffice: read as the new ones are."""

from __future__ import annotations

import random
import struct
from pathlib import Path
from types import SimpleNamespace

import pytest

from common.refusal import Refusal
from extract.office import xls
from extract.office.form import read_form
from extract.office.sheets.number_format import UNKNOWN
from extract.office.sheets.sheet import Sheet
from extract.read import read_document
from schemas.records.document import Document
from tests.support.for_each import for_each
from tests.support.paths import NOTICES, ROOT

FEATURES = ROOT / "tests/fixtures/workbooks/features.xls"
RETURNS = ROOT / "tests/fixtures/returns"


def cells(document: Document) -> list[tuple[int, int, int, int, str]]:
    return [
        (cell.row, cell.column, cell.row_span, cell.column_span, cell.text)
        for table in document.tables
        for cell in table.cells
    ]


def test_the_notice_reads_as_its_new_workbook() -> None:
    old, new = (read_document(NOTICES / f"2020/notice.{kind}") for kind in ("xls", "xlsx"))
    assert (old.source_format, old.notes) == ("xls", ())
    assert old.front == new.front
    assert len(cells(old)) == 588
    assert cells(old) == cells(new)


def test_cells_are_as_printed_and_what_is_not_is_named() -> None:
    """Formats, raised and struck runs, hidden rows, columns and sheets, errors, a print area."""
    document = read_document(FEATURES)
    (table,) = document.tables
    assert table.place == "指标"
    assert table.lines == (1, 2, 3, 5, 6, 7, 8)
    by_place = {(cell.row, cell.column): cell for cell in table.cells}
    texts = {place: cell.text for place, cell in by_place.items()}
    assert table.column_count == 5
    assert (texts[2, 4], texts[2, 5]) == ("5.50%", "12.6¹")
    assert (texts[3, 1], texts[3, 4], texts[3, 5]) == ("碳排放（10⁴吨）", "1,234.50", "52")
    assert (texts[4, 4], texts[4, 5], texts[5, 5]) == ("3月4日", "#DIV/0!", "TRUE")
    assert by_place[6, 3].row_span == 2
    assert texts[6, 5] == ""
    assert {note.code for note in document.notes} == {
        "cell_error",
        "outside_print_area",
        "hidden_cells",
        "struck_text",
        "hidden_sheet",
    }
    assert sorted(note.text or "" for note in document.notes if note.code == "struck_text") == [
        "E3：31",
        "E7：8",
    ]


def test_a_returned_form_keeps_all_digits_and_formats() -> None:
    old, new = (read_form(RETURNS / f"libreoffice.{kind}") for kind in ("xls", "xlsx"))
    assert (old.source_format, len(old.sheets)) == ("xls", len(new.sheets))
    for one, other in zip(old.sheets, new.sheets, strict=True):
        assert (one.name, one.hidden, one.merges) == (other.name, other.hidden, other.merges)
        assert [(c.row, c.column, c.kind, c.shown, c.struck) for c in one.cells] == [
            (c.row, c.column, c.kind, c.shown, c.struck) for c in other.cells
        ]
        for cell, same in zip(one.cells, other.cells, strict=True):
            if cell.kind == "number":
                assert float(cell.value) == pytest.approx(float(same.value), rel=1e-14)


@for_each("seed", range(30))
def test_damaged_bytes_are_read_or_refused(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    data = bytearray(FEATURES.read_bytes())
    for _ in range(chance.choice((1, 3, 10))):
        data[chance.randrange(2048, len(data))] = chance.randrange(256)
    path = tmp_path / "damaged.xls"
    path.write_bytes(data)
    try:
        document = read_document(path)
    except Refusal as refusal:
        assert refusal.code in {"damaged", "no_table", "unsupported_ole", "encrypted", "too_large"}
    else:
        assert document.tables


def test_a_workbook_whose_sectors_run_in_a_circle_is_refused(tmp_path: Path) -> None:
    data = bytearray((ROOT / "tests/fixtures/workbooks/drawn_over.xls").read_bytes())
    (table,) = struct.unpack_from("<i", data, 60)  # the sector with the chains of short streams
    for sector in range(128):
        struct.pack_into("<i", data, 512 * (table + 1) + 4 * sector, sector)
    (tmp_path / "n.xls").write_bytes(data)
    with pytest.raises(Refusal) as refused:
        read_document(tmp_path / "n.xls")
    assert refused.value.code == "damaged"


def test_a_cell_far_out_makes_no_rectangle_of_the_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Work follows the cells that are there, not the last row times the last column."""
    looked_at = []
    monkeypatch.setattr(Sheet, "box", lambda _, row, column, style: looked_at.append((row, column)))
    read_document(FEATURES)
    before = len(looked_at)
    data = bytearray(FEATURES.read_bytes())
    label = data.index(b"\xfd\x00\x0a\x00")  # the record of the first cell with a text
    data[label + 4 : label + 8] = b"\xff\xff\xff\x00"  # row 65536, column 256
    (tmp_path / "far.xls").write_bytes(data)
    read_document(tmp_path / "far.xls")
    assert (65536, 256) in looked_at
    assert len(looked_at) <= 2 * before


def test_a_number_format_that_a_damaged_file_lost_is_not_known() -> None:
    book = SimpleNamespace(format_map={200: SimpleNamespace(format_str=None)})
    assert xls.format_code(book, SimpleNamespace(format_key=200)) == UNKNOWN
