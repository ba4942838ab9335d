"""What lies over a page's text, hides it or runs through it decides what is seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.lib.colors import Color, lightgrey, navy, red, white

from extract.pdf.reader import read_pdf
from schemas.records.document import Document, Seen
from tests.support.extract import pdf_over as over
from tests.support.extract.pdf_samples import Draw, plain, write_pdf
from tests.support.for_each import for_each

TYPED = "1 g 0 0 100 30 re f 0 g BT /F1 9 Tf 45 10 Td (130) Tj ET"
NO_GROUND = "0 g BT /F1 9 Tf 45 10 Td (130) Tj ET"


def read(tmp_path: Path, draw: Draw) -> Document:
    return read_pdf(write_pdf(tmp_path / "a.pdf", draw))


def value(document: Document) -> tuple[str, tuple[Seen, ...]]:
    (cell,) = (each for each in document.tables[0].cells if (each.row, each.column) == (2, 3))
    return cell.text, cell.seen


def codes(document: Document) -> list[str]:
    return [note.code for note in document.notes]


@pytest.mark.parametrize("color", [white, lightgrey], ids=["white", "grey"])
def test_what_is_painted_over_is_left_out_and_said(color: Color, tmp_path: Path) -> None:
    document = read(tmp_path, over.typed_over(color))
    assert value(document) == ("6", ())
    assert codes(document) == ["hidden_text"]


def test_a_value_that_is_painted_over_and_not_replaced_is_doubted(tmp_path: Path) -> None:
    document = read(tmp_path, over.typed_over(white, ""))
    assert value(document) == ("", (Seen("covered", "4.5"),))


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (over.written(navy, ground=navy), "invisible_text"),
        (over.written(lightgrey, ground=lightgrey), "invisible_text"),
        (over.written(navy, size=1.5), "invisible_text"),
        (
            over.marked_piece("/Artifact <</Subtype /Watermark /Type /Pagination>> BDC"),
            "slanted_text",
        ),
    ],
    ids=["dark-on-dark", "grey-on-grey", "tiny", "watermark"],
)
def test_what_cannot_be_seen_as_the_table_is_left_out_and_said(
    draw: Draw, said: str, tmp_path: Path
) -> None:
    document = read(tmp_path, draw)
    shown = value(document)[0]
    assert "9" not in shown
    assert codes(document) == [said]


@for_each(
    "draw, text",
    [
        (over.see_through, "4.5"),
        (over.on_dark, "4.59"),
        (over.written(red), "4.59"),
        (over.red_values, "4.5"),
        (over.marked_piece("/Span <</Lang (zh)>> BDC"), "4.59"),
    ],
)
def test_what_is_seen_is_read(draw: Draw, text: str, tmp_path: Path) -> None:
    document = read(tmp_path, draw)
    assert (value(document)[0].replace(" ", ""), codes(document)) == (text, [])


@pytest.mark.parametrize(
    "draw",
    [over.line_through(0), over.line_through(5.5), over.line_through(4, thick=1.2)],
    ids=["line", "line-beyond", "box"],
)
def test_struck_text_is_left_out_and_said(draw: Draw, tmp_path: Path) -> None:
    document = read(tmp_path, draw)
    assert value(document) == ("4.5", ())
    assert [(note.code, note.text) for note in document.notes] == [("struck_text", "8")]


@pytest.mark.parametrize("draw", [over.stamp, over.faint], ids=["seal", "pale"])
def test_stamps_and_watermarks_are_kept_out_of_cells(draw: Draw, tmp_path: Path) -> None:
    document = read(tmp_path, draw)
    whole = read(tmp_path, plain)
    assert [cell.text for cell in document.tables[0].cells] == [
        cell.text for cell in whole.tables[0].cells
    ]
    assert codes(document) == ["slanted_text"]


def test_text_typed_over_a_page_is_read_as_it_is_seen(tmp_path: Path) -> None:
    document = read(tmp_path, over.annotated("FreeText", TYPED, Contents=over.contents("130")))
    assert value(document) == ("130", ())
    assert sorted(codes(document)) == ["annotated", "hidden_text"]


def test_text_typed_over_text_that_still_shows_is_doubted(tmp_path: Path) -> None:
    document = read(tmp_path, over.annotated("FreeText", NO_GROUND))
    text, seen = value(document)
    assert "130" in {each.text for each in seen} or seen, text


@pytest.mark.parametrize("kind", ["FreeText", "Ink"])
def test_what_the_file_does_not_draw_puts_the_text_under_it_in_doubt(
    kind: str, tmp_path: Path
) -> None:
    document = read(tmp_path, over.annotated(kind, None, Contents=over.contents("130")))
    assert value(document) == ("4.5", (Seen("marked", "4.5"),))
    assert codes(document) == ["annotated"]


def test_a_stamp_is_kept_out_of_the_cell(tmp_path: Path) -> None:
    document = read(tmp_path, over.annotated("Stamp", NO_GROUND, Contents=over.contents("130")))
    assert value(document) == ("4.5", ())
    assert sorted(codes(document)) == ["annotated", "slanted_text"]


def test_a_strike_out_annotation_strikes_out(tmp_path: Path) -> None:
    document = read(tmp_path, over.annotated("StrikeOut", None, QuadPoints=over.quads()))
    assert value(document) == ("", (Seen("struck", "4.5"),))


@pytest.mark.parametrize("flag", [2, 32])
def test_an_annotation_that_is_not_shown_changes_nothing(flag: int, tmp_path: Path) -> None:
    document = read(tmp_path, over.annotated("FreeText", TYPED, F=flag))
    assert (value(document), codes(document)) == (("4.5", ()), [])


@pytest.mark.parametrize(
    ("box", "cut"),
    [((0, 0, 290, 400), {"甲县", "4.5", "---"}), ((0, 248, 600, 400), {"产值", "2", "---"})],
    ids=["right", "below"],
)
def test_a_page_cropped_within_its_table_is_read_whole_and_doubted(
    box: tuple[float, float, float, float], cut: set[str], tmp_path: Path
) -> None:
    document = read(tmp_path, over.cropped(*box))
    cells = document.tables[0].cells
    assert [cell.text for cell in cells] == [c.text for c in read(tmp_path, plain).tables[0].cells]
    assert {cell.text for cell in cells if cell.seen} == cut
    assert codes(document) == ["page_cropped"]


def test_a_page_cropped_around_its_table_is_not_in_doubt(tmp_path: Path) -> None:
    document = read(tmp_path, over.cropped(20, 100, 500, 390))
    assert codes(document) == []


@pytest.mark.parametrize("beside", [0, 14], ids=["on the value", "under it"])
def test_text_of_a_flat_annotation_is_doubted_where_it_lies(beside: float, tmp_path: Path) -> None:
    """A box without height has no size to measure the white of a line by."""
    draw = over.annotated("FreeText", None, Rect=over.flat(beside), Contents=over.contents("130"))
    document = read(tmp_path, draw)
    text, seen = value(document)
    assert "4.5" in text
    assert "130" in "".join(each.text for each in seen)
    assert codes(document) == ["annotated"]
