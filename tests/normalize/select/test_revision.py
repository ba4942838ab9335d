"""A document that says it changes an earlier one is told so, and nothing is decided."""

from __future__ import annotations

from dataclasses import replace

import pytest

from normalize.pipeline import normalize
from normalize.select.revision import revises
from schemas.records.source import SourceMeta
from tests.support.for_each import for_each
from tests.support.normalize.drawn import document, table

DRAWING = """
    一级指标 | 三级指标 | 分值 | 甲县 | 乙县 | 责任单位
    创新 | 高企数量（户） | 4 | 7 | 8 | 市科技局
    """


@for_each(
    "title, caption, cited",
    [
        ("关于修订2020年度县（区）政务目标考核指标的通知", (), ()),
        ("关于调整2020年度目标任务的通知（资府办发〔2020〕66号）", (), ("资府办发〔2020〕66号",)),
        ("2020年度目标考核指标（修订）", (), ()),
        (None, ("调整后的2020年度考核指标",), ()),
        (
            "关于对部分考核指标进行调整的通知",
            ("原某府办〔2020〕5号文件同时废止",),
            ("某府办〔2020〕5号",),
        ),
    ],
)
def test_it_says_so(title: str | None, caption: tuple[str, ...], cited: tuple[str, ...]) -> None:
    notice = normalize(
        document(table(DRAWING, page=1, caption=caption), title=title), SourceMeta("x")
    )
    [finding] = [f for f in notice.findings if f.code == "revises_earlier"]
    assert finding.severity == "info"
    assert tuple(each.text for each in finding.alternatives) == cited
    assert not any(target.needs_review for target in notice.targets)


@pytest.mark.parametrize(
    "title",
    [
        "关于印发2020年度县（区）政务目标考核指标的通知",
        "关于下达产业结构调整目标任务清单",
        "关于印发2020年产业结构调整考核指标的通知",
        None,
    ],
)
def test_it_does_not(title: str | None) -> None:
    assert revises(document(table(DRAWING), title=title), SourceMeta("x")) is None


def test_nothing_is_said_where_a_person_has_declared_it() -> None:
    drawn = document(table(DRAWING), title="关于修订2020年度考核指标的通知")
    assert revises(drawn, SourceMeta("x")) is not None
    assert revises(drawn, replace(SourceMeta("x"), supersedes="earlier")) is None


def test_its_own_number_is_no_other_document() -> None:
    drawn = document(table(DRAWING), title="关于修订考核指标的通知（某府办〔2020〕9号）")
    found = revises(drawn, SourceMeta("x", doc_number="某府办〔2020〕9号"))
    assert found is not None
    assert found.alternatives == ()
