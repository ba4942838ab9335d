"""``kaohe diff`` on landed documents: for people, for programs, and what it refuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from flows.cli.main import cli
from flows.jobs.batch.run import ingest
from flows.jobs.diff import compared
from flows.jobs.differences import value_differences
from flows.jobs.ingest import Order
from tests.support.paths import NOTICE, ROOT

pytestmark = pytest.mark.usefixtures("aligned_once")

OTHER = ROOT / "tests/fixtures/notices/2021-other-city/notice.docx"
TEXT = ROOT / "raw/notices/ziyang-2020-text/notice.txt"


@pytest.fixture(scope="module")
def three(landed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with the notice of 2020, its damaged text and another city's notice of 2021."""
    warehouse = tmp_path_factory.mktemp("three") / "tables"
    shutil.copytree(landed, warehouse, symlinks=True)
    ingest(Order(TEXT, warehouse, "ziyang-2020-text"), lambda _: None)
    ingest(Order(OTHER, warehouse, "other-2021"), lambda _: None)
    return warehouse


def run(warehouse: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["diff", *arguments, "--warehouse", str(warehouse)])
    return result.exit_code, result.output


def test_the_damaged_text_is_the_same_notice(three: Path) -> None:
    matching = compared(three, "ziyang-2020", "ziyang-2020-text").matching
    pairs = [(pair.first.serial_no, pair.second.serial_no) for pair in matching.pairs]
    assert pairs == [(serial_no, serial_no) for serial_no in range(1, 107)]
    assert not any(pair.doubtful for pair in matching.pairs)
    differing = value_differences(three, "ziyang-2020", "ziyang-2020-text")
    assert all(each.flagged for each in differing)


def test_two_years_for_a_person(three: Path) -> None:
    code, text = run(three, "ziyang-2020", "other-2021")
    assert code == 0
    lines = text.splitlines()
    assert lines[0] == "ziyang-2020（2020年度，106项指标） → other-2021（2021年度，67项指标）"
    assert "取消 46" in lines[1]
    assert "新增 7" in lines[1]
    assert "没有共同的考核对象" in text
    [ruled] = [line for line in lines if line.startswith("──")]
    names = next(line for line in lines if line.startswith("变化"))
    at = cell_len(names[: names.index("指标")])
    assert ruled[at - 1] == " "
    assert ruled[at] == "─"
    rows = lines[lines.index(ruled) + 1 :]
    dropped = next(line for line in rows if "地区生产总值增长率" in line)
    assert cell_len(dropped[: dropped.index("地区生产总值增长率")]) == at
    assert "军民融合" in text
    assert "全员劳动生产率" in text
    assert "数字经济推进发展情况" in text
    assert "常态应急管理工作and突发" in text


def test_a_revised_notice_for_a_person(landed: Path, tmp_path: Path) -> None:
    """Every change is told in full, and what is new or dropped with its place and worth."""
    text = NOTICE.read_text(encoding="utf-8")
    row = '<tr><td colspan="2">农村人居环境整治</td><td>0.5</td><td colspan="5">按相关要求贯彻落实'
    changes = (
        ("<td>60</td>", "<td>66</td>"),
        ("建筑业总产值（亿元）", "建筑业企业总产值（亿元）"),
        (row, row.replace("农村人居环境整治", "城市更新试点与历史街区保护")),
    )
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (tmp_path / "revised.html").write_text(text, encoding="utf-8")
    shutil.copytree(landed, tmp_path / "tables", symlinks=True)
    ingest(Order(tmp_path / "revised.html", tmp_path / "tables", "revised"), lambda _: None)
    _, told = run(tmp_path / "tables", "ziyang-2020", "revised")
    lines = [" ".join(line.split()) for line in told.splitlines()]
    assert "目标值 安岳县 60→66" in lines
    (renamed,) = (line for line in lines if line.startswith("更名、调整目标"))
    assert "指标名称 建筑业总产值→建筑业企业总产值" in renamed
    (new,) = (line for line in lines if line.startswith("新增 26"))
    assert new.endswith("高质量发展／协调发展；分值 0.5；市农业农村局")
    assert "…" not in told


def test_what_was_kept_is_listed_on_request(three: Path) -> None:
    _, short = run(three, "ziyang-2020", "ziyang-2020")
    _, long = run(three, "ziyang-2020", "ziyang-2020", "--all")
    assert short.splitlines()[1].startswith("未变 106")
    assert len(long.splitlines()) - len(short.splitlines()) > 106


def test_two_years_for_a_program(three: Path) -> None:
    code, text = run(three, "ziyang-2020", "other-2021", "--json")
    found = json.loads(text)
    assert code == 0
    assert found["first"] == {"document_id": "ziyang-2020", "year": 2020, "indicators": 106}
    assert found["counts"]["dropped"] == 46
    assert len(found["rows"]) == 106 + 7
    assert found["entities"]["both"] == []
    assert sum(found["measure"]["weights"].values()) == pytest.approx(1)
    row = next(row for row in found["rows"] if row["first"] and row["first"]["serial_no"] == 70)
    assert row["kinds"] == ["renamed", "unit_changed"]
    assert row["second"]["indicator_id"] == "other-2021/050"
    assert {"column": "unit", "entity": None, "first": None, "second": "PQI"} in row["changes"]


def test_a_year_names_its_document_in_force(three: Path) -> None:
    assert run(three, "2020", "2021") == run(three, "ziyang-2020", "other-2021")
    code, text = run(three, "2020", "2022")
    assert code == 1
    assert "2022年度的正式通知" in text


def test_a_document_that_is_not_there_is_refused(three: Path) -> None:
    code, text = run(three, "ziyang-2020", "ziyang-2019")
    assert code == 1
    assert "没有文件“ziyang-2019”" in text
    assert "ziyang-2020-text" in text


def test_nothing_landed_is_refused(tmp_path: Path) -> None:
    code, text = run(tmp_path / "none", "a", "b")
    assert code == 1
    assert "还没有数据" in text
