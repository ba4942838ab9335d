"""One Parquet file: a document's rows of one table, written, read, carried over."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from common.files import sync
from common.refusal import refusal
from schemas.tables.frames import arrow_schema
from schemas.tables.registry import TABLES, TableSpec
from warehouse.manifest import Contents, Entry

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

#: So many rows are decoded at a time: of a year's scores of many days only those asked for.
ROWS_IN_GROUP = 10_000
_NO_LINKS = (errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS)


def write_table(rows: pa.Table, path: Path, metadata: Mapping[str, str]) -> Entry:
    """Write the rows to a new file that nobody may change, and wait until it is on the disk.

    Returns what the file must be from now on, whatever the disk has made of it.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    described = rows.replace_schema_metadata({**(rows.schema.metadata or {}), **metadata})
    buffer = pa.BufferOutputStream()
    # By the pages' checksums a reader who does not know the manifest sees what has changed.
    pq.write_table(
        described,
        buffer,
        row_group_size=ROWS_IN_GROUP,
        compression="zstd",
        store_schema=True,
        write_page_checksum=True,
    )
    content = buffer.getvalue().to_pybytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o444)  # hard links share it: an edit would change older snapshots too
    sync(path)
    return Entry.of(content, len(rows))


def read_rows(contents: Contents, name: str) -> pa.Table:
    """Return a file's rows as they were written, without the folder's year.

    Raises Refusal where the file is damaged.
    """
    path = contents.snapshot / name
    rows = _rows(path, contents.read(name))
    expected = contents.entries[name].rows if contents.entries is not None else len(rows)
    if len(rows) != expected:
        raise refusal("warehouse.damaged_table.rows", path=path, found=len(rows), rows=expected)
    return rows


def _rows(path: Path, content: bytes) -> pa.Table:
    with _opened(path, content) as file:
        return file.read()


@contextmanager
def _opened(path: Path, content: bytes) -> Iterator[pq.ParquetFile]:
    """Open what was read of a file; what Parquet cannot read of it is a Refusal."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(pa.BufferReader(content), page_checksum_verification=True) as file:
            yield file
    except (pa.ArrowException, OSError) as error:  # of damaged pages Arrow says OSError
        raise refusal("warehouse.damaged_table.unreadable", path=path, error=error) from error


def read_as(table: TableSpec, contents: Contents, name: str, *, latest: bool = False) -> pa.Table:
    """Return a file's rows with exactly the table's columns, whichever version wrote it.

    A column that it has not got yet is empty; one of an older form is converted. ``latest`` gives
    only the rows of the latest as-of date, and holds no others meanwhile.
    """
    if not latest:
        return _converted(table, read_rows(contents, name))
    with _opened(contents.snapshot / name, contents.read(name)) as file:
        return _converted(table, _latest(file))


def _latest(file: pq.ParquetFile) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    last = pc.max(file.read(columns=["as_of"])["as_of"])
    parts = [file.schema_arrow.empty_table()]
    for group in range(file.num_row_groups):
        days = file.read_row_group(group, columns=["as_of"])["as_of"]
        if pc.any(pc.equal(days, last)).as_py():
            rows = file.read_row_group(group)
            parts.append(rows.filter(pc.equal(rows["as_of"], last)))
    return pa.concat_tables(parts)


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


def carry_over(
    base: Contents, staged: Path, replaced: frozenset[tuple[str, str]]
) -> dict[str, Entry]:
    """Link every file of ``base`` into ``staged`` but those of the (table, document) replaced.

    Files of a table that has got columns, or another form of one, since they were written are
    written anew. All files of one table in one snapshot have the same columns, so the first one
    that stays shows it for all. Returns what the files must be; of those linked, by the manifest
    of ``base``. Refusal for a file that is gone or has another size.
    """
    entries = {}
    outdated: dict[str, bool] = {}
    for name in sorted(base.names):
        table = name.split("/")[0]
        if (table, Path(name).stem) in replaced:
            continue
        if table not in outdated:
            outdated[table] = _is_outdated(table, base, name)
        target = staged / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if outdated[table]:
            entries[name] = _write_converted(TABLES[table], base, name, target)
        else:
            entries[name] = entry_of(base, name)
            _link(base.snapshot / name, target)
    return entries


def entry_of(contents: Contents, name: str) -> Entry:
    """Return what a file must be: by the manifest, whose size it must have; else as it is now."""
    if contents.entries is None:
        content = contents.read(name)
        return Entry.of(content, len(_rows(contents.snapshot / name, content)))
    entry = contents.entries[name]
    path = contents.snapshot / name
    if not path.is_file() or path.stat().st_size != entry.size:
        contents.read(name)
    return entry


def _link(path: Path, target: Path) -> None:
    """Link the file, or copy it where the file system has no hard links."""
    try:
        os.link(path, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        shutil.copy2(path, target)
        sync(target)


def _is_outdated(table: str, contents: Contents, name: str) -> bool:
    """Whether a file of a table is of an older form."""
    if table not in TABLES:
        return False
    with _opened(contents.snapshot / name, contents.read(name)) as file:
        return any(older_columns(TABLES[table], file.schema_arrow))


def _write_converted(table: TableSpec, base: Contents, name: str, target: Path) -> Entry:
    """Write the file again with the columns of this version."""
    rows = read_rows(base, name)
    kept = {key.decode(): value.decode() for key, value in (rows.schema.metadata or {}).items()}
    return write_table(_converted(table, rows), target, kept)


def sync_folders(top: Path) -> None:
    """Wait until every folder under ``top``, and itself, is on the disk."""
    for folder, _, _ in os.walk(top, topdown=False):
        sync(Path(folder))
