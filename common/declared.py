"""Declared data: code lists, patterns and words kept as TOML in a room's folder ``data``.

What a file says is parsed once, at set-up, and kept beside the bytecode: parsing what one notice
needs takes 25 ms in each process. Each is kept with the whole text that it was parsed from, and a
file that says something else by now is parsed anew.
"""

from __future__ import annotations

import marshal
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar, cast

KEPT = Path(__file__).parent / "__pycache__" / f"declared.{sys.implementation.cache_tag}.bin"

Place = tuple[str, str]
"""A room, and where in it a file is."""
_Kept = dict[Place, tuple[bytes, bytes]]
"""What a room's file was, and what it says, marshalled."""


Kind = TypeVar("Kind")


def declared(kind: type[Kind], room: str, name: str, *keys: str) -> Kind:
    """Return what the data file ``<room>/data/<name>.toml`` says under some keys.

    ``kind`` is what stands there, as a test holds of every call.
    """
    said: Any = _content(room, name)
    for key in keys:
        said = said[key]
    return cast("Kind", said)


@cache
def declared_list(room: str, name: str, *keys: str) -> tuple[str, ...]:
    """Return one list of words of a declared data file."""
    return tuple(declared(list[str], room, name, *keys))


@cache
def _content(room: str, name: str) -> dict[str, object]:
    return declared_in(room, f"data/{name}.toml")


def declared_in(room: str, place: str) -> dict[str, object]:
    """Return what a room's file says."""
    written = files(room).joinpath(place).read_bytes()
    before, said = kept_in(KEPT).get((room, place), (b"", b""))
    return marshal.loads(said) if said and before == written else _parsed(written)


def to_keep(places: Iterable[Place]) -> bytes:
    """Return what ``KEPT`` shall hold, that processes to come need not parse these files."""
    kept: _Kept = {}
    for room, place in places:
        written = files(room).joinpath(place).read_bytes()
        with suppress(ValueError):  # a date cannot be kept
            kept[room, place] = written, marshal.dumps(_parsed(written))
    return to_be_kept(kept)


def _parsed(written: bytes) -> dict[str, object]:
    import tomllib

    return tomllib.loads(written.decode("utf-8"))


def to_be_kept(content: dict[Any, Any]) -> bytes:
    """Return a file's bytes of which :func:`kept_in` gives the content to the same Python."""
    return marshal.dumps((sys.version, content))


@cache
def kept_in(path: Path) -> dict[Any, Any]:
    """Return what is kept in a file; nothing where it is not this Python's or cannot be read."""
    with suppress(OSError, ValueError, EOFError, TypeError):
        version, kept = marshal.loads(path.read_bytes())
        if version == sys.version and isinstance(kept, dict):
            return kept
    return {}


def longest_first(words: tuple[str, ...]) -> tuple[str, ...]:
    """Order words so that an alternation tries the longest first."""
    return tuple(sorted(words, key=lambda word: (-len(word), word)))
