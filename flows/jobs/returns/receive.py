"""``kaohe receive``: returned forms are read, filed, landed and answered, in this order.

A file is filed before its rows are landed, and landing adds only what is not there yet, so that a
run that was killed is completed by running it again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from common.days import today
from common.files import is_leftover, replacing
from common.isolated import Call, Limits
from common.messages import Message
from common.refusal import Refusal, refusal
from extract.office.form import read_form
from flows.jobs.apart import attempt
from flows.jobs.ingest import Progress
from flows.jobs.returns import filing
from flows.jobs.returns.asked import OF_LINES
from flows.jobs.returns.forms import document_lines
from flows.jobs.returns.landing import Handled, land_returns
from flows.jobs.returns.summary import FilePlace, FileSummary, Received, file_summary
from flows.jobs.returns.unanswered import note_of, note_problem, unanswered
from flows.jobs.sidecar.landed import declared_sidecar
from returns.identity import stated_documents
from returns.receipt import receipt_of
from schemas.records.forms import DocumentLines, ReadBook, Receipt
from schemas.records.rows import NoticeRow
from schemas.tables.frames import rows_as

if TYPE_CHECKING:
    import pandas as pd

LIMITS = Limits(memory_mb=1536, cpu_seconds=60)
#: So many files are read at the same time, each in a process of its own.
AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was handed in, and when; ``raw`` holds ``returns``, ``replies`` is where replies go."""

    files: tuple[Path, ...]
    warehouse: Path
    received_on: date
    raw: Path = Path("raw")
    replies: Path = Path("out/replies")


def receive_and_finish(delivery: Delivery, progress: Progress) -> Received:
    """Receive returned forms, then bring to its end what earlier runs left; see :func:`receive`."""
    got = receive(delivery, progress)
    return Received((*got.files, *finish(delivery, progress).files))


def receive(delivery: Delivery, progress: Progress) -> Received:
    """Receive returned forms; one that is refused does not hold up the others.

    Raises Refusal where nothing is landed to receive returns for or the day is still to come, and
    OSError where the folder of the replies cannot be written: before anything is filed or landed.
    """
    check_not_to_come(delivery.received_on)
    landed = LandedDocuments.read(delivery.warehouse, delivery.raw)
    filing.check_writable(delivery.replies)
    with filing.receiving(delivery.raw / "returns"):
        handed = [Handled(file, file.name, delivery.received_on) for file in delivery.files]
        _leave_out(handed)
        return take(handed, delivery, landed, progress)


def _leave_out(handed: Sequence[Handled]) -> None:
    """Mark what programs lay beside files: no fault of a delivery that brings files too."""
    left = [each for each in handed if is_leftover(each.name) and each.file.is_file()]
    for each in left if len(left) < len(handed) else ():
        each.left_out = True


def finish(delivery: Delivery, progress: Progress) -> Received:
    """Land and answer the filed returns that an earlier run left; ``files`` are not looked at."""
    root = delivery.raw / "returns"
    if not any(unanswered(root)):
        return Received(())
    landed = LandedDocuments.read(delivery.warehouse, delivery.raw)
    filing.check_writable(delivery.replies)
    with filing.receiving(root):
        left = [
            Handled(each.path, each.name, each.received_on, left=True, dated=each.dated)
            for each in unanswered(root)
        ]
        return take(left, delivery, landed, progress)


def check_not_to_come(day: date) -> None:
    """Refuse a day that is still to come."""
    if day > today():
        raise refusal("flows.day_to_come", day=day, today=today())


def take(
    handled: Sequence[Handled], delivery: Delivery, landed: LandedDocuments, progress: Progress
) -> Received:
    """Take all files their whole way; what fails for one of them is that file's own failure.

    Raises Refusal and OSError where the warehouse cannot be landed to.
    """
    _handle_all(handled, delivery, landed, progress)
    _land(handled, delivery.warehouse)
    for each in handled:
        if each.failure is None:
            _fail(each, attempt("return", each.name, partial(_answer, each, delivery)))
    return Received(tuple(map(_summary, handled)))


def _land(handled: Sequence[Handled], warehouse: Path) -> None:
    """Land the files together; where the program fails on one of them, each by itself."""
    names = "、".join(each.name for each in handled)
    land = partial(land_returns, handled, warehouse)
    got = attempt("return", names, land, passing=(Refusal, OSError))
    if got is not None and len(handled) > 1:
        for each in handled:
            _land([each], warehouse)
        return
    for each in handled:
        each.is_landed = got is None
        _fail(each, got)


def _fail(handled: Handled, problem: Message | None) -> None:
    """Let a file end its way here; where it is filed, its note says why until a run is through."""
    if problem is None:
        return
    handled.failure = Refusal(problem.code, problem.en, problem.zh)
    if handled.filed is not None or handled.left:
        note_problem(handled.filed.note if handled.filed else note_of(handled.file), problem.zh)


@dataclass(slots=True)
class _Reading:
    """A file whose copy is being read in a process of its own, or will be read here."""

    handled: Handled
    copy: Path | None = None
    call: Call | None = None


def _handle_all(
    handled: Sequence[Handled], delivery: Delivery, landed: LandedDocuments, progress: Progress
) -> None:
    """Read and file all files in their order; the next ones are read meanwhile."""
    waiting = deque(handled)
    readings: deque[_Reading] = deque()
    with ExitStack() as calls:
        while waiting or readings:
            while waiting and len(readings) < AT_ONCE:
                readings.append(_start(waiting.popleft(), delivery, calls))
            reading = readings.popleft()
            progress(f"reading {reading.handled.file}")
            _handle(reading, delivery, landed, progress)


def _start(handled: Handled, delivery: Delivery, calls: ExitStack) -> _Reading:
    """Copy a file beside the filed ones and begin to read it."""
    reading, root = _Reading(handled), delivery.raw / "returns"
    try:
        reading.copy = filing.staged_copy(root, handled.file, handled.name)
    except Refusal as refused:
        reading.handled.refusal = refused
        return reading
    reading.call = calls.enter_context(Call(read_form, reading.copy, limits=LIMITS))
    return reading


def _handle(
    reading: _Reading, delivery: Delivery, landed: LandedDocuments, progress: Progress
) -> None:
    """Understand one file and file it where it is known whose it is."""
    handled, copy, call = reading.handled, reading.copy, reading.call
    if copy is None or call is None:
        return

    def understand() -> None:
        book: ReadBook = call.result(progress)
        receipt = receipt_of(book, landed.documents_for(stated_documents(book)))
        handled.receipt = receipt
        if receipt.year is not None and receipt.department is not None:
            folder = filing.department_folder(
                delivery.raw / "returns", receipt.year, receipt.department
            )
            handled.filed = filing.file_return(
                copy, folder, handled.received_on, receipt.book.source_format
            )

    try:
        _fail(handled, attempt("return", handled.name, understand, passing=(Refusal, OSError)))
    except Refusal as refused:
        handled.refusal = refused
    finally:
        filing.discard(copy)


@dataclass(slots=True)
class LandedDocuments:
    """What is landed: the documents, and the tables that their lines are made of."""

    notices: list[NoticeRow]
    tables: Mapping[str, pd.DataFrame]
    in_force: frozenset[str]
    raw: Path
    made: dict[str, DocumentLines] = field(default_factory=dict)

    @classmethod
    def read(cls, warehouse: Path, raw: Path) -> LandedDocuments:
        """Read them from one snapshot."""
        from warehouse.reading import read_tables
        from warehouse.views import current_notices

        tables = read_tables(warehouse, OF_LINES)
        notices = rows_as(NoticeRow, tables["notices"])
        in_force = frozenset(each["document_id"] for each in current_notices(notices))
        return cls(notices, tables, in_force, raw)

    def documents_for(self, stated: Sequence[str]) -> list[DocumentLines]:
        """Return all documents, with their lines those named, or where none is those in force."""
        wanted: Collection[str] = set(stated) or self.in_force
        return [self._document(notice, wanted) for notice in self.notices]

    def _document(self, notice: NoticeRow, wanted: Collection[str]) -> DocumentLines:
        document_id, year = notice["document_id"], notice["year"]
        is_current = document_id in self.in_force
        if document_id not in wanted:
            return DocumentLines(document_id, year, (), in_force=is_current)
        if document_id not in self.made:
            sidecar = declared_sidecar(self.raw, notice)
            document = document_lines(sidecar, document_id, year, self.tables, self.raw)
            self.made[document_id] = replace(document, in_force=is_current)
        return self.made[document_id]


def _answer(handled: Handled, delivery: Delivery) -> None:
    """Write the reply where something was refused or is to be looked at; that ends the file's way.

    Where the program was changed since and files it elsewhere now, its old note ends as well.
    """
    receipt, filed = handled.receipt, handled.filed
    if receipt is None or filed is None:
        return
    if receipt.to_look_at:
        _write_reply(handled, receipt, filed, delivery.replies)
    filed.note.unlink(missing_ok=True)
    if handled.left:
        note_of(handled.file).unlink(missing_ok=True)


def _write_reply(handled: Handled, receipt: Receipt, filed: filing.Filed, replies: Path) -> None:
    from report.forms.reply import write_reply

    folder = replies.joinpath(*filed.path.parent.parts[-2:])
    path = folder / f"{filed.path.stem}.xlsx"
    with replacing(path) as new:
        write_reply(receipt, filed.received_on.isoformat(), new)
    handled.reply = path


def _summary(handled: Handled) -> FileSummary:
    filed = handled.filed
    return file_summary(
        handled.file,
        handled.receipt,
        handled.refusal or handled.failure,
        FilePlace(
            str(filed.path) if filed else None,
            filed.received_on.isoformat() if filed else None,
            again=filed.again if filed else False,
            left=handled.left,
            dated=handled.dated,
            landed=handled.landed,
            reply=str(handled.reply) if handled.reply else None,
            failed_at=_failed_at(handled),
            left_out=handled.left_out,
        ),
    )


def _failed_at(handled: Handled) -> str | None:
    """Return how far a file came that the program failed on; None where it did not."""
    if handled.failure is None:
        return None
    return "unanswered" if handled.is_landed and handled.filed is not None else "failed"
