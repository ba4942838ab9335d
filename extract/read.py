"""The way into all readers: the kind is seen from the content, its reader is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from extract.files.characters import with_whole_characters
from extract.files.kinds import FORMATS, Format, kind_of
from extract.notes import reader_note
from schemas.records.document import Document
from schemas.vocabulary import Severity


def read_document(path: Path, *, cross_check: bool = True) -> Document:
    """Return a document as read: front matter and tables of printed cells, no meaning attached.

    ``cross_check`` lets a second reader compare (PDF only). Raises ``Refusal`` for what cannot be
    read and for a document without any table.
    """
    path = Path(path)
    kind = kind_of(path)
    known = FORMATS[kind]
    read = _reader(known)
    document = with_whole_characters(
        read(path, cross_check=cross_check) if known.cross_check else read(path)
    )
    ending = path.suffix.lower()
    if not ending or ending in known.endings + known.rare_endings:
        return document
    note = reader_note(
        "kind_differs_from_name",
        severity=Severity.INFO,
        file=path.name,
        ending=ending,
        kind=kind.value,
        label=known.label,
    )
    return replace(document, notes=(note, *document.notes))


def _reader(known: Format) -> Callable[..., Document]:
    """Import a format's reader, which is done only when it is needed: some load heavy libraries."""
    module, name = known.reader
    reader: Callable[..., Document] = getattr(import_module(module), name)
    return reader
