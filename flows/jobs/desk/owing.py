"""Who owes what for a document: each department's form, what came of it, and what to remind of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from common.days import today
from common.names import shown_name
from flows.jobs.folders import REFUSED
from flows.jobs.returns.forms import forms_of, read_document_lines, standing
from report.forms.form import file_name
from returns import form_lines
from schemas.records.rows import ReturnRow
from schemas.tables.frames import rows_as

_REASON = ".reason.txt"
_MOST_REASON = 4000


@dataclass(frozen=True, slots=True)
class Owing:
    """One department: how many lines its form has, how many of them came, and the latest day.

    ``standing`` is that of the file of its form: missing, current, changed or unknown.
    ``late`` lines came after the deadline for the first time; ``unapproved`` are those whose latest
    value nobody approved.
    """

    department: str
    form: str
    standing: str
    lines: int
    received: int
    latest: date | None
    late: int
    unapproved: int
    reminder: str

    @property
    def owed(self) -> int:
        """How many lines have not come."""
        return self.lines - self.received


@dataclass(frozen=True, slots=True)
class Owed:
    """All departments of a document, by when they shall hand in, and indicators in no form."""

    document_id: str
    year: int
    title: str | None
    deadline: date | None
    departments: tuple[Owing, ...]
    without_department: tuple[int, ...]

    @property
    def late(self) -> bool:
        """The day by which to hand in is over."""
        return _is_over(self.deadline, today())


@dataclass(frozen=True, slots=True)
class _Came:
    """When a line came first and last, and whether its latest value is approved."""

    first: date
    latest: date
    approved: bool


def _is_over(deadline: date | None, day: date) -> bool:
    return deadline is not None and deadline < day


def _came(rows: Sequence[ReturnRow]) -> dict[tuple[str, tuple[int, str, int]], _Came]:
    """Return what came, by department and line."""
    found: dict[tuple[str, tuple[int, str, int]], _Came] = {}
    for row in sorted(rows, key=lambda row: (row["received_on"], row["revision"])):
        place = row["department"], (row["serial_no"], row["entity"], row["part_no"] or 1)
        first = found[place].first if place in found else row["received_on"]
        approved = row["approved_by"] is not None and row["approved_on"] is not None
        found[place] = _Came(first, row["received_on"], approved)
    return found


def owed(warehouse: Path, raw: Path, forms: Path, document_id: str, year: int) -> Owed:
    """Return who owes what. Raises Refusal where the document is not landed or its rules wrong."""
    from warehouse.reading import read_own

    document, title = read_document_lines(warehouse, year, document_id, raw)
    came = _came(rows_as(ReturnRow, read_own(warehouse, document_id, ("returns",))["returns"]))
    found = []
    for form in forms_of(document, title):
        lines = [came[form.department, line.key] for line in form.lines
                 if (form.department, line.key) in came]  # fmt: skip
        left = len(form.lines) - len(lines)
        found.append(
            Owing(
                form.department,
                file_name(form),
                standing(form, forms),
                len(form.lines),
                len(lines),
                max((each.latest for each in lines), default=None),
                sum(_is_over(document.deadline, each.first) for each in lines),
                sum(not each.approved for each in lines),
                reminder(form.department, year, title or document_id, left, document.deadline),
            )
        )
    missing = form_lines.without_department(document.lines)
    return Owed(document_id, year, title, document.deadline, tuple(found), missing)


def reminder(department: str, year: int, title: str, left: int, deadline: date | None) -> str:
    """Return what may be sent to a department that owes lines."""
    over = "，期限已过" if _is_over(deadline, today()) else ""
    by = (
        f"，应于{deadline.year}年{deadline.month}月{deadline.day}日前报送{over}" if deadline else ""
    )
    return (
        f"{department}：\n《{title}》{year}年度考核数据，贵单位尚有{left}行未报送{by}。"
        "请填好填报表后尽快报来；如已报送，请核对退回说明中标出的单元格。"
    )


def refused_files(raw: Path) -> list[tuple[str, str]]:
    """Return the files that the inbox put aside, with the reason that lies beside each."""
    folder = raw / "inbox" / REFUSED
    found = []
    for note in sorted(folder.glob(f"*{_REASON}")) if folder.is_dir() else []:
        if note.is_file() and not note.is_symlink():
            with note.open("rb") as file:
                reason = file.read(_MOST_REASON).decode("utf-8", "replace").strip()
            found.append((shown_name(note.name.removesuffix(_REASON)), reason))
    return found
