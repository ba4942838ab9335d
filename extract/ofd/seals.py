"""Signatures of an OFD package and the seals they set on its pages; nothing is verified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from extract.files.package import Element, child
from extract.ofd.container import OfdPackage, children, folder_of, text_of
from extract.ofd.document import OfdDocument, signature_lists
from extract.ofd.numbers import Area, area
from extract.ofd.pictures import holds_package

UNNAMED = "？"


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal: its page (1-based), its place there, and the part that holds its picture.

    ``document``: what it shows is an OFD document of its own, which is not drawn.
    """

    page: int | None
    place: Area | None
    part: str | None
    document: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature as it describes itself: the program that made it, when, and its seals."""

    by: str
    on: str
    seals: tuple[Seal, ...]


def signatures_of(package: OfdPackage, documents: Sequence[OfdDocument]) -> Iterator[Signature]:
    """Yield the signatures of a package; one whose own part cannot be read names nobody."""
    listed = (identifier for document in documents for identifier, _ in document.pages)
    pages = {identifier: number for number, identifier in enumerate(listed, 1)}
    for location in signature_lists(package):
        found = package.optional(location, "")
        if found is None:
            continue
        for entry in children(found[1], "Signature"):
            own = package.optional(entry.get("BaseLoc"), folder_of(found[0]))
            yield Signature(UNNAMED, UNNAMED, ()) if own is None else _read(package, *own, pages)


def _read(package: OfdPackage, part: str, root: Element, pages: Mapping[str, int]) -> Signature:
    info = child(root, "SignedInfo")
    if info is None:
        return Signature(UNNAMED, UNNAMED, ())
    provider, kept = child(info, "Provider"), child(info, "Seal")
    by = provider.get("ProviderName") if provider is not None else None
    on = text_of(child(info, "SignatureDateTime"))
    location = text_of(child(kept if kept is not None else info, "BaseLoc"))
    picture = package.locate(location or text_of(child(root, "SignedValue")), folder_of(part))
    document = picture is not None and holds_package(package, picture)
    seals = (
        Seal(pages.get(each.get("PageRef") or ""), _place(each), picture, document)
        for each in children(info, "StampAnnot")
    )
    return Signature((by or UNNAMED)[:80], (on or UNNAMED)[:40], tuple(seals))


def _place(seal: Element) -> Area | None:
    try:
        return area(seal.get("Boundary"))
    except ValueError:
        return None
