"""``kaohe keys``: proposed, answered by a person, landed; stale or clashing keys are refused."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from click.testing import CliRunner, Result

from common.refusal import Refusal
from flows.cli.main import cli
from flows.jobs.batch.run import ingest
from flows.jobs.ingest import Order
from flows.jobs.keys import confirm_keys, land_keys, read_keys
from schemas.tables.document_frames import document_tables
from tests.support.paths import ROOT
from tests.support.schemas.records import PROVENANCE, small_document, small_notice
from warehouse.landing import Amendment, Batch, amend, land
from warehouse.query import query
from warehouse.reading import read_table

OTHER = ROOT / "tests/fixtures/notices/2021-other-city/notice.docx"
NAMES = ("ziyang-2020", "other-2021")


@pytest.fixture(scope="module")
def two(landed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with the notice of 2020 and another city's of 2021."""
    warehouse = tmp_path_factory.mktemp("two") / "tables"
    shutil.copytree(landed, warehouse, symlinks=True)
    ingest(Order(OTHER, warehouse, "other-2021", cross_check=False), lambda _: None)
    return warehouse


def run(warehouse: Path, folder: Path, *arguments: str) -> Result:
    where = ["--warehouse", str(warehouse), "--raw", str(folder / "raw")]
    return CliRunner().invoke(cli, ["keys", *arguments, *where])


def copy_of(warehouse: Path, folder: Path) -> Path:
    return Path(shutil.copytree(warehouse, folder / "tables", symlinks=True))


def test_from_proposal_to_questions(two: Path, tmp_path: Path) -> None:
    warehouse, out = copy_of(two, tmp_path), str(tmp_path / "out")
    made = run(warehouse, tmp_path, "2020", "2021", "--out", out)
    assert made.exit_code == 0, made.output
    file = tmp_path / "out/ziyang-2020--other-2021.csv"
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    pairs = [row for row in rows if row["原序号"] and row["新序号"]]
    golden = ROOT / "tests/goldens/diff/ziyang-2020-to-other-city-2021.csv"
    assert len(pairs) == 60
    assert len(rows) == 60 + 46 + 7
    assert golden.is_file()
    assert {row["确认"] for row in rows} <= {"是", ""}
    assert query(warehouse, "SELECT count(*) FROM indicator_keys").rows == [(0,)]

    confirmed = sum(row["确认"] == "是" for row in rows)
    done = run(warehouse, tmp_path, "--confirm", str(file), "--by", "王某", "--on", "2026-01-05")
    assert done.exit_code == 0, done.output
    assert len(read_keys(tmp_path / "raw")) == 2 * confirmed
    keys = read_table(warehouse, "indicator_keys")
    assert len(keys) == 2 * confirmed
    assert set(keys["confirmed_by"]) == {"王某"}
    series = query(
        warehouse,
        "SELECT indicator_key, count(*), count(DISTINCT year) FROM indicator_history "
        "GROUP BY indicator_key HAVING count(*) > 1",
    ).rows
    assert len(series) == confirmed
    assert {row[1:] for row in series} == {(2, 2)}
    assert query(warehouse, "SELECT count(*) FROM indicator_history").rows == [(106 + 67,)]

    again = run(warehouse, tmp_path, "--json")
    assert again.exit_code == 0
    assert json.loads(again.stdout)["changed"] is False
    refused = run(warehouse, tmp_path, *NAMES, "--out", out)
    assert refused.exit_code == 1
    assert "已经存在" in refused.output
    rest = run(warehouse, tmp_path, *NAMES, "--out", str(tmp_path / "second"), "--json")
    assert json.loads(rest.stdout)["done"] == confirmed


def small(warehouse: Path, *years: int) -> None:
    """Land the small notice for some years; its names are the same in each."""
    batches = []
    for year in years:
        notice = small_notice(f"tianhe-{year}", year)
        tables = document_tables(small_document(), notice, PROVENANCE)
        batches.append(Batch(notice.document_id, year, tables, "run-1", "0.1.0"))
    land(warehouse, batches)


def answered(folder: Path, *lines: str) -> Path:
    file = folder / "answers.csv"
    head = "确认,指标键,原文件,原序号,原名称,新文件,新序号,新名称,相似度,提示,理由\n"
    file.write_text(head + "\n".join(lines) + "\n", encoding="utf-8-sig")
    return file


REVENUE = "是,revenue,tianhe-2021,2,财政收入,tianhe-2022,2,财政收入,1,,名称相同"


def confirm(folder: Path, *lines: str) -> None:
    file = answered(folder, *lines)
    confirm_keys(folder / "tables", folder / "raw", file, "王某", date(2026, 1, 5))


def test_three_years_hang_together(tmp_path: Path) -> None:
    warehouse = tmp_path / "tables"
    small(warehouse, 2021, 2022, 2023)
    confirm(tmp_path, REVENUE)
    made = run(warehouse, tmp_path, "2022", "2023", "--out", str(tmp_path / "out"))
    assert made.exit_code == 0, made.output
    file = tmp_path / "out/tianhe-2022--tianhe-2023.csv"
    assert "revenue,tianhe-2022,2" in file.read_text(encoding="utf-8-sig")
    run(warehouse, tmp_path, "--confirm", str(file), "--by", "李某")
    sql = "SELECT year FROM indicator_history WHERE indicator_key = 'revenue' ORDER BY year"
    assert query(warehouse, sql).rows == [(2021,), (2022,), (2023,)]


def test_a_document_that_is_not_landed_waits(tmp_path: Path) -> None:
    small(tmp_path / "tables", 2021)
    confirm(tmp_path, REVENUE)
    landed = land_keys(tmp_path / "tables", tmp_path / "raw", lambda _: None)
    assert landed.waiting == ("tianhe-2022",)
    assert dict(landed.documents) == {"tianhe-2021": 1}


def test_a_key_taken_back_goes(tmp_path: Path) -> None:
    small(tmp_path / "tables", 2021, 2022)
    confirm(tmp_path, REVENUE)
    file = tmp_path / "raw/keys/indicators.csv"
    file.write_text(file.read_text(encoding="utf-8-sig").splitlines()[0] + "\n", encoding="utf-8")
    assert land_keys(tmp_path / "tables", tmp_path / "raw", lambda _: None).changed
    assert len(read_table(tmp_path / "tables", "indicator_keys")) == 0


def state(folder: Path) -> tuple[str, str | None]:
    file = folder / "raw/keys/indicators.csv"
    text = file.read_text(encoding="utf-8-sig") if file.exists() else None
    return (folder / "tables/CURRENT").read_text(), text


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("2,财政收入,tianhe-2022", "2,财政支出,tianhe-2022", "keys_stale"),
        ("tianhe-2022,2,", "tianhe-2022,99,", "keys_stale"),
        ("tianhe-2022,2,", "tianhe-2021,3,", "keys_clash"),
        ("revenue", "", "bad_keys"),
    ],
)
def test_a_refusal_changes_nothing(tmp_path: Path, old: str, new: str, code: str) -> None:
    small(tmp_path / "tables", 2021, 2022)
    before = state(tmp_path)
    with pytest.raises(Refusal) as caught:
        confirm(tmp_path, REVENUE.replace(old, new))
    assert caught.value.code == code
    assert state(tmp_path) == before


def test_another_key_for_the_same_indicator_is_refused(tmp_path: Path) -> None:
    small(tmp_path / "tables", 2021, 2022)
    confirm(tmp_path, REVENUE)
    before = state(tmp_path)
    with pytest.raises(Refusal) as caught:
        confirm(tmp_path, REVENUE.replace("revenue", "income"))
    assert caught.value.code == "keys_clash"
    assert state(tmp_path) == before
    confirm(tmp_path, REVENUE)  # the same again is no clash
    assert state(tmp_path) == before


def rename(warehouse: Path, document_id: str, serial_no: int, name: str) -> None:
    """Let an indicator have another name, as another reading of its document may give it."""

    def make(rows: pd.DataFrame) -> pd.DataFrame:
        names = [
            name if number == serial_no else old
            for number, old in zip(rows["serial_no"], rows["indicator"], strict=True)
        ]
        return rows.assign(indicator=pd.array(names, pd.ArrowDtype(pa.string())))

    year = int(document_id[-4:])
    amend(warehouse, [Amendment(document_id, year, "indicators", make, "run-2", "0.1.0")])


def test_a_stale_key_joins_nothing_and_is_refused(tmp_path: Path) -> None:
    """The indicator that gave the key its name is another now: what is left is not joined to it."""
    warehouse = tmp_path / "tables"
    small(warehouse, 2021, 2022)
    confirm(tmp_path, REVENUE.replace("revenue", "tianhe-2021/002"))
    rename(warehouse, "tianhe-2021", 2, "财政支出")
    sql = (
        "SELECT year, indicator_key, confirmed FROM indicator_history "
        "WHERE serial_no = 2 ORDER BY year"
    )
    assert query(warehouse, sql).rows == [
        (2021, "tianhe-2021/002*", False),
        (2022, "tianhe-2021/002", True),
    ]
    result = run(warehouse, tmp_path)
    assert result.exit_code == 1
    assert "第2项应为“财政收入”，现为“财政支出”" in result.output


def test_usage(tmp_path: Path) -> None:
    small(tmp_path / "tables", 2021)
    file = answered(tmp_path, REVENUE)
    for arguments in (["2021"], ["--confirm", str(file)], ["--confirm", str(file), "2021", "2022"]):
        assert run(tmp_path / "tables", tmp_path, *arguments).exit_code == 2
    assert run(tmp_path / "tables", tmp_path, "2021", "2022").exit_code == 1
    assert run(tmp_path / "tables", tmp_path, "2021", "tianhe-x").exit_code == 1
