"""``kaohe report``: all years in one folder, replaced whole; refusals change nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from common.refusal import Refusal
from flows.cli.main import cli
from flows.jobs.site.report import ReportOrder, folders, in_force, make_report
from tests.support.report.landed import first_rows
from tests.support.report.scored import DATES, scored_warehouse


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first rows of a notice's text, scored once; nothing of it has pages."""
    folder = tmp_path_factory.mktemp("report")
    scored_warehouse(first_rows(folder), folder / "tables", "one", 2020, DATES[-1:])
    return folder / "tables"


def said(message: str) -> None:
    """Throw away what is said of the progress."""


@pytest.fixture(scope="module")
def made(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The site as the command made it from nothing, and what the command said."""
    out = tmp_path_factory.mktemp("made") / "site"
    told = run("--warehouse", tables, "--out", out, "--json")
    assert told.exit_code == 0, told.output
    summary: dict[str, Any] = json.loads(told.stdout)
    return out, summary


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["report", "2020", *map(str, arguments)])


def content(folder: Path) -> dict[Path, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder): path.read_bytes() for path in files}


def test_the_site_takes_the_place_of_the_old_one(
    tables: Path, made: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    out = Path(shutil.copytree(made[0], tmp_path / "report"))
    (out / "old.html").write_text("left over")
    second = make_report(ReportOrder(2020, tables, out), said)
    where = {"page": str(out / "index.html")}
    assert json.loads(json.dumps(second.as_json())) == made[1] | where
    assert Path(second.page).is_file()
    assert not (out / "old.html").exists()
    assert second.pages == len(list(out.rglob("*.html"))) > 30
    assert second.files == sum(path.is_file() for path in out.rglob("*"))
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_the_same_tables_make_the_same_site(
    tables: Path, made: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    make_report(ReportOrder(2020, tables, tmp_path / "b"), said)
    assert content(tmp_path / "b") == content(made[0])


def test_a_folder_of_something_else_is_left_alone(tables: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine"
    out.mkdir()
    (out / "index.html").write_text("<h1>mine</h1>")
    with pytest.raises(Refusal, match="not_a_report"):
        make_report(ReportOrder(2020, tables, out), said)
    assert [path.name for path in out.iterdir()] == ["index.html"]


def test_a_year_that_is_not_landed_is_refused(tables: Path, tmp_path: Path) -> None:
    for order, code in (
        (ReportOrder(2018, tables, tmp_path / "x"), "no_document_of_year"),
        (ReportOrder(2018, tables, tmp_path / "x", document_id="one"), "other_year"),
        (ReportOrder(2020, tables, tmp_path / "x", document_id="two"), "two"),
    ):
        with pytest.raises(Refusal, match=code):
            make_report(order, said)
    assert not (tmp_path / "x").exists()


def test_the_command_says_where_the_site_is(
    tables: Path, made: tuple[Path, dict[str, Any]]
) -> None:
    out, summary = made
    assert Path(summary["page"]).is_file()
    assert summary["documents"] == ["one"]
    plain = run("--warehouse", tables, "--out", out)
    assert str(out / "index.html") in plain.stdout


def test_the_workbooks_are_there_to_take_away(made: tuple[Path, dict[str, Any]]) -> None:
    site = made[0]
    page = (site / "2020/index.html").read_text(encoding="utf-8")
    workbooks = sorted((site / "2020").rglob("*.xlsx"))
    assert len(workbooks) == 2
    for path in workbooks:
        assert path.stem in page


def notice(document_id: str, year: int, **more: object) -> dict[str, object]:
    return {"document_id": document_id, "year": year, "role": None, "supersedes": None, **more}


def test_drafts_copies_and_what_was_superseded_are_not_in_force() -> None:
    landed = [
        notice("draft", 2020, role="draft"),
        notice("old", 2020),
        notice("new", 2020, supersedes="old"),
        notice("copy", 2020, role="copy", supersedes="new"),
    ]
    assert [each["document_id"] for each in in_force(landed)] == ["new"]


def test_two_documents_of_a_year_have_folders_of_their_own() -> None:
    landed = [notice("a", 2020), notice("b", 2020), notice("c", 2019)]
    assert [folder for folder, _ in folders(landed)] == ["2020", "2020-2", "2019"]
