"""Tables read in blocks: whole documents, all rows in their order, whatever the size."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.refusal import Refusal
from flows.jobs.score.blocks import blocks, stream

COUNTS = st.lists(st.integers(0, 5), max_size=8)


def _table(counts: list[int]) -> pa.Table:
    documents = [f"d{place}" for place, count in enumerate(counts) for _ in range(count)]
    return pa.table(
        {
            "document_id": pa.array(documents, pa.string()),
            "row": pa.array(range(len(documents)), pa.int64()),
        }
    )


def _stream(table: pa.Table, size: int) -> Iterator[pa.Table]:
    yield table.slice(0, 0)
    for first in range(0, len(table), size):
        yield table.slice(first, size)


@given(COUNTS, COUNTS, st.integers(1, 9), st.integers(1, 30))
def test_blocks_hold_whole_documents_and_lose_nothing(
    counts: list[int], others: list[int], size: int, rows: int
) -> None:
    tables = {"targets": _table(counts), "returns": _table(others)}
    streams = {name: _stream(table, size) for name, table in tables.items()}
    found = list(blocks(streams, "targets", rows))
    seen: set[str] = set()
    for block in found:
        here = {name for each in block.values() for name in each["document_id"].to_pylist()}
        assert not here & seen
        seen |= here
        documents = block["targets"]["document_id"]
        assert set(documents.unify_dictionaries().chunk(0).dictionary.to_pylist()) <= here
    for block in found[:-1]:
        documents = block["targets"]["document_id"].to_pylist()
        assert documents.index(documents[-1]) < rows <= len(documents)
    for name, table in tables.items():
        whole = pa.concat_tables([each[name] for each in found])
        assert whole.to_pydict() == table.to_pydict()


def test_rows_of_a_document_at_two_places_are_refused(tmp_path: Path) -> None:
    table = pa.table({"document_id": ["a", "b", "a"]})
    pq.write_table(table, tmp_path / "targets.parquet", row_group_size=2)
    with pytest.raises(Refusal, match="targets") as refused:
        list(blocks({"targets": stream(tmp_path / "targets.parquet")}, "targets", 1))
    assert refused.value.code == "unordered"
