"""The declared data of normalization: code lists and patterns kept as TOML beside the code."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@cache
def declared(name: str) -> dict[str, Any]:
    """Return the declared data file ``name`` (without its ending)."""
    with (DATA / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def declared_list(name: str, key: str) -> tuple[str, ...]:
    """Return one list of words of a declared data file."""
    return tuple(declared(name)[key])


def longest_first(words: tuple[str, ...]) -> tuple[str, ...]:
    """Order words so that an alternation tries the longest first."""
    return tuple(sorted(words, key=lambda word: (-len(word), word)))
