"""The zip of an OFD document: its parts by the paths that its own files give."""

from __future__ import annotations

import posixpath
from functools import cached_property

from common.refusal import Refusal
from extract.files.package import Element, Package, local

ROOT = "OFD.xml"


class OfdPackage(Package):
    """An opened OFD package; parts are found by locations in other parts."""

    def locate(self, location: str | None, base: str) -> str | None:
        """Return the part that a location names in a file of the folder ``base``; None if none.

        A leading slash is the package's root, as real files also have it without one. A way out of
        the package leads nowhere.
        """
        if not location or not location.strip():
            return None
        path = location.strip().replace("\\", "/")
        tried = [path] if path.startswith("/") else [posixpath.join(base, path), path]
        for each in tried:
            name = posixpath.normpath(each).lstrip("/")
            if (found := self._named(name)) is not None:
                return found
        return None

    def _named(self, name: str) -> str | None:
        """Return a part by its name, however its zip writes Chinese names and capitals."""
        if name in self.names:
            return name
        spelled = (name, *(_as_old_zip(name, coding) for coding in ("gb18030", "utf-8")))
        return next((self._lowered[s.lower()] for s in spelled if s.lower() in self._lowered), None)

    @cached_property
    def _lowered(self) -> dict[str, str]:
        return {name.lower(): name for name in self.names}

    def optional(self, location: str | None, base: str) -> tuple[str, Element] | None:
        """Return the name and tree of a part that is not needed; None where it cannot be read.

        What is no accident, a bomb or entities, is refused as everywhere.
        """
        name = self.locate(location, base)
        if name is None:
            return None
        try:
            return name, self.tree(name)
        except Refusal as refused:
            if refused.code != "damaged":
                raise
            return None


def _as_old_zip(name: str, coding: str) -> str:
    """Return how a name reads whose zip does not say in which coding it is."""
    return name.encode(coding, "replace").decode("cp437")


def folder_of(part: str) -> str:
    """Return the folder of a part, in which the locations in it begin."""
    return posixpath.dirname(part)


def children(element: Element | None, name: str) -> list[Element]:
    """Return the children with a local name."""
    return [] if element is None else [each for each in element if local(each) == name]


def text_of(element: Element | None) -> str | None:
    """Return an element's text; None where there is no such element."""
    return None if element is None else (element.text or "").strip()
