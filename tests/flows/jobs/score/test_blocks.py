"""Many documents scored in blocks into Parquet: the same tables, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bench.score_data import AS_OF, DECLARED, make
from common.refusal import Refusal
from flows.jobs.score.blocks import blocks, score_blocks, stream
from schemas.tables.frames import arrow_to_frame
from scoring.engine import Inputs
from scoring.results.frames import scored_tables
from scoring.rules.notice_rules import parse_rules

TABLES = ("targets", "indicators", "returns")
RULES = parse_rules(DECLARED, "source.toml")


@pytest.fixture(scope="module")
def notices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the tables of four notices, every rule of the bench in them."""
    folder: Path = tmp_path_factory.mktemp("notices")
    make(folder, 4 * 530)
    return folder


def _inputs(folder: Path, rows: int) -> Iterator[Inputs]:
    streams = {name: stream(folder / f"{name}.parquet") for name in TABLES}
    for block in blocks(streams, "targets", rows):
        names = block["targets"]["document_id"].unique().to_pylist()
        frames = [arrow_to_frame(block[name]) for name in TABLES]
        yield Inputs(*frames, AS_OF, rules=dict.fromkeys(names, RULES))


@pytest.mark.parametrize(("rows", "threads"), [(1, 2), (531, 2), (10_000, 1)])
def test_blocks_of_any_size_give_the_same_tables(
    notices: Path, tmp_path: Path, rows: int, threads: int
) -> None:
    (whole,) = _inputs(notices, 1_000_000)
    expected = scored_tables(whole, traced=False)
    out = tmp_path / "scored"
    written = score_blocks(_inputs(notices, rows), out, threads=threads, traced=False)
    assert written == {name: len(table) for name, table in expected.items()}
    for name, table in expected.items():
        found = pq.read_table(out / f"{name}.parquet")
        assert found.equals(pa.table(table.columns, table.schema)), name
        assert found.schema.metadata == table.schema.metadata


def test_a_block_that_cannot_be_scored_leaves_what_was_there(notices: Path, tmp_path: Path) -> None:
    def bad() -> Iterator[Inputs]:
        for number, inputs in enumerate(_inputs(notices, 1)):
            yield replace(inputs, indicators=inputs.indicators[:3]) if number == 2 else inputs

    out = tmp_path / "scored"
    score_blocks(_inputs(notices, 1), out, threads=2, traced=False)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    with pytest.raises(Refusal) as refused:
        score_blocks(bad(), out, threads=2, traced=False)
    assert refused.value.code == "target_without_indicator"
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["scored"]
