"""What of a line was handed in and refused: read again from the filed forms, landed nowhere.

The tables hold only what was taken; who answers an appeal has to know of the rest as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from common.isolated import Call
from common.refusal import Refusal
from extract.office.form import read_form
from flows.jobs.returns import filing
from flows.jobs.returns.receive import LIMITS, LandedDocuments
from report.answer_lines import RefusedReturn
from report.answers import Answer
from returns.identity import stated_documents
from returns.receipt import receipt_of
from schemas.records.forms import REFUSED, ReadBook, Receipt, Remark

Line = tuple[int, str]


def with_refused(found: Answer, warehouse: Path, raw: Path) -> Answer:
    """Return an answer to an appeal that tells what was handed in of its line and refused."""
    line, as_of = (found.serial_no, found.entity), date.fromisoformat(found.as_of)
    refused = refused_returns(warehouse, raw, found.document_id, line, as_of)
    return replace(found, refused=refused)


def refused_returns(
    warehouse: Path, raw: Path, document_id: str, line: Line, as_of: date
) -> tuple[RefusedReturn, ...]:
    """Return what departments handed in of a line by a day and was refused, in order of the days.

    ``line`` is the indicator's number and the entity. A file that cannot be read any more is named.
    """
    root = raw / "returns"
    if not root.is_dir():
        return ()
    try:
        landed = LandedDocuments.read(warehouse, raw)
        filed = sorted(_filed(landed, root, document_id, line))
        return tuple(
            each
            for day, _, department, path in filed
            if day <= as_of
            for each in _of_file(landed, (document_id, line), department, day, path)
        )
    except Refusal as reason:  # of a sidecar, say: what is landed can be told all the same
        return (RefusedReturn(reason=reason.zh),)


def _filed(
    landed: LandedDocuments, root: Path, document_id: str, line: Line
) -> Iterator[tuple[date, int, str, Path]]:
    """Give the returns of every department that assesses a line: day, number, whose, where."""
    for document in landed.documents_for([document_id]):
        departments = {
            name
            for own in document.lines
            if (own.serial_no, own.entity) == line
            for name in own.departments
        }
        for department in departments:
            folder = filing.department_folder(root, document.year, department)
            for day, number, path in filing.filed_in(folder) if folder.is_dir() else ():
                yield day, number, department, path


def _of_file(
    landed: LandedDocuments, of: tuple[str, Line], department: str, day: date, path: Path
) -> Iterator[RefusedReturn]:
    """Give what of a document's line a filed return holds and was refused."""
    file = f"{path.parent.name}/{path.name}"
    document_id, line = of
    try:
        book = _book(path, path.stat().st_mtime_ns)
        receipt = receipt_of(book, landed.documents_for(stated_documents(book)))
    except (Refusal, OSError) as reason:
        why = reason.zh if isinstance(reason, Refusal) else str(reason.strerror)
        yield RefusedReturn(department, day, file, reason=why)
        return
    if receipt.document_id in (document_id, None):  # a file that nobody can place any more is named
        for each in receipt.remarks:
            if each.severity == REFUSED and _concerns(each, receipt, line):
                yield RefusedReturn(
                    department, day, file, each.sheet, each.row, each.column,
                    each.found, each.message_zh,
                )  # fmt: skip


def _concerns(remark: Remark, receipt: Receipt, line: Line) -> bool:
    """Whether a remark is about a line, or about a whole sheet where the line was not taken."""
    if remark.row is not None:
        return remark.is_of(*line)
    return all((own.line.serial_no, own.line.entity) != line for own in receipt.values)


@lru_cache(maxsize=32)
def _book(path: Path, _written: int) -> ReadBook:
    """Read a filed return in a process of its own; it stays as it is."""
    with Call(read_form, path, limits=LIMITS) as call:
        book: ReadBook = call.result(lambda _: None)
    return book
