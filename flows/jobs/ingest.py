"""What is asked of one document, and the steps by which it becomes rows, as plain functions.

:mod:`flows.jobs.batch` takes them for one document or many. Heavy libraries are imported inside
the functions: reading runs in a process of its own while they load.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from common.files import PROJECT, sha256_of_bytes
from common.fold import fold
from extract.files.pictures import document_sha256
from flows.jobs.sidecar.document import Located
from flows.jobs.sidecar.ids import resolve
from schemas.records.document import Document
from schemas.records.earlier import NOTHING_EARLIER
from schemas.records.notice import Finding, Notice, PrintedMethod
from schemas.records.source import AnsweredMethod, SourceMeta
from schemas.vocabulary import FindingState, ItemKind

if TYPE_CHECKING:
    from schemas.tables.document_frames import Provenance

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: a file, or a folder of ``raw/notices``, and where it shall land.

    ``entities`` are those assessed, where a person says so. ``again`` reads also what is landed
    already, of the same content and by the same program. ``supplier`` runs the pages of a PDF;
    None: its sidecar says which.
    """

    source: Path
    warehouse: Path
    document_id: str | None = None
    year: int | None = None
    cross_check: bool = True
    entities: tuple[str, ...] = ()
    again: bool = False
    supplier: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as read and as understood, with all that was known of it beforehand."""

    meta: SourceMeta
    document: Document
    notice: Notice


def inputs_sha256(located: Located, cross_check: bool, program: str | None = None) -> str:
    """Return the hash of all that a document's rows are made from: itself, what is declared of it.

    And the ``program``, None: this one. What earlier years' notices know is left out: they help to
    read, no more.
    """
    parts = (program or code_version(), located.path.name, document_sha256(located.path))
    return sha256_of_bytes(repr((*parts, located.meta, cross_check)).encode())


def read_and_normalize(
    path: Path, meta: SourceMeta, cross_check: bool, warehouse: Path | None = None
) -> Reading:
    """Read a document and make sense of it. Runs in the process that a call starts.

    What earlier years' notices in ``warehouse`` know helps to read; None: nothing does.
    """
    from extract.read import read_document

    document = read_document(path, cross_check=cross_check, supplier=meta.supplier)
    return understand(document, meta, warehouse)


def understand(document: Document, meta: SourceMeta, warehouse: Path | None) -> Reading:
    """Make sense of a document that is read; Refusal where what a person decided does not fit."""
    from flows.jobs.earlier_years import earlier_than
    from normalize.pipeline import normalize

    known = resolve(meta, document)
    earlier = NOTHING_EARLIER
    if warehouse is not None and known.year is not None:
        issuer = known.issuer or document.front.issuer
        earlier = earlier_than(warehouse, known.document_id, known.year, issuer)
    notice = normalize(document, known, earlier=earlier)
    return Reading(known, document, _with_methods_answered(notice, known.methods))


def _with_methods_answered(notice: Notice, said: Collection[AnsweredMethod]) -> Notice:
    """Return a notice with those findings accepted of methods that an officer's rule answers."""
    vetoes = {each.serial_no for each in notice.indicators if each.item_kind == ItemKind.VETO}
    answered = {
        (each.serial_no, each.text)
        for each in notice.methods
        if any(_answers(one, each, of_veto=each.serial_no in vetoes) for one in said)
    }
    findings = [
        replace(each, state=FindingState.ACCEPTED)
        if any(_is_of(each, *method) for method in answered)
        else each
        for each in notice.findings
    ]
    return replace(notice, findings=tuple(findings)) if answered else notice


def _answers(said: AnsweredMethod, method: PrintedMethod, *, of_veto: bool) -> bool:
    """Whether an officer's word makes a method count; not where its proposal leaves words out."""
    from scoring.model.uncovered import uncovered

    if said.of_veto:
        return of_veto and said.serial_no in (None, method.serial_no)
    if said.serial_no != method.serial_no or said.text not in (None, fold(method.text)):
        return False
    return said.written or (method.rule is not None and not uncovered(method.left_out))


def _is_of(finding: Finding, serial_no: int, text: str) -> bool:
    """Whether a finding says that this method is not applied; it quotes the method's text."""
    is_one = finding.code == "method_not_applied" and finding.serial_no == serial_no
    return is_one and f"“{text}”" in finding.message_zh


def load_libraries() -> None:
    """Get ready what checking and landing need, while the reading runs elsewhere."""
    from warehouse.catalogue import start
    from warehouse.landing import warm_up

    warm_up()
    start()


def provenance_of(meta: SourceMeta) -> Provenance:
    """Return what a person declared of a document; who lands it, and when, is not known yet."""
    from schemas.tables.document_frames import Provenance

    return Provenance(
        run_id="",
        code_version="",
        landed_at=datetime.fromtimestamp(0, UTC),
        doc_number=meta.doc_number,
        title=meta.title,
        issuer=meta.issuer,
        issued_on=meta.issued_on,
        role=meta.role,
        supersedes=meta.supersedes,
        received_on=meta.received_on,
        licence=meta.licence,
    )


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
