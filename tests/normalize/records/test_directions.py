"""A row's direction by its evidence, the strongest first; what has none is unknown and said."""

from __future__ import annotations

import pytest

from common.refusal import Refusal
from normalize.pipeline import normalize
from schemas.records.notice import Finding, Notice
from schemas.records.source import SourceMeta
from tests.support.for_each import for_each
from tests.support.normalize.corrected import corrected, fix, of
from tests.support.normalize.drawn import document, table

HEADER = "考核指标 | 分值 | 甲县 | 乙县 | 责任单位"
#: Nobody knows by its name which end of it is good.
NOBODY_KNOWS = "户籍人口（人）"


def drawing(name: str, *targets: str) -> str:
    return f"""
        {HEADER}
        {name} | 3 | {" | ".join(targets)} | 市公安局
        """


def read(name: str, *targets: str, **declared: str) -> Notice:
    return normalize(document(table(drawing(name, *targets))), SourceMeta("x", directions=declared))


def directions(name: str, *targets: str, **declared: str) -> list[object]:
    """Return the indicator's direction and the operators of its targets."""
    notice = read(name, *targets, **declared)
    return [str(notice.indicators[0].direction), *(t.operator for t in notice.targets)]


def doubts(notice: Notice) -> list[Finding]:
    return [f for f in notice.findings if f.code == "direction_unknown"]


@for_each(
    "name, targets, said",
    [
        ("信访量（件）", ("12", "13"), ["lower_is_better", "<=", "<="]),
        # a printed limit outranks the words, for the bare figure beside it, too
        ("就业人数（人）", ("不高于12", "13"), ["lower_is_better", "<=", "<="]),
        (NOBODY_KNOWS, ("≥12", "13"), ["higher_is_better", ">=", ">="]),
        (NOBODY_KNOWS, ("控制在12以内", "13"), ["lower_is_better", "<=", "<="]),
        # a limit of a fall says nothing of what falls
        ("能耗（吨）", ("下降率≥5%", "13"), ["lower_is_better", ">=", "<="]),
        # what is to be got up to, or to grow, is good
        (NOBODY_KNOWS, ("达到12", "13"), ["higher_is_better", ">=", ">="]),
        (NOBODY_KNOWS, ("增长5%", "13"), ["higher_is_better", ">=", ">="]),
        (NOBODY_KNOWS, ("下降5%", "13"), ["lower_is_better", "<=", "<="]),
        (NOBODY_KNOWS, ("新增企业12家", "13"), ["higher_is_better", ">=", ">="]),
        # about, or between two limits
        (NOBODY_KNOWS, ("12左右", "13"), ["nearer_is_better", "~", "~"]),
        # but what more is good of is good from the lower end
        ("地区生产总值增速（%）", ("7左右", "8"), ["higher_is_better", "~", ">="]),
        # an award is the better the more of it there is
        (NOBODY_KNOWS, ("按要求完成", "按要求完成"), ["higher_is_better", None, None]),
        # a place is none of the indicator's own figures
        (NOBODY_KNOWS, ("前3位", "前3位"), ["unknown", "<=", "<="]),
        (NOBODY_KNOWS, ("12", "13"), ["unknown", None, None]),
    ],
)
def test_the_strongest_evidence_decides(
    name: str, targets: tuple[str, ...], said: list[str | None]
) -> None:
    assert directions(name, *targets) == said


def test_what_nothing_tells_is_asked_once_an_indicator_and_flags_no_value() -> None:
    notice = read(NOBODY_KNOWS, "12", "13")
    (finding,) = doubts(notice)
    assert (finding.severity, finding.serial_no, finding.entity) == ("warning", 1, None)
    assert (finding.field, finding.state) == ("direction", "open")
    assert "户籍人口" in finding.message_zh
    assert [(t.target_value, t.needs_review) for t in notice.targets] == [(12, False), (13, False)]


@pytest.mark.parametrize("targets", [("前3位", "前5位"), ("按要求完成", "---"), ("≥12", "---")])
def test_where_no_figure_depends_on_it_nothing_is_asked(targets: tuple[str, str]) -> None:
    assert not doubts(read(NOBODY_KNOWS, *targets))


def test_parts_without_an_operator_are_asked_for_too() -> None:
    notice = read("人口（人）", "户籍12，流动13", "---")
    assert [part.operator for part in notice.targets[0].parts] == [None, None]
    assert doubts(notice)


def test_a_leaf_that_is_a_part_of_a_heading_is_read_with_it() -> None:
    drawn = """
        一级指标 | 二级指标 | 三级指标 | 四级指标 | 分值 | 甲县 | 乙县 | 责任单位
        发展 | 农业 | 高标准农田建设（亩） | 其中新建 | 3 | 7 | 8 | 市农业农村局
        ^ | ^ | ^ | 2020年 | 3 | 7 | 8 | 市农业农村局
        """
    notice = normalize(document(table(drawn)), SourceMeta("x"))
    assert {str(i.direction) for i in notice.indicators} == {"higher_is_better"}


@pytest.mark.parametrize("key", ["1", "户籍人口"])
def test_an_officers_word_outranks_all(key: str) -> None:
    assert directions(NOBODY_KNOWS, "≥12", "13", **{key: "lower_is_better"}) == [
        *("lower_is_better", ">=", "<=")
    ]
    assert not doubts(read(NOBODY_KNOWS, "12", "13", **{key: "nearer_is_better"}))


def test_a_direction_for_no_indicator_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        read(NOBODY_KNOWS, "12", "13", 常住人口="lower_is_better")
    assert caught.value.code == "direction_for_nothing"
    assert "常住人口" in caught.value.zh


def test_a_correction_settles_it() -> None:
    drawn = drawing(NOBODY_KNOWS, "12", "13")
    notice = corrected(drawn, fix(of(1, "direction"), "unknown", "lower_is_better"))
    assert str(notice.indicators[0].direction) == "lower_is_better"
    assert [t.operator for t in notice.targets] == ["<=", "<="]
    states = {f.code: f.state for f in notice.findings}
    assert states["direction_unknown"] == "corrected"


def by_property(header: str, *properties: str) -> list[str]:
    rows = "\n".join(
        f"人口{i}类（人） | {p} | 3 | 7 | 8 | 市公安局" for i, p in enumerate(properties)
    )
    drawn = f"考核指标 | {header} | 分值 | 甲县 | 乙县 | 责任单位\n{rows}"
    return [str(i.direction) for i in normalize(document(table(drawn)), SourceMeta("x")).indicators]


def test_a_column_of_the_indicators_nature_tells_it() -> None:
    assert by_property("指标性质", "正向", "逆向", "负向指标", "适度", "越低越好") == [
        *("higher_is_better", "lower_is_better", "lower_is_better"),
        *("nearer_is_better", "lower_is_better"),
    ]


def test_binding_and_expected_say_nothing_of_it() -> None:
    assert by_property("指标属性", "约束性", "预期性", "定量") == ["unknown"] * 3
    assert by_property("指标属性", "预期性", "约束性、逆向", "定量")[1] == "lower_is_better"
