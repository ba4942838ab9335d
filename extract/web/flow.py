"""Walk an HTML tree as a person sees it: text, line breaks and tables; hidden things left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from extract.raised import subscript, superscript
from extract.web.cascade import Element
from extract.web.fields import shown_value
from extract.web.formulas import formula
from extract.web.styles import Look, Styles, tag_of
from extract.web.values import generated

_SKIPPED_NAMES = """head script style template noscript noframes noembed option optgroup datalist
map meta link title colgroup col rp rt source track param"""
_PICTURE_NAMES = "img svg canvas video audio object embed iframe"
_BLOCK_NAMES = """address article aside blockquote body caption center dd details div dl dt fieldset
figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section
summary table tbody td tfoot th thead tr ul"""
SKIPPED = frozenset(_SKIPPED_NAMES.split())
_PICTURES = frozenset(_PICTURE_NAMES.split())
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_FIELDS = frozenset({"input", "select", "textarea", "button"})
_ICON = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")


@dataclass(slots=True)
class Page:
    """How a page's elements look, and what was left out while it was walked.

    ``written`` turns what is written in a cell into what is meant, where a converter wrote it.
    """

    styles: Styles = field(default_factory=Styles)
    written: Callable[[str], str] = str
    hidden_texts: list[str] = field(default_factory=list)
    struck_texts: list[str] = field(default_factory=list)
    generated_unread: list[str] = field(default_factory=list)
    pictures: int = 0

    def leave_out(self, element: Element) -> None:
        """Keep what an element hides as a whole."""
        if text := visible_text(element):
            self.hidden_texts.append(text)

    def shows(self, text: str, look: Look) -> bool:
        """Say whether a text is read; keep what is hidden or struck out."""
        kept = self.hidden_texts if look.hidden else self.struck_texts if look.struck else None
        if kept is not None and text.strip():
            kept.append(text.strip())
        return kept is None


class _Raised(str):
    """A raised text in its own characters; it is a mark only beside text on the line."""

    __slots__ = ()


@dataclass(slots=True)
class Flow:
    """Text gathered in HTML's way: white space is one space, blocks and <br> break the line."""

    parts: list[str] = field(default_factory=list)

    def text(self, text: str, *, keep_lines: bool = False) -> None:
        """Add text; its own line ends count only where the page keeps them (<pre>)."""
        text = text.replace("\u00a0", " ")
        self.parts.append(text if keep_lines else re.sub(r"[ \t\r\n\f]+", " ", text))

    def shifted(self, text: str, shift: int) -> None:
        """Add raised (1) or lowered (-1) text."""
        before = "".join(self.parts[-3:])
        self.parts.append(_Raised(text) if shift > 0 else subscript(text, before))

    def line_break(self) -> None:
        """End the line."""
        self.parts.append("\n")

    def finish(self) -> str:
        """Return what was gathered, without empty lines and spaces at the ends of lines."""
        on_line = any(part.strip() for part in self.parts if not isinstance(part, _Raised))
        written = (
            superscript(part) if on_line and isinstance(part, _Raised) else part
            for part in self.parts
        )
        lines = "".join(written).split("\n")
        self.parts.clear()
        clean = (re.sub(r" {2,}", " ", line).strip() for line in lines)
        return "\n".join(line for line in clean if line)


def walk(element: Element, page: Page, flow: Flow) -> Iterator[Element]:
    """Gather an element's visible text into ``flow``; yield each table and do not enter it.

    The caller decides at each table whether to finish the flow first.
    """
    tag = tag_of(element)
    if tag == "table":
        yield element
        return
    block = tag in _BLOCKS
    if block or tag == "br":
        flow.line_break()
    yield from _inside(element, page, flow, tag)
    if block:
        flow.line_break()


def _inside(element: Element, page: Page, flow: Flow, tag: str) -> Iterator[Element]:
    look = page.styles.look(element)
    closed = tag == "details" and element.get("open") is None
    look = replace(look, blank=look.blank or closed)
    _generate(element, "before", page, flow)
    if element.text:
        _say(element.text, look, page, flow)
    for child in element:
        if not _left_out(child, page, closed=closed):
            yield from _child(child, page, flow, look)
        if child.tail:
            _say(child.tail, look, page, flow)
    _generate(element, "after", page, flow)


def _say(text: str, look: Look, page: Page, flow: Flow) -> None:
    if page.shows(text, look):
        flow.text(text, keep_lines=look.keeps_lines)


def _child(child: Element, page: Page, flow: Flow, around: Look) -> Iterator[Element]:
    """Gather a child's text, as a whole where it is a field, a formula, or off the line."""
    tag, look = tag_of(child), page.styles.look(child)
    if tag in _FIELDS:
        _say(shown_value(child), look, page, flow)
    elif tag == "math":
        _say(formula(child), look, page, flow)
    elif (look.shift, look.reversed) == (around.shift, around.reversed) or has_table(child):
        yield from walk(child, page, flow)
    else:
        inner = Flow()
        for _ in walk(child, page, inner):
            pass
        text = inner.finish()
        if look.reversed:
            flow.text(text[::-1])
        else:
            flow.shifted(text, look.shift)


def has_table(element: Element) -> bool:
    """Say whether a table stands anywhere within an element."""
    return element.find(".//table") is not None


def _generate(element: Element, side: str, page: Page, flow: Flow) -> None:
    """Add the text that a style sheet writes before or after an element's own."""
    found = page.styles.generated(element, side)
    if found is None or found.look.hidden:
        return
    text = generated(found.content, element.get)
    if text is None:
        page.generated_unread.append(found.content)
    elif text and not _ICON.search(text) and page.shows(text, found.look):
        if found.look.shift:
            flow.shifted(text, found.look.shift)
        else:
            flow.text(text)


def _left_out(element: Element, page: Page, *, closed: bool) -> bool:
    tag = tag_of(element)
    if not tag or tag in SKIPPED:
        return True
    if page.styles.look(element).gone or (closed and tag != "summary"):
        page.leave_out(element)
        return True
    if tag in _PICTURES:
        page.pictures += not page.styles.look(element).hidden
        return True
    return False


def visible_text(element: Element) -> str:
    """Return all text under an element on one line."""
    return re.sub(r"\s+", " ", "".join(str(text) for text in element.itertext())).strip()
