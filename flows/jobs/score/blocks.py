"""Many documents scored in blocks, on all cores, into Parquet: memory does not grow with them.

Rank groups and totals are within a document, so each block of whole documents is scored by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from common.files import replacing_folder
from common.processes import side_by_side

if TYPE_CHECKING:
    from scoring.engine import Inputs

#: About so many targets a block: its columns stay within a core's cache.
ROWS = 100_000


def score_blocks(
    blocks: Iterable[Inputs], folder: Path, *, threads: int, traced: bool = True
) -> dict[str, int]:
    """Write ``scores.parquet`` and ``scorecards.parquet``, and return the rows of each by table.

    They are in ``folder`` when all are there; an earlier folder stays until then. So many blocks
    are scored side by side and written in their order. Without traces where these are not asked
    for: they take far longer than the scores. Raises what scoring a block raises.
    """
    import pyarrow.parquet as pq

    from scoring.results.frames import scored_tables

    written: dict[str, int] = {}
    with replacing_folder(folder) as new, ExitStack() as files:
        writers: dict[str, pq.ParquetWriter] = {}
        for tables in side_by_side(partial(scored_tables, traced=traced), blocks, threads):
            for name, table in tables.items():
                if name not in writers:
                    writer = pq.ParquetWriter(new / f"{name}.parquet", table.schema)
                    writers[name] = files.enter_context(writer)
                writers[name].write_table(table)
                written[name] = written.get(name, 0) + len(table)
        files.close()
    return written
