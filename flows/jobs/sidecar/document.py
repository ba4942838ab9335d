"""Finding the document that a command names, with what people declared beside it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from common.files import is_office_lock
from common.names import shown_name
from common.refusal import refusal
from extract.files.pictures import document_sha256, pages_of
from flows.jobs.sidecar.meta import parse_sidecar
from schemas.files.corrections import parse_corrections
from schemas.ids import checked_document_id
from schemas.records.corrections import Correction
from schemas.records.source import SourceMeta, Supplier

SIDECAR = "source.toml"
CORRECTIONS = "corrections.toml"
NOT_DOCUMENTS = frozenset({SIDECAR, CORRECTIONS})


@dataclass(frozen=True, slots=True)
class Located:
    """One document on disk and what is known of it before it is read.

    ``meta.document_id`` is empty where nobody has named the document yet.
    """

    path: Path
    meta: SourceMeta


def locate(
    source: Path,
    document_id: str | None = None,
    year: int | None = None,
    entities: tuple[str, ...] = (),
    supplier: str | None = None,
) -> Located:
    """Find the document that ``source`` (a file, or a folder of ``raw/notices``) stands for.

    ``document_id``, ``year``, ``entities`` and ``supplier`` override what folder and sidecar say.
    Raises Refusal where there is no such file, not exactly one, or its sidecar is wrong.
    """
    if not source.exists():
        raise refusal("flows.no_such_file", file=source)
    if leads_above(source):
        raise refusal("flows.leads_above", file=source, folder=source.resolve())
    path = document_in(source) if source.is_dir() else source
    check_no_lock(path)
    check_readable(path)
    home = path if path.is_dir() else path.parent
    meta = read_sidecar(home)
    if meta.sha256 is not None:
        check_sha256(path, meta.sha256)
    if document_id is not None:
        meta = dataclasses.replace(meta, document_id=checked_document_id(document_id))
    if year is not None:
        meta = dataclasses.replace(meta, year=year)
    if entities:
        meta = dataclasses.replace(meta, entities=entities)
    if supplier is not None:
        meta = dataclasses.replace(meta, supplier=Supplier(supplier))
    return Located(path, dataclasses.replace(meta, corrections=read_corrections(home)))


def leads_above(path: Path) -> bool:
    """Say whether a link stands for a folder that holds one of those that it lies in."""
    if not path.is_symlink() or not path.is_dir():
        return False
    folder = path.resolve()
    return any(each.resolve().is_relative_to(folder) for each in path.absolute().parents)


def check_no_lock(*paths: Path) -> None:
    """Refuse what Office lays beside a file that is open, where it is taken for the file."""
    for path in paths:
        if is_office_lock(path.name):
            raise refusal("flows.office_lock", file=path)


def check_readable(path: Path) -> None:
    """Refuse what is no file (a pipe, a device); OSError where it may not be read."""
    for file in pages_of(path):
        if not file.is_file():
            raise refusal("flows.not_a_file.notice", file=path)
        file.open("rb").close()


def document_in(folder: Path) -> Path:
    """Return the one document of a folder; its sidecars, READMEs and hidden files are none.

    A folder of several pictures is a document itself: each is a page.
    """
    found = [
        path
        for path in sorted(folder.iterdir())
        if path.is_file()
        and path.name not in NOT_DOCUMENTS
        and not path.name.startswith((".", "README", "~$"))
    ]
    if len(found) == 1:
        return found[0]
    if len(found) > 1 and len(pages_of(folder)) == len(found):
        return folder
    if not found:
        check_no_lock(*sorted(folder.iterdir()))
    names = "、".join(shown_name(path.name) for path in found) or "无"
    raise refusal("flows.not_one_document", folder=folder, count=len(found), files=names)


def read_sidecar(folder: Path) -> SourceMeta:
    """Return what ``source.toml`` in ``folder`` says; without one, what the folder's name says.

    A folder of ``raw/notices`` or one with a sidecar gives its name as the document's id.
    """
    folder = folder.resolve()
    sidecar = folder / SIDECAR
    if sidecar.is_file():
        return parse_sidecar(sidecar, shown_name(folder.name))
    in_raw = folder.parent.name == "notices" and folder.parent.parent.name == "raw"
    return SourceMeta(document_id=checked_document_id(shown_name(folder.name)) if in_raw else "")


def read_corrections(folder: Path) -> tuple[Correction, ...]:
    """Return the corrections beside a document; none where there is no such file."""
    path = folder / CORRECTIONS
    return parse_corrections(path.read_bytes(), str(path)) if path.is_file() else ()


def check_sha256(path: Path, expected: str) -> None:
    """Refuse a document that is not the one its sidecar was written for."""
    found = document_sha256(path)
    if found != expected.lower():
        raise refusal("flows.sha256_differs", file=path, found=found, expected=expected)
