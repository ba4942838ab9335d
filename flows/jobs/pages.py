"""A document's pages as a PDF, to be drawn: the file itself, or one that is written for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

from common.files import workshop
from common.isolated import Call, Limits
from extract.read import pages_as_pdf

if TYPE_CHECKING:
    from flows.jobs.ingest import Progress

LIMITS = Limits(memory_mb=3072, cpu_seconds=600)


@contextmanager
def printed_pages(source: Path, source_format: str, progress: Progress) -> Iterator[Path]:
    """Give a PDF that shows a document's pages for as long as it is used.

    It is written in a process of its own: a bad file cannot hurt this one. Raises Refusal.
    """
    if source_format == "pdf":
        yield source
        return
    with workshop(Path(gettempdir())) as folder:
        out = folder / "pages.pdf"
        with Call(pages_as_pdf, source.absolute(), source_format, out, limits=LIMITS) as call:
            printed: Path = call.result(progress)
        yield printed
