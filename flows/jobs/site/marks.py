"""What the parts of the site are made of, as marks: a part with the same mark is the same files."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from common.files import PROJECT
from report.site.kept import mark_of, mark_of_files
from schemas.tables.registry import TABLES

if TYPE_CHECKING:
    from warehouse.contents import Contents

#: What the pictures of print show of a document.
OF_PRINT = ("notices", "cells", "indicators", "targets")
_ROOMS = (
    *("common", "schemas", "extract", "normalize", "returns", "scoring", "compare", "warehouse"),
    *("report", "flows"),
)
_LIBRARIES = (
    *("jinja2", "markupsafe", "lxml", "openpyxl", "vl-convert-python", "pypdfium2", "pillow"),
    "pyarrow",
)


@cache
def program_mark() -> str:
    """Return a mark of all that makes pages: this program's files, Python and the libraries."""
    files = (
        path
        for room in _ROOMS
        for path in (PROJECT / room).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    )
    versions = {name: version(name) for name in _LIBRARIES}
    return mark_of(sys.version, versions, mark_of_files(PROJECT, files))


def marks_of_tables(
    contents: Contents, document_id: str, tables: Iterable[str] = tuple(TABLES)
) -> Mapping[str, str]:
    """Return a mark of a document's rows of each table."""
    from warehouse.parts import mark_of as mark_of_rows

    return {name: mark_of_rows(TABLES[name], contents, document_id) for name in tables}
