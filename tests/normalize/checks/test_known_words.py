"""Look-alikes settled by known words, and doubts of what was recognised unsurely."""

from __future__ import annotations

import pytest

from normalize.checks.known_words import settle_by_vocabulary, unsure_name_doubts
from normalize.findings.ledger import Ledger, doubts_of
from normalize.model.table import LogicalCell
from schemas.records.document import Cell, Document, Table


def cell(text: str, confidence: float | None = 1.0, other: str | None = None, row: int = 1) -> Cell:
    agreed = None if other is None else False
    return Cell(row, 1, text, page=1, agreed=agreed, other_text=other, confidence=confidence)


def document(*cells: Cell) -> Document:
    placed = tuple(one._replace(row=row) for row, one in enumerate(cells, 1))
    return Document("a.pdf", "pdf", "0" * 64, "rapidocr", (Table(1, placed, len(cells), 1),))


def texts(read: Document) -> list[str]:
    return [one.text for one in read.tables[0].cells]


def test_a_word_of_the_same_document_settles() -> None:
    read = document(cell("市财政局"), cell("市财玫局", 0.6, "市财政局"))
    settled, (note,) = settle_by_vocabulary(read)
    assert texts(settled) == ["市财政局", "市财政局"]
    assert (note.severity, note.code, note.page) == ("info", "settled_by_vocabulary", 1)
    assert "市财玫局" in note.message_zh
    assert settled.tables[0].cells[1].agreed is None


def test_a_word_of_an_earlier_year_settles() -> None:
    read = document(cell("白鶴市", 0.7, "白鹤市"))
    assert texts(settle_by_vocabulary(read, ["白鹤市"])[0]) == ["白鹤市"]


def test_a_known_neighbourhood_settles() -> None:
    read = document(cell("建筑业高质量发展情况"), cell("高质量发\n展", 0.8, "高质量发\n屏"))
    settled, notes = settle_by_vocabulary(read)
    assert texts(settled)[1] == "高质量发\n展"
    assert len(notes) == 1


@pytest.mark.parametrize(
    ("text", "other"),
    [("增长7%", "增长1%"), ("7.5", "75"), ("12%", "12‰")],
)
def test_numbers_are_never_settled(text: str, other: str) -> None:
    read = document(cell(text), cell(other, 0.6, text))
    settled, notes = settle_by_vocabulary(read)
    assert settled == read
    assert notes == ()


def test_two_known_words_settle_nothing() -> None:
    read = document(cell("东河区"), cell("西河区"), cell("东河区", 0.6, "西河区"))
    assert settle_by_vocabulary(read) == (read, ())


def test_what_was_not_recognised_from_pictures_is_left_alone() -> None:
    read = document(cell("市财政局", None), cell("市财玫局", None, "市财政局"))
    assert settle_by_vocabulary(read) == (read, ())


@pytest.mark.parametrize(
    ("confidence", "codes"), [(None, []), (1.0, []), (0.97, []), (0.9, ["low_confidence"])]
)
def test_low_confidence_is_a_doubt(confidence: float | None, codes: list[str]) -> None:
    source = cell("80亿元", confidence)
    logical = LogicalCell(0, 1, 0, 1, source.text, (source,))
    assert [doubt.code for doubt in doubts_of(logical)] == codes


def test_two_readings_are_one_doubt() -> None:
    source = cell("80亿元", 0.5, "60亿元")
    (doubt,) = doubts_of(LogicalCell(0, 1, 0, 1, source.text, (source,)))
    assert doubt.code == "readers_disagree"
    assert [each.text for each in doubt.alternatives] == ["80亿元", "60亿元"]


def test_an_entity_that_no_page_names_surely_is_doubted() -> None:
    read = document(cell("白鶴市", 0.7), cell("东河区", 0.7), cell("东河区"))
    ledger = Ledger()
    ledger.enter(unsure_name_doubts(read, ["白鶴市", "东河区"], [1, 2]))
    (finding,) = ledger.findings
    assert (finding.code, finding.entity) == ("low_confidence", "白鶴市")
    assert ledger.reason(2, "白鶴市")
    assert ledger.reason(2, "东河区") is None
