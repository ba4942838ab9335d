"""Walk an HTML tree as a person sees it: text, line breaks and tables; hidden things left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from extract.text.raised import superscript
from extract.web.styles import Element, Styles

_SKIPPED_NAMES = """head script style template noscript iframe object embed svg select datalist
textarea input button map audio video canvas title meta link colgroup col rp rt"""
_BLOCK_NAMES = """address article aside blockquote body caption center dd details div dl dt fieldset
figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section
summary table tbody td tfoot th thead tr ul"""
SKIPPED = frozenset(_SKIPPED_NAMES.split())
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_STRUCK = frozenset({"s", "strike", "del"})


@dataclass(slots=True)
class Page:
    """What hides elements on a page, and what was left out while it was walked."""

    styles: Styles = field(default_factory=Styles)
    hidden_texts: list[str] = field(default_factory=list)
    struck_texts: list[str] = field(default_factory=list)
    pictures: int = 0

    def leaves_out(self, element: Element) -> bool:
        """Say whether an element's text is not read; keep what is hidden or struck out."""
        if self.styles.hides(element) or self.styles.leaves_blank(element):
            texts = self.hidden_texts
        elif tag_of(element) in _STRUCK or self.styles.strikes_out(element):
            texts = self.struck_texts
        else:
            return False
        if text := visible_text(element):
            texts.append(text)
        return True


def tag_of(element: Element) -> str:
    """Return an element's lower-case name without namespace ('' for comments)."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


@dataclass(slots=True)
class Flow:
    """Text gathered in HTML's way: white space is one space, blocks and <br> break the line."""

    parts: list[str] = field(default_factory=list)

    def text(self, text: str, *, keep_lines: bool = False) -> None:
        """Add text; its own line ends count only where the page keeps them (<pre>)."""
        text = text.replace("\u00a0", " ")
        self.parts.append(text if keep_lines else re.sub(r"[ \t\r\n\f]+", " ", text))

    def line_break(self) -> None:
        """End the line."""
        self.parts.append("\n")

    def finish(self) -> str:
        """Return what was gathered, without empty lines and spaces at the ends of lines."""
        lines = "".join(self.parts).split("\n")
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
    keep = tag == "pre"
    if element.text:
        flow.text(element.text, keep_lines=keep)
    for child in element:
        if not _left_out(child, page):
            if tag_of(child) == "sup":
                flow.text(superscript(visible_text(child)))
            else:
                yield from walk(child, page, flow)
        if child.tail:
            flow.text(child.tail, keep_lines=keep)


def _left_out(element: Element, page: Page) -> bool:
    tag = tag_of(element)
    if not tag or tag in SKIPPED:
        return True
    if tag == "img":
        page.pictures += 1
        return True
    return page.leaves_out(element)


def visible_text(element: Element) -> str:
    """Return all text under an element on one line."""
    return re.sub(r"\s+", " ", "".join(str(text) for text in element.itertext())).strip()
