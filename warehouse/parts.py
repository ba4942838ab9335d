"""A part of a table: the rows of one or more documents of a year, in it in the order of their ids.

The file says itself which documents it holds, those without rows of the table among them: how many
rows each has, one document after the other, and who made them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from common.files import sha256_of_bytes
from common.refusal import Refusal, refusal
from schemas.tables.registry import TableSpec
from warehouse.contents import Contents, first_of
from warehouse.files import converted, older_columns, opened, read_rows, write_table
from warehouse.manifest import Entry

if TYPE_CHECKING:
    import pyarrow as pa

#: A document weighs its rows and as much as so many more: what the file says of it is read and
#: written with them.
OF_A_DOCUMENT = 25


class _Stamp(TypedDict):
    """What a part says of one of its documents."""

    rows: int
    run_id: str
    code_version: str
    sha256: str


_Stamps = Mapping[str, _Stamp]


@dataclass(frozen=True, slots=True)
class Held:
    """One document's rows of a table, and who made them; ``sha256`` is of the rows."""

    rows: pa.Table
    run_id: str
    code_version: str
    sha256: str

    @property
    def weight(self) -> int:
        """What it counts towards the size of a part."""
        return len(self.rows) + OF_A_DOCUMENT


def hold(rows: pa.Table, run_id: str, code_version: str) -> Held:
    """Return a document's rows with who made them."""
    return Held(rows, run_id, code_version, _sha256_of(rows))


def weight_of(entry: Entry) -> int:
    """Return what a part counts."""
    return entry.rows + entry.documents * OF_A_DOCUMENT


def packed(held: Mapping[str, Held], limit: int) -> Iterator[dict[str, Held]]:
    """Yield the documents in their order, as parts of about equal weight that none is cut by."""
    whole = sum(each.weight for each in held.values())
    most = whole / max(ceil(whole / limit), 1)
    part: dict[str, Held] = {}
    filled = 0.0
    for document, own in held.items():
        part[document] = own
        filled += own.weight
        if filled >= most:
            yield part
            part, filled = {}, 0.0
    if part:
        yield part


def write_part(held: Mapping[str, Held], path: Path) -> Entry:
    """Write a part of one or more documents; see :func:`warehouse.files.write_table`."""
    import pyarrow as pa

    stamps: _Stamps = {
        document: {
            "rows": len(each.rows),
            "run_id": each.run_id,
            "code_version": each.code_version,
            "sha256": each.sha256,
        }
        for document, each in sorted(held.items())
    }
    rows = pa.concat_tables([held[document].rows for document in stamps])
    metadata = {"documents": json.dumps(stamps, ensure_ascii=False)}
    return write_table(rows, path, metadata, len(stamps))


def read_part(table: TableSpec, contents: Contents, name: str) -> dict[str, Held]:
    """Return each document of a part, its rows with the columns of this version.

    Raises Refusal where the file is damaged, or has columns that this version does not know and
    would lose.
    """
    raw = read_rows(contents, name)
    if surplus := [column for column in raw.column_names if column not in table.names]:
        path = contents.snapshot / name
        raise refusal("warehouse.newer_version", path=path, columns=", ".join(surplus))
    rows, place = converted(table, raw), 0
    held = {}
    for document, stamp in _stamps(contents, name, raw.schema.metadata, len(rows)).items():
        own = rows.slice(place, stamp["rows"])
        place += stamp["rows"]
        sha256 = stamp["sha256"] or _sha256_of(own)
        held[document] = Held(own, stamp["run_id"], stamp["code_version"], sha256)
    return held


def is_older(table: TableSpec, contents: Contents, name: str) -> bool:
    """Whether a file has not got all columns of this version, or one in an older form."""
    with opened(contents.snapshot / name, contents.read(name)) as file:
        return any(older_columns(table, file.schema_arrow))


def documents_of(contents: Contents, name: str) -> dict[str, int]:
    """Return the documents of a part with the rows of each; no rows are read."""
    return {document: stamp["rows"] for document, stamp in _told(contents, name).items()}


def mark_of(table: TableSpec, contents: Contents, document: str) -> str:
    """Return a hash of a document's rows, whatever year it is landed under; "" for none."""
    for name in contents.holding(table.name, (document,)):
        if (stamp := _told(contents, name).get(document)) is not None:
            return stamp["sha256"] or read_part(table, contents, name)[document].sha256
    return ""


def rows_of(table: TableSpec, contents: Contents, document: str) -> pa.Table | None:
    """Return a document's rows, whatever year it is landed under; None where it is not."""
    for name in contents.holding(table.name, (document,)):
        if (own := read_part(table, contents, name).get(document)) is not None:
            return own.rows
    return None


def _told(contents: Contents, name: str) -> _Stamps:
    with opened(contents.snapshot / name, contents.read(name)) as file:
        return _stamps(contents, name, file.schema_arrow.metadata, file.metadata.num_rows)


def _stamps(
    contents: Contents, name: str, metadata: Mapping[bytes, bytes] | None, rows: int
) -> _Stamps:
    """Return what a part says of its documents; one of an older version holds one."""
    told = metadata or {}
    if b"documents" not in told:
        run_id, code_version = (told.get(key, b"").decode() for key in (b"run_id", b"code_version"))
        one: _Stamp = {"rows": rows, "run_id": run_id, "code_version": code_version, "sha256": ""}
        return {first_of(name): one}
    stamps: _Stamps = json.loads(told[b"documents"])
    counted = sum(stamp["rows"] for stamp in stamps.values())
    if counted != rows:
        raise _miscounted(contents, name, rows, counted)
    return stamps


def _miscounted(contents: Contents, name: str, found: int, counted: int) -> Refusal:
    path = contents.snapshot / name
    return refusal("warehouse.damaged_table.rows", path=path, found=found, rows=counted)


def _sha256_of(rows: pa.Table) -> str:
    """Return a hash of rows, whatever is said of the columns."""
    import pyarrow as pa

    plain = pa.table(rows.columns, names=rows.column_names).combine_chunks()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, plain.schema) as stream:
        stream.write_table(plain)
    return sha256_of_bytes(sink.getvalue())
