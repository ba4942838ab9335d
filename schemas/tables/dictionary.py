"""The data dictionary, written from the tables' descriptions.

``python -m schemas.tables.dictionary > docs/data-dictionary.md`` writes it anew.
"""

from __future__ import annotations

from schemas.tables.column import SQL_TYPES, Column
from schemas.tables.registry import TABLES, YEAR, TableSpec

_HEAD = """# Data dictionary

Made from the modules in `schemas/tables/` that describe columns, and from `registry.py`; to change
it, change them and run `python -m schemas.tables.dictionary > docs/data-dictionary.md`.

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


if __name__ == "__main__":
    print(markdown(), end="")
