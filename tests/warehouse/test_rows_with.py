"""Rows of some documents out of a large table: only what may hold them is decoded."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from schemas.tables.document_frames import document_tables
from tests.support.schemas.records import PROVENANCE, small_document, small_notice
from warehouse import files
from warehouse.landing import Batch, land
from warehouse.reading import read_rows_with, read_snapshot
from warehouse.snapshots import require_snapshot

NAMES = ("city-a", "city-b", "city-c", "city-d")


@pytest.fixture
def snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four documents of 18 targets in parts of groups of 10 rows."""
    monkeypatch.setattr(files, "ROWS_IN_GROUP", 10)
    batches = []
    for name in NAMES:
        tables = document_tables(small_document(), small_notice(name), PROVENANCE)
        batches.append(Batch(name, 2021, tables, "run-1", "0.1.0"))
    land(tmp_path / "tables", batches)
    return require_snapshot(tmp_path / "tables")


@pytest.mark.parametrize("wanted", [[], ["city-b"], ["city-d", "city-a"], ["city-bb"], [*NAMES]])
def test_they_are_those_of_the_whole_table(snapshot: Path, wanted: list[str]) -> None:
    for name, whole in read_snapshot(snapshot, ("targets", "notices", "returns")).items():
        found = read_rows_with(snapshot, name, "document_id", wanted)
        expected = whole[whole["document_id"].isin(wanted)].reset_index(drop=True)
        assert found.equals(expected)
        assert found.dtypes.equals(whole.dtypes)


def test_groups_of_other_documents_are_not_decoded(
    snapshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyarrow.parquet as pq

    decoded: list[int] = []
    real = pq.ParquetFile.read_row_group

    def counted(self: pq.ParquetFile, group: int, **said: object) -> pa.Table:
        rows = real(self, group, **said)
        decoded.append(len(rows))
        return rows

    monkeypatch.setattr(pq.ParquetFile, "read_row_group", counted)
    assert len(read_rows_with(snapshot, "targets", "document_id", ["city-b"])) == 18
    assert sum(decoded) < 18 + 2 * 10  # of 72: at most part of a group before and behind
    decoded.clear()
    assert read_rows_with(snapshot, "targets", "entity", ["无此区"]).empty
