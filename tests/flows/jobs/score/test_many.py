"""All documents in force of a year at once: what each alone would give, one trace a line."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from common.refusal import Refusal
from flows.cli.main import cli
from flows.jobs.score import many
from flows.jobs.score.inputs import ScoreOrder, tables_for
from flows.jobs.score.many import score_all
from flows.jobs.score.run import score_year
from flows.jobs.score.summary import ScoreSummary
from schemas.tables.document_frames import document_tables
from tests.support.flows.scored_years import silent
from tests.support.schemas.records import PROVENANCE, small_document, small_notice
from warehouse.landing import Batch, land
from warehouse.query import query
from warehouse.snapshots import require_snapshot

#: Documents of a year and what each supersedes; ``old`` is in force no more.
DOCUMENTS = {"city-a": None, "city-b": None, "city-c": "old", "old": None}
IN_FORCE = ["city-a", "city-b", "city-c"]
DAY = date(2021, 6, 30)
SCORED = ("scores", "scorecards", "rank_stability")


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many") / "city"
    for name, before in DOCUMENTS.items():
        tables = document_tables(
            small_document(), small_notice(name), replace(PROVENANCE, supersedes=before)
        )
        land(folder / "tables", [Batch(name, 2021, tables, "run-1", "0.1.0")])
    put_sidecar(folder, "city-c", 'supersedes = "old"\n')
    return folder


@pytest.fixture
def city(landed: Path, tmp_path: Path) -> Path:
    """A folder of the test's own, in which nothing is scored yet."""
    return Path(shutil.copytree(landed, tmp_path / "city", symlinks=True))


@dataclass(frozen=True)
class Alone:
    """What each document gives that is scored alone: summaries, and the rows of each table."""

    summaries: list[ScoreSummary]
    rows: dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def alone(landed: Path, tmp_path_factory: pytest.TempPathFactory) -> Alone:
    folder = Path(shutil.copytree(landed, tmp_path_factory.mktemp("alone") / "city", symlinks=True))
    summaries = [score_year(order(folder, name), silent) for name in IN_FORCE]
    return Alone(summaries, {table: rows(folder, table) for table in SCORED})


def put_sidecar(folder: Path, name: str, text: str) -> None:
    home = folder / "raw/notices" / name
    home.mkdir(parents=True, exist_ok=True)
    (home / "source.toml").write_text(text, encoding="utf-8")


def order(folder: Path, document_id: str | None = None) -> ScoreOrder:
    return ScoreOrder(2021, folder / "tables", document_id, DAY, folder / "raw")


def rows(folder: Path, table: str) -> list[tuple[object, ...]]:
    return query(folder / "tables", f"SELECT * FROM {table} ORDER BY ALL").rows


@pytest.mark.parametrize("block", [1, 2, 50])
def test_it_is_what_each_alone_gives(
    block: int, city: Path, alone: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "BLOCK", block)
    said: list[str] = []
    found = score_all(order(city), said.append)
    assert [each.document_id for each in found.scored] == IN_FORCE
    assert all(each.changed for each in found.scored)
    assert [each.statuses for each in found.scored] == [each.statuses for each in alone.summaries]
    assert {table: rows(city, table) for table in SCORED} == alone.rows
    assert all(alone.rows.values())
    traces = query(city / "tables", "SELECT count(*), count(DISTINCT document_id) FROM scores "
                   "WHERE trace <> ''").rows  # fmt: skip
    assert traces == [(3 * 18, 3)]
    assert said[-1] == "3 of 3: documents scored"
    assert not any(each.changed for each in score_all(order(city), silent).scored)


def test_a_block_reads_nothing_of_other_documents(city: Path) -> None:
    tables = tables_for(require_snapshot(city / "tables"), 2021, ["city-a"])
    held = {name: {*table["document_id"]} for name, table in tables.items() if len(table)}
    assert held.pop("notices") == {*DOCUMENTS}
    assert held["targets"] == {"city-a"}
    assert {name for each in held.values() for name in each} == {"city-a"}
    tables = tables_for(require_snapshot(city / "tables"), 2021, ["city-c"])
    assert {*tables["targets"]["document_id"]} == {"city-c", "old"}  # returns for it are counted


WRONG = '[rules]\nversion = "1"\nfrom = "soon"\n'


def test_one_that_cannot_be_scored_stops_no_other(city: Path) -> None:
    put_sidecar(city, "city-b", WRONG)
    found = score_all(order(city), silent)
    assert [each.document_id for each in found.scored] == ["city-a", "city-c"]
    assert list(found.refused) == ["city-b"]
    assert not found.clean
    assert "city-b" in found.as_text()
    for name in IN_FORCE:
        put_sidecar(city, name, WRONG)
    with pytest.raises(Refusal):
        score_all(order(city), silent)


def test_at_the_keyboard(city: Path) -> None:
    places = ["--warehouse", str(city / "tables"), "--raw", str(city / "raw")]
    done = CliRunner().invoke(cli, ["score", "2021", "--all", "--as-of", str(DAY), *places])
    assert done.exit_code in {0, 3}, done.output
    assert "已计分 3 份" in done.stdout
    assert all(name in done.stdout for name in IN_FORCE)
    wrong = CliRunner().invoke(cli, ["score", "2021", "--all", "--document", "city-a", *places])
    assert wrong.exit_code == 2
    assert "--all" in wrong.stderr
