"""One list of indicators in several layouts."""

from __future__ import annotations

from dataclasses import replace

from normalize.pipeline import normalize
from schemas.records.document import Table
from schemas.records.notice import Notice
from schemas.records.source import SourceMeta
from tests.support.normalize.drawn import document

ORDINARY = """
    一级指标 | 三级指标 | 分值 | 甲县 | 乙县 | 责任单位
    高质量发展 | 研发投入强度（%） | 3 | 1 | 2 | 市科技局
    ^ | 高企数量（户） | 4 | 7 | 8 | 市科技局
    民生 | 新增就业（人） | 2 | 70 | --- | 市人社局
    ^ | 城镇失业率（%） | 1 | 4.5 | < | 市人社局
    """


def read(*tables: Table, title: str | None = None) -> Notice:
    numbered = [replace(each, table_no=i) for i, each in enumerate(tables, 1)]
    return normalize(document(*numbered, title=title), SourceMeta("x"))


OF_ONE = """
    一级指标 | 三级指标 | 分值 | 目标值 | 责任单位
    高质量发展 | 研发投入强度（%） | 3 | {0} | 市科技局
    ^ | 高企数量（户） | 4 | {1} | 市科技局
    民生 | 新增就业（人） | 2 | {2} | 市人社局
    ^ | 城镇失业率（%） | 1 | {3} | 市人社局
    """


FIRST, SECOND = OF_ONE.format(1, 7, 70, 4.5), OF_ONE.format(2, 8, "---", 4.5)


TURNED = """
    县区 | 高质量发展 | < | 民生 | <
    ^ | 研发投入强度（%） | 高企数量（户） | 新增就业（人） | 城镇失业率（%）
    分值 | 3 | 4 | 2 | 1
    甲县 | 1 | 7 | 70 | 4.5
    乙县 | 2 | 8 | --- | ^
    责任单位 | 市科技局 | 市科技局 | 市人社局 | 市人社局
    """


def turned(drawing: str) -> str:
    return drawing.replace("--- | ^", "--- | 4.5")
