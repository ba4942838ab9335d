"""Made-up returns for a demonstration, in the very forms that departments get.

Most hand in on time, some late, some never. A few rows are wrong in ways that happen, and most of
these are put right on the reply later; one indicator is vetoed, one figure corrected. Every sheet
says that it is a sample.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common.files import safe_name
from common.numbers import show
from flows.demo.figures import GROUNDS, SEED, Aim, figures, written
from schemas.records.forms import FORM_SHEET, HEADINGS, Form, FormLine

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Key = tuple[int, str, int]
#: In the January after: on time, late, and what is put right afterwards.
_DAYS = ((1, 8), (1, 15), (1, 25))
_LATE, _NEVER = 6, 12  # one department in 6, in 12


@dataclass(frozen=True, slots=True)
class Mistake:
    """One row filled in wrong: the column, what stands there, and whether it is put right."""

    key: Key
    role: str
    content: str | float
    put_right: bool


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """Who hands in when, and what goes wrong. ``mistakes`` go by department."""

    days: tuple[date, date, date]
    on_time: tuple[str, ...]
    late: tuple[str, ...]
    never: tuple[str, ...]
    mistakes: Mapping[str, Mistake]
    veto: tuple[str, Key] | None
    corrected: tuple[str, Key] | None


def plan_of(forms: Sequence[Form], aims: Mapping[Key, Aim]) -> SamplePlan:
    """Return the plan for a document's forms; the same forms give the same plan."""
    chance = random.Random(SEED)
    names = sorted(form.department for form in forms)
    chance.shuffle(names)
    never, late = len(names) // _NEVER, -(-(len(names) - 1) // _LATE)
    on_time = names[never + late :]
    mistakes = _mistakes([form for form in forms if form.department in on_time], chance)
    handed_in = [form for form in forms if form.department not in names[:never]]
    year = forms[0].year + 1 if forms else date.min.year
    first, second, third = (date(year, month, day) for month, day in _DAYS)
    return SamplePlan(
        (first, second, third),
        tuple(on_time),
        tuple(names[never : never + late]),
        tuple(names[:never]),
        mistakes,
        _one_line(handed_in, mistakes, chance, lambda line: "award" in line.needs),
        _one_line(handed_in, mistakes, chance, lambda line: _falls_short(line, aims)),
    )


def _falls_short(line: FormLine, aims: Mapping[Key, Aim]) -> bool:
    aim, target = aims.get(line.key, Aim()), line.target_value
    if target is None or line.needs != {"actual"} or line.target_kind != "number" or aim.lower:
        return False
    return figures(line, aim)["actual"] < target


def _one_line(
    forms: Sequence[Form],
    mistakes: Mapping[str, Mistake],
    chance: random.Random,
    fits: Callable[[FormLine], bool],
) -> tuple[str, Key] | None:
    """Choose a line that fits, of a department that makes no mistakes."""
    found = [
        (form.department, line.key)
        for form in forms
        if form.department not in mistakes
        for line in form.lines
        if fits(line)
    ]
    return chance.choice(found) if found else None


_KINDS: tuple[tuple[Callable[[FormLine], bool], str, Callable[[FormLine], str | float]], ...] = (
    (lambda line: line.needs == {"actual"} and line.unit is not None, "actual",
     lambda _: "基本完成"),
    (lambda line: "award" in line.needs, "award", lambda _: 120),
    (lambda line: line.unit == "亿元" and bool(line.target_value), "actual",
     lambda line: f"{show(10_000 * (line.target_value or 0))}万元"),
    (lambda line: line.unit == "%" and (line.target_value or 0) >= 20, "actual",
     lambda line: round((line.target_value or 0) / 100, 4)),
    (lambda line: line.needs == {"actual"}, "veto", lambda _: "见附件"),
)  # fmt: skip


def _mistakes(forms: Sequence[Form], chance: random.Random) -> dict[str, Mistake]:
    """Let each kind of mistake happen to another department; the first is never put right."""
    made: dict[str, Mistake] = {}
    for number, (fits, role, content) in enumerate(_KINDS):
        found = [
            (form.department, line)
            for form in forms
            if form.department not in made
            for line in form.lines
            if fits(line)
        ]
        if found:
            department, line = chance.choice(found)
            made[department] = Mistake(line.key, role, content(line), put_right=number > 0)
    return made


def fill(
    form: Form, made: Path, out: Path, plan: SamplePlan, aims: Mapping[Key, Aim], day: date
) -> Path:
    """Fill in a form as its department hands it in; return the new file in ``out``."""
    book, sheet, rows = _opened(made)
    mistake = plan.mistakes.get(form.department)
    for line in form.lines:
        put = _Row(sheet, rows[line.key])
        _fill(put, line, aims.get(line.key, Aim()))
        if mistake is not None and mistake.key == line.key:
            put.content(mistake.role, mistake.content)
        if plan.veto == (form.department, line.key):
            put.content("veto", "是")
            put.content("grounds", f"{GROUNDS}；假设出现了一票否决情形")
    return _saved(book, out / f"{made.stem}.xlsx", day)


def put_right(form: Form, reply: Path, out: Path, mistake: Mistake, aim: Aim, day: date) -> Path:
    """Put the refused cell right on the reply, as a clerk does; return the new file."""
    book, sheet, rows = _opened(reply)
    line = next(each for each in form.lines if each.key == mistake.key)
    put = _Row(sheet, rows[line.key])
    put.content(mistake.role, None)
    _fill(put, line, aim)
    put.content("grounds", f"{GROUNDS}；按退回说明改正")
    return _saved(book, out / f"{safe_name(form.department)}_更正.xlsx", day)


def correct(form: Form, made: Path, out: Path, key: Key, day: date) -> Path:
    """Hand in one line anew with a better figure, in a form that is blank otherwise."""
    book, sheet, rows = _opened(made)
    line = next(each for each in form.lines if each.key == key)
    put = _Row(sheet, rows[key])
    put.figure("actual", line.target_value or 0.0, line)
    put.content("grounds", f"{GROUNDS}；原数据统计有误，更正")
    return _saved(book, out / f"{safe_name(form.department)}_补报.xlsx", day)


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a form's sheet, filled in by the names of columns."""

    sheet: Worksheet
    row: int

    def content(self, role: str, content: str | float | None, code: str = "General") -> None:
        cell = self.sheet.cell(self.row, _column(role))
        cell.value, cell.number_format = content, code

    def figure(self, role: str, figure: float, line: FormLine) -> None:
        self.content(role, *written(figure, line, role))


def _fill(put: _Row, line: FormLine, aim: Aim) -> None:
    for role, figure in figures(line, aim).items():
        if role != "benchmark" or line.asks_figure:
            put.figure(role, figure, line)
    put.content("grounds", GROUNDS)


def _column(role: str) -> int:
    return tuple(HEADINGS).index(role) + 1


def _opened(path: Path) -> tuple[Any, Worksheet, dict[Key, int]]:
    """Open a form or a reply and find its lines."""
    import openpyxl

    book = openpyxl.load_workbook(path)
    sheet = book[FORM_SHEET]
    rows: dict[Key, int] = {}
    for row in range(1, sheet.max_row + 1):
        serial = sheet.cell(row, _column("serial_no")).value
        if isinstance(serial, int):
            entity = str(sheet.cell(row, _column("entity")).value)
            part = sheet.cell(row, _column("part_no")).value
            rows[serial, entity, int(part or 1)] = row
    return book, sheet, rows


def _saved(book: Any, path: Path, day: date) -> Path:
    from report.workbook import save_settled

    path.parent.mkdir(parents=True, exist_ok=True)
    save_settled(book, path, day)
    return path
