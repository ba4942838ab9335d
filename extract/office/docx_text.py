"""The text of WordprocessingML as it is printed: no deletions, hidden text or field codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from extract.files.package import Element, attribute, child, local
from extract.text.raised import superscript

_OFF = frozenset({"0", "false", "off", "none"})
# What stands for other content: containers whose inside is read as if they were not there.
_TRANSPARENT = frozenset(
    ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "hyperlink", "fldSimple",
     "dir", "bdo", "oMath", "oMathPara", "rubyBase", "ruby", "r", "e", "sup", "sub", "num", "den",
     "sSup", "sSub", "f", "rad", "d")
)  # fmt: skip
_DELETED = frozenset({"del", "moveFrom"})
_BREAKS = {"br": "\n", "cr": "\n", "tab": " ", "noBreakHyphen": "-", "ptab": " "}


@dataclass(slots=True)
class LeftOut:
    """What was met in the text that a cell cannot hold."""

    hidden: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    pictures: int = 0
    numbered: int = 0
    symbols: int = 0
    footnotes: int = 0


@dataclass(slots=True)
class PrintedText:
    """Reads paragraphs; ``hidden_styles`` are the styles whose text is not printed."""

    hidden_styles: frozenset[str] = frozenset()
    seen: LeftOut = field(default_factory=LeftOut)

    def paragraph(self, element: Element) -> str:
        """Return a paragraph's printed text; its own line breaks are newlines."""
        properties = child(element, "pPr")
        if properties is not None and child(properties, "numPr") is not None:
            self.seen.numbered += 1
        hidden = properties is not None and _style(properties, "pStyle") in self.hidden_styles
        pieces = _Pieces()
        self._gather(element, pieces, hidden)
        text = re.sub(r"[ \u00a0]+", " ", "".join(pieces.parts))
        return "\n".join(line.strip() for line in text.split("\n")).strip("\n")

    def _gather(self, element: Element, pieces: _Pieces, hidden: bool) -> None:
        for part in element:
            name = local(part)
            if name == "r" and child(part, "rPr") is not None:
                self._run(part, pieces, hidden)
            elif name in _TRANSPARENT:
                self._gather(part, pieces, hidden)
            elif name == "AlternateContent":
                chosen = child(part, "Choice")
                if chosen is not None:
                    self._gather(chosen, pieces, hidden)
            elif name not in _DELETED:
                self._leaf(part, name, pieces, hidden)

    def _run(self, run: Element, pieces: _Pieces, hidden: bool) -> None:
        """Gather one run; raised digits stay apart from the number before them."""
        properties = child(run, "rPr")
        if properties is None:
            return
        if (
            hidden
            or is_on(properties, "vanish")
            or _style(properties, "rStyle") in self.hidden_styles
        ):
            self._gather(run, pieces, True)
            return
        before = len(pieces.parts)
        self._gather(run, pieces, False)
        text = "".join(pieces.parts[before:])
        if is_on(properties, "strike") or is_on(properties, "dstrike"):
            del pieces.parts[before:]
            if text.strip():
                self.seen.struck.append(text)
        elif _value(properties, "vertAlign") == "superscript":
            pieces.parts[before:] = [superscript(text)]

    def _leaf(self, part: Element, name: str, pieces: _Pieces, hidden: bool) -> None:
        if name == "fldChar":
            pieces.field_mark(attribute(part, "fldCharType") or "")
        elif name in ("drawing", "pict", "object"):
            self._drawing(part)
        elif name in ("footnoteReference", "endnoteReference"):
            self.seen.footnotes += 1
        elif hidden:
            if name == "t":
                self.seen.hidden.append(part.text or "")
        elif not pieces.in_code():
            pieces.parts.append(self._shown(part, name))

    def _shown(self, part: Element, name: str) -> str:
        """Return the printed text of an element that holds no other."""
        if name == "t":
            return re.sub(r"[\t\r\n]+", " ", part.text or "")
        return self._symbol(part) if name == "sym" else _BREAKS.get(name, "")

    def _symbol(self, part: Element) -> str:
        """Return a symbol's character; one that only its font knows becomes U+FFFD."""
        code = attribute(part, "char") or ""
        value = int(code, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,6}", code) else 0xFFFD
        if 0xE000 <= value <= 0xF8FF or value > 0x10FFFF or value < 32:
            self.seen.symbols += 1
            return "\ufffd"
        return chr(value)

    def _drawing(self, part: Element) -> None:
        boxes = [box for box in part.iter() if local(box) == "txbxContent"]
        self.seen.boxes.extend(boxes)
        if not boxes and any(local(inner) in ("pic", "imagedata") for inner in part.iter()):
            self.seen.pictures += 1


@dataclass(slots=True)
class _Pieces:
    """A paragraph's text so far, and whether a field's code is being passed."""

    parts: list[str] = field(default_factory=list)
    fields: list[bool] = field(default_factory=list)

    def field_mark(self, kind: str) -> None:
        if kind == "begin":
            self.fields.append(True)
        elif kind == "separate" and self.fields:
            self.fields[-1] = False
        elif kind == "end" and self.fields:
            self.fields.pop()

    def in_code(self) -> bool:
        return any(self.fields)


def children(element: Element, names: tuple[str, ...]) -> Iterator[Element]:
    """Yield the children with these local names, also those inside content controls.

    What a tracked change deleted is passed over.
    """
    for part in element:
        name = local(part)
        if name in names:
            yield part
        elif name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo"):
            yield from children(part, names)
        elif name == "AlternateContent":
            chosen = child(part, "Choice")
            if chosen is not None:
                yield from children(chosen, names)


def is_on(properties: Element, name: str) -> bool:
    """Say whether a toggle such as w:vanish is set."""
    toggle = child(properties, name)
    return toggle is not None and (attribute(toggle, "val") or "1").lower() not in _OFF


def _value(properties: Element, name: str) -> str:
    found = child(properties, name)
    return (attribute(found, "val") or "") if found is not None else ""


def _style(properties: Element, name: str) -> str | None:
    return _value(properties, name) or None


def hidden_styles(styles: Element) -> frozenset[str]:
    """Return the ids of the styles whose text is hidden, by themselves or by what they follow."""
    parents: dict[str, str] = {}
    hidden: set[str] = set()
    for style in children(styles, ("style",)):
        name = attribute(style, "styleId") or ""
        parents[name] = _value(style, "basedOn")
        properties = child(style, "rPr")
        if properties is not None and is_on(properties, "vanish"):
            hidden.add(name)
    grown = True
    while grown:
        followers = {name for name, parent in parents.items() if parent in hidden} - hidden
        grown = bool(followers)
        hidden |= followers
    return frozenset(hidden)
