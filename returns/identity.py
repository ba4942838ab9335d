"""Whose return a file is and for which document: what it names, checked against its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from common.declared import declared_list
from common.fold import fold_tight
from returns.doubtful import Doubtful, remark, shortened
from returns.matching import Index, line_of, matched
from returns.names import meant_name
from returns.sheet import TableRow
from schemas.records.forms import (
    INFO_SHEET,
    REFUSED,
    WARNING,
    DocumentLines,
    ReadBook,
    ReadSheet,
    Remark,
)

_MOST_NAMED = 8
#: So many of the rows must fit a document that the file does not name.
_FITTING = 0.5


@dataclass(slots=True)
class Identity:
    """What is known of a file; None where it is not clear, and then a refused remark tells why."""

    document: DocumentLines | None = None
    department: str | None = None
    version: str | None = None
    sample: bool = False
    remarks: list[Remark] = field(default_factory=list)


def identify(
    book: ReadBook, rows: Sequence[TableRow], documents: Sequence[DocumentLines]
) -> Identity:
    """Tell document and department of a file: hidden sheet, labels, file name, rows, in turn."""
    info = info_of(book)
    found = Identity(version=info.get("version"))
    labels = _labels(book)
    found.sample = info.get("sample", "").lower() == "true" or bool(labels["sample"])
    found.document = _document(found, stated_documents(book), rows, documents)
    if found.document is not None:
        stated = list(dict.fromkeys(filter(None, [info.get("department"), *labels["department"]])))
        found.department = _department(found, found.document, stated, rows, book)
    return found


def stated_documents(book: ReadBook) -> list[str]:
    """Return the documents that a file names, in its hidden sheet and where people see them."""
    stated = [info_of(book).get("document_id"), *_labels(book)["document"]]
    return list(dict.fromkeys(filter(None, stated)))


def info_of(book: ReadBook) -> dict[str, str]:
    """Return the entries of the form's own sheet; empty where it was lost."""
    sheet = next((each for each in book.sheets if each.name == INFO_SHEET), None)
    if sheet is None:
        return {}
    keys = {cell.row: cell.value for cell in sheet.cells if cell.column == 1}
    return {
        keys[cell.row]: cell.value.strip()
        for cell in sheet.cells
        if cell.column == 2 and cell.row in keys
    }


def _labels(book: ReadBook) -> dict[str, list[str]]:
    """Return what stands behind labels such as 填报部门： on the sheets that people see."""
    found: dict[str, list[str]] = {"department": [], "document": [], "sample": []}
    help_sheets = declared_list("returns", "returns", "labels", "help_sheets")
    for sheet in book.sheets:
        if sheet.hidden or sheet.name in help_sheets:
            continue
        for kind, values in found.items():
            for value in _behind(sheet, declared_list("returns", "returns", "labels", kind), kind):
                if value not in values:
                    values.append(value)
    return found


def _behind(sheet: ReadSheet, words: tuple[str, ...], kind: str) -> list[str]:
    by_place = {(cell.row, cell.column): cell for cell in sheet.cells}
    pattern = re.compile(rf"(?:{'|'.join(words)})[:：]\s*([^\s　]+)")
    found = []
    for cell in sheet.cells:
        if cell.kind != "text":
            continue
        if kind == "sample":
            found += [word for word in words if f"【{word}" in cell.value]
        elif match := pattern.search(cell.value):
            found.append(match[1])
        elif cell.value.strip(" :：") in words:
            beside = by_place.get((cell.row, cell.column + 1))
            # Under a heading 责任单位 stands a table, not the name of who filled it in.
            if beside is not None and cell.value.strip().endswith((":", "：")):
                found.append(beside.value.strip())
    return found


def _document(
    found: Identity,
    stated: Sequence[str],
    rows: Sequence[TableRow],
    documents: Sequence[DocumentLines],
) -> DocumentLines | None:
    if len(stated) > 1:
        found.remarks.append(remark("two_documents", REFUSED, named=_listed(stated)))
        return None
    if not stated:
        return _guessed_document(found, rows, documents)
    document = next((each for each in documents if each.document_id == stated[0]), None)
    if document is None:
        landed = _listed([each.document_id for each in documents])
        found.remarks.append(
            remark("other_document", REFUSED, stated=shortened(stated[0]), landed=landed)
        )
        return None
    found.remarks.extend(_out_of_date(document, documents))
    return document


def _out_of_date(document: DocumentLines, documents: Sequence[DocumentLines]) -> Iterator[Remark]:
    """Warn where the document is not in force, or where one of a later year is."""
    if not document.in_force:
        yield remark("not_in_force", WARNING, document=document.document_id, year=document.year)
        return
    later = [each for each in documents if each.in_force and each.year > document.year]
    if later:
        newest = max(later, key=lambda each: each.year)
        yield remark(
            "earlier_year",
            WARNING,
            year=document.year,
            newest=newest.document_id,
            newest_year=newest.year,
        )


def _guessed_document(
    found: Identity, rows: Sequence[TableRow], documents: Sequence[DocumentLines]
) -> DocumentLines | None:
    """Return the one document in force that the rows fit, with a warning."""
    scored = sorted(
        ((matched(rows, Index(each)), each) for each in documents if each.in_force),
        key=lambda pair: -pair[0],
    )
    fits = bool(scored) and scored[0][0] > 0 and scored[0][0] >= _FITTING * len(rows)
    if fits and (len(scored) == 1 or scored[0][0] > scored[1][0]):
        document = scored[0][1]
        found.remarks.append(remark("document_guessed", WARNING, document=document.document_id))
        return document
    names = [each.document_id for score, each in scored if score]
    found.remarks.append(
        remark("unknown_document.candidates", REFUSED, candidates=_listed(names))
        if names
        else remark("unknown_document.none", REFUSED)
    )
    return None


def _department(
    found: Identity,
    document: DocumentLines,
    stated: Sequence[str],
    rows: Sequence[TableRow],
    book: ReadBook,
) -> str | None:
    if not stated:
        return _guessed_department(found, document, rows, book)
    names = []
    for written in stated:
        name = _meant_department(found, document, written)
        if name is None:
            return None
        names.append(name)
    if len(set(names)) > 1:
        found.remarks.append(remark("two_departments", REFUSED, first=names[0], second=names[1]))
        return None
    return names[0]


def _meant_department(found: Identity, document: DocumentLines, written: str) -> str | None:
    """Return the assessing department that is written, None where it is none or not clear."""
    meant = meant_name(written, document.departments, document.aliases)
    quoted, document_id = shortened(written), document.document_id
    if meant.name is not None:
        if not meant.exact:
            found.remarks.append(
                remark("department_by_likeness", WARNING, written=quoted, name=meant.name)
            )
        return meant.name
    if meant.candidates:
        like = remark(
            "unknown_department.like",
            REFUSED,
            written=quoted,
            document=document_id,
            candidates=_listed(meant.candidates),
        )
        found.remarks.append(like)
    else:
        found.remarks.append(
            remark("unknown_department.named", REFUSED, written=quoted, document=document_id)
        )
    return None


def _guessed_department(
    found: Identity, document: DocumentLines, rows: Sequence[TableRow], book: ReadBook
) -> str | None:
    """Return the department that the file's name holds, or the only one that all rows have."""
    named = _in_file_name(document, book)
    common = _common_departments(rows, Index(document))
    candidates = named or common
    if len(candidates) == 1 and (not named or not common or candidates[0] in common):
        found.remarks.append(
            remark(
                "department_guessed.file_name" if named else "department_guessed.rows",
                WARNING,
                name=candidates[0],
            )
        )
        return candidates[0]
    both = list(dict.fromkeys([*named, *common]))
    found.remarks.append(
        remark("unknown_department.candidates", REFUSED, candidates=_listed(both))
        if both
        else remark("unknown_department.none", REFUSED)
    )
    return None


def _in_file_name(document: DocumentLines, book: ReadBook) -> list[str]:
    """Return the departments whose names stand in the file's name, the longer of two alike."""
    stem = fold_tight(book.source_name)
    named = [name for name in document.departments if fold_tight(name) in stem]
    return [name for name in named if not any(name in other and name != other for other in named)]


def _common_departments(rows: Sequence[TableRow], index: Index) -> list[str]:
    """Return the departments that assess every row that is filled in."""
    common: list[str] | None = None
    for row in rows:
        if not row.is_filled:
            continue
        try:
            line = line_of(row, index)
        except Doubtful:
            continue
        own = line.departments
        common = [name for name in (own if common is None else common) if name in own]
    return common or []


def _listed(names: Sequence[str]) -> str:
    shown = "、".join(names[:_MOST_NAMED])
    return f"{shown}等{len(names)}个" if len(names) > _MOST_NAMED else shown
