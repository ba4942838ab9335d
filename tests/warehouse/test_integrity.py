"""What damage to a warehouse is seen, and that looking changes nothing."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from common.refusal import Refusal
from tests.support.warehouse.landings import DOCUMENT, batch, content, landed_otherwise, relist
from warehouse.catalogue import rebuild
from warehouse.integrity import check_warehouse
from warehouse.landing import land

TARGETS = f"current/targets/year=2021/{DOCUMENT}.parquet"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    warehouse = tmp_path_factory.mktemp("sound") / "tables"
    land(warehouse, [batch(1)])
    return warehouse


@pytest.fixture
def warehouse(sound: Path, tmp_path: Path) -> Path:
    """A copy that is sound in its place."""
    copy = Path(shutil.copytree(sound, tmp_path / "tables", symlinks=True))
    rebuild(copy)
    return copy


def states(warehouse: Path) -> dict[str, str]:
    return {check.code: check.state for check in check_warehouse(warehouse)}


def told(warehouse: Path, code: str) -> str:
    (text,) = (each.found_zh for each in check_warehouse(warehouse) if each.code == code)
    return text


def test_a_sound_warehouse(warehouse: Path) -> None:
    before = content(warehouse)
    assert states(warehouse) == dict.fromkeys(
        ("links", "files", "columns", "documents", "views", "size"), "ok"
    )
    assert content(warehouse) == before


def test_none_and_an_empty_one(tmp_path: Path) -> None:
    assert states(tmp_path / "none") == {"warehouse": "note"}
    assert not (tmp_path / "none").exists()
    assert states(tmp_path) == {"warehouse": "note"}


def test_one_bit_is_seen(warehouse: Path) -> None:
    """Pages carry checksums: a bit that changed on the disk is no other value, but an error."""
    path = warehouse / f"current/cells/year=2021/{DOCUMENT}.parquet"
    column = pq.ParquetFile(path).metadata.row_group(0).column(7)
    raw = bytearray(path.read_bytes())
    raw[column.data_page_offset + column.total_compressed_size // 2] ^= 0x10
    path.chmod(0o644)
    path.write_bytes(raw)
    assert states(warehouse)["files"] == "error"
    assert "cells" in told(warehouse, "files")


@pytest.mark.parametrize(
    ("make", "code", "state", "words"),
    [
        (lambda t: t.drop_columns(["page"]), "older_columns", "note", "targets 缺 page"),
        (lambda t: t.append_column("x", pa.nulls(len(t))), "columns", "error", "多出列 x"),
        (lambda t: t.set_column(0, "document_id", pa.array(["other"] * len(t))), "columns",
         "error", "other"),
        (lambda t: pa.concat_tables([t, t.slice(0, 1)]), "columns", "error", "重复"),
        (lambda t: t.slice(1), "documents", "error", "应有 18 行，实有 17 行"),
        (lambda t: t.set_column(2, "serial_no", t["serial_no"].cast("int32")), "columns",
         "error", "serial_no 应为 int64，现为 int32"),
    ],
)  # fmt: skip
def test_a_file_that_is_another(
    warehouse: Path, make: Callable[[pa.Table], pa.Table], code: str, state: str, words: str
) -> None:
    landed_otherwise(warehouse / TARGETS, make)
    assert states(warehouse)[code] == state
    assert words in told(warehouse, code)


def test_a_file_cut_short_and_one_that_is_gone(warehouse: Path) -> None:
    path = warehouse / TARGETS
    whole = path.read_bytes()
    path.unlink()
    assert states(warehouse)["files"] == states(warehouse)["views"] == "error"
    assert "不见了" in told(warehouse, "files")
    path.write_bytes(whole[: len(whole) // 2])
    assert states(warehouse)["files"] == "error"
    (warehouse / f"current/notices/year=2021/{DOCUMENT}.parquet").unlink()
    assert states(warehouse)["files"] == "error"
    path.write_bytes(whole)
    relist(path.parents[2])
    assert "没有 notices" in told(warehouse, "documents")


def test_links_that_were_not_kept(warehouse: Path, tmp_path: Path) -> None:
    copied = tmp_path / "copied"
    shutil.copytree(warehouse, copied)  # follows links: three copies that no landing switches
    assert states(copied)["links"] == "error"


def test_current_that_names_nothing(warehouse: Path) -> None:
    (warehouse / "current/SNAPSHOT").unlink()
    assert states(warehouse)["warehouse"] == "error"


def test_leftovers_and_strange_files(warehouse: Path) -> None:
    (warehouse / "staging/000009-x").mkdir()
    (warehouse / "报表.xlsx").write_text("x")
    (warehouse / "current/targets/notes.txt").write_text("x")
    found = states(warehouse)
    assert found["staging"] == "note"
    assert found["strange_files"] == found["orphans"] == "warning"
    with (warehouse / "lock").open("a") as file:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
        assert "正在写入" in told(warehouse, "staging")


def test_a_warehouse_that_was_moved(warehouse: Path, tmp_path: Path) -> None:
    moved = warehouse.rename(tmp_path / "else'where")
    assert states(moved)["views"] == "error"
    assert "移动" in told(moved, "views")
    tables = {name: told for name, told in content(moved).items() if name.endswith("parquet")}
    assert rebuild(moved) == moved / "kaohe.duckdb"
    assert states(moved)["views"] == "ok"
    assert {n: t for n, t in content(moved).items() if n.endswith("parquet")} == tables
    with duckdb.connect(str(moved / "kaohe.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM targets").fetchone() == (18,)
    link = tmp_path / "link"
    link.symlink_to(moved)
    assert states(link)["views"] == "ok"


def test_views_that_are_gone(warehouse: Path, tmp_path: Path) -> None:
    (warehouse / "current/kaohe.duckdb").unlink()
    assert states(warehouse)["views"] == "error"
    (warehouse / "current/kaohe.duckdb").write_bytes(b"no database")
    assert states(warehouse)["views"] == "error"
    rebuild(warehouse)
    assert states(warehouse)["views"] == "ok"
    with pytest.raises(Refusal):
        rebuild(tmp_path / "none")
