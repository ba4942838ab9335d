"""The views over the tables, and the SQL by which a table is seen.

Each view has its name, its grain, its SQL, and whose columns it shows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.records.rows import NoticeRow
from schemas.tables.column import SQL_TYPES
from schemas.tables.registry import TABLES, YEAR, TableSpec
from schemas.vocabulary import NoticeRole
from warehouse.contents import Contents
from warehouse.files import older_columns, opened

if TYPE_CHECKING:
    import duckdb

#: Which document is in force; :func:`current_notices` says the same.
_CURRENT_NOTICES = """
WITH official AS (
    SELECT * FROM notices WHERE coalesce(role, 'official') = 'official'
), standing AS (
    SELECT * FROM official WHERE document_id NOT IN (
        SELECT later.supersedes FROM official AS later
        WHERE later.supersedes IS NOT NULL AND later.supersedes <> later.document_id
    )
), of_one AS (  -- a document that names no issuer is that of the year's only one
    SELECT *, coalesce(issuer, CASE WHEN count(DISTINCT issuer) OVER (PARTITION BY year) = 1
        THEN max(issuer) OVER (PARTITION BY year) END, '') AS whose
    FROM standing
)
SELECT * EXCLUDE (whose) FROM of_one
QUALIFY row_number() OVER (
    PARTITION BY year, whose
    ORDER BY issued_on DESC NULLS LAST, received_on DESC NULLS LAST, landed_at DESC,
        document_id DESC
) = 1
ORDER BY year, issuer
"""

#: A key counts only while the indicator still has the name that was confirmed: after another
#: reading its number may stand for another indicator. An indicator without one is its own key,
#: unless a person gave that very key to another indicator.
_INDICATOR_HISTORY = """
SELECT
    coalesce(
        k.indicator_key,
        CASE WHEN i.indicator_id IN (SELECT indicator_key FROM indicator_keys)
            THEN i.indicator_id || '*' ELSE i.indicator_id END
    ) AS indicator_key,
    k.indicator_key IS NOT NULL AS confirmed,
    i.*
FROM indicators AS i
LEFT JOIN indicator_keys AS k
    ON k.document_id = i.document_id AND k.serial_no = i.serial_no AND k.year = i.year
    AND k.name = CASE
        WHEN coalesce(i.level4, '') <> '' AND coalesce(i.level3, '') <> ''
        THEN i.level3 || ' ' || i.indicator ELSE i.indicator END
WHERE i.document_id IN (SELECT document_id FROM current_notices)
ORDER BY i.year, i.document_id, i.serial_no
"""


#: The code is of the name that a department has after the aliases of ``source.toml``: renamed or
#: written otherwise, it stays the same through the years.
_DEPARTMENTS = """
WITH named AS (
    SELECT document_id, year, unnest(assessing_departments) AS department, true AS assesses
    FROM indicators
    UNION ALL
    SELECT document_id, year, unnest(supporting_departments), false FROM indicators
)
SELECT
    document_id, year, 'D' || upper(left(sha256(department), 8)) AS department_code, department,
    count(*) FILTER (assesses) AS assessed, count(*) FILTER (NOT assesses) AS supported
FROM named
GROUP BY document_id, year, department
ORDER BY year, document_id, department
"""


@dataclass(frozen=True, slots=True)
class View:
    """One view; ``of`` are the tables whose columns it shows, and ``own`` describes the others.

    ``beside`` are tables that it reads besides.
    """

    name: str
    grain: str
    sql: str
    of: tuple[str, ...]
    own: tuple[tuple[str, str], ...] = ()
    beside: tuple[str, ...] = ()

    def sees_only(self, tables: Collection[str]) -> bool:
        """Whether it reads no other tables than these."""
        return {*self.of, *self.beside} <= {*tables}


#: In the order in which they build on each other.
VIEWS = (
    View(
        "current_notices",
        "one row a year and issuer: the document in force, which is official, not superseded by "
        "another official one, and the latest issued, received or landed",
        _CURRENT_NOTICES,
        ("notices",),
    ),
    *(
        View(
            f"{table}_latest",
            f"the rows of {table} of each document's latest as-of date",
            f"SELECT * FROM {table} "
            "QUALIFY as_of = max(as_of) OVER (PARTITION BY document_id, year)",
            (table,),
        )
        for table in ("scores", "scorecards")
    ),
    View(
        "indicator_history",
        "one row an indicator of a document in force, with the key that follows it through years",
        _INDICATOR_HISTORY,
        ("indicators", "indicator_keys"),
        (("confirmed", "Whether a person confirmed the key; else the indicator is its own"),),
        beside=("notices",),
    ),
    View(
        "departments",
        "one row a document and department that it names, with a code that stays through years",
        _DEPARTMENTS,
        ("indicators",),
        (
            ("department_code", "Made of the name after the aliases of source.toml, and so stable"),
            ("department", "The department, by the name that it lands under"),
            ("assessed", "Indicators that it assesses"),
            ("supported", "Indicators that it supports"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Source:
    """The files of a table: what ``read_parquet`` is to read, in SQL; columns of an older form.

    ``is_current``: they have just the columns of this version.
    """

    files: str
    older: tuple[str, ...] = ()
    is_current: bool = False


def current_notices(notices: Iterable[NoticeRow]) -> list[NoticeRow]:
    """Return those of all landed notices that the view of this name shows, in its order."""
    official = [each for each in notices if each["role"] in (None, NoticeRole.OFFICIAL)]
    superseded = {
        each["supersedes"] for each in official if each["supersedes"] != each["document_id"]
    }
    standing = [each for each in official if each["document_id"] not in superseded]
    issuers: dict[int, set[str | None]] = {}
    for each in standing:
        issuers.setdefault(each["year"], set()).update({each["issuer"]} - {None})
    latest: dict[tuple[int, str | None], NoticeRow] = {}
    for each in sorted(standing, key=_age):
        only, *others = issuers[each["year"]] or {""}
        whose = each["issuer"] if each["issuer"] is not None else "" if others else only
        latest[each["year"], whose] = each
    return sorted(latest.values(), key=_place)


def _age(notice: NoticeRow) -> tuple[object, ...]:
    """Return what the later of two notices has more of; what is not known counts least."""
    days = notice["issued_on"], notice["received_on"], notice["landed_at"]
    return (*((day is not None, day) for day in days), notice["document_id"])


def _place(notice: NoticeRow) -> tuple[int, bool, str]:
    return notice["year"], notice["issuer"] is None, notice["issuer"] or ""


def older_of(contents: Contents, table: str) -> tuple[str, ...]:
    """Return the columns of a table that its files have in an older form.

    All files of one table in one snapshot have the same columns, so that one of them says which;
    none is opened where the manifest says that all are this version's.
    """
    files = contents.files(table)
    structs = [c.name for c in TABLES[table].columns if "STRUCT" in SQL_TYPES[c.kind]]
    if not files or not structs or contents.is_current(table):
        return ()
    with opened(contents.snapshot / files[0][1], contents.read(files[0][1])) as file:
        return tuple(older_columns(TABLES[table], file.schema_arrow)[1])


def create_views(
    connection: duckdb.DuckDBPyConnection,
    sources: Mapping[str, Source | None],
    views: Sequence[View] = VIEWS,
) -> None:
    """Create the views of tables over their files (None: there are none), and those over them."""
    for name, source in sources.items():
        connection.execute(f"CREATE VIEW {quoted(name)} AS {_select(TABLES[name], source)}")
    for view in views:
        connection.execute(f"CREATE VIEW {quoted(view.name)} AS {view.sql}")


def _select(table: TableSpec, source: Source | None) -> str:
    """Return the table's rows; a column that older files have not got yet is empty in them."""
    if source is None:
        return _select_nothing(table)
    columns = ", ".join(quoted(column.name) for column in (*table.columns, YEAR))
    # The year is the last folder's: a warehouse may itself lie in a folder of the form name=value,
    # which would become a column.
    year = f"split_part(filename, '/', -2)[6:]::BIGINT AS {YEAR.name}"
    rows = (
        f"SELECT *{_replaced(table, source.older)}, {year} "
        f"FROM read_parquet({source.files}, hive_partitioning = false)"
    )
    if source.is_current:
        return f"SELECT {columns} FROM ({rows})"
    return f"SELECT {columns} FROM ({_select_nothing(table)} UNION ALL BY NAME {rows})"


def _replaced(table: TableSpec, older: Collection[str]) -> str:
    """Return what turns columns of an older form into this version's: texts into structs."""
    casts = [
        f"[{{'text': each}} FOR each IN {quoted(name)}]::{SQL_TYPES[table.column(name).kind]} "
        f"AS {quoted(name)}"
        for name in older
    ]
    return f" REPLACE ({', '.join(casts)})" if casts else ""


def _select_nothing(table: TableSpec) -> str:
    columns = ", ".join(
        f"NULL::{SQL_TYPES[column.kind]} AS {quoted(column.name)}"
        for column in (*table.columns, YEAR)
    )
    return f"SELECT {columns} WHERE false"


def quoted(name: str) -> str:
    """Return a name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as SQL."""
    return "'" + text.replace("'", "''") + "'"
