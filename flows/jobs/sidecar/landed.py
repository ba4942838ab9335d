"""The sidecar of a document that is landed: its rules, rank groups and aliases stand in it."""

from __future__ import annotations

from pathlib import Path

from common.names import shown_name
from common.refusal import refusal
from flows.jobs.sidecar.document import SIDECAR
from flows.jobs.sidecar.meta import parse_sidecar
from schemas.records.rows import NoticeRow


def sidecar_of(raw: Path, document_id: str) -> Path | None:
    """Return the sidecar of a landed document; None where its folder or the sidecar is not there.

    It lies in the folder of the document's name; a folder of another name may claim the document
    with the key ``document_id``.
    """
    own = raw / "notices" / document_id / SIDECAR
    if own.is_file():
        return own
    for path in sorted((raw / "notices").glob(f"*/{SIDECAR}")):
        if parse_sidecar(path, shown_name(path.parent.name)).document_id == document_id:
            return path
    return None


def declared_sidecar(raw: Path, notice: NoticeRow) -> Path | None:
    """Return the sidecar of a landed notice (a row of ``notices``); None where it never had one.

    Raises Refusal where it had one when it was landed that is not there now: without it other
    rules and rank groups would count, and nobody would notice.
    """
    document_id = notice["document_id"]
    sidecar = sidecar_of(raw, document_id)
    if sidecar is None and _had_one(notice):
        place = raw / "notices" / document_id / SIDECAR
        raise refusal("flows.sidecar_missing", document=document_id, place=place)
    return sidecar


def _had_one(notice: NoticeRow) -> bool:
    """Whether it has what a landed notice can have from a sidecar alone."""
    declared = notice["received_on"] is not None or notice["supersedes"] is not None
    return declared or notice["role"] not in (None, "official")
