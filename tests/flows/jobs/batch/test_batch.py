"""Many documents at once: what fails is kept apart, what is there is not read, all land whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from common.refusal import Refusal
from flows.cli.main import cli
from flows.jobs.batch import engines, run
from flows.jobs.batch.engines import Alone
from flows.jobs.batch.local import Local
from flows.jobs.batch.run import Outcome, ingest, ingest_all
from flows.jobs.batch.summary import in_force
from flows.jobs.ingest import Order
from schemas.tables.registry import TABLES
from tests.support.flows import deeds
from tests.support.flows.nights import notice_text
from tests.support.warehouse.landings import batch
from warehouse import landing
from warehouse.query import query


def kaohe(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def put(folder: Path, name: str, year: int = 2021, growth: str = "4.3") -> Path:
    """Write a notice into a folder of its own."""
    own = folder / name
    own.mkdir(parents=True)
    text = notice_text(year, growth).replace("7号", f"{len(list(folder.iterdir()))}号")
    (own / "notice.txt").write_text(text, encoding="utf-8")
    (own / "source.toml").write_text(f'year = {year}\nissuer = "天河市"\n', encoding="utf-8")
    return own


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three notices, and a letter that is none."""
    folder = tmp_path / "notices"
    for name in ("a-2021", "b-2021", "c-2021"):
        put(folder, name)
    letter = folder / "letter"
    letter.mkdir()
    (letter / "一封信.txt").write_text("一封信", encoding="utf-8")
    return folder


def of_all(folder: Path, warehouse: Path) -> list[Order]:
    return [Order(path, warehouse) for path in sorted(folder.iterdir())]


def landed(warehouse: Path) -> dict[str, Any]:
    """Return every landed row but for what differs from run to run."""
    skipped = "SELECT * EXCLUDE (run_id, landed_at) FROM notices ORDER BY ALL"
    return {
        name: query(
            warehouse,
            skipped if name == "notices" else f"SELECT * FROM {name} ORDER BY ALL",
            of=(name,),
        ).rows
        for name in TABLES
    }


def snapshots(warehouse: Path) -> int:
    return len(list((warehouse / "snapshots").glob("*-2*")))


def test_a_folder_lands_as_one_and_what_fails_is_named(folder: Path, tmp_path: Path) -> None:
    done = kaohe("ingest", folder, "--warehouse", tmp_path / "t", "--json")
    assert done.exit_code == 3, done.output
    said = json.loads(done.stdout)
    assert [each["document_id"] for each in said["documents"]] == ["a-2021", "b-2021", "c-2021"]
    (refused,) = said["refused"]
    assert refused["file"].endswith("letter")
    assert (refused["code"], "一封信.txt" in refused["reason_zh"]) == ("no_table", True)
    assert snapshots(tmp_path / "t") == 1


def test_what_is_there_is_not_read_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = tmp_path / "t"
    assert kaohe("ingest", folder, "--warehouse", warehouse).exit_code == 3
    before = landed(warehouse)

    def read(*_: object) -> None:
        raise Refusal("read", "read", "读了。")

    monkeypatch.setattr(engines, "read_one", read)
    monkeypatch.setattr(engines, "read_and_normalize", read)
    again = kaohe("ingest", *sorted(folder.iterdir())[:3], "--warehouse", warehouse)
    assert "unchanged 3" in again.output
    anew = kaohe("ingest", *sorted(folder.iterdir())[:3], "--warehouse", warehouse, "--again")
    assert (anew.exit_code, "refused 3" in anew.output) == (1, True)
    assert landed(warehouse) == before
    changed = folder / "b-2021/notice.txt"
    changed.write_text(changed.read_text().replace("4.3", "4.4"), encoding="utf-8")
    assert "unchanged 2" in kaohe("ingest", folder, "--warehouse", warehouse).output


def test_one_that_is_there_is_told_of_as_when_it_landed(folder: Path, tmp_path: Path) -> None:
    order = Order(folder / "a-2021", tmp_path / "t")
    first, second = (ingest(order, lambda _: None).as_json() for _ in range(2))
    assert (first.pop("changed"), second.pop("changed")) == (True, False)
    assert second == first


def test_damaged_rows_are_read_again(folder: Path, tmp_path: Path) -> None:
    warehouse = tmp_path / "t"
    order = Order(folder / "a-2021", warehouse)
    ingest(order, lambda _: None)
    before = landed(warehouse)
    (table,) = (warehouse / "current/cells").glob("year=2021/*.parquet")
    table.write_bytes(table.read_bytes()[:-9] + b"\0" * 9)
    assert ingest(order, lambda _: None).changed
    assert landed(warehouse) == before


def test_what_was_stopped_goes_on(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "CHUNK", 2)
    orders = of_all(folder, tmp_path / "t")
    batch = ingest_all(orders, Alone(), lambda _: None)
    assert [next(batch).taken().document_id for _ in range(2)] == ["a-2021", "b-2021"]
    batch.close()
    done = list(ingest_all(orders, Local(1), lambda _: None))
    changed = {each.summary.document_id: each.summary.changed for each in done if each.summary}
    assert changed == {"a-2021": False, "b-2021": False, "c-2021": True}
    whole = tmp_path / "whole"
    list(ingest_all(of_all(folder, whole), Alone(), lambda _: None))
    assert landed(tmp_path / "t") == landed(whole)


def test_read_side_by_side_is_read_as_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Notices of three years of one office, of which the later ones hold the earlier as known."""
    monkeypatch.setattr(
        run, "prepare_again", None
    )  # each is read once, when the earlier ones are there
    folder = tmp_path / "notices"
    for year, growth in ((2019, "4.3"), (2020, "4.4"), (2021, "43")):
        put(folder, f"y-{year}", year, growth)
    one, many = tmp_path / "one", tmp_path / "many"
    for order in of_all(folder, one):
        ingest(order, lambda _: None)
    list(ingest_all(of_all(folder, many)[::-1], Local(1), lambda _: None))
    assert landed(many) == landed(one)
    assert any("2020年文件" in row[8] for row in landed(one)["findings"])


def test_two_sources_of_one_document_do_not_replace_each_other(tmp_path: Path) -> None:
    folder = tmp_path / "notices"
    put(folder, "a-2021")
    put(folder, "b-2021")
    (folder / "b-2021/source.toml").write_text('document_id = "a-2021"\n', encoding="utf-8")
    second, first = ingest_all(of_all(folder, tmp_path / "t"), Local(1), lambda _: None)
    assert first.taken().document_id == "a-2021"
    assert isinstance(second.problem, Refusal)
    assert second.problem.code == "document_twice"


def test_a_document_that_does_not_fit_keeps_no_other_from_landing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = landing.land

    def land(warehouse: Path, batches: Any, **named: Any) -> Any:
        if any(batch.document_id == "b-2021" for batch in batches):
            raise Refusal("invalid_table", "no", "不行。")
        return real(warehouse, batches, **named)

    monkeypatch.setattr(landing, "land", land)
    orders = of_all(folder, tmp_path / "t")[:3]
    done = list(ingest_all(orders, Local(1), lambda _: None))
    assert [named(each) for each in done] == ["a-2021", "invalid_table", "c-2021"]


def named(outcome: Outcome) -> str:
    return outcome.summary.document_id if outcome.summary else str(outcome.problem.code)  # type: ignore[union-attr]


@pytest.mark.parametrize("option", [("--document", "x"), ("--year", 2021)])
def test_what_is_one_documents_is_wrong_usage_of_a_batch(
    folder: Path, tmp_path: Path, option: tuple[object, ...]
) -> None:
    done = kaohe("ingest", folder, "--warehouse", tmp_path / "t", *option)
    assert done.exit_code == 2
    assert not (tmp_path / "t").exists()


def test_a_batch_of_which_nothing_was_taken_is_refused(folder: Path, tmp_path: Path) -> None:
    letter = folder / "letter"
    (letter / "再一封.txt").write_text("再一封信", encoding="utf-8")
    done = kaohe("ingest", letter, "--warehouse", tmp_path / "t")
    assert done.exit_code == 1
    assert "再一封.txt" in done.output
    assert not (tmp_path / "t").exists()


@pytest.mark.isolated
def test_a_process_that_dies_takes_one_document_along(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "read_one", deeds.die_over_b)
    with Local(1) as engine:
        done = list(ingest_all(of_all(folder, tmp_path / "t"), engine, lambda _: None))
    assert sorted(map(named, done)) == ["a-2021", "c-2021", "no_table", "reading_process_died"]


def test_what_is_in_force_is_known_without_views_and_not_from_damaged_rows(tmp_path: Path) -> None:
    landing.land(tmp_path, [batch(0, "earlier"), batch(0, "later")])
    as_landed = in_force(tmp_path)
    assert as_landed.landed == {"earlier", "later"}
    assert as_landed.of_year == {2021: ("later",)}
    (tmp_path / "kaohe.duckdb").resolve().write_bytes(b"no such file")
    assert in_force(tmp_path) == as_landed
    (notices,) = tmp_path.resolve().glob("snapshots/*/notices/year=2021/*.parquet")
    notices.chmod(0o644)
    notices.write_bytes(notices.read_bytes()[:-1] + b"x")
    with pytest.raises(Refusal) as caught:
        in_force(tmp_path)
    assert caught.value.code == "damaged_table"
