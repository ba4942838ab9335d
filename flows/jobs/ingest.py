"""The steps of the main job as plain functions, shared by the commands and the Prefect flows.

Heavy libraries are imported inside the functions: reading runs in a process of its own while
they load.
"""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from common.files import PROJECT
from common.isolated import Call, Limits
from flows.jobs.ingest_summary import Summary, in_force_notes, summarize
from flows.jobs.sidecar import Located, locate, resolve
from schemas.records.document import Document
from schemas.records.earlier import NOTHING_EARLIER
from schemas.records.notice import Notice
from schemas.records.source import SourceMeta

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: a file, or a folder of ``raw/notices``, and where it shall land.

    ``entities`` are those assessed, where a person says so.
    """

    source: Path
    warehouse: Path
    document_id: str | None = None
    year: int | None = None
    cross_check: bool = True
    entities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as read and as understood, with all that was known of it beforehand."""

    meta: SourceMeta
    document: Document
    notice: Notice


def ingest(order: Order, progress: Progress, run_id: str | None = None) -> Summary:
    """Read, normalize, check and land one notice; the whole of ``kaohe ingest``.

    Raises Refusal, and then nothing has been landed or changed.
    """
    located = locate(order.source, order.document_id, order.year, order.entities)
    progress(f"reading {located.path}")
    with start_reading(located, order.cross_check, order.warehouse) as call:
        load_libraries()
        reading = call.result(progress)
    progress("checking and landing")
    return land(reading, order.warehouse, run_id or uuid.uuid4().hex)


def start_reading(
    located: Located, cross_check: bool, warehouse: Path, limits: Limits | None = None
) -> Call:
    """Start reading and normalizing in a process of its own, within limits."""
    return Call(
        read_and_normalize, located.path, located.meta, cross_check, warehouse, limits=limits
    )


def read_and_normalize(
    path: Path, meta: SourceMeta, cross_check: bool, warehouse: Path | None = None
) -> Reading:
    """Read a document and make sense of it. Runs in the process that :class:`Call` starts.

    What earlier years' notices in ``warehouse`` know helps to read; None: nothing does.
    """
    from extract.read import read_document

    return understand(read_document(path, cross_check=cross_check), meta, warehouse)


def understand(document: Document, meta: SourceMeta, warehouse: Path | None) -> Reading:
    """Make sense of a document that is read; Refusal where what a person decided does not fit."""
    from flows.jobs.earlier_years import earlier_than
    from normalize.pipeline import normalize

    known = resolve(meta, document)
    earlier = NOTHING_EARLIER
    if warehouse is not None and known.year is not None:
        issuer = known.issuer or document.front.issuer
        earlier = earlier_than(warehouse, known.document_id, known.year, issuer)
    return Reading(known, document, normalize(document, known, earlier=earlier))


def load_libraries() -> None:
    """Get ready what checking and landing need, while the reading runs elsewhere."""
    import warehouse.landing  # noqa: F401
    from schemas.tables.models import warm_up

    warm_up()


def frames_of(reading: Reading, run_id: str) -> dict[str, pd.DataFrame]:
    """Return the frames to land; what a person declared of the document goes before its own."""
    from schemas.tables.document_frames import Provenance, document_frames

    meta = reading.meta
    provenance = Provenance(
        run_id=run_id,
        code_version=code_version(),
        landed_at=datetime.now(UTC),
        doc_number=meta.doc_number,
        title=meta.title,
        issuer=meta.issuer,
        issued_on=meta.issued_on,
        role=meta.role,
        supersedes=meta.supersedes,
        received_on=meta.received_on,
    )
    return document_frames(reading.document, reading.notice, provenance)


def check(reading: Reading, run_id: str) -> None:
    """Hold the tables against their schemas before landing; a misfit is refused by its cell."""
    from schemas.tables.models import validate

    validate(frames_of(reading, run_id))


def land(reading: Reading, warehouse: Path, run_id: str) -> Summary:
    """Check and land one document's tables, all at once, and say what landed."""
    from warehouse import landing

    notice = reading.notice
    batch = landing.Batch(
        document_id=notice.document_id,
        year=notice.year,
        frames=frames_of(reading, run_id),
        run_id=run_id,
        code_version=code_version(),
    )
    landed = landing.land(warehouse, [batch])
    remarks = in_force_notes(warehouse, reading.meta, notice.year)
    return summarize(reading.document, notice, warehouse, changed=landed.changed, remarks=remarks)


@cache
def code_version() -> str:
    """Return the program's version, with the commit where it runs from a checkout."""
    from importlib.metadata import version

    released = version("kaohe")
    if not (PROJECT / ".git").exists():
        return released
    asked = subprocess.run(
        ["git", "-C", str(PROJECT), "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return f"{released}+g{asked.stdout.strip()}" if asked.returncode == 0 else released
