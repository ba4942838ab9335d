"""A glance at a page's program, without running it: whether it has rules and large pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pdfminer.pdftypes import dict_value, list_value, resolve1, stream_value

ENOUGH = 4
"""The smallest grid of two cells takes at least this many lines or boxes."""
DEEPEST = 3
"""Forms inside forms are followed to this depth."""
LARGE = 500_000
"""A scanned page has more pixels than this, at 72 dots an inch already; emblems have fewer."""
_DRAWN = re.compile(rb"/([^\s/<>\[\]()]+)\s+Do\b")
_DRAWING = re.compile(rb"[\d.]\s+(?:re|l)\s")
_PICTURES = re.compile(rb"\sID\s|\sDo\s")
MANY_PICTURES = 20
"""Printer drivers that draw rules as pictures use many."""


def draws_rules(contents: object, resources: object) -> bool:
    """Tell whether a page's programs, or the forms they draw, have rules or many pictures."""
    lines = pictures = 0
    for program in _programs(list_value(contents), resources, 0):
        lines += len(_DRAWING.findall(program))
        pictures += len(_PICTURES.findall(program))
        if lines >= ENOUGH or pictures >= MANY_PICTURES:
            return True
    return False


def draws_large_picture(contents: object, resources: object) -> bool:
    """Tell whether the pictures that a page's programs draw have as many pixels as a scan."""
    return _pixels(list_value(contents), resources, 0) >= LARGE


def _pixels(streams: Sequence[object], resources: object, depth: int) -> int:
    """Return how many pixels the pictures named in programs have, those in forms included."""
    named = dict_value(dict_value(resources).get("XObject") or {})
    drawn = {
        name.decode("latin-1")
        for stream in streams
        for name in _DRAWN.findall(stream_value(stream).get_data())
    }
    total = 0
    for name in drawn.intersection(named):
        shown = resolve1(named[name])
        kind = getattr(shown.get("Subtype"), "name", "") if shown is not None else ""
        if kind == "Image":
            total += _size(shown.get("Width")) * _size(shown.get("Height"))
        elif kind == "Form" and depth < DEEPEST:
            total += _pixels([shown], resolve1(shown.get("Resources")) or {}, depth + 1)
    return total


def _size(value: object) -> int:
    stated = resolve1(value)
    return stated if isinstance(stated, int) else 0


def _programs(streams: Sequence[object], resources: object, depth: int) -> Iterator[bytes]:
    for stream in streams:
        yield stream_value(stream).get_data()
    if depth < DEEPEST:
        for entry in dict_value(dict_value(resources).get("XObject") or {}).values():
            form = resolve1(entry)
            if form is not None and getattr(form.get("Subtype"), "name", "") == "Form":
                yield from _programs([form], resolve1(form.get("Resources")) or {}, depth + 1)
