"""The styles of ordinals that rows and headings begin with: 一、 （一） 1. ①."""

from __future__ import annotations

import re

from common.fold import clean

_ORDINAL_STYLES = (
    re.compile(r"^第[一二三四五六七八九十\d]+[编章部篇]"),
    re.compile(r"^[一二三四五六七八九十]+[、.．]"),
    re.compile(r"^[（(][一二三四五六七八九十]+[）)]"),
    re.compile(r"^\d+[、.．](?!\d)"),
    re.compile(r"^\d+[.．]\d+(?![.．]?\d)"),
    re.compile(r"^\d+[.．]\d+[.．]\d+"),
    re.compile(r"^[（(]\d+[）)]"),
    re.compile(r"^[①-⑳]"),
)


def ordinal_style(text: str) -> int | None:
    """Return which style of ordinal (一、 or （一） or 1.) a text begins with, None where none."""
    cleaned = clean(text)
    return next((i for i, p in enumerate(_ORDINAL_STYLES) if p.match(cleaned)), None)


def style_count() -> int:
    """Return how many styles there are."""
    return len(_ORDINAL_STYLES)
