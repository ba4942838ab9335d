"""Pages of the report site read back: what a reader sees, and the numbers that stand behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

from lxml import html

Element = Any

_SPACE = re.compile(r"\s+")


def read(page: Path) -> Element:
    return html.document_fromstring(page.read_bytes().decode())


def pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def said(element: Element) -> str:
    """Return an element's text as a person reads it."""
    return _SPACE.sub(" ", element.text_content()).strip()


def numbers(element: Element) -> list[float]:
    """Return the full values of the numbers shown in an element."""
    return [float(each.get("value")) for each in element.iter("data")]


def shown(element: Element) -> list[tuple[float, str]]:
    """Return the numbers shown in an element: the full value, and the text."""
    return [(float(each.get("value")), said(each)) for each in element.iter("data")]


def row_of(page: Element, mark: str) -> Element:
    (row,) = page.xpath(f"//tr[@id='{mark}']")
    return row


def column(row: Element, name: str) -> Element:
    (cell,) = row.xpath(f"./td[@data-col='{name}']")
    return cell


def references(page: Path) -> Iterator[tuple[str, str, Path | None, str]]:
    """Give what a page refers to: attribute, text, the file meant (None: elsewhere), the mark."""
    for element in read(page).iter():
        for name in ("href", "src", "srcset", "action", "data", "poster", "xlink:href"):
            value = element.get(name)
            if value is None:
                continue
            path, mark = urldefrag(value)
            inside = not re.match(r"[a-z][a-z0-9+.-]*:|//|/", value, re.IGNORECASE)
            path = path.partition("?")[0]
            file = (page.parent / unquote(path)).resolve() if path else page
            yield name, value, file if inside else None, mark
