"""Points printed inside a heading: 考核内容（45分）."""

from __future__ import annotations

import re

from normalize.text import clean

_BEHIND = re.compile(r"[（(](?:共|计|满分|分值)?[:：]?(\d+(?:\.\d+)?)分[）)]$")


def without_points(name: str) -> str:
    """Return a heading's cleaned name without the points printed behind it."""
    return _BEHIND.sub("", clean(name))


def points_in(name: str) -> float | None:
    """Return the points printed behind a heading's name, None where there are none."""
    found = _BEHIND.search(clean(name))
    return float(found.group(1)) if found else None
