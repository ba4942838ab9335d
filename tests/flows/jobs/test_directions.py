"""A direction that nothing tells, from the notice to the site: asked, spanned, shown, settled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from report.forms.form import HEAD_ROW
from schemas.records.forms import FORM_SHEET, HEADINGS
from schemas.vocabulary import KNOWN_DIRECTIONS
from tests.support.flows.office import kaohe

NOTICE = """天河市人民政府办公室文件

天府办发〔2020〕3号

关于下达2020年度目标考核指标的通知

2020年3月1日

| 一级指标 | 二级指标 | 三级指标 | 分值 | 甲县 | 乙县 | 考核部门 |
|---|---|---|---|---|---|---|
| 发展 | 人口 | 户籍人口（人） | 2 | 10 | 20 | 市公安局 |
| 发展 | 就业 | 城镇新增就业（人） | 2 | 10 | 20 | 市人力资源和社会保障局 |
"""
LINE = {"甲县": 12, "乙县": 10}


class Year:
    """A notice in a raw folder, and what the commands make of it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.notice = folder, folder / "raw/notices/tianhe-2020"
        self.notice.mkdir(parents=True)
        (self.notice / "notice.md").write_text(NOTICE, encoding="utf-8")
        self.declare("")

    def declare(self, text: str) -> None:
        (self.notice / "source.toml").write_text(f"year = 2020\n{text}", encoding="utf-8")

    def run(self, command: str, *arguments: object) -> Any:
        folder = ["--warehouse", self.folder / "tables"]
        if command in ("forms", "receive", "score", "report"):
            folder += ["--raw", self.folder / "raw"]
        return kaohe(command, *arguments, *folder)

    def ingest(self) -> int:
        code: int = self.run("ingest", self.notice, "--no-cross-check").exit_code
        return code

    def ask(self, sql: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = json.loads(self.run("query", sql, "--json").stdout)
        return rows

    def form(self) -> Path:
        self.run("forms", 2020, "--out", self.folder / "forms")
        return self.folder / "forms" / "市公安局_tianhe-2020.xlsx"

    def return_it(self) -> None:
        book = openpyxl.load_workbook(self.form())
        sheet = book[FORM_SHEET]
        entity, actual = (list(HEADINGS).index(role) + 1 for role in ("entity", "actual"))
        for row in range(HEAD_ROW + 1, HEAD_ROW + 3):
            sheet.cell(row, actual).value = LINE[str(sheet.cell(row, entity).value)]
        book.save(self.folder / "filled.xlsx")
        on = ["--received-on", "2020-12-31", "--replies", self.folder / "replies"]
        self.run("receive", self.folder / "filled.xlsx", *on)

    def scores(self) -> dict[str, tuple[float, float, float]]:
        self.run("score", 2020, "--as-of", "2020-12-31")
        rows = self.ask("SELECT * FROM scores_latest WHERE serial_no = 1")
        return {r["entity"]: (r["points"], r["points_low"], r["points_high"]) for r in rows}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    made = Year(tmp_path_factory.mktemp("directions"))
    assert made.ingest() == 3  # landed, with something to look at
    made.return_it()
    yield made


def test_it_is_counted_among_the_open_findings_and_flags_no_value(year: Year) -> None:
    (finding,) = year.ask("SELECT * FROM findings WHERE state = 'open' AND severity = 'warning'")
    assert (finding["code"], finding["serial_no"], finding["entity"]) == (
        *("direction_unknown", 1, None),
    )
    targets = year.ask("SELECT * FROM targets WHERE serial_no = 1")
    assert [(t["operator"], t["target_value"], t["needs_review"]) for t in targets] == [
        (None, 10, False),
        (None, 20, False),
    ]
    assert year.ask("SELECT open_findings FROM notices") == [{"open_findings": 1}]


def test_the_form_asks_for_it_on_its_cover(year: Year) -> None:
    sheet = openpyxl.load_workbook(year.form())[FORM_SHEET]
    assert "1 户籍人口" in str(sheet["A3"].value) and "越高越好还是越低越好" in str(
        sheet["A3"].value
    )
    others = [p for p in (year.folder / "forms").glob("*.xlsx") if "公安局" not in p.name]
    (other,) = others
    assert "越低越好" not in str(openpyxl.load_workbook(other)[FORM_SHEET]["A3"].value)


def test_it_is_scored_by_the_likelier_reading_with_an_interval_of_both(year: Year) -> None:
    assert year.scores() == {"甲县": (2.0, pytest.approx(1.6), 2.0), "乙县": (1.0, 1.0, 2.0)}
    traces = year.ask("SELECT entity, trace FROM scores_latest WHERE serial_no = 1")
    assert all("暂按越高越好" in json.loads(row["trace"])["words"] for row in traces)
    replayed = year.run("score", 2020, "--as-of", "2020-12-31", "--replay")
    assert replayed.exit_code == 0, replayed.output


def test_the_rules_listed_say_so(year: Year) -> None:
    listed = year.run("score", 2020, "--rules").stdout
    assert "方向不明" in listed and "看不出越高越好还是越低越好" in listed


def test_review_page_and_site_show_it(year: Year) -> None:
    year.scores()
    year.run(
        "review", "tianhe-2020", "--source", year.notice / "notice.md", "--out", year.folder / "r"
    )
    page = "".join(
        p.read_text("utf-8") for p in (year.folder / "r").rglob("*") if p.suffix in {".js", ".html"}
    )
    assert "direction_unknown" in page and "越接近越好" in page
    assert year.run("report", 2020, "--out", year.folder / "site").exit_code == 0
    pages = {p.name: p.read_text("utf-8") for p in (year.folder / "site").rglob("*.html")}
    assumed = next(text for name, text in pages.items() if "assumptions" in name)
    assert (
        "方向不明的" in assumed and "户籍人口" in assumed.split("方向不明的")[1].split("</dd>")[0]
    )
    assert sum("得分区间包括两种可能" in text for text in pages.values()) == 2


@pytest.mark.parametrize(
    ("settled", "points"),
    [
        ('[directions]\n"户籍人口" = "lower_is_better"\n', {"甲县": 1.6, "乙县": 2.0}),
        ('[directions]\n1 = "越低越好"\n', {"甲县": 1.6, "乙县": 2.0}),
        ('[directions]\n1 = "nearer_is_better"\n', {"甲县": 1.6, "乙县": 1.0}),
        ('[directions]\n1 = "higher_is_better"\n', {"甲县": 2.0, "乙县": 1.0}),
    ],
)
def test_source_toml_settles_it(
    year: Year, settled: str, points: dict[str, float], request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(lambda: (year.declare(""), year.ingest()))
    year.declare(settled)
    assert year.ingest() == 0
    assert not year.ask("SELECT * FROM findings WHERE code = 'direction_unknown'")
    got = year.scores()
    assert {entity: each[0] for entity, each in got.items()} == pytest.approx(points)
    assert all(each[0] == each[1] == each[2] for each in got.values())


def test_a_correction_settles_it(year: Year, request: pytest.FixtureRequest) -> None:
    corrections = year.notice / "corrections.toml"
    request.addfinalizer(lambda: (corrections.unlink(), year.ingest()))
    corrections.write_text(
        '[[correction]]\nserial_no = 1\ncolumn = "direction"\nexpect = "unknown"\n'
        'value = "lower_is_better"\nreason = "公安局来函"\nby = "王某"\non = 2020-04-01\n',
        encoding="utf-8",
    )
    assert year.ingest() == 0
    assert year.scores()["甲县"] == (pytest.approx(1.6),) * 3
    states = year.ask("SELECT code, state FROM findings ORDER BY code")
    assert {"code": "direction_unknown", "state": "corrected"} in states


def test_a_rule_that_declares_the_direction_settles_the_score(
    year: Year, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(lambda: year.declare(""))
    year.declare(
        '[rules]\nversion = "1"\nfrom = 2020-01-01\nbasis = "办法"\n'
        '[[rules.rule]]\nserial_no = 1\ndirection = "lower_is_better"\n'
    )
    assert year.scores()["甲县"] == (pytest.approx(1.6),) * 3
    sheet = openpyxl.load_workbook(year.form())[FORM_SHEET]
    assert "越低越好" not in str(sheet["A3"].value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[directions]\n1 = "unknown"\n', "bad_source_toml"),
        ('[directions]\n1 = "低"\n', "bad_source_toml"),
        ("[directions]\n1 = 2\n", "bad_source_toml"),
        ('[directions]\n9 = "lower_is_better"\n', "direction_for_nothing"),
        ('[directions]\n"常住人口" = "lower_is_better"\n', "direction_for_nothing"),
    ],
)
def test_a_wrong_declaration_is_refused_and_changes_nothing(
    year: Year, text: str, code: str, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(lambda: year.declare(""))
    before = (year.folder / "tables/CURRENT").read_text()
    year.declare(text)
    refused = year.run("ingest", year.notice, "--no-cross-check")
    assert (refused.exit_code, (year.folder / "tables/CURRENT").read_text()) == (1, before)
    assert f"[{code}]" in refused.stderr and "Traceback" not in refused.output
    if '1 = "' in text:
        assert all(way in refused.stderr for way in KNOWN_DIRECTIONS)
