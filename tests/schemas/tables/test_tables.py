"""The committed dictionary is the contract: it tells of every table and column, in their order."""

from __future__ import annotations

import re
from pathlib import Path

from schemas.records import rows
from schemas.tables.column import SQL_TYPES
from schemas.tables.columns import COLUMNS
from schemas.tables.dictionary import markdown, row_class, row_types
from schemas.tables.registry import TABLES
from tests.support.for_each import for_each
from tests.support.paths import DOCS


@for_each("table", TABLES.values())
def test_key_columns_are_there_and_never_empty(table) -> None:  # type: ignore[no-untyped-def]
    assert table.grain.startswith("one row")
    for name in table.key:
        assert not table.column(name).nullable


def test_every_column_is_described_and_used() -> None:
    used = {column for table in TABLES.values() for column in table.columns}
    names = {column.name for column in used} | {"year"}
    assert names == {key.rpartition(".")[2] for key in COLUMNS}
    assert {key for key in COLUMNS if "." in key} <= {
        f"{table.name}.{name}" for table in TABLES.values() for name in table.names
    }
    for column in COLUMNS.values():
        assert column.description
        assert column.kind in SQL_TYPES


def test_numbers_have_units_where_one_may_doubt() -> None:
    for name in ("x0", "bottom", "base_points", "max_points", "target_value", "landed_at"):
        assert COLUMNS[name].unit


def test_committed_dictionary_is_current() -> None:
    committed = (DOCS / "data-dictionary.md").read_text(encoding="utf-8")
    assert committed == markdown(), "run make dictionary"


def test_committed_row_types_are_current() -> None:
    committed = Path(rows.__file__).read_text(encoding="utf-8")
    assert committed == row_types(), "run make dictionary"


def test_every_table_has_a_row_type_of_its_columns() -> None:
    for table in TABLES.values():
        names = getattr(rows, row_class(table)).__annotations__
        assert [*names] == [*table.names, "year"]
    assert [*rows.TableRows.__annotations__] == [*TABLES]


def test_dictionary_has_every_column_of_every_table() -> None:
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", markdown(), re.M | re.S))
    for table in TABLES.values():
        named = re.findall(r"^\| `(\w+)` \|", sections[table.name], re.M)
        assert named == [*table.names, "year"]
