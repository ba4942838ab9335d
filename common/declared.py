"""Declared data: code lists, patterns and words kept as TOML in a room's folder ``data``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def declared(room: str, name: str) -> dict[str, Any]:
    """Return the data file ``<room>/data/<name>.toml``, read once."""
    return tomllib.loads((files(room) / "data" / f"{name}.toml").read_text("utf-8"))


@cache
def declared_list(room: str, name: str, key: str) -> tuple[str, ...]:
    """Return one list of words of a declared data file."""
    return tuple(declared(room, name)[key])


def longest_first(words: tuple[str, ...]) -> tuple[str, ...]:
    """Order words so that an alternation tries the longest first."""
    return tuple(sorted(words, key=lambda word: (-len(word), word)))
