"""A glance at a page's program, without running it, tells whether it draws rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from pdfminer.pdftypes import dict_value, list_value, resolve1, stream_value

ENOUGH = 4
"""The smallest grid of two cells takes at least so many lines or boxes."""
DEEPEST = 3
"""Forms inside forms are followed so far."""
_DRAWING = re.compile(rb"[\d.]\s+(?:re|l)\s")
_PICTURES = re.compile(rb"\sID\s|\sDo\s")
MANY_PICTURES = 20
"""Printer drivers that draw rules as pictures use many."""


def draws_rules(contents: Any, resources: Any) -> bool:
    """Tell whether a page's programs, or the forms they draw, have rules or many pictures."""
    lines = pictures = 0
    for program in _programs(list_value(contents), resources, 0):
        lines += len(_DRAWING.findall(program))
        pictures += len(_PICTURES.findall(program))
        if lines >= ENOUGH or pictures >= MANY_PICTURES:
            return True
    return False


def _programs(streams: Sequence[Any], resources: Any, depth: int) -> Iterator[bytes]:
    for stream in streams:
        yield stream_value(stream).get_data()
    if depth < DEEPEST:
        for entry in dict_value(dict_value(resources).get("XObject") or {}).values():
            form = resolve1(entry)
            if form is not None and getattr(form.get("Subtype"), "name", "") == "Form":
                yield from _programs([form], resolve1(form.get("Resources")) or {}, depth + 1)
