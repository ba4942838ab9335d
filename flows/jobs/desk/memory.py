"""Documents that were read stay in memory: a decision on one is understood without reading again.

What is remembered is what the reader returned, never what was made of it: sidecar, corrections and
earlier years are looked at anew each time, as ``kaohe ingest`` does.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from common.files import locked
from common.refusal import Refusal, refusal
from extract.files.pictures import document_sha256
from flows.jobs.batch.engines import start_reading
from flows.jobs.batch.prepared import Prepared
from flows.jobs.batch.run import land
from flows.jobs.batch.summary import Summary
from flows.jobs.ingest import Progress, Reading, load_libraries, understand
from flows.jobs.marks import content_hash, current_name
from flows.jobs.sidecar.document import Located, locate
from flows.jobs.sidecar.landed import sidecar_of
from schemas.records.document import Document
from schemas.tables.frames import of_document, plain_arrow

_MOST_DOCUMENTS = 8
#: What of a document is compared with what is landed, and what of it differs each time.
_COMPARED = ("notices", "indicators", "targets", "findings")
_OF_THE_RUN = frozenset({"run_id", "code_version", "landed_at", "inputs_sha256"})
_LOCK, _WAIT_SECONDS = ".desk.lock", 20.0


@dataclass(slots=True)
class Memory:
    """The documents read so far by what is in their file, and what of them is known as landed."""

    documents: OrderedDict[str, Document] = field(default_factory=OrderedDict)
    landed: dict[Path, tuple[str, str | None]] = field(default_factory=dict)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def knows(self, folder: Path) -> bool:
        """Say whether a folder's document can be understood without being read."""
        return key_of(locate(folder)) in self.documents

    def read(self, folder: Path, warehouse: Path, progress: Progress) -> Reading:
        """Return a folder's document, read in a process of its own unless it is known."""
        located = locate(folder)
        key = key_of(located)
        if key in self.documents:
            return self.understand(located, warehouse)
        progress(f"reading {located.path}")
        with start_reading(located, True, warehouse) as call:
            load_libraries()
            reading: Reading = call.result(progress)
        self.keep(key, reading.document)
        return reading

    def recall(self, folder: Path, warehouse: Path) -> None:
        """Read a folder's document where it is not known, as when the desk was started anew."""
        if not self.knows(folder):
            self.read(folder, warehouse, lambda _: None)

    def understand(self, located: Located, warehouse: Path) -> Reading:
        """Make sense anew of a document that is known, with what people say of it now."""
        return understand(self._known(located), located.meta, warehouse)

    def document(self, folder: Path) -> Document:
        """Return a folder's document as it was read; Refusal where it is not known."""
        return self._known(locate(folder))

    def _known(self, located: Located) -> Document:
        with self.guard:
            document = self.documents.get(key_of(located))
        if document is None:
            raise refusal("flows.desk_not_read", file=located.path)
        return document

    def land(self, reading: Reading, folder: Path, warehouse: Path) -> Summary:
        """Land what was understood of a folder's document as it is now."""
        summary = land(reading, locate(folder), warehouse, "desk")
        self.landed[folder] = _state(folder, warehouse)
        return summary

    def land_saved(self, reading: Reading, folder: Path, warehouse: Path) -> Summary:
        """Land what was just written to a folder; a Refusal says that it is written none the less.

        A program that is killed in between leaves it written, too: the next landing makes it good.
        """
        try:
            return self.land(reading, folder, warehouse)
        except Refusal as refused:
            slots = {"reason": refused.en, "reason_zh": refused.zh}
            raise refusal("flows.desk_saved_only", place=folder, **slots) from refused

    def is_landed(self, folder: Path, warehouse: Path) -> bool:
        """Say whether a document is landed as its folder says; looked at where either moved."""
        state = _state(folder, warehouse)
        if self.landed.get(folder) != state:
            if not _same_as_landed(self.understand(locate(folder), warehouse), warehouse):
                return False
            self.landed[folder] = state
        return True

    def keep(self, key: str, document: Document) -> None:
        """Remember a document, and forget the one that was read least lately."""
        with self.guard:
            self.documents[key] = document
            self.documents.move_to_end(key)
            while len(self.documents) > _MOST_DOCUMENTS:
                self.documents.popitem(last=False)


def key_of(located: Located) -> str:
    """Return what tells documents apart: the content of the file, and its name and place."""
    return f"{document_sha256(located.path)} {located.path.absolute()}"


def folder_of(raw: Path, document_id: str) -> Path:
    """Return the folder of a landed document, where its decisions are kept; Refusal without one."""
    sidecar = sidecar_of(raw, document_id)
    folder = sidecar.parent if sidecar else raw / "notices" / document_id
    if not folder.is_dir() or folder.resolve().parent != (raw / "notices").resolve():
        raise refusal("flows.desk_no_folder", document=document_id, place=raw / "notices")
    return folder


def alone(raw: Path) -> AbstractContextManager[None]:
    """Hold the declared files of all notices: two tabs or desks never write over each other."""
    folder = raw / "notices"
    folder.mkdir(parents=True, exist_ok=True)
    return locked(folder / _LOCK, _WAIT_SECONDS, refusal("flows.desk_busy", folder=folder))


def _state(folder: Path, warehouse: Path) -> tuple[str, str | None]:
    """Return what changes when a folder or the warehouse does."""
    return content_hash(folder), current_name(warehouse)


def _same_as_landed(reading: Reading, warehouse: Path) -> bool:
    """Say whether the warehouse holds a document as it is understood, run and time apart."""
    from warehouse.reading import read_tables

    tables = Prepared.of(reading, pickled=b"").tables
    landed = read_tables(warehouse, _COMPARED)
    document_id = reading.notice.document_id
    for name in _COMPARED:
        mine = of_document(landed[name], document_id)
        made = [each for each in tables[name].column_names if each not in _OF_THE_RUN]
        columns = [each for each in made if each in mine]
        if not plain_arrow(mine, columns).equals(tables[name].select(columns)):
            return False
    return True
