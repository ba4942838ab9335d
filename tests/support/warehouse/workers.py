"""What other processes do in the tests of kills and of readers: land, die, read in a loop.

They are forked from a server that has imported this module once.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from common.refusal import Refusal
from schemas.tables import models
from tests.support.kills import die_at
from tests.support.warehouse.landings import DOCUMENT, batch, one_version, version_in_views
from warehouse import catalogue, landing, parts
from warehouse import snapshots as store

landing.warm_up()

Tally = dict[str, Any]


def land_and_die(warehouse: Path, version: int, step: int) -> None:
    """Land, and be killed just before the given step, or in the middle of writing a file."""
    made = batch(version)
    models.validate_all = lambda _: None
    steps = die_at(step)

    def dying_within(do: Callable[..., Any]) -> Callable[..., Any]:
        def act(subject: Any, path: Path, *others: Any) -> Any:
            if len(steps.taken) == step:
                steps.last = None
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(b"PAR1 half a file")
                os.kill(os.getpid(), signal.SIGKILL)
            steps.count("write")
            return do(subject, path, *others)

        return act

    store.write_name = steps.counted("write_name", store.write_name)
    store.prune = steps.counted("prune", store.prune)
    parts.write_table = dying_within(parts.write_table)
    landing.write_manifest = steps.counted("write_manifest", landing.write_manifest)
    catalogue.build = dying_within(catalogue.build)
    landing.land(warehouse, [made])


def land_versions(warehouse: Path, document: str, first: int, last: int) -> None:
    """Land one version of the document after the other."""
    for version in range(first, last + 1):
        landing.land(warehouse, [batch(version, document)])


def land_with_little_room(warehouse: Path, version: int, room: int) -> None:
    """Land where no file may grow beyond so many bytes; end with code 3 if that is refused."""
    made = batch(version)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    try:
        landing.land(warehouse, [made])
    except Refusal as refusal:
        sys.exit(3 if refusal.code == "warehouse_not_writable" else 4)


def read_with_duckdb(warehouse: Path, stop: Event, tally: Tally) -> None:
    """Read every view of the DuckDB file in one connection."""
    _read_until(stop, tally, lambda: version_in_views(warehouse))


def read_with_pandas(warehouse: Path, stop: Event, tally: Tally) -> None:
    """Read every table with pandas from the snapshot that CURRENT names."""

    def read() -> int:
        snapshot = warehouse / "snapshots" / (warehouse / "CURRENT").read_text().strip()
        tables = {path.name: pd.read_parquet(path) for path in snapshot.iterdir() if path.is_dir()}
        with duckdb.connect() as connection:
            for name, frame in tables.items():
                connection.register(name, frame)
            return one_version(connection)

    _read_until(stop, tally, read)


def read_with_polars(warehouse: Path, stop: Event, tally: Tally) -> None:
    """Read one table with Polars, as the docs say: from where the current link leads first.

    Polars opens a file again by its path, so that through the link it would meet two states.
    """
    import polars as pl

    def read() -> int:
        tables = (warehouse / "current").resolve()
        scan = pl.scan_parquet(tables / "targets", hive_partitioning=True)
        seen = scan.filter(pl.col("document_id") == DOCUMENT).collect()
        assert (seen.height, seen["review_reason"].n_unique()) == (18, 1), seen
        return int(seen["review_reason"][0])

    _read_until(stop, tally, read, pl.exceptions.PolarsError)


def _read_until(stop: Event, tally: Tally, read: Callable[[], int], *own: type[Exception]) -> None:
    versions: list[int] = []
    try:
        while not stop.wait(0.01):
            versions.append(read())
            tally["reads"] = len(versions)
    except (AssertionError, OSError, duckdb.Error, *own) as error:
        tally["error"] = f"{type(error).__name__}: {error}"
    tally["reads"] = len(versions)
    tally["different"] = len(set(versions))
    tally["backwards"] = versions != sorted(versions)
