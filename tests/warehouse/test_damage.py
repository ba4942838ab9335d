"""A table file that is not as it was landed is named by whoever opens it, and never read."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from common.refusal import Refusal
from flows.cli.main import cli
from schemas.tables.frames import rows_to_frame
from schemas.tables.registry import DOCUMENT_TABLES, TABLES
from tests.support.soak import Seeds
from tests.support.warehouse.landings import DOCUMENT, as_older, batch, version_in_views
from warehouse.catalogue import rebuild
from warehouse.contents import Contents, place_of
from warehouse.integrity import check_warehouse
from warehouse.landing import Amendment, Batch, amend, land
from warehouse.manifest import MANIFEST
from warehouse.query import query
from warehouse.reading import read_table

#: So many in each table at a time.
FLIPS = 10

Harm = Callable[[Path], None]


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    warehouse = tmp_path_factory.mktemp("damage") / "t"
    land(warehouse, [batch(1), batch(1, "other-2021")])
    return warehouse


@pytest.fixture(scope="module")
def landed_elsewhere(landed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    warehouse = copied(landed, tmp_path_factory.mktemp("elsewhere") / "t")
    land(warehouse, [batch(1, ELSEWHERE, 2022)])
    return warehouse


@pytest.fixture
def warehouse(landed: Path, tmp_path: Path) -> Path:
    """A warehouse of the test's own: two documents in one file of each table."""
    return copied(landed, tmp_path / "t")


@pytest.fixture
def with_elsewhere(landed_elsewhere: Path, tmp_path: Path) -> Path:
    """The same with a document of another year, landed afterwards."""
    return copied(landed_elsewhere, tmp_path / "t")


def copied(landed: Path, warehouse: Path) -> Path:
    shutil.copytree(landed, warehouse, symlinks=True)
    rebuild(warehouse)
    return warehouse


OTHER, ELSEWHERE = "other-2021", "third-2022"


def file_of(warehouse: Path, table: str, year: int = 2021) -> Path:
    """Return the file of a table and year: of 2021 it holds two documents."""
    first = OTHER if year == 2021 else ELSEWHERE
    return (warehouse / "current").resolve() / place_of(table, year, first)


def flip(path: Path, chance: random.Random) -> None:
    raw = bytearray(path.read_bytes())
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    overwrite(path, bytes(raw))


def overwrite(path: Path, content: bytes) -> None:
    path.unlink()  # hard links of older snapshots stay as they are
    path.write_bytes(content)


def without_line(path: Path) -> None:
    """Take the line of a file away."""
    lines = path.read_text().splitlines()
    lines.remove(next(line for line in lines if '"notices/' in line and line[-1] == ","))
    path.write_text("\n".join(lines) + "\n")


def without_seal(path: Path, was: str = "", now: str = "") -> None:
    """Write a manifest and files as older versions did."""
    as_older(path.parents[2], sealed=False)
    path.write_text(path.read_text().replace(was, now, 1 if was else 0))


def earliest(manifest: Path) -> Path:
    """Return the earliest snapshot."""
    return min(manifest.parents[1].iterdir())


HARMS: dict[str, Harm] = {
    "gone": Path.unlink,
    "empty": lambda path: overwrite(path, b""),
    "cut": lambda path: overwrite(path, path.read_bytes()[:-9]),
    "longer": lambda path: overwrite(path, path.read_bytes() + b"PAR1"),
    "flipped": lambda path: flip(path, random.Random(7)),
    "another table's": lambda path: overwrite(
        path, path.parents[2].joinpath(place_of("cells", 2021, OTHER)).read_bytes()
    ),
}


def asked(warehouse: Path, sql: str) -> Result:
    return CliRunner().invoke(cli, ["query", sql, "--warehouse", str(warehouse)])


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_every_reader_names_the_file(warehouse: Path, harm: Harm) -> None:
    path = file_of(warehouse, "targets")
    harm(path)
    told = asked(warehouse, "SELECT count(*) FROM targets")
    assert told.exit_code == 1
    assert str(path) in told.stderr
    assert "[damaged_table]" in told.stderr
    assert "从备份" in told.stderr
    assert "Traceback" not in told.stderr
    assert told.stdout == ""
    for read in (
        lambda: read_table(warehouse, "targets"),
        lambda: query(warehouse, f"SELECT * FROM targets WHERE document_id = '{DOCUMENT}'"),
        lambda: query(warehouse, "EXPLAIN ANALYZE SELECT sum(max_points) FROM targets"),
    ):
        with pytest.raises(Refusal) as refused:
            read()
        assert refused.value.code == "damaged_table"
        assert str(path) in refused.value.zh
    found = {check.code: check for check in check_warehouse(warehouse)}
    assert found["files"].state == "error"
    assert str(path) in found["files"].found_zh


def test_other_tables_are_read_as_ever(warehouse: Path) -> None:
    HARMS["flipped"](file_of(warehouse, "targets"))
    assert query(warehouse, "SELECT count(*) FROM cells").rows == [(70,)]
    assert len(read_table(warehouse, "indicators")) == 12


def check_flips(warehouse: Path, table: str, chance: random.Random, times: int) -> None:
    """Flip one bit somewhere in a table, again and again: the table is refused every time."""
    path = file_of(warehouse, table)
    whole = path.read_bytes()
    for _ in range(times):
        flip(path, chance)
        for read in (
            lambda: read_table(warehouse, table),
            lambda: query(warehouse, f"SELECT * FROM {table}"),
        ):
            with pytest.raises(Refusal) as refused:
                read()
            assert refused.value.code == "damaged_table"
        overwrite(path, whole)
    assert version_in_views(warehouse, OTHER) == 1


@pytest.mark.parametrize("table", DOCUMENT_TABLES)
def test_no_flipped_bit_is_read(warehouse: Path, table: str) -> None:
    check_flips(warehouse, table, random.Random(20200206), 3)


@pytest.mark.soak
def test_no_flipped_bit_is_ever_read(tmp_path: Path, seeds: Seeds) -> None:
    for seed in seeds:
        warehouse = tmp_path / str(seed)
        land(warehouse, [with_all_tables(batch(1, OTHER))])
        for table in TABLES:
            with seeds.trying(f"bits flipped in the file of a table: {table}", FLIPS):
                check_flips(warehouse, table, random.Random(seed), FLIPS)
        shutil.rmtree(warehouse)


def with_all_tables(made: Batch) -> Batch:
    """Return a batch that has a file of every table, though some are empty."""
    empty = {name: rows_to_frame(TABLES[name], []) for name in TABLES}
    return replace(made, frames={**empty, **made.frames})


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_landing_the_document_again_mends_it(with_elsewhere: Path, harm: Harm) -> None:
    harm(file_of(with_elsewhere, "targets", 2022))
    assert land(with_elsewhere, [batch(1, ELSEWHERE, 2022)]).changed
    assert all(check.state == "ok" for check in check_warehouse(with_elsewhere))
    assert version_in_views(with_elsewhere, ELSEWHERE) == 1


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_all_documents_of_a_file_mend_it_together(warehouse: Path, harm: Harm) -> None:
    """One alone is refused: nobody knows the rows of the other any more."""
    harm(file_of(warehouse, "targets"))
    for version in (1, 2):
        with pytest.raises(Refusal) as refused:
            land(warehouse, [batch(version)])
        assert refused.value.code == "damaged_table"
    assert land(warehouse, [batch(1), batch(1, OTHER)]).changed
    assert all(check.state == "ok" for check in check_warehouse(warehouse))
    assert version_in_views(warehouse) == version_in_views(warehouse, OTHER) == 1


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_rows_that_are_to_be_kept_are_never_lost(warehouse: Path, harm: Harm) -> None:
    path = file_of(warehouse, "findings")
    harm(path)
    amendment = Amendment(DOCUMENT, 2021, "findings", lambda rows: rows.head(1), "run", "0")
    with pytest.raises(Refusal) as refused:
        amend(warehouse, [amendment])
    assert refused.value.code == "damaged_table"
    assert str(path) in refused.value.zh


def test_a_file_that_is_gone_is_not_left_out_of_the_next_snapshot(with_elsewhere: Path) -> None:
    before = (with_elsewhere / "current").readlink()
    path = file_of(with_elsewhere, "targets", 2022)
    path.unlink()
    for version in (1, 2):
        with pytest.raises(Refusal) as refused:
            land(with_elsewhere, [batch(version)])
        assert refused.value.code == "damaged_table"
        assert str(path) in refused.value.zh
    assert (with_elsewhere / "current").readlink() == before


def test_hashes_of_linked_files_are_taken_over(with_elsewhere: Path) -> None:
    """What the disk has changed since stays known as changed, however often it is carried over."""
    before = Contents((with_elsewhere / "current").resolve()).entries
    flip(file_of(with_elsewhere, "targets", 2022), random.Random(1))
    assert land(with_elsewhere, [batch(2)]).changed
    after = Contents((with_elsewhere / "current").resolve()).entries
    name = place_of("targets", 2022, ELSEWHERE)
    assert before is not None
    assert after is not None
    assert after[name] == before[name]
    with pytest.raises(Refusal):
        read_table(with_elsewhere, "targets")


def test_the_manifest_says_what_is_there(warehouse: Path) -> None:
    snapshot = (warehouse / "current").resolve()
    files = json.loads((snapshot / MANIFEST).read_text())["files"]
    paths = sorted(snapshot.glob("*/*/*.parquet"))
    assert [each["file"] for each in files] == [str(path.relative_to(snapshot)) for path in paths]
    assert [each["size"] for each in files] == [path.stat().st_size for path in paths]
    assert sum(each["rows"] for each in files if each["file"].startswith("targets/")) == 36


@pytest.mark.parametrize(
    "harm",
    [
        Path.unlink,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-9]),
        lambda path: path.write_text("[]"),
        lambda path: path.write_text('{"files": [{}]}'),
        lambda path: path.write_bytes(b"\xff" + path.read_bytes()),
        lambda path: path.write_text("[" * 100_000),
        lambda path: path.write_bytes(path.read_bytes().replace(b"targets/", b"tasgets/", 1)),
        lambda path: path.write_bytes(path.read_bytes().replace(b'"rows": 36', b'"rows": 37', 1)),
        without_line,
        lambda path: path.write_bytes((earliest(path) / MANIFEST).read_bytes()),
        lambda path: without_seal(path, "targets/", "tasgets/"),
        lambda path: without_seal(path, "targets/year=2021/", "../year=2021/"),
        lambda path: (without_seal(path), without_line(path)),
    ],
)
def test_a_manifest_that_is_damaged(warehouse: Path, harm: Harm) -> None:
    path = (warehouse / "current").resolve() / MANIFEST
    harm(path)
    told = asked(warehouse, "SELECT 1")
    assert told.exit_code == 1
    assert str(path) in told.stderr
    assert "[damaged_manifest]" in told.stderr
    assert "数据文件不要移动或删除" in told.stderr
    with pytest.raises(Refusal):
        land(warehouse, [batch(2)])
    assert [check.state for check in check_warehouse(warehouse)] == ["error"]


def test_no_bit_of_a_manifest_flips_unseen(warehouse: Path) -> None:
    path = (warehouse / "current").resolve() / MANIFEST
    whole = path.read_bytes()
    for seed in range(200):
        flip(path, random.Random(seed))
        with pytest.raises(Refusal) as refused:
            Contents(path.parent)
        assert refused.value.code == "damaged_manifest"
        path.write_bytes(whole)


def test_a_damaged_manifest_is_made_good_from_a_backup(warehouse: Path, tmp_path: Path) -> None:
    shutil.copytree(warehouse, tmp_path / "backup", symlinks=True)
    path = (warehouse / "current").resolve() / MANIFEST
    flip(path, random.Random(1))
    assert asked(warehouse, "SELECT 1").exit_code == 1
    shutil.copy2(tmp_path / "backup/snapshots" / path.parent.name / MANIFEST, path)
    assert query(warehouse, "SELECT count(*) FROM targets").rows == [(36,)]
    assert {check.state for check in check_warehouse(warehouse)} == {"ok"}


def test_or_by_landing_everything_again(warehouse: Path, tmp_path: Path) -> None:
    without_line((warehouse / "current").resolve() / MANIFEST)
    warehouse.rename(tmp_path / "damaged")
    land(warehouse, [batch(1), batch(1, "other-2021")])
    assert query(warehouse, "SELECT count(*) FROM targets").rows == [(36,)]
    assert {check.state for check in check_warehouse(warehouse)} == {"ok"}


def test_a_manifest_of_an_older_version(warehouse: Path) -> None:
    """It is held against the files that are there; the next landing writes all anew."""
    path = (warehouse / "current").resolve() / MANIFEST
    without_seal(path)
    assert query(warehouse, "SELECT count(*) FROM targets").rows == [(36,)]
    found = {check.code: check.state for check in check_warehouse(warehouse)}
    assert found.pop("manifest") == "note"
    assert set(found.values()) == {"ok"}
    assert land(warehouse, [batch(2)]).changed
    assert {check.state for check in check_warehouse(warehouse)} == {"ok"}


def test_rows_of_an_older_manifest_are_held_against_the_files(warehouse: Path) -> None:
    without_seal((warehouse / "current").resolve() / MANIFEST, '"rows": 18', '"rows": 19')
    files = next(check for check in check_warehouse(warehouse) if check.code == "files")
    assert files.state == "error"
    assert "19 行" in files.found_zh


def test_a_file_that_nobody_landed_changes_nothing(warehouse: Path) -> None:
    """The manifest is whole: what it does not name is foreign, and is said to be."""
    path = file_of(warehouse, "targets")
    shutil.copy2(path, path.with_name("copy.parquet"))
    assert query(warehouse, "SELECT count(*) FROM targets").rows == [(36,)]
    (found,) = (check for check in check_warehouse(warehouse) if check.state != "ok")
    assert (found.code, found.state) == ("orphans", "warning")
    assert "入库的数据都在清单中" in found.todo_zh


def test_a_warehouse_of_an_older_version(warehouse: Path) -> None:
    """It has no manifests; its tables are read, and the next landing writes one."""
    as_older(warehouse)
    for path in (warehouse / "snapshots").glob(f"*/{MANIFEST}"):
        path.unlink()
    assert query(warehouse, "SELECT count(*) FROM targets").rows == [(36,)]
    assert len(read_table(warehouse, "targets")) == 36
    found = {check.code: check.state for check in check_warehouse(warehouse)}
    assert found.pop("manifest") == "note"
    assert set(found.values()) == {"ok"}
    assert not land(warehouse, [batch(1)]).changed
    assert land(warehouse, [batch(2)]).changed
    assert version_in_views(warehouse, "other-2021") == 1
    assert {check.state for check in check_warehouse(warehouse)} == {"ok"}
    assert Contents((warehouse / "current").resolve()).entries is not None


def test_a_snapshot_that_is_removed_while_it_is_read(warehouse: Path) -> None:
    contents = Contents((warehouse / "current").resolve())
    shutil.rmtree(contents.snapshot)
    with pytest.raises(Refusal) as refused:
        contents.read(place_of("targets", 2021, OTHER))
    assert refused.value.code == "snapshot_gone"
    with pytest.raises(Refusal) as refused:
        Contents(contents.snapshot)
    assert refused.value.code == "snapshot_gone"
