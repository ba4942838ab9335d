"""One indicator over the years: what its rows say of targets and directions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl

from report.directions import UNCLEAR
from report.exports.write import write_exports
from report.marks import target_words
from report.site.model import Edition
from tests.support.report.site_reading import read, said
from tests.support.report.small_edition import frames_of, rows_of_scored
from tests.support.report.whole_site import write_site
from tests.support.scoring.notices import indicator, returned, target

Row = dict[str, Any]
UNREADABLE = "目标无法辨认"


def years() -> list[Edition]:
    """Return two years of an indicator of unknown direction and of a bonus without a target."""
    owners = [
        indicator(1, direction="unknown"),
        indicator(2, level1="加分项", item_kind="bonus", cap=5.0, base_points=None),
    ]
    blank: Row = {"max_points": None, "target_kind": "none", "target_value": None}
    targets = [
        target(owners[0], operator=None),
        target(owners[1], operator=None, target_text=None, **blank),
    ]
    made = []
    for year in (2019, 2020):
        rows = rows_of_scored(owners, targets, [returned(owners[0], actual_value=9.0)])
        rows["notices"][0] |= {"year": year, "document_id": f"d-{year}"}
        rows["indicator_keys"] = [
            {"serial_no": number, "indicator_key": f"key{number}", "name": f"指标{number}"}
            for number in (1, 2)
        ]
        made.append(Edition(str(year), rows))
    return made


def test_what_comes_on_top_has_no_target_and_an_open_direction_is_marked(tmp_path: Path) -> None:
    write_site(tmp_path, years(), lambda _: None)
    unclear, bonus = (said(read(tmp_path / f"k/00{each}.html").body) for each in (1, 2))
    assert "加分" in bonus and UNREADABLE not in bonus and UNCLEAR not in bonus
    assert unclear.count(UNCLEAR) == 4  # of each year: where it is named, and over its targets
    assert UNREADABLE not in said(read(tmp_path / "2020/i/002.html").body)


def test_a_target_without_text_is_unreadable_only_where_there_should_be_one() -> None:
    assert target_words(None, "scored") == target_words(None, None) == "（目标无法辨认）"
    assert UNREADABLE not in target_words(None, "bonus")


def test_no_sheet_calls_what_has_no_target_unreadable(tmp_path: Path) -> None:
    for path in write_exports(frames_of(years()[1].rows), tmp_path):
        assert UNREADABLE not in cells_of(path)


def cells_of(path: Path) -> str:
    book = openpyxl.load_workbook(path)
    rows = (row for sheet in book for row in sheet.iter_rows(values_only=True))
    return " ".join(str(each) for row in rows for each in row)
