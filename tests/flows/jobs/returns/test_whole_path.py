"""An office's year on a small notice: forms, a reply put right and approved, points, answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from schemas.records.forms import REPLY_SHEET
from tests.support.flows.small_office import Filled, Office

ENTITIES = ("东河区", "南屏县", "西山县")
AVERAGE = ("高于全省平均水平",) * 3
NOTICE = (
    ("2024年度县区目标考核指标",),
    ("序号", "一级指标", "指标名称", "单位", "分值", *ENTITIES, "评分标准", "考核单位"),
    (1, "经济发展", "地区生产总值增长率", "%", 10, 6.5, 6.0, 6.2, "", "市统计局"),
    (2, "经济发展", "居民人均可支配收入增速", "%", 8, *AVERAGE, "", "市统计局"),
    (3, "社会发展", "单位地区生产总值能耗", "%", 6, *("下降3%",) * 3, "", "市统计局"),
    (4, "社会发展", "平安建设工作", "", 6, *("完成市下达任务",) * 3, "", "市统计局"),
    ("", "加分项", "获得表彰奖励", "", "+5", "", "", "",
     "国家级每项加2分，省级每项加1分，累计不超过5分", "市统计局"),
)  # fmt: skip
SOURCE = """
year = 2024
title = "关于印发2024年度目标考核指标的通知"
deadline = 2025-01-10
approval = "required"

[rules]
version = "1"
from = 2024-01-01
basis = "考核办法"

[[rules.rule]]
serial_no = 4
rule = "judged"
parameters = { cap = 1.2 }
"""
#: What an office writes: serial number, column, class; a figure for each entity.
WRITTEN = (
    (1, "实际值", None, (6.6, 5.0, 6.2)),
    (1, "佐证材料", None, ("公报.pdf",) * 3),
    (2, "实际值", None, (6.1, 5.3, 4.9)),
    (2, "比较基准值", None, (5.3,)),  # the province's figure: once
    (3, "实际值", None, (-3.2, "28", -3.1)),  # a fall written as a rise
    (4, "评定得分(%)", None, (115, 100, 130)),  # the last one is over the cap
    (5, "实际值", "国家级", (1, 0, 3)),
    (5, "实际值", "省级", (2, 0, 1)),
)
#: Worked out by hand. 2: 8 × (0.8 + 0.05 × the difference). 4: 6 × the award. 5: 2 and 1 points.
POINTS = {
    1: (10, 10 * 5 / 6, 10),
    2: (6.72, 6.4, 6.24),
    3: (6, 0, 6),
    4: (6.9, 6, 7.2),
    5: (4, 0, 5),
}


def texts(sheet: Any) -> list[list[str]]:
    rows = sheet.iter_rows(values_only=True)
    return [[str(each) for each in row if each is not None] for row in rows]


def test_the_whole_path(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.publish("office-2024", NOTICE, SOURCE)
    said = office.kaohe("forms", 2024)
    assert "比较基准值每项只填一次的指标：2" in said
    (blank,) = (tmp_path / "forms").glob("*.xlsx")
    form = Filled(blank)
    assert "报送截止日期：2025年1月10日　本表各考核对象分值：30 分" in str(form.sheet["A3"].value)
    for serial, column, of_class, figures in WRITTEN:
        for entity, value in zip(ENTITIES, figures, strict=False):
            form.put(serial, entity, column, value, of_class)
    below = form.sheet.max_row + 1
    form.sheet.cell(below, 1).value = "合计"
    form.sheet.cell(below, form.columns["实际值"]).value = 99
    form.sign(报送人="甲某")
    first = form.saved(tmp_path / "in/1.xlsx")

    said = office.kaohe("receive", first, "--received-on", "2025-01-08", code=3)
    assert (
        "接收 accepted 16 行（新入库 landed 16，未审核 unapproved 16）　退回 refused 2 处" in said
    )
    (reply,) = (tmp_path / "replies").rglob("*.xlsx")
    sheet = openpyxl.load_workbook(reply)[REPLY_SHEET]
    listed = texts(sheet)
    places = {row[2].partition("\n")[2]: row[3] for row in listed[4:] if len(row) > 4}
    assert places["3 单位地区生产总值能耗　南屏县"] == "28"
    assert places["4 平安建设工作　西山县"] == "130"
    assert any("此行是“合计”" in row[-1] for row in listed if row)
    assert all(sheet.row_dimensions[row].height >= 18 for row in range(6, sheet.max_row + 1))

    mended = Filled(reply)
    mended.put(3, "南屏县", "实际值", -2.8)
    mended.put(4, "西山县", "评定得分(%)", 120)
    mended.sign(审核人="乙某", 审核日期="2025-01-09")
    second = mended.saved(tmp_path / "in/2.xlsx")
    said = office.kaohe("receive", second, "--received-on", "2025-01-09")
    assert "接收 accepted 18 行（新入库 landed 18，未审核 unapproved 0）　退回 refused 0 处" in said

    office.kaohe("score", 2024)
    office.kaohe("score", 2024, "--replay")
    from warehouse.query import query

    sql = "SELECT serial_no, entity, points, points_low, points_high FROM scores_latest"
    found = {(row[0], row[1]): row[2:] for row in query(tmp_path / "t", sql).rows}
    for serial, points in POINTS.items():
        for entity, expected in zip(ENTITIES, points, strict=True):
            assert found[serial, entity] == pytest.approx((expected,) * 3), (serial, entity)

    page = office.kaohe("trace", 2024, 5, "西山县")
    for wanted in ("读作 加分项", "国家级 3 项 × 2 分", "省级 1 项 × 1 分", "第23行", "第24行"):
        assert wanted in page
    page = office.kaohe("trace", 2024, 1, "西山县")
    for wanted in ("佐证材料：公报.pdf", "报送人 甲某　审核人 乙某（2025-01-09）"):
        assert wanted in page
