"""The columns of notices and cells, and those of every table: document, place, partition."""

from __future__ import annotations

from schemas.ids import DOCUMENT_ID_PATTERN, FIRST_YEAR, LAST_YEAR
from schemas.tables.column import Column, codes
from schemas.vocabulary import NoticeRole

_POINT = "points of 1/72 inch from the page's top left, page upright"

DOCUMENT_COLUMNS = (
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
    Column("source_format", "string", "The kind of file, by its content"),
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
        values=codes(NoticeRole),
    ),
    Column(
        "supersedes",
        "string",
        "The document that this one replaces",
        nullable=True,
        pattern=DOCUMENT_ID_PATTERN,
    ),
    Column("received_on", "date32", "The day the document was received", nullable=True),
    Column(
        "inputs_sha256",
        "string",
        "SHA-256 of all that these rows were made from: document, sidecars, options, program",
        nullable=True,
        pattern="[0-9a-f]{64}",
    ),
    Column(
        "licence",
        "string",
        "The licence that source.toml declares, by identifier or address; empty: none is declared",
        nullable=True,
    ),
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
    # the partition
    Column(
        "year",
        "int64",
        "The year the document is for; the folder's name, not stored in the files",
        minimum=FIRST_YEAR,
        maximum=LAST_YEAR,
    ),
)
