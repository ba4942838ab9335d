"""Names of files and folders that are not UTF-8, or would act: nothing stops, all is readable."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from flows.cli.main import cli
from flows.jobs.night.night import run_nightly
from flows.jobs.night.summary import Item, NightlySummary
from tests.support.flows.nights import DEPARTMENTS, City, notice_text, return_text
from tests.support.paths import ROOT

FOLDER, ENDING = "通知（资阳）", "\x1b[31m\n\u202e"
#: As archives made by Windows are unpacked.
GBK = os.fsdecode(FOLDER.encode("gbk"))
PRINTED = ROOT / "tests/fixtures/printed/writer-classic-5.pdf"


def kaohe(*arguments: object) -> Result:
    got = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    assert got.exception is None or isinstance(got.exception, SystemExit), got.exception
    return got


def asked(warehouse: Path, sql: str) -> Any:
    return json.loads(kaohe("query", sql, "--json", "--warehouse", warehouse).stdout)


def written_as(kind: str, path: Path) -> None:
    """Write a small notice in a format."""
    rows = [line.strip("| ").split(" | ") for line in notice_text().splitlines() if "|" in line]
    del rows[1]
    title = "关于印发2021年度目标考核指标的通知"
    if kind == "html":
        cells = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>" for row in rows)
        html = f"<html><meta charset=utf-8><p>{title}</p><table>{cells}</table></html>"
        path.write_text(html, encoding="utf-8")
    elif kind == "xlsx":
        import openpyxl

        book = openpyxl.Workbook()
        for row in [[title], *rows]:
            book.active.append(row)
        book.save(path)
    elif kind == "docx":
        import docx

        document = docx.Document()
        document.add_paragraph(title)
        table = document.add_table(len(rows), len(rows[0]))
        for cells, row in zip(table.rows, rows, strict=True):
            for cell, text in zip(cells.cells, row, strict=True):
                cell.text = text
        document.save(str(path))
    else:
        path.write_text(notice_text(), encoding="utf-8")


@pytest.mark.parametrize("kind", ["md", "html", "xlsx", "docx", "pdf"])
def test_a_notice_of_any_name_is_ingested(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "raw/notices" / GBK
    folder.mkdir(parents=True)
    plain = tmp_path / f"plain.{kind}"
    shutil.copy(PRINTED, plain) if kind == "pdf" else written_as(kind, plain)
    path = folder / f"{GBK}{ENDING}.{kind}"
    plain.rename(path)
    (folder / "source.toml").write_text("document_id = 'ziyang'\nyear = 2021\n", encoding="utf-8")
    got = kaohe("ingest", path, "--warehouse", tmp_path / "tables", "--json")
    assert got.exit_code in (0, 3), got.output
    json.loads(got.stdout)
    assert FOLDER in got.stderr
    (row,) = asked(tmp_path / "tables", "SELECT source_name FROM notices")
    assert row["source_name"] == f"{FOLDER}\\u001b[31m\\u000a\\u202e.{kind}"
    shutil.rmtree(folder)
    missing = kaohe("ingest", path, "--warehouse", tmp_path / "tables")
    assert missing.exit_code == 1
    assert FOLDER in missing.output
    assert not {"\x1b", "\u202e"} & set(missing.output)


@pytest.fixture(autouse=True)
def no_site(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(order: Any, _progress: Any) -> None:
        order.out.mkdir(parents=True, exist_ok=True)
        (order.out / "index.html").write_text("")

    monkeypatch.setattr("flows.jobs.site.report.make_report", made)


@pytest.fixture
def city(tmp_path: Path) -> City:
    made = City(tmp_path)
    made.put_notice("tianhe-2021")
    return made


def night(city: City) -> NightlySummary:
    told: list[str] = []
    return run_nightly(city.order(), told.append)


def items(summary: NightlySummary, step: str) -> dict[str, Item]:
    json.dumps(summary.as_json(), ensure_ascii=False).encode()
    summary.as_text().encode()
    summary.as_markdown().encode()
    return {item.name: item for item in summary.items if item.step == step}


def test_a_folder_of_any_name_stops_no_night(city: City) -> None:
    shutil.move(city.put_notice("another", notice_text(2020)), city.raw / "notices" / GBK)
    found = items(night(city), "notice")
    assert {name: item.state for name, item in found.items()} == {
        "tianhe-2021": "landed",
        FOLDER: "refused",
    }
    assert FOLDER in found[FOLDER].detail_zh
    again = night(city)
    assert again.up_to_date
    assert set(items(again, "notice")) == {FOLDER}


def test_a_folder_named_in_gbk_gives_its_document_the_name(city: City) -> None:
    city.put_notice("another", notice_text(2020))
    (city.raw / "notices/another").rename(city.raw / "notices" / os.fsdecode("天河".encode("gbk")))
    assert items(night(city), "notice")["天河"].state == "landed"
    assert night(city).up_to_date


NAMES = (f"{GBK}.csv", f"-{ENDING}.csv", os.fsdecode(b"\xff\xfe.csv"))


def test_returns_of_any_name_are_received_or_put_aside(city: City) -> None:
    night(city)
    city.inbox.mkdir(parents=True)
    for name, department in zip(NAMES, DEPARTMENTS, strict=False):
        (city.inbox / f"1{name}").write_text(return_text(department), encoding="utf-8")
        (city.inbox / name).write_text("nothing", encoding="utf-8")
    states = [item.state for item in items(night(city), "return").values()]
    assert sorted(states) == ["received"] * len(NAMES) + ["refused"] * len(NAMES)
    assert list(city.inbox.iterdir()) == [city.inbox / "refused"]
    for path in (city.inbox / "refused").iterdir():
        assert path.name.encode()
        assert path.name[0] not in "-."
    rows = asked(city.warehouse, "SELECT DISTINCT source_name FROM returns")
    assert len(rows) == len(NAMES)
    assert all(row["source_name"].isprintable() for row in rows)
    for name, department in zip(NAMES, DEPARTMENTS, strict=False):
        text = return_text(department, factor=2.0)
        (city.root / name).write_text(text, encoding="utf-8")
    got = kaohe(
        "receive", "--warehouse", city.warehouse, "--raw", city.raw, "--replies",
        city.root / "replies", "--json", "--", *(city.root / name for name in NAMES),
    )  # fmt: skip
    assert got.exit_code == 0, got.output
    assert [each["state"] for each in json.loads(got.stdout)["files"]] == ["received"] * len(NAMES)


def test_a_name_as_long_as_a_name_can_be(city: City) -> None:
    night(city)
    city.inbox.mkdir(parents=True)
    (city.inbox / f"{'长' * 83}.csv").write_text("nothing", encoding="utf-8")
    (item,) = items(night(city), "return").values()
    assert item.state == "refused"


def test_a_warehouse_in_a_folder_that_is_no_utf8_is_refused_and_nothing_written(
    tmp_path: Path,
) -> None:
    folder = tmp_path / GBK
    folder.mkdir()
    (tmp_path / "notice.md").write_text(notice_text(), encoding="utf-8")
    for arguments in (("ingest", tmp_path / "notice.md"), ("query", "SELECT 1"), ("score", 2021)):
        got = kaohe(*arguments, "--warehouse", folder / "tables")
        assert (got.exit_code, list(folder.iterdir())) == (1, []), got.output
        assert f"{FOLDER}/tables”不是 UTF-8" in got.stderr
