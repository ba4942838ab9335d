"""All documents in force of a year at once: what each alone would give, one trace a line."""

from __future__ import annotations

from dataclasses import replace
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
from tests.support.flows.scored_years import silent
from tests.support.schemas.frames import document_frames
from tests.support.schemas.records import PROVENANCE, small_document, small_notice
from warehouse.landing import Batch, land
from warehouse.query import query
from warehouse.snapshots import require_snapshot

#: Documents of a year and what each supersedes; ``old`` is in force no more.
DOCUMENTS = {"city-a": None, "city-b": None, "city-c": "old", "old": None}
IN_FORCE = ["city-a", "city-b", "city-c"]
DAY = date(2021, 6, 30)


def city(folder: Path) -> Path:
    for name, before in DOCUMENTS.items():
        frames = document_frames(
            small_document(), small_notice(name), replace(PROVENANCE, supersedes=before)
        )
        land(folder / "tables", [Batch(name, 2021, frames, "run-1", "0.1.0")])
    put_sidecar(folder, "city-c", 'supersedes = "old"\n')
    return folder


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
    block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = city(tmp_path / "one"), city(tmp_path / "other")
    alone = [score_year(order(one, name), silent) for name in IN_FORCE]
    monkeypatch.setattr(many, "BLOCK", block)
    said: list[str] = []
    found = score_all(order(other), said.append)
    assert [each.document_id for each in found.scored] == IN_FORCE
    assert all(each.changed for each in found.scored)
    assert [each.statuses for each in found.scored] == [each.statuses for each in alone]
    for table in ("scores", "scorecards", "rank_stability"):
        assert rows(other, table) == rows(one, table)
    traces = query(other / "tables", "SELECT count(*), count(DISTINCT document_id) FROM scores "
                   "WHERE trace <> ''").rows  # fmt: skip
    assert traces == [(3 * 18, 3)]
    assert said[-1] == "3 of 3: documents scored"
    assert not any(each.changed for each in score_all(order(other), silent).scored)


def test_a_block_reads_nothing_of_other_documents(tmp_path: Path) -> None:
    folder = city(tmp_path / "city")
    tables = tables_for(require_snapshot(folder / "tables"), 2021, ["city-a"])
    held = {name: {*table["document_id"]} for name, table in tables.items() if len(table)}
    assert held.pop("notices") == {*DOCUMENTS}
    assert held["targets"] == {"city-a"}
    assert {name for each in held.values() for name in each} == {"city-a"}
    tables = tables_for(require_snapshot(folder / "tables"), 2021, ["city-c"])
    assert {*tables["targets"]["document_id"]} == {"city-c", "old"}  # returns for it are counted


WRONG = '[rules]\nversion = "1"\nfrom = "soon"\n'


def test_one_that_cannot_be_scored_stops_no_other(tmp_path: Path) -> None:
    folder = city(tmp_path / "city")
    put_sidecar(folder, "city-b", WRONG)
    found = score_all(order(folder), silent)
    assert [each.document_id for each in found.scored] == ["city-a", "city-c"]
    assert list(found.refused) == ["city-b"]
    assert not found.clean
    assert "city-b" in found.as_text()
    for name in IN_FORCE:
        put_sidecar(folder, name, WRONG)
    with pytest.raises(Refusal):
        score_all(order(folder), silent)


def test_at_the_keyboard(tmp_path: Path) -> None:
    folder = city(tmp_path / "city")
    places = ["--warehouse", str(folder / "tables"), "--raw", str(folder / "raw")]
    done = CliRunner().invoke(cli, ["score", "2021", "--all", "--as-of", str(DAY), *places])
    assert done.exit_code in {0, 3}, done.output
    assert "已计分 3 份" in done.stdout
    assert all(name in done.stdout for name in IN_FORCE)
    wrong = CliRunner().invoke(cli, ["score", "2021", "--all", "--document", "city-a", *places])
    assert wrong.exit_code == 2
    assert "--all" in wrong.stderr
