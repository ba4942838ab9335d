"""Confirmed keys in a night: landed, taken back, stale; what is quiet and what is named again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from common.refusal import Refusal
from flows.jobs.night import ledger as nightly_ledger
from flows.jobs.night.night import run_nightly
from flows.jobs.night.summary import Item, NightlySummary
from tests.support.flows.dying_nights import site as no_site
from tests.support.flows.nights import City, notice_text

HEAD = "key,document_id,serial_no,expect,by,on,reason\n"
GROWTH = "growth,tianhe-2021,1,地区生产总值增长率,王某,2026-01-05,名称相同\n"
COUNT = "SELECT count(*) FROM indicator_keys"


@pytest.fixture
def city(settled: City, monkeypatch: pytest.MonkeyPatch) -> City:
    """A city after its first night, without any key."""
    monkeypatch.setattr("flows.jobs.site.report.make_report", no_site)
    return settled


def night(city: City) -> NightlySummary:
    return run_nightly(city.order(), lambda _: None)


def keys_item(summary: NightlySummary) -> Item | None:
    return next((item for item in summary.items if item.step == "keys"), None)


def put_keys(city: City, *lines: str) -> Path:
    file = city.raw / "keys/indicators.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(HEAD + "".join(lines), encoding="utf-8-sig")
    return file


def no_landing(*_: Any) -> None:
    raise AssertionError("keys were landed on a quiet night")


def test_keys_are_landed_once_and_the_next_night_is_quiet(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_keys(city, GROWTH)
    summary = night(city)
    item = keys_item(summary)
    assert item is not None
    assert (item.state, summary.state) == ("landed", "Completed")
    assert city.rows(COUNT) == [(1,)]
    monkeypatch.setattr("flows.jobs.keys.land_keys", no_landing)
    assert night(city).up_to_date


def test_a_file_taken_away_takes_its_keys_along(city: City) -> None:
    file = put_keys(city, GROWTH)
    night(city)
    file.unlink()
    item = keys_item(night(city))
    assert item is not None
    assert item.state == "landed"
    assert city.rows(COUNT) == [(0,)]
    assert night(city).up_to_date


def test_a_stale_key_is_named_every_night_and_withholds_nothing(city: City) -> None:
    put_keys(city, GROWTH)
    night(city)
    put_keys(city, GROWTH.replace("增长率", "总量"))
    city.put_notice("tianhe-2021", notice_text(growth="8.6"))
    for quiet in (False, True):
        summary = night(city)
        item = keys_item(summary)
        assert item is not None
        assert (item.state, item.code, summary.up_to_date) == ("refused", "keys_stale", quiet)
        assert (summary.state, dict(summary.withheld)) == ("Completed with findings", {})
        assert "应为“地区生产总值总量”" in item.detail_zh
        assert "keys/indicators.csv" in summary.as_text()
    assert city.rows(COUNT) == [(1,)], "what was landed before stays"
    put_keys(city, GROWTH)
    assert night(city).state == "Completed"


def test_a_notice_read_anew_is_held_against_the_keys(city: City) -> None:
    put_keys(city, GROWTH)
    night(city)
    city.put_notice("tianhe-2021", notice_text().replace("地区生产总值增长率", "固定资产投资增速"))
    item = keys_item(night(city))
    assert item is not None
    assert item.code == "keys_stale"


def test_keys_wait_for_their_document(city: City) -> None:
    put_keys(city, GROWTH, GROWTH.replace("2021", "2022"))
    item = keys_item(night(city))
    assert item is not None
    assert "tianhe-2022" in item.detail_zh
    city.put_notice("tianhe-2022", notice_text(2022), "issued_on = 2022-03-01\n")
    assert night(city).state == "Completed"
    assert city.rows(COUNT) == [(2,)]


def test_what_may_pass_by_itself_is_tried_again(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.jobs import keys

    real = keys.land_keys

    def busy(*_: Any) -> None:
        raise Refusal("warehouse_busy", "busy", "忙")

    monkeypatch.setattr(keys, "land_keys", busy)
    put_keys(city, GROWTH)
    item = keys_item(night(city))
    assert item is not None
    assert (item.state, item.holds) == ("failed", False)
    monkeypatch.setattr(keys, "land_keys", real)
    assert night(city).state == "Completed"
    assert city.rows(COUNT) == [(1,)]


def test_a_ledger_from_before_there_were_keys_is_read(city: City) -> None:
    path = city.warehouse / nightly_ledger.NAME
    content = json.loads(path.read_text(encoding="utf-8"))
    del content["keys"]
    path.write_text(json.dumps(content), encoding="utf-8")
    assert nightly_ledger.read_ledger(city.warehouse).notices
    first, second = night(city), night(city)
    assert (first.up_to_date, first.state) == (False, "Completed")
    assert second.up_to_date
