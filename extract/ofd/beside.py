"""What an OFD document has beside its pages: attached files, signatures and seals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from extract.files.package import Element, child
from extract.notes import reader_note
from extract.ofd.container import OfdPackage, children, folder_of, text_of
from extract.ofd.document import OfdDocument, signature_lists
from extract.ofd.numbers import area
from extract.ofd.redraw import box_of
from schemas.records.document import Box, ReaderNote
from schemas.vocabulary import Severity

MOST_NAMED = 5
UNNAMED = "？"


def notes_beside(package: OfdPackage, documents: list[OfdDocument]) -> Iterator[ReaderNote]:
    """Yield a note on the attached files, and one on each signature or seal: none is verified."""
    for document in documents:
        yield from _attached(document)
    pages = {
        identifier: number
        for number, (identifier, _) in enumerate(
            (page for document in documents for page in document.pages), 1
        )
    }
    for location in signature_lists(package):
        listed = package.optional(location, "")
        for signature in children(listed[1] if listed else None, "Signature"):
            base = folder_of(listed[0]) if listed else ""
            found = package.optional(signature.get("BaseLoc"), base)
            yield from _signed(found[1] if found else None, pages)


def _attached(document: OfdDocument) -> Iterator[ReaderNote]:
    location = text_of(child(document.root, "Attachments"))
    found = document.package.optional(location, document.folder)
    names = [
        each.get("Name") or UNNAMED for each in children(found[1] if found else None, "Attachment")
    ]
    if names:
        shown = "、".join(names[:MOST_NAMED])
        yield reader_note(
            "attached_files", severity=Severity.INFO, count=len(names), names=shown[:200]
        )


def _signed(signature: Element | None, pages: Mapping[str, int]) -> Iterator[ReaderNote]:
    """Yield what a signature says of itself: a note for each of its seals, else one for it."""
    info = child(signature, "SignedInfo") if signature is not None else None
    by, on = _by_whom(info)
    seals = children(info, "StampAnnot")
    for seal in seals:
        page = pages.get(seal.get("PageRef") or "")
        yield reader_note(
            "seal_not_verified", severity=Severity.INFO, page=page, box=_place(seal), by=by, on=on
        )
    if not seals:
        yield reader_note("signature_not_verified", severity=Severity.INFO, by=by, on=on)


def _by_whom(info: Element | None) -> tuple[str, str]:
    """Return which program signed, and when."""
    if info is None:
        return UNNAMED, UNNAMED
    provider = child(info, "Provider")
    by = provider.get("ProviderName") if provider is not None else None
    on = text_of(child(info, "SignatureDateTime"))
    return (by or UNNAMED)[:80], (on or UNNAMED)[:40]


def _place(seal: Element) -> Box | None:
    try:
        place = area(seal.get("Boundary"))
    except ValueError:
        return None
    return None if place is None else box_of(place)
