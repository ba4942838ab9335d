"""Texts that a conversion joined: doubted with the pieces as other readings, and others not."""

from __future__ import annotations

from normalize.pipeline import normalize
from schemas.records.notice import Notice
from schemas.records.source import SourceMeta
from tests.support.for_each import for_each
from tests.support.normalize.drawn import document, table

HEADER = "一级指标 | 三级指标 | 分值 | 甲县 | 乙县 | 丙县 | 丁县 | 考核单位"
OTHERS = """
发展 | 企业总数（户） | 3 | 7 | 8 | 9 | 6 | 市财政局
发展 | 产值增长率（%） | 1.5 | 4.3 | 4.5 | 5.1 | 4.8 | 市统计局
生态 | 森林面积（万亩） | 1.5 | 44 | 51 | 42 | 43 | 市林业局
民生 | 普法工作 | 3 | 按相关要求贯彻落实 | < | < | < | 市司法局
"""
TASK = "按《法治政府建设考核办法》执行"
BUILT = "880套，10月底前全部开工"


def read(row: str) -> Notice:
    drawn = table(f"{HEADER}\n{OTHERS.strip()}\n民生 | {row} | 市农业农村局", page=1)
    return normalize(document(drawn, title="2020年度考核指标"), SourceMeta("x", year=2020))


def joined(notice: Notice) -> dict[str | None, list[str]]:
    """Return the other readings of what is doubted, by entity, of name and points by None."""
    found: dict[str | None, list[str]] = {}
    for finding in notice.findings:
        if finding.code == "cells_joined":
            texts = dict.fromkeys(other.text for other in finding.alternatives)
            found.setdefault(finding.entity, []).extend(texts)
    return found


@for_each(
    "targets, whose, pieces",
    [
        ("≤0.020 | ≤0.026 ≤0.037 | < | ≤0.018", "乙丙", ["≤0.026", "≤0.037"]),
        ("≤0.020 | ≤0.026 ≤0.037 | . | ≤0.018", "乙丙", ["≤0.026", "≤0.037"]),
        ("≤0.020 | . | ≤0.026 ≤0.037 | ≤0.018", "乙丙", ["≤0.026", "≤0.037"]),
        ("≤0.020 | ≤0.018 | ≤0.026≤0.037 | .", "丙丁", ["≤0.026", "≤0.037"]),
        (f"{TASK} {TASK} | < | {TASK} | {TASK}", "甲乙", [TASK]),
        (f"{TASK}{TASK} | < | {TASK} | {TASK}", "甲乙", [TASK]),
        (f"{BUILT} | {BUILT} 80套，9月底前全部开工 | < | {BUILT}", "乙丙",
         [BUILT, "80套，9月底前全部开工"]),
        ("5 | 按要求落实 7 | < | 按要求落实", "乙丙", ["按要求落实", "7"]),
        ("11 12 13 | . | . | 14", "甲乙丙", ["11", "12", "13"]),
        ("11 12 | . | . | 14", "甲乙丙", ["11", "12"]),
    ],
)  # fmt: skip
def test_targets_of_several_cells_in_one_are_doubted(
    targets: str, whose: str, pieces: list[str]
) -> None:
    notice = read(f"养老床位（张） | 3 | {targets}")
    found = joined(notice)
    assert found and all(texts == pieces for texts in found.values())
    signed = "像是几格的目标值连在一起"
    flagged = [t.entity[0] for t in notice.targets if signed in (t.review_reason or "")]
    assert "".join(flagged) == whose


@for_each(
    "targets",
    [
        "≥4 | ≥5 | < | ≥6",
        f"{TASK} | < | {TASK} | {TASK}",
        "11 12 | 13 | 14 | 15",  # told otherwise: nothing is blank
        "新建2个 改建3处 | < | 新建4个、改建5处 | 新建1个、改建2处",
        "好好 | < | < | <",
        "2020套 | < | 1313套 | 14套",
        "完成省下达任务 按季度考核 | < | < | <",
    ],
)
def test_one_target_of_several_entities_is_not(targets: str) -> None:
    assert joined(read(f"养老床位（张） | 3 | {targets}")) == {}


@for_each(
    "name, points",
    [("失业率（%） 2.5", "."), ("失业率（%）2.5", "."), ("新建农村公路 2", "."),
     ("失业率（%） 1.5", "^"), ("失业率（%） 1.5", "95")],
)  # fmt: skip
def test_points_at_the_end_of_a_name_are_doubted(name: str, points: str) -> None:
    notice = read(f"{name} | {points} | 97 | 95 | 98 | 96")
    bare = name.rstrip("0123456789.").strip()
    assert sorted(joined(notice)[None]) == sorted([bare, name.removeprefix(bare).strip()])
    assert all(target.needs_review for target in notice.targets if target.serial_no == 5)


@for_each(
    "name, points",
    [("空气PM2.5", "."), ("失业率（%） 2.5", "3"), ("失业率（%）", "^"), ("示范区建设 2020", "."),
     ("失业率（%） 1.7", ".")],
)  # fmt: skip
def test_other_numbers_at_the_end_of_a_name_are_not(name: str, points: str) -> None:
    assert joined(read(f"{name} | {points} | 97 | 95 | 98 | 96")) == {}
