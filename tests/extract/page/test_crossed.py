"""A text that runs over a rule and what stands close below it may be one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import pytest

from extract.page.crossed import crossed, filled, hidden_lines, with_hanging_lines
from extract.page.grid import Grid, GridCell
from extract.page.lines import TextLine, chars_to_lines
from extract.page.page import Char, Flaw
from extract.page.repeats import overprinted
from schemas.records.document import Box, Seen
from tests.support.for_each import for_each

CELLS = (GridCell(0, 1, 0, 1), GridCell(1, 2, 0, 1), GridCell(1, 2, 1, 2))
BOXES = (Box(0, 0, 50, 40), Box(0, 40, 50, 90), Box(50, 40, 90, 90))


NOTHING_OVER: Sequence[list[Char]] = ([], [], [])


def line(text: str, top: float, left: float = 2.0) -> TextLine:
    return TextLine(text, Box(left, top, left + 30, top + 10))


def seen_of(last: TextLine, below: TextLine, beside: TextLine) -> dict[int, Seen]:
    return crossed(CELLS, BOXES, ([line("市统计局", 5), last], [below], [beside]), NOTHING_OVER)


def test_both_are_doubted_with_the_other_text() -> None:
    found = seen_of(line("市政府办", 32), line("公室", 45), line("5", 45, left=55))
    assert found == {0: Seen("crossed", "公室"), 1: Seen("crossed", "市政府办")}


@pytest.mark.parametrize(("top", "below"), [(30, 45), (31, 45), (32, 60)])
def test_a_text_inside_its_cell_or_far_from_the_next_is_not(top: float, below: float) -> None:
    assert seen_of(line("市政府办", top), line("公室", below), line("5", 45, left=55)) == {}


def test_what_stands_beside_is_no_rest() -> None:
    found = seen_of(line("市政府办", 32), line("", 45), line("5", 45, left=55))
    assert 2 not in found


@pytest.mark.parametrize(("cell", "top", "over"), [(0, 30, True), (1, 45, True), (0, 8, False)])
def test_what_stands_close_to_overprinted_text_may_be_its_rest(
    cell: int, top: float, over: bool
) -> None:
    texts = ([line("控制在", 30)], [line("建设考核", 45)], [line("5", 45, left=55)])
    double: list[list[Char]] = [[], [], []]
    double[cell] = [Char("府", 12, top, 22, top + 10, 10, 0, Flaw.OVERPRINTED)]
    found = crossed(CELLS, BOXES, texts, double)
    told = {0: Seen("crossed", "建设考核"), 1: Seen("crossed", "控制在")}
    assert found == (told if over else {})


# A row of two cells over a heading across, and a row below that: drawn row by row.
GRID = Grid(
    (0.0, 60.0, 120.0),
    (0.0, 45.0, 70.0, 100.0),
    (
        *(GridCell(0, 1, 0, 1), GridCell(0, 1, 1, 2)),
        GridCell(1, 2, 0, 2),
        *(GridCell(2, 3, 0, 1), GridCell(2, 3, 1, 2)),
    ),
)
ROWS = [
    ("增长", 2.0, 5.0, 0),
    ("8%", 2.0, 20.0, 0),
    ("市住", 62.0, 5.0, 1),
    ("房城", 62.0, 20.0, 1),
]
BELOW = [("粮食", 2.0, 75.0, 3), ("市统", 62.0, 75.0, 4)]


def placed(*drawn: tuple[str, float, float, int]) -> dict[str, int | None]:
    """Return to which cell each text goes; it comes with its left edge, its top, where it lies."""
    runs = [
        [
            Char(sign, left + 10 * n, top, left + 10 * (n + 1), top + 10, 10)
            for n, sign in enumerate(text)
        ]
        for text, left, top, _ in drawn
    ]
    found = with_hanging_lines(runs, [(0, cell) for *_, cell in drawn], [GRID])
    return {text: place and place[1] for (text, *_), place in zip(drawn, found, strict=True)}


def test_a_line_drawn_right_after_a_text_and_evenly_below_is_its_next() -> None:
    last = placed(
        *ROWS * 5,
        ("建局", 62.0, 35.0, 1),
        ("办", 62.0, 50.0, 2),
        ("二、民生", 2.0, 52.0, 2),
        *BELOW,
    )
    assert (last["办"], last["二、民生"], last["粮食"]) == (1, 2, 3)


@pytest.mark.parametrize(
    ("left", "top"), [(62.0, 53.0), (66.0, 50.0)], ids=["not evenly", "at another edge"]
)
def test_another_line_below_is_the_lower_cell_s(left: float, top: float) -> None:
    last = placed(*ROWS * 5, ("建局", 62.0, 35.0, 1), ("办", left, top, 2), *BELOW)
    assert last["办"] == 2


def test_what_the_next_cell_of_all_holds_is_its_own() -> None:
    heading = ("二、民生", 2.0, 52.0, 2)
    last = placed(*ROWS * 5, heading, ("保障", 2.0, 62.0, 2), ("1", 2.0, 72.0, 3), *BELOW[1:])
    assert last["1"] == 3


def test_on_a_page_drawn_column_by_column_the_next_line_may_be_the_lower_cell_s() -> None:
    column = [("市住", 62.0, 20.0, 1), ("房城", 62.0, 35.0, 1), ("办", 62.0, 50.0, 2)]
    assert placed(*column * 5)["办"] == 2


def test_a_bracket_set_into_the_white_of_another_is_not_printed_over_it() -> None:
    def pair(one: str, other: str) -> list[Char]:
        return [Char(one, 0, 0, 10, 10, 10), Char(other, 4.5, 0, 14.5, 10, 10)]

    assert overprinted(pair("》", "（")) == []
    assert overprinted(pair("，", "“")) == []
    assert overprinted(pair("市", "（")) == []
    assert len(overprinted(pair("市", "县"))) == 2
    assert len(overprinted(pair("（", "）"))) == 2


def test_text_printed_over_another_is_found_wherever_in_the_line_it_begins() -> None:
    above, below = letters("全省前列", 0, 0), letters("十七位", 0, 12)
    assert overprinted([*above, *below]) == []
    for left in range(-9, 40):
        over = overprinted([*above, *below, *letters("行", left, 0)])
        assert ("行" in {char.text for char in over}) == (-6 < left < 36), left


def letters(words: str, left: float, top: float) -> list[Char]:
    return [
        Char(word, left + 10 * number, top, left + 10 * number + 10, top + 10, 10)
        for number, word in enumerate(words)
    ]


LOW_ROWS = tuple(GridCell(row, row + 1, 0, 1) for row in range(4))
LOW_BOXES = [Box(0, 20 * row, 60, 20 * row + 20) for row in range(4)]


def hidden_of(middle: float, *hidden: tuple[str, float]) -> dict[int, Seen]:
    """Return what is hidden of the third of four rows, whose text shows its middle line."""
    shown = (
        [("指标", -1), ("分值", 11)],
        [("控制在8", 25)],
        [("建设考核", middle)],
        [("9以上", 65)],
    )
    lines = [
        chars_to_lines([*chain(*(letters(words, 5, top) for words, top in text))]) for text in shown
    ]
    gone = [letters(words, 5, top) for words, top in hidden]
    return hidden_lines(LOW_ROWS, LOW_BOXES, lines, gone)


def test_lines_that_a_low_row_hides_are_those_of_the_text_they_are_even_with() -> None:
    found = hidden_of(45, ("按《法治", 33), ("》执行", 57))
    assert found == {2: Seen("clipped", "按《法治\n》执行")}
    assert hidden_of(45, ("》执行", 57)) == {2: Seen("clipped", "》执行")}


def test_lines_that_others_overlie_are_told_apart_by_the_usual_step() -> None:
    found = hidden_of(45, ("元）", 31), ("按《法治", 33), ("》执行", 57), ("生猪", 59))
    assert found == {2: Seen("clipped", "按《法治\n》执行")}


def test_what_is_hidden_unevenly_or_over_the_first_row_is_another_cell_s() -> None:
    assert hidden_of(45, ("按《法治", 31), ("》执行", 60)) == {}
    assert hidden_of(45, ("合计", 8)) == {}
    assert hidden_of(45) == {}


@pytest.mark.parametrize(
    ("last", "step", "is_filled"),
    [
        ("项目五个", 12, True),
        ("项目五", 12, True),
        ("项目五个", 11, True),
        ("项目", 12, False),
        ("项目五个", 10, False),
    ],
)
def test_a_text_that_a_row_has_too_little_room_for_may_go_on(
    last: str, step: float, is_filled: bool
) -> None:
    lines = chars_to_lines([*letters("完成省级", 5, -2), *letters(last, 5, step - 2)])
    found = filled(LOW_ROWS[:2], LOW_BOXES[:2], [lines, []])
    assert found == ({0: Seen("filled", "")} if is_filled else {})


def test_upright_labels_are_not_lines_of_text() -> None:
    lines = chars_to_lines([*letters("发", 5, -2), *letters("展", 5, 10)])
    assert filled(LOW_ROWS[:2], LOW_BOXES[:2], [lines, []]) == {}


@for_each("others, is_filled", [([], False), (["完成省级", "项目五个"], True)])
def test_where_one_row_is_too_low_a_text_without_room_for_another_line_may_go_on(
    others: list[str], is_filled: bool
) -> None:
    shown = chars_to_lines([*letters("完成省级", 5, 0), *letters("项目五个", 5, 10)])
    below = [letters(words, 5, 19 + 12 * at) for at, words in enumerate(others)]
    found = filled(LOW_ROWS[:3], LOW_BOXES[:3], [shown, chars_to_lines([*chain(*below)]), []])
    assert (0 in found) == is_filled


@for_each("top, is_filled", [(10, False), (13, True)])
def test_a_page_s_last_row_may_be_parted_under_a_line(top: float, is_filled: bool) -> None:
    lines = chars_to_lines([*letters("完成省级", 5, top - 13), *letters("项目五个", 5, top)])
    found = filled(LOW_ROWS[:1], LOW_BOXES[:1], [lines])
    assert found == ({0: Seen("filled", "")} if is_filled else {})
