"""A text that runs over a rule and what stands close below it may be one."""

from __future__ import annotations

import pytest

from extract.page.crossed import crossed
from extract.page.grid import GridCell
from extract.page.lines import TextLine
from schemas.records.document import Box, Seen

CELLS = (GridCell(0, 1, 0, 1), GridCell(1, 2, 0, 1), GridCell(1, 2, 1, 2))
BOXES = (Box(0, 0, 50, 40), Box(0, 40, 50, 90), Box(50, 40, 90, 90))


def line(text: str, top: float, left: float = 2.0) -> TextLine:
    return TextLine(text, Box(left, top, left + 30, top + 10))


def seen_of(last: TextLine, below: TextLine, beside: TextLine) -> dict[int, Seen]:
    return crossed(CELLS, BOXES, ([line("市统计局", 5), last], [below], [beside]))


def test_both_are_doubted_with_the_other_text() -> None:
    found = seen_of(line("市政府办", 32), line("公室", 45), line("5", 45, left=55))
    assert found == {0: Seen("crossed", "公室"), 1: Seen("crossed", "市政府办")}


@pytest.mark.parametrize(("top", "below"), [(30, 45), (31, 45), (32, 60)])
def test_a_text_inside_its_cell_or_far_from_the_next_is_not(top: float, below: float) -> None:
    assert seen_of(line("市政府办", top), line("公室", below), line("5", 45, left=55)) == {}


def test_what_stands_beside_is_no_rest() -> None:
    found = seen_of(line("市政府办", 32), line("", 45), line("5", 45, left=55))
    assert 2 not in found
