"""A notice with printed methods through a whole year: document, forms, returns, scores, by hand."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from flows.cli.main import cli
from flows.jobs.returns.forms import make_forms
from schemas.records.forms import FORM_SHEET, HEADINGS
from tests.support.paths import TESTS
from tests.support.scoring.notices import CASES
from tests.support.yaml_files import read_yaml

YEAR: dict[str, Any] = read_yaml(CASES / "full_year.yaml")
BOOK = TESTS / "fixtures/workbooks/plus-minus-methods.xlsx"
DOCUMENT = "yunzhou-2022"
ENTITIES = YEAR["考核对象"]
ROLES = tuple(HEADINGS)


class Year:
    """An office's folder with the notice, its declared rules and a warehouse."""

    def __init__(self, folder: Path) -> None:
        self.raw, self.tables, self.forms = folder / "raw", folder / "tables", folder / "forms"
        self.notice = self.raw / "notices" / DOCUMENT
        self.notice.mkdir(parents=True)
        shutil.copy(BOOK, self.notice)
        (self.notice / "source.toml").write_text(YEAR["声明"], encoding="utf-8")

    def kaohe(self, name: str, *arguments: object) -> Result:
        raw = ["--raw", self.raw] if name in ("receive", "score") else []
        said = [name, *arguments, "--warehouse", self.tables, *raw]
        got = CliRunner().invoke(cli, list(map(str, said)))
        assert got.exit_code in (0, 3), got.output
        return got

    def rows(self, sql: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.kaohe("query", sql, "--json").stdout)
        return found

    def hand_in(self, day: date, lines: dict[tuple[int, str], dict[str, Any]]) -> None:
        """Fill the forms in and hand them in, as each department does."""
        files = []
        for path in sorted(self.forms.glob("*.xlsx")):
            book = openpyxl.load_workbook(path)
            sheet = book[FORM_SHEET]
            for row in range(1, sheet.max_row + 1):
                serial, entity, part = (
                    sheet.cell(row, ROLES.index(each) + 1).value
                    for each in ("serial_no", "entity", "part_no")
                )
                if part in (None, 1) and isinstance(serial, int):
                    for role, value in lines.get((serial, str(entity)), {}).items():
                        sheet.cell(row, ROLES.index(role) + 1).value = value
            files.append(self.forms / "in" / f"{day:%m%d}" / path.name)
            files[-1].parent.mkdir(parents=True, exist_ok=True)
            book.save(files[-1])
        self.kaohe("receive", *files, "--received-on", day, "--replies", self.forms / "replies")


def lines_of_year() -> dict[tuple[int, str], dict[str, Any]]:
    lines: dict[tuple[int, str], dict[str, Any]] = {}
    for case in YEAR["各项"]:
        for role, key in (("actual", "实际"), ("award", "评定")):
            for entity, value in zip(ENTITIES, case.get(key, [None] * 3), strict=True):
                if value is not None:
                    lines.setdefault((case["序号"], entity), {})[role] = value
        if "否决" in case:
            lines[case["序号"], case["否决"]] |= {"veto": "是", "grounds": "重大事故"}
    return lines


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """The year after the first returns."""
    made = Year(tmp_path_factory.mktemp("full-year"))
    made.kaohe("ingest", made.notice, "--no-cross-check")
    make_forms(made.tables, 2022, made.forms, sample=True, raw=made.raw)
    made.hand_in(date(2023, 1, 10), lines_of_year())
    made.kaohe("score", 2022)
    return made


@pytest.mark.parametrize("case", YEAR["各项"], ids=lambda case: f"第{case['序号']}项")
def test_each_cell_is_as_worked_out_by_hand(year: Year, case: dict[str, Any]) -> None:
    sql = f"SELECT entity, status, points, points_low FROM scores WHERE serial_no = {case['序号']}"
    found = {row["entity"]: row for row in year.rows(sql + " AND as_of = DATE '2023-01-10'")}
    for entity, points in zip(ENTITIES, case["得分"], strict=True):
        row = found[entity]
        if points is None:
            assert row["status"] == "not_assessed"
            continue
        assert row["status"] == "scored"
        assert row["points"] == row["points_low"] == pytest.approx(points, abs=1e-9)


def totals(year: Year, day: str) -> dict[str, dict[str, Any]]:
    sql = f"SELECT * FROM scorecards WHERE level = 'total' AND as_of = DATE '{day}'"
    return {row["entity"]: row for row in year.rows(sql)}


def check(card: dict[str, Any], told: dict[str, Any]) -> None:
    names = {"得分": "points", "满分": "max_points", "百分制": "points_of_100"}
    for key, name in {**names, "加分": "bonus", "扣分": "minus"}.items():
        if key in told:
            assert card[name] == pytest.approx(told[key], abs=1e-6), key
    assert (card["rank"], card["grade"], card["barred"], card["vetoed"]) == (
        *(told["名次"], told["等次"], told["取消评优"], False),
    )


def test_totals_ranks_and_grades_are_as_worked_out_by_hand(year: Year) -> None:
    cards = totals(year, "2023-01-10")
    for told in YEAR["合计"]:
        check(cards[told["考核对象"]], told)
        assert cards[told["考核对象"]]["received_share"] == 1


def test_the_returns_are_marked_as_samples_and_the_scores_replay(year: Year) -> None:
    assert year.rows("SELECT DISTINCT sample FROM returns") == [{"sample": True}]
    assert "样例数据" in year.kaohe("score", 2022, "--as-of", "2023-01-10").output
    assert year.kaohe("score", 2022, "--replay").exit_code == 0


def test_a_veto_that_comes_late_bars_the_first(year: Year) -> None:
    told = YEAR["追报否决"]
    key = (10, told["考核对象"])
    year.hand_in(date(2023, 2, 1), {key: {"actual": 0, "veto": "是", "grounds": "重大事故"}})
    year.kaohe("score", 2022)
    cards = totals(year, "2023-02-01")
    check(cards[told["考核对象"]], told)
    first = YEAR["合计"][0]
    check(cards[first["考核对象"]], first)
    assert year.kaohe("score", 2022, "--replay").exit_code == 0


def test_what_an_officer_confirmed_is_no_open_question(year: Year) -> None:
    sql = "SELECT DISTINCT state FROM findings WHERE code = 'method_not_applied'"
    assert [row["state"] for row in year.rows(sql)] == ["accepted"]
