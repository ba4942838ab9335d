"""What stands over an OFD page or beside its text: annotations, seals, pictures; its picture."""

from __future__ import annotations

from pathlib import Path

import PIL.Image
import pytest

from extract.ofd.reader import draw_as_pdf
from extract.read import has_pages, read_document
from flows.jobs.pages import printed_pages
from report.pictures.pages import draw_pages
from tests.support.extract.ofd_samples import (
    SEAL,
    SIZE,
    WHOLE,
    annotated,
    cells,
    codes,
    picture,
    plain,
    read,
    seen_in,
    signed,
    with_picture,
)
from tests.support.workshop.ofd_file import (
    path_object,
    text_object,
)


def test_the_pages_of_an_ofd_document_are_shown_with_its_cells_on_their_rules(
    tmp_path: Path,
) -> None:
    path = plain().write(tmp_path / "a.ofd")
    (found,) = read_document(path, cross_check=False).tables
    boxes = [(b.x0, b.top, b.x1, b.bottom) for cell in found.cells if (b := cell.box)]
    assert has_pages("ofd")
    with printed_pages(path, "ofd", lambda _: None) as printed:
        (shown,) = draw_pages(printed, tmp_path, [1], {1: boxes})
    assert (shown.width, shown.height) == pytest.approx((595.28, 841.89), abs=0.01)
    with PIL.Image.open(tmp_path / shown.name) as opened:
        scale = opened.width / shown.width
        dark = opened.convert("L").point(lambda tone: 255 if tone < 190 else 0)
        for x0, top, x1, bottom in boxes:
            for x, y in ((x0, (top + bottom) / 2), ((x0 + x1) / 2, bottom)):
                near = (x * scale - 3, y * scale - 3, x * scale + 3, y * scale + 3)
                assert dark.crop(tuple(map(round, near))).getbbox()


def test_a_scanned_page_goes_the_way_of_a_scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extract.scan.pages.engine_installed", lambda: False)
    file = with_picture(picture())
    file.pages.insert(0, [file.pages[0].pop().replace("0 0 10 10", "0 0 210 297")])
    document = read(file, tmp_path)
    assert cells(document) == WHOLE
    assert [(note.code, note.page) for note in document.notes] == [("picture_page", 1)]


def test_a_template_that_the_file_does_not_hold_is_named(tmp_path: Path) -> None:
    file = plain()
    written = str(file.written()["Doc_0/Pages/Page_0/Content.xml"])
    use = '<ofd:Template TemplateID="7"/><ofd:Content>'
    file.parts = {"Doc_0/Pages/Page_0/Content.xml": written.replace("<ofd:Content>", use)}
    document = read(file, tmp_path)
    assert cells(document) == WHOLE
    assert [note.code for note in document.notes] == ["drawings_lost"]


TYPED = text_object("99", (0, SIZE), SIZE, [2])
SCRAWL = path_object("M 0 0 L 8 5 L 8 0 L 0 5", (0, 0, 12, 5))


def test_text_typed_over_a_page_is_what_is_seen_and_in_doubt(tmp_path: Path) -> None:
    document = read(annotated('Type="Stamp" Subtype="FreeText"', TYPED, remark="99"), tmp_path)
    assert "annotated" in codes(document)
    assert seen_in(document, 3, 3)


def test_what_is_drawn_by_hand_over_a_cell_puts_it_in_doubt(tmp_path: Path) -> None:
    document = read(annotated('Type="Path"', SCRAWL), tmp_path)
    assert cells(document) == WHOLE
    assert seen_in(document, 3, 3)
    assert not seen_in(document, 2, 3)


def test_a_value_struck_out_by_an_annotation_is_not_silent(tmp_path: Path) -> None:
    line = path_object("M 0 2.5 L 6 2.5", (0, 0, 6, 5))
    file = annotated('Type="Highlight" Subtype="Strikeout"', line, width=6)
    document = read(file, tmp_path)
    assert seen_in(document, 3, 3) or "struck_text" in codes(document)


@pytest.mark.parametrize("traits", ['Type="Path" Visible="false"', 'Type="Link"'])
def test_an_annotation_that_shows_nothing_changes_nothing(traits: str, tmp_path: Path) -> None:
    document = read(annotated(traits, SCRAWL if "Path" in traits else ""), tmp_path)
    assert cells(document) == WHOLE
    assert document.notes == ()
    assert not seen_in(document, 3, 3)


def test_a_watermark_stays_out_of_the_cells(tmp_path: Path) -> None:
    document = read(annotated('Type="Watermark"', TYPED, remark="99"), tmp_path)
    assert cells(document) == WHOLE
    assert "annotated" in codes(document)


@pytest.mark.parametrize("place", ["<ofd:Seal><ofd:BaseLoc>Seal.esl</ofd:BaseLoc></ofd:Seal>", ""])
def test_a_seal_is_shown_in_pictures_of_pages_and_hides_nothing(place: str, tmp_path: Path) -> None:
    file = signed(SEAL + place)
    name = "Seal.esl" if place else "SignedValue.dat"
    file.parts[f"Doc_0/Signs/Sign_0/{name}"] = b"0\x82 who sealed" + picture("RGB", (250, 9, 9))
    signature = "Doc_0/Signs/Sign_0/Signature.xml"
    value = "<ofd:SignedValue>SignedValue.dat</ofd:SignedValue></ofd:Signature>"
    file.parts[signature] = str(file.parts[signature]).replace("</ofd:Signature>", value)
    document = read(file, tmp_path)
    assert cells(document) == WHOLE
    assert codes(document) == ["seal_not_verified"]
    with printed_pages(tmp_path / "a.ofd", "ofd", lambda _: None) as printed:
        (shown,) = draw_pages(printed, tmp_path, [1])
    with PIL.Image.open(tmp_path / shown.name) as opened:
        scale = opened.width / 210
        seal = opened.convert("RGB").crop(tuple(round(scale * at) for at in (101, 61, 139, 99)))
        colors = seal.getcolors(100_000) or []
    assert max(colors)[1][0] > 200
    assert max(colors)[1][1] < 60
    assert any(max(color) < 120 for _, color in colors)  # the text and rules under it


def test_a_seal_that_is_a_document_itself_is_named_and_not_drawn(tmp_path: Path) -> None:
    """Within a signed value, as seals of GB/T 38540 hold it, and a picture packed inside it."""
    file = signed(SEAL + "<ofd:Seal><ofd:BaseLoc>Seal.esl</ofd:BaseLoc></ofd:Seal>")
    inner = signed(SEAL).write(tmp_path / "inner.ofd").read_bytes() + picture("RGB", (250, 9, 9))
    file.parts["Doc_0/Signs/Sign_0/Seal.esl"] = b"0\x82\x01\x02ES\x16\x03ofd\x04" + inner
    document = read(file, tmp_path)
    assert cells(document) == WHOLE
    (note,) = document.notes
    assert (note.code, note.page) == ("seal_not_verified", 1)
    assert "OFD 文件，没有画出" in note.message_zh
    with printed_pages(tmp_path / "a.ofd", "ofd", lambda _: None) as printed:
        (shown,) = draw_pages(printed, tmp_path, [1])
    with PIL.Image.open(tmp_path / shown.name) as opened:
        assert len(opened.convert("RGB").getcolors(100_000) or []) < 257  # grey alone


#: A picture in black and white of 8 by 8 dots, all white: its head, and what it says of its page.
JBIG2 = bytes.fromhex("974a42320d0a1a0a010000000100000000300001000000130000000800000008") + bytes(
    11
)


@pytest.mark.parametrize(("length", "noted"), [(len(JBIG2), []), (20, ["pictures_unreadable"])])
def test_pictures_in_black_and_white_are_shown(
    length: int, noted: list[str], tmp_path: Path
) -> None:
    document = read(with_picture(JBIG2[:length]), tmp_path)
    assert cells(document) == WHOLE
    assert codes(document) == noted
    draw_as_pdf(tmp_path / "a.ofd", tmp_path / "a.pdf")
    assert (b"/JBIG2Decode" in (tmp_path / "a.pdf").read_bytes()) is (not noted)
