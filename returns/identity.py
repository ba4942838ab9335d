"""Whose return a file is and for which document: what it says of itself, checked against itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from common.declared import declared
from returns.matching import Index, line_of, matched
from returns.names import meant_name
from returns.numbers import Doubtful, folded, shortened
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
    """What is known of a file; None where it is not clear, and then a refused remark says why."""

    document: DocumentLines | None = None
    department: str | None = None
    version: str | None = None
    sample: bool = False
    remarks: list[Remark] = field(default_factory=list)

    def say(self, severity: str, code: str, en: str, zh: str) -> None:
        """Add a remark about the whole file."""
        self.remarks.append(Remark(severity, code, en, zh))


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
        found.department = _department(found, info, labels["department"], rows, book)
    return found


def stated_documents(book: ReadBook) -> list[str]:
    """Return the documents that a file names, in its hidden sheet and where people see them."""
    stated = [info_of(book).get("document_id"), *_labels(book)["document"]]
    return list(dict.fromkeys(filter(None, stated)))


def info_of(book: ReadBook) -> dict[str, str]:
    """Return what the form's own sheet says; empty where it was lost."""
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
    for sheet in book.sheets:
        if sheet.hidden or sheet.name in declared("returns", "returns")["labels"]["help_sheets"]:
            continue
        for kind, values in found.items():
            for value in _behind(
                sheet, tuple(declared("returns", "returns")["labels"][kind]), kind
            ):
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
        found.say(
            REFUSED,
            "two_documents",
            f"the file names several documents: {', '.join(stated)}",
            f"表中写有不同的文件编号（{_listed(stated)}），无法判断是哪份文件的填报表，"
            "整份没有接收。请在下发的填报表上填写后重新交回。",
        )
        return None
    if not stated:
        return _guessed_document(found, rows, documents)
    document = next((each for each in documents if each.document_id == stated[0]), None)
    if document is None:
        found.say(
            REFUSED,
            "other_document",
            f"the form is of {stated[0]!r}, which is not landed",
            f"这是文件“{shortened(stated[0])}”的填报表，数据仓库中没有这份文件"
            f"（已入库：{_listed([each.document_id for each in documents])}），整份没有接收。"
            "请核对是否交错了表，或先导入该文件。",
        )
    elif not document.in_force:
        found.say(
            WARNING,
            "not_in_force",
            f"{document.document_id} is not the document in force for {document.year}",
            f"文件“{document.document_id}”不是{document.year}年度现行的正式文件。"
            "数据已按该文件接收；如应按现行文件填报，请重新下发填报表。",
        )
    elif later := [each for each in documents if each.in_force and each.year > document.year]:
        newest = max(later, key=lambda each: each.year)
        found.say(
            WARNING,
            "earlier_year",
            f"{document.document_id} is of {document.year}; {newest.document_id} is in force",
            f"这是{document.year}年度的填报表，数据已按{document.year}年度接收；现行的还有"
            f"{newest.year}年度的文件“{newest.document_id}”。如应报{newest.year}年度，"
            f"请改用{newest.year}年度的填报表重新填报。",
        )
    return document


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
        found.say(
            WARNING,
            "document_guessed",
            f"the file names no document; its rows are those of {document.document_id}",
            f"表中没有文件编号，按各行内容认定为文件“{document.document_id}”的填报表。请核对。",
        )
        return document
    names = [each.document_id for score, each in scored if score]
    found.say(
        REFUSED,
        "unknown_document",
        "the file names no document, and its rows do not tell",
        "表中没有文件编号，按内容也无法确定是哪份文件的填报表"
        + (f"（可能是：{_listed(names)}）" if names else "")
        + "，整份没有接收。请在下发的填报表上填写后交回。",
    )
    return None


def _department(
    found: Identity,
    info: dict[str, str],
    labels: list[str],
    rows: Sequence[TableRow],
    book: ReadBook,
) -> str | None:
    document = found.document
    if document is None:
        return None
    stated = list(dict.fromkeys(filter(None, [info.get("department"), *labels])))
    if not stated:
        return _guessed_department(found, document, rows, book)
    names = []
    for written in stated:
        meant = meant_name(written, document.departments, document.aliases)
        if meant.name is None:
            hint = f"可能是：{_listed(meant.candidates)}。" if meant.candidates else ""
            found.say(
                REFUSED,
                "unknown_department",
                f"{written!r} is none of the assessing departments",
                f"填报部门“{shortened(written)}”不是文件“{document.document_id}”中的考核部门，"
                f"整份没有接收。{hint}请写部门在文件中的名称后重新交回。",
            )
            return None
        if not meant.exact:
            found.say(
                WARNING,
                "department_by_likeness",
                f"{written!r} was taken for {meant.name}",
                f"填报部门“{shortened(written)}”按“{meant.name}”接收。请核对。",
            )
        names.append(meant.name)
    if len(set(names)) > 1:
        found.say(
            REFUSED,
            "two_departments",
            f"the file names several departments: {', '.join(names)}",
            f"这份表下发给“{names[0]}”，填报部门却写的是“{names[1]}”，整份没有接收。"
            "请各部门使用自己的填报表。",
        )
        return None
    return names[0]


def _guessed_department(
    found: Identity, document: DocumentLines, rows: Sequence[TableRow], book: ReadBook
) -> str | None:
    """Return the department that the file's name holds, or the only one that all rows have."""
    stem = folded(book.source_name)
    named = [name for name in document.departments if folded(name) in stem]
    named = [name for name in named if not any(name in other and name != other for other in named)]
    common = _common_departments(rows, Index(document))
    candidates = named or common
    if len(candidates) == 1 and (not named or not common or candidates[0] in common):
        found.say(
            WARNING,
            "department_guessed",
            f"the file names no department; taken for that of {candidates[0]}",
            f"表中没有填报部门，按{'文件名' if named else '各行内容'}认定为“{candidates[0]}”。"
            "请核对。",
        )
        return candidates[0]
    hint = _listed(list(dict.fromkeys([*named, *common])))
    found.say(
        REFUSED,
        "unknown_department",
        "the file names no department, and its rows do not tell",
        "表中没有填报部门，按内容也无法确定"
        + (f"（可能是：{hint}）" if hint else "")
        + "，整份没有接收。请写明“填报部门：”后重新交回。",
    )
    return None


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
