"""Signs in a line of print that recognisers mistake, drawn by hand and put right by their ink."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extract.scan.confusions import (
    with_joined_digits,
    with_lost_points,
    with_per_mille,
    with_unread_ink,
)
from extract.scan.engine import ReadChar
from extract.scan.lines import PrintLine, Region
from extract.scan.percent import Heads, settle_per_signs
from extract.scan.picture import Pixels
from extract.scan.recognized import PagePrint, TextPiece
from extract.scan.widths import Samples, settle_widths

USUAL = 24.0
TOP, FOOT = 8, 30


class Strip:
    """A strip of paper on which signs are drawn, and what was read of it."""

    def __init__(self) -> None:
        self.grey: Pixels = np.full((40, 400), 255, np.uint8)
        self.seen: list[ReadChar] = []

    def read(self, text: str, at: float) -> None:
        self.seen.append(ReadChar(text, at, 0.99))

    def block(self, text: str, left: int, width: int = 20) -> None:
        """Draw the ink of a character of words; an empty text was not read."""
        cv2.rectangle(self.grey, (left, TOP), (left + width, FOOT), 0, -1)
        if text:
            self.read(text, left + width / 2)

    def digit(self, text: str, left: int) -> None:
        cv2.rectangle(self.grey, (left, TOP + 4), (left + 9, FOOT), 0, 2)
        self.read(text, left + 5)

    def point(self, left: int) -> None:
        cv2.rectangle(self.grey, (left, FOOT - 2), (left + 2, FOOT), 0, -1)

    def bracket(self, text: str, left: int) -> None:
        cv2.line(self.grey, (left + 2, TOP), (left + 2, FOOT), 0, 2)
        self.read(text, left + 2)

    def per_cent(self, read: str, left: int, rings: int = 2) -> None:
        """Draw a ring, a slash and one ring (%) or two (‰)."""
        cv2.circle(self.grey, (left + 5, TOP + 7), 4, 0, 2)
        cv2.line(self.grey, (left + 4, FOOT), (left + 17, TOP + 3), 0, 2)
        for number in range(rings - 1):
            cv2.circle(self.grey, (left + 18 + 10 * number, FOOT - 4), 4, 0, 2)
        self.read(read, left + 6 + 5 * rings)

    @property
    def piece(self) -> TextPiece:
        rows, columns = np.nonzero(self.grey < 128)
        ink = Region(
            int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1
        )
        return TextPiece(
            PrintLine(ink, Region(0, 0, 400, 40), (0, 0)), tuple(self.seen), agreed=True
        )

    @property
    def page(self) -> PagePrint:
        return PagePrint(self.grey, 200 / 72, USUAL)


def number_and(sign: str, rings: int) -> Strip:
    strip = Strip()
    strip.digit("7", 10)
    strip.per_cent(sign, 30, rings)
    return strip


@pytest.mark.parametrize(
    ("sign", "rings", "text", "other"),
    [
        ("%", 2, "7%", None),
        ("‰", 3, "7‰", None),
        ("%", 3, "7‰", "7%"),
        ("‰", 2, "7‰", "7%"),
    ],
)
def test_per_cent_and_per_mille_are_told_by_ink(
    sign: str, rings: int, text: str, other: str | None
) -> None:
    strip = number_and(sign, rings)
    (settled,) = settle_per_signs([strip.piece], strip.page, Heads())
    assert (settled.text, settled.other) == (text, other)
    assert (settled.agreed is False) == (other is not None)
    assert (settled.confidence < 0.97) == (other is not None)


def test_per_cent_signs_are_compared_with_the_document_s_others() -> None:
    heads = Heads()
    assert heads.usual == pytest.approx(0.09)
    heads.seen = [0.2] * 20
    assert heads.usual == pytest.approx(0.2)
    heads.seen = [0.01] * 20
    assert heads.usual == pytest.approx(0.04)


@pytest.mark.parametrize(("text", "right"), [("1%0", "1‰"), ("1%o。", "1‰。"), ("1%05", "1%05")])
def test_a_small_ring_after_per_cent_makes_it_per_mille(text: str, right: str) -> None:
    strip = number_and("%", 3)
    chars = tuple(ReadChar(char, 10.0 * index, 0.99) for index, char in enumerate(text))
    read = with_per_mille(TextPiece(strip.piece.line, chars))
    assert read.text == right


def test_a_lost_point_is_doubted() -> None:
    strip = Strip()
    strip.digit("7", 10)
    strip.point(24)
    strip.digit("5", 30)
    assert with_lost_points(strip.piece, strip.grey, USUAL).confidence < 0.5
    strip.seen.insert(1, ReadChar(".", 25, 0.99))
    assert with_lost_points(strip.piece, strip.grey, USUAL) is strip.piece or (
        with_lost_points(strip.piece, strip.grey, USUAL).confidence > 0.97
    )


def test_a_lost_point_among_words_is_doubted() -> None:
    strip = Strip()
    strip.digit("1", 10)
    strip.point(24)
    strip.digit("5", 30)
    strip.block("万", 50)
    assert with_lost_points(strip.piece, strip.grey, USUAL).confidence < 0.5


@pytest.mark.parametrize(
    ("text", "doubted"), [("05万", True), ("0.5万", False), ("105万", False), ("2020", False)]
)
def test_an_idle_zero_is_doubted(text: str, doubted: bool) -> None:
    strip = Strip()
    for index, char in enumerate(text):
        strip.digit(char, 10 + 20 * index)
        if char == ".":
            strip.grey[:, 8 + 20 * index : 24 + 20 * index] = 255
            strip.point(14 + 20 * index)
    read = with_lost_points(strip.piece, strip.grey, USUAL)
    assert (read.confidence < 0.5) == doubted


def test_a_digit_in_two_pieces_is_no_lost_digit() -> None:
    strip = Strip()
    strip.digit("0", 10)
    strip.grey[TOP + 3 : TOP + 6, 13:16] = 215  # a thin arc that the scanner made pale
    strip.grey[FOOT - 1 : FOOT + 2, 13:16] = 215
    assert with_lost_points(strip.piece, strip.grey, USUAL).confidence > 0.97


@pytest.mark.parametrize(("word", "doubted"), [("人", False), ("", True)])
def test_ink_between_brackets_that_was_not_read_is_doubted(word: str, doubted: bool) -> None:
    strip = Strip()
    strip.bracket("（", 10)
    strip.block(word, 20)
    strip.bracket("）", 46)
    read = with_unread_ink(strip.piece, strip.grey, USUAL)
    assert (read.confidence < 0.5) == doubted


def test_per_cent_read_as_two_digits_is_doubted() -> None:
    strip = Strip()
    strip.per_cent("9", 10)
    strip.read("6", 34)
    assert with_joined_digits(strip.piece, strip.grey, USUAL).confidence < 0.5
    digits = Strip()
    digits.digit("9", 10)
    digits.digit("6", 24)
    assert with_joined_digits(digits.piece, digits.grey, USUAL) == digits.piece


def signed(gap: int, comma: str) -> Strip:
    """Draw a character, a comma, so much paper, and a character."""
    strip = Strip()
    strip.block("清", 10)
    cv2.rectangle(strip.grey, (34, FOOT - 4), (37, FOOT), 0, -1)
    strip.read(comma, 35)
    strip.block("不", 38 + gap)
    return strip


@pytest.mark.parametrize("read", [",", "，"])
@pytest.mark.parametrize(("gap", "right"), [(3, ","), (18, "，")])
def test_the_paper_after_a_comma_tells_its_width(read: str, gap: int, right: str) -> None:
    strip = signed(gap, read)
    (settled,) = settle_widths([strip.piece], strip.page, Samples())
    assert settled.text == f"清{right}不"
    assert settled.confidence > 0.97


@pytest.mark.parametrize(("narrow", "sure"), [(0, True), (30, False)])
def test_a_width_that_nothing_tells_is_doubted_where_both_are_printed(
    narrow: int, sure: bool
) -> None:
    strip = signed(9, "，")  # paper of neither width
    samples = Samples()
    samples.known.update({True: 40, False: narrow})
    (settled,) = settle_widths([strip.piece], strip.page, samples)
    assert (settled.confidence > 0.97) == sure


def test_a_bracket_has_the_width_of_its_partner_in_the_next_line() -> None:
    strip = signed(18, "，")
    first = strip.piece
    opened = Strip()
    opened.block("考", 10)
    opened.bracket("(", 36)
    opened.block("区", 44)
    closed = Strip()
    closed.block("县", 10)
    closed.bracket("）", 34)
    lower = Region(10, 60, 60, 90)
    page = PagePrint(np.vstack([opened.grey, closed.grey]), 200 / 72, USUAL)
    below = closed.piece.line.ink
    line = PrintLine(Region(below.x0, below.top + 40, below.x1, below.bottom + 40), lower, (0, 0))
    pieces = [opened.piece, TextPiece(line, closed.piece.chars)]
    settled = settle_widths(pieces, page, Samples())
    assert first.text == "清，不"
    assert [piece.text for piece in settled] == ["考(区", "县)"]
