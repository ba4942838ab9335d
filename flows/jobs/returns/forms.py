"""``kaohe forms``: one Excel form a department, from the targets that are landed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from common.files import replacing
from common.messages import message
from common.refusal import refusal
from flows.jobs.diff import not_landed
from flows.jobs.returns.asked import OF_LINES, asked_fields, effective, unclear
from flows.jobs.sidecar.landed import declared_sidecar
from flows.jobs.sidecar.meta import parse_sidecar
from returns import form_lines
from returns.one_figure import with_one_figure
from schemas.records.forms import DocumentLines, Form
from schemas.records.rows import NoticeRow, TargetRow
from schemas.records.source import SourceMeta
from schemas.tables.frames import of_document, rows_as

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class SavedForm:
    """One form on disk: whose it is, how many lines it has, what became of a file of its name."""

    department: str
    file: str
    lines: int
    state: str
    kept_as: str | None = None


@dataclass(frozen=True, slots=True)
class FormsMade:
    """What was made for one document; ``without_department`` are serial numbers in no form.

    ``one_figure`` are those whose figure to compare with is asked once for all entities.
    """

    document_id: str
    year: int
    folder: str
    forms: tuple[SavedForm, ...]
    without_department: tuple[int, ...]
    sample: bool = False
    one_figure: tuple[int, ...] = ()
    deadline: str | None = None

    def as_json(self) -> dict[str, object]:
        """Return the result in JSON's types."""
        return asdict(self)

    def as_text(self) -> str:
        """Return the result for a person."""
        lines = [
            f"{self.document_id}（{self.year}年度）填报表 {len(self.forms)} 份：{self.folder}",
            *(f"  {each.department}　{each.lines} 行　{each.file}" for each in self.forms),
        ]
        lines += [
            f"  原有的同名文件内容不同，已改名保留：{each.kept_as}"
            for each in self.forms
            if each.kept_as
        ]
        if self.deadline:
            lines.append(f"  {message('flows.form_deadline', day=self.deadline).zh}")
        if self.one_figure:
            numbers = "、".join(map(str, self.one_figure))
            lines.append(f"  {message('flows.one_figure', numbers=numbers).zh}")
        return "\n".join(lines)

    def missing_text(self) -> str:
        """Say which indicators stand in no form."""
        numbers = "、".join(map(str, self.without_department))
        return message("flows.without_department", numbers=numbers).zh


def make_forms(
    warehouse: Path,
    year: int,
    out: Path,
    document_id: str | None = None,
    *,
    sample: bool = False,
    raw: Path = Path("raw"),
) -> FormsMade:
    """Write the forms of a year's document in force, or of the one named.

    Raises Refusal where it is not landed, is of another year, or names no department at all.
    """
    document, title = read_document_lines(warehouse, year, document_id, raw)
    made = forms_of(document, title, sample=sample)
    missing = form_lines.without_department(document.lines)
    if not made:
        raise refusal("flows.no_departments", document=document.document_id)
    out.mkdir(parents=True, exist_ok=True)
    written = tuple(write(form, out) for form in made)
    once = dict.fromkeys(line.serial_no for line in document.lines if line.one_figure)
    return FormsMade(
        document.document_id,
        document.year,
        str(out),
        written,
        missing,
        sample,
        tuple(once),
        document.deadline.isoformat() if document.deadline else None,
    )


def forms_of(
    document: DocumentLines, title: str | None, *, sample: bool = False
) -> tuple[Form, ...]:
    """Return the forms of a document as they would be made now, one a department."""
    made = form_lines.forms(
        document.lines,
        document.document_id,
        document.year,
        title,
        sample=sample,
        unclear=document.unclear,
    )
    return tuple(replace(form, deadline=document.deadline) for form in made)


def standing(form: Form, out: Path) -> str:
    """Say whether a form's file is missing, holds what would be printed now, or has changed.

    One that does not tell what it was made of is unknown.
    """
    from report.forms.form import file_name, mark_of
    from report.workbook import stated_properties

    path = out / file_name(form)
    if not path.is_file():
        return "missing"
    made_of = stated_properties(path).get("identifier")
    if made_of is None:
        return "unknown"
    return "current" if made_of == mark_of(form) else "changed"


def write(form: Form, out: Path) -> SavedForm:
    """Write one form whole; another file of its name, perhaps filled in already, is kept."""
    from report.forms.form import file_name, write_form
    from report.workbook import same_workbook

    path, kept = out / file_name(form), None
    with replacing(path) as new:
        write_form(form, new)
        if same_workbook(new, path):
            if standing(form, out) == "current":
                new.unlink()
            return SavedForm(form.department, str(path), len(form.lines), "unchanged")
        kept = keep_old(path)
    state = "replaced" if kept else "new"
    return SavedForm(
        form.department, str(path), len(form.lines), state, str(kept) if kept else None
    )


def keep_old(path: Path) -> Path | None:
    """Give a file that is in the way a new name; None where there is none."""
    number = 1
    while path.exists():
        kept = path.with_stem(f"{path.stem}（旧{number}）")
        try:
            os.link(path, kept)
        except FileExistsError:
            number += 1
        else:
            path.unlink()
            return kept
    return None


def read_document_lines(
    warehouse: Path, year: int, document_id: str | None, raw: Path = Path("raw")
) -> tuple[DocumentLines, str | None]:
    """Return the lines of a year's document, and the document's title.

    ``raw`` holds the sidecar that may declare rules for it.
    """
    from warehouse.reading import current_document, read_tables

    chosen = document_id or current_document(warehouse, year)
    tables = read_tables(warehouse, OF_LINES)
    landed = {row["document_id"]: row for row in rows_as(NoticeRow, tables["notices"])}
    if chosen not in landed:
        raise not_landed(chosen, list(landed))
    if landed[chosen]["year"] != year:
        raise refusal("flows.other_year", document=chosen, found=landed[chosen]["year"], asked=year)
    sidecar = declared_sidecar(raw, landed[chosen])
    return document_lines(sidecar, chosen, year, tables, raw), landed[chosen]["title"]


def document_lines(
    sidecar: Path | None,
    document_id: str,
    year: int,
    tables: Mapping[str, pd.DataFrame],
    raw: Path,
) -> DocumentLines:
    """Return what can be returned for a document, by its targets, rules and ``sidecar``.

    Raises Refusal where the sidecar's rules, or what it says of one figure, are wrong.
    """
    listed = effective(sidecar, document_id, year, tables, raw)
    meta = parse_sidecar(sidecar, sidecar.parent.name) if sidecar else SourceMeta(document_id)
    rows = rows_as(TargetRow, of_document(tables["targets"], document_id))
    lines = form_lines.document_lines(rows, asked_fields(listed))
    return DocumentLines(
        document_id,
        year,
        with_one_figure(lines, meta.one_figure, document_id),
        meta.departments,
        unclear=unclear(listed),
        approval=meta.approval == "required",
        deadline=meta.deadline,
    )
