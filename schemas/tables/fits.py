"""Whether rows surely fit their table, told by Arrow in a tenth of the time that Pandera takes.

Pandera takes its time for each column, however few rows there are, and half a second to import and
to build its models. Nearly everything fits; what may not is left to the models, which name it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from schemas.tables.column import Column
from schemas.tables.frames import arrow_schema
from schemas.tables.registry import TableSpec

if TYPE_CHECKING:
    import pyarrow as pa


def fits(table: TableSpec, rows: pa.Table) -> bool:
    """Tell whether rows surely fit: exact columns and types, values, ranges, unique key.

    False where they do not, and where only the model can tell (a number that is none).
    """
    if not rows.schema.equals(arrow_schema(table)):
        return False
    if not rows.num_rows:
        return True
    fitting = all(_column_fits(each, rows.column(each.name)) for each in table.columns)
    return fitting and _is_unique(rows.select(list(table.key)))


def _column_fits(column: Column, values: Any) -> bool:
    if values.null_count:
        if not column.nullable:
            return False
        values = values.drop_null()
    return not len(values) or (
        _is_listed(column, values) and _is_in_range(column, values) and _has_form(column, values)
    )


def _is_listed(column: Column, values: Any) -> bool:
    import pyarrow as pa
    import pyarrow.compute as pc

    if not column.values:
        return True
    return bool(pc.all(pc.is_in(values, pa.array(column.values, values.type))).as_py())


def _is_in_range(column: Column, values: Any) -> bool:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_floating(values.type) and not pc.all(pc.is_finite(values)).as_py():
        return False
    if column.minimum is None:
        return True
    least, most = pc.min_max(values).as_py().values()
    return bool(column.minimum <= least and (column.maximum is None or most <= column.maximum))


def _has_form(column: Column, values: Any) -> bool:
    if column.pattern is None:
        return True
    form = re.compile(column.pattern, re.ASCII)  # which Arrow would make anew for every column
    return all(map(form.fullmatch, values.unique().to_pylist()))


def _is_unique(keys: pa.Table) -> bool:
    # no threads: processes are forked from this one
    grouped = keys.group_by(keys.column_names, use_threads=False).aggregate([])
    return bool(grouped.num_rows == keys.num_rows)
