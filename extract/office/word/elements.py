"""Small steps through WordprocessingML: children as they are shown, toggles, values."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract.files.package import Element, attribute, child, local

OFF = frozenset({"0", "false", "off", "none"})
_CONTAINERS = frozenset({"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo"})


def children(element: Element, names: tuple[str, ...]) -> Iterator[Element]:
    """Yield the children with these local names, also those inside content controls.

    What a tracked change deleted is passed over.
    """
    for part in element:
        name = local(part)
        if name in names:
            yield part
        elif name in _CONTAINERS:
            yield from children(part, names)
        elif name == "AlternateContent":
            chosen = child(part, "Choice")
            chosen = child(part, "Fallback") if chosen is None else chosen
            if chosen is not None:
                yield from children(chosen, names)


def toggle(properties: Element | None, name: str) -> bool | None:
    """Return what a toggle such as w:vanish is set to, None where it is not there."""
    found = child(properties, name) if properties is not None else None
    return None if found is None else (attribute(found, "val") or "1").lower() not in OFF


def is_on(properties: Element | None, name: str) -> bool:
    """Say whether a toggle such as w:vanish is set."""
    return toggle(properties, name) is True


def value(properties: Element | None, name: str) -> str:
    """Return the w:val of a child; '' where there is none."""
    found = child(properties, name) if properties is not None else None
    return (attribute(found, "val") or "") if found is not None else ""


def whole(text: str | None) -> int | None:
    """Return a whole number as Word writes it; None for anything else and what is absurd."""
    found = re.fullmatch(r"\s*([+-]?[0-9]{1,9})(?:\.0*)?\s*", text or "")
    return int(found[1]) if found else None


def number(properties: Element | None, name: str) -> int | None:
    """Return the whole number in a child's w:val."""
    return whole(value(properties, name))
