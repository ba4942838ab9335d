"""Open an Office package (a zip of XML parts) without trusting it: sizes, entities, nesting."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from lxml import etree

from common.refusal import Refusal, refusal

Element = etree._Element

MAX_PART_BYTES = 128 * 2**20
MAX_TREE_BYTES = 48 * 2**20
MAX_RATIO = 500
_RATIO_FROM_BYTES = 16 * 2**20
MAX_PARTS = 20_000
# What broken bytes raise: NotImplementedError is an unknown way of packing.
_BROKEN = (
    etree.XMLSyntaxError,
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    NotImplementedError,
)
_OFFICE_DOCUMENT = "/officeDocument"


def child(element: Element, name: str) -> Element | None:
    """Return the first child with a local name."""
    return next((part for part in element if local(part) == name), None)


def local(element: Element) -> str:
    """Return an element's name without its namespace ('' for comments and instructions)."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element, name: str) -> str | None:
    """Return an attribute by its name whatever its namespace (transitional and strict differ)."""
    for key, value in element.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


class Package:
    """An opened package; its methods refuse a part that is a bomb or declares entities."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zip = zipfile.ZipFile(path)
        infos = self._zip.infolist()
        if len(infos) > MAX_PARTS:
            raise refusal("extract.too_large.parts", file=path.name, count=len(infos))
        self._infos = {info.filename.lstrip("/"): info for info in infos}
        self.names = frozenset(self._infos)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._zip.close()

    def main_type(self) -> str:
        """Return the content type of the main part ('' when the zip is no Office package)."""
        main = self.main_part()
        if main is None or "[Content_Types].xml" not in self.names:
            return ""
        types = self.tree("[Content_Types].xml")
        for entry in types:
            if (entry.get("PartName") or "").lstrip("/") == main:
                return entry.get("ContentType") or ""
        return ""

    def main_part(self) -> str | None:
        """Return the name of the main part (the document or the workbook)."""
        for kind, target in self.relations("").values():
            if kind.endswith(_OFFICE_DOCUMENT):
                return target
        return None

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return a part's relations inside the package: id -> (type, target's name)."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self.names:
            return {}
        found = {}
        for entry in self.tree(rels):
            if entry.get("TargetMode") != "External":
                target = posixpath.join("/" + folder, entry.get("Target") or "")
                target = posixpath.normpath(target).lstrip("/")
                found[entry.get("Id") or ""] = (entry.get("Type") or "", target)
        return found

    def tree(self, part: str) -> Element:
        """Return a part's XML as a tree; for parts that are small in any honest document."""
        info = self._checked(part, MAX_TREE_BYTES)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
        )
        try:
            with self._zip.open(info) as stream:
                root = etree.parse(stream, parser).getroot()
        except _BROKEN as error:
            raise self._damaged(part, error) from None
        self._refuse_doctype(root, part)
        return root

    def content(self, part: str, limit: int) -> bytes:
        """Return the bytes of a part that is no XML: a picture."""
        info = self._checked(part, limit)
        try:
            return self._zip.read(info)
        except _BROKEN as error:
            raise self._damaged(part, error) from None

    def stream(self, part: str, tags: tuple[str, ...]) -> Iterator[Element]:
        """Yield the finished elements with these local names, in order, in constant memory.

        An element and all before it are emptied once the caller asks for the next.
        """
        info = self._checked(part, MAX_PART_BYTES)
        try:
            with self._zip.open(info) as stream:
                yield from self._elements(stream, part, tags)
        except _BROKEN as error:
            raise self._damaged(part, error) from None

    def _elements(self, stream: IO[bytes], part: str, tags: tuple[str, ...]) -> Iterator[Element]:
        events = etree.iterparse(
            stream,
            events=("end",),
            tag=[f"{{*}}{tag}" for tag in tags],
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        checked = False
        for _, element in events:
            if not checked:
                self._refuse_doctype(element, part)
                checked = True
            yield element
            _forget(element)
        if not checked and events.root is not None:
            self._refuse_doctype(events.root, part)

    def _checked(self, part: str, limit: int) -> zipfile.ZipInfo:
        info = self._infos.get(part)
        if info is None:
            raise self._damaged(part, None)
        if info.flag_bits & 1:
            raise refusal("extract.encrypted.zip", file=self.path.name)
        ratio = info.file_size / max(info.compress_size, 1)
        if info.file_size > limit or (info.file_size > _RATIO_FROM_BYTES and ratio > MAX_RATIO):
            found = info.file_size // 2**20
            raise refusal("extract.too_large.unpacked", file=self.path.name, part=part, found=found)
        return info

    def _refuse_doctype(self, element: Element, part: str) -> None:
        if element.getroottree().docinfo.internalDTD is not None:
            raise refusal("extract.xml_entities.office", file=self.path.name, part=part)

    def _damaged(self, part: str, error: Exception | None) -> Refusal:
        return refusal("extract.damaged.part", file=self.path.name, part=part, reason=error)


def _forget(element: Element) -> None:
    """Empty an element and drop its finished elder siblings, so that memory stays flat."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
