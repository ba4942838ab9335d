"""The year at a glance says how far each step is, and what comes next."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

from flows.jobs.batch.run import ingest
from flows.jobs.desk.glance import glances
from flows.jobs.desk.listing import to_review
from flows.jobs.ingest import Order
from flows.jobs.returns.forms import make_forms
from flows.jobs.site.report import ReportOrder, make_report
from tests.support.flows.desk import Office
from tests.support.flows.nights import City, notice_text


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def test_an_empty_folder_says_what_comes_first(tmp_path: Path) -> None:
    answer = Office(tmp_path).get("/")
    assert answer.status_code == 200
    assert "还没有通知入库" in answer.text


def test_the_year_says_how_far_each_step_is(landed: Path, tmp_path: Path) -> None:
    shutil.copytree(landed, tmp_path / "tables")
    office = Office(tmp_path)
    said = text_of(office.get("/").text)
    assert "2020年度考核" in said
    assert "4 条事项未了" in said
    assert "0 / 30 个部门已报送" in said
    assert "尚未发布" in said
    places = office.desk.order.places
    (glance,) = glances(places, 2020)
    assert glance.next_step() == "doubts"
    assert glance.states()["returns"] == "waiting"
    make_forms(places.warehouse, 2020, places.forms, raw=places.raw)
    (glance,) = glances(places, 2020)
    assert glance.states()["forms"] == "done"
    assert glance.states()["returns"] == "todo"
    settled = replace(glance, methods=0)
    undeclared = replace(settled, of_whole=("高新园区：印有系数 0.95 未采用",))
    assert (settled.states()["methods"], undeclared.states()["methods"]) == ("done", "todo")


def test_a_published_site_is_held_against_what_is_landed(landed: Path, tmp_path: Path) -> None:
    shutil.copytree(landed, tmp_path / "tables")
    places = Office(tmp_path).desk.order.places
    make_report(ReportOrder(2020, places.warehouse, places.report, places.raw), lambda _: None)
    (glance,) = glances(places, 2020)
    assert glance.published_on is not None
    assert glance.differs == ()
    state = places.report / "published.json"
    state.write_text(state.read_text("utf-8").replace('"doubts": 4', '"doubts": 9'), "utf-8")
    (glance,) = glances(places, 2020)
    assert glance.differs == ("未了事项：已发布 9，现为 4",)
    state.write_text("no json", "utf-8")
    (glance,) = glances(places, 2020)
    assert glance.differs == ("2020年度尚未发布",)


def test_of_two_years_each_page_shows_the_latest_or_the_one_asked_for(tmp_path: Path) -> None:
    city = City(tmp_path)
    for year in (2021, 2022):
        place = city.put_notice(f"tianhe-{year}", notice_text(year))
        ingest(Order(place, city.warehouse, cross_check=False), lambda _: None)
    office = Office(tmp_path)

    def here(path: str) -> list[str]:
        """Return what of the chooser is shown, and check that both years can be chosen."""
        page = office.get(path).text
        assert all(f"{year}年度" in page for year in (2021, 2022)), path
        return re.findall(r'aria-current="page">(202\d)年度', page)

    assert "<h1>2022年度考核</h1>" in office.get("/").text
    assert "<h1>2021年度考核</h1>" in office.get("/?year=2021").text
    for path in ("/returns", "/scores"):
        assert here(path) == ["2022"]
        assert here(f"{path}?document=tianhe-2021") == ["2021"]
    assert [each.notice.year for each in to_review(city.warehouse)] == [2022, 2021]
    assert here("/review") == []
