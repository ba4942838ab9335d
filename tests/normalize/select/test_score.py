"""Which table of several is read, and what is said of the others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from common.refusal import Refusal
from normalize.pipeline import normalize
from normalize.text.places import entity_above, is_department, is_place, place_names
from schemas.records.document import Table
from schemas.records.notice import Notice
from schemas.records.source import SourceMeta
from tests.support.for_each import for_each
from tests.support.normalize.choices import COUNTIES, counties, departments
from tests.support.normalize.drawn import document, table

TITLE = "关于印发2020年度县（区）、高新区政务目标考核指标的通知"
BY_DEPARTMENT = """
    部门 | 考核项目 | 考核指标 | 分值 | 目标值
    市教育局 | 教育 | 入学率（%） | 5 | 99
    市公安局 | 平安 | 案件数（件） | 5 | 9
    市财政局 | 财政 | 收入（亿元） | 5 | 90
    市科技局 | 创新 | 高企（户） | 5 | 30
    """
CONTENTS = """
    序号 | 附件名称 | 页码
    1 | 2020年度县（区）考核指标 | 2
    2 | 2020年度市级部门考核指标 | 9
    """
OLD = COUNTIES.replace("| 3 | 1 | 2 | 3 |", "| 3 | 0.5 | 0.6 | 0.7 |")


def read(*tables: Table, title: str | None = TITLE) -> Notice:
    numbered = [replace(each, table_no=i) for i, each in enumerate(tables, 1)]
    return normalize(document(*numbered, title=title), SourceMeta("x"))


def entities(notice: Notice, annex: int) -> list[str]:
    return [each.entity for each in notice.assessed if each.annex == annex]


def others(notice: Notice) -> list[tuple[str, str]]:
    return [(f.severity, f.message_zh) for f in notice.findings if f.code == "other_table"]


@pytest.mark.parametrize("first", [True, False])
def test_counties_and_departments_are_annexes_in_any_order(first: bool) -> None:
    notice = read(*((counties, departments) if first else (departments, counties)))
    of_counties, of_departments = (1, 2) if first else (2, 1)
    assert entities(notice, of_counties) == ["甲县", "乙县", "高新区"]
    assert entities(notice, of_departments) == ["市教育局", "市公安局", "市财政局", "市科技局"]
    assert [indicator.serial_no for indicator in notice.indicators] == list(range(1, 9))
    assert {e.kind for e in notice.assessed if e.annex == of_departments} == {"department"}
    assert not others(notice)
    assert not [f for f in notice.findings if f.code == "table_choice_unsure"]


def test_a_table_that_names_nobody_is_no_annex() -> None:
    notice = read(table(BY_DEPARTMENT, page=1), replace(counties, caption=()))
    assert notice.entities == ("甲县", "乙县", "高新区")
    assert len(others(notice)) == 1


def test_an_annex_for_departments_that_names_none_is_that_of_all() -> None:
    rival = table(BY_DEPARTMENT, page=1, caption=("市级部门考核指标",))
    notice = read(rival, replace(counties, caption=()))
    assert entities(notice, 1) == ["市直部门"]
    assert entities(notice, 2) == ["甲县", "乙县", "高新区"]
    assert not others(notice)


@pytest.mark.parametrize("caption", [(), ("目录",)])
def test_an_index_page_is_named_and_no_warning(caption: tuple[str, ...]) -> None:
    notice = read(table(CONTENTS, page=1, caption=caption), counties)
    assert notice.entities == ("甲县", "乙县", "高新区")
    assert [severity for severity, _ in others(notice)] == ["info"]


def test_an_index_page_without_a_header_is_no_warning() -> None:
    index = "1 | 2020年度县（区）考核指标 | 2\n2 | 评分办法 | 7\n3 | 其他 | 9"
    notice = read(table(index, page=1), counties)
    assert [severity for severity, _ in others(notice)] == ["info"]


def test_last_years_table_is_not_taken() -> None:
    old = table(OLD, page=9, caption=("附件2 2019年度县（区）考核指标",))
    notice = read(old, counties)
    assert notice.targets[0].target_value == 1.0
    assert len(others(notice)) == 1


def test_a_table_of_results_is_not_taken() -> None:
    results = table(OLD, page=9, caption=("县（区）考核指标完成情况",))
    notice = read(results, counties)
    assert notice.targets[0].target_value == 1.0
    assert [severity for severity, _ in others(notice)] == ["info"]


def test_other_entities_are_a_second_annex() -> None:
    zones = (
        COUNTIES.replace("甲县 | 乙县 | 高新区", "丙县 | 丁县 | 戊县")
        .replace("高企", "企业")
        .replace("新增就业", "培训")
    )
    notice = read(counties, table(zones, page=5, caption=("附件2 2020年度县（区）考核指标",)))
    assert entities(notice, 1) == ["甲县", "乙县", "高新区"]
    assert entities(notice, 2) == ["丙县", "丁县", "戊县"]
    assert [i.annex for i in notice.indicators] == [1, 1, 1, 2, 2, 2]
    assert {(t.annex, t.entity) for t in notice.targets} == {
        (e.annex, e.entity) for e in notice.assessed
    }


def test_two_versions_of_one_table_are_both_named() -> None:
    again = COUNTIES.replace("| 1 | 2 | 3 |", "| 4 | 5 | 6 |")
    second = table(again, page=5, caption=("附件2 2020年度县（区）考核指标",))
    notice = read(counties, second)
    assert notice.entities == ("甲县", "乙县", "高新区")
    [unsure] = [f for f in notice.findings if f.code == "table_choice_unsure"]
    assert unsure.severity == "warning"
    assert "附件1" in unsure.message_zh
    assert "附件2" in unsure.message_zh
    assert [severity for severity, _ in others(notice)] == ["warning"]


def test_departments_alone_are_read() -> None:
    notice = read(departments)
    assert notice.entities == ("市教育局", "市公安局", "市财政局", "市科技局")


def test_nobody_is_made_an_entity_by_a_guess() -> None:
    lone = """
        考核项目 | 考核指标 | 分值 | 目标值
        创新 | 高企（户） | 5 | 30
        """
    with pytest.raises(Refusal) as nobody:
        read(table(lone), title=None)
    assert nobody.value.code == "no_entities"
    assert "--entities" in nobody.value.zh
    assert read(table(lone, caption=("资阳市市级部门考核指标",))).entities == ("市直部门",)
    two_years = """
        考核项目 | 考核指标 | 分值 | 2020年目标值 | 2021年目标值
        创新 | 高企（户） | 5 | 30 | 40
        """
    with pytest.raises(Refusal) as whose:
        read(table(two_years), title=None)
    assert "2020年目标值" in whose.value.zh
    assert read(table(lone, caption=("资阳市雁江区考核指标",))).entities == ("雁江区",)


@for_each(
    "text, named",
    [
        ("资阳市雁江区2020年度目标任务表", ("雁江区",)),
        (TITLE, ("高新区",)),
        ("附件1 安岳县目标任务", ("安岳县",)),
        ("附表城南区2023年工业目标", ("城南区",)),
        ("目标任务分解表（城南区）", ("城南区",)),
        ("2020年度雁江区和安岳县任务", ("雁江区", "安岳县")),
        ("和县2021年考核目标", ("和县",)),
        ("市直部门目标", ()),
        ("各县（市、区）考核目标", ()),
        ("高新区管委会考核表", ("高新区",)),
    ],
)
def test_places_in_titles(text: str, named: tuple[str, ...]) -> None:
    assert place_names(text) == named
    assert entity_above([text]) == (() if text == TITLE else named)


@for_each(
    "name",
    ["高新区", "临空经济区", "青龙镇", "高新区管委会", "和县", "城东街道", "韩城市", "湖东管委会"],
)
def test_places(name: str) -> None:
    assert is_place(name)
    assert not is_department(name)


@for_each("name", ["卫生城市", "大城市", "工业强市"])
def test_aims_are_no_places(name: str) -> None:
    assert not is_place(name)


@pytest.mark.parametrize("name", ["市教育局", "市发改委", "区发改局", "市公安局高新区分局"])
def test_departments(name: str) -> None:
    assert is_department(name)
    assert not is_place(name)
