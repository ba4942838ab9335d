"""What was written is read again before it is current, and what is missing is made good."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from common.refusal import Refusal
from tests.support.warehouse.full_disk import room_left, small_disk
from tests.support.warehouse.landings import DOCUMENT, batch, content, version_in_views
from warehouse import catalogue, parts
from warehouse.catalogue import rebuild
from warehouse.integrity import check_warehouse
from warehouse.landing import land


def test_a_disk_that_fills_up_leaves_the_old_state_whole(tmp_path: Path) -> None:
    """From room for nothing to room for all: what is current has all its rows and views."""
    disk = tmp_path / "disk"
    with small_disk(disk, 8) as mounted:
        if not mounted:
            pytest.skip("no file system can be mounted here; test_kills limits files instead")
        warehouse = disk / "tables"
        land(warehouse, [batch(0)])
        current, refused = 0, 0
        for version, room in enumerate(range(0, 700_000, 40_000), start=1):
            with room_left(disk, room):
                try:
                    land(warehouse, [batch(version)])
                    current = version
                except Refusal as reason:
                    assert reason.code == "warehouse_not_writable"
                    refused += 1
            assert version_in_views(warehouse) == current
            for old in sorted((warehouse / "snapshots").iterdir())[:-1]:
                shutil.rmtree(old)
    assert 2 < refused < 17


def lost(write: Callable[..., Any]) -> Callable[..., Any]:
    """Return a writing that the disk acknowledges and does not do."""

    def act(rows: Any, path: Path, *others: Any) -> Any:
        entry = write(rows, path, *others)
        if "targets" in path.parts[-3]:
            path.chmod(0o644)
            path.write_bytes(path.read_bytes()[:-1] + b"x")
        return entry

    return act


def test_a_file_that_the_disk_wrote_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    land(tmp_path, [batch(1)])
    before = content(tmp_path)
    monkeypatch.setattr(parts, "write_table", lost(parts.write_table))
    with pytest.raises(Refusal) as refused:
        land(tmp_path, [batch(2)])
    assert refused.value.code == "damaged_table"
    assert content(tmp_path) == before


@pytest.mark.parametrize("left_out", ["notices", "indicator_history"])
def test_views_that_the_disk_did_not_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left_out: str
) -> None:
    land(tmp_path, [batch(1)])
    before = content(tmp_path)
    create = catalogue.describe_columns

    def forgetful(connection: Any) -> None:
        create(connection)
        connection.execute(f"DROP VIEW {left_out}")

    monkeypatch.setattr(catalogue, "describe_columns", forgetful)
    monkeypatch.setattr(catalogue, "KEPT", tmp_path / "none")
    monkeypatch.setattr(catalogue, "made_before", {})
    for act in (lambda: land(tmp_path, [batch(2)]), lambda: rebuild(tmp_path)):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.code == "warehouse_not_writable"
        assert left_out in refused.value.en
    assert content(tmp_path) == before


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"no database"),
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        lambda path: (path.parents[2] / "kaohe.duckdb").unlink(),
    ],
)
def test_landing_the_same_again_makes_the_views_good(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    snapshot = land(tmp_path, [batch(1)]).snapshot
    harm(snapshot / "kaohe.duckdb")
    again = land(tmp_path, [batch(1)])
    assert not again.changed
    assert again.snapshot == snapshot
    assert version_in_views(tmp_path) == 1
    assert {check.state for check in check_warehouse(tmp_path)} == {"ok"}


def test_landing_the_same_again_changes_nothing_that_is_whole(tmp_path: Path) -> None:
    land(tmp_path, [batch(1)])
    before = {path: path.stat().st_ino for path in tmp_path.rglob("*") if path.is_file()}
    assert not land(tmp_path, [batch(1)]).changed
    assert {path: path.stat().st_ino for path in tmp_path.rglob("*") if path.is_file()} == before
    assert DOCUMENT in str(sorted(before))


def described(warehouse: Path) -> list[tuple[Any, ...]]:
    """Return what the views say of themselves: their SQL, their columns' comments."""
    sql = (
        "SELECT view_name, sql, comment FROM duckdb_views() WHERE NOT internal UNION ALL "
        "SELECT table_name || '.' || column_name, data_type, comment FROM duckdb_columns() "
        "WHERE NOT internal ORDER BY ALL"
    )
    with duckdb.connect(str(warehouse / "kaohe.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_views_that_set_up_kept_are_those_that_would_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "KEPT", tmp_path / "beside" / "views.bin")
    monkeypatch.setattr(catalogue, "made_before", {})
    land(tmp_path / "made", [batch(1)])
    catalogue.keep()
    monkeypatch.setattr(catalogue, "made_before", {})
    with monkeypatch.context() as patch:
        patch.setattr(catalogue, "create_views", None)  # none are made
        land(tmp_path / "kept", [batch(2)])
    assert described(tmp_path / "kept") == described(tmp_path / "made")
    assert version_in_views(tmp_path / "kept") == 2


@pytest.mark.parametrize("other", ["damage", "tables", "nothing"])
def test_kept_views_that_are_damaged_or_of_another_program_are_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    kept = tmp_path / "views.bin"
    monkeypatch.setattr(catalogue, "KEPT", kept)
    monkeypatch.setattr(catalogue, "made_before", {})
    land(tmp_path / "made", [batch(1)])
    catalogue.keep()
    monkeypatch.setattr(catalogue, "made_before", {})
    if other == "damage":
        kept.write_bytes(kept.read_bytes()[:-1] + b"x")
    elif other == "tables":
        monkeypatch.setattr(catalogue, "VIEWS", catalogue.VIEWS[:-1])
    else:
        kept.unlink()
    catalogue.start()
    assert catalogue.made_before == {}
