"""No sheet shows a value in doubt, or what comes of it, without its mark; wide ones print whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from report.exports.write import write_exports
from report.marks import DOUBT, PARTLY, PROVISIONAL
from tests.support.report.small_edition import doubted, frames_of, rows_of_scored
from tests.support.scoring.notices import indicator, returned, target

#: What stands nowhere else: targets, completion rates and points, as numbers or as texts.
MARKED = {
    876.54: DOUBT,
    765.43 / 876.54: DOUBT,
    765.43 / 876.54 * 3.217: DOUBT,
    654.32: DOUBT,
    432.19 / 543.21: PROVISIONAL,
    432.19 / 543.21 * 4.131: PROVISIONAL,
}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> list[Workbook]:
    folder = tmp_path_factory.mktemp("sheets")
    return [openpyxl.load_workbook(path) for path in write_exports(frames_of(doubted()), folder)]


def test_no_sheet_shows_a_doubtful_value_without_its_mark(books: list[Workbook]) -> None:
    seen = []
    for sheet, number, row in rows_of(books):
        for value, mark in MARKED.items():
            if any(is_it(cell, value) for cell in row):
                assert any(mark in str(cell) for cell in row), f"{sheet} {number}: {value}"
                seen.append(value)
    assert set(seen) == set(MARKED)
    assert len(seen) > 12


def is_it(cell: Any, value: float) -> bool:
    if isinstance(cell, str):
        return f"{value:g}" in cell and "\n" not in cell and "÷" not in cell
    return isinstance(cell, int | float) and abs(cell - value) < 1e-9


def rows_of(books: list[Workbook]) -> Iterator[tuple[str, int, list[Any]]]:
    for book in books:
        for sheet in book.worksheets:
            if sheet.title == DOUBT:
                continue
            for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                yield sheet.title, number, [each for each in row if each is not None]


def test_a_rank_that_is_not_settled_is_its_interval(books: list[Workbook]) -> None:
    """Of 乙县 nothing was received: no rank; 甲县 may be first or second."""
    rows = [list(row) for row in books[0]["得分汇总"].iter_rows(values_only=True)]
    head = next(row for row in rows if "名次" in row)
    places = {row[0]: row[head.index("名次")] for row in rows if row[0] in ("甲县", "乙县")}
    assert places == {"甲县": "1～2", "乙县": "—"}
    assert "名次区间" not in head


def test_a_sum_of_a_part_is_no_number(tmp_path: Path) -> None:
    owner, other = indicator(), indicator(2)
    parts = [
        {"text": text, "subject": None, "operator": ">=", "value": 10.0, "unit": None}
        for text in ("甲10", "乙10")
    ]
    compound = target(owner, target_kind="compound", operator=None, target_value=None, parts=parts)
    returns = [
        returned(owner, part_no=1, actual_value=10.0),
        returned(other, actual_value=7.0, source_row=6),
    ]
    rows = rows_of_scored([owner, other], [compound, target(other)], returns)
    path, _ = write_exports(frames_of(rows), tmp_path)
    sheet = openpyxl.load_workbook(path)["得分汇总"]
    lines = [list(row) for row in sheet.iter_rows(values_only=True)]
    head = next(row for row in lines if "名次" in row)
    (own,) = [row for row in lines if row[0] == "甲县"]
    assert own[head.index("得分")] == own[head.index("百分制得分")] == PARTLY


def test_a_level_that_is_not_printed_has_no_column_and_no_row(tmp_path: Path) -> None:
    """Of a notice with one level of headings: 指标 is no third level, and no sum stands twice."""
    owners = [
        indicator(1, level2=None, level3="粮食产量"),
        indicator(2, level2=None, level3="税收"),
    ]
    returns = [returned(owners[0], actual_value=9.0)]
    frames = frames_of(rows_of_scored(owners, list(map(target, owners)), returns))
    scores, targets = map(openpyxl.load_workbook, write_exports(frames, tmp_path))
    words = {cell for _, _, row in rows_of([targets]) for cell in row}
    assert {"一级指标", "指标名称", "粮食产量"} <= words and "三级指标" not in words
    rows = [row for title, _, row in rows_of([scores]) if title == "分项得分"]
    assert not any({"二级指标", "未列明"} & set(row) for row in rows)
    assert [row[2] for row in rows if row[0] == "甲县"] == ["总分", "一级指标"]


def test_without_headings_no_sheet_has_their_column(tmp_path: Path) -> None:
    owners = [indicator(1, level1=None, level2=None), indicator(2, level1=None, level2=None)]
    returns = [returned(owners[0], actual_value=5.0)]
    frames = frames_of(rows_of_scored(owners, list(map(target, owners)), returns))
    found = [*map(openpyxl.load_workbook, write_exports(frames, tmp_path))]
    shown = {title: row for title, _, row in rows_of(found) if "指标" in row}
    assert {"指标得分", "甲县明细", "甲县"} <= set(shown)
    assert not any("一级指标" in row for _, _, row in rows_of(found))
    assert found[0]["指标得分"].freeze_panes.startswith("D")
    assert found[0]["甲县明细"].freeze_panes.startswith("C")


def test_an_entity_has_all_to_appeal_with(books: list[Workbook]) -> None:
    rows = [list(row) for row in books[0]["甲县明细"].iter_rows(values_only=True)]
    at = next(place for place, row in enumerate(rows) if "怎么得来" in row)
    found = [dict(zip(rows[at], row, strict=True)) for row in rows[at + 1 :]]
    assert [row["序号"] for row in found] == [1, 2, 3, 4]
    first, second, third, fourth = found
    assert (first["目标"], first["实际"], first["标注"]) == ("876.54", "765.43", f"{DOUBT}、未审核")
    assert "两次读取不一致" in first["怎么得来"]
    assert (second["标注"], second["状态"]) == (f"{PROVISIONAL}、未审核", "计分办法尚未采用")
    assert (third["得分"], third["标注"]) == (1.0, "未审核")
    assert (fourth["得分"], fourth["状态"], fourth["实际"]) == ("—", "未报送", "—")


def test_a_sheet_of_many_entities_prints_on_pages_of_columns(tmp_path: Path) -> None:
    """Forty entities: the pages together hold every column, each with the first ones repeated."""
    owners = [indicator(number, level3=f"指标{number}") for number in (1, 2)]
    names = [f"第{number}县" for number in range(1, 41)]
    targets = [target(owner, name) for owner in owners for name in names]
    frames = frames_of(rows_of_scored(owners, targets, [returned(owners[0], names[0])]))
    for path, name in zip(write_exports(frames, tmp_path), ("指标得分", "指标分解"), strict=True):
        sheet = openpyxl.load_workbook(path)[name]
        breaks = [each.id for each in sheet.col_breaks.brk]
        assert breaks and not sheet.sheet_properties.pageSetUpPr.fitToPage
        title = next(each for each in sheet.merged_cells.ranges if each.min_row == 1)
        assert title.max_col == breaks[0]  # whole on the first page
        assert sheet.print_title_cols.startswith("$A:")
        repeated = openpyxl.utils.column_index_from_string(sheet.print_title_cols[-1])
        width = [
            sheet.column_dimensions[openpyxl.utils.get_column_letter(number)].width
            for number in range(1, sheet.max_column + 1)
        ]
        for start, end in zip([repeated, *breaks], [*breaks, sheet.max_column], strict=True):
            assert (sum(width[:repeated]) + sum(width[start:end])) * sheet.page_setup.scale <= 20600
