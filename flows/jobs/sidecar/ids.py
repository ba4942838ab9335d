"""The id and the year of a document that nobody named, from what it says of itself."""

from __future__ import annotations

import dataclasses
import re
import unicodedata

from common.files import sha256_of_bytes
from common.refusal import refusal
from schemas.ids import checked_year
from schemas.records.document import Document
from schemas.records.source import SourceMeta

#: A year's notice is issued in the year before at the earliest, and so many years later at most.
ISSUED_WITHIN = 2


def resolve(meta: SourceMeta, document: Document) -> SourceMeta:
    """Fill the id and the year that nobody gave from what the document says of itself."""
    year = meta.year if meta.year is not None else document.front.year
    if year is None:
        raise refusal("flows.no_year", file=document.source_name)
    checked_year(year)
    if meta.issued_on and not year - 1 <= meta.issued_on.year <= year + ISSUED_WITHIN:
        named = {"document": meta.document_id, "year": year, "found": meta.issued_on}
        raise refusal("flows.issued_out_of_place", **named)
    document_id = meta.document_id or id_from_document(document, year)
    return dataclasses.replace(meta, document_id=document_id, year=year)


def id_from_document(document: Document, year: int) -> str:
    """Make an id out of what the document says: year, running number, six digits of a hash.

    The hash is taken over the number as printed, or the title, or else the file, so that the same
    notice in another format gets the same id and another office's notice never does.
    """
    front = document.front
    said = _id_text(front.doc_number or front.title or document.source_sha256)
    digest = sha256_of_bytes(re.sub(r"\W", "", said).encode())[:6]
    running = re.search(r"([0-9]+)号", _id_text(front.doc_number or ""))
    return "-".join([str(year), *([running.group(1)] if running else []), digest])


def _id_text(text: str) -> str:
    """Return a text as ids are made of it; ids that were given stay, so this never changes."""
    return "".join(unicodedata.normalize("NFKC", text).split())
