"""What was refused on receiving stands in the answer to an appeal, with file, row and reason."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from click.testing import CliRunner

from flows.cli.main import cli
from flows.jobs.returns.refused import with_refused
from flows.jobs.score.appeal import answer
from flows.jobs.score.inputs import ScoreOrder
from report.answer_lines import RefusedReturn
from schemas.records.forms import Form
from tests.support.flows.offices import DEPARTMENT, deliver, filed, filled
from tests.support.flows.scored_years import score

LATER = date(2021, 1, 20)


def told_of(order: ScoreOrder, serial_no: int, entity: str) -> tuple[RefusedReturn, ...]:
    return with_refused(answer(order, serial_no, entity), order.warehouse, order.raw).refused


def test_a_refused_value_is_told_with_its_place(office: Path, form: Form) -> None:
    line, other = form.lines[0], form.lines[1]
    wrong = filled(form, office / "in/a.xlsx", {(0, "award"): "约八成多", (1, "award"): 90})
    right = filled(form, office / "in/b.xlsx", {(0, "award"): 80})
    deliver(office, wrong)
    deliver(office, right, on=LATER)
    score(office / "tables", as_of=LATER)
    order = ScoreOrder(2020, office / "tables", raw=office / "raw")
    (told,) = told_of(order, line.serial_no, line.entity)
    place = f"{DEPARTMENT}/2021-01-05-1.xlsx"
    assert (told.department, told.file, told.found) == (DEPARTMENT, place, "约八成多")
    assert told.received_on == date(2021, 1, 5)
    assert told.row is not None
    assert told.reason
    said = [
        "trace",
        "2020",
        str(line.serial_no),
        line.entity,
        "--warehouse",
        str(office / "tables"),
    ]
    page = CliRunner().invoke(cli, [*said, "--raw", str(office / "raw")]).stdout
    assert f"未采用：{DEPARTMENT}　2021-01-05 报送　“约八成多”　{place}" in page
    assert f"第{told.row}行" in page
    assert "评定 80%" in page  # what came later counts and stands there too
    assert told_of(order, other.serial_no, other.entity) == ()
    found = json.loads(
        CliRunner().invoke(cli, [*said, "--raw", str(office / "raw"), "--json"]).stdout
    )
    assert found["refused"][0]["found"] == "约八成多"


def test_what_came_after_the_day_is_not_told_and_a_lost_file_is_named(
    office: Path, form: Form
) -> None:
    line = form.lines[0]
    deliver(office, filled(form, office / "in/a.xlsx", {(1, "award"): 90}))
    wrong = {(0, "award"): "约八成多", (1, "award"): 91}
    deliver(office, filled(form, office / "in/b.xlsx", wrong), on=LATER)
    score(office / "tables", as_of=date(2021, 1, 10))
    order = ScoreOrder(2020, office / "tables", raw=office / "raw")
    assert told_of(order, line.serial_no, line.entity) == ()
    (path, _) = filed(office)
    path.chmod(0o644)
    for damaged in (b"no workbook", b"PK\x03\x04"):
        path.write_bytes(damaged)
        told, *_ = told_of(order, line.serial_no, line.entity)
        assert told.file == f"{DEPARTMENT}/{path.name}"
        assert told.row is None
        assert told.reason
