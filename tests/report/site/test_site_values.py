"""The site shows what the tables hold: every score, every target, every total, and where to look.

The expectations are read from the Parquet with SQL, and rounded here by decimal arithmetic.
"""

from __future__ import annotations

import json
import re
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from report.marks import DOUBT, SIGNS
from tests.support.report.site_reading import (
    column,
    numbers,
    pages,
    read,
    references,
    row_of,
    said,
    shown,
)

Row = dict[str, Any]
YEARS = (("2020", "demo-2020"), ("2019", "text-2019"))
TARGETS = {"demo-2020": 530, "text-2019": 120}
LIGHTS = {"green": "绿灯", "yellow": "黄灯", "red": "红灯"}
STATES = {"not_assessed": "不考核", "not_received": "未报送"}


def rows(site: Path, sql: str) -> list[Row]:
    with duckdb.connect(":memory:") as connection:
        for name in ("scores", "scorecards", "targets", "returns", "rank_stability", "indicators"):
            files = site / "tables/current" / name / "year=*/*.parquet"
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM '{files}'")
        result = connection.execute(sql)
        names = [each[0] for each in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def latest(site: Path, table: str, document_id: str) -> list[Row]:
    return rows(
        site,
        f"SELECT * FROM {table} WHERE document_id = '{document_id}' AND as_of = "
        f"(SELECT max(as_of) FROM {table} WHERE document_id = '{document_id}')",
    )


def rounded(value: float, decimals: int) -> str:
    """Return the value to so many decimals; where it lies between two, either is right."""
    quantum = Decimal(1).scaleb(-decimals)
    return f"{Decimal(value).quantize(quantum, ROUND_HALF_EVEN):f}".replace("-", "−")


@pytest.mark.parametrize(("folder", "document_id"), YEARS)
def test_every_score_stands_on_its_indicators_page(
    site: Path, folder: str, document_id: str
) -> None:
    checked = 0
    scores = latest(site, "scores", document_id)
    for serial_no in sorted({row["serial_no"] for row in scores}):
        page = read(site / "out" / folder / f"i/{serial_no:03d}.html")
        by_name = {said(row.xpath("./th")[0]): row for row in page.xpath("//tr[@data-entity]")}
        sums = {said(each[0]): said(each[1]) for each in page.xpath("//dl[@class='sums']/div")}
        for score in (row for row in scores if row["serial_no"] == serial_no):
            check_score(by_name[score["entity"]], score)
            if score["status"] != "not_assessed":
                words = " ".join(json.loads(score["trace"])["words"].split())
                assert sums[score["entity"]] == words
            checked += 1
    assert checked == len(scores) == TARGETS[document_id]


def check_score(row: Any, score: Row) -> None:
    attained, points = column(row, "attainment"), column(row, "points")
    if score["attainment"] is None:
        assert said(attained) == "—"
    else:
        assert shown(attained) == [
            (score["attainment"], f"{rounded(score['attainment'] * 100, 1)}%")
        ]
    expected = [score[name] for name in ("points", "share_points") if score[name] is not None]
    assert numbers(points)[: len(expected)] == expected
    if score["points"] is not None:
        assert shown(points)[0][1] == rounded(score["points"], 2)
    else:
        assert said(points).startswith("—")
    ends = [score["points_low"], score["points_high"]]
    if None not in ends:
        assert numbers(column(row, "interval")) == (ends[:1] if ends[0] == ends[1] else ends)
    word = STATES.get(score["status"]) or LIGHTS.get(score["light"], "不能计分")
    assert said(column(row, "light")) == word


@pytest.mark.parametrize(("folder", "document_id"), YEARS)
def test_every_target_stands_on_its_indicators_page(
    site: Path, folder: str, document_id: str
) -> None:
    signs = {">=": "≥", ">": "＞", "<=": "≤", "<": "＜", "=": "＝", "~": "约", None: ""}
    targets = rows(site, f"SELECT * FROM targets WHERE document_id = '{document_id}'")
    for target in targets:
        page = read(site / "out" / folder / f"i/{target['serial_no']:03d}.html")
        (row,) = [
            each
            for each in page.xpath("//tr[@data-entity]")
            if said(each.xpath("./th")[0]) == target["entity"]
        ]
        text, goal = said(column(row, "target_text")), said(column(row, "target_label"))
        if target["status"] == "not_assessed":
            assert text.startswith("不考核")
            assert ("待核对" in text) == target["needs_review"]
            assert goal == "—"
            continue
        assert text.startswith(" ".join((target["target_text"] or "（目标无法辨认）").split()))
        assert ("待核对" in text) == target["needs_review"]
        assert " ".join((target["review_reason"] or "").split()) in text
        assert ("合并单元格" in text) == target["inherited"]
        assert (f"第 {target['page']} 页" in text) == (target["page"] is not None)
        if target["target_value"] is not None:
            assert numbers(column(row, "target_label"))[0] == target["target_value"]
            sign = signs[target["operator"]]
            value = f"{target['target_value']:.6f}".rstrip("0").rstrip(".").replace("-", "−")
            assert f"{sign} {value}{target['target_unit'] or ''}".strip() in goal
        assert len(column(row, "target_label").xpath(".//li")) == len(target["parts"])
        for part, item in zip(
            target["parts"], column(row, "target_label").xpath(".//li"), strict=True
        ):
            if part["value"] is not None:
                assert f"{part['value']:.6f}".rstrip("0").rstrip(".") in said(item)
        points = numbers(column(row, "points"))
        assert target["max_points"] is None or target["max_points"] in points
    assert len(targets) == TARGETS[document_id]


@pytest.mark.parametrize(("folder", "document_id"), YEARS)
def test_the_heat_map_has_every_score_in_its_colour(
    site: Path, folder: str, document_id: str
) -> None:
    page = read(site / "out" / folder / "heat.html")
    heads = [said(each) for each in page.xpath("//table[@id='heat']/thead//th")][1:]
    found = {}
    for row in page.xpath("//table[@id='heat']/tbody/tr[@data-d]"):
        serial_no = int(row.xpath("./th/a/@href")[0][2:5])
        for entity, cell in zip(heads, row.xpath("./td"), strict=True):
            found[serial_no, entity] = (cell.get("class").split(), cell)
    scores = latest(site, "scores", document_id)
    assert len(found) == len(scores)
    for score in scores:
        classes, cell = found[score["serial_no"], score["entity"]]
        letter = {"not_assessed": "n", "not_received": "e"}.get(
            score["status"], "x" if score["status"] != "scored" else score["light"][0]
        )
        assert classes[0] == letter
        judged = score["rule"] in {"judged", "external"} and letter != "n"
        assert ("j" in classes) == judged
        value = said(cell.xpath("./a")[0])
        mark = said(cell.xpath(".//i")[0])
        expected = "" if score["attainment"] is None else rounded(score["attainment"] * 100, 0)
        assert value == f"{mark}{expected}"
        if score["points"] is not None:
            given, share = cell.xpath("./a/@data-p")[0].split("/")
            sign = SIGNS[DOUBT] if "q" in classes else ""
            assert given == f"{rounded(score['points'], 2)}{sign}"
            assert abs(float(share) - score["share_points"]) <= 0.0005


@pytest.mark.parametrize(("folder", "document_id"), YEARS)
def test_totals_headings_and_progress_are_the_scorecards(
    site: Path, folder: str, document_id: str
) -> None:
    cards = latest(site, "scorecards", document_id)
    glance = read(site / "out" / folder / "index.html")
    of_entity = {
        said(row.xpath("./th/a")[0]): row
        for row in glance.xpath("//table[@class='cards']/tbody/tr")
    }
    for card in (row for row in cards if row["level"] == "total"):
        row = of_entity[card["entity"]]
        ends = [card["points_low"], card["points_high"]]
        assert numbers(row) == [
            card["points"],
            card["max_points"],
            card["points_of_100"],
            *(ends[:1] if ends[0] == ends[1] else ends),
            card["received_share"],
        ]
        places = sorted({card["rank_low"], card["rank_high"]})
        signs = "".join(row.xpath("./th//@data-sign"))  # what is in doubt of the total
        assert said(row.xpath("./td")[0]) == "–".join(str(each) for each in places) + signs
        own = read(site / "out" / folder / row.xpath("./th/a/@href")[0])
        check_headings(own, [each for each in cards if each["entity"] == card["entity"]])
    assert len(of_entity) == 5
    everything = rows(
        site,
        f"SELECT * FROM scorecards WHERE document_id = '{document_id}' AND level = 'total' "
        "ORDER BY as_of",
    )
    progress = read(site / "out" / folder / "progress.html")
    for row in progress.xpath("//table/tbody/tr"):
        name = said(row.xpath("./th")[0])
        assert numbers(row) == [each["points"] for each in everything if each["entity"] == name]


def check_headings(page: Any, cards: list[Row]) -> None:
    rows_shown = page.xpath("//table[@class='levels']/tbody/tr")
    by_level = [each for each in cards if each["level"] != "total"]
    ordered = [
        each
        for top in by_level
        if top["level"] == "level1"
        for each in (top, *(low for low in by_level if low["parent"] == top["name"]))
    ]
    assert [said(row.xpath("./th")[0]) for row in rows_shown] == [each["name"] for each in ordered]
    for row, card in zip(rows_shown, ordered, strict=True):
        assert numbers(row)[:2] == [card["max_points"], card["points"]]


def test_where_an_entity_lost_its_points_is_all_there_in_order(site: Path) -> None:
    lost = rows(
        site,
        "SELECT serial_no, share_points - points AS gap FROM scores WHERE entity = '乐至县' AND "
        "document_id = 'demo-2020' AND as_of = DATE '2021-01-31' AND status = 'scored' "
        "AND share_points - points > 1e-9 ORDER BY gap DESC, serial_no",
    )
    page = read(entity_page(site, "乐至县"))
    (table, waiting) = page.xpath("//table[contains(@class, 'list')]")
    found = [
        (int(row.xpath("./th/a/@href")[0][-8:-5]), numbers(row)[0])
        for row in table.xpath("./tbody/tr")
    ]
    assert [gap for _, gap in found] == sorted((gap for _, gap in found), reverse=True)
    assert dict(found) == {row["serial_no"]: row["gap"] for row in lost}
    missing = rows(
        site,
        "SELECT count(*) AS n FROM scores WHERE entity = '乐至县' AND document_id = 'demo-2020' "
        "AND as_of = DATE '2021-01-31' AND status NOT IN ('scored', 'not_assessed')",
    )
    assert len(waiting.xpath("./tbody/tr")) == missing[0]["n"]


def entity_page(site: Path, entity: str) -> Path:
    page = read(site / "out/2020/index.html")
    (path,) = page.xpath(f"//th/a[text()='{entity}']/@href")
    return site / "out/2020" / path


def test_the_waterfall_ends_where_the_scorecard_does(site: Path) -> None:
    for page in sorted((site / "out/2020/e").glob("*.html")):
        texts = [
            said(each) for each in read(page).xpath("//*[@class='chart']//*[local-name()='text']")
        ]
        figures = [each.rstrip(SIGNS[DOUBT]).replace("−", "-") for each in texts if "." in each]
        values = list(map(float, figures))
        assert sum(values[:-1]) == pytest.approx(values[-1], abs=0.05)


def test_every_return_is_listed_with_date_file_and_place(site: Path) -> None:
    returned = rows(site, "SELECT * FROM returns WHERE document_id = 'demo-2020'")
    listed = []
    for page in sorted((site / "out/2020/i").glob("*.html")):
        for row in read(page).xpath("//td[@class='file']/.."):
            (file,) = row.xpath("./td[@class='file']")
            sheet, number = re.match(r"(.*) 第 (\d+) 行", said(file[0])).groups()  # type: ignore[union-attr]
            day, entity = said(row[0]), row.xpath("./th/text()")[0]
            listed.append((int(page.stem), day, entity, file.text, sheet, int(number)))
    names = ("serial_no", "received_on", "entity", "source_name", "source_sheet", "source_row")
    wanted = [tuple(row[name] for name in names) for row in returned]
    assert sorted(listed) == sorted((one, str(day), *rest) for one, day, *rest in wanted)
    assert len(listed) > 500


def test_a_department_owes_what_has_no_score(site: Path) -> None:
    owed = rows(
        site,
        "SELECT department, count(*) AS n FROM (SELECT unnest(CASE WHEN assessing_departments = [] "
        "THEN ['（未印考核单位）'] ELSE assessing_departments END) AS department, serial_no "
        "FROM indicators WHERE document_id = 'demo-2020') JOIN scores USING (serial_no) "
        "WHERE document_id = 'demo-2020' AND as_of = DATE '2021-01-31' AND status = 'not_received' "
        "GROUP BY department",
    )
    expected = {row["department"]: row["n"] for row in owed}
    page = read(site / "out/2020/departments.html")
    found = {}
    for row in page.xpath("//table/tbody/tr"):
        cells = [said(each) for each in row.xpath("./td")]
        if cells[3] != "—":
            found[said(row.xpath("./th")[0])] = int(cells[3])
            own = read(site / "out/2020" / row.xpath("./th/a/@href")[0])
            (missing,) = own.xpath("//section[1]/h2/text()")
            assert missing == "逾期未报"
            counts = own.xpath("//section[1]//td[contains(@class, 'gap')]/text()")
            assert sum(int(each) for each in counts) == found[said(row.xpath("./th")[0])]
    assert found == expected
    assert expected


def test_every_rule_of_every_trace_is_an_assumption(site: Path) -> None:
    used = set()
    for score in latest(site, "scores", "demo-2020"):
        told = json.loads(score["trace"])
        used |= {rule["name"] for rule in [told.get("rule")] if rule}
        used |= {part["rule"]["name"] for part in told.get("parts", ()) if part["rule"]}
    page = read(site / "out/2020/assumptions.html")
    assert set(page.xpath("//tr/@data-rule")) == used
    assert len(used) > 4


def test_how_stable_ranks_are_is_the_table(site: Path) -> None:
    held = latest(site, "rank_stability", "demo-2020")
    page = read(site / "out/2020/stability.html")
    found = [
        (said(row.xpath("./th")[0]), value)
        for row in page.xpath("//table/tbody/tr")
        for value in numbers(row)
    ]
    assert sorted(found) == sorted((row["entity"], row["share"]) for row in held)


def test_every_page_of_made_up_data_says_so(site: Path) -> None:
    for page in pages(site / "out"):
        assert "样例数据" in said(read(page).body), page


def test_nothing_refers_elsewhere_and_every_link_leads_somewhere(site: Path) -> None:
    marks: dict[Path, set[str]] = {}
    checked = 0
    for page in pages(site / "out"):
        for name, value, file, mark in references(page):
            assert file is not None, f"{page}: {name}={value}"
            assert file.is_file(), f"{page}: {name}={value}"
            assert (site / "out").resolve() in file.parents
            if mark:
                if file not in marks:
                    marks[file] = set(read(file).xpath("//@id"))
                assert mark in marks[file], f"{page}: {value}"
            checked += 1
    assert checked > 5000


def test_the_print_is_shown_where_there_is_one(site: Path) -> None:
    for page in sorted((site / "out/2020/i").glob("*.html")):
        assert read(page).xpath("//div[@class='crop']/img"), page
    for page in sorted((site / "out/2019/i").glob("*.html")):
        assert read(page).xpath("//table[@class='grid']//td"), page


def test_marks_lie_on_the_targets_cells(site: Path) -> None:
    box = rows(
        site,
        "SELECT x0, x1, bottom - top AS height FROM targets WHERE document_id = 'demo-2020' "
        "AND serial_no = 1 ORDER BY x0",
    )
    marks = read(site / "out/2020/i/001.html").xpath("//div[@class='crop']/svg/rect")
    assert [float(each.get("width")) for each in marks] == pytest.approx(
        [row["x1"] - row["x0"] for row in box], abs=0.11
    )
    assert row_of(read(site / "out/2020/i/001.html"), "e1") is not None
