"""How a process gets warm: it has imported, and done once, all that reading a document needs.

Every command that reads has this function to name it to others; what it imports, only those do.
"""

from __future__ import annotations

import importlib
from contextlib import suppress
from dataclasses import replace
from importlib.resources import files
from itertools import chain, product
from pathlib import Path
from tempfile import gettempdir

from common.declared import KEPT, Place, declared, to_keep
from common.files import replacing, workshop
from flows.jobs.batch.prepared import Prepared, read_and_prepare
from schemas.records.source import SourceMeta

NEEDED = (
    *("camelot.handlers", "camelot.parsers.lattice", "playa", "duckdb", "pandas"),
    *("extract.read", "normalize.pipeline", "flows.jobs.earlier_years"),
)
LATER = (("returns",), ("scores", "scorecards", "rank_stability"), ("indicator_keys",))
"""Tables that come after a notice, or never: those that come together."""
ROOMS = ("common", "compare", "extract", "flows", "normalize", "schemas", "scoring", "warehouse")
"""Rooms whose declared data reading and landing need."""


def get_warm() -> None:
    """Import what is needed for documents of any kind, and make a made-up one ready to land.

    Patterns are compiled and shapes of glyphs are loaded at their first use, which takes as long as
    reading a small document.
    """
    from extract.files.kinds import FORMATS
    from extract.glyphs.known import judge, shapes_by_character
    from extract.pdf.program.fonts import load_chinese_encodings

    for name in (*NEEDED, *sorted({known.reader[0] for known in FORMATS.values()})):
        with suppress(ImportError):  # an extra that is not installed
            importlib.import_module(name)
    for character, shapes in shapes_by_character().items():
        judge(character, shapes[0])
    load_chinese_encodings()
    practise()


def set_up() -> None:
    """Get warm and land what was practised, so that what can be kept of it is kept.

    It is landed with each choice of what may come later: the views are others each time.
    """
    from schemas.tables.frames import rows_to_arrow
    from schemas.tables.registry import TABLES
    from warehouse import catalogue, landing

    get_warm()
    made = practise().landing("practice", "0" * 64)
    for later in product(*(((), tables) for tables in LATER)):
        empty = {name: rows_to_arrow(TABLES[name], []) for name in chain(*later)}
        batch = replace(made, frames={**made.frames, **empty})
        with workshop(Path(gettempdir())) as folder:
            landing.land(folder / "tables", [batch])
    catalogue.keep()
    KEPT.parent.mkdir(exist_ok=True)
    with replacing(KEPT) as new:
        new.write_bytes(to_keep(declared_places()))


def declared_places() -> list[Place]:
    """Return each room with the names of its declared files."""
    held = [
        (room, f"data/{each.name}")
        for room in ROOMS
        for each in sorted((files(room) / "data").iterdir(), key=str)
        if each.name.endswith(".toml")
    ]
    return [*held, ("schemas", "vocabulary.toml")]


def practise() -> Prepared:
    """Read a made-up notice (``data/practice.toml``), make sense and tables of it."""
    with workshop(Path(gettempdir())) as folder:
        path = folder / "practice.md"
        path.write_text(declared(str, "flows", "practice", "notice"), encoding="utf-8")
        meta = SourceMeta("practice", 2020)
        return read_and_prepare(path, meta, cross_check=False, warehouse=None)
