"""The days of returns: which cannot be, which keep a revision from counting, and redating."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from common.refusal import Refusal, refusal
from flows.cli.main import cli
from flows.jobs.doctor.raw_data import check_days
from flows.jobs.returns.receive import Delivery, receive_and_finish
from flows.jobs.returns.redate import redate
from flows.jobs.returns.summary import Received
from schemas.records.forms import REPLY_SHEET, Form
from tests.support.flows.offices import DEPARTMENT, deliver, filed, filled, returned
from warehouse.reading import read_tables

FIRST, RIGHT, MISTYPED, AHEAD = (
    date(2021, 1, 5),
    date(2021, 1, 9),
    date(2020, 1, 9),
    date(2030, 1, 1),
)


def return_of(office: Path, form: Form, award: int) -> Path:
    return filled(form, office / f"in/{award}.xlsx", {(0, "award"): award})


def set_right(office: Path, *files: Path, day: date) -> Received:
    order = Delivery(files, office / "tables", day, office / "raw", office / "replies")
    return redate(order, lambda _: None)


def kaohe(office: Path, *arguments: str) -> Result:
    where = ("--warehouse", f"{office}/tables", "--raw", f"{office}/raw")
    got = CliRunner().invoke(cli, [*arguments, *where])
    assert got.exception is None or isinstance(got.exception, SystemExit), got.exception
    return got


def counted(office: Path) -> list[tuple[int, date, float]]:
    rows = returned(office)
    return sorted((row["revision"], row["received_on"], row["awarded_pct"]) for row in rows)


def doubted(office: Path) -> list[str]:
    tables = read_tables(office / "tables", ("notices", "returns"))
    return [check.found_zh for check in check_days(tables)]


def test_a_correction_with_a_mistyped_year_says_that_it_does_not_count(
    office: Path, form: Form
) -> None:
    deliver(office, return_of(office, form, 60), on=FIRST)
    got = deliver(office, return_of(office, form, 70), on=MISTYPED).files[0]
    assert [each.code for each in got.remarks if each.code != "lines_absent"] == ["will_not_count"]
    assert got.reply is not None
    said = openpyxl.load_workbook(got.reply)[REPLY_SHEET]["E6"].value
    assert "不会计入" in said
    assert "2021-01-05" in said
    scored = kaohe(office, "score", "2020")
    assert scored.exit_code == 3
    assert "收到日 2020-01-09 早于同一行此前报送的 2021-01-05" in scored.output
    (found,) = doubted(office)
    assert "没有计入" in found

    put_right = set_right(office, Path(got.filed_as or ""), day=RIGHT).files[0]
    assert (put_right.state, put_right.clean, put_right.received_on) == (
        "redated",
        True,
        "2021-01-09",
    )
    assert counted(office) == [(1, FIRST, 60), (2, RIGHT, 70)]
    assert [path.name for path in filed(office) if path.suffix == ".xlsx"] == [
        "2021-01-05-1.xlsx",
        "2021-01-09-1.xlsx",
    ]
    assert not Path(got.reply).exists()
    assert doubted(office) == []
    assert kaohe(office, "score", "2020").exit_code == 0
    with (office / "raw/returns/redated.csv").open(encoding="utf-8") as file:
        (line,) = csv.DictReader(file)
    assert line["was"] == f"2020/{DEPARTMENT}/2020-01-09-1.xlsx"
    assert line["is"] == f"2020/{DEPARTMENT}/2021-01-09-1.xlsx"
    assert line["by"]


def test_what_a_wrong_clock_did_is_set_right_with_its_scores(
    office: Path, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("flows.jobs.returns.receive.today", lambda: AHEAD)
        ahead = deliver(office, return_of(office, form, 60), on=AHEAD).files[0]
    later = deliver(office, return_of(office, form, 70), on=RIGHT).files[0]
    assert any("这一天还没有到" in each.message_zh for each in later.remarks)
    assert any("这一天还没有到" in each for each in doubted(office))
    kaohe(office, "score", "2020")
    scores = read_tables(office / "tables", ("scores",))["scores"]
    assert set(scores["as_of"]) == {AHEAD}

    set_right(office, Path(ahead.filed_as or ""), day=FIRST)
    assert counted(office) == [(1, FIRST, 60), (2, RIGHT, 70)]
    assert read_tables(office / "tables", ("scores",))["scores"].empty
    assert "2021-01-09" in kaohe(office, "score", "2020").output
    assert doubted(office) == []


def test_a_day_that_is_right_is_confirmed(office: Path, form: Form) -> None:
    """A paper that lay about is received after the later one."""
    deliver(office, return_of(office, form, 70), on=RIGHT)
    late = deliver(office, return_of(office, form, 60), on=FIRST).files[0]
    assert doubted(office) != []
    set_right(office, Path(late.filed_as or ""), day=FIRST)
    assert doubted(office) == []
    assert counted(office) == [(1, FIRST, 60), (2, RIGHT, 70)]


def test_a_redating_that_is_cut_short_is_finished_by_the_next_run(
    office: Path, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(office, return_of(office, form, 60), on=FIRST)
    got = deliver(office, return_of(office, form, 70), on=MISTYPED).files[0]

    def busy(*_: Any) -> None:
        raise refusal("flows.receiving_busy", root="")

    with monkeypatch.context() as patch:
        patch.setattr("flows.jobs.returns.receive.land_returns", busy)
        with pytest.raises(Refusal):
            set_right(office, Path(got.filed_as or ""), day=RIGHT)
    order = Delivery((), office / "tables", RIGHT, office / "raw", office / "replies")
    assert [each.state for each in receive_and_finish(order, lambda _: None).files] == ["redated"]
    assert counted(office) == [(1, FIRST, 60), (2, RIGHT, 70)]


def test_days_that_cannot_be_are_refused_and_change_nothing(office: Path, form: Form) -> None:
    path = return_of(office, form, 60)
    (got,) = deliver(office, path, on=date(2019, 12, 31)).files
    assert (got.state, got.remarks[0].code) == ("refused", "day_before_year")
    with pytest.raises(Refusal) as told:
        deliver(office, path, on=AHEAD)
    assert told.value.code == "day_to_come"
    assert filed(office) == []
    deliver(office, path)
    before = filed(office)
    for file, day, code in (
        (path, RIGHT, "not_a_filed_return"),
        (before[0], date(2019, 1, 1), "day_before_year"),
        (before[0], AHEAD, "day_to_come"),
        (before[0].with_name("2021-01-05-9.xlsx"), RIGHT, "not_a_filed_return"),
    ):
        with pytest.raises(Refusal) as told:
            set_right(office, file, day=day)
        assert told.value.code == code
    assert filed(office) == before
    assert kaohe(office, "receive", "--redate", str(before[0])).exit_code == 2
