"""The frames of a document, for tests that look at rows with pandas."""

from __future__ import annotations

import pandas as pd

from schemas.records.document import Document
from schemas.records.notice import Notice
from schemas.tables.document_frames import Provenance, document_tables
from schemas.tables.frames import arrow_to_frame


def document_frames(
    document: Document, notice: Notice, provenance: Provenance
) -> dict[str, pd.DataFrame]:
    """Return the frames of one document, one for each of ``DOCUMENT_TABLES``."""
    tables = document_tables(document, notice, provenance)
    return {name: arrow_to_frame(rows) for name, rows in tables.items()}
