"""The named slots of a text that is data."""

from __future__ import annotations

import string


def slots_of(text: str) -> set[str]:
    """Return the names of a text's slots."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
