from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from common.fold import fold_tight
from common.isolated import Call
from extract.page.page import Char
from extract.pdf import camelot
from extract.pdf.camelot import SecondCell, SecondReaderError, read_cells, second_reader
from extract.pdf.cross_check import PageGround, compare
from extract.pdf.reader import read_pdf
from schemas.records.document import Box, Cell, Document
from tests.support.extract.pdf_samples import Sheet, pdf_bytes, plain, write_pdf
from tests.support.extract.two_readings import cell, document, second


def judged(first: Document, others: list[SecondCell], **how: object) -> list[Cell]:
    compared = compare(first, others, "second", **how)  # type: ignore[arg-type]
    assert compared.cross_reader == "second"
    return list(compared.tables[0].cells)


def test_same_place_and_text_agree_whatever_the_white_space() -> None:
    (only,) = judged(document(cell("长江\n流域 4.5%")), [second("⻓江流域４.5％\n")])
    assert (only.agreed, only.other_text) == (True, None)


def test_other_text_disagrees_and_is_kept() -> None:
    (only,) = judged(document(cell("4.5")), [second("45\n")])
    assert (only.agreed, only.other_text) == (False, "45")


def test_other_spans_disagree_though_the_text_is_the_same() -> None:
    first = document(cell("甲", column_span=2))
    (only,) = judged(first, [second("甲"), second("", column=2)])
    assert (only.agreed, only.other_text) == (False, "甲")


def test_a_cell_that_the_second_reader_lacks_disagrees() -> None:
    (one, other) = judged(document(cell("甲"), cell("", row=2)), [second("甲")])
    assert (one.agreed, other.agreed, other.other_text) == (True, False, "")


def ghost(text: str, x: float) -> Char:
    return Char(text, x, 900, x + 10, 910, 10)


def test_hidden_characters_are_no_disagreement() -> None:
    ground = {1: PageGround(hidden=(ghost("高", 120), ghost("质", 130)))}
    (only,) = judged(document(cell("指标")), [second("高质\n指标")], ground=ground)
    assert only.agreed is True


def test_hidden_characters_elsewhere_excuse_nothing() -> None:
    ground = {1: PageGround(hidden=(ghost("高", 420),))}
    (only,) = judged(document(cell("指标")), [second("高指标")], ground=ground)
    assert only.agreed is False


def test_hidden_characters_do_not_excuse_another_order_or_a_loss() -> None:
    ground = {1: PageGround(hidden=(ghost("高", 120),))}
    for other in ("高标指", "高指"):
        (only,) = judged(document(cell("指标")), [second(other)], ground=ground)
        assert only.agreed is False


def test_boxes_are_compared_on_the_visible_page() -> None:
    moved = cell("甲")._replace(box=Box(60, -10, 160, 10))
    ground = {1: PageGround(origin=(-40.0, -30.0))}
    (only,) = judged(document(moved), [second("甲")], ground=ground)
    assert only.agreed is True


def test_a_page_that_only_one_reader_found_is_told() -> None:
    missed = compare(document(cell("甲")), [], "second")
    assert missed.tables[0].cells[0].agreed is None
    assert [note.code for note in missed.notes] == ["page_not_compared"]
    far = replace(second("乙"), page=2)
    surplus = compare(document(cell("甲")), [second("甲"), far], "second")
    assert [(n.code, n.page) for n in surplus.notes] == [("table_only_in_second_reading", 2)]
    assert surplus.notes[0].text == "乙"


def test_fold_keeps_what_matters() -> None:
    assert fold_tight("１２％ ⻓\n") == "12%长"
    assert fold_tight("12") != fold_tight("21")


def test_camelot_reads_cells_with_spans_and_places(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", plain)
    cells = read_cells(str(path))
    assert [c.text.strip() for c in cells][:3] == ["指标", "分值", "甲县"]
    first = cells[0]
    assert (first.x0, first.top) == pytest.approx((50, 100), abs=1)
    assert (first.row, first.column, first.row_span, first.column_span) == (1, 1, 1, 1)


@pytest.mark.isolated
def test_both_readers_agree_on_a_plain_table(tmp_path: Path) -> None:
    read = read_pdf(write_pdf(tmp_path / "a.pdf", plain, plain), cross_check=True)
    assert read.cross_reader is not None
    assert read.cross_reader.startswith("camelot")
    assert all(c.agreed for table in read.tables for c in table.cells)
    assert read.notes == ()


def with_ghost(sheet: Sheet) -> None:
    plain(sheet)
    path = sheet.canvas.beginPath()
    path.rect(50, 0, 100, 20)
    sheet.canvas.clipPath(path, stroke=0, fill=0)
    sheet.text(60, 126, "鬼影")


def test_ghosts_and_crops_cause_no_disagreement(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", with_ghost, cropBox=(40, 0, 600, 320))
    read = read_pdf(path, cross_check=True)
    assert [c.agreed for c in read.tables[0].cells] == [True] * 9


@pytest.mark.parametrize("sharing", [False, True])
def test_beside_other_readers_the_second_follows_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sharing: bool
) -> None:
    """Another has work for the processor meanwhile; alone, both read side by side."""
    begun: list[str] = []

    class Noted(Call):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            begun.append("second")
            super().__init__(*arguments, **options)

    monkeypatch.setattr(camelot, "Call", Noted)
    monkeypatch.setattr(camelot, "shares_processors", lambda: sharing)
    with second_reader(tmp_path / "none.pdf", [1]) as reader:
        begun.append("first")
        with pytest.raises(SecondReaderError):
            reader.result()
    assert begun == (["first", "second"] if sharing else ["second", "first"])


def test_a_second_reader_that_fails_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> list[SecondCell]:
        raise SecondReaderError("it broke")

    monkeypatch.setattr("extract.pdf.camelot.SecondReader.result", fail)
    read = read_pdf(write_pdf(tmp_path / "a.pdf", plain), cross_check=True)
    (note,) = read.notes
    assert (note.code, note.text) == ("second_reader_failed", "it broke")
    assert read.cross_reader is None
    assert all(c.agreed is None for c in read.tables[0].cells)


@pytest.mark.isolated
def test_a_crash_of_camelot_is_an_error_with_its_last_words(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_bytes(plain)[:500])
    with second_reader(path, [1]) as reader, pytest.raises(SecondReaderError) as caught:
        reader.result()
    assert str(caught.value)
