"""Arrow schemas made from the tables' descriptions, and frames from and to Arrow and records.

pyarrow and pandas are imported inside the functions: who only reads a document needs neither.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from schemas.tables.registry import TableSpec

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from schemas.records.rows import TableRows

Row = dict[str, Any]
"""One row of a table by column; ``schemas.tables`` says what each column holds."""

Rows: TypeAlias = "pd.DataFrame | pa.Table"
"""A table's rows in memory: to be computed with, or as they land."""


@cache
def arrow_type(kind: str) -> pa.DataType:
    """Return the Arrow type that a column's short type name stands for."""
    import pyarrow as pa

    text, number = pa.string(), pa.float64()
    part = {"text": text, "subject": text, "operator": text, "value": number, "unit": text}
    alternative = {
        **{"text": text, "operator": text, "value": number, "unit": text, "max_points": number},
        **{"serial_no": pa.int64(), "entity": text},
    }
    note = {"header": text, "text": text}
    return {
        "string": pa.string(),
        "int64": pa.int64(),
        "float64": pa.float64(),
        "bool": pa.bool_(),
        "date32": pa.date32(),
        "timestamp[us, UTC]": pa.timestamp("us", tz="UTC"),
        "list<string>": pa.list_(pa.string()),
        "list<part>": pa.list_(pa.struct(part)),
        "list<alternative>": pa.list_(pa.struct(alternative)),
        "list<note>": pa.list_(pa.struct(note)),
    }[kind]


@cache
def arrow_schema(table: TableSpec) -> pa.Schema:
    """Return the table's Arrow schema; each field carries its description and unit."""
    import pyarrow as pa

    fields = [
        pa.field(
            column.name,
            arrow_type(column.kind),
            nullable=True,  # Parquet readers differ on required columns; Pandera holds this
            metadata={"description": column.description}
            | ({"unit": column.unit} if column.unit else {}),
        )
        for column in table.columns
    ]
    return pa.schema(fields, metadata={"table": table.name, "grain": table.grain})


def rows_to_frame(table: TableSpec, rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Return the rows as a frame whose columns have exactly the table's Arrow types.

    ValueError as :func:`rows_to_arrow` says.
    """
    return arrow_to_frame(rows_to_arrow(table, rows))


def rows_to_arrow(table: TableSpec, rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """Return the rows as an Arrow table of the table's schema.

    Every row must have exactly the table's columns (ValueError), so that none is lost silently.
    """
    import pyarrow as pa

    expected = set(table.names)
    for row in rows:
        if row.keys() != expected:
            raise ValueError(f"{table.name}: columns {sorted(row.keys() ^ expected)} do not fit")
    columns = [
        pa.array([row[field.name] for row in rows], type=field.type)
        for field in arrow_schema(table)
    ]
    return pa.table(columns, schema=arrow_schema(table))


def with_values(table: TableSpec, rows: pa.Table, values: Mapping[str, object]) -> pa.Table:
    """Return the rows with these values, the same in every row, by column."""
    import pyarrow as pa

    for name, value in values.items():
        field = arrow_schema(table).field(name)
        column = pa.array([value] * len(rows), type=field.type)
        rows = rows.set_column(table.names.index(name), field, column)
    return rows


def arrow_to_frame(arrow: pa.Table) -> pd.DataFrame:
    """Return the Arrow table as a frame that keeps its types.

    Nothing is copied. Where it has few rows, to let Arrow make the frame takes five times as long,
    and to let pandas look through the columns twice.
    """
    import numpy as np
    import pandas as pd
    from pandas.api.internals import (  # type: ignore[import-not-found]
        create_dataframe_from_blocks,
    )

    blocks = [
        (pd.arrays.ArrowExtensionArray(column), np.array([place]))
        for place, column in enumerate(arrow.columns)
    ]
    names = _index(tuple(arrow.column_names)).view()
    rows = pd.RangeIndex(len(arrow))
    frame: pd.DataFrame = create_dataframe_from_blocks(blocks, index=rows, columns=names)
    return frame


@lru_cache(maxsize=256)
def _index(names: tuple[str, ...]) -> pd.Index:
    """Return an index of columns, kept because tables are few and to make one takes long."""
    import pandas as pd

    return pd.Index(names)


def frame_to_arrow(table: TableSpec, frame: Rows) -> pa.Table:
    """Return the frame as an Arrow table of the table's schema, without pandas' own notes."""
    import pyarrow as pa

    if isinstance(frame, pa.Table):
        return frame
    schema = arrow_schema(table)
    held = _held_by_arrow(frame, list(frame.columns))
    if held is not None and held.schema.equals(schema):
        return pa.table(held.columns, schema=schema)
    return pa.Table.from_pandas(frame, schema=schema, preserve_index=False).replace_schema_metadata(
        schema.metadata
    )


def _held_by_arrow(frame: pd.DataFrame, names: Sequence[str]) -> pa.Table | None:
    """Return these columns of a frame that holds Arrow's own; None where one is of another kind.

    To let pandas choose the columns and convert them takes a frame of few rows six times as long.
    """
    import pandas as pd
    import pyarrow as pa

    columns = [frame[name].array for name in names]
    if not columns or not all(isinstance(each, pd.arrays.ArrowExtensionArray) for each in columns):
        return None
    arrays = [each.__arrow_array__() for each in columns]
    return pa.Table.from_arrays(arrays, names=[str(name) for name in names])


def plain_arrow(frame: Rows, names: Sequence[str] | None = None) -> pa.Table:
    """Return any frame as an Arrow table of the types that it has; of these columns where named."""
    import pyarrow as pa

    if isinstance(frame, pa.Table):
        return frame if names is None else frame.select(list(names))
    wanted = list(frame.columns if names is None else names)
    held = _held_by_arrow(frame, wanted)
    return pa.Table.from_pandas(frame[wanted], preserve_index=False) if held is None else held


def of_document(frame: pd.DataFrame, document_id: str) -> pd.DataFrame:
    """Return a document's rows, numbered anew; the frame itself where all are its own."""
    import pyarrow.compute as pc

    own = pc.equal(plain_arrow(frame, ["document_id"])["document_id"], document_id)
    return (
        frame if pc.all(own, min_count=0).as_py() else frame[own.to_numpy()].reset_index(drop=True)
    )


def records(frame: Rows, names: Sequence[str] | None = None) -> list[Row]:
    """Return a frame's rows as plain values by column, None where one is missing.

    Of these columns where some are named.
    """
    if not len(frame):
        return []
    rows: list[Row] = plain_arrow(frame, names).to_pylist()
    return rows


RowT = TypeVar("RowT")


def rows_as(
    kind: Callable[..., RowT], frame: Rows, names: Sequence[str] | None = None
) -> list[RowT]:
    """Return the rows of a frame that holds a table's, typed; see :func:`records`.

    ``kind`` is the table's of :mod:`schemas.records.rows`.
    """
    return cast("list[RowT]", records(frame, names))


def table_rows(tables: Mapping[str, Rows]) -> TableRows:
    """Return the rows of some tables, each under its name; see :func:`records`."""
    return cast("TableRows", {name: records(frame) for name, frame in tables.items()})


def together(parts: Sequence[pa.Table]) -> pa.Table:
    """Return the rows of several tables of one schema as one."""
    import pyarrow as pa

    return pa.concat_tables(parts).combine_chunks()
