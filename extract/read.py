"""The way into all readers: the kind is seen from the content, its reader is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from extract.files.characters import with_whole_characters
from extract.files.kinds import FORMATS, Kind, kind_of
from extract.notes import reader_note
from schemas.records.document import Document
from schemas.records.source import Supplier
from schemas.vocabulary import Severity


def read_document(
    path: Path, *, cross_check: bool = True, supplier: Supplier = Supplier.QUICK
) -> Document:
    """Return a document as read: front matter and tables of printed cells, no meaning attached.

    ``cross_check`` lets a second reader compare, ``supplier`` runs the pages (PDF, OFD). Raises
    ``Refusal`` for what cannot be read and for a document without any table.
    """
    path = Path(path)
    kind = kind_of(path)
    known = FORMATS[kind]
    read = _named(known.reader)
    document = with_whole_characters(
        read(path, cross_check=cross_check, supplier=supplier) if known.cross_check else read(path)
    )
    ending = path.suffix.lower()
    if path.is_dir() or not ending or ending in known.endings + known.rare_endings:
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


def has_pages(source_format: str) -> bool:
    """Tell whether documents of a kind (a ``Document.source_format``) have pages to show."""
    return source_format == Kind.PDF or _drawn_by(source_format) is not None


def pages_as_pdf(path: Path, source_format: str, out: Path) -> Path:
    """Return a PDF that shows a document's pages: itself, or what is written to ``out``.

    Raises Refusal for what cannot be read, ValueError for a kind without pages.
    """
    if source_format == Kind.PDF:
        return path
    function = _drawn_by(source_format)
    if function is None:
        raise ValueError(f"documents of this kind have no pages: {source_format}")
    _named(function)(path, out)
    return out


def _drawn_by(source_format: str) -> tuple[str, str] | None:
    return next((f.drawn for kind, f in FORMATS.items() if kind.value == source_format), None)


def _named(function: tuple[str, str]) -> Callable[..., Any]:
    """Import a format's function, which is done only when it is needed: some load much."""
    module, name = function
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found
