"""A notice that is dropped on the desk gets a folder of its own under ``raw/notices``, and lands.

It is read in a folder of its own first: where it is refused nothing of it stays.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from common.days import today
from common.files import is_leftover, is_office_lock, kept_name, sync, write_atomically
from common.names import shown_name
from common.refusal import Refusal, refusal
from extract.files.pictures import document_sha256
from flows.jobs.batch.engines import start_reading
from flows.jobs.batch.summary import Summary
from flows.jobs.desk.memory import Memory, alone, key_of
from flows.jobs.ingest import Progress, Reading, load_libraries
from flows.jobs.sidecar.document import NOT_DOCUMENTS, SIDECAR, document_in, locate

_DROPPED = ".dropped"
_FORGOTTEN_SECONDS = 86_400.0
_NOT_NAMES = (".", "README", "~$", "-")


@dataclass(frozen=True, slots=True)
class Dropped:
    """What an officer says of a file beside dropping it; empty: the document itself says it."""

    document_id: str | None = None
    year: int | None = None
    entities: tuple[str, ...] = ()


def stage(raw: Path) -> Path:
    """Make a new folder beside the filed documents; what a killed desk left there is taken away."""
    top = raw / _DROPPED
    top.mkdir(parents=True, exist_ok=True)
    for left in top.iterdir():
        if time.time() - left.stat().st_mtime > _FORGOTTEN_SECONDS:
            clear(left)
    folder = top / secrets.token_hex(8)
    folder.mkdir()
    return folder


def clear(folder: Path) -> None:
    """Take a staging folder away; nothing where it has become a document's own."""
    shutil.rmtree(folder, ignore_errors=True)


def given_name(name: str | None, number: int = 1) -> str:
    """Return a file's name as it may stand in a folder of ours: one part, and no name of ours."""
    last = (name or "").replace("\\", "/").rsplit("/", 1)[-1].replace("\0", "")
    kept = kept_name(last) if last.strip(". ") else ""
    if not kept or kept in NOT_DOCUMENTS or kept.startswith(_NOT_NAMES):
        return f"文件-{number}{Path(kept).suffix if kept not in NOT_DOCUMENTS else ''}"
    return kept


def take_in(
    folder: Path, raw: Path, warehouse: Path, memory: Memory, said: Dropped, progress: Progress
) -> Summary:
    """Read what lies in a staging folder, give it its place, and land it.

    Raises Refusal where it cannot be read, or where its place is taken by another document.
    """
    source = document_in(folder)
    located = locate(source, said.document_id, said.year, said.entities)
    progress(f"reading {source}")
    with start_reading(located, True, warehouse) as call:
        load_libraries()
        reading: Reading = call.result(progress)
    progress("checking and landing")
    with alone(raw):
        place = _place(folder, source, raw, reading, said)
        there = locate(place)
        memory.keep(key_of(there), reading.document)
        return memory.land(memory.understand(there, warehouse), place, warehouse)


def _place(folder: Path, source: Path, raw: Path, reading: Reading, said: Dropped) -> Path:
    """Move the document where it belongs, with what is known of it declared beside it."""
    document_id = reading.meta.document_id
    place = raw / "notices" / document_id
    digest = document_sha256(source)
    if place.exists():
        here = place.is_dir() and document_sha256(document_in(place)) == digest
        if here:
            raise refusal("flows.desk_drop.again", document=document_id, place=place)
        raise refusal("flows.desk_drop.taken", document=document_id, place=place)
    write_atomically(folder / SIDECAR, _declared(digest, said).encode())
    place.parent.mkdir(parents=True, exist_ok=True)
    folder.rename(place)
    sync(place.parent)
    return place


def _declared(digest: str, said: Dropped) -> str:
    """Return the first sidecar of a document: what is known beyond what it prints."""
    import tomlkit

    declared = tomlkit.document()
    if said.year is not None:
        declared.add("year", said.year)
    if said.entities:
        declared.add("entities", list(said.entities))
    declared.add("received_on", today())
    declared.add("sha256", digest)
    return tomlkit.dumps(declared)


def left_of(name: str) -> Refusal | None:
    """Return why a file is left out that a program lays beside files; None for any other."""
    last = Path(name.replace("\\", "/")).name
    if is_office_lock(last):
        return refusal("flows.office_lock", file=shown_name(last))
    return refusal("flows.left_by_system", file=shown_name(last)) if is_leftover(last) else None


def files_of(names: Sequence[str | None]) -> list[str]:
    """Return names for files that are dropped together, none of them twice."""
    found: list[str] = []
    for number, name in enumerate(names, 1):
        kept = given_name(name, number)
        while kept in found:
            kept = f"{number}-{kept}"
        found.append(kept)
    return found
