"""Words that returns are read by, kept as data: headings, yes and no, units."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "data" / "returns.toml"


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def declared(section: str, name: str) -> Any:
    """Return one list of the data file; KeyError where it has none of that name."""
    return _content()[section][name]


def section(name: str) -> dict[str, list[str]]:
    """Return one section of the data file whole."""
    return dict(_content()[name])
