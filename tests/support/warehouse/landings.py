"""Batches whose version shows in every table, and what a reader may see of them."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.tables.document_frames import document_tables
from schemas.tables.registry import TABLES
from tests.support.schemas.records import PROVENANCE, small_document, small_notice
from warehouse.catalogue import folder_of
from warehouse.contents import year_of
from warehouse.landing import Batch
from warehouse.manifest import MANIFEST, Entry, Holdings, write_manifest
from warehouse.views import literal

DOCUMENT = "tianhe-2021"

#: One row, one number: the version that every table shows, which must be the same everywhere.
VERSIONS = """
SELECT list_sort(list_distinct(list(version))) AS versions, count(*) AS rows FROM (
    SELECT CAST(title AS BIGINT) AS version FROM notices WHERE document_id = '{document}'
    UNION ALL SELECT CAST(text AS BIGINT) FROM cells WHERE document_id = '{document}'
    UNION ALL SELECT CAST(note AS BIGINT) FROM indicators WHERE document_id = '{document}'
    UNION ALL SELECT CAST(review_reason AS BIGINT) FROM targets WHERE document_id = '{document}'
    UNION ALL SELECT CAST(text AS BIGINT) FROM findings WHERE document_id = '{document}'
)
"""
ROWS = 1 + 35 + 6 + 18 + 2


def batch(version: int = 0, document_id: str = DOCUMENT, year: int = 2021) -> Batch:
    """Return a small document of which every row of every table says its version."""
    run_id = f"run-{version}"
    return Batch(document_id, year, _tables(version, document_id, year), run_id, "0.1.0")


@cache
def _tables(version: int, document_id: str, year: int) -> Mapping[str, pa.Table]:
    word = str(version)
    notice = small_notice(document_id, year)
    notice = replace(
        notice,
        title=word,
        indicators=tuple(replace(each, note=word) for each in notice.indicators),
        targets=tuple(replace(each, review_reason=word) for each in notice.targets),
        findings=tuple(replace(each, text=word) for each in notice.findings),
    )
    document = small_document()
    table = document.tables[0]
    cells = tuple(cell._replace(text=word) for cell in table.cells)
    document = replace(document, tables=(replace(table, cells=cells),))
    provenance = replace(PROVENANCE, run_id=f"run-{version}")
    return MappingProxyType(document_tables(document, notice, provenance))


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    """Return the tests' own DuckDB: to start one takes longer than most of what it is asked."""
    return duckdb.connect(":memory:", config={"threads": 1})


@contextmanager
def in_views(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the DuckDB file of a warehouse as others do, who ask its views."""
    name, path = f"views_{secrets.token_hex(8)}", literal(str(warehouse / "kaohe.duckdb"))
    with _engine().cursor() as connection:
        connection.execute(f"ATTACH {path} AS {name} (READ_ONLY)")
        try:
            connection.execute(f"USE {name}")
            folder = folder_of(connection)
            assert folder is None or folder.resolve().is_relative_to(warehouse.resolve())
            yield connection
        finally:
            connection.execute("USE memory")
            connection.execute(f"DETACH {name}")


def version_in_views(warehouse: Path, document: str = DOCUMENT) -> int:
    """Return the one version that the DuckDB file's views show; AssertionError if torn."""
    with in_views(warehouse) as connection:
        return one_version(connection, document)


def rows_landed(warehouse: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every landed row by its table, but for what differs from run to run."""
    differs = {"notices": "EXCLUDE (run_id, landed_at) "}
    with in_views(warehouse) as connection:
        return {
            name: connection.execute(
                f"SELECT * {differs.get(name, '')}FROM {name} ORDER BY ALL"
            ).fetchall()
            for name in TABLES
        }


def one_version(connection: duckdb.DuckDBPyConnection, document: str = DOCUMENT) -> int:
    found = connection.execute(VERSIONS.format(document=document)).fetchall()
    (versions, rows) = found[0]
    assert (len(versions), rows) == (1, ROWS), found
    return int(versions[0])


def content(warehouse: Path) -> dict[str, str]:
    """Return everything in the warehouse: each path with its bytes' hash or its link's target."""
    found = {}
    for path in sorted(warehouse.rglob("*")):
        name = str(path.relative_to(warehouse))
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        elif path.is_file():
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        else:
            found[name] = "folder"
    return found


def landed_otherwise(path: Path, make: Callable[[pa.Table], pa.Table]) -> None:
    """Give a landed file of one document other rows, as if they had been landed so."""
    before = pq.ParquetFile(path).read()
    rows = make(before)
    if len(rows) != len(before):
        (stamp,) = json.loads(rows.schema.metadata[b"documents"]).items()
        stamps = {stamp[0]: {**stamp[1], "rows": len(rows)}}
        rows = rows.replace_schema_metadata(
            {**rows.schema.metadata, b"documents": json.dumps(stamps)}
        )
    path.unlink()
    pq.write_table(rows, path)
    relist(path.parents[2])


def relist(snapshot: Path) -> None:
    """Write a snapshot's manifest anew, of the files that are there, whatever columns they have."""
    entries = {
        path.relative_to(snapshot).as_posix(): Entry.of(
            path.read_bytes(), pq.read_metadata(path).num_rows, len(documents_in(path))
        )
        for path in sorted(snapshot.glob("*/year=*/*.parquet"))
    }
    documents: dict[int, set[str]] = {}
    for name in entries:
        documents.setdefault(year_of(name), set()).update(documents_in(snapshot / name))
    held = {year: sorted(ids) for year, ids in documents.items()}
    write_manifest(snapshot, entries, Holdings(held, {}))


def documents_in(path: Path) -> list[str]:
    """Return the documents of a table file."""
    told = pq.read_schema(path).metadata or {}
    return [*json.loads(told[b"documents"])] if b"documents" in told else [path.stem]


def as_older(warehouse: Path, *, sealed: bool = True) -> None:
    """Make the current snapshot what an older version wrote: a file a document and table."""
    snapshot = (warehouse / "current").resolve()
    lines = []
    for path in sorted(snapshot.glob("*/year=*/*.parquet")):
        rows, documents = pq.ParquetFile(path).read(), documents_in(path)
        path.unlink()
        for document in documents:
            own = rows.filter(pc.equal(rows["document_id"], document))
            told = {**rows.schema.metadata, b"document_id": document, b"run_id": b"run-old"}
            told.pop(b"documents", None)
            pq.write_table(own.replace_schema_metadata(told), path.with_name(f"{document}.parquet"))
    for path in sorted(snapshot.glob("*/year=*/*.parquet")):
        content = path.read_bytes()
        lines.append(
            json.dumps(
                {
                    "file": path.relative_to(snapshot).as_posix(),
                    "size": len(content),
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "rows": pq.read_metadata(path).num_rows,
                }
            )
        )
    text = '{"files": [\n' + ",\n".join(lines) + "\n]"
    if sealed:
        text += f',\n"snapshot": "{snapshot.name}"'
        text += f',\n"sha256": "{hashlib.sha256(text.encode()).hexdigest()}"'
    (snapshot / MANIFEST).write_text(text + "}\n")
