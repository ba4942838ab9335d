"""OFD documents: the same cells as the PDF that shows the same, whatever way they are written."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import reportlab

from extract.drawing.sfnt import read_font
from extract.ofd.reader import draw_as_pdf
from extract.read import read_document
from normalize.pipeline import normalize
from schemas.records.source import SourceMeta
from tests.support.extract.ofd_of_pdf import ofd_of_pdf
from tests.support.extract.ofd_samples import (
    SEAL,
    SIZE,
    WHOLE,
    XS,
    YS,
    attached,
    bounded,
    cells,
    codes,
    picture,
    place_of,
    plain,
    read,
    replaced,
    rules,
    seen_in,
    signed,
    steps_of,
    texts,
    with_picture,
)
from tests.support.goldens import (
    ZIYANG,
    Reading,
    differences,
    golden_values,
    notice_values,
    table,
)
from tests.support.workshop.ofd_canvas import OfdStyle, Written
from tests.support.workshop.ofd_file import (
    OfdFile,
    n,
    page_part,
    path_object,
    text_object,
)


def test_a_plain_table_has_its_places_in_points(tmp_path: Path) -> None:
    document = read(plain(), tmp_path, cross_check=True)
    assert cells(document) == WHOLE
    first = document.tables[0]
    points = [x * 72 / 25.4 for x in XS]
    assert first.column_edges == pytest.approx(points, abs=0.1)
    assert first.page_size == pytest.approx((595.28, 841.89), abs=0.01)
    assert (document.source_format, document.pages, document.source_name) == ("ofd", 1, "a.ofd")
    assert document.reader.startswith("ofd + pdfplumber")
    assert all(cell.agreed for cell in first.cells)
    assert document.notes == ()


@pytest.mark.parametrize(
    ("name", "written"),
    [("writer.pdf", Written.MILLIMETRES), ("calc.pdf", Written.SCALED)],
)
def test_the_notice_as_ofd_gives_every_value_of_its_golden(
    name: str, written: Written, tmp_path: Path
) -> None:
    style = OfdStyle(written=written, repeats=written is Written.SCALED)
    path = ofd_of_pdf(ZIYANG[name], tmp_path / "notice.ofd", style)
    document = read_document(path, cross_check=style.repeats)
    notice = normalize(document, SourceMeta(document_id="golden"))
    flagged = frozenset((t.serial_no, t.entity) for t in notice.targets if t.needs_review)
    reading = Reading(document, notice, notice_values(notice), flagged)
    golden = golden_values("ziyang-2020")
    found = list(differences(golden, reading))
    assert not found, table(found, golden, reading)
    assert document.notes == ()
    assert len(flagged) <= 0.02 * len(notice.targets)
    seen = {cell.agreed for each in document.tables for cell in each.cells}
    assert seen == ({True} if document.cross_reader else {None})


CODE = '<ofd:TextCode X="0" Y="4"{deltas}>{text}</ofd:TextCode>'


@pytest.mark.parametrize(
    ("deltas", "text"),
    [
        (' DeltaX="4 4 4 4 4"', "研发投入强度"),
        (' DeltaX="g 5 4"', "研发投入强度"),
        (' DeltaX="4 g 3 4 4 4 4"', "研发投入强度"),  # more than there are characters
        (' DeltaX="4"', "研发投入强度"),  # fewer: the last one counts on
        ("", "研发投入强度"),
        (' DeltaX="g 999999999 4"', "研发投入强度"),
    ],
)
def test_distances_are_read_as_they_are_written(deltas: str, text: str, tmp_path: Path) -> None:
    code = CODE.format(deltas=deltas, text=text)
    file = replaced(text, text_object(text, place_of(text), SIZE, [20], code=code))
    assert cells(read(file, tmp_path)) == WHOLE


def test_several_codes_of_one_object_each_stand_at_their_place(tmp_path: Path) -> None:
    code = (
        '<ofd:TextCode X="0" Y="4" DeltaX="4">研发</ofd:TextCode>'
        '<ofd:TextCode X="8" DeltaX="4 4 4">投入强度</ofd:TextCode>'
    )
    text = "研发投入强度"
    file = replaced(text, text_object(text, place_of(text), SIZE, [20], code=code))
    assert cells(read(file, tmp_path)) == WHOLE


def test_text_written_downwards_reads_downwards(tmp_path: Path) -> None:
    code = '<ofd:TextCode X="0" Y="2" DeltaY="2 2">118</ofd:TextCode>'
    x, y = place_of("118")
    small = text_object("118", (x, y - 4), 2.0, [6], {"Size": "2"}, code=code)
    file = replaced("118", small)
    assert cells(read(file, tmp_path))[2][2].replace("\n", "") == "118"


@pytest.mark.parametrize(
    "traits",
    [
        {"CTM": "0.5 0 0 0.5 0 0", "Size": "8", "HScale": "1"},
        {"CTM": "2 0 0 2 0 0", "Size": "2", "HScale": "1"},
        {"CTM": "0.25 0 0 0.5 0 0", "Size": "8", "HScale": "2"},
    ],
)
def test_matrices_and_stretched_letters_end_at_the_same_place(
    traits: dict[str, str], tmp_path: Path
) -> None:
    text = "研发投入强度"
    part = float(traits["CTM"].split()[0])
    down = float(traits["CTM"].split()[3])
    deltas = " ".join([n(SIZE / part)] * 5)
    code = f'<ofd:TextCode X="0" Y="{n(SIZE / down)}" DeltaX="{deltas}">{text}</ofd:TextCode>'
    own = text_object(text, place_of(text), SIZE, [20], traits, code=code)
    document = read(replaced(text, own), tmp_path)
    assert cells(document) == WHOLE


def test_glyphs_given_by_number_do_not_change_the_text(tmp_path: Path) -> None:
    change = (
        '<ofd:CGTransform CodePosition="0" CodeCount="3" GlyphCount="3">'
        "<ofd:Glyphs>17 17 24</ofd:Glyphs></ofd:CGTransform>"
    )
    own = text_object("118", place_of("118"), SIZE, steps_of("118"), inside=change)
    assert cells(read(replaced("118", own), tmp_path)) == WHOLE


VERA = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"


def with_font(text: str, glyphs: str, data: bytes) -> OfdFile:
    """The plain document with a font in it, and one cell whose glyphs are those of ``glyphs``."""
    font = read_font(VERA.read_bytes())
    assert font is not None
    numbers = " ".join(str(font.glyph(sign)) for sign in glyphs)
    change = (
        f'<ofd:CGTransform CodePosition="0" CodeCount="{len(text)}" GlyphCount="{len(text)}">'
        f"<ofd:Glyphs>{numbers}</ofd:Glyphs></ofd:CGTransform>"
    )
    traits = {"Font": "4"}
    own = text_object(text, place_of("118"), SIZE, steps_of(text), traits, inside=change)
    file = replaced("118", own)
    file.resources = (
        '<ofd:Fonts><ofd:Font ID="4" FontName="Vera"><ofd:FontFile>v.ttf</ofd:FontFile>'
        "</ofd:Font></ofd:Fonts>"
    )
    file.parts = {"Doc_0/Res/v.ttf": data}
    return file


def test_digits_that_look_as_they_claim_are_read_without_doubt(tmp_path: Path) -> None:
    document = read(with_font("118", "118", VERA.read_bytes()), tmp_path, cross_check=True)
    assert cells(document) == WHOLE
    assert document.notes == ()


def test_digits_that_look_otherwise_than_they_claim_are_not_believed(tmp_path: Path) -> None:
    document = read(with_font("118", "113", VERA.read_bytes()), tmp_path)
    assert cells(document)[2][2] == "113"
    assert [note.severity for note in document.notes] == ["warning"]


@pytest.mark.parametrize("data", [b"", b"no font", VERA.read_bytes()[:9000], b"OTTO" + bytes(99)])
def test_a_broken_font_loses_no_text(data: bytes, tmp_path: Path) -> None:
    assert cells(read(with_font("118", "118", data), tmp_path)) == WHOLE


@pytest.mark.parametrize("order", ["Background", "Foreground", "Body"])
def test_rules_on_a_template_page_belong_to_every_page(order: str, tmp_path: Path) -> None:
    file = OfdFile(pages=[texts(), texts()], templates={"7": (order, rules())})
    document = read(file, tmp_path)
    assert [each.page for each in document.tables] == [1, 2]
    assert cells(document) == WHOLE


def test_a_composed_drawing_is_drawn_where_it_is_used(tmp_path: Path) -> None:
    drawing = (
        '<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="50" Width="210" Height="297">'
        f"<ofd:Content>{''.join(rules())}</ofd:Content></ofd:CompositeGraphicUnit>"
        "</ofd:CompositeGraphicUnits>"
    )
    use = '<ofd:CompositeObject ID="51" ResourceID="50" Boundary="0 0 210 297"/>'
    file = OfdFile(pages=[[use, *texts()]], resources=drawing)
    assert cells(read(file, tmp_path)) == WHOLE


def test_a_block_within_blocks_is_read(tmp_path: Path) -> None:
    inside = "".join([*rules(), *texts()])
    for _ in range(3):
        inside = f'<ofd:PageBlock ID="8">{inside}</ofd:PageBlock>'
    assert cells(read(OfdFile(pages=[[inside]]), tmp_path)) == WHOLE


@pytest.mark.parametrize(
    "rule",
    [
        ("M 0 0 L {w} 0", {}),
        ("M 0 0 B 10 0 20 0 30 0 L {w} 0", {}),
        ("M 0 0 L {w} 0 L {w} 0.3 L 0 0.3 C", {"Stroke": "false", "Fill": "true"}),
    ],
)
def test_rules_may_be_lines_or_thin_boxes(rule: tuple[str, dict[str, str]], tmp_path: Path) -> None:
    data, traits = rule
    wide = XS[-1] - XS[0]
    black = '<ofd:FillColor Value="0 0 0"/>' if traits else ""
    level = [path_object(data.format(w=n(wide)), (XS[0], y, wide, 0.3), traits, black) for y in YS]
    document = read(OfdFile(pages=[[*rules()[4:], *level, *texts()]]), tmp_path)
    if "B" in data:  # a curve is no rule, but the rest of the path is
        assert document.tables
        return
    assert cells(document) == WHOLE


def test_a_style_says_width_and_colour_and_so_does_the_style_it_goes_back_to(
    tmp_path: Path,
) -> None:
    styles = (
        '<ofd:DrawParams><ofd:DrawParam ID="60" LineWidth="9"><ofd:FillColor Value="255 255 255"/>'
        '</ofd:DrawParam><ofd:DrawParam ID="61" Relative="60"/></ofd:DrawParams>'
    )
    hidden = text_object("7", place_of("118"), SIZE, traits={"DrawParam": "61"})
    bar = path_object("M 0 0 L 120 0", (20, 55, 120, 9), {"DrawParam": "61"})
    file = OfdFile(pages=[[*rules(), *texts(), hidden, bar]], resources=styles)
    document = read(file, tmp_path)
    assert cells(document) == WHOLE  # white on white, and a bar too thick for a rule
    assert codes(document) == ["invisible_text"]


@pytest.mark.parametrize(
    "traits",
    [
        {"Visible": "false"},
        {"Alpha": "0"},
        {"Fill": "false"},
        {"Size": "0"},
        {"CTM": "0 0 0 0 0 0"},
    ],
)
def test_text_that_is_not_shown_is_left_out_and_said(
    traits: dict[str, str], tmp_path: Path
) -> None:
    hidden = text_object("9", place_of("118"), SIZE, traits=traits)
    document = read(OfdFile(pages=[[*rules(), *texts(), hidden]]), tmp_path)
    assert cells(document) == WHOLE
    assert codes(document) == ["invisible_text"]


def test_text_that_a_clip_hides_is_left_out(tmp_path: Path) -> None:
    clip = (
        '<ofd:Clips><ofd:Clip><ofd:Area><ofd:Path Boundary="0 0 1 1"><ofd:AbbreviatedData>'
        "M 0 0 L 1 0 L 1 1 L 0 1 C</ofd:AbbreviatedData></ofd:Path></ofd:Area></ofd:Clip>"
        "</ofd:Clips>"
    )
    hidden = text_object("99", place_of("单位"), SIZE, [2], inside=clip)
    document = read(OfdFile(pages=[[*rules(), *texts(), hidden]]), tmp_path)
    assert cells(document) == WHOLE


def test_text_outside_its_boundary_is_read_and_named(tmp_path: Path) -> None:
    document = read(bounded(2), tmp_path)
    assert cells(document) == WHOLE
    (note,) = document.notes
    assert (note.code, note.severity, note.text, note.page) == (
        "outside_boundary", "warning", "18", 1,
    )  # fmt: skip
    assert seen_in(document, 3, 3) == ["outside"]
    assert not seen_in(document, 2, 3)


def test_text_outside_the_part_that_is_shown_is_read_and_named(tmp_path: Path) -> None:
    file = plain()
    written = str(file.written()["Doc_0/Document.xml"])
    shown = "</ofd:PhysicalBox><ofd:ApplicationBox>0 0 105 297</ofd:ApplicationBox>"
    file.parts = {"Doc_0/Document.xml": written.replace("</ofd:PhysicalBox>", shown)}
    document = read(file, tmp_path)
    assert cells(document) == WHOLE
    assert [note.code for note in document.notes] == ["outside_boundary"]
    assert document.notes[0].text == "标58"


@pytest.mark.parametrize(("mode", "color"), [("RGBA", (255, 0, 0, 90)), ("LA", (99, 0)), ("L", 0)])
def test_a_seal_that_lets_the_text_show_hides_nothing(
    mode: str, color: object, tmp_path: Path
) -> None:
    file = with_picture(picture(mode, color))
    at = f"{n(XS[2])} {n(YS[2])} 10 10"
    file.pages[0][-1] = file.pages[0][-1].replace("0 0 10 10", at)
    if mode == "L":
        file.resources = file.resources.replace(
            "</ofd:MultiMedias>",
            '<ofd:MultiMedia ID="71"><ofd:MediaFile>m.png</ofd:MediaFile></ofd:MultiMedia>'
            "</ofd:MultiMedias>",
        )
        file.parts["Doc_0/Res/m.png"] = picture("L", 60)
        file.pages[0][-1] = file.pages[0][-1].replace("/>", ' ImageMask="71"/>')
    document = read(file, tmp_path)
    assert cells(document) == WHOLE
    assert not any(cell.seen for cell in document.tables[0].cells)


def test_a_page_of_another_size_is_measured_by_its_own(tmp_path: Path) -> None:
    part = page_part([*rules(), *texts()]).replace(
        "<ofd:Content>",
        "<ofd:Area><ofd:PhysicalBox>0 0 420 297</ofd:PhysicalBox></ofd:Area><ofd:Content>",
    )
    file = plain()
    file.parts["Doc_0/Pages/Page_0/Content.xml"] = part
    assert read(file, tmp_path).tables[0].page_size == pytest.approx((1190.55, 841.89), abs=0.01)


def test_a_page_whose_text_runs_up_is_turned(tmp_path: Path) -> None:
    """A landscape table on an upright page: all is moved by one matrix."""
    page = "".join([*rules(), *texts()])
    drawing = (
        '<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="50" Width="297" Height="210">'
        f"<ofd:Content>{page}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>"
    )
    use = (
        '<ofd:CompositeObject ID="51" ResourceID="50" Boundary="0 0 210 297" CTM="0 -1 1 0 0 297"/>'
    )
    document = read(OfdFile(pages=[[use]], resources=drawing), tmp_path)
    assert cells(document) == WHOLE
    assert document.tables[0].page_size == pytest.approx((841.89, 595.28), abs=0.01)


def test_attached_files_and_signatures_are_named(tmp_path: Path) -> None:
    (named,) = read(attached(), tmp_path).notes
    assert (named.code, named.severity) == ("attached_files", "info")
    assert "附件2.xlsx" in named.message_zh
    (sealed,) = read(signed(SEAL), tmp_path).notes
    assert (sealed.code, sealed.page, sealed.severity) == ("seal_not_verified", 1, "info")
    assert sealed.box is not None
    assert sealed.box.x0 == pytest.approx(283.46, abs=0.01)
    assert "某签章" in sealed.message_zh
    (only,) = read(signed(), tmp_path).notes
    assert (only.code, only.page) == ("signature_not_verified", None)


def test_parts_are_found_as_real_files_name_them(tmp_path: Path) -> None:
    file = plain()
    written = file.written()
    file.parts = {
        "Doc_0/Document.xml": str(written["Doc_0/Document.xml"]).replace(
            "Pages/Page_0/Content.xml", "/Doc_0\\Pages/PAGE_0/Content.xml"
        )
    }
    assert cells(read(file, tmp_path)) == WHOLE


@pytest.mark.parametrize("coding", ["gb18030", "utf-8"])
def test_parts_with_chinese_names_are_found_in_any_coding(coding: str, tmp_path: Path) -> None:
    """Zips made on Windows do not say in which coding their names are."""

    class Unmarked(zipfile.ZipInfo):
        def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile's own
            return self.filename.encode(coding), 0

    file = plain()
    written = {name.replace("Page_0", "页面"): part for name, part in file.written().items()}
    document = str(written["Doc_0/Document.xml"]).replace("Page_0", "页面")
    path = tmp_path / "a.ofd"
    with zipfile.ZipFile(path, "w") as package:
        for name, part in (written | {"Doc_0/Document.xml": document}).items():
            package.writestr(Unmarked(name), part)
    assert cells(read_document(path, cross_check=False)) == WHOLE


def test_a_missing_resource_file_loses_no_text(tmp_path: Path) -> None:
    file = plain()
    file.common = "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
    assert cells(read(file, tmp_path)) == WHOLE


def test_two_documents_in_one_file_are_read_one_after_the_other(tmp_path: Path) -> None:
    file = plain()
    file.body = "</ofd:DocBody><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
    document = read(file, tmp_path)
    assert (document.pages, [each.page for each in document.tables]) == (2, [1, 2])


def test_a_pdf_of_the_pages_is_written_for_pictures(tmp_path: Path) -> None:
    import pypdfium2

    draw_as_pdf(plain().write(tmp_path / "a.ofd"), tmp_path / "a.pdf")
    with pypdfium2.PdfDocument(tmp_path / "a.pdf") as pdf:
        assert pdf[0].get_size() == pytest.approx((595.28, 841.89), abs=0.01)
        shown = pdf[0].get_textpage().get_text_range()
    assert "研发投入强度" in "".join(shown.split())
