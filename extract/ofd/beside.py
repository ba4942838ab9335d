"""What an OFD document has beside its pages: attached files, signatures and seals."""

from __future__ import annotations

from collections.abc import Iterator

from extract.files.package import child
from extract.notes import reader_note
from extract.ofd.container import OfdPackage, children, text_of
from extract.ofd.document import OfdDocument
from extract.ofd.redraw import box_of
from extract.ofd.seals import UNNAMED, Signature, signatures_of
from schemas.records.document import ReaderNote
from schemas.vocabulary import Severity

MOST_NAMED = 5


def notes_beside(package: OfdPackage, documents: list[OfdDocument]) -> Iterator[ReaderNote]:
    """Yield a note on the attached files, and one on each signature or seal: none is verified."""
    for document in documents:
        yield from _attached(document)
    for signature in signatures_of(package, documents):
        yield from _signed(signature)


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


def _signed(signature: Signature) -> Iterator[ReaderNote]:
    """Yield what a signature says of itself: a note for each of its seals, else one for it."""
    by, on = signature.by, signature.on
    for seal in signature.seals:
        box = None if seal.place is None else box_of(seal.place)
        yield reader_note(
            "seal_not_verified.document" if seal.document else "seal_not_verified.picture",
            severity=Severity.INFO, page=seal.page, box=box, by=by, on=on,
        )  # fmt: skip
    if not signature.seals:
        yield reader_note("signature_not_verified", severity=Severity.INFO, by=by, on=on)
