"""Points among the targets of their row: doubted with what each cell is once they are put back."""

from __future__ import annotations

from normalize.pipeline import normalize
from schemas.records.notice import Notice
from schemas.records.source import SourceMeta
from tests.support.for_each import for_each
from tests.support.normalize.drawn import document, table

BEFORE = "一级指标 | 三级指标 | 分值 | 甲县 | 乙县 | 丙县 | 丁县 | 考核单位"
BEHIND = "一级指标 | 三级指标 | 甲县 | 乙县 | 丙县 | 丁县 | 分值 | 考核单位"
OTHERS = [
    ("发展", "企业总数（户）", "3", "7 | 8 | 9 | 6", "市财政局"),
    ("发展", "产值增长率（%）", "1.5", "4.3 | 4.5 | 5.1 | 4.8", "市统计局"),
    ("生态", "森林面积（万亩）", "1.5", "44 | 51 | 42 | 43", "市林业局"),
    ("民生", "普法工作", "3", "按相关要求贯彻落实 | < | < | <", "市司法局"),
]


def read(cells: str, header: str = BEFORE) -> Notice:
    """Read a row's points and targets, as printed, among rows of usual points."""
    rows = [
        f"{level} | {name} | {targets} | {points} | {office}"
        if header is BEHIND
        else f"{level} | {name} | {points} | {targets} | {office}"
        for level, name, points, targets, office in OTHERS
    ]
    odd = f"民生 | 居民收入增长率（%） | {cells} | 市农业农村局"
    drawn = table("\n".join([header, *rows, odd]), page=1)
    return normalize(document(drawn, title="2020年度考核指标"), SourceMeta("x", year=2020))


def displaced(notice: Notice) -> dict[str | None, list[str]]:
    return {
        finding.entity: sorted({other.text for other in finding.alternatives})
        for finding in notice.findings
        if finding.code == "points_displaced"
    }


@for_each(
    "cells, header, put_back",
    [
        ("6.3 | 6.7 | 2 | 8.2 | 6.5", BEFORE,
         {None: ["2"], "甲县": ["6.3"], "乙县": ["6.7"]}),
        ("95 | 4.5 | 98 | 96 | 91", BEFORE, {None: ["4.5"], "甲县": ["95"]}),
        ("47.9 | 22.0 | 8.6 | 2.5 | 15.5", BEHIND, {None: ["2.5"], "丁县": ["15.5"]}),
        ("51.88 | 3 | 66.78 | 37.90 | 68.06", BEHIND,
         {None: ["3"], "乙县": ["66.78"], "丙县": ["37.90"], "丁县": ["68.06"]}),
        ("6.9 | 2.5万户 | 3 | 高于平均水平 | 7.1", BEFORE,
         {None: ["3"], "甲县": ["6.9"], "乙县": ["2.5万户"]}),
    ],
)  # fmt: skip
def test_points_that_a_target_may_be_are_doubted(
    cells: str, header: str, put_back: dict[str | None, list[str]]
) -> None:
    notice = read(cells, header)
    assert displaced(notice) == put_back
    assert all(target.needs_review for target in notice.targets if target.serial_no == 5)
    assert not any(target.needs_review for target in notice.targets if target.serial_no < 5)


@for_each(
    "cells, header",
    [
        ("2 | 6.7 | 6.3 | 8.2 | 6.5", BEFORE),  # points of a usual step and size
        ("6.3 | 6.7 | 7.1 | 8.2 | 6.5", BEFORE),  # no target that may be points
        ("4 | 60 | 191 | 0.5 | 100", BEFORE),  # points that may be, though no others are
        ("20 | 3 | 4 | 2 | 3", BEFORE),  # a large item, and targets alike
        ("2.5 | 2 | 3 | 5 | 4", BEFORE),  # points of a step of their own
        ("6.7 | 8.2 | 6.5 | 7.0 | 2.2", BEHIND),
        ("12 | 10.5 | 9.1 | 3.5 | 3", BEHIND),
    ],
)
def test_points_in_their_place_are_not_doubted(cells: str, header: str) -> None:
    assert displaced(read(cells, header)) == {}


def test_points_of_which_most_rows_have_their_own_say_nothing() -> None:
    body = "\n".join(
        f"发展 | 第{n}项增长率（%） | {points} | {targets} | 市统计局"
        for n, (points, targets) in enumerate(
            [("6.3", "6.7 | 2 | 8.2 | 6.5"), ("2.1", "4.3 | 4.5 | 5.1 | 4.8"),
             ("4.4", "7 | 8 | 9 | 6"), ("2", "5.5 | 5.6 | 5.1 | 4.9"), ("2", "3 | 4 | 5 | 6"),
             ("1.7", "4 | 5 | 6 | 7")], 1,
        )
    )  # fmt: skip
    drawn = table(f"{BEFORE}\n{body}", page=1)
    read_one = normalize(document(drawn, title="2020年度考核指标"), SourceMeta("x", year=2020))
    assert displaced(read_one) == {}
