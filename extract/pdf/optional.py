"""Layers of a PDF that are switched off, and pieces of a page that are marked as a watermark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from pdfminer.pdftypes import PDFObjRef, resolve1
from pdfminer.psparser import PSLiteral


class Marked(Enum):
    """What a piece of a page's program is marked as."""

    PLAIN = "plain"
    HIDDEN = "hidden"
    WATERMARK = "watermark"


class Over(Enum):
    """What is being drawn: the page, an annotation's text to be read, or one to be kept apart."""

    PAGE = "page"
    READ = "read"
    APART = "apart"


class OptionalLayers:
    """The optional-content groups of a document that are not shown."""

    def __init__(self, catalog: Mapping[str, object]) -> None:
        held = _dictionary(catalog.get("OCProperties"))
        shown = _dictionary(held.get("D"))
        self._off = set(_numbers(shown.get("OFF")))
        if _name(shown.get("BaseState")) == "OFF":
            self._off |= set(_numbers(held.get("OCGs"))) - set(_numbers(shown.get("ON")))

    def mark(self, layer: object) -> Marked:
        """Return whether a group, or a membership of several, is hidden."""
        if layer is None or not self._off:
            return Marked.PLAIN
        members = _dictionary(layer).get("OCGs")
        if members is None:
            hidden = bool(self._off & set(_numbers([layer])))
        else:
            groups = set(_numbers(members if isinstance(resolve1(members), list) else [members]))
            hidden = self._all_or_any(_name(_dictionary(layer).get("P")), groups)
        return Marked.HIDDEN if hidden else Marked.PLAIN

    def _all_or_any(self, policy: str, groups: set[int]) -> bool:
        """Tell whether a membership is hidden: by its policy, some groups must be on or off."""
        off = groups & self._off
        if policy == "AllOn":
            return bool(off)
        if policy == "AnyOff":
            return not off
        if policy == "AllOff":
            return off != groups
        return bool(groups) and off == groups

    def mark_of_tag(self, tag: object, said: object) -> Marked:
        """Return what a marked piece of a page is, by its tag and what is said with it."""
        name = tag.name if isinstance(tag, PSLiteral) else ""
        if name == "OC":
            return self.mark(said)
        if name == "Artifact" and _name(_dictionary(said).get("Subtype")) == "Watermark":
            return Marked.WATERMARK
        return Marked.PLAIN


def _dictionary(value: object) -> Mapping[str, object]:
    found = resolve1(value)
    return found if isinstance(found, Mapping) else {}


def _name(value: object) -> str:
    found = resolve1(value)
    return str(found.name) if isinstance(found, PSLiteral) else ""


def _numbers(value: object) -> Iterable[int]:
    """Yield the object numbers of a list of groups."""
    for each in resolve1(value) or ():
        if isinstance(each, PDFObjRef):
            yield each.objid
