"""得分汇总表 and 指标分解表 hold what the frames hold, and nothing of a document runs in them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from report.exports.write import write_exports
from schemas.tables.frames import records, rows_to_frame
from schemas.tables.registry import INDICATORS, RETURNS, TABLES, TARGETS
from scoring.engine import Inputs, score
from scoring.results.frames import scorecards_frame, scores_frame
from scoring.results.scorecards import total
from tests.support.schemas.frames import document_frames
from tests.support.schemas.records import PROVENANCE, small_document, small_notice
from tests.support.scoring.notices import indicator, returned, target

AS_OF = date(2021, 1, 31)
ENTITIES = ("甲县", "分值", "=cmd|'/c calc'!A1")
HOSTILE = ("=1+1", "+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://x","y")')

Frames = dict[str, pd.DataFrame]


def with_year(frame: pd.DataFrame, year: int = 2020) -> pd.DataFrame:
    return frame.assign(year=pd.array([year] * len(frame), pd.ArrowDtype(pa.int64())))


def frames_of(*, sample: bool = False, days: tuple[date, ...] = (AS_OF,)) -> Frames:
    """Five indicators in four groups under two headings, for three entities; one not returned."""
    own = [
        indicator(1, level3="指标甲（%）", unit="%"),
        indicator(2, level3="指标乙", weight_group=2, base_points=3.0),
        indicator(3, level3="指标丙", weight_group=2, base_points=3.0),
        indicator(4, level2="创新发展", level3=HOSTILE[0], indicator=HOSTILE[0], unit=HOSTILE[1]),
        indicator(5, level1="政府建设", level2="廉政", level3="指标戊", note=HOSTILE[3]),
    ]
    targets = [target(each, entity) for each in own for entity in ENTITIES]
    targets[0] |= {"target_text": "72.50", "target_value": 72.5}
    targets[1] |= {"status": "not_assessed", "target_kind": "none", "operator": None}
    targets[1] |= {"target_value": None, "target_text": None}
    targets[2] |= {"needs_review": True, "review_reason": "两次读取不一致", "max_points": 2.0}
    targets[9] |= {"target_text": HOSTILE[4], "target_kind": "judged", "target_value": None}
    targets[10] |= {"target_text": "约10", "operator": "~", "target_kind": "approximate"}
    returns = [
        returned(own[row["serial_no"] - 1], row["entity"], actual_value=8.0, awarded_pct=90.0,
                 sample=sample, source_row=place)
        for place, row in enumerate(targets)
        if row["status"] == "assessed" and row["serial_no"] != 5
    ]  # fmt: skip
    frames = {
        "indicators": rows_to_frame(INDICATORS, own),
        "targets": rows_to_frame(TARGETS, targets),
        "returns": rows_to_frame(RETURNS, returns),
    }
    notice = document_frames(small_document(), small_notice("tianhe-2020", 2020), PROVENANCE)
    frames |= {"notices": notice["notices"], "findings": notice["findings"]}
    frames = {name: with_year(frame) for name, frame in frames.items()}
    scored = [
        score(Inputs(frames["targets"], frames["indicators"], frames["returns"], day))
        for day in days
    ]
    frames["scores"] = with_year(pd.concat([scores_frame(each) for each in scored]))
    cards = [scorecards_frame(each, total(each)) for each in scored]
    frames["scorecards"] = with_year(pd.concat(cards))
    return frames


@pytest.fixture(scope="module")
def frames() -> Frames:
    return frames_of()


@pytest.fixture(scope="module")
def books(frames: Frames, tmp_path_factory: pytest.TempPathFactory) -> list[Workbook]:
    paths = write_exports(frames, tmp_path_factory.mktemp("exports"))
    assert [path.name for path in paths] == [
        "得分汇总表_tianhe-2020.xlsx",
        "指标分解表_tianhe-2020.xlsx",
    ]
    return [openpyxl.load_workbook(path) for path in paths]


def rows_under(sheet: Worksheet, heading: str) -> list[dict[str, Any]]:
    """Return the rows below the row of headings that has this one, to the first blank row."""
    lines = [list(row) for row in sheet.iter_rows(values_only=True)]
    at = next(place for place, row in enumerate(lines) if heading in row)
    names = [name for name in lines[at] if name]
    found = []
    for row in lines[at + 1 :]:
        if all(value is None for value in row):
            break
        found.append(dict(zip(names, row, strict=False)))
    return found


def shown(value: Any) -> Any:
    return "—" if value is None else value


def card_of(row: Mapping[str, Any]) -> dict[str, Any]:
    figures = {
        "满分": "max_points", "得分": "points", "最少可得": "points_low", "最多可得": "points_high",
        "百分制得分": "points_of_100", "已报送比例": "received_share", "一票否决项": "vetoes",
    }  # fmt: skip
    told = {name: pytest.approx(row[column]) if row[column] is not None else "—"
            for name, column in figures.items()}  # fmt: skip
    return told | {"名次": place_of(row)}


def place_of(row: Mapping[str, Any]) -> Any:
    """Return the place where it is settled, else all that the interval allows."""
    low, high = row["rank_low"], row["rank_high"]
    if low is None or not row["received_share"]:
        return "—"
    return low if low == high else f"{low}～{high}"


def test_summary_has_every_total_in_order_of_rank(frames: Frames, books: list[Workbook]) -> None:
    totals = [row for row in records(frames["scorecards"]) if row["level"] == "total"]
    found = rows_under(books[0]["得分汇总"], "百分制得分")
    best_first = sorted(totals, key=lambda row: row["rank"])
    assert [row["考核对象"] for row in found] == [row["entity"] for row in best_first]
    told = {row["entity"]: row for row in totals}
    for row in found:
        expected = card_of(told[row["考核对象"]])
        assert {name: row[name] for name in expected} == expected
        assert row["高质量发展得分"] == pytest.approx(told[row["考核对象"]]["points"])


def test_every_scorecard_row_is_there(frames: Frames, books: list[Workbook]) -> None:
    cards = records(frames["scorecards"])
    found = rows_under(books[0]["分项得分"], "二级指标")
    assert len(found) == len(cards) == 3 * 6
    levels = {"总分": "total", "一级指标": "level1", "二级指标": "level2"}
    told = {(row["entity"], row["level"], row["parent"], row["name"]): row for row in cards}
    for row in found:
        level = levels[row["级别"]]
        name = {"total": "总分", "level1": row["一级指标"], "level2": row["二级指标"]}[level]
        parent = row["一级指标"] if level == "level2" else ""
        expected = card_of(told.pop((row["考核对象"], level, parent, name)))
        assert {key: row[key] for key in expected} == expected
    assert told == {}


def test_headings_stand_above_what_is_under_them(books: list[Workbook]) -> None:
    found = rows_under(books[0]["甲县"], "二级指标")
    assert [(row["级别"], row["一级指标"] or "", row["二级指标"] or "") for row in found] == [
        ("总分", "", ""),
        ("一级指标", "高质量发展", ""),
        ("二级指标", "高质量发展", "发展质量"),
        ("二级指标", "高质量发展", "创新发展"),
        ("一级指标", "政府建设", ""),
        ("二级指标", "政府建设", "廉政"),
    ]


def test_an_entity_has_its_page_and_what_it_lost(frames: Frames, books: list[Workbook]) -> None:
    sheet = books[0]["甲县"]
    losses = rows_under(sheet, "差距")
    scores = [
        row for row in records(frames["scores"])
        if row["entity"] == "甲县" and row["status"] == "scored"
        and row["points"] < row["share_points"]
    ]  # fmt: skip
    assert {row["序号"] for row in losses} == {row["serial_no"] for row in scores} != set()
    gaps = [row["差距"] for row in losses]
    assert gaps == sorted(gaps, reverse=True)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 1)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_sheets_print_and_stay_put(books: list[Workbook]) -> None:
    for book in books:
        for sheet in book.worksheets:
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert sheet.page_setup.fitToWidth == 1
            assert "&P" in sheet.oddFooter.center.text
            if sheet.title != "说明":
                assert sheet.freeze_panes is not None
    summary = books[0]["得分汇总"]
    row = next(row for row in summary.iter_rows() if row[0].value == "甲县")
    formats = {cell.number_format for cell in row if isinstance(cell.value, (int, float))}
    assert formats == {"0.00", "0.0%", "0"}


def test_every_target_is_there(frames: Frames, books: list[Workbook]) -> None:
    found = {row["序号"]: row for row in rows_under(books[1]["指标分解"], "计量单位")}
    for row in records(frames["targets"]):
        cell = found[row["serial_no"]][row["entity"]]
        if row["status"] == "not_assessed":
            assert cell == "不考核"
        elif isinstance(cell, (int, float)):
            assert cell == row["target_value"]
            assert float(row["target_text"]) == cell
        else:
            assert cell == row["target_text"]
    for row in records(frames["indicators"]):
        assert found[row["serial_no"]]["考核单位"] == "、".join(row["assessing_departments"])
    assert found[1]["分值例外"] == f"{ENTITIES[2]} 2"
    assert "配合单位" not in found[1]


def test_headings_and_shared_points_are_merged(books: list[Workbook]) -> None:
    sheet = books[1]["指标分解"]
    merged = {str(area) for area in sheet.merged_cells.ranges if area.min_row > 3}
    at = next(cell.row for cell in sheet["A"] if cell.value == 1)
    letters = {cell.value: cell.column_letter for cell in reversed(sheet[at - 1])}
    assert merged == {
        f"{letters['一级指标']}{at}:{letters['一级指标']}{at + 3}",
        f"{letters['二级指标']}{at}:{letters['二级指标']}{at + 2}",
        f"{letters['分值']}{at + 1}:{letters['分值']}{at + 2}",
    }
    assert sheet[f"{letters['甲县']}{at}"].number_format == "0.00"  # 72.50 stays 72.50


def test_doubtful_targets_are_marked_and_listed(books: list[Workbook]) -> None:
    (row,) = rows_under(books[1]["待核对"], "原因")
    assert (row["序号"], row["考核对象"], row["原因"]) == (1, ENTITIES[2], "两次读取不一致")
    yellow = [
        cell.coordinate
        for line in books[1]["指标分解"].iter_rows()
        for cell in line
        if cell.fill.start_color.rgb == "00FFF2CC"
    ]
    assert len(yellow) == 1


def test_no_text_becomes_a_formula(books: list[Workbook]) -> None:
    cells = [
        cell for book in books for sheet in book.worksheets
        for line in sheet.iter_rows() for cell in line if cell.value is not None
    ]  # fmt: skip
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    texts = [cell for cell in cells if isinstance(cell.value, str)]
    risky = [cell for cell in texts if cell.value.startswith(("=", "+", "-", "@"))]
    assert {cell.value for cell in risky} >= {*HOSTILE} - {HOSTILE[2]}
    assert all(cell.quotePrefix for cell in risky)


def notes(book: Workbook) -> dict[str, str]:
    return {row["项目"]: row["内容"] for row in rows_under(book["说明"], "项目")}


def test_notes_say_where_it_is_from_and_what_is_assumed(books: list[Workbook]) -> None:
    told = notes(books[0])
    assert told["文号"] == "天府发〔2021〕1号"
    assert told["截止日期"].startswith("2021-01-31")
    assert "ab" * 32 in told["原文件"]
    assert told["样例数据"] == "没有用到样例数据"
    assert told["待核对的目标值"] == "1 项"
    assert "未报送 3 项" in told["计分情况"]
    rules = [text for name, text in told.items() if name.startswith("规则：")]
    assert rules
    assert all("假定" in text for text in rules)
    assert all("依据：没有读到通知载明的计分办法" in text for text in rules)


def test_sample_figures_are_named_on_every_sheet(tmp_path: Path) -> None:
    path, _ = write_exports(frames_of(sample=True), tmp_path)
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        texts = [str(cell.value) for line in sheet.iter_rows(max_row=12) for cell in line]
        assert any("样例数据" in text for text in texts), sheet.title
    assert "不是真实数据" in notes(book)["样例数据"]


def test_the_latest_day_is_written(tmp_path: Path) -> None:
    frames = frames_of(days=(date(2020, 6, 30), AS_OF))
    path, _ = write_exports(frames, tmp_path)
    book = openpyxl.load_workbook(path)
    assert len(rows_under(book["得分汇总"], "名次")) == len(ENTITIES)
    assert notes(book)["截止日期"].startswith("2021-01-31")


def test_the_same_frames_give_the_same_bytes(frames: Frames, tmp_path: Path) -> None:
    first = write_exports(frames, tmp_path / "one")
    second = write_exports(frames, tmp_path / "two")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == sorted(
        path.name for path in first
    )


def test_a_workbook_bears_the_day_of_its_data(frames: Frames, tmp_path: Path) -> None:
    """No clock: made another day, the file is the same."""
    bare = {name: frames[name] for name in ("notices", "indicators", "targets")}
    old = bare | {"notices": bare["notices"].assign(issued_on=None, received_on=None, year=1960)}
    for given, day in ((frames, AS_OF), (old, date(1960, 1, 1))):
        for path in write_exports(given, tmp_path):
            made = openpyxl.load_workbook(path).properties
            assert {made.created.date(), made.modified.date()} == {day}
            with zipfile.ZipFile(path) as package:
                packed = {info.date_time[:3] for info in package.infolist()}
            assert packed == {max((day.year, day.month, day.day), (1980, 1, 1))}
            path.unlink()


def test_a_document_without_scores_has_targets_only(frames: Frames, tmp_path: Path) -> None:
    bare = {name: frames[name] for name in ("notices", "indicators", "targets")}
    assert [path.name for path in write_exports(bare, tmp_path)] == ["指标分解表_tianhe-2020.xlsx"]
    empty = {name: with_year(rows_to_frame(table, [])) for name, table in TABLES.items()}
    assert write_exports(empty, tmp_path) == ()
