"""Whose targets are that stand in one column, or in none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from common.refusal import Refusal
from normalize.pipeline import normalize
from normalize.select.whose import left_out
from schemas.records.notice import Notice
from schemas.records.source import SourceMeta
from tests.support.for_each import for_each
from tests.support.normalize.drawn import document, table

LONE = """
    考核项目 | 考核指标 | 分值 | 目标值 | 责任单位 | 备注
    发展 | 高企数量（户） | 60 | 30 | 市科技局 | .
    发展 | 投资额（亿元） | 40 | 12 | 市发改委 | {}
    """
ASKED = """
    考核项目 | 分值 | 考核内容 | 评分标准 | 考核单位
    河长制 | 60 | 开展巡河，建立台账 | 每少一次扣2分 | 市水利局
    防汛 | 40 | 完成应急预案修编 | 未完成扣5分 | 市应急管理局
    """
TITLE = "关于下达2020年度考核指标的通知"


def read(
    drawing: str,
    *,
    title: str = TITLE,
    issuer: str | None = "临江市人民政府办公室",
    addressed: str | None = None,
    **known: object,
) -> Notice:
    one = document(table(drawing, page=1), title=title)
    front = replace(one.front, issuer=issuer, addressed=addressed)
    return normalize(replace(one, front=front), SourceMeta("x", **known))  # type: ignore[arg-type]


def whose(notice: Notice) -> tuple[tuple[str, ...], bool, bool]:
    """Return the entities, whether all targets are inherited, whether all are flagged."""
    return (
        notice.entities,
        all(target.inherited for target in notice.targets),
        all(target.needs_review for target in notice.targets),
    )


def test_one_target_is_everybodys_who_is_addressed() -> None:
    notice = read(LONE.format("."), addressed="东河区、南屏县人民政府，高新区管委会")
    assert whose(notice) == (("东河区", "南屏县", "高新区"), True, False)
    assert {(t.entity, t.target_text) for t in notice.targets if t.serial_no == 1} == {
        ("东河区", "30"),
        ("南屏县", "30"),
        ("高新区", "30"),
    }


def test_a_person_names_the_entities() -> None:
    notice = read(LONE.format("."), entities=("东河区", "南屏县"))
    assert whose(notice) == (("东河区", "南屏县"), True, False)
    grouped = read(LONE.format("."), rank_groups={"甲组": ("东河区",), "乙组": ("高新区",)})
    assert grouped.entities == ("东河区", "高新区")
    assert [each.rank_group for each in grouped.assessed] == ["甲组", "乙组"]


def test_nobody_named_is_the_issuers_own_area_and_flagged() -> None:
    notice = read(LONE.format("."), addressed="各县（区）人民政府，市直有关部门")
    assert whose(notice) == (("临江市",), False, True)
    assert "entity_assumed" in {finding.code for finding in notice.findings}


def test_nothing_to_go_by_is_refused_and_says_what_to_give() -> None:
    with pytest.raises(Refusal) as refused:
        read(LONE.format("."), issuer=None)
    assert "--entities" in refused.value.zh
    assert "source.toml" in refused.value.zh


def test_a_title_that_speaks_of_towns_names_none_of_them() -> None:
    notice = read(LONE.format("."), title="青林县2020年度乡镇考核细则", issuer=None)
    assert whose(notice) == (("青林县",), False, True)


@for_each(
    "remark, out",
    [
        ("高新区不考核", ("高新区",)),
        ("高新区、经开区不纳入考核", ("高新区", "经开区")),
        ("除南屏县外", ("南屏县",)),
        ("仅考核东河区、南屏县", ("高新区", "经开区")),
        ("除南屏县、经开区以外", ("南屏县", "经开区")),
        ("南屏县、高新区免予考核", ("南屏县", "高新区")),
        ("经开区暂不作考核", ("经开区",)),
        ("以统计公报为准，高新区不计分", ("高新区",)),
        ("按月调度；不含高新区", ("高新区",)),
        ("（高新区除外）", ("高新区",)),
        ("只考核东河区，按季度通报", ("南屏县", "高新区", "经开区")),
        ("以统计公报为准", ()),
        ("东河区不低于全市平均", ()),
        ("不含税收返还", ()),
        ("高新区为新设园区", ()),
    ],
)
def test_what_a_remark_leaves_out(remark: str, out: tuple[str, ...]) -> None:
    names = ("东河区", "南屏县", "高新区", "经开区")
    assert left_out(remark, names) == out
    notice = read(LONE.format(remark), entities=names)
    exempt = [t for t in notice.targets if t.status == "not_assessed"]
    assert [(t.serial_no, t.entity) for t in exempt] == [(2, name) for name in out]
    assert all(target.needs_review and target.target_text is None for target in exempt)
    assert [t.needs_review for t in notice.targets if t.status == "assessed"] == [False] * (
        len(notice.targets) - len(out)
    )


def test_what_is_asked_for_in_words_is_everybodys_to_be_judged() -> None:
    notice = read(ASKED, entities=("东河区", "南屏县"))
    assert [(i.indicator, i.base_points) for i in notice.indicators] == [
        ("河长制", 60.0),
        ("防汛", 40.0),
    ]
    assert {(t.entity, t.target_kind, t.target_text) for t in notice.targets} == {
        (entity, "judged", text)
        for entity in ("东河区", "南屏县")
        for text in ("开展巡河，建立台账", "完成应急预案修编")
    }
    assert "每少一次扣2分" in (notice.indicators[0].note or "")


def test_without_what_is_asked_for_the_standard_stands_in() -> None:
    drawing = """
        考核项目 | 考核内容 | 标准分 | 评分标准
        组织领导 | 成立领导小组 | 20 | 未成立不得分
        ^ | 召开专题会议 | 80 | 每少一次扣5分
        """
    notice = read(drawing, title="雁江区2020年度考核细则")
    assert [i.indicator for i in notice.indicators] == ["成立领导小组", "召开专题会议"]
    assert [t.target_text for t in notice.targets] == ["未成立不得分", "每少一次扣5分"]


def test_an_entity_that_lacks_a_row_has_no_points_there() -> None:
    rows = "经济 | 高企数量（户） | {} | 30\n经济 | 粮食面积（万亩） | {} | 42"
    header = "考核项目 | 考核指标 | 分值 | 目标值"
    one = table(f"{header}\n{rows.format(60, 40)}", page=1, caption=("东河区目标任务书",))
    two = table(
        f"{header}\n经济 | 高企数量（户） | 100 | 20", page=2, caption=("南屏县目标任务书",)
    )
    both = document(one, replace(two, table_no=2), title=TITLE)
    notice = normalize(both, SourceMeta("x"))
    assert {(t.serial_no, t.entity): (t.status, t.max_points) for t in notice.targets} == {
        (1, "东河区"): ("assessed", 60.0),
        (1, "南屏县"): ("assessed", 100.0),
        (2, "东河区"): ("assessed", 40.0),
        (2, "南屏县"): ("not_assessed", None),
    }


def test_the_letter_is_sent_to_those_who_are_assessed() -> None:
    notice = read(
        LONE.format("不考核丙湖度假区"),
        addressed="甲山区、乙水县人民政府，丙湖度假区管委会，市政府各部门",
    )
    assert notice.entities == ("甲山区", "乙水县", "丙湖度假区")
    status = {(t.serial_no, t.entity): t.status for t in notice.targets}
    assert status[2, "丙湖度假区"] == "not_assessed"
    assert {s for place, s in status.items() if place != (2, "丙湖度假区")} == {"assessed"}
