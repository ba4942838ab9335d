"""``kaohe trace``: all that one score comes from, on one page."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.cli.main import cli
from schemas.tables.frames import records
from tests.support.flows.scored_years import DAY, Row, hand_in, met, score
from warehouse.reading import read_table

OTHER = "市发展改革委"


@pytest.fixture(scope="module")
def tables(landed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with scores: of 7 nothing came, of 1 two departments differ, of 2 one vetoes."""
    tables = tmp_path_factory.mktemp("appeals") / "tables"
    shutil.copytree(landed, tables, symlinks=True)
    hand_in(tables, lambda line: None if line["serial_no"] == 7 else met(line))
    hand_in(tables, _other, department=OTHER)
    score(tables)
    return tables


def _other(line: Row) -> Row | None:
    if line["serial_no"] == 1:
        return {"actual_value": 1.0}
    return {**met(line), "veto": True} if line["serial_no"] == 2 else None


def trace(tables: Path, *arguments: object) -> Result:
    said = ["trace", "2020", *map(str, arguments), "--warehouse", str(tables)]
    return CliRunner().invoke(cli, said)


def test_the_page_names_cell_rule_return_and_arithmetic(tables: Path) -> None:
    page = trace(tables, 3, "雁江区").stdout
    found = json.loads(trace(tables, 3, "雁江区", "--json").stdout)
    own, actual = found["trace"], found["trace"]["actual"]
    for said in (
        "一、通知所印",
        "二、计分办法",
        "三、报送数据",
        "四、计算过程",
        found["title"],
        found["source_sha256"],
        own["target"]["text"],
        own["rule"]["name_zh"],
        own["rule"]["version"],
        actual["department"],
        f"第{actual['source']['row']}行",
        actual["source"]["sha256"],
        own["words"],
    ):
        assert str(said) in page
    assert found["place"] in page
    assert "张表第" in found["place"]


def test_what_is_missing_disputed_or_vetoed_is_said(tables: Path) -> None:
    assert "未报送" in trace(tables, 7, "雁江区").stdout
    disputed = trace(tables, 1, "雁江区").stdout
    assert "不一致" in disputed
    assert OTHER in disputed
    vetoed = trace(tables, 2, "雁江区").stdout
    assert "一票否决，得 0 分" in vetoed
    assert "红灯" in vetoed


def test_what_is_not_assessed_is_not_called_unreadable_or_owed(tables: Path) -> None:
    targets = records(read_table(tables, "targets"))
    (serial_no, entity), *_ = (
        (row["serial_no"], row["entity"]) for row in targets if row["status"] == "not_assessed"
    )
    page = trace(tables, serial_no, entity).stdout
    assert "得分：不考核" in page
    for wrong in ("无法识别", "未报送", "没有可用的规则", "目标原文"):
        assert wrong not in page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((999, "雁江区"), "没有第999项"),
        ((1, "无名县"), "没有考核对象“无名县”"),
        ((1, "雁江区", "--as-of", "2019-01-01"), "还没有计分"),
        ((1, "雁江区", "--document", "other-2020"), "other-2020"),
    ],
)
def test_what_is_not_there_is_refused(
    tables: Path, arguments: tuple[object, ...], said: str
) -> None:
    result = trace(tables, *arguments)
    assert result.exit_code == 1
    assert said in result.stderr


def test_a_day_that_was_scored_can_be_asked_for(tables: Path) -> None:
    assert trace(tables, 3, "雁江区", "--as-of", DAY).exit_code == 0
