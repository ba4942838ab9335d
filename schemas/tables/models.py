"""Pandera models made from the tables' descriptions, and the check of what is to be landed.

Pandera and pandas are imported inside the functions: only landing pays for them, and for Pandera
only where something may not fit.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from common.messages import message
from schemas.tables.column import Column
from schemas.tables.crosschecks import cross_problems
from schemas.tables.fits import fits
from schemas.tables.frames import (
    Rows,
    arrow_schema,
    arrow_to_frame,
    arrow_type,
    frame_to_arrow,
    together,
)
from schemas.tables.problems import Problem, refuse
from schemas.tables.registry import DOCUMENT_TABLES, TABLES, TableSpec

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa
    import pyarrow

_UNIQUE = "multiple_fields_uniqueness"


@cache
def model(table: TableSpec) -> pa.DataFrameSchema:
    """Return the table's Pandera model: exact columns and types, values, ranges, unique key.

    Nothing is coerced: text that should have been a number is a failure, not a number.
    """
    import pandera.pandas as pa

    return pa.DataFrameSchema(
        {column.name: _model_column(column) for column in table.columns},
        strict=True,
        ordered=True,
        coerce=False,
        unique=list(table.key),
        report_duplicates="exclude_first",
        name=table.name,
        description=table.grain,
    )


def _model_column(column: Column) -> pa.Column:
    import pandas as pd
    import pandera.pandas as pa

    return pa.Column(
        pd.ArrowDtype(arrow_type(column.kind)),
        checks=_checks(column),
        nullable=column.nullable,
        description=column.description,
        metadata={"unit": column.unit},
    )


def _checks(column: Column) -> list[pa.Check]:
    import pandera.pandas as pa

    checks = []
    if column.values:
        checks.append(pa.Check.isin(column.values, error=column.expected.en))
    if column.minimum is not None:
        upper = math.inf if column.maximum is None else column.maximum
        checks.append(pa.Check.in_range(column.minimum, upper, error=column.expected.en))
    if column.pattern is not None:
        pattern = column.pattern
        checks.append(
            pa.Check(lambda texts: texts.str.fullmatch(pattern), error=column.expected.en)
        )
    return checks


def validate(frames: Mapping[str, Rows]) -> None:
    """Check one document's frames against the models and the rules across rows.

    Raises Refusal that names every cell that does not fit (the first ten in words). The rules
    across rows come first in it, since they say more than the empty cells they leave behind.
    """
    sound = _sound(frames)
    problems = cross_problems(sound)
    for name, frame in frames.items():
        if name not in sound or not fits(TABLES[name], sound[name]):
            problems.extend(model_problems(TABLES[name], _as_frame(frame)))
    if problems:
        raise refuse(problems, _source_name(frames))


def validate_all(documents: Sequence[Mapping[str, Rows]]) -> None:
    """Check the frames of several documents, as :func:`validate` checks those of one.

    Looking at a column takes its time, however few rows it has: the rows of all documents are
    looked at together, and those of each only where something does not fit.
    """
    if len(documents) == 1 or not _all_fit(documents):
        for frames in documents:
            validate(frames)


def _all_fit(documents: Sequence[Mapping[str, Rows]]) -> bool:
    parts: dict[str, list[pyarrow.Table]] = {}
    for frames in documents:
        sound = _sound(frames)
        if len(sound) < len(frames) or cross_problems(sound):
            return False
        for name, rows in sound.items():
            parts.setdefault(name, []).append(rows)
    return all(fits(TABLES[name], together(own)) for name, own in parts.items())


def _sound(frames: Mapping[str, Rows]) -> dict[str, pyarrow.Table]:
    """Return as Arrow tables those frames that have their tables' columns and types."""
    return {
        name: frame_to_arrow(TABLES[name], frame)
        for name, frame in frames.items()
        if _has_its_types(TABLES[name], frame)
    }


def _has_its_types(table: TableSpec, frame: Rows) -> bool:
    import pyarrow as pa

    if isinstance(frame, pa.Table):
        return bool(frame.schema.equals(arrow_schema(table)))
    return list(frame.columns) == list(table.names) and list(frame.dtypes) == _types(table)


@cache
def _types(table: TableSpec) -> list[pd.ArrowDtype]:
    import pandas as pd

    return [pd.ArrowDtype(arrow_type(column.kind)) for column in table.columns]


def _as_frame(frame: Rows) -> pd.DataFrame:
    import pyarrow as pa

    return arrow_to_frame(frame) if isinstance(frame, pa.Table) else frame


@cache
def warm_up() -> None:
    """Import what validation of sound rows needs, while documents are read; once.

    pandas and Pandera are imported where something does not fit, which is rare.
    """
    import pyarrow.acero
    import pyarrow.compute  # noqa: F401

    for table in DOCUMENT_TABLES.values():
        arrow_schema(table)


def model_problems(table: TableSpec, frame: pd.DataFrame) -> list[Problem]:
    """Return where the frame does not fit its model; the frame's index must be unique."""
    from pandera.errors import SchemaErrors

    try:
        model(table).validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases.to_dict("records")
        return list(dict.fromkeys(_problem(table, frame, case) for case in cases))
    return []


def _problem(table: TableSpec, frame: pd.DataFrame, case: Mapping[Hashable, object]) -> Problem:
    """Return a failure with its row's place; Pandera gives only the row's index."""
    check = str(case["check"])
    known = {column.name: column for column in table.columns}
    column = known.get(str(case["column"]))
    if check == _UNIQUE:
        name, expected = "+".join(table.key), message("schemas.misfit.key")
    elif column is None:
        name = str(case["failure_case"])
        expected = message("schemas.misfit.columns", table=table.name)
    elif check == "not_nullable":
        name = column.name
        expected = message("schemas.misfit.value", description=column.description)
    else:
        name, expected = column.name, column.expected
    row = _row_at(frame, case["index"])
    value = row.get(name, case["failure_case"]) if check != _UNIQUE else _key_of(table, row)
    return Problem.of(row, table.name, name, _plain(value), expected)


def _row_at(frame: pd.DataFrame, index: object) -> dict[str, object]:
    """Return the row at this index as plain values; empty where the failure has no row."""
    if index is None or index not in frame.index:
        return {}
    row = frame.loc[[index]].to_dict("records")[0]
    return {str(name): _plain(value) for name, value in row.items()}


def _key_of(table: TableSpec, row: Mapping[str, object]) -> str:
    return "/".join(str(row.get(name)) for name in table.key)


def _plain(value: object) -> object:
    """Return None for pandas' missing value, lists as text, others unchanged."""
    import pandas as pd

    if value is pd.NA or value is pd.NaT:
        return None
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def _source_name(frames: Mapping[str, Rows]) -> str:
    notices = frames.get("notices")
    if notices is None:
        return "?"
    notices = _as_frame(notices)
    if len(notices) == 0 or "source_name" not in notices:
        return "?"
    return str(notices["source_name"].iloc[0])
