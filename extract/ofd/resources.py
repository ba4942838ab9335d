"""What a document's resource files name: fonts, colours, styles, pictures, composed drawings."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

from extract.files.package import Element, child, local
from extract.ofd.container import OfdPackage, folder_of, text_of

DEEPEST_STYLE = 16


@dataclass(frozen=True, slots=True)
class Font:
    """A font: its name, and the part that holds it where it is embedded."""

    name: str
    file: str | None


@dataclass(slots=True)
class Resources:
    """What pages refer to, by identifier."""

    fonts: dict[str, Font] = field(default_factory=dict)
    spaces: dict[str, Element] = field(default_factory=dict)
    styles: dict[str, Element] = field(default_factory=dict)
    pictures: dict[str, str | None] = field(default_factory=dict)
    composed: dict[str, Element] = field(default_factory=dict)

    def read(self, package: OfdPackage, location: str | None, base: str) -> None:
        """Add what a resource file names; one that cannot be read adds nothing."""
        found = package.optional(location, base)
        if found is None:
            return
        part, root = found
        folder = posixpath.join(folder_of(part), (root.get("BaseLoc") or "").lstrip("/"))
        if (root.get("BaseLoc") or "").startswith("/"):
            folder = (root.get("BaseLoc") or "").lstrip("/")
        for group in root:
            for entry in group:
                self._add(package, entry, folder)

    def _add(self, package: OfdPackage, entry: Element, folder: str) -> None:
        identifier = entry.get("ID") or ""
        match local(entry):
            case "Font":
                name = entry.get("FamilyName") or entry.get("FontName") or ""
                file = package.locate(text_of(child(entry, "FontFile")), folder)
                self.fonts[identifier] = Font(name, file)
            case "ColorSpace":
                self.spaces[identifier] = entry
            case "DrawParam":
                self.styles[identifier] = entry
            case "MultiMedia":
                location = text_of(child(entry, "MediaFile"))
                self.pictures[identifier] = package.locate(location, folder)
            case "CompositeGraphicUnit":
                self.composed[identifier] = entry

    def style_chain(self, identifier: str | None) -> Iterator[Element]:
        """Yield a style and those that it goes back to, the nearest first."""
        for _ in range(DEEPEST_STYLE):
            style = self.styles.get(identifier or "")
            if style is None:
                return
            yield style
            identifier = style.get("Relative")
