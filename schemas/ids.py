"""What documents and indicators may be called, and the years that they may be of."""

from __future__ import annotations

import re

from common.refusal import refusal

#: What a document may be called: it becomes a file name, so no separators, no leading dot.
DOCUMENT_ID_PATTERN = "[A-Za-z0-9㐀-鿿][A-Za-z0-9_.㐀-鿿-]{0,80}"

#: The key of an indicator stands in CSV files, between commas.
INDICATOR_KEY_PATTERN = "[^\\s,]{1,120}"

#: The years a partition may carry.
FIRST_YEAR, LAST_YEAR = 1949, 2199


def indicator_id(document_id: str, serial_no: int) -> str:
    """Return the indicator's name across documents: ``<document_id>/<serial_no, 3 digits>``."""
    return f"{document_id}/{serial_no:03d}"


def checked_document_id(document_id: str) -> str:
    """Return the id; Refusal where it could not be a part of a file's name."""
    if not re.fullmatch(DOCUMENT_ID_PATTERN, document_id):
        raise refusal("schemas.bad_document_id", document_id=document_id[:100])
    return document_id


def checked_year(year: int) -> int:
    """Return the year; Refusal where no document can be of it."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise refusal("schemas.bad_year", year=year, first=FIRST_YEAR, last=LAST_YEAR)
    return year
