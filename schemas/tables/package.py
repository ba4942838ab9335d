"""``datapackage.json``: the tables as a Data Package (version 2), made from their descriptions.

Any tool that knows the standard finds in it the files of each table, the columns with their
Chinese titles, types and limits, and the notices to cite. Fields are exactly the columns of the
files, in their order. The year is none of these: it stands in each path (``year=2020/``), and a
resource's own property ``partitioning`` describes it. What a notice does not say is null, with
``..._reason`` beside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from common.declared import declared
from schemas.records.rows import NoticeRow
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


@dataclass(frozen=True, slots=True)
class PackageTable:
    """The files of one table, and the columns that each of them has, in their order."""

    files: Sequence[PackageFile]
    columns: Sequence[str]


def descriptor(
    version: str,
    created: str,
    tables: Mapping[str, PackageTable],
    notices: Iterable[NoticeRow] | None,
) -> dict[str, object]:
    """Return the descriptor of one state of the tables; tables without files are left out.

    ``version`` names the state, ``created`` is its moment in RFC 3339, ``notices`` are the rows
    (at least :data:`CITED`) that are cited; None where there are too many to cite each.
    """
    return {
        "$schema": _PROFILE,
        "name": "kaohe",
        **_said("whole"),
        "version": version,
        "created": created,
        "keywords": ["目标考核", "绩效", "政府"],
        **({"sources_reason": _said("reason")["many"]} if notices is None else _of(list(notices))),
        "resources": [_resource(TABLES[name], own) for name, own in tables.items() if own.files],
    }


def _said(part: str) -> dict[str, str]:
    """Return our Chinese words of one part of a descriptor."""
    return declared(dict[str, str], "schemas", "package", part)


def _of(notices: Sequence[NoticeRow]) -> dict[str, object]:
    """Return who issued the notices, under which licences, and how each is cited."""
    if not notices:
        return {}
    reasons = _said("reason")
    issuers = dict.fromkeys(each["issuer"] for each in notices if each["issuer"])
    issued = {"contributors": [{"title": each, "roles": ["issuer"]} for each in issuers]}
    return {
        **(issued if issuers else {"contributors_reason": reasons["issuer"]}),
        **_licensed(notices),
        "sources": [_cited(each) for each in notices],
    }


def _licensed(notices: Sequence[NoticeRow]) -> dict[str, object]:
    """Return the licences that hold for the whole, or which notices declare none."""
    without = [each["document_id"] for each in notices if not each["licence"]]
    if without:
        reason = _said("reason")["licenses"]
        return {"licenses_reason": reason.format(documents="、".join(without))}
    named = dict.fromkeys(each["licence"] for each in notices if each["licence"])
    return {"licenses": [{"path" if "://" in each else "name": each} for each in named]}


def _cited(notice: NoticeRow) -> dict[str, object]:
    """Return a notice as a source: how it is cited, and each part of that, or why it is empty."""
    parts: dict[str, object] = {"title": citation(notice), "name": notice["document_id"]}
    for name in ("issuer", "doc_number", "issued_on", "licence"):
        found = notice[name]
        parts[name] = str(found) if found else None
        if not found:
            parts[f"{name}_reason"] = _said("reason")[name]
    return parts


def citation(notice: NoticeRow) -> str:
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


def _resource(table: TableSpec, own: PackageTable) -> dict[str, object]:
    only = own.files[0] if len(own.files) == 1 else None
    known = {"bytes": only.size, "hash": f"sha256:{only.sha256}"} if only else {}
    described = {column.name: column for column in table.columns}
    return {
        "name": table.name,
        "type": "table",
        "title": declared(str, "schemas", "titles", "table", table.name),
        "description": table.grain,
        "path": [each.path for each in own.files],
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        **known,
        "schema": {
            "fields": [
                _field(table, described[name]) if name in described else {"name": name}
                for name in own.columns
            ],
            "primaryKey": list(table.key),
        },
        "partitioning": {"scheme": "hive", "fields": [_field(table, YEAR)]},
    }


def _field(table: TableSpec, column: Column) -> dict[str, object]:
    titles = declared(dict[str, str], "schemas", "titles", "column")
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
