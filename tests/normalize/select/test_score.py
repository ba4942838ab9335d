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


def others(notice: Notice) -> list[tuple[str, str]]:
    return [(f.severity, f.message_zh) for f in notice.findings if f.code == "other_table"]


@pytest.mark.parametrize("first", [True, False])
def test_counties_before_departments_in_any_order(first: bool) -> None:
    notice = read(*((counties, departments) if first else (departments, counties)))
    assert notice.entities == ("甲县", "乙县", "高新区")
    [(severity, message)] = others(notice)
    assert severity == "info"
    assert "附件2 2020年度市级部门考核指标" in message
    assert "第5页" in message
    assert not [f for f in notice.findings if f.code == "table_choice_unsure"]


@pytest.mark.parametrize("captions", [False, True])
def test_a_larger_list_of_departments_is_not_taken(captions: bool) -> None:
    rival = table(BY_DEPARTMENT, page=1, caption=("市级部门考核指标",) if captions else ())
    notice = read(rival, replace(counties, caption=()))
    assert notice.entities == ("甲县", "乙县", "高新区")
    assert len(others(notice)) == 1


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


def test_two_that_fit_alike_are_both_named() -> None:
    zones = COUNTIES.replace("甲县 | 乙县 | 高新区", "丙县 | 丁县 | 戊县").replace("高企", "企业")
    second = table(zones, page=5, caption=("附件2 2020年度县（区）考核指标",))
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
    with pytest.raises(Refusal) as several:
        read(table(lone))
    assert several.value.code == "no_entities"
    with pytest.raises(Refusal) as only_the_city:
        read(table(lone, caption=("资阳市市级部门考核指标",)), title=None)
    assert only_the_city.value.code == "no_entities"
    two_years = """
        考核项目 | 考核指标 | 分值 | 2020年目标值 | 2021年目标值
        创新 | 高企（户） | 5 | 30 | 40
        """
    with pytest.raises(Refusal) as whose:
        read(table(two_years), title=None)
    assert "2020年目标值" in whose.value.zh
    assert read(table(lone, caption=("资阳市雁江区考核指标",))).entities == ("雁江区",)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("资阳市雁江区2020年度目标任务表", ("雁江区",)),
        (TITLE, ("高新区",)),
        ("附件1 安岳县目标任务", ("安岳县",)),
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


@pytest.mark.parametrize(
    "name", ["高新区", "临空经济区", "青龙镇", "高新区管委会", "和县", "城东街道"]
)
def test_places(name: str) -> None:
    assert is_place(name)
    assert not is_department(name)


@pytest.mark.parametrize("name", ["市教育局", "市发改委", "区发改局", "市公安局高新区分局"])
def test_departments(name: str) -> None:
    assert is_department(name)
    assert not is_place(name)
