"""Made-up returns: they say that they are, are the same every time, and read back as made."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from flows.demo import returns as samples
from flows.demo.figures import GROUNDS, Aim, aims_of, figures, written
from report.forms.form import HEAD_ROW, write_form
from returns.form_lines import forms
from returns.numbers import Expected, award_of, number_of
from schemas.records.forms import HEADINGS, Form, FormLine, ReadCell
from tests.support.flows.offices import sha256
from tests.support.returns.samples import document, targets

LINES = document().lines
AIMS = aims_of([target | {"operator": None} for target in targets()], {5: "lower_is_better"})


def made_forms() -> dict[str, Form]:
    made = forms(LINES, "tianhe-2021", 2021, "通知", sample=True)
    return {form.department: form for form in made}


def plan() -> samples.SamplePlan:
    return samples.plan_of(list(made_forms().values()), AIMS)


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.key}")
def test_figures_bring_what_a_line_needs(line: FormLine) -> None:
    made = figures(line, AIMS[line.key])
    assert set(made) == set(line.needs)
    assert made == figures(line, AIMS[line.key])
    for role, figure in made.items():
        content, code = written(figure, line, role)
        kind = "text" if isinstance(content, str) else "number"
        cell = ReadCell(1, 1, kind, str(content), str(content), code)
        read = (
            award_of(cell)
            if role == "award"
            else number_of(cell, Expected(line.unit, line.target_value, line.indicator))
        )
        assert read == pytest.approx(figure)


@pytest.mark.parametrize(
    ("operator", "direction", "aim"),
    [
        (">=", "higher_is_better", Aim()),
        ("<", "lower_is_better", Aim(lower=True, strict=True)),
        (">", "lower_is_better", Aim(strict=True)),
        (None, "lower_is_better", Aim(lower=True)),
        ("<=", "higher_is_better", Aim(lower=True)),
    ],
)
def test_aims(operator: str | None, direction: str, aim: Aim) -> None:
    target = {"serial_no": 1, "entity": "甲", "operator": operator, "parts": []}
    assert aims_of([target], {1: direction}) == {(1, "甲", 1): aim}


def test_the_province_has_one_figure() -> None:
    compared = [line for line in LINES if "benchmark" in line.needs]
    assert len(compared) > 1
    assert len({figures(line, Aim())["benchmark"] for line in compared}) == 1


def test_plan_is_the_same_every_time_and_leaves_nobody_out() -> None:
    first = plan()
    assert first == plan()
    everybody = [*first.on_time, *first.late, *first.never]
    assert sorted(everybody) == sorted(made_forms())
    assert first.late
    assert set(first.mistakes) <= set(first.on_time)
    assert list(first.days) == sorted(first.days)


def test_the_same_form_is_filled_to_the_same_bytes_and_says_sample(tmp_path: Path) -> None:
    form = next(iter(made_forms().values()))
    blank = tmp_path / "form.xlsx"
    write_form(form, blank)
    day = plan().days[0]
    made = [samples.fill(form, blank, tmp_path / place, plan(), AIMS, day) for place in ("a", "b")]
    assert sha256(made[0]) == sha256(made[1])
    book = openpyxl.load_workbook(made[0])
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in shown:
        texts = [str(cell.value) for row in sheet.iter_rows(max_row=3) for cell in row]
        assert any("样例数据" in text for text in texts), sheet.title
    place = list(HEADINGS).index("grounds")
    grounds = [row[place].value for row in shown[0].iter_rows(min_row=HEAD_ROW + 1)]
    assert all(str(text).startswith(GROUNDS) for text in grounds)
    assert book.properties.created.date() == day


def test_one_department_alone_is_on_time() -> None:
    form = next(iter(made_forms().values()))
    alone = samples.plan_of([form], AIMS)
    assert (alone.on_time, alone.late, alone.never) == ((form.department,), (), ())
