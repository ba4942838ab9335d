"""Of a year scored as of many days the rows of the latest are read without holding the others."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from common.refusal import Refusal
from schemas.tables.frames import rows_to_frame
from schemas.tables.registry import SCORES
from warehouse import files
from warehouse.landing import Batch, land
from warehouse.reading import landed_days, read_tables
from warehouse.snapshots import require_snapshot

DAYS, ROWS = 60, 40
LAST = date(2021, 1, 1) + timedelta(days=DAYS - 1)

#: Arrow keeps bare pointers to a pool that it has used, in its threads and in settings made once a
#: process: a pool that ends sooner makes a later read crash.
POOLS: list[pa.MemoryPool] = []


def scores(document_id: str, days: int) -> Batch:
    rows = [
        dict.fromkeys(SCORES.names)
        | {"document_id": document_id, "as_of": LAST - timedelta(days=before), "entity": "东河区"}
        | {"indicator_id": f"{document_id}/{number}", "serial_no": number, "status": "not_received"}
        | {"light": "grey", "weight_group": 1, "trace": f"{before} {number} " * 100}
        for before in reversed(range(days))
        for number in range(1, ROWS + 1)
    ]
    return Batch(document_id, 2021, {"scores": rows_to_frame(SCORES, rows)}, "run", "0")


def most_held(warehouse: Path, latest: tuple[str, ...]) -> int:
    """Return the most bytes that Arrow holds while the scores are read."""
    before = pa.default_memory_pool()
    counted = pa.proxy_memory_pool(before)
    POOLS.append(counted)
    pa.set_memory_pool(counted)
    try:
        read_tables(warehouse, ("scores",), latest)
    finally:
        pa.set_memory_pool(before)
    return int(counted.max_memory())


def test_only_the_latest_of_each_document_is_read_and_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "ROWS_IN_GROUP", 100)
    land(tmp_path, [scores("tianhe-2021", DAYS), scores("other-2021", 2)])
    every = read_tables(tmp_path, ("scores",))["scores"]
    latest = read_tables(tmp_path, ("scores",), ("scores",))["scores"]
    assert len(every) == (DAYS + 2) * ROWS
    expected = every[every["as_of"] == LAST].reset_index(drop=True)
    assert latest.equals(expected)
    assert len(latest) == 2 * ROWS
    assert most_held(tmp_path, ("scores",)) < most_held(tmp_path, ()) / 2


def test_none_of_a_table_without_rows(tmp_path: Path) -> None:
    land(tmp_path, [scores("tianhe-2021", 0)])
    assert read_tables(tmp_path, ("scores",), ("scores",))["scores"].empty


def test_the_days_of_all_documents_are_told_and_no_damaged_ones(tmp_path: Path) -> None:
    land(tmp_path, [scores("tianhe-2021", 3), scores("other-2021", 1)])
    snapshot = require_snapshot(tmp_path)
    days = {LAST - timedelta(days=before) for before in range(3)}
    assert landed_days(snapshot) == {"tianhe-2021": days, "other-2021": {LAST}}
    (held, *_) = snapshot.glob("scores/*/*.parquet")
    held.chmod(0o644)
    held.write_bytes(held.read_bytes()[:-1] + b"x")
    with pytest.raises(Refusal, match="damaged_table"):
        landed_days(snapshot)
