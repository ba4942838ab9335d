"""What a notice's notes say of the whole is proposed, in the form that source.toml takes."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.points.periods import parse_periods
from scoring.total.printed import printed_total
from scoring.total.rules import QuotaOf, TotalRules, VetoEffect, parse_total
from tests.support.for_each import for_each
from tests.support.scoring.notices import CASES
from tests.support.yaml_files import read_yaml

_TOLD = read_yaml(CASES / "printed_total.yaml")


@for_each("case", _TOLD)
def test_wordings_of_the_whole(case: dict[str, Any]) -> None:
    veto_rows = {case["序号"]} if case.get("否决项") else set()
    found = printed_total([(case["文字"], case.get("序号"))], veto_rows)
    grades = [[each.name, each.at_least, each.quota] for each in found.grades]
    vetoes = [[each.serial_no or 0, sorted(each.effects)] for each in found.vetoes]
    assert grades == case.get("等次", [])
    assert vetoes == case.get("否决", [])
    assert list(found.unread) == case.get("没读懂", [])
    assert [found.bonus_cap, found.minus_cap] == case.get("上限", [None, None])
    assert dict(found.factors) == case.get("系数", {})
    ranks = {each.name: each.at_most_rank for each in found.grades if each.at_most_rank}
    assert ranks == case.get("名次", {})
    assert found.quota_of == case.get("名额")
    assert dict(found.periods) == case.get("分期", {})
    assert bool(found.texts) == bool(found.proposes or found.unread)


def test_the_proposal_can_be_declared() -> None:
    of_caps = next(each for each in _TOLD if "系数" in each)
    found = printed_total([(each["文字"], each.get("序号")) for each in (*_TOLD[:2], of_caps)])
    text = tomllib.loads(found.as_toml().replace("from = ", "from = 2022-03-01 "))
    declared = parse_total(text["total"], text["coefficients"], "source.toml")
    assert (declared.grades, declared.vetoes) == (found.grades, found.vetoes)
    assert declared.bonus_cap == found.bonus_cap == 3
    assert dict(declared.coefficients) == dict(found.factors)
    assert declared.since == date(2022, 3, 1)


def test_a_text_that_gave_nothing_is_no_basis() -> None:
    of_a_row = "注：1.第1项中，开发区每低0.1个百分点扣0.3分。"
    limit = "4.加分项合计加分不超过4分。"
    found = printed_total([(of_a_row, None), (limit, None)])
    assert found.texts == (of_a_row, limit)
    assert f'basis = "{limit}"' in found.as_toml()


def test_weights_of_periods_and_quotas_of_groups_can_be_declared() -> None:
    said = "各组优秀不超过30%。一季度占15%、二季度占25%、三季度占25%、四季度占35%。"
    text = printed_total([(said, None)]).as_toml().replace("from = ", "from = 2022-03-01 ")
    for quarter, day in enumerate(("04-20", "07-20", "10-20", "12-31"), 1):
        old = f'"年份-Q{quarter}" = {{ weight = '
        assert old in text
        text = text.replace(old, f'"2022-Q{quarter}" = {{ weight = ')
        text = text.replace("as_of =  }", f"as_of = 2022-{day} }}", 1)
    filled = tomllib.loads(text)
    assert parse_total(filled["total"], {}, "source.toml").quota_of is QuotaOf.GROUP
    periods = parse_periods(filled["periods"], "source.toml")
    assert [each.weight for each in periods] == [0.15, 0.25, 0.25, 0.35]


@given(st.text('优秀良好90分以上为不超过%。；“\\"\n\x00', max_size=60))
def test_any_text_gives_a_proposal_that_is_toml(text: str) -> None:
    found = printed_total([(text, None)])
    tomllib.loads(found.as_toml().replace("from = ", "from = 2022-03-01 "))


def test_a_veto_row_that_says_no_more_than_that_is_read() -> None:
    text = "发生重大事故的，年度考核实行一票否决"
    assert printed_total([(text, 8)], {8}) == printed_total([])
    assert printed_total([(text, 8)]).unread == (text,)
    assert printed_total([(f"{text}，取消评优资格", 8)], {8}).vetoes


def test_a_factor_of_nobody_here_is_not_read() -> None:
    found = printed_total([("开发区难度系数为0.9。各县区得分乘以1.1的系数。", None)])
    held = found.among(["高新开发区", "甲县"])
    assert dict(held.factors) == {"开发区": 0.9}
    assert held.unread == ("各县区得分乘以1.1的系数",)
    possible = held.possible_beside(TotalRules("", date.min, ""))
    assert [possible.factor_of(who, "全部") for who in ("高新开发区", "甲县")] == [0.9, 1.0]


def test_a_veto_of_its_row_alone_is_said_beside_one_of_any() -> None:
    note = ("发生重大事故的，考核等次为不合格。", None)
    rows = [("发生安全事故的，该项不得分", 10), ("未完成的，该项不得分", 3)]
    found = printed_total([*rows, note, note])
    told = [(each.serial_no, sorted(each.effects)) for each in found.vetoes]
    assert told == [(None, ["lowest_grade"]), (10, ["row"])]
    assert printed_total(rows) == printed_total([])
    rules = TotalRules(
        "", date.min, "", possible=found.possible_beside(TotalRules("", date.min, ""))
    )
    assert rules.struck(10, veto_row=False).unsure == {VetoEffect.ROW}
    assert rules.struck(3, veto_row=False).unsure == {VetoEffect.LOWEST_GRADE}


def test_grades_by_letters_and_a_quota_of_a_third_can_be_declared() -> None:
    text = (
        "注：1.得分在90分以上（含90分）的为A等，75分（含）至90分的为B等，其余为C等；"
        "A等数量不超过参评总数的三分之一。"
    )
    found = printed_total([(text, None)])
    assert [(each.name, each.at_least) for each in found.grades] == [
        *(("A等", 90), ("B等", 75), ("C等", None)),
    ]
    assert not found.unread
    told = tomllib.loads(found.as_toml().replace("from = ", "from = 2025-01-01"))
    quota = told["total"]["grade"][0]["quota"]
    assert abs(quota * 6 - 2) < 1e-9, "two of six"


@pytest.mark.parametrize(
    "text",
    [
        "发生重大及以上生产安全责任事故的，取消当年评先评优资格。",
        "因工作不力被省通报的，不得参加年度评优。",
        "弄虚作假的取消评优资格",
    ],
)
def test_a_bar_from_prizes_in_any_order_of_its_words(text: str) -> None:
    found = printed_total([(text, None)])
    assert [each.effects for each in found.vetoes] == [{VetoEffect.BAR}]


@for_each(
    "text",
    [
        *("90分以上为五星", "优秀单位不超过3个", "发生重大事故的，年度考核不得评为A等"),
        *("被问责的，取消综合先进单位评选资格", "得分90分（含）以上的评定为上等"),
    ],
)
def test_what_is_of_the_whole_and_not_understood_is_named(text: str) -> None:
    found = printed_total([(text, None)])
    assert (found.unread, found.grades, found.vetoes) == ((text,), (), ())


@pytest.mark.parametrize(
    "text", ["数据由市统计局提供，A类企业由市工信局提供", "分值为100分", "考核结果于次年3月公布"]
)
def test_what_is_of_no_whole_is_not_named(text: str) -> None:
    assert not printed_total([(text, None)]).unread
