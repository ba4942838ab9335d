"""``kaohe forms``: one Excel form a department, from the targets that are landed.

What departments must return for each line of a document, by the rules that will count it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common.files import replacing
from common.messages import message
from common.refusal import refusal
from flows.jobs.diff import not_landed
from flows.jobs.sidecar import declared_sidecar, rules_of
from returns import form_lines
from schemas.records.forms import FORM_COLUMNS, DocumentLines, Form, RequiredFields
from schemas.tables.frames import records
from schemas.vocabulary import Direction

if TYPE_CHECKING:
    import pandas as pd

#: The tables that a document's lines, and what they ask for, are made of.
OF_LINES = ("targets", "indicators", "methods")


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
    """What was made for one document; ``without_department`` are serial numbers in no form."""

    document_id: str
    year: int
    folder: str
    forms: tuple[SavedForm, ...]
    without_department: tuple[int, ...]
    sample: bool = False

    def as_json(self) -> dict[str, Any]:
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
    made = form_lines.forms(
        document.lines,
        document.document_id,
        document.year,
        title,
        sample=sample,
        unclear=document.unclear,
    )
    missing = form_lines.without_department(document.lines)
    if not made:
        raise refusal("flows.no_departments", document=document.document_id)
    out.mkdir(parents=True, exist_ok=True)
    written = tuple(write(form, out) for form in made)
    return FormsMade(document.document_id, document.year, str(out), written, missing, sample)


def write(form: Form, out: Path) -> SavedForm:
    """Write one form whole; another file of its name, perhaps filled in already, is kept."""
    from report.forms.form import file_name, write_form
    from report.workbook import same_workbook

    path, kept = out / file_name(form), None
    with replacing(path) as new:
        write_form(form, new)
        if same_workbook(new, path):
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
    tables = read_tables(warehouse, ("notices", *OF_LINES))
    landed = {row["document_id"]: row for row in records(tables["notices"])}
    if chosen not in landed:
        raise not_landed(chosen, list(landed))
    if landed[chosen]["year"] != year:
        raise refusal("flows.other_year", document=chosen, found=landed[chosen]["year"], asked=year)
    targets = tables["targets"]
    rows = records(targets[targets["document_id"] == chosen])
    sidecar = declared_sidecar(raw, landed[chosen])
    listed = _rules_listed(sidecar, chosen, year, tables)
    document = lines_of(chosen, year, rows, _required(listed))
    return replace(document, unclear=_unclear(listed)), landed[chosen]["title"]


def lines_of(
    document_id: str, year: int, targets: Iterable[dict[str, Any]], required: RequiredFields
) -> DocumentLines:
    """Return what can be returned for a document, from its rows of targets."""
    return DocumentLines(document_id, year, form_lines.document_lines(targets, required))


def required_fields(
    sidecar: Path | None,
    document_id: str,
    year: int,
    tables: Mapping[str, pd.DataFrame],
) -> RequiredFields:
    """Return what must be returned for each line of a document.

    The rules are those that its ``sidecar`` declares for the year, also such as begin later in it,
    or after it.
    Raises Refusal where the sidecar's rules are wrong.
    """
    return _required(_rules_listed(sidecar, document_id, year, tables))


def _rules_listed(
    sidecar: Path | None,
    document_id: str,
    year: int,
    tables: Mapping[str, pd.DataFrame],
) -> pd.DataFrame:
    """Return the effective rules of a document at the end of its year, or of what begins later."""
    from scoring.points.listing import effective_rules

    own = rules_of(sidecar) if sidecar else None
    begins = [own.since, *(entry.since for entry in own.overrides)] if own else []
    targets, indicators, methods = (
        table[table["document_id"] == document_id].reset_index(drop=True)
        for table in map(tables.__getitem__, OF_LINES)
    )
    as_of = max([date(year, 12, 31), *begins])
    return effective_rules(targets, indicators, as_of, {document_id: own} if own else None, methods)


def _unclear(listed: pd.DataFrame) -> frozenset[int]:
    """Return the indicators that are counted by a figure of which nobody knows the good end."""
    unknown = (listed["direction"] == Direction.UNKNOWN) & listed["actual_value"]
    return frozenset(int(each) for each in listed.loc[unknown.astype(bool), "serial_no"])


def _required(listed: pd.DataFrame) -> RequiredFields:
    """Return the columns that a rule needs, by serial number, entity and part."""
    names = ["serial_no", "entity", "part_no", *FORM_COLUMNS]
    return {
        (row["serial_no"], row["entity"], row["part_no"] or 0): frozenset(
            column for name, column in FORM_COLUMNS.items() if row[name]
        )
        for row in records(listed[names])
    }
