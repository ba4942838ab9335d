"""Old Word files that end in a table: LibreOffice finds it once a paragraph stands after it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from common.refusal import Refusal
from extract.office.old_word import end_with_paragraph, lost_formulas
from extract.read import read_document
from tests.support.paths import NOTICES

ENDS_IN_TABLE = NOTICES.parent / "old_word" / "ends_in_table.doc"
LAST = "8.5%".encode("utf-16-le") + b"\x07\x00\x07\x00"


@pytest.mark.usefixtures("saved_together")
def test_a_file_that_ends_in_its_table_is_read() -> None:
    (table,) = read_document(ENDS_IN_TABLE).tables
    assert (table.row_count, table.column_count) == (9, 3)
    assert [cell.text for cell in table.cells][-3:] == ["指标8", "8", "8.5%"]


@pytest.mark.usefixtures("saved_together")
def test_text_of_headers_makes_room() -> None:
    document = read_document(ENDS_IN_TABLE.with_name("ends_in_table_with_footer.doc"))
    (table,) = document.tables
    assert (table.row_count, table.column_count) == (6, 3)
    assert [cell.text for cell in table.cells][-3:] == ["50", "51", "52"]


def test_one_paragraph_is_added_once(tmp_path: Path) -> None:
    path = tmp_path / "n.doc"
    path.write_bytes(ENDS_IN_TABLE.read_bytes())
    end_with_paragraph(path, "n.doc")
    mended = path.read_bytes()
    assert LAST + b"\r\x00" in mended
    end_with_paragraph(path, "n.doc")
    assert path.read_bytes() == mended
    whole = NOTICES / "2020/notice.doc"
    path.write_bytes(whole.read_bytes())
    end_with_paragraph(path, "n.doc")
    assert path.read_bytes() == whole.read_bytes()


def test_where_there_is_no_room_the_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "n.doc"
    path.write_bytes(ENDS_IN_TABLE.read_bytes().replace(LAST + b"\0\0", LAST + b"\1\0"))
    with pytest.raises(Refusal, match="damaged"):
        end_with_paragraph(path, "n.doc")


def test_damaged_files_are_left_alone_or_refused(tmp_path: Path) -> None:
    path, draw = tmp_path / "n.doc", random.Random(7)
    for _ in range(150):
        data = bytearray(ENDS_IN_TABLE.read_bytes())
        for _ in range(draw.randint(1, 12)):
            data[draw.randrange(draw.choice((1200, len(data))))] = draw.randrange(256)
        path.write_bytes(data[: draw.choice((len(data), draw.randrange(len(data))))])
        try:
            end_with_paragraph(path, "n.doc")
        except Refusal as refused:
            assert refused.code == "damaged"


def test_formulas_that_libreoffice_loses_are_counted() -> None:
    old = "1\x13 EQ \\f(1,2)\x14\x15".encode("utf-16-le")
    assert lost_formulas(old + old) == 2
    rich = rb"{\field{\*\fldinst {\rtlch\af0 \ltrch\fs21 eq \\f(1,2)}}{\fldrslt }}"
    assert lost_formulas(rich) == 1
    assert (
        lost_formulas(rb"{\field{\*\fldinst { SEQUENCE }}" + "\x13 SEQ ".encode("utf-16-le")) == 0
    )
