"""What the fields of a form on a page show: the text in a box, the chosen entry, a tick."""

from __future__ import annotations

from extract.web.cascade import Element
from extract.web.styles import tag_of

_WITHOUT_TEXT = frozenset(
    {"hidden", "button", "submit", "reset", "image", "file", "color", "password"}
)
_TICKS = {True: "☑", False: "☐"}


def shown_value(element: Element) -> str:
    """Return the text that a field shows; a button belongs to the page and shows none."""
    tag = tag_of(element)
    if tag == "textarea":
        return "".join(map(str, element.itertext()))
    if tag == "select":
        return _chosen(element)
    kind = (element.get("type") or "text").strip().lower()
    if tag == "button" or kind in _WITHOUT_TEXT:
        return ""
    if kind in ("checkbox", "radio"):
        return _TICKS[element.get("checked") is not None]
    return element.get("value") or ""


def _chosen(element: Element) -> str:
    """Return the chosen entries of a list; the first one where none is and one is always shown."""
    entries = [each for each in element.iter() if tag_of(each) == "option"]
    chosen = [each for each in entries if each.get("selected") is not None]
    if element.get("multiple") is None:
        chosen = chosen[-1:] or entries[:1]
    return "、".join("".join(map(str, each.itertext())).strip() for each in chosen)
