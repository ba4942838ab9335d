"""The declared odds of ``data/columns.toml``, and their costs."""

from __future__ import annotations

from functools import cache
from math import log

from common.declared import declared


@cache
def odds(section: str, name: str) -> float:
    """Return one declared number as it is written."""
    return declared(float, "normalize", "columns", section, name)


@cache
def cost(section: str, name: str) -> float:
    """Return the cost of one declared probability, -ln(p)."""
    return -log(odds(section, name))


def near() -> float:
    """Return how far a rival must be behind to make no doubt."""
    return declared(float, "normalize", "columns", "near")
