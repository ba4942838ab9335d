"""Landing: what is there afterwards, what stays as it was, what is refused."""

from __future__ import annotations

import errno
import fcntl
import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from common.refusal import Refusal
from schemas.tables.frames import arrow_to_frame, frame_to_arrow
from schemas.tables.registry import DOCUMENT_TABLES, TABLES
from tests.support.for_each import for_each
from tests.support.warehouse.landings import (
    DOCUMENT,
    batch,
    content,
    landed_otherwise,
    version_in_views,
)
from warehouse import snapshots as store
from warehouse.landing import Batch, land
from warehouse.query import query
from warehouse.reading import read_table, read_tables


def files(warehouse: Path, table: str = "targets") -> list[str]:
    current = (warehouse / "current").resolve()
    return sorted(str(path.relative_to(current)) for path in (current / table).rglob("*.parquet"))


def frame_of(made: Batch, name: str) -> pd.DataFrame:
    """Return a batch's rows of a table as a frame of the test's own."""
    return arrow_to_frame(frame_to_arrow(TABLES[name], made.frames[name]))


def test_layout_is_the_contracts(tmp_path: Path) -> None:
    landing = land(tmp_path, [batch(1)])
    assert landing.changed
    assert landing.rows == {
        "notices": 1,
        "cells": 35,
        "indicators": 6,
        "targets": 18,
        "findings": 2,
        "methods": 1,
        "milestones": 1,
        "entities": 3,
    }
    name = (tmp_path / "CURRENT").read_text(encoding="utf-8").strip()
    assert (tmp_path / "snapshots" / name) == landing.snapshot
    assert (tmp_path / "current").readlink() == Path("snapshots", name)
    for table in DOCUMENT_TABLES:
        assert files(tmp_path, table) == [f"{table}/year=2021/{DOCUMENT}.parquet"]
    assert version_in_views(tmp_path) == 1
    assert list((tmp_path / "staging").iterdir()) == []


def test_same_rows_change_nothing(tmp_path: Path) -> None:
    first = land(tmp_path, [batch(1)])
    before = content(tmp_path)
    later = batch(1)
    notices = frame_of(later, "notices")
    notices["run_id"] = notices["run_id"].replace({"run-1": "run-99"})
    notices["landed_at"] = notices["landed_at"] + (datetime(2022, 1, 1) - datetime(2021, 1, 1))
    again = land(
        tmp_path, [replace(later, run_id="run-99", frames={**later.frames, "notices": notices})]
    )
    assert not again.changed
    assert again.snapshot == first.snapshot
    assert content(tmp_path) == before


def test_another_code_version_is_a_change(tmp_path: Path) -> None:
    land(tmp_path, [batch(1)])
    newer = batch(1)
    notices = frame_of(newer, "notices")
    notices["code_version"] = notices["code_version"].replace({"0.1.0": "0.2.0"})
    newer = replace(newer, code_version="0.2.0", frames={**newer.frames, "notices": notices})
    assert land(tmp_path, [newer]).changed


def test_landing_again_replaces_its_own_rows_only(tmp_path: Path) -> None:
    land(tmp_path, [batch(1), batch(5, "other-2020", 2020)])
    other = tmp_path / "current/targets/year=2020/other-2020.parquet"
    inode = other.stat().st_ino
    land(tmp_path, [batch(2)])
    assert version_in_views(tmp_path) == 2
    assert version_in_views(tmp_path, "other-2020") == 5
    assert other.stat().st_ino == inode


def test_changed_year_leaves_the_old_one(tmp_path: Path) -> None:
    land(tmp_path, [batch(1), batch(1, "other-2021")])
    land(tmp_path, [batch(1, year=2022)])
    for table in DOCUMENT_TABLES:
        assert files(tmp_path, table) == [
            f"{table}/year=2021/other-2021.parquet",
            f"{table}/year=2022/{DOCUMENT}.parquet",
        ]
    rows = query(tmp_path, "SELECT document_id, year FROM notices ORDER BY 1").rows
    assert rows == [("other-2021", 2021), (DOCUMENT, 2022)]


def test_tables_not_landed_are_kept(tmp_path: Path) -> None:
    land(tmp_path, [batch(1)])
    newer = batch(2)
    land(tmp_path, [replace(newer, frames={"cells": newer.frames["cells"]})])
    assert query(tmp_path, "SELECT DISTINCT text FROM cells").rows == [("2",)]
    assert query(tmp_path, "SELECT DISTINCT title FROM notices").rows == [("1",)]


def test_a_table_without_rows_has_a_file_and_a_view(tmp_path: Path) -> None:
    whole = batch(1)
    empty = frame_of(whole, "findings").iloc[:0]
    land(tmp_path, [replace(whole, frames={**whole.frames, "findings": empty})])
    assert files(tmp_path, "findings") == [f"findings/year=2021/{DOCUMENT}.parquet"]
    assert query(tmp_path, "SELECT count(*) FROM findings").rows == [(0,)]


def test_a_table_without_files_has_a_view(tmp_path: Path) -> None:
    whole = batch(1)
    land(tmp_path, [replace(whole, frames={"notices": whole.frames["notices"]})])
    described = query(tmp_path, "DESCRIBE targets").rows
    assert [row[0] for row in described] == [*TABLES["targets"].names, "year"]
    assert query(tmp_path, "SELECT count(*) FROM targets").rows == [(0,)]
    assert len(read_table(tmp_path, "targets")) == 0


def test_files_say_what_they_are(tmp_path: Path) -> None:
    landing = land(tmp_path, [batch(3)])
    file = pq.ParquetFile(landing.snapshot / f"targets/year=2021/{DOCUMENT}.parquet")
    schema = file.schema_arrow
    assert "year" not in schema.names
    assert schema.names == list(TABLES["targets"].names)
    assert schema.field("max_points").metadata[b"unit"] == b"points"
    for column in TABLES["targets"].columns:
        assert schema.field(column.name).metadata[b"description"].decode() == column.description
    metadata = schema.metadata
    made = json.loads(metadata[b"documents"])
    assert [*made] == [DOCUMENT]
    assert (made[DOCUMENT]["run_id"], made[DOCUMENT]["code_version"]) == ("run-3", "0.1.0")
    assert made[DOCUMENT]["rows"] == 18
    assert metadata[b"grain"] == b"one row an indicator and entity"
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"


def test_types_are_the_contracts(tmp_path: Path) -> None:
    snapshot = land(tmp_path, [batch(1)]).snapshot
    targets = pq.read_schema(snapshot / f"targets/year=2021/{DOCUMENT}.parquet")
    notices = pq.read_schema(snapshot / f"notices/year=2021/{DOCUMENT}.parquet")
    assert targets.field("assessing_departments").type == pa.list_(pa.string())
    part = targets.field("parts").type.value_type
    assert [field.name for field in part] == ["text", "subject", "operator", "value", "unit"]
    assert targets.field("max_points").type == pa.float64()
    assert targets.field("needs_review").type == pa.bool_()
    assert notices.field("issued_on").type == pa.date32()
    assert notices.field("landed_at").type == pa.timestamp("us", tz="UTC")


def test_reading_gives_back_what_was_landed(tmp_path: Path) -> None:
    whole = batch(1)
    land(tmp_path, [whole])
    read = read_tables(tmp_path, tuple(DOCUMENT_TABLES))
    for name in whole.frames:
        frame = frame_of(whole, name)
        assert set(read[name].pop("year")) == {2021}
        assert read[name].equals(frame)
        assert list(read[name].dtypes) == list(frame.dtypes)


def test_a_failing_table_lands_nothing(tmp_path: Path) -> None:
    land(tmp_path, [batch(1)])
    before = content(tmp_path)
    bad = batch(2)
    targets = frame_of(bad, "targets")
    targets["status"] = targets["status"].replace({"assessed": "perhaps"})
    frames = {**bad.frames, "targets": targets}
    with pytest.raises(Refusal, match="page 1, indicator 1, 东河区"):
        land(tmp_path, [batch(2, "good-2021"), replace(bad, frames=frames)])
    assert content(tmp_path) == before


def test_a_failing_first_landing_makes_nothing(tmp_path: Path) -> None:
    bad = batch(1)
    frames = {**bad.frames, "targets": frame_of(bad, "targets").iloc[1:]}
    with pytest.raises(Refusal, match="one target for each entity"):
        land(tmp_path / "new", [replace(bad, frames=frames)])
    assert not (tmp_path / "new").exists()


@for_each(
    "name",
    ["../up", "a/b", ".hidden", "", "a\\b", "x" * 82, "a b", "x\n", "a*b", "a=b", "-x", "/abs"],
)
def test_names_that_could_leave_the_warehouse_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refusal, match="cannot be called") as refused:
        land(tmp_path / "new", [batch(1, name)])
    assert refused.value.code == "bad_document_id"
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["资阳-2020", "汉" * 81, "a..b", "2020_v1.1"])
def test_names_people_use_are_taken(tmp_path: Path, name: str) -> None:
    land(tmp_path, [batch(1, name)])
    assert version_in_views(tmp_path, name) == 1


def test_year_and_repeated_document_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="outside 1949"):
        land(tmp_path, [batch(1, year=20)])
    with pytest.raises(Refusal, match="twice"):
        land(tmp_path, [batch(1), batch(2)])
    with pytest.raises(Refusal, match="rows of tianhe-2021"):
        land(tmp_path, [replace(batch(1), document_id="other")])


def test_a_warehouse_under_any_folder_name(tmp_path: Path) -> None:
    warehouse = tmp_path / "it's [a] city=资阳 * folder"
    land(warehouse, [batch(1)])
    land(warehouse, [batch(2)])
    assert version_in_views(warehouse) == 2
    columns = query(warehouse, "SELECT * FROM targets").columns
    assert columns == (*TABLES["targets"].names, "year")


def overwrite_current(warehouse: Path) -> None:
    (warehouse / "CURRENT").unlink()
    (warehouse / "CURRENT").write_text("nonsense", encoding="utf-8")


def name_a_missing_snapshot(warehouse: Path) -> None:
    (warehouse / "CURRENT").unlink()
    (warehouse / "CURRENT").write_text("000099-20200101T000000Z\n", encoding="utf-8")


def leave_the_warehouse(warehouse: Path) -> None:
    (warehouse / "CURRENT").unlink()
    (warehouse / "CURRENT").write_text("../../etc", encoding="utf-8")


def write_bytes(warehouse: Path) -> None:
    (warehouse / "CURRENT").write_bytes(b"\xff\xfe\x00")


def remove_current(warehouse: Path) -> None:
    (warehouse / "CURRENT").unlink()


def remove_link(warehouse: Path) -> None:
    (warehouse / "current").unlink()


def dangle(warehouse: Path) -> None:
    (warehouse / "current").unlink()
    (warehouse / "current").symlink_to("snapshots/000099-20200101T000000Z")


@pytest.mark.parametrize(
    "damage",
    [
        overwrite_current,
        name_a_missing_snapshot,
        leave_the_warehouse,
        write_bytes,
        remove_current,
        remove_link,
        dangle,
    ],
)
def test_a_damaged_warehouse_is_refused_and_kept(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    land(tmp_path, [batch(1)])
    damage(tmp_path)
    before = content(tmp_path)
    with pytest.raises(Refusal) as reading:
        query(tmp_path, "SELECT 1")
    with pytest.raises(Refusal) as landing:
        land(tmp_path, [batch(2)])
    assert reading.value.code == landing.value.code == "warehouse_damaged"
    assert "备份" in landing.value.zh
    assert content(tmp_path) == before


def test_a_link_that_names_another_snapshot_is_refused(tmp_path: Path) -> None:
    first = land(tmp_path, [batch(1)]).snapshot
    land(tmp_path, [batch(2)])
    (tmp_path / "CURRENT").unlink()
    (tmp_path / "CURRENT").write_text(first.name, encoding="utf-8")
    with pytest.raises(Refusal, match="CURRENT says"):
        land(tmp_path, [batch(3)])


def test_waiting_for_another_landing_ends(tmp_path: Path) -> None:
    land(tmp_path, [batch(1)])
    before = content(tmp_path)
    with (tmp_path / "lock").open() as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(Refusal, match="another landing") as refused:
            land(tmp_path, [batch(2)], wait_seconds=0.05)
    assert refused.value.code == "warehouse_busy"
    assert content(tmp_path) == before


@pytest.mark.parametrize("step", ["link", "fsync", "rename", "symlink", "mkdir"])
def test_a_disk_that_refuses_leaves_the_old_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    land(tmp_path, [batch(1), batch(1, "other-2020", 2020)])
    before = content(tmp_path)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    newer = batch(2)
    with monkeypatch.context() as patched:
        patched.setattr(os, step, refuse)
        with pytest.raises(Refusal, match="No space left") as refused:
            land(tmp_path, [newer])
    assert refused.value.code == "warehouse_not_writable"
    assert "磁盘空间" in refused.value.zh
    assert version_in_views(tmp_path) == 1
    land(tmp_path, [batch(1)])  # nothing new, but whoever lands sweeps
    assert content(tmp_path) == before


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(Refusal, match="cannot be written"):
        land(tmp_path / "file", [batch(1)])


def test_without_hard_links_files_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    land(tmp_path, [batch(1), batch(7, "other-2020", 2020)])

    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    land(tmp_path, [batch(2)])
    assert version_in_views(tmp_path, "other-2020") == 7


def test_files_of_an_older_version_get_the_new_columns(tmp_path: Path) -> None:
    snapshot = land(tmp_path, [batch(1), batch(7, "other-2021")]).snapshot
    for path in (snapshot / "cells").rglob("*.parquet"):
        landed_otherwise(path, lambda rows: rows.drop_columns(["place"]))
    land(tmp_path, [batch(2)])
    assert version_in_views(tmp_path, "other-2021") == 7
    carried = pq.ParquetFile(tmp_path / "current/cells/year=2021/other-2021.parquet")
    assert carried.schema_arrow.names == list(TABLES["cells"].names)
    made = json.loads(carried.schema_arrow.metadata[b"documents"])
    assert {name: each["run_id"] for name, each in made.items()} == {
        "other-2021": "run-7",
        DOCUMENT: "run-2",
    }


def test_what_a_killed_landing_left_is_swept(tmp_path: Path) -> None:
    land(tmp_path, [batch(1)])
    before = content(tmp_path)
    orphan = tmp_path / "snapshots/000002-20210101T000000Z/targets"
    orphan.mkdir(parents=True)
    (tmp_path / "staging/half/targets").mkdir(parents=True)
    (tmp_path / "staging/half/targets/x.parquet").write_bytes(b"PAR1")
    (tmp_path / "staging/current-1234").symlink_to("snapshots/none")
    assert not land(tmp_path, [batch(1)]).changed
    assert content(tmp_path) == before


def test_old_snapshots_go_when_long_superseded(tmp_path: Path) -> None:
    for version in range(8):
        land(tmp_path, [batch(version)])
    snapshots = tmp_path / "snapshots"
    assert len(list(snapshots.iterdir())) == 8  # superseded just now, but not more of them
    long_ago = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
    for snapshot in snapshots.iterdir():
        os.utime(snapshot, (long_ago, long_ago))
    store.prune(tmp_path, datetime.now(UTC).timestamp())
    assert sorted(path.name[:6] for path in snapshots.iterdir()) == [
        f"{number:06d}" for number in range(4, 9)
    ]
    assert version_in_views(tmp_path) == 7


def test_landed_files_cannot_be_changed_by_accident(tmp_path: Path) -> None:
    snapshot = land(tmp_path, [batch(1)]).snapshot
    for path in snapshot.rglob("*.parquet"):
        assert path.stat().st_mode & 0o222 == 0


def test_a_batch_is_not_needed_to_be_whole_to_be_compared(tmp_path: Path) -> None:
    land(tmp_path, [batch(1)])
    only = batch(1)
    part = Batch(DOCUMENT, 2021, {"cells": only.frames["cells"]}, "run-9", "0.1.0")
    assert not land(tmp_path, [part]).changed
