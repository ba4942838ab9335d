"""Which runners-up count, and what several readings of one line make sure."""

from __future__ import annotations

import pytest

pytest.importorskip("onnxruntime")

from extract.scan.engine import ReadChar
from extract.scan.lines import PrintLine, Region
from extract.scan.recognized import TextPiece
from extract.scan.votes import is_unsure_word, middle_of, rival, with_same_signs
from tests.support.for_each import for_each

LINE = PrintLine(Region(0, 0, 40, 10), Region(0, 0, 40, 10), (0, 0))
SURE = 0.97


def piece(text: str, *confidences: float) -> TextPiece:
    chars = zip(text, confidences, strict=True)
    return TextPiece(LINE, tuple(ReadChar(char, i, sure) for i, (char, sure) in enumerate(chars)))


def sureness(read: TextPiece) -> list[float]:
    return [seen.confidence for seen in read.chars]


@for_each(
    "read, other, counts",
    [
        ("%", "％", False),
        ("2", "２", False),
        ("（", "(", False),
        ("决", "決", False),
        ("決", "决", True),
        ("责", "贵", True),
        ("%", "9", True),
        ("%", "‰", True),
        ("7", "1", True),
        ("1", "①", True),
        ("2", "²", True),
        ("I", "丨", True),
    ],
)
def test_a_runner_up_counts_unless_it_is_the_same_sign(read: str, other: str, counts: bool) -> None:
    seen = ReadChar(read, 0.0, 0.9, ((other, 0.08),))
    assert rival(seen) == (other if counts else "")
    together = with_same_signs(TextPiece(LINE, (seen,))).confidence
    is_width_of_paper = read == "（"
    assert together == pytest.approx(0.9 if counts or is_width_of_paper else 0.98)


def test_the_next_runner_up_counts_where_the_first_is_the_same_sign() -> None:
    assert rival(ReadChar("%", 0.0, 0.7, (("％", 0.2), ("9", 0.05)))) == "9"


def test_a_sign_that_is_hardly_likelier_than_its_other_form_stays_unsure() -> None:
    seen = TextPiece(LINE, (ReadChar("决", 0.0, 0.6, (("決", 0.39),)),))
    assert with_same_signs(seen).confidence == 0.6


def test_a_word_is_as_sure_as_in_the_middle_one_of_three_readings() -> None:
    first = piece("减灾", 0.9, 0.99)
    settled = middle_of(first, piece("减灾", 0.99, 0.6), piece("减灾", 0.98, 1.0))
    assert sureness(settled) == [0.98, 0.99]


def test_more_readings_make_no_digit_surer_and_nothing_less_sure() -> None:
    first = piece("7人", 0.8, 0.95)
    settled = middle_of(first, piece("7人", 1.0, 0.5), piece("7 人", 1.0, 1.0, 0.4))
    assert sureness(settled) == [0.8, 0.95]


def test_what_was_doubted_for_its_ink_stays_doubted() -> None:
    first = piece("人口", 0.4, 0.9)
    settled = middle_of(first, piece("人口", 1.0, 1.0), piece("人口", 1.0, 1.0))
    assert sureness(settled) == [0.4, 1.0]


def test_readings_that_differ_settle_nothing() -> None:
    first = piece("责任", 0.9, 0.9)
    assert middle_of(first, piece("责任", 1.0, 1.0), piece("贵任", 1.0, 1.0)) == first


def test_only_unsure_words_are_worth_a_third_reading() -> None:
    assert is_unsure_word(piece("减灾", 0.9, 1.0), SURE)
    assert not is_unsure_word(piece("7（ ", 0.8, 0.8, 0.1), SURE)
    assert not is_unsure_word(piece("减灾", 1.0, 0.98), SURE)
