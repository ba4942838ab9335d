"""``datapackage.json``: the tables as a Data Package (version 2), made from their descriptions.

Any tool that knows the standard finds in it the files of each table, the columns with their Chinese
titles, types and limits, and the notices to cite.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from common.declared import declared
from schemas.tables.column import Column
from schemas.tables.registry import TABLES, YEAR, TableSpec

PACKAGE = "datapackage.json"
MOST_SOURCES = 200
"""So many notices are cited one by one; where there are more, the table ``notices`` has them."""
CITED = ("document_id", "title", "doc_number", "issuer", "issued_on", "licence")
"""The columns of notices that a citation is made of."""
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_TYPES = {
    "string": "string",
    "int64": "integer",
    "float64": "number",
    "bool": "boolean",
    "date32": "date",
    "timestamp[us, UTC]": "datetime",
}


@dataclass(frozen=True, slots=True)
class PackageFile:
    """One file of a table: its path from the descriptor, its bytes and SHA-256."""

    path: str
    size: int
    sha256: str


def descriptor(
    version: str,
    created: str,
    files: Mapping[str, Sequence[PackageFile]],
    notices: Iterable[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return the descriptor of one state of the tables; tables without files are left out.

    ``version`` names the state, ``created`` is its moment in RFC 3339, ``notices`` are the rows
    (at least :data:`CITED`) that are cited; without any the table itself is named.
    """
    rows = list(notices)
    cited = [
        {"title": citation(each), "name": each["document_id"]}
        | ({"licence": each["licence"]} if each["licence"] else {})
        for each in rows
    ]
    licences = _licences([each["licence"] for each in rows])
    return {
        "$schema": _PROFILE,
        "name": "kaohe",
        "title": "目标考核通知、报送数据与得分",
        "description": "年度目标考核通知读成的数据表，每个值可指回原件。year 是文件夹名，不在"
        "文件中。所引通知见 sources；没有列出的，见表 notices。",
        "version": version,
        "created": created,
        "keywords": ["目标考核", "绩效", "政府"],
        **({"licenses": licences} if licences else {}),
        **({"sources": cited} if cited else {}),
        "resources": [_resource(TABLES[name], own) for name, own in files.items() if own],
    }


def _licences(found: Sequence[str | None]) -> list[dict[str, str]]:
    """Return the licences that hold for the whole: none where one notice declares none."""
    if not all(found):
        return []
    named = [each for each in dict.fromkeys(found) if each]
    return [{"path" if "://" in each else "name": each} for each in named]


def citation(notice: Mapping[str, Any]) -> str:
    """Return how a notice is cited, by what is known of it.

    >>> citation({"document_id": "x", "title": "考核通知", "doc_number": None, "issuer": "某市政府",
    ...           "issued_on": "2020-12-06"})
    '某市政府：《考核通知》，2020-12-06'
    """
    title = notice["title"] or notice["document_id"]
    issuer = f"{notice['issuer']}：" if notice["issuer"] else ""
    number = f"（{notice['doc_number']}）" if notice["doc_number"] else ""
    day = f"，{notice['issued_on']}" if notice["issued_on"] else ""
    return f"{issuer}《{title}》{number}{day}"


def _resource(table: TableSpec, files: Sequence[PackageFile]) -> dict[str, Any]:
    only = files[0] if len(files) == 1 else None
    known = {"bytes": only.size, "hash": f"sha256:{only.sha256}"} if only else {}
    return {
        "name": table.name,
        "type": "table",
        "title": declared("schemas", "titles")["table"][table.name],
        "description": table.grain,
        "path": [each.path for each in files],
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        **known,
        "schema": {
            "fields": [_field(table, column) for column in (*table.columns, YEAR)],
            "fieldsMatch": ["superset"],
            "primaryKey": list(table.key),
        },
    }


def _field(table: TableSpec, column: Column) -> dict[str, Any]:
    titles = declared("schemas", "titles")["column"]
    limits = {
        "required": not column.nullable,
        "enum": list(column.values),
        "minimum": column.minimum,
        "maximum": column.maximum,
        "pattern": column.pattern,
    }
    return {
        "name": column.name,
        "type": _TYPES.get(column.kind, "array"),
        "title": titles.get(f"{table.name}.{column.name}") or titles.get(column.name, column.name),
        "description": column.description,
        **({"unit": column.unit} if column.unit else {}),
        "constraints": {key: value for key, value in limits.items() if value not in (None, [])},
    }
