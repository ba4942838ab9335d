"""The data dictionary and the types of the tables' rows, written from the tables' descriptions.

``make dictionary`` writes both anew: ``python -m schemas.tables.dictionary`` prints
``docs/data-dictionary.md``, and with ``rows`` behind it ``schemas/records/rows.py``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from schemas.tables.column import SQL_TYPES, Column
from schemas.tables.frames import arrow_type
from schemas.tables.registry import TABLES, YEAR, TableSpec

_HEAD = """# Data dictionary

Made from the modules in `schemas/tables/` that describe columns, and from `registry.py`; to change
it, change them and run `make dictionary`.

Tables are Parquet under `<warehouse>/current/<table>/year=<year>/*.parquet`, one file or, where it
is large, several, sorted by `document_id`. Text is UTF-8, times are UTC. Each file carries its
columns' descriptions and units, its documents, and for each the run and the version of kaohe that
made its rows. `datapackage.json` beside the tables says the same, with Chinese titles, to programs
that know Data Packages.
"""


def markdown() -> str:
    """Return the whole dictionary as Markdown."""
    return "\n".join([_HEAD, *(_table_markdown(table) for table in TABLES.values())])


def _table_markdown(table: TableSpec) -> str:
    lines = [
        f"## {table.name}",
        "",
        f"{table.grain.capitalize()}. Key: {', '.join(f'`{name}`' for name in table.key)}.",
        "",
        "| column | type | unit | empty | meaning |",
        "|---|---|---|---|---|",
        *(_column_markdown(column) for column in (*table.columns, YEAR)),
        "",
    ]
    return "\n".join(lines)


def _column_markdown(column: Column) -> str:
    meaning = column.description
    if column.values:
        meaning += ": " + ", ".join(f"`{value}`" for value in column.values)
    cells = (
        f"`{column.name}`",
        f"{column.kind} ({SQL_TYPES[column.kind]})"
        if "STRUCT" not in SQL_TYPES[column.kind]
        else "list<struct>",
        column.unit or "",
        "may be" if column.nullable else "never",
        meaning,
    )
    return "| " + " | ".join(cells) + " |"


_ROWS = '''"""The rows of the tables, as plain values by column.

Made from the tables' descriptions; to change it, change them and run ``make dictionary``. A row
read from the warehouse has its ``year``, too; what older versions landed may lack newer columns.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NotRequired, TypedDict
'''

#: The Python types that Arrow gives for a column's kind.
_PYTHON_TYPES = {
    "string": "str",
    "int64": "int",
    "float64": "float",
    "bool": "bool",
    "date32": "date",
    "timestamp[us, UTC]": "datetime",
    "list<string>": "list[str]",
    "list<part>": "list[PartRow]",
    "list<alternative>": "list[AlternativeRow]",
    "list<note>": "list[NoteRow]",
}


def row_types() -> str:
    """Return the module that has a typed dictionary for the rows of each table."""
    parts = [
        _class(name, f"One item of a column of {name.removesuffix('Row').lower()}s.", fields)
        for name, fields in _structs().items()
    ]
    tables = [
        _class(row_class(table), f"{_first(table.grain)}.", _fields(table))
        for table in TABLES.values()
    ]
    every = {name: f"list[{row_class(table)}]" for name, table in TABLES.items()}
    named = _class("TableRows(TypedDict, total=False)", "The rows of some tables, by name.", every)
    return "\n\n".join([_ROWS, *parts, *tables, named])


def _first(grain: str) -> str:
    """Return what a row is of, without what more is said of it."""
    return grain.partition(":")[0].capitalize()


def row_class(table: TableSpec) -> str:
    """Return what the type of a table's rows is called: ``TargetRow`` for ``targets``."""
    one = table.name.replace("entities", "entity").replace("stability", "stabilitys")
    return "".join(part.capitalize() for part in one.removesuffix("s").split("_")) + "Row"


def _class(name: str, meaning: str, fields: Mapping[str, str]) -> str:
    head = name if "(" in name else f"{name}(TypedDict)"
    body = "".join(f"    {field}: {kind}\n" for field, kind in fields.items())
    return f'class {head}:\n    """{meaning}"""\n\n{body}'


def _fields(table: TableSpec) -> dict[str, str]:
    own = {
        column.name: _PYTHON_TYPES[column.kind] + (" | None" if column.nullable else "")
        for column in table.columns
    }
    return own | {YEAR.name: "NotRequired[int]"}


def _structs() -> dict[str, dict[str, str]]:
    """Return the fields of structs by the name of their type; each may be empty."""
    return {
        _PYTHON_TYPES[kind].removeprefix("list[").removesuffix("]"): {
            field.name: _PYTHON_TYPES[_ARROW[str(field.type)]] + " | None"
            for field in arrow_type(kind).value_type
        }
        for kind in SQL_TYPES
        if "STRUCT" in SQL_TYPES[kind]
    }


_ARROW = {"string": "string", "double": "float64", "int64": "int64"}


if __name__ == "__main__":
    print(row_types() if "rows" in sys.argv[1:] else markdown(), end="")
