"""One Parquet file of a table: written, read, and read as this version's columns."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from common.declared import declared_list
from common.files import sha256_of_bytes, sync
from common.messages import message
from common.refusal import refusal
from schemas.records.rows import NoticeRow
from schemas.tables.frames import arrow_schema, rows_as
from schemas.tables.package import (
    CITED,
    MOST_SOURCES,
    PackageFile,
    PackageTable,
    descriptor,
)
from schemas.tables.registry import NOTICES, TABLES, TableSpec
from warehouse.contents import Contents
from warehouse.manifest import Entry

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

#: So many rows are decoded at a time: of one document, or of a year's scores of many days, only
#: those asked for.
ROWS_IN_GROUP = 4_000


def write_table(
    rows: pa.Table, path: Path, metadata: Mapping[str, str], documents: int = 1
) -> Entry:
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
    with path.open("xb") as file:
        file.write(content)
    path.chmod(0o444)  # hard links share it: an edit would change older snapshots too
    sync(path)
    return Entry.of(content, len(rows), documents)


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
    with opened(path, content) as file:
        return _whole(file)


def _whole(file: pq.ParquetFile, columns: Sequence[str] | None = None) -> pa.Table:
    """Return a file's rows; of one group of rows threads cost more than they save."""
    return file.read(columns=columns, use_threads=file.num_row_groups > 1)


def _group(file: pq.ParquetFile, group: int, columns: Sequence[str] | None = None) -> pa.Table:
    """Return one group of a file's rows; see :func:`_whole`."""
    return file.read_row_group(group, columns=columns, use_threads=False)


@contextmanager
def opened(path: Path, content: bytes) -> Iterator[pq.ParquetFile]:
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

    A column that it has not got yet is filled or empty; one of an older form is converted.
    ``latest`` gives only the rows of the latest as-of date, and holds no others meanwhile.
    """
    if not latest:
        return converted(table, read_rows(contents, name))
    with opened(contents.snapshot / name, contents.read(name)) as file:
        return converted(table, _latest(file))


def read_columns(contents: Contents, name: str, columns: Sequence[str]) -> pa.Table:
    """Return these columns of a file's rows, as far as it has them; no thread is started for it."""
    with opened(contents.snapshot / name, contents.read(name)) as file:
        there = [column for column in columns if column in file.schema_arrow.names]
        return file.read(columns=there, use_threads=False)


def read_where(
    table: TableSpec, contents: Contents, name: str, column: str, values: pa.Array
) -> pa.Table:
    """Return a file's rows that have one of these texts in a column; see :func:`read_as`.

    Only groups of rows that may hold one, by their statistics, are decoded.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    with opened(contents.snapshot / name, contents.read(name)) as file:
        parts = [file.schema_arrow.empty_table()]
        for group in _groups(file, column, values):
            rows = _group(file, group)
            parts.append(rows.filter(pc.is_in(rows[column], values)))
    return converted(table, pa.concat_tables(parts))


def _groups(file: pq.ParquetFile, column: str, values: pa.Array) -> Iterator[int]:
    """Yield the groups of rows whose least and greatest text have one of the values between."""
    texts = sorted(values.to_pylist())
    place = file.schema_arrow.get_field_index(column)
    for group in range(file.num_row_groups):
        found = file.metadata.row_group(group).column(place).statistics
        if found is None or not found.has_min_max:
            yield group
            continue
        first = bisect_left(texts, found.min)
        if first < len(texts) and texts[first] <= found.max:
            yield group


def _latest(file: pq.ParquetFile) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    keys = ["document_id", "as_of"]
    days = _whole(file, keys).group_by("document_id").aggregate([("as_of", "max")])
    parts = [file.schema_arrow.empty_table()]
    for group in range(file.num_row_groups):
        own = _group(file, group, keys)
        places = pc.index_in(own["document_id"], days["document_id"].combine_chunks())
        is_last = pc.equal(own["as_of"], days["as_of_max"].take(places))
        if pc.any(is_last).as_py():
            parts.append(_group(file, group).filter(is_last))
    return pa.concat_tables(parts)


def package_of(contents: Contents, paths: Mapping[str, str]) -> bytes:
    """Return the descriptor of a snapshot's tables; ``paths`` are of its files, from there."""
    tables = {name: _package_table(contents, table, paths) for name, table in TABLES.items()}
    few = sum(map(len, contents.documents.values())) <= MOST_SOURCES
    notices = [
        row
        for _, name in contents.files(NOTICES.name)
        if few
        for row in rows_as(NoticeRow, read_as(NOTICES, contents, name), CITED)
    ]
    moment = datetime.strptime(contents.snapshot.name.rpartition("-")[2], "%Y%m%dT%H%M%S%z")
    cited = notices if few else None
    described = descriptor(contents.snapshot.name, moment.isoformat(), tables, cited)
    return json.dumps(described, ensure_ascii=False).encode()


def _package_table(contents: Contents, table: TableSpec, paths: Mapping[str, str]) -> PackageTable:
    """Return a table's files with the columns that they have: one says it for all of a snapshot."""
    names = [name for _, name in contents.files(table.name)]
    columns: Sequence[str] = table.names
    if names and not contents.is_current(table.name):
        with opened(contents.snapshot / names[0], contents.read(names[0])) as file:
            columns = file.schema_arrow.names
    return PackageTable([_package_file(contents, name, paths[name]) for name in names], columns)


def _package_file(contents: Contents, name: str, path: str) -> PackageFile:
    if contents.entries is not None:
        return PackageFile(path, contents.entries[name].size, contents.entries[name].sha256)
    content = contents.read(name)
    return PackageFile(path, len(content), sha256_of_bytes(content))


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


def converted(table: TableSpec, rows: pa.Table) -> pa.Table:
    """Return the rows with exactly the table's columns, without what the file says of itself."""
    import pyarrow as pa

    schema = arrow_schema(table)
    if rows.schema.equals(schema):
        return pa.table(rows.columns, schema=schema)
    missing, older = older_columns(table, rows.schema)
    columns = []
    for field in schema:
        if field.name in missing:
            columns.append(_filled(table.name, field.name, rows, field.type))
        elif field.name in older:
            columns.append(_structs(rows[field.name], field.type))
        else:
            columns.append(rows[field.name].cast(field.type))
    return pa.table(columns, schema=schema)


def _filled(table: str, column: str, rows: pa.Table, kind: pa.DataType) -> pa.Array:
    """Return a column that the rows have not got: from what stands in others, else empty."""
    import pyarrow as pa

    if (table, column) == ("methods", "left_out") and "reason" in rows.schema.names:
        return pa.array([_left_out(each) for each in rows["reason"].to_pylist()], kind)
    return pa.nulls(len(rows), kind)


def _left_out(reason: str | None) -> list[str]:
    """Return what a rule leaves out, from the one text that older versions kept of it."""
    names = declared_list("schemas", "method_gaps", "answered")
    answered = {message(f"normalize.method_gap.{name}").zh for name in names}
    before, after = message("normalize.method_gap.unread", text="\0").zh.split("\0")
    found: list[str] = []
    for each in (reason or "").split("；"):
        if each.startswith(before) and each.endswith(after):
            clauses = each.removeprefix(before).removesuffix(after).split("，")
            found += [f"“{clause}”" for clause in clauses]
        elif each and each not in answered:
            found.append(each)
    return found


def _structs(texts: pa.ChunkedArray, kind: pa.DataType) -> pa.Array:
    """Return lists of structs whose field ``text`` is each text and whose others are empty."""
    import pyarrow as pa

    lists = [None if row is None else [{"text": text} for text in row] for row in texts.to_pylist()]
    return pa.array(lists, kind)
