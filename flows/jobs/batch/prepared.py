"""A document that is read and ready to land: what only it decides is made where it was read."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from compare.documents import folded
from flows.jobs.batch.summary import Summary, summarize
from flows.jobs.ingest import Reading, code_version, provenance_of, read_and_normalize, understand
from schemas.records.source import SourceMeta

if TYPE_CHECKING:
    import pyarrow as pa

    from warehouse.landing import Batch


@dataclass(frozen=True, slots=True)
class Office:
    """Whose notice of which year a document is; ``issuer`` is folded, "" where it is not known."""

    year: int
    issuer: str

    @classmethod
    def of(cls, year: int, issuer: str | None) -> Office:
        """Return the office of a notice."""
        return cls(year, folded(issuer or ""))

    def may_precede(self, other: Office) -> bool:
        """Say whether this is an earlier notice of the other's office, as far as is known."""
        one = self.issuer == other.issuer or "" in (self.issuer, other.issuer)
        return self.year < other.year and one


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document's rows and its summary; ``reading`` is its Reading, pickled.

    Who landed it, when and where is said of it as it lands.
    """

    document_id: str
    office: Office
    meta: SourceMeta
    tables: Mapping[str, pa.Table]
    summary: Summary
    reading: bytes

    @classmethod
    def of(cls, reading: Reading, pickled: bytes | None = None) -> Prepared:
        """Make a document ready to land."""
        from schemas.tables.document_frames import document_tables

        meta, notice = reading.meta, reading.notice
        return cls(
            document_id=notice.document_id,
            office=Office.of(notice.year, meta.issuer or reading.document.front.issuer),
            meta=meta,
            tables=document_tables(reading.document, notice, provenance_of(meta)),
            summary=summarize(reading.document, notice),
            reading=pickle.dumps(reading) if pickled is None else pickled,
        )

    def landing(self, run_id: str, inputs: str) -> Batch:
        """Return what is to land; ``inputs`` is the hash of what the rows are made from."""
        from schemas.tables.frames import with_values
        from schemas.tables.registry import TABLES
        from warehouse.landing import Batch

        made = {"run_id": run_id, "code_version": code_version(), "landed_at": datetime.now(UTC)}
        stamp = {**made, "inputs_sha256": inputs}
        notices = with_values(TABLES["notices"], self.tables["notices"], stamp)
        return Batch(
            document_id=self.document_id,
            year=self.office.year,
            frames={**self.tables, "notices": notices},
            run_id=run_id,
            code_version=code_version(),
        )

    def landed(self, warehouse: Path, *, changed: bool, remarks: tuple[str, ...]) -> Summary:
        """Return the summary of the document as it landed."""
        return replace(self.summary, landed_in=str(warehouse), changed=changed, remarks=remarks)


def read_and_prepare(
    path: Path, meta: SourceMeta, cross_check: bool, warehouse: Path | None
) -> Prepared:
    """Read a document and make it ready to land. Runs in the process that a call starts."""
    return Prepared.of(read_and_normalize(path, meta, cross_check, warehouse))


def prepare_again(_: str, reading: bytes, warehouse: Path) -> Prepared:
    """Make sense of a document again, with all that is landed by now; in a process of its own."""
    read: Reading = pickle.loads(reading)
    return Prepared.of(understand(read.document, read.meta, warehouse))
