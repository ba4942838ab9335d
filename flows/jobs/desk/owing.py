"""Who owes what for a document: each department's form, what came of it, and what to remind of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from common.days import today
from common.names import shown_name
from flows.jobs.night.inbox import REFUSED
from flows.jobs.returns.forms import read_document_lines
from report.forms.form import file_name
from returns import form_lines
from schemas.tables.frames import records

_REASON = ".reason.txt"
_MOST_REASON = 4000


@dataclass(frozen=True, slots=True)
class Owing:
    """One department: how many lines its form has, how many of them came, and the latest day."""

    department: str
    form: str
    ready: bool
    lines: int
    received: int
    latest: date | None
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
        return self.deadline is not None and self.deadline < today()


def owed(warehouse: Path, raw: Path, forms: Path, document_id: str, year: int) -> Owed:
    """Return who owes what. Raises Refusal where the document is not landed or its rules wrong."""
    from warehouse.reading import read_table

    document, title = read_document_lines(warehouse, year, document_id, raw)
    made = form_lines.forms(document.lines, document_id, year, title)
    returns = read_table(warehouse, "returns")
    rows = records(returns[returns["document_id"] == document_id])
    came: dict[str, set[tuple[int, str, int]]] = {}
    days: dict[str, date] = {}
    for row in rows:
        key = (int(row["serial_no"]), str(row["entity"]), int(row["part_no"] or 1))
        came.setdefault(row["department"], set()).add(key)
        days[row["department"]] = max(row["received_on"], days.get(row["department"], date.min))
    found = []
    for form in made:
        received = sum(line.key in came.get(form.department, ()) for line in form.lines)
        left = len(form.lines) - received
        found.append(
            Owing(
                form.department,
                file_name(form),
                (forms / file_name(form)).is_file(),
                len(form.lines),
                received,
                days.get(form.department),
                reminder(form.department, year, title or document_id, left, document.deadline),
            )
        )
    missing = form_lines.without_department(document.lines)
    return Owed(document_id, year, title, document.deadline, tuple(found), missing)


def reminder(department: str, year: int, title: str, left: int, deadline: date | None) -> str:
    """Return what may be sent to a department that owes lines."""
    by = f"，应于{deadline.year}年{deadline.month}月{deadline.day}日前报送" if deadline else ""
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
