"""Every query of docs/query.md runs and answers what its heading asks."""

from __future__ import annotations

import re

import pytest

from schemas.tables.document_frames import document_tables
from tests.support.paths import DOCS
from tests.support.schemas.records import PROVENANCE, small_document, small_notice
from warehouse.landing import Batch, land
from warehouse.query import Result, query

PAGE = DOCS / "query.md"
QUERIES = re.findall(r"^```sql\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[Result]:
    warehouse = tmp_path_factory.mktemp("docs-query")
    notice = small_notice()
    tables = document_tables(small_document(), notice, PROVENANCE)
    land(warehouse, [Batch(notice.document_id, notice.year, tables, "run-1", "0.1.0")])
    return [query(warehouse, sql) for sql in QUERIES]


def test_there_are_seven_of_one_year() -> None:
    """Those across years are asked in test_docs_query_years."""
    heading = PAGE.read_text(encoding="utf-8").index("# Questions across years")
    assert PAGE.read_text(encoding="utf-8")[:heading].count("```sql") == 7


def test_totals_count_each_weight_group_once(answers: list[Result]) -> None:
    # 东河区 3 + 2 + 1.5 + 2 + 1; the group of two insurances counts once. The others lack an item.
    assert [row[1:] for row in answers[0].rows] == [
        ("东河区", 9.5, 5),
        ("南屏县", 8.0, 4),
        ("高新区", 6.0, 3),
    ]


def test_targets_that_differ(answers: list[Result]) -> None:
    assert [(row[1], row[4]) for row in answers[1].rows] == [
        (1, ["东河区: 4.3", "南屏县: 4.3", "高新区: 5.1"]),
        (2, ["东河区: 12", "南屏县: 8"]),
    ]


def test_what_needs_review(answers: list[Result]) -> None:
    (row,) = answers[2].rows
    assert row[1:3] == (1, 2)
    assert row[4:6] == ("南屏县", "8")
    assert row[-1] == ["8", "3"]


def test_workload_by_department(answers: list[Result]) -> None:
    workload = {row[1]: row[2:] for row in answers[3].rows}
    assert workload["市统计局"] == (1, 3)
    assert workload["市扶贫办"] == (1, 1)
    assert len(workload) == 6


def test_not_assessed(answers: list[Result]) -> None:
    assert [(row[1], row[5]) for row in answers[4].rows] == [
        (2, ["高新区"]),
        (3, ["南屏县", "高新区"]),
    ]


def test_provenance_leads_to_one_cell(answers: list[Result]) -> None:
    result = answers[5]
    rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    assert len(rows) == 15
    first = rows[0]
    assert (first["source_name"], first["page"], first["entity"]) == ("notice.pdf", 1, "东河区")
    assert (first["row"], first["column"], first["text_as_read"]) == (2, 3, "r2c3")


def test_the_notice_in_force(answers: list[Result]) -> None:
    (row,) = answers[6].rows
    assert row[0] == 2021
    assert row[2] == small_notice().document_id
    assert row[4] is None
