"""Values are found where they were printed, and nowhere else."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from common.fold import dashes_only, fold_tight
from report.review.data import Landed
from report.review.places import Places, find_places
from tests.support.report.landed import (
    CALC,
    NOTICES,
    TEXT,
    cell,
    grid,
    indicator,
    landed_of,
    target,
)
from tests.support.workshop.draw import default_style, draw
from tests.support.workshop.grid import grid_of
from tests.support.workshop.layout import Layout, fitted
from tests.support.workshop.layouts import LAYOUTS
from tests.support.workshop.samples import sample


def places_of(landed: Landed) -> Places:
    return find_places(landed.cells, landed.indicators, landed.targets, landed.findings)


def check_places(landed: Landed) -> None:
    """Every target has a cell, which shows it; no two entities' own values share one."""
    places = places_of(landed)
    assert all(each["table_no"] for each in (*landed.targets, *landed.indicators))
    owners: Counter[int] = Counter()
    for each in landed.targets:
        number = places.targets[each["serial_no"], each["entity"]]
        printed = landed.cells[number]["text"]
        wanted = each["target_text"] or ""
        shown = fold_tight(wanted) == fold_tight(printed) if wanted else dashes_only(printed)
        blank = not wanted and not printed.strip()
        runs_on = len(printed) > 8 and fold_tight(wanted).startswith(fold_tight(printed))
        assert shown or runs_on or blank, (each, printed)
        owners[number] += not each["inherited"] and each["status"] == "assessed"
    assert max(owners.values()) == 1
    for each in landed.indicators:
        name = landed.cells[places.fields[each["serial_no"], "indicator"]]["text"]
        assert fold_tight(each["indicator"]) in fold_tight(name)


@pytest.mark.parametrize(
    "path",
    [
        CALC,
        TEXT,
        *(NOTICES / "2020" / name for name in ("notice.docx", "notice.html", "notice.xlsx")),
    ],
    ids=lambda path: path.name,
)
def test_every_target_of_the_notice_has_its_cell(path: Path) -> None:
    check_places(landed_of(path))


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: layout.name)
def test_every_target_of_every_layout_has_its_cell(layout: Layout, tmp_path: Path) -> None:
    drawn = fitted(sample(), layout)
    check_places(landed_of(draw(drawn, grid_of(drawn, layout), tmp_path, default_style("html"))))


def without_keys(landed: Landed) -> Landed:
    """Return the document as versions landed it that did not say where a value was printed."""
    blank = dict.fromkeys(("table_no", "row", "column"))
    rows = (landed.indicators, landed.targets, landed.findings)
    return Landed(landed.notice, landed.cells, *([each | blank for each in of] for of in rows))


@pytest.mark.parametrize("name", ["notice.docx", "calc.pdf"])
def test_without_keys_boxes_and_texts_lead_to_the_same_cells(name: str) -> None:
    landed = landed_of(CALC if name == "calc.pdf" else NOTICES / "2020" / name)
    assert places_of(without_keys(landed)).targets == places_of(landed).targets


def test_a_landed_place_is_taken_and_no_other() -> None:
    cells = grid("指标 东河区", "植树 5", "造林 5")
    said = {"table_no": 1, "row": 3, "column": 2}
    places = find_places(cells, [indicator(1, "植树")], [target(1, "东河区", "5", **said)], [])
    assert places.targets == {(1, "东河区"): 5}
    finding = {**said, "page": None, "x0": None, "serial_no": None, "entity": None, "field": None}
    assert find_places(cells, [], [], [finding]).findings == [5]


def test_entities_as_rows() -> None:
    cells = grid("对象 植树 造林", "东河区 5 7", "南屏县 6 7")
    targets = [target(1, "东河区", "5"), target(1, "南屏县", "6"), target(2, "南屏县", "7")]
    indicators = [indicator(1, "植树"), indicator(2, "造林")]
    found = find_places(cells, indicators, targets, []).targets
    assert {key: cells[number]["text"] for key, number in found.items()} == {
        (1, "东河区"): "5", (1, "南屏县"): "6", (2, "南屏县"): "7",
    }  # fmt: skip
    assert cells[found[2, "南屏县"]]["row"] == 3


def test_a_row_that_moved_is_read_where_it_moved_to() -> None:
    cells = grid("一级 指标 东河区 南屏县", "植树 7 7 x", "层级 造林 8 9")
    targets = [target(1, "东河区", "7"), target(1, "南屏县", "7"), target(2, "南屏县", "9")]
    found = find_places(cells, [indicator(1, "植树"), indicator(2, "造林")], targets, []).targets
    assert [cells[number]["column"] for number in found.values()] == [2, 3, 4]


def test_indicators_of_one_name_keep_their_order() -> None:
    cells = grid("指标 东河区", "植树 5", "造林 6", "植树 5")
    targets = [target(number, "东河区", text) for number, text in ((1, "5"), (2, "6"), (3, "5"))]
    names = ("植树", "造林", "植树")
    indicators = [indicator(number, name) for number, name in enumerate(names, 1)]
    places = find_places(cells, indicators, targets, [])
    assert [rows for _, rows, _ in places.rows.values()] == [2, 3, 4]


def test_a_value_that_is_not_printed_has_no_cell() -> None:
    cells = grid("指标 东河区", "植树 5")
    places = find_places(cells, [indicator(1, "植树")], [target(1, "东河区", "50")], [])
    assert places.targets == {}
    assert places.rows == {1: (1, 2, 2)}


def test_an_indicator_that_is_not_printed_has_no_row() -> None:
    assert find_places(grid("指标 东河区"), [indicator(1, "植树")], [], []).rows == {}
    assert find_places([], [indicator(1, "植树")], [target(1, "东河区", "5")], []).rows == {}


def test_points_are_not_taken_for_a_longer_number() -> None:
    cells = [*grid("指标 分值 东河区", "植树 15 1（高新区2） 1"), cell(2, 9, "1")]
    places = find_places(cells, [indicator(1, "植树", base_points=1.0)], [], [])
    assert cells[places.fields[1, "base_points"]]["text"] == "1（高新区2）"
