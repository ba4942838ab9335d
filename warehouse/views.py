"""The views over the tables: name, grain, SQL, and whose columns they show."""

from __future__ import annotations

from dataclasses import dataclass

#: Which document is in force.
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


@dataclass(frozen=True, slots=True)
class View:
    """One view; ``of`` are the tables whose columns it shows, and ``own`` says what others mean."""

    name: str
    grain: str
    sql: str
    of: tuple[str, ...]
    own: tuple[tuple[str, str], ...] = ()


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
    ),
)
