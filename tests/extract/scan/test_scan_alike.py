"""A lone % is told from 96 by what the document's other ones look like."""

from __future__ import annotations

import pytest

pytest.importorskip("onnxruntime")

import cv2
import numpy as np

from extract.scan.alike import ENOUGH, SURE, PerCents, settle_lone_per_cents
from extract.scan.engine import ReadChar
from extract.scan.lines import PrintLine, Region
from extract.scan.recognized import PagePrint, TextPiece

HIGH, WIDE = 16, 20


def printed(*signs: str) -> PagePrint:
    """Draw signs (% or 96) below each other."""
    grey = np.full((HIGH * len(signs), WIDE), 255, np.uint8)
    for row, sign in enumerate(signs):
        top = row * HIGH
        if sign == "%":
            cv2.circle(grey, (4, top + 4), 3, 0, 1)
            cv2.circle(grey, (15, top + 11), 3, 0, 1)
            cv2.line(grey, (14, top + 1), (5, top + 14), 0, 1)
        else:
            cv2.circle(grey, (4, top + 4), 3, 0, 2)
            cv2.line(grey, (7, top + 5), (4, top + 14), 0, 2)
            cv2.circle(grey, (14, top + 10), 3, 0, 2)
            cv2.line(grey, (11, top + 9), (14, top + 1), 0, 2)
    return PagePrint(grey, 2.0, HIGH)


def piece(row: int, text: str, sure: float, other: str | None = None) -> TextPiece:
    box = Region(0, row * HIGH, WIDE, (row + 1) * HIGH)
    chars = tuple(ReadChar(char, 4.0 + 10 * i, sure) for i, char in enumerate(text))
    return TextPiece(PrintLine(box, box, (0, row)), chars, other is None, other)


def settled(drawn: str, read: TextPiece, others: int = ENOUGH) -> TextPiece:
    """Settle one piece, the last on a page of ``others`` sure signs."""
    page = printed(*["%"] * others, drawn)
    pieces = [piece(row, "%", 1.0) for row in range(others)]
    return settle_lone_per_cents([*pieces, read], page, PerCents())[-1]


def test_a_per_cent_sign_that_looks_like_one_is_sure() -> None:
    read = settled("%", piece(ENOUGH, "%", 0.8, "9"))
    assert (read.text, read.agreed, read.other) == ("%", True, None)
    assert read.confidence >= SURE


def test_looks_and_one_of_two_readings_are_enough() -> None:
    read = settled("%", piece(ENOUGH, "96", 0.9, "%"))
    assert (read.text, read.agreed, read.confidence) == ("%", True, SURE)


def test_what_was_surely_read_as_a_number_is_doubted_if_it_looks_like_a_sign() -> None:
    read = settled("%", piece(ENOUGH, "96", 1.0))
    assert (read.text, read.agreed, read.other) == ("%", False, "96")
    assert read.confidence < SURE


def test_a_number_that_looks_like_one_stays_as_it_was_read() -> None:
    number = piece(ENOUGH, "96", 1.0)
    assert settled("96", number) == number


def test_a_sign_that_looks_like_a_number_is_doubted() -> None:
    assert settled("96", piece(ENOUGH, "%", 0.99, "96")).confidence < SURE


def test_another_sign_of_parts_is_not_settled_by_looks() -> None:
    read = piece(ENOUGH, "%", 0.8, "‰")
    assert settled("%", read) == read


def test_too_few_signs_tell_nothing() -> None:
    read = piece(ENOUGH - 1, "96", 1.0)
    assert settled("%", read, ENOUGH - 1) == read
