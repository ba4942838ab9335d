"""Fields: what is shown of a field's code where it keeps no result, boxes to tick, lists."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extract.files.package import Element, attribute, child
from extract.office.word.elements import children, is_on, number, toggle
from extract.office.word.formulas import UNREAD, eq_field
from extract.office.word.looks import Looks
from extract.office.word.symbols import in_font

TICKED, NOT_TICKED = "☑", "☐"
_SYMBOL = re.compile(r"SYMBOL\s+(0x[0-9A-F]+|[0-9]{1,6}|\S)(?:.*?\\f\s+[\"“]?([^\"”\\]+))?", re.I)
_COUNTED = frozenset({"AUTONUM", "AUTONUMLGL", "AUTONUMOUT", "LISTNUM"})


@dataclass(slots=True)
class Field:
    """A field that is being read: its code, and whether its result has begun."""

    data: Element | None = None
    code: list[str] = field(default_factory=list)
    in_code: bool = True
    looks: Looks = field(default_factory=Looks)

    def shown(self) -> str | None:
        """Return what the code itself shows; None for a field that shows its result."""
        return shown("".join(self.code), self.data)


def shown(code: str, data: Element | None = None) -> str | None:
    """Return what a field's code (and a form field's data) shows; None where it is the result."""
    kind = (code.split(maxsplit=1) or [""])[0].upper()
    if kind == "EQ":
        return eq_field(code.strip()[2:])
    if kind == "SYMBOL":
        return _symbol(code.strip())
    if kind in _COUNTED:
        return UNREAD
    if data is None:
        return None
    return _ticked(child(data, "checkBox")) or _chosen(child(data, "ddList"))


def _symbol(code: str) -> str:
    found = _SYMBOL.match(code)
    if found is None:
        return UNREAD
    written = found[1]
    if len(written) > 1 or written.isdigit():
        at = int(written, 16) if written.lower().startswith("0x") else int(written)
        written = chr(at) if 0x20 <= at < 0xD800 or 0xE000 <= at <= 0xFFFD else UNREAD
    return in_font(written, (found[2] or "symbol").strip().casefold())


def _ticked(box: Element | None) -> str | None:
    if box is None:
        return None
    ticked = toggle(box, "checked")
    return TICKED if (is_on(box, "default") if ticked is None else ticked) else NOT_TICKED


def _chosen(choices: Element | None) -> str | None:
    """Return the entry of a drop-down list that is shown."""
    if choices is None:
        return None
    at = number(choices, "result")
    at = number(choices, "default") or 0 if at is None else at
    entries = [attribute(entry, "val") or "" for entry in children(choices, ("listEntry",))]
    return entries[at] if 0 <= at < len(entries) else ""
