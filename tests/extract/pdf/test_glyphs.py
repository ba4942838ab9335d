"""The text layer of a PDF is not believed unseen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from extract.glyphs.known import Likeness, Verdict
from extract.glyphs.proof import Ask, Drawn
from extract.pdf import glyphs
from extract.pdf.reader import read_pdf
from extract.pdf.supplier import open_pdf
from schemas.records.document import Document, Seen
from tests.support.extract.pdf_lies import lying
from tests.support.paths import ROOT

PRINTED = ROOT / "tests" / "fixtures" / "printed"
DIGITS = "0123456789"
SIGNS = ".,-%+<>≤≥=~"
FONTS = ("Vera", "VeraBd", "VeraIt")


def values(document: Document) -> list[tuple[str, tuple[Seen, ...]]]:
    return [(cell.text, cell.seen) for cell in document.tables[0].cells if cell.row == 2]


def turned(characters: str, by: int) -> dict[str, str]:
    """Let each character claim to be the one so many places on."""
    return {c: characters[(i + by) % len(characters)] for i, c in enumerate(characters)}


@pytest.mark.parametrize("by", range(1, 10))
def test_each_digit_that_claims_to_be_another_is_read_as_seen_and_doubted(
    by: int, tmp_path: Path
) -> None:
    lies = turned(DIGITS, by)
    document = read_pdf(lying(tmp_path / "a.pdf", DIGITS, lies, FONTS[by % 3]))
    assert values(document) == [(digit, (Seen("glyph", digit),)) for digit in DIGITS]
    assert [note.code for note in document.notes] == ["glyph_differs"]


@pytest.mark.parametrize("by", range(1, len(SIGNS)))
def test_each_sign_that_claims_to_be_another_is_read_as_seen_and_doubted(
    by: int, tmp_path: Path
) -> None:
    document = read_pdf(lying(tmp_path / "a.pdf", SIGNS, turned(SIGNS, by)))
    assert values(document) == [(sign, (Seen("glyph", sign),)) for sign in SIGNS]


@pytest.mark.parametrize("font", FONTS)
def test_what_a_font_says_truly_is_believed(font: str, tmp_path: Path) -> None:
    texts = [*DIGITS, *SIGNS, "(l)", "Oo/I", "PM2.5"]
    document = read_pdf(lying(tmp_path / "a.pdf", texts, {}, font))
    assert values(document) == [(text, ()) for text in texts]
    assert document.notes == ()


@pytest.mark.parametrize(
    ("texts", "lies", "read"),
    [
        (["17", "71", "4"], {"7": "1"}, ["17", "71", "4"]),
        (["-5", "6"], {"-": " "}, ["-5", "6"]),
        (["2.5", "6"], {".": "A"}, ["2.5", "6"]),
        (["7", "6"], {"7": "七"}, ["7", "6"]),
        (["7", "6"], {"7": "\u2ed2"}, ["7", "6"]),
    ],
    ids=["one-digit", "no-sign", "letter", "numeral", "han"],
)
def test_one_lie_puts_only_its_own_cells_in_doubt(
    texts: list[str], lies: dict[str, str], read: list[str], tmp_path: Path
) -> None:
    found = values(read_pdf(lying(tmp_path / "a.pdf", texts, lies)))
    assert [text for text, _ in found] == read
    assert [bool(seen) for _, seen in found] == [set(text) & set(lies) != set() for text in texts]


def test_a_glyph_that_claims_several_digits_is_doubted(tmp_path: Path) -> None:
    document = read_pdf(lying(tmp_path / "a.pdf", ["7", "6"], {"7": "12"}))
    assert values(document) == [("7", (Seen("glyph", "7"),)), ("6", ())]


def test_two_glyphs_that_claim_one_digit_are_doubted_without_a_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: object) -> None:
        raise ValueError

    monkeypatch.setattr("extract.pdf.glyphs.draw", fails)
    document = read_pdf(lying(tmp_path / "a.pdf", ["7", "1", "6"], {"7": "1"}))
    assert values(document) == [("1", (Seen("glyph", "1"),))] * 2 + [("6", ())]


@pytest.mark.parametrize("file", ["calc-classic-5.pdf", "chromium-level1_rows-11.pdf"])
@pytest.mark.parametrize("by", [1, 6])
def test_numerals_of_chinese_fonts_are_held_against_their_look(
    file: str, by: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lies, claim = turned("一二三四五六七八九十百千万亿", by), glyphs.claim_of
    monkeypatch.setattr(glyphs, "claim_of", lambda *glyph: lies.get(claim(*glyph), claim(*glyph)))
    with open_pdf(PRINTED / file) as pdf:
        for number in range(1, len(pdf) + 1):
            pdf.page(number)
        told = pdf.misnamed_glyphs.split("、")
    assert told
    assert all(lies[seen] == said for said, seen in (pair.split("→") for pair in told))


def test_two_numerals_of_a_font_that_claim_one_and_look_different_are_doubted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    claim = glyphs.claim_of
    monkeypatch.setattr(glyphs, "judge", lambda said, _: Verdict(said, Likeness.FITS))

    def told(lies: dict[str, str]) -> str:
        said = lambda *glyph: lies.get(claim(*glyph), claim(*glyph))  # noqa: E731
        monkeypatch.setattr(glyphs, "claim_of", said)
        with open_pdf(PRINTED / "calc-classic-5.pdf") as pdf:
            pdf.page(1)
            return pdf.misnamed_glyphs

    assert told({}) == ""
    assert {pair.partition("→")[0] for pair in told({"三": "二"}).split("、")} == {"二"}


def test_what_the_document_shows_of_a_font_is_drawn_at_its_first_page_and_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sheets: list[list[tuple[int, int]]] = []

    def counted(asked: Sequence[Ask]) -> list[Drawn]:
        sheets.append([(ask.font, ask.number) for ask in asked])
        return draw(asked)

    draw = glyphs.draw
    monkeypatch.setattr(glyphs, "draw", counted)
    read_pdf(ROOT / "raw/notices/ziyang-2020/calc.pdf", cross_check=False)
    drawn = [glyph for sheet in sheets for glyph in sheet]
    assert len(drawn) == len(set(drawn)) == 42
    assert len(sheets) == 3  # the fonts of the first page, and one that begins on each of two
