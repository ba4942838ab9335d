"""The parts of reading a picture: skew, rules, seals, lines, widths, without any recogniser."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extract.page.grid import build_grids
from extract.scan.lines import find_lines
from extract.scan.picture import (
    PagePicture,
    Pixels,
    find_skew,
    flatten,
    turn_upright,
    without_seals,
)
from extract.scan.rules import find_rules

SCALE = 200 / 72


def sheet(width: int = 300, height: int = 200, shade: int = 255) -> Pixels:
    return np.full((round(height * SCALE), round(width * SCALE)), shade, np.uint8)


def line(paper: Pixels, x0: float, y0: float, x1: float, y1: float, shade: int = 0) -> None:
    places = [(round(x * SCALE), round(y * SCALE)) for x, y in ((x0, y0), (x1, y1))]
    cv2.line(paper, *places, shade, 2)


def grid_sheet(shade: int = 0) -> Pixels:
    paper = sheet()
    for y in (20, 60, 100, 140):
        line(paper, 20, y, 260, y, shade)
    for x in (20, 100, 180, 260):
        line(paper, x, 20, x, 140, shade)
    return paper


def picture(paper: Pixels) -> PagePicture:
    return PagePicture(1, paper, SCALE, paper.shape[1] / SCALE, paper.shape[0] / SCALE, 0.0)


@pytest.mark.parametrize("degrees", [-3.0, -0.4, 1.1, 2.0, 3.0])
def test_skew_is_found_and_undone(degrees: float) -> None:
    paper = grid_sheet()
    turned = turn_upright(paper, -degrees)
    found = find_skew(turned, SCALE)
    assert found == pytest.approx(degrees, abs=0.06)
    assert abs(find_skew(turn_upright(turned, found), SCALE)) < 0.06


def test_a_blank_page_has_no_skew() -> None:
    assert find_skew(sheet(), SCALE) == 0.0


@pytest.mark.parametrize("shade", [0, 150, 205])
def test_rules_become_a_grid_however_pale(shade: int) -> None:
    rules, _ = find_rules(picture(grid_sheet(shade)))
    (grid,) = build_grids(rules, ())
    assert len(grid.cells) == 9
    assert grid.xs == pytest.approx((20, 100, 180, 260), abs=0.6)


def test_worn_rules_hold() -> None:
    paper = grid_sheet()
    for x, y in ((60, 60), (140, 100), (100, 80), (180, 120)):
        top, left = round((y - 3) * SCALE), round((x - 3) * SCALE)
        paper[top : top + round(6 * SCALE), left : left + round(6 * SCALE)] = 255
    rules, _ = find_rules(picture(paper))
    (grid,) = build_grids(rules, ())
    assert len(grid.cells) == 9


def test_strokes_of_words_are_no_rules() -> None:
    paper = sheet()
    for x in range(30, 200, 12):  # a row of strokes like those of 工工工
        line(paper, x, 50, x + 8, 50)
        line(paper, x, 58, x + 8, 58)
        line(paper, x + 4, 50, x + 4, 58)
    rules, mask = find_rules(picture(paper))
    assert rules == []
    assert not mask.any()


def test_a_pale_rule_close_between_two_lines_of_print_holds() -> None:
    paper = sheet()
    for y in (20, 100):
        line(paper, 20, y, 260, y)
    for x in (20, 140, 260):
        line(paper, x, 20, x, 100)
    line(paper, 20, 60, 260, 60, 205)
    for x in range(30, 250, 9):  # feet of one line of print and heads of the next
        line(paper, x, 50, x, 58)
        line(paper, x, 58, x + 4, 58)
        line(paper, x, 62, x + 4, 62)
        line(paper, x, 62, x, 70)
    rules, _ = find_rules(picture(paper))
    (grid,) = build_grids(rules, ())
    assert len(grid.cells) == 4


def test_a_line_of_print_from_rule_to_rule_is_no_rule() -> None:
    paper = grid_sheet()
    for x in np.arange(101, 179, 2.6):  # strokes side by side, as words fill a narrow cell
        for y in (74, 77, 80, 83):
            line(paper, x, y, x + 1.2, y)
    rules, _ = find_rules(picture(paper))
    (grid,) = build_grids(rules, ())
    assert len(grid.cells) == 9


def test_a_merged_cell_stays_merged() -> None:
    paper = grid_sheet()
    paper[round(62 * SCALE) : round(98 * SCALE), round(98 * SCALE) : round(102 * SCALE)] = 255
    rules, _ = find_rules(picture(paper))
    (grid,) = build_grids(rules, ())
    assert len(grid.cells) == 8


def test_a_seal_goes_and_the_print_under_it_stays() -> None:
    seen = np.full((600, 600, 3), 245, np.uint8)
    cv2.circle(seen, (300, 300), 200, (200, 40, 40), 14)
    cv2.circle(seen, (300, 300), 60, (200, 40, 40), -1)
    cv2.rectangle(seen, (280, 290), (330, 296), (30, 25, 25), -1)
    grey = flatten(without_seals(seen, SCALE), SCALE)
    assert grey[293, 300] < 120
    assert grey[300, 100] > 200
    assert grey[330, 300] > 200


def test_a_red_heading_is_no_seal() -> None:
    seen = np.full((300, 900, 3), 250, np.uint8)
    for x in range(50, 850, 60):
        cv2.rectangle(seen, (x, 100), (x + 40, 140), (210, 30, 30), -1)
    assert without_seals(seen, SCALE)[120, 70] < 130


@pytest.mark.parametrize("shade", [150, 200, 255])
def test_paper_becomes_white(shade: int) -> None:
    paper = sheet(shade=shade)
    line(paper, 50, 50, 120, 50)
    flat = flatten(paper, SCALE)
    assert flat[10, 10] == 255
    assert flat[round(50 * SCALE), round(80 * SCALE)] < 100


def test_lines_stay_in_their_cells_and_pieces_of_one_sign_together() -> None:
    paper = grid_sheet()
    for x, y in ((30, 30), (30, 33), (30, 48), (30, 51), (110, 75)):
        line(paper, x, y, x + 7, y)  # 二 above 二, and a dash in another cell
    rules, mask = find_rules(picture(paper))
    page = picture(paper)
    lines = find_lines(page, mask, build_grids(rules, ()))
    cells = [line.cell for line in lines]
    assert cells.count((0, 0)) == 2
    assert cells.count((0, 4)) == 1
    assert len(lines) == 3


def test_a_place_on_the_page_as_scanned() -> None:
    page = PagePicture(1, sheet(), SCALE, 300, 200, 2.0)
    assert page.on_page(150, 100) == pytest.approx((150, 100))
    x, y = page.on_page(250, 100)
    assert (x, y) == pytest.approx((249.94, 103.49), abs=0.01)
