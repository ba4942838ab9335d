"""Every column of every table, described once: type, unit, whether it may be empty, its values.

Only plain data here, so that importing it costs nothing; pyarrow's types are made of the short
type names by :mod:`schemas.tables.frames`, Pandera's models by :mod:`schemas.tables.models`, the
data dictionary by :mod:`schemas.tables.dictionary`. The columns of returns and scores stand in
:mod:`schemas.tables.score_columns`.
"""

from __future__ import annotations

from schemas.tables.column import DOCUMENT_ID_PATTERN, FIRST_YEAR, LAST_YEAR, SQL_TYPES, Column
from schemas.tables.score_columns import SCORE_COLUMNS

__all__ = ["COLUMNS", "DOCUMENT_ID_PATTERN", "FIRST_YEAR", "LAST_YEAR", "SQL_TYPES", "Column"]

_POINT = "points of 1/72 inch from the page's top left, page upright"
_OPERATORS = (">=", ">", "<=", "<", "=", "~")
_KINDS = (
    "number",
    "limit",
    "approximate",
    "quantity",
    "growth",
    "compound",
    "benchmark",
    "document",
    "external",
    "judged",
    "zero_tolerance",
    "none",
)

_ALL = (
    Column(
        "document_id",
        "string",
        "The document's name in the warehouse, as in raw/notices/",
        pattern=DOCUMENT_ID_PATTERN,
    ),
    # notices
    Column("doc_number", "string", "The notice's number as printed", nullable=True),
    Column("title", "string", "The notice's title", nullable=True),
    Column("issuer", "string", "The office that issued the notice", nullable=True),
    Column("issued_on", "date32", "The date printed on the notice", nullable=True),
    Column("source_name", "string", "The file's name as received"),
    Column("source_format", "string", "The kind of file, told from its content"),
    Column("source_sha256", "string", "SHA-256 of the file as received", pattern="[0-9a-f]{64}"),
    Column("pages", "int64", "Pages of the document", unit="pages", nullable=True, minimum=0),
    Column("reader", "string", "What read the document"),
    Column("cross_reader", "string", "What read it a second time to compare", nullable=True),
    Column("tables", "int64", "Tables read", unit="tables", minimum=0),
    Column("indicators", "int64", "Leaf indicators landed", unit="rows", minimum=0),
    Column("targets", "int64", "Targets landed", unit="rows", minimum=0),
    Column("open_findings", "int64", "Findings still open", unit="rows", minimum=0),
    Column("run_id", "string", "The run that landed these rows"),
    Column("code_version", "string", "Version of kaohe that made these rows"),
    Column("landed_at", "timestamp[us, UTC]", "When these rows were landed", unit="UTC"),
    Column(
        "role",
        "string",
        "What the document is: in force, a draft, or the same notice in another form; empty in "
        "rows landed before it was known, and then official",
        nullable=True,
        values=("official", "draft", "copy"),
    ),
    Column(
        "supersedes",
        "string",
        "The document that this one replaces",
        nullable=True,
        pattern=DOCUMENT_ID_PATTERN,
    ),
    Column("received_on", "date32", "The day the document was received", nullable=True),
    # cells
    Column("table_no", "int64", "The printed cell's table within the document, from 1", minimum=1),
    Column("page", "int64", "The page it is printed on, from 1", nullable=True, minimum=1),
    Column("row", "int64", "The printed cell's first row in its table, from 1", minimum=1),
    Column("column", "int64", "The printed cell's first column in its table, from 1", minimum=1),
    Column("row_span", "int64", "Rows the cell covers", unit="rows", minimum=1),
    Column("column_span", "int64", "Columns the cell covers", unit="columns", minimum=1),
    Column("text", "string", "The text as read, before any cleaning"),
    Column("x0", "float64", "Left edge of the printed cell", unit=_POINT, nullable=True),
    Column("top", "float64", "Upper edge of the printed cell", unit=_POINT, nullable=True),
    Column("x1", "float64", "Right edge of the printed cell", unit=_POINT, nullable=True),
    Column("bottom", "float64", "Lower edge of the printed cell", unit=_POINT, nullable=True),
    Column(
        "agreed",
        "bool",
        "Whether a second reader saw the same; empty where none compared",
        nullable=True,
    ),
    Column(
        "confidence",
        "float64",
        "How sure the reader of a picture was; empty unless from a picture",
        unit="0 to 1",
        nullable=True,
        minimum=0,
        maximum=1,
    ),
    Column(
        "place",
        "string",
        "The part of the document in words, such as a sheet's name",
        nullable=True,
    ),
    # indicators
    Column("indicator_id", "string", "document_id/serial_no, the number in three digits"),
    Column("serial_no", "int64", "The indicator's place in printed order, from 1", minimum=1),
    Column("level1", "string", "一级指标, without white space and ordinals", nullable=True),
    Column("level2", "string", "二级指标, without white space and ordinals", nullable=True),
    Column("level3", "string", "三级指标, without white space and ordinals", nullable=True),
    Column("level4", "string", "四级指标; empty where level 3 is not split", nullable=True),
    Column("indicator", "string", "The leaf indicator's name without its unit"),
    Column("unit", "string", "The indicator's unit of measure as printed", nullable=True),
    Column(
        "weight_group",
        "int64",
        "serial_no of the first indicator that shares the printed points cell",
        minimum=1,
    ),
    Column(
        "base_points",
        "float64",
        "Points printed for the whole weight group, before exceptions",
        unit="points",
        nullable=True,
        minimum=-1000,
        maximum=10000,
    ),
    Column(
        "direction",
        "string",
        "Which way is better",
        values=("higher_is_better", "lower_is_better"),
    ),
    Column("assessing_departments", "list<string>", "Departments that assess and hand in figures"),
    Column("supporting_departments", "list<string>", "Departments named as supporting"),
    Column(
        "note",
        "string",
        "What else is printed in the indicator's row or about it",
        nullable=True,
    ),
    # targets
    Column("entity", "string", "The county or zone that is assessed, as printed"),
    Column(
        "status",
        "string",
        "Whether the indicator applies to the entity",
        values=("assessed", "not_assessed", "unreadable"),
    ),
    Column(
        "max_points",
        "float64",
        "Points of the whole weight group for this entity, exceptions applied; count each group "
        "once, where at least one of its members is assessed",
        unit="points",
        nullable=True,
        minimum=-1000,
        maximum=10000,
    ),
    Column(
        "target_text",
        "string",
        "The target as printed, white space and look-alike characters cleaned; empty where not "
        "assessed",
        nullable=True,
    ),
    Column("target_kind", "string", "The form of the target", values=_KINDS),
    Column(
        "operator",
        "string",
        "How the actual value is compared with the target; ~ is about",
        nullable=True,
        values=_OPERATORS,
    ),
    Column(
        "target_value",
        "float64",
        "The target as a number in target_unit",
        unit="target_unit",
        nullable=True,
        minimum=-1e15,
        maximum=1e15,
    ),
    Column("target_unit", "string", "The unit of target_value", nullable=True),
    Column(
        "parts",
        "list<part>",
        "The parts of a target of more than one part: text, subject, operator, value, unit",
    ),
    Column("inherited", "bool", "Whether the text comes from a merged cell printed elsewhere"),
    Column("needs_review", "bool", "Whether the value may be wrong"),
    Column("review_reason", "string", "Why the value may be wrong, in Chinese", nullable=True),
    # findings
    Column("finding_id", "string", "document_id/ and a hash of code and place, stable over runs"),
    Column("severity", "string", "How grave it is", values=("error", "warning", "info")),
    Column("code", "string", "The kind of finding", pattern="[a-z][a-z0-9_.-]*"),
    Column("field", "string", "The column the finding is about", nullable=True),
    Column("message", "string", "What was found, in English"),
    Column("message_zh", "string", "What was found and what to do, in Chinese"),
    Column(
        "alternatives",
        "list<alternative>",
        "Other readings of the same place: text, operator, value in unit, max_points, and the "
        "serial_no and entity they are of where those are not the finding's; what is empty is as "
        "in the reading that was landed",
    ),
    Column(
        "state",
        "string",
        "What became of it",
        values=("open", "corrected", "accepted"),
    ),
    # indicator_keys
    Column(
        "indicator_key",
        "string",
        "The indicator's name through years and renames: by custom the indicator_id it had in the "
        "earliest document",
        pattern="[^\\s,]{1,120}",
    ),
    Column("confirmed_by", "string", "Who confirmed it"),
    Column("confirmed_on", "date32", "When it was confirmed"),
    Column("reason", "string", "Why it is the same indicator"),
    # the partition
    Column(
        "year",
        "int64",
        "The year the document is for; the folder's name, not stored in the files",
        minimum=FIRST_YEAR,
        maximum=LAST_YEAR,
    ),
)

#: By name; a column that means something else in another table has that table before its name.
COLUMNS = (
    {column.name: column for column in _ALL}
    | SCORE_COLUMNS
    | {
        "indicator_keys.name": Column(
            "name",
            "string",
            "The indicator's name when it was confirmed; where level 3 is split, both parts of it",
        )
    }
)
