"""What Arrow says fits quickly is what Pandera's models find nothing in, cell by cell."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from schemas.tables.column import Column
from schemas.tables.fits import fits
from schemas.tables.frames import arrow_to_frame, rows_to_arrow
from schemas.tables.models import model, model_problems
from schemas.tables.registry import TABLES, TableSpec
from tests.support.for_each import for_each

#: Texts of which each pattern takes one.
TEXTS = (
    *("tianhe-2021", "0123456789abcdef" * 4, "2021-Q1", "510101", "some.code", "tianhe-2021/1"),
    *("2021/一级/二级/指标", "0" * 12, "a" * 16, "k-0123456789ab"),
)
ODD = {
    "string": ("", "Two Words", "２０２１-Q1", "510101\n", "x" * 70),
    "int64": (-(10**12), -1, 0, 1, 10**15),
    "float64": (-1e16, -0.5, 0.0, 1.0, 1.5, 2e4, 1e16, float("inf"), float("nan")),
}
KEY = "multiple_fields_uniqueness"


def sound_value(column: Column) -> Any:
    """Return a value that the column takes."""
    if column.values:
        return column.values[0]
    if column.kind == "string":
        return next((text for text in TEXTS if _has_form(column, text)), None)
    if column.kind.startswith("list"):
        return []
    return {
        "int64": int(column.minimum or 0),
        "float64": float(column.minimum or 0.0),
        "bool": True,
        "date32": date(2021, 1, 1),
    }.get(column.kind, datetime(2021, 1, 1, tzinfo=UTC))


def _has_form(column: Column, text: str) -> bool:
    return column.pattern is None or re.fullmatch(column.pattern, text) is not None


def odd_rows(table: TableSpec) -> list[dict[str, Any]]:
    """Return a sound row, and many with one odd value: each of every column."""
    sound = {column.name: sound_value(column) for column in table.columns}
    odd = [
        sound | {column.name: value}
        for column in table.columns
        for value in (None, *column.values, *ODD.get(column.kind, ()))
    ]
    return [sound, *odd]


@pytest.mark.parametrize("name", TABLES)
def test_each_cell_fits_where_the_model_finds_nothing(name: str) -> None:
    from pandera.errors import SchemaErrors

    table = TABLES[name]
    rows = rows_to_arrow(table, odd_rows(table))
    with pytest.raises(SchemaErrors) as refused:
        model(table).validate(arrow_to_frame(rows), lazy=True)
    cases = refused.value.failure_cases
    wrong = set(cases[cases["check"] != KEY]["index"])
    said = {place for place in range(len(rows)) if not fits(table, rows.slice(place, 1))}
    assert 0 not in said, "the sound row is none"
    assert said == wrong | not_known(table, rows)


def not_known(table: TableSpec, rows: Any) -> set[int]:
    """Return the rows with a number that is none, of which Arrow leaves the say to the model."""
    kept = [column.name for column in table.columns if column.kind == "float64"]
    return {
        place
        for place, row in enumerate(rows.select(kept).to_pylist())
        if any(value is not None and not abs(value) < float("inf") for value in row.values())
    }


@for_each("name", TABLES)
def test_a_key_that_stands_twice_does_not_fit(name: str) -> None:
    table = TABLES[name]
    sound = {column.name: sound_value(column) for column in table.columns}
    assert fits(table, rows_to_arrow(table, []))
    assert fits(table, rows_to_arrow(table, [sound]))
    assert not fits(table, rows_to_arrow(table, [sound, sound]))


def test_other_columns_and_types_do_not_fit() -> None:
    table = TABLES["entities"]
    rows = rows_to_arrow(table, [])
    assert not fits(table, rows.drop_columns([table.names[-1]]))
    assert not fits(table, rows.select(list(reversed(table.names))))
    assert not fits(TABLES["cells"], rows)


def test_what_may_not_fit_is_named_by_the_model() -> None:
    table = TABLES["entities"]
    sound = {column.name: sound_value(column) for column in table.columns}
    problems = model_problems(table, arrow_to_frame(rows_to_arrow(table, [sound, sound])))
    assert [each.column for each in problems] == ["+".join(table.key)]
