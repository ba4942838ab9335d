"""The tables of the warehouse: grain and key of each, and the columns it has.

The columns themselves are described in :mod:`schemas.tables.columns`, each once. The partition
column ``year`` is in every view and in the folder names, and in no file.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from schemas.tables.column import Column
from schemas.tables.columns import COLUMNS


@dataclass(frozen=True, slots=True, eq=False)
class TableSpec:
    """One table: ``grain`` says in words what a row is, ``key`` what makes it unique.

    ``names`` are its columns' in order.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    names: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(column.name for column in self.columns))

    def column(self, name: str) -> Column:
        """Return the column of this name; KeyError where there is none."""
        return next(column for column in self.columns if column.name == name)


def _table(
    name: str, grain: str, key: str, columns: str, optional: frozenset[str] = frozenset()
) -> TableSpec:
    """Put a table together; ``optional`` names columns that may be empty in this table only."""
    own = (COLUMNS.get(f"{name}.{each}", COLUMNS[each]) for each in columns.split())
    described = tuple(
        replace(column, nullable=True) if column.name in optional else column for column in own
    )
    return TableSpec(name, grain, tuple(key.split()), described)


_BOX = "x0 top x1 bottom"
_CELL = "table_no row column"
#: Where it was printed is known of most values and findings, and of none landed by older versions.
_CELL_MAY_BE_EMPTY = frozenset(_CELL.split())
#: Of indicators and targets that were landed before several annexes were read.
_ANNEX_MAY_BE_EMPTY = _CELL_MAY_BE_EMPTY | {"annex"}

NOTICES = _table(
    "notices",
    "one row a document",
    "document_id",
    "document_id doc_number title issuer issued_on source_name source_format source_sha256 pages "
    "reader cross_reader tables indicators targets open_findings run_id code_version landed_at "
    "role supersedes received_on inputs_sha256 licence",
)
CELLS = _table(
    "cells",
    "one row a printed cell, as read, before any meaning",
    "document_id table_no row column",
    "document_id table_no page row column row_span column_span text "
    f"{_BOX} reader agreed confidence place",
)
INDICATORS = _table(
    "indicators",
    "one row a leaf indicator of a document",
    "document_id serial_no",
    "document_id indicator_id serial_no level1 level2 level3 level4 indicator unit weight_group "
    "base_points direction assessing_departments supporting_departments note page "
    f"{_CELL} annex item_kind cap definition notes",
    optional=_ANNEX_MAY_BE_EMPTY,
)
TARGETS = _table(
    "targets",
    "one row an indicator and entity",
    "document_id serial_no entity",
    "document_id indicator_id serial_no level1 level2 level3 level4 indicator unit weight_group "
    "assessing_departments entity status max_points target_text target_kind operator target_value "
    f"target_unit parts inherited page {_BOX} needs_review review_reason {_CELL} annex item_kind "
    "cap base_text base_value base_unit base_label",
    optional=_ANNEX_MAY_BE_EMPTY,
)
FINDINGS = _table(
    "findings",
    "one row a thing a person should look at",
    "document_id finding_id",
    "document_id finding_id severity code serial_no entity field message message_zh text "
    f"alternatives state page {_BOX} {_CELL}",
    optional=_CELL_MAY_BE_EMPTY | {"serial_no", "entity", "text"},
)
METHODS = _table(
    "methods",
    "one row a printed method of an indicator, and the rule it was understood as",
    "document_id serial_no text",
    f"document_id indicator_id serial_no annex text rule parameters status reason page {_BOX} "
    f"{_CELL} left_out",
    optional=_CELL_MAY_BE_EMPTY,
)
MILESTONES = _table(
    "milestones",
    "one row an indicator, entity and part of the year",
    "document_id serial_no entity period",
    "document_id indicator_id serial_no entity period text operator value unit cumulative "
    f"needs_review page {_BOX} {_CELL}",
    optional=_CELL_MAY_BE_EMPTY,
)
ENTITIES = _table(
    "entities",
    "one row an entity of an annex",
    "document_id annex entity",
    "document_id annex entity kind rank_group division_code position",
)
RETURNS = _table(
    "returns",
    "one row a returned value, every revision kept",
    "document_id source_sha256 source_sheet source_row",
    "document_id indicator_id serial_no entity part_no actual_value actual_text awarded_pct "
    "benchmark_value veto grounds department received_on revision source_name source_sheet "
    "source_row source_sha256 sample indicator reported_by approved_by approved_on evidence",
)
SCORES = _table(
    "scores",
    "one row an indicator, entity and as-of date",
    "document_id as_of serial_no entity",
    "document_id as_of indicator_id serial_no entity weight_group status share_points rule "
    "attainment points points_low points_high light trace approval lateness days_late",
)
SCORECARDS = _table(
    "scorecards",
    "one row an entity, heading and as-of date",
    "document_id as_of entity level parent name",
    "document_id as_of entity level name max_points points points_low points_high points_of_100 "
    "received_share rank_group rank rank_low rank_high parent vetoes bonus minus vetoed barred "
    "grade grade_low grade_high open_findings values_in_doubt total_unread total_open "
    "total_rules",
)
RANK_STABILITY = _table(
    "rank_stability",
    "one row an entity, rank it may hold and as-of date: how often it holds it when the weights "
    "are drawn at random",
    "document_id as_of entity rank",
    "document_id as_of entity rank_group rank share draws noise seed",
)
INDICATOR_KEYS = _table(
    "indicator_keys",
    "one row an indicator that a person confirmed to be the same as another document's",
    "document_id serial_no",
    "document_id indicator_id serial_no name indicator_key confirmed_by confirmed_on reason",
)

#: The tables that one reading of a notice makes, all of them together.
DOCUMENT_TABLES = {
    table.name: table
    for table in (
        *(NOTICES, CELLS, INDICATORS, TARGETS, FINDINGS),
        *(METHODS, MILESTONES, ENTITIES),
    )
}
TABLES = DOCUMENT_TABLES | {
    table.name: table for table in (RETURNS, SCORES, SCORECARDS, RANK_STABILITY, INDICATOR_KEYS)
}
YEAR = COLUMNS["year"]
