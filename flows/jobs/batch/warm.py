"""How a process gets warm: it has imported, and done once, all that reading a document needs."""

from __future__ import annotations

import importlib
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir

from common.declared import declared
from common.files import workshop
from flows.jobs.ingest import Reading, read_and_normalize
from schemas.records.source import SourceMeta

NEEDED = (
    *("camelot.handlers", "camelot.parsers.lattice", "playa", "duckdb", "pandas"),
    *("extract.read", "extract.pdf.reader", "normalize.pipeline", "flows.jobs.earlier_years"),
)


def get_warm() -> None:
    """Import what is needed for documents of any usual kind, and read a made-up one.

    Patterns are compiled at their first use, which takes as long as reading a small document.
    """
    for name in NEEDED:
        with suppress(ImportError):  # an extra that is not installed
            importlib.import_module(name)
    practise()


def practise() -> Reading:
    """Read a made-up notice (``data/practice.toml``) and make sense of it."""
    with workshop(Path(gettempdir())) as folder:
        path = folder / "practice.md"
        path.write_text(declared("flows", "practice")["notice"], encoding="utf-8")
        return read_and_normalize(path, SourceMeta("practice", 2020), cross_check=False)
