"""One Parquet file: a document's rows of one table, written, read, carried over."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from common.files import sync
from common.refusal import refusal
from schemas.tables.frames import arrow_schema
from schemas.tables.registry import TABLES, TableSpec

if TYPE_CHECKING:
    import pyarrow as pa

_NO_LINKS = (errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS)


def place_in(snapshot: Path, table: str, year: int, document_id: str) -> Path:
    """Return where a snapshot keeps a document's rows of a table."""
    return snapshot / table / f"year={year}" / f"{document_id}.parquet"


def data_files(snapshot: Path, table: str) -> list[tuple[int, Path]]:
    """Return the table's files in a snapshot with the year of each, in order of name."""
    found = sorted((snapshot / table).glob("year=*/*.parquet"))
    return [(int(path.parent.name.removeprefix("year=")), path) for path in found]


def write_table(rows: pa.Table, path: Path, metadata: Mapping[str, str]) -> None:
    """Write the rows to a new file that nobody may change, and wait until it is on the disk."""
    import pyarrow.parquet as pq

    described = rows.replace_schema_metadata({**(rows.schema.metadata or {}), **metadata})
    path.parent.mkdir(parents=True, exist_ok=True)
    # By the checksums a reader sees whether the disk has changed a page.
    pq.write_table(described, path, compression="zstd", store_schema=True, write_page_checksum=True)
    path.chmod(0o444)  # hard links share it: an edit would change older snapshots too
    sync(path)


def read_rows(path: Path) -> pa.Table:
    """Return a file's rows as they were written, without the folder's year.

    Raises Refusal where the file is damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            return file.read()
    except pa.ArrowInvalid as error:
        raise refusal("warehouse.damaged_table", path=path, error=error) from error


def read_as(table: TableSpec, path: Path) -> pa.Table:
    """Return a file's rows with exactly the table's columns, whichever version wrote it.

    A column that it has not got yet is empty; one of an older form is converted.
    """
    return _converted(table, read_rows(path))


def older_columns(table: TableSpec, schema: pa.Schema) -> tuple[list[str], list[str]]:
    """Return the columns that a file's schema has not got yet, and those in an older form."""
    missing = [name for name in table.names if name not in schema.names]
    older = [
        field.name
        for field in arrow_schema(table)
        if field.name in schema.names and _is_older(schema.field(field.name).type, field.type)
    ]
    return missing, older


def _is_older(found: pa.DataType, expected: pa.DataType) -> bool:
    """Whether a list holds texts where it holds structs now: the other readings of findings."""
    from pyarrow import types

    lists = types.is_list(found) and types.is_list(expected)
    return bool(
        lists and types.is_string(found.value_type) and types.is_struct(expected.value_type)
    )


def _converted(table: TableSpec, rows: pa.Table) -> pa.Table:
    import pyarrow as pa

    missing, older = older_columns(table, rows.schema)
    schema = arrow_schema(table)
    columns = []
    for field in schema:
        if field.name in missing:
            columns.append(pa.nulls(len(rows), field.type))
        elif field.name in older:
            columns.append(_structs(rows[field.name], field.type))
        else:
            columns.append(rows[field.name].cast(field.type))
    return pa.table(columns, schema=schema)


def _structs(texts: pa.ChunkedArray, kind: pa.DataType) -> pa.Array:
    """Return lists of structs whose field ``text`` is each text and whose others are empty."""
    import pyarrow as pa

    lists = [None if row is None else [{"text": text} for text in row] for row in texts.to_pylist()]
    return pa.array(lists, kind)


def carry_over(base: Path, staged: Path, replaced: frozenset[tuple[str, str]]) -> None:
    """Link every file of ``base`` into ``staged`` but those of the (table, document) replaced.

    Files of a table that has got columns, or another form of one, since they were written are
    written anew. All files of one table in one snapshot have the same columns, so the first one
    shows it for all.
    """
    for folder in sorted(path for path in base.iterdir() if path.is_dir()):
        outdated: bool | None = None
        for year, path in data_files(base, folder.name):
            if outdated is None:
                outdated = _is_outdated(folder.name, path)
            if (folder.name, path.stem) not in replaced:
                target = place_in(staged, folder.name, year, path.stem)
                target.parent.mkdir(parents=True, exist_ok=True)
                if outdated:
                    _write_converted(TABLES[folder.name], path, target)
                else:
                    _link(path, target)


def _link(path: Path, target: Path) -> None:
    """Link the file, or copy it where the file system has no hard links."""
    try:
        os.link(path, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        shutil.copy2(path, target)
        sync(target)


def _is_outdated(table: str, path: Path) -> bool:
    import pyarrow.parquet as pq

    return table in TABLES and any(older_columns(TABLES[table], pq.read_schema(path)))


def _write_converted(table: TableSpec, path: Path, target: Path) -> None:
    """Write the file again with the columns of this version."""
    rows = read_rows(path)
    kept = {key.decode(): value.decode() for key, value in (rows.schema.metadata or {}).items()}
    write_table(_converted(table, rows), target, kept)


def sync_folders(top: Path) -> None:
    """Wait until every folder under ``top``, and itself, is on the disk."""
    for folder, _, _ in os.walk(top, topdown=False):
        sync(Path(folder))
