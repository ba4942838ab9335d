"""The text of WordprocessingML as it is printed: no deletions, hidden text or field codes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from common.declared import declared_list
from extract.files.package import Element, attribute, child, local
from extract.office.word.elements import is_on
from extract.office.word.fields import Field
from extract.office.word.fields import shown as shown_field
from extract.office.word.footnotes import Footnotes
from extract.office.word.formulas import equation
from extract.office.word.looks import Backdrop, Height, Looks, WordStyles
from extract.office.word.numbering import Numbering
from extract.office.word.pieces import Pieces
from extract.office.word.symbols import UNREAD, in_font, is_symbol_font, symbol

# What stands for other content: containers whose inside is read as if they were not there.
_TRANSPARENT = frozenset(
    ("sdtContent", "customXml", "smartTag", "ins", "moveTo", "hyperlink", "dir", "rubyBase", "ruby")
)
_TURNED = "\u202e"
"""What follows this is seen from right to left, digits too."""
_BREAKS = {"br": "\n", "cr": "\n", "tab": " ", "noBreakHyphen": "-", "ptab": " "}
_REFERENCES = frozenset({"footnoteReference", "endnoteReference"})


@dataclass(slots=True)
class LeftOut:
    """What was met in the text that a cell cannot hold."""

    hidden: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    prompts: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    footnotes: list[tuple[str, str]] = field(default_factory=list)
    pictures: int = 0
    numbered: int = 0
    symbols: int = 0
    lost_footnotes: int = 0


@dataclass(slots=True)
class PrintedText:
    """Reads paragraphs as they look by a document's styles, and counts its lists on the way."""

    styles: WordStyles = field(default_factory=WordStyles)
    numbering: Numbering = field(default_factory=Numbering)
    footnotes: Footnotes = field(default_factory=Footnotes)
    seen: LeftOut = field(default_factory=LeftOut)
    ground: Backdrop = field(default_factory=Backdrop)
    in_cell: bool = False

    def paragraph(self, element: Element, *, counted: bool = True) -> str:
        """Return a paragraph's printed text; its own line breaks are newlines.

        ``counted``: whether it is shown, so that a list's number goes on with it.
        """
        properties = child(element, "pPr")
        pieces = Pieces()
        _Reading(self, properties, pieces, prompts=_is_prompt(element)).gather(element, Looks())
        text = pieces.text()
        self.seen.symbols += text.count(UNREAD)
        return self._numbered(properties, text) if counted else text

    def _numbered(self, properties: Element | None, text: str) -> str:
        """Return a text with its list's number; a bullet is shown where it stands alone."""
        if _mark_deleted(properties):
            return text
        number, bullet = self.numbering.next(properties)
        if UNREAD in number:
            self.seen.numbered += 1
        if not number or (bullet and text):
            return text
        return f"{number} {text}".strip()


def _mark_deleted(properties: Element | None) -> bool:
    mark = child(properties, "rPr") if properties is not None else None
    return mark is not None and child(mark, "del") is not None


def _is_prompt(paragraph: Element) -> bool:
    """Say whether a paragraph is what a content control around it shows until it is filled in."""
    for around in paragraph.iterancestors():
        name = local(around)
        if name in ("tbl", "body", "txbxContent"):
            return False
        if name == "sdt" and is_on(child(around, "sdtPr"), "showingPlcHdr"):
            return True
    return False


@dataclass(slots=True)
class _Reading:
    """Reads one paragraph into its pieces."""

    words: PrintedText
    properties: Element | None
    pieces: Pieces
    prompts: bool = False

    def gather(self, element: Element, looks: Looks) -> None:
        """Add what an element holds, in order."""
        for part in element:
            name = local(part)
            if name == "r":
                self._run(part)
            elif name in _TRANSPARENT:
                self.gather(part, looks)
            elif found := _GATHERED.get(name):
                found(self, part, looks)
            else:
                self._leaf(part, name, looks)

    def _run(self, run: Element) -> None:
        own = child(run, "rPr")
        looks = self.words.styles.looks(own, self.properties, self.words.ground)
        self.gather(run, looks)

    def _leaf(self, part: Element, name: str, looks: Looks) -> None:
        if name == "fldChar":
            self._field(part, looks)
        elif name == "instrText":
            self._code(part.text or "", looks)
        elif name in ("drawing", "pict", "object"):
            self._drawing(part, looks)
        elif name in _REFERENCES:
            self._reference(part, name)
        else:
            self._show(self._shown(part, name, looks), looks)

    def _show(self, text: str, looks: Looks) -> None:
        """Add text as it looks; what is hidden, struck out or only a prompt is kept apart."""
        seen = self.words.seen
        if not text:
            return
        if any(each.in_code for each in self.pieces.fields) and looks.hidden:
            return
        if looks.hidden:
            seen.hidden.append(text)
        elif looks.struck:
            seen.struck.append(text)
        elif self.prompts and _asks(text):
            seen.prompts.append(text)
        elif self.prompts:
            seen.unsure.append(text)
            self.pieces.add(text, looks.height)
        else:
            self.pieces.add(text, looks.height)

    def _shown(self, part: Element, name: str, looks: Looks) -> str:
        """Return the printed text of an element that holds no other."""
        if name == "t":
            text = re.sub(r"[\t\r\n]+", " ", part.text or "").replace(_TURNED, UNREAD)
            return in_font(text, looks.font) if is_symbol_font(looks.font) else text
        return _symbol(part) if name == "sym" else _BREAKS.get(name, "")

    def _field(self, mark: Element, looks: Looks) -> None:
        fields, kind = self.pieces.fields, attribute(mark, "fldCharType") or ""
        if kind == "begin":
            fields.append(Field(child(mark, "ffData"), looks=looks))
        elif kind == "separate" and fields:
            fields[-1].in_code = False
        elif kind == "end" and fields:
            ended = fields.pop()
            text = ended.shown()
            if text is not None:
                self._show(text, ended.looks)

    def _code(self, text: str, looks: Looks) -> None:
        if self.pieces.fields and self.pieces.fields[-1].in_code:
            self.pieces.fields[-1].code.append(text)
            self.pieces.fields[-1].looks = looks

    def _drawing(self, part: Element, looks: Looks) -> None:
        seen = self.words.seen
        boxes = [box for box in part.iter() if local(box) == "txbxContent"]
        seen.boxes.extend(boxes)
        pictures = any(local(inner) in ("pic", "imagedata") for inner in part.iter())
        if boxes or not pictures:
            return
        seen.pictures += 1
        if local(part) == "object":
            self._show(UNREAD, looks)

    def _reference(self, part: Element, name: str) -> None:
        found = self.words.footnotes.mark(part, name)
        if found is None or not self.words.in_cell:
            self.words.seen.lost_footnotes += 1
            return
        self.words.seen.footnotes.append(found)
        self.pieces.add(found[0], Height.RAISED)

    def simple_field(self, part: Element, looks: Looks) -> None:
        """Add a field that is one element: what its code shows, else the result in it."""
        text = shown_field(attribute(part, "instr") or "")
        if text is None:
            self.gather(part, looks)
        else:
            self._show(text, looks)

    def control(self, part: Element, looks: Looks) -> None:
        """Add what a content control holds; until it is filled in it only asks for something."""
        before = self.prompts
        self.prompts = before or is_on(child(part, "sdtPr"), "showingPlcHdr")
        self.gather(part, looks)
        self.prompts = before

    def formula(self, part: Element, looks: Looks) -> None:
        """Add an equation."""
        self._show(equation(part), looks)

    def turned(self, part: Element, looks: Looks) -> None:
        """Add text of a set direction; from right to left it is seen the other way round."""
        if attribute(part, "val") != "rtl":
            self.gather(part, looks)
            return
        start = len(self.pieces.parts)
        self.gather(part, looks)
        turned = [(text[::-1], height) for text, height in self.pieces.parts[start:]]
        self.pieces.parts[start:] = turned[::-1]

    def chosen(self, part: Element, looks: Looks) -> None:
        """Add the first of several forms of the same content."""
        found = child(part, "Choice")
        found = child(part, "Fallback") if found is None else found
        if found is not None:
            self.gather(found, looks)

    def deleted(self, part: Element, looks: Looks) -> None:
        """Keep apart what a tracked change deleted."""
        texts = (inner.text or "" for inner in part.iter() if local(inner) in ("delText", "t"))
        if text := "".join(texts).strip():
            self.words.seen.deleted.append(text)

    def skipped(self, part: Element, looks: Looks) -> None:
        """Pass over properties, and what is printed small above its text."""


_GATHERED: dict[str, Callable[[_Reading, Element, Looks], None]] = {
    "del": _Reading.deleted,
    "moveFrom": _Reading.deleted,
    "rPr": _Reading.skipped,
    "pPr": _Reading.skipped,
    "sdtPr": _Reading.skipped,
    "rt": _Reading.skipped,
    "sdt": _Reading.control,
    "fldSimple": _Reading.simple_field,
    "bdo": _Reading.turned,
    "oMath": _Reading.formula,
    "oMathPara": _Reading.formula,
    "AlternateContent": _Reading.chosen,
}


def _symbol(part: Element) -> str:
    """Return a symbol's character; one that only its font knows becomes U+FFFD."""
    code = attribute(part, "char") or ""
    at = int(code, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,6}", code) else 0xFFFD
    if at < 32 or at > 0x10FFFF or 0xD800 <= at < 0xE000:
        return UNREAD
    return symbol(chr(at), (attribute(part, "font") or "").casefold()) or UNREAD


def _asks(text: str) -> bool:
    """Say whether a content control's text asks for something: a figure in it is an entry."""
    asking = any(word in text.casefold() for word in declared_list("extract", "word", "asking"))
    return asking or not any(sign.isdigit() for sign in text)
