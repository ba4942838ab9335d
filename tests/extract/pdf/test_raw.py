"""Layers that are switched off, form fields, and fonts that are not in the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from pdfminer.cmapdb import CMapDB

from extract.pdf.reader import read_pdf
from schemas.records.document import Document, Seen
from tests.support.extract.pdf_raw import stream, unicode_table, write_raw
from tests.support.for_each import for_each

ROW = b"BT /G 10 Tf 160 140 Td (7) Tj ET "
LAYERED = b"/OC /L BDC BT /G 10 Tf 180 140 Td (5) Tj ET EMC"
GROUP = b"<</Type/OCG/Name(x)>>"


def value(document: Document) -> tuple[str, tuple[Seen, ...]]:
    (cell,) = (each for each in document.tables[0].cells if (each.row, each.column) == (2, 2))
    return "".join(cell.text.split()), cell.seen


@for_each(
    "said, group, text",
    [
        (b"<</OFF[10 0 R]>>", GROUP, "7"),
        (b"<</ON[10 0 R]>>", GROUP, "75"),
        (b"<</BaseState/OFF>>", GROUP, "7"),
        (b"<</BaseState/OFF/ON[10 0 R]>>", GROUP, "75"),
        (b"<</OFF[11 0 R]>>", b"<</Type/OCMD/OCGs[11 0 R]>>", "7"),
        (b"<</OFF[11 0 R]>>", b"<</Type/OCMD/OCGs[11 0 R 12 0 R]>>", "75"),
        (b"<</OFF[11 0 R]>>", b"<</Type/OCMD/OCGs[11 0 R 12 0 R]/P/AllOn>>", "7"),
        (b"<</OFF[11 0 R]>>", b"<</Type/OCMD/OCGs[11 0 R]/P/AllOff>>", "75"),
        (b"<</OFF[11 0 R]>>", b"<</Type/OCMD/OCGs[12 0 R]/P/AnyOff>>", "7"),
    ],
)
def test_a_layer_that_is_off_is_not_read(
    said: bytes, group: bytes, text: str, tmp_path: Path
) -> None:
    catalog = b"/OCProperties<</OCGs[10 0 R 11 0 R 12 0 R]/D %b>>" % said
    path = write_raw(
        tmp_path / "a.pdf",
        ROW + LAYERED,
        catalog=catalog,
        more={10: group, 11: GROUP, 12: GROUP},
    )
    document = read_pdf(path)
    assert value(document) == (text, ())
    assert ["invisible_text"] * (text == "7") == [note.code for note in document.notes]


def field(entries: bytes) -> bytes:
    return b"<</Type/Annot/Subtype/Widget/FT/Tx/Rect[155 132 245 158]%b>>" % entries


LOOK = stream(b"BT /F 10 Tf 20 10 Td (85) Tj ET", b"/Subtype/Form/BBox[0 0 90 26]"
              b"/Resources<</Font<</F 5 0 R>>>>")  # fmt: skip


@pytest.mark.parametrize(
    ("entries", "text", "seen"),
    [
        (b"/V(85)/AP<</N 11 0 R>>", "85", ()),
        (b"/V(85)", "85", (Seen("overlaid", "85"),)),
        (b"/V(85)/AP<</N 11 0 R>>/F 2", "", ()),
    ],
    ids=["drawn", "not-drawn", "hidden"],
)
def test_a_form_field_is_read_as_it_is_seen(
    entries: bytes, text: str, seen: tuple[Seen, ...], tmp_path: Path
) -> None:
    page, more = b"/Annots[12 0 R]", {11: LOOK, 12: field(entries)}
    document = read_pdf(write_raw(tmp_path / "a.pdf", b"", page=page, more=more))
    assert value(document) == (text, seen)


def test_a_font_that_is_not_in_the_file_shows_what_its_encoding_says(tmp_path: Path) -> None:
    font = (
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding/ToUnicode 11 0 R>>"
    )
    more = {11: unicode_table({ord("7"): "1"})}
    document = read_pdf(write_raw(tmp_path / "a.pdf", ROW, font=font, more=more))
    assert value(document) == ("7", (Seen("glyph", "7"),))


GB1 = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/GBK-EUC-H/ToUnicode 11 0 R"
    b"/DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>]>>"
)


@pytest.mark.parametrize(
    ("claim", "seen"),
    [("亿", (Seen("glyph", "万"),)), ("万", ())],
    ids=["lie", "truth"],
)
def test_a_chinese_font_that_is_not_in_the_file_shows_what_its_collection_says(
    claim: str, seen: tuple[Seen, ...], tmp_path: Path
) -> None:
    code = "万".encode("gbk")
    program = b"BT /G 10 Tf 160 140 Td <%b> Tj ET" % code.hex().encode("ascii")
    (number,) = CMapDB.get_cmap("GBK-EUC-H").decode(code)
    more = {11: unicode_table({number: claim}, 4)}
    document = read_pdf(write_raw(tmp_path / "a.pdf", program, font=GB1, more=more))
    assert value(document) == ("万", seen)


IDENTITY = (
    b"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/Identity-H/ToUnicode 11 0 R"
    b"/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>]>>"
)


def test_glyphs_of_a_font_that_is_nowhere_are_doubted_where_two_claim_one_digit(
    tmp_path: Path,
) -> None:
    program = b"BT /G 10 Tf 160 140 Td <00010002> Tj ET"
    more = {11: unicode_table({1: "1", 2: "1"}, 4)}
    document = read_pdf(write_raw(tmp_path / "a.pdf", program, font=IDENTITY, more=more))
    assert value(document) == ("11", (Seen("glyph", "11"),))
