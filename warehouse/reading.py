"""Reading a table of the current snapshot into a frame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from common.refusal import refusal
from schemas.records.rows import NoticeRow
from schemas.tables.frames import arrow_schema, arrow_to_frame, rows_as
from schemas.tables.registry import SCORES, TABLES, YEAR
from schemas.vocabulary import word
from warehouse.contents import Contents, year_of
from warehouse.files import opened, read_as, read_columns, read_where
from warehouse.parts import documents_of, read_part
from warehouse.snapshots import require_snapshot
from warehouse.views import current_notices

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_OF_STANDING = (
    *("document_id", YEAR.name, "issuer", "role", "supersedes"),
    *("issued_on", "received_on", "landed_at", "inputs_sha256"),
)


def read_table(warehouse: Path, name: str) -> pd.DataFrame:
    """Return a table's rows with the year as the last column, typed as the contract says.

    Rows come by year and document, within a document in printed order. Refusal where nothing
    is landed; KeyError for a table that does not exist.
    """
    return read_tables(warehouse, (name,))[name]


def read_tables(
    warehouse: Path, names: tuple[str, ...], latest: tuple[str, ...] = ()
) -> dict[str, pd.DataFrame]:
    """Return several tables of one and the same snapshot; see :func:`read_table`.

    Of the tables in ``latest`` only the rows of each document's latest as-of date.
    """
    return read_snapshot(require_snapshot(warehouse), names, latest)


def read_snapshot(
    snapshot: Path, names: tuple[str, ...], latest: tuple[str, ...] = ()
) -> dict[str, pd.DataFrame]:
    """Return several tables of a snapshot; see :func:`read_tables`."""
    contents = Contents(snapshot)
    return {name: arrow_to_frame(_read(contents, name, name in latest)) for name in names}


def read_rows_with(snapshot: Path, name: str, column: str, values: Iterable[str]) -> pd.DataFrame:
    """Return a table's rows that have one of these texts in a column; see :func:`read_table`.

    Nothing else of the table is held meanwhile but a part of it; by ``document_id`` no part is
    opened that has none of them.
    """
    return arrow_to_frame(rows_with(snapshot, name, column, values))


def rows_with(snapshot: Path, name: str, column: str, values: Iterable[str]) -> pa.Table:
    """Return the same rows as an Arrow table; see :func:`read_rows_with`."""
    import pyarrow as pa

    contents, wanted = Contents(snapshot), set(values)
    parts = [part for _, part in contents.files(name)]
    if column == "document_id":
        parts = contents.holding(name, wanted)
    texts = pa.array(wanted, pa.string())
    read = [
        _with_year(read_where(TABLES[name], contents, part, column, texts), year_of(part))
        for part in parts
    ]
    nothing = _with_year(arrow_schema(TABLES[name]).empty_table(), 0)
    return _in_order(read or [nothing])


def landed_notices(snapshot: Path) -> list[NoticeRow]:
    """Return what says which notices are in force, of all that are landed, by year and document.

    Fixed questions are answered from rows as these: to start DuckDB takes ten times as long.
    """
    return rows_as(NoticeRow, _read(Contents(snapshot), "notices", False), _OF_STANDING)


def landed_days(snapshot: Path) -> dict[str, set[date]]:
    """Return the days of which scores are landed, by document. Refusal for a damaged file."""
    contents = Contents(snapshot)
    keys = ["document_id", "as_of"]
    days: dict[str, set[date]] = {}
    for _, name in contents.files(SCORES.name):
        with opened(snapshot / name, contents.read(name)) as file:
            found = file.read(columns=keys).group_by(keys, use_threads=False).aggregate([])
        for row in found.to_pylist():
            days.setdefault(row["document_id"], set()).add(row["as_of"])
    return days


def read_document(
    snapshot: Path, document: str, names: tuple[str, ...], latest: tuple[str, ...] = ()
) -> dict[str, pa.Table]:
    """Return a document's rows of several tables of a snapshot; see :func:`read_tables`."""
    contents = Contents(snapshot)
    found = {name: _of_document(contents, name, document) for name in names}
    return {name: _of_latest_day(rows) if name in latest else rows for name, rows in found.items()}


def read_own(
    warehouse: Path, document: str, names: tuple[str, ...], latest: tuple[str, ...] = ()
) -> dict[str, pd.DataFrame]:
    """Return the same of the current snapshot as frames; no part without the document is opened."""
    found = read_document(require_snapshot(warehouse), document, names, latest)
    return {name: arrow_to_frame(rows) for name, rows in found.items()}


def _of_document(contents: Contents, name: str, document: str) -> pa.Table:
    for part in contents.holding(name, (document,)):
        held = read_part(TABLES[name], contents, part).get(document)
        if held is not None:
            return _with_year(held.rows, year_of(part))
    return _with_year(arrow_schema(TABLES[name]).empty_table(), 0)


def _of_latest_day(rows: pa.Table) -> pa.Table:
    import pyarrow.compute as pc

    return rows.filter(pc.equal(rows["as_of"], pc.max(rows["as_of"])))


def _read(contents: Contents, name: str, latest: bool) -> pa.Table:
    schema = arrow_schema(TABLES[name])
    read = [
        _with_year(read_as(TABLES[name], contents, file, latest=latest), year)
        for year, file in contents.files(name)
    ]
    return _in_order(read or [_with_year(schema.empty_table(), 0)])


def _in_order(parts: Sequence[pa.Table]) -> pa.Table:
    """Return the rows of parts by year and document; they are moved only where they must be."""
    import pyarrow as pa
    import pyarrow.compute as pc

    keys = (YEAR.name, "document_id")
    filled = [part for part in parts if len(part)]
    ends = [tuple(part[key][place].as_py() for key in keys) for part in filled for place in (0, -1)]
    rows = pa.concat_tables(parts)
    if ends == sorted(ends):
        return rows
    places = pc.sort_indices(rows, [(key, "ascending") for key in keys])  # rows alike stay in order
    return rows.take(places)


def _with_year(rows: pa.Table, year: int) -> pa.Table:
    import pyarrow as pa

    return rows.append_column(YEAR.name, pa.repeat(pa.scalar(year, pa.int64()), len(rows)))


@lru_cache(maxsize=1)
def landed_documents(snapshot: Path) -> Mapping[str, int]:
    """Return the documents of which a notice is landed, with the year of each."""
    contents = Contents(snapshot)
    return {
        document: year
        for year, name in contents.files("notices")
        for document in documents_of(contents, name)
    }


@lru_cache(maxsize=1)
def landed_issuers(snapshot: Path) -> Sequence[tuple[int, str | None]]:
    """Return year and issuer of each notice that is landed, None where it names none."""
    contents = Contents(snapshot)
    found: list[tuple[int, str | None]] = []
    for year, name in contents.files("notices"):
        rows = read_columns(contents, name, ("document_id", "issuer")).to_pylist()
        found += [(year, row.get("issuer")) for row in rows]
    return found


def current_document(warehouse: Path, year: int) -> str:
    """Return the id of the document in force for a year; see the view ``current_notices``.

    Refusal where nothing is landed, no official document of the year is, or several offices'
    are, so that one must be named.
    """
    notices = current_notices(landed_notices(require_snapshot(warehouse)))
    rows = [each for each in notices if each["year"] == year]
    if len(rows) == 1:
        return rows[0]["document_id"]
    if not rows:
        raise refusal("warehouse.no_document_of_year", year=year, warehouse=warehouse)
    unknown = word("missing", "issuer")
    named = [f"{each['document_id']}（{each['issuer'] or unknown}）" for each in rows]
    raise refusal(
        "warehouse.several_in_force",
        year=year,
        count=len(rows),
        ids=", ".join(each["document_id"] for each in rows),
        named="、".join(named),
    )
