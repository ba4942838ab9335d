"""Many documents at once: what fails is kept apart, what is there is not read, all land whole."""

from __future__ import annotations

import json
import signal
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
from flows.jobs.batch.standing import in_force
from flows.jobs.ingest import Order
from tests.support.flows import deeds
from tests.support.flows.nights import notice_text
from tests.support.warehouse.landings import batch, rows_landed
from warehouse import landing


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
    before = rows_landed(warehouse)

    def read(*_: object) -> None:
        raise Refusal("read", "read", "读了。")

    monkeypatch.setattr(engines, "read_one", read)
    monkeypatch.setattr(engines, "read_and_normalize", read)
    again = kaohe("ingest", *sorted(folder.iterdir())[:3], "--warehouse", warehouse)
    assert "unchanged 3" in again.output
    anew = kaohe("ingest", *sorted(folder.iterdir())[:3], "--warehouse", warehouse, "--again")
    assert (anew.exit_code, "refused 3" in anew.output) == (1, True)
    assert rows_landed(warehouse) == before
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
    before = rows_landed(warehouse)
    (table,) = (warehouse / "current/cells").glob("year=2021/*.parquet")
    table.write_bytes(table.read_bytes()[:-9] + b"\0" * 9)
    assert ingest(order, lambda _: None).changed
    assert rows_landed(warehouse) == before


def test_what_was_stopped_goes_on(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "CHUNK", 2)
    orders = of_all(folder, tmp_path / "t")
    batch = ingest_all(orders[:3], Alone(), lambda _: None)  # of those whose year is declared
    assert [next(batch).taken().document_id for _ in range(2)] == ["a-2021", "b-2021"]
    batch.close()
    done = list(ingest_all(orders, Local(1), lambda _: None))
    changed = {each.summary.document_id: each.summary.changed for each in done if each.summary}
    assert changed == {"a-2021": False, "b-2021": False, "c-2021": True}
    whole = tmp_path / "whole"
    list(ingest_all(of_all(folder, whole), Alone(), lambda _: None))
    assert rows_landed(tmp_path / "t") == rows_landed(whole)


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
    assert rows_landed(many) == rows_landed(one)
    assert any("2020年文件" in row[8] for row in rows_landed(one)["findings"])


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


def test_processes_begin_deaf_to_ctrl_c(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    masks: list[set[signal.Signals]] = []

    def read(*_: object) -> None:
        masks.append(signal.pthread_sigmask(signal.SIG_BLOCK, ()))
        raise Refusal("read", "read", "读了。")

    monkeypatch.setattr(engines, "read_one", read)
    orders = [Order(loose(tmp_path / "in", "a.txt", 2021, "4.3"), tmp_path / "t")]
    list(ingest_all(orders, Local(1), lambda _: None))
    masks.append(signal.pthread_sigmask(signal.SIG_BLOCK, ()))
    assert [signal.SIGINT in each for each in masks] == [True, False]


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


def loose(folder: Path, name: str, year: int, growth: str) -> Path:
    """Write a notice of which only reading tells the year."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    text = notice_text(year, growth).replace("7号", f"{year - 2000}号")
    path.write_text(text, encoding="utf-8")
    return path


def undated(folder: Path, name: str, year: int, growth: str) -> Path:
    """Write a notice into a folder of its own; only reading it tells the year."""
    own = put(folder, name, year, growth)
    (own / "source.toml").write_text('issuer = "天河市"\n', encoding="utf-8")
    return own


def test_the_order_of_files_decides_nothing(tmp_path: Path) -> None:
    """The later year's file is first by its name; an earlier one comes in a later run."""
    folder, warehouse = tmp_path / "in", tmp_path / "t"
    later = undated(folder, "b", 2021, "43")
    ingest(Order(later, warehouse), lambda _: None)
    assert not any("2020年文件" in row[8] for row in rows_landed(warehouse)["findings"])
    undated(folder, "z", 2020, "4.3")
    told: list[str] = []
    counted: list[tuple[int, int]] = []
    for known in (warehouse, tmp_path / "new"):
        orders = of_all(folder, known)
        batch = ingest_all(orders, Alone(), told.append, watch=lambda *how: counted.append(how))
        done = [each.taken() for each in batch]
        assert [each.document_id for each in done] == ["b", "z"]
        assert any("2020年文件" in row[8] for row in rows_landed(known)["findings"])
        assert any("重新读取" in each for each in done[0].remarks)
    assert any("again" in each for each in told)
    assert counted == [(1, 1), (2, 2), (1, 2), (2, 2), (2, 2)]


def test_a_later_notice_that_is_not_compared_is_named(tmp_path: Path) -> None:
    folder, warehouse = tmp_path / "in", tmp_path / "t"
    later = ingest(Order(undated(folder, "b", 2021, "43"), warehouse), lambda _: None)
    earlier = ingest(Order(undated(folder, "z", 2020, "4.3"), warehouse), lambda _: None)
    assert any(later.document_id in each and "--again" in each for each in earlier.remarks)


def test_another_file_of_the_same_document_is_said_to_replace_it(tmp_path: Path) -> None:
    folder, warehouse = tmp_path / "in", tmp_path / "t"
    first = ingest(Order(loose(folder, "one.txt", 2021, "4.3"), warehouse), lambda _: None)
    second = ingest(Order(loose(folder, "two.txt", 2021, "4.4"), warehouse), lambda _: None)
    assert first.document_id == second.document_id
    assert first.remarks == ()
    assert any("one.txt" in each and "diff" in each for each in second.remarks)


def test_twins_are_called_the_same_file(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    for name in ("one.txt", "two.txt"):
        loose(folder, name, 2021, "4.3")
    done = list(ingest_all(of_all(folder, tmp_path / "t"), Alone(), lambda _: None))
    (refused,) = [each.problem for each in done if each.problem is not None]
    assert isinstance(refused, Refusal)
    assert "是同一份文件" in refused.zh


def test_a_full_disk_ends_the_batch(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def land(*_: Any, **__: Any) -> None:
        asked.append(1)
        raise Refusal("warehouse_not_writable", "full", "满了。")

    monkeypatch.setattr(landing, "land", land)
    monkeypatch.setattr(run, "CHUNK", 1)
    done = list(ingest_all(of_all(folder, tmp_path / "t")[:3], Alone(), lambda _: None))
    assert [named(each) for each in done] == ["warehouse_not_writable"] * 3
    assert len(asked) == 1
    (warehouse,) = {each.order.warehouse for each in done}
    assert not (warehouse / "CURRENT").exists()


def test_what_was_read_when_the_disk_refused_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The later year's notice is read already when the earlier one, which waits, cannot land."""

    def land(*_: Any, **__: Any) -> None:
        raise Refusal("warehouse_not_writable", "full", "满了。")

    monkeypatch.setattr(landing, "land", land)
    for name, year in (("a.txt", 2020), ("b.txt", 2021)):
        loose(tmp_path / "in", name, year, "4.3")
    orders = of_all(tmp_path / "in", tmp_path / "t")
    done = list(ingest_all(orders, Alone(), lambda _: None))
    assert [each.order for each in done] == orders
    assert {named(each) for each in done} == {"warehouse_not_writable"}


def test_a_warehouse_that_cannot_be_written_is_refused_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "read_and_normalize", None)
    order = Order(loose(tmp_path / "in", "a.txt", 2020, "4.3"), tmp_path / "t/deep")
    monkeypatch.setattr("os.access", lambda path, mode: path != tmp_path)
    with pytest.raises(Refusal, match="warehouse_not_writable"):
        ingest(order, lambda _: None)
    assert not (tmp_path / "t").exists()


def test_what_was_current_before_a_batch_stays_to_its_end(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = tmp_path / "t"
    landing.land(warehouse, [batch(0, "before")])
    before = (warehouse / "current").resolve()
    many = ingest_all(of_all(folder, warehouse)[:3], Alone(), lambda _: None)
    monkeypatch.setattr(run, "CHUNK", 1)
    next(many)
    for number in range(10):
        landing.land(warehouse, [batch(number + 1, "before")])
    assert before.is_dir()
    assert snapshots(warehouse) <= 9
    many.close()
    landing.land(warehouse, [batch(99, "before")])
    assert not before.is_dir()


def test_an_engine_that_nobody_knows_is_wrong_usage(folder: Path, tmp_path: Path) -> None:
    done = kaohe("ingest", folder, "--engine", "foo", "--warehouse", tmp_path / "t")
    assert (done.exit_code, "tls://" in done.output) == (2, True)
