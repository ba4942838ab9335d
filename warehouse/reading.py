"""Reading a table of the current snapshot into a frame."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from common.refusal import Refusal
from schemas.tables.frames import arrow_schema, arrow_to_frame
from schemas.tables.registry import TABLES, YEAR
from warehouse.files import data_files, read_as
from warehouse.query import query, require_snapshot

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def read_table(warehouse: Path, name: str) -> pd.DataFrame:
    """Return a table's rows with the year as the last column, typed as the contract says.

    Rows come by year and document, within a document in printed order. Refusal where nothing
    is landed; KeyError for a table that does not exist.
    """
    return read_tables(warehouse, (name,))[name]


def read_tables(warehouse: Path, names: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    """Return several tables of one and the same snapshot; see :func:`read_table`."""
    snapshot = require_snapshot(warehouse)
    return {name: arrow_to_frame(_read(snapshot, name)) for name in names}


def _read(snapshot: Path, name: str) -> pa.Table:
    import pyarrow as pa

    schema = arrow_schema(TABLES[name])
    read = [
        _with_year(read_as(TABLES[name], path), year) for year, path in data_files(snapshot, name)
    ]
    return pa.concat_tables(read or [_with_year(schema.empty_table(), 0)])


def _with_year(rows: pa.Table, year: int) -> pa.Table:
    import pyarrow as pa

    return rows.append_column(YEAR.name, pa.repeat(pa.scalar(year, pa.int64()), len(rows)))


def current_document(warehouse: Path, year: int) -> str:
    """Return the id of the document in force for a year; see the view ``current_notices``.

    Refusal where nothing is landed, no official document of the year is, or several offices'
    are, so that one must be named.
    """
    rows = query(
        warehouse,
        f"SELECT document_id, coalesce(issuer, '') FROM current_notices WHERE year = {year:d}",
    ).rows
    if len(rows) == 1:
        return str(rows[0][0])
    if not rows:
        raise Refusal(
            "no_document_of_year",
            f"no official notice of {year} is landed in {warehouse}",
            f"数据仓库“{warehouse}”中没有{year}年度的正式通知。请先用 kaohe ingest 导入，"
            "或用 --document 指明要用的文件。",
        )
    named = [f"{document_id}（{issuer or '发文单位不明'}）" for document_id, issuer in rows]
    raise Refusal(
        "several_in_force",
        f"{len(rows)} notices are in force for {year}: {', '.join(str(row[0]) for row in rows)}",
        f"{year}年度有{len(rows)}份不同单位的正式通知：{'、'.join(named)}。"
        "请用 --document 指明其中一份；diff 和 keys 请直接写文件编号。",
    )
