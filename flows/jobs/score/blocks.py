"""Many documents scored in blocks, on all cores, from Parquet into Parquet: memory does not grow.

Rank groups and totals are within a document, so each block of whole documents is scored by itself.
Several tables are read together, each as a stream of its rows in the order of their documents' ids,
as parts have them; none of them is ever held as a whole.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from common.files import replacing_folder
from common.processes import side_by_side
from common.refusal import refusal

if TYPE_CHECKING:
    import pyarrow as pa

    from scoring.engine import Inputs

#: About so many targets a block: its columns stay within a core's cache.
ROWS = 100_000
KEY = "document_id"
#: Texts that few rows share.
_OFTEN_OTHERS = frozenset({"indicator_id", "target_text", "text"})


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


def blocks(
    streams: Mapping[str, Iterator[pa.Table]], leading: str, rows: int
) -> Iterator[dict[str, pa.Table]]:
    """Yield all tables' rows of some documents: of the ``leading`` table at least so many.

    Rows keep their order; the last block has what is left. Every stream gives a table at least,
    were it without rows. Refusal where documents do not come in the order of their ids.
    """
    held = {name: _Unread(name, stream) for name, stream in streams.items()}
    while (last := held[leading].document_at(rows)) is not None:
        yield {name: each.until(last) for name, each in held.items()}
    yield {name: each.rest() for name, each in held.items()}


def stream(path: Path) -> Iterator[pa.Table]:
    """Yield a file's rows; texts that are often the same stay the codes that they are in it."""
    import pyarrow.parquet as pq

    coded = [
        field.name
        for field in pq.read_schema(path)
        if field.type == "string" and field.name not in _OFTEN_OTHERS
    ]
    with pq.ParquetFile(path, read_dictionary=coded) as file:
        yield file.schema_arrow.empty_table()
        for group in range(file.num_row_groups):
            yield file.read_row_group(group)


class _Unread:
    """What was read of a stream and not given yet: its rows, and how many each document has."""

    def __init__(self, name: str, stream: Iterator[pa.Table]) -> None:
        self._name, self._stream = name, stream
        self._rows = next(stream)
        self._documents: dict[str, int] = {}
        self._add(self._rows)

    def document_at(self, rows: int) -> str | None:
        """Return the last document of so many rows, one at least; None where nothing is behind."""
        while sum(self._documents.values()) < rows and self._read():
            pass
        count = 0
        for name, own in self._documents.items():
            count += own
            if count >= rows:
                return name if self._read_past(name) else None
        return None

    def until(self, document: str) -> pa.Table:
        """Return and forget the rows of all documents up to this one."""
        self._read_past(document)
        return self._take(bisect_right([*self._documents], document))

    def rest(self) -> pa.Table:
        """Return and forget all rows that are left."""
        while self._read():
            pass
        return self._take(len(self._documents))

    def _take(self, documents: int) -> pa.Table:
        """Return and forget the first documents, coded among themselves alone."""
        import numpy as np
        import pyarrow as pa

        names = [*self._documents][:documents]
        counts = [self._documents.pop(name) for name in names]
        given, self._rows = self._rows.slice(0, sum(counts)), self._rows.slice(sum(counts))
        codes = pa.array(np.repeat(np.arange(documents, dtype=np.int32), counts))
        coded = pa.DictionaryArray.from_arrays(codes, pa.array(names, pa.string()))
        return given.set_column(given.schema.get_field_index(KEY), KEY, coded)

    def _read_past(self, document: str) -> bool:
        """Read until a later document is there; say whether it is."""
        while next(reversed(self._documents), "") <= document:
            if not self._read():
                return False
        return True

    def _read(self) -> bool:
        """Read on; say whether there was anything."""
        import pyarrow as pa

        rows = next(self._stream, None)
        if rows is None:
            return False
        self._add(rows)
        self._rows = pa.concat_tables([self._rows, rows])
        return True

    def _add(self, rows: pa.Table) -> None:
        found = list(_counted(rows))
        last = [*self._documents][-1:]
        for one, other in pairwise([*last, *(name for name, _ in found)]):
            if one > other or (one == other and one not in last):
                raise refusal("flows.unordered", table=self._name, document=other)
        for name, count in found:
            self._documents[name] = self._documents.get(name, 0) + count


def _counted(rows: pa.Table) -> Iterator[tuple[str, int]]:
    """Yield each document with its rows; one that stands at several places each time."""
    import numpy as np
    import pyarrow as pa

    column = rows[KEY]
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    column = column.unify_dictionaries().combine_chunks()
    codes = column.indices.to_numpy(zero_copy_only=False)
    starts = np.flatnonzero(np.diff(codes, prepend=-1))
    names = column.dictionary.take(pa.array(codes[starts])).to_pylist()
    counts = np.diff(np.append(starts, len(codes))).tolist()
    yield from zip(names, counts, strict=True)
