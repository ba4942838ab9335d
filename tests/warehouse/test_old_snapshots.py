"""What a reader of an old snapshot gets: all of it for an hour, then an error, never less."""

from __future__ import annotations

import os
import time
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from common.refusal import Refusal
from tests.support.warehouse.landings import DOCUMENT, batch, one_version
from warehouse import catalogue, landing
from warehouse import snapshots as store
from warehouse.contents import Contents, place_of
from warehouse.files import read_rows
from warehouse.landing import land

HOUR = 3600.0


def superseded(warehouse: Path, snapshot: Path, seconds: float) -> None:
    """Let six landings follow, the first of them so long ago, and prune."""
    for version in range(2, 8):
        land(warehouse, [batch(version)])
    later = [path for path in (warehouse / "snapshots").iterdir() if path.name > snapshot.name]
    then = time.time() - seconds
    os.utime(min(later), (then, then))
    store.prune(warehouse, time.time())


def test_it_is_read_whole_for_an_hour(tmp_path: Path) -> None:
    snapshot = land(tmp_path, [batch(1)]).snapshot
    with duckdb.connect(str(snapshot / "kaohe.duckdb"), read_only=True) as connection:
        superseded(tmp_path, snapshot, HOUR - 60)
        assert one_version(connection) == 1
    assert set(pd.read_parquet(snapshot / "targets")["review_reason"]) == {"1"}


def test_then_every_way_of_reading_it_ends_in_an_error(tmp_path: Path) -> None:
    """A file that is open is read to its end; whatever is opened after is an error, never empty."""
    import polars as pl

    snapshot = land(tmp_path, [batch(1)]).snapshot
    name = place_of("targets", 2021, DOCUMENT)
    contents = Contents(snapshot)
    scan = pl.scan_parquet(snapshot / "targets", hive_partitioning=True)
    with (
        duckdb.connect(str(snapshot / "kaohe.duckdb"), read_only=True) as connection,
        pq.ParquetFile(snapshot / name) as opened,
    ):
        superseded(tmp_path, snapshot, HOUR + 60)
        assert not snapshot.exists()
        with pytest.raises(duckdb.IOException):
            connection.execute("SELECT * FROM targets").fetchall()
        assert opened.read()["review_reason"].to_pylist() == ["1"] * 18
    with pytest.raises(FileNotFoundError):
        pd.read_parquet(snapshot / "targets")
    with pytest.raises((FileNotFoundError, pl.exceptions.PolarsError)):
        scan.collect()
    with pytest.raises(Refusal) as refused:
        read_rows(contents, name)
    assert refused.value.code == "snapshot_gone"
    assert "重新运行" in refused.value.zh


def test_the_hour_counts_from_the_switch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long ago a landing wrote its files, what it supersedes was current until now."""
    put = catalogue.put

    def slowly(warehouse: Path, contents: Contents) -> None:
        put(warehouse, contents)
        hours_ago = time.time() - 2 * HOUR
        os.utime(contents.snapshot, (hours_ago, hours_ago))

    monkeypatch.setattr(landing.catalogue, "put", slowly)
    first = land(tmp_path, [batch(1)]).snapshot
    for version in range(2, 8):
        land(tmp_path, [batch(version)])
    assert first.is_dir()
