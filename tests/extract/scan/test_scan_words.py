"""An unsure character is borne out by words that stand surely elsewhere."""

from __future__ import annotations

import pytest

pytest.importorskip("onnxruntime")

from extract.scan.bigrams import SURE, KnownPairs, settle_words
from extract.scan.engine import ReadChar
from extract.scan.lines import PrintLine, Region
from extract.scan.recognized import TextPiece
from tests.support.for_each import for_each

LINE = PrintLine(Region(0, 0, 40, 10), Region(0, 0, 40, 10), (0, 0))


def piece(text: str, unsure: str = "", sure: float = 0.8, other: str | None = None) -> TextPiece:
    chars = (ReadChar(c, float(i), sure if c in unsure else 1.0) for i, c in enumerate(text))
    return TextPiece(LINE, tuple(chars), other is None, other)


def test_a_word_that_stands_surely_elsewhere_bears_a_character_out() -> None:
    doubted = piece("责任制", "责", other="贵任制")
    settled = settle_words([piece("目标责任"), doubted], KnownPairs())[1]
    assert (settled.text, settled.agreed, settled.other) == ("责任制", True, None)
    assert settled.confidence >= SURE


@for_each(
    "elsewhere, doubted",
    [
        ("目标任务", piece("责任制", "责", other="贵任制")),
        ("责任贵任", piece("责任制", "责", other="贵任制")),
        ("责任", piece("责任", "责任", other="贵任")),
        ("责任", piece("责任", "责", 0.4, other="贵任")),
        ("第7名", piece("第7名", "7", other="第1名")),
        ("责任", piece("责任", "责", other="贵任务")),
        ("责任，人口", piece("责任人", "责人", other="贵任入")),
    ],
)
def test_nothing_else_settles_a_doubt(elsewhere: str, doubted: TextPiece) -> None:
    assert settle_words([piece(elsewhere), doubted], KnownPairs())[1] == doubted


def test_words_of_earlier_pages_count() -> None:
    words = KnownPairs()
    settle_words([piece("责任")], words)
    assert settle_words([piece("责任", "责", other="贵任")], words)[0].agreed
