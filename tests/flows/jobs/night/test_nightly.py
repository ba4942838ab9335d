"""A night without Prefect: what is taken in, what it touches, what is published and what is not."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from common.days import today
from common.refusal import Refusal
from flows.jobs import marks
from flows.jobs.batch.prepared import Prepared
from flows.jobs.night import ledger as nightly_ledger
from flows.jobs.night import night as nights
from flows.jobs.night import publish as nightly_publish
from flows.jobs.night.night import run_nightly
from flows.jobs.night.summary import Item, NightlySummary
from flows.jobs.returns.receive import Delivery
from scoring.engine import Scored
from tests.support.flows.dying_nights import site as no_site
from tests.support.flows.nights import DEPARTMENTS, City, notice_text, return_text
from warehouse import landing

JUNE, JULY = date(2021, 6, 5), date(2021, 7, 5)
SIDECAR = "issued_on = 2021-03-01\n"


def night(city: City, **more: Any) -> NightlySummary:
    return run_nightly(city.order(**more), lambda _: None)


def by_name(summary: NightlySummary, step: str) -> dict[str, Item]:
    return {item.name: item for item in summary.items if item.step == step}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report that costs no time, and returns read without a process each."""
    monkeypatch.setattr("flows.jobs.site.report.make_report", no_site)


@pytest.fixture
def city(tmp_path: Path) -> City:
    """A city with one notice."""
    made = City(tmp_path)
    made.put_notice("tianhe-2021", sidecar=SIDECAR)
    return made


def days(city: City, document: str = "tianhe-2021") -> list[str]:
    found = city.rows(
        f"SELECT DISTINCT as_of FROM scorecards WHERE document_id = '{document}' ORDER BY 1"
    )
    return [row[0].isoformat() for row in found]


def points(city: City) -> list[tuple[Any, ...]]:
    return city.rows(
        "SELECT as_of, entity, points, points_low, points_high FROM scorecards "
        "WHERE level = 'total' ORDER BY ALL"
    )


def test_days_that_are_scored_are_not_held_whole(
    settled: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many days a night scores, it lands their rows and keeps what else was made of one."""
    held: list[int] = []
    real = landing.amend

    def counting(*arguments: Any, **named: Any) -> Any:
        gc.collect()
        held.append(sum(type(each) is Scored for each in gc.get_objects()))
        return real(*arguments, **named)

    monkeypatch.setattr(landing, "amend", counting)
    for name, day in (("市财政局", JUNE), ("市统计局", JULY), ("市民政局", JULY + timedelta(1))):
        settled.put_return(name, day)
    gc.freeze()  # what other tests hold is not looked through each time
    try:
        night(settled)
    finally:
        gc.unfreeze()
    assert len(days(settled)) == 4
    assert held[-1] == 1


def test_a_step_that_is_done_again_forgets_what_it_could_not_do(
    settled: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first try withholds its year; the second one must not take that for a reason."""
    real, tries = nightly_publish.publish_year, []

    def busy_at_first(*arguments: Any) -> Any:
        tries.append(1)
        if len(tries) == 1:
            raise Refusal("warehouse_busy", "busy", "忙")
        return real(*arguments)

    monkeypatch.setattr(nightly_publish, "publish_year", busy_at_first)
    settled.put_return("市财政局", JULY)
    summary = run_nightly(
        settled.order(), lambda _: None, run_step=lambda name, do: do(name) and do(name)
    )
    assert len(tries) == 2
    assert summary.withheld == {}
    assert [item.state for item in summary.items if item.step == "score"] == ["scored"]


def test_a_night_with_up_to_date_changes_nothing(settled: City) -> None:
    current, site = settled.current(), (settled.out / "index.html").stat()
    again = night(settled)
    assert (again.state, again.up_to_date, again.items) == ("Nothing new", True, ())
    assert settled.current() == current
    assert (settled.out / "index.html").stat().st_mtime_ns == site.st_mtime_ns
    assert days(settled) == ["2021-03-01"]


def test_a_night_without_its_ledger_does_all_again_and_changes_nothing(settled: City) -> None:
    current = settled.current()
    (settled.warehouse / nightly_ledger.NAME).write_text("{ damaged")
    again = night(settled)
    assert settled.current() == current
    assert {item.state for item in again.items} == {"unchanged", "made"}


def test_returns_are_filed_landed_scored_by_their_days_and_leave_the_inbox(settled: City) -> None:
    kept = {
        name: settled.put_return(name, day, factor=factor).read_bytes()
        for name, day, factor in (("市财政局", JUNE, 0.5), ("市统计局", JULY, 1.0))
    }
    (settled.inbox / "no form.xlsx").write_bytes(b"junk")
    summary = night(settled)

    items = by_name(summary, "return")
    assert items["2021-06-05/市财政局.csv"].state == "received"
    assert items["no form.xlsx"].state == "refused"
    assert summary.state == "Completed with findings"
    assert not summary.withheld
    assert settled.inbox_files() == ["refused/no form.xlsx", "refused/no form.xlsx.reason.txt"]
    for name, content in kept.items():
        filed = list((settled.raw / "returns/2021" / name).iterdir())
        assert [path.read_bytes() for path in filed] == [content]
    assert days(settled) == ["2021-03-01", "2021-06-05", "2021-07-05"]
    latest = settled.rows("SELECT DISTINCT points FROM scorecards_latest WHERE level = 'total'")
    assert latest == [(15.0 + 40.0,)]
    assert night(settled).state == "Nothing new"


def test_a_late_return_touches_its_day_and_the_later_ones_only(settled: City) -> None:
    settled.put_return("市统计局", JULY)
    night(settled)
    before = points(settled)
    settled.put_return("市财政局", JUNE)
    detail = by_name(night(settled), "score")["tianhe-2021"].detail
    assert detail == "as of 2021-06-05, 2021-07-05"
    after = points(settled)
    assert [row for row in after if row[0] < JUNE] == [row for row in before if row[0] < JUNE]
    assert {row[2] for row in after if row[0] == JULY} == {70.0}


def test_a_missed_night_is_made_up(city: City, tmp_path: Path) -> None:
    other = City(tmp_path / "other")
    shutil.copytree(city.raw, other.raw)
    for each, every_night in ((city, True), (other, False)):
        for name, day in (("市财政局", JUNE), ("市统计局", JULY)):
            each.put_return(name, day)
            if every_night:
                night(each)
        night(each)
    late = [row for row in points(city) if row[0] >= JUNE]
    assert late == [row for row in points(other) if row[0] >= JUNE]
    assert len(late) == 6


def test_a_changed_notice_is_read_again_and_scored_on_all_days(settled: City) -> None:
    settled.put_return("市统计局", JULY)
    night(settled)
    settled.put_notice("tianhe-2021", notice_text(growth="8.6"))
    summary = night(settled)
    assert by_name(summary, "notice")["tianhe-2021"].state == "landed"
    got = settled.rows("SELECT points FROM scores_latest WHERE entity = '东河区' AND serial_no = 1")
    assert got == [(20.0,)]


def test_another_sidecar_rule_or_program_is_a_change(
    settled: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settled.raw / "notices/tianhe-2021/source.toml").write_text(
        f'{SIDECAR}[rank_groups]\n"县" = ["东河区", "南屏县"]\n"区" = ["高新区"]\n'
    )
    assert not night(settled).up_to_date
    groups = settled.rows("SELECT DISTINCT rank_group FROM scorecards_latest ORDER BY 1")
    assert groups == [("区",), ("县",)]
    for module in (nights, marks):
        monkeypatch.setattr(module, "code_version", lambda: "another")
    assert not night(settled).up_to_date


def test_a_failing_notice_withholds_its_year_and_nothing_else(settled: City) -> None:
    before = points(settled)
    broken = settled.put_notice("tianhe-2021-b", "一封信", "year = 2021\n")
    settled.put_notice("tianhe-2022", notice_text(2022), "issued_on = 2022-03-01\n")
    settled.put_return("市统计局", JULY)

    summary = night(settled)
    assert summary.state == "Publication withheld"
    assert list(summary.withheld) == [2021]
    assert "tianhe-2021-b" in summary.as_text()
    assert by_name(summary, "notice")["tianhe-2021-b"].state == "refused"
    assert by_name(summary, "notice")["tianhe-2022"].state == "landed"
    assert by_name(summary, "return")["2021-07-05/市统计局.csv"].state == "received"
    assert by_name(summary, "score")["2021"].state == "withheld"
    assert [row for row in points(settled) if row[0].year == 2021] == before
    assert days(settled, "tianhe-2022") == ["2022-03-01"]

    current = settled.current()
    again = night(settled)
    assert (again.up_to_date, again.state) == (True, "Publication withheld")
    assert settled.current() == current

    shutil.rmtree(broken)
    assert night(settled).state == "Completed"
    assert days(settled) == ["2021-03-01", "2021-07-05"]


def test_the_report_stays_where_nothing_was_published(settled: City) -> None:
    before = (settled.out / "index.html").stat().st_mtime_ns
    settled.put_notice("tianhe-2021", "一封信", SIDECAR + "year = 2021\n")
    settled.put_return("市统计局", JULY)
    assert night(settled).state == "Publication withheld"
    assert (settled.out / "index.html").stat().st_mtime_ns == before
    settled.put_notice("tianhe-2021")
    assert night(settled).state == "Completed"
    assert (settled.out / "index.html").stat().st_mtime_ns != before


def test_a_copy_is_landed_not_scored_and_keeps_nothing_back(settled: City) -> None:
    settled.put_notice("tianhe-2021-copy", sidecar='role = "copy"\n')
    settled.put_notice("tianhe-2021-draft", "一封信", 'role = "draft"\nyear = 2021\n')
    summary = night(settled)
    assert summary.state == "Completed with findings"
    assert settled.rows("SELECT count(*) FROM notices") == [(2,)]
    assert settled.rows("SELECT DISTINCT document_id FROM scores") == [("tianhe-2021",)]


def test_two_folders_of_one_name_do_not_replace_each_other(settled: City) -> None:
    settled.put_notice("zz", notice_text(growth="9"), 'document_id = "tianhe-2021"\n')
    item = by_name(night(settled), "notice")["zz"]
    assert item.code == "document_twice"
    assert settled.rows("SELECT target_value FROM targets WHERE serial_no = 1")[0] == (4.3,)


def test_a_file_outside_of_any_folder_is_named(settled: City) -> None:
    (settled.raw / "notices/loose.pdf").write_bytes(b"%PDF-1.4")
    item = by_name(night(settled), "notice")["loose.pdf"]
    assert (item.code, item.holds) == ("not_in_a_folder", False)


def test_a_mistake_of_the_program_on_one_notice_does_not_stop_the_others(
    settled: City, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settled.put_notice("aa-2022", notice_text(2022))
    settled.put_notice("tianhe-2023", notice_text(2023))
    real: Callable[..., Any] = Prepared.landing

    def landing(prepared: Any, *rest: Any) -> Any:
        if prepared.document_id == "aa-2022":
            raise ValueError("a mistake")
        return real(prepared, *rest)

    monkeypatch.setattr(Prepared, "landing", landing)
    summary = night(settled)
    assert by_name(summary, "notice")["aa-2022"].code == "unexpected"
    assert by_name(summary, "notice")["tianhe-2023"].state == "landed"
    assert "a mistake" in caplog.text
    monkeypatch.setattr(Prepared, "landing", real)
    assert by_name(night(settled), "notice")["aa-2022"].state == "landed"


def test_scores_of_a_year_land_all_or_none(settled: City) -> None:
    settled.put_notice("tianhe-2021", sidecar=f'{SIDECAR}issuer = "天河市"\n')
    settled.put_notice("hainan-2021", sidecar='issuer = "海南区"\n[rules]\nnonsense = 1\n')
    settled.put_return("市统计局", JULY)
    before = points(settled)
    summary = night(settled)
    assert list(summary.withheld) == [2021]
    assert by_name(summary, "score")["2021"].state == "refused"
    assert points(settled) == before
    assert not night(settled).up_to_date, "what is not remembered is tried again"
    settled.put_notice("hainan-2021", sidecar='issuer = "海南区"\n')
    assert not night(settled).withheld
    assert days(settled) == ["2021-03-01", "2021-07-05"]


def test_an_inbox_that_cannot_be_received_withholds_every_year(
    settled: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.jobs.night import returns as nightly_returns

    path, real = settled.put_return("市统计局", JULY), nightly_returns.receive

    def busy(*_: Any) -> None:
        raise Refusal("receiving_busy", "busy", "忙")

    monkeypatch.setattr("flows.jobs.night.returns.receive", busy)
    summary = night(settled)
    assert list(summary.withheld) == [2021]
    assert by_name(summary, "return")["2021-07-05/市统计局.csv"].state == "failed"
    assert path.is_file()
    monkeypatch.setattr("flows.jobs.night.returns.receive", real)
    assert night(settled).state == "Completed"
    assert not path.exists()


def test_one_return_that_breaks_the_program_does_not_stop_the_others(
    settled: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.jobs.night import returns as nightly_returns

    for name in DEPARTMENTS[:3]:
        settled.put_return(name, JULY)
    real: Callable[..., Any] = nightly_returns.receive

    def receive(delivery: Any, progress: Any) -> Any:
        if any("市财政局" in str(file) for file in delivery.files):
            raise KeyError("a mistake")
        return real(delivery, progress)

    monkeypatch.setattr(nightly_returns, "receive", receive)
    states = {name: item.state for name, item in by_name(night(settled), "return").items()}
    assert sorted(states.values()) == ["failed", "received", "received"]
    assert settled.inbox_files() == ["2021-07-05/市财政局.csv"]


def test_as_of_asks_for_one_more_day(settled: City) -> None:
    settled.put_return("市统计局", JUNE)
    night(settled, as_of=JULY)
    assert days(settled) == ["2021-03-01", "2021-06-05", "2021-07-05"]
    assert night(settled, as_of=JULY).up_to_date
    assert not night(settled, as_of=date(2021, 8, 1)).up_to_date


def test_days_scored_by_hand_are_kept_up(settled: City) -> None:
    from flows.jobs.score.inputs import ScoreOrder
    from flows.jobs.score.run import score_year

    score_year(ScoreOrder(2021, settled.warehouse, as_of=JULY, raw=settled.raw), lambda _: None)
    settled.put_return("市统计局", JUNE)
    night(settled)
    assert {row[2] for row in points(settled) if row[0] == JULY} == {40.0}


def test_what_was_received_by_hand_is_scored(settled: City) -> None:
    from flows.jobs.returns.receive import receive

    path = settled.put_return("市统计局", JULY)
    elsewhere = shutil.move(path, settled.root / "form.csv")
    order = Delivery((Path(elsewhere),), settled.warehouse, JULY, settled.raw, settled.root / "r")
    receive(order, lambda _: None)
    assert not night(settled).up_to_date
    assert "2021-07-05" in days(settled)


def test_a_return_dated_ahead_waits(settled: City) -> None:
    ahead = today() + timedelta(days=30)
    path = settled.put_return("市统计局", ahead)
    summary = night(settled)
    assert [item.state for item in summary.items if item.step == "return"] == ["waiting"]
    assert (summary.clean, path.is_file()) == (True, True)


def test_two_nights_at_once_do_not_meet(settled: City) -> None:
    with nights.exclusive(settled.warehouse), pytest.raises(Refusal, match="nightly_busy"):
        night(settled)


def test_a_snapshot_rolled_back_is_filled_again(settled: City) -> None:
    link = settled.warehouse / "current"
    link.unlink()
    link.symlink_to("snapshots/000000-empty")
    assert settled.current() == "000000-empty"
    shutil.rmtree(next((settled.warehouse / "snapshots").glob("000002*")))
    summary = night(settled)
    assert by_name(summary, "notice")["tianhe-2021"].state == "landed"
    assert days(settled) == ["2021-03-01"]


def test_nothing_at_all_is_nothing_to_do(tmp_path: Path) -> None:
    assert night(City(tmp_path)).items == ()
    assert night(City(tmp_path)).state in {"Completed", "Nothing new"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_notice_that_may_not_be_read_is_named(settled: City) -> None:
    (settled.raw / "notices/tianhe-2021/notice.txt").chmod(0)
    assert by_name(night(settled), "notice")["tianhe-2021"].state == "failed"


def test_a_reply_that_failed_is_written_by_the_next_night(
    settled: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the return was received by hand and lies in no inbox."""
    from flows.jobs.returns.receive import receive
    from report.forms import reply

    handed, replies = settled.root / "交回.csv", settled.root / "replies"
    handed.write_text(return_text("市统计局").replace(",4.3,", ",优秀,"), encoding="utf-8")
    order = Delivery((handed,), settled.warehouse, JULY, settled.raw, replies)

    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(reply, "write_reply", fail)
        (summary,) = receive(order, lambda _: None).files
        assert (summary.state, summary.remarks[0].code) == ("unanswered", "file_access")
    first = by_name(night(settled), "return")
    assert [item.state for item in first.values()] == ["finished"]
    assert len(list(replies.rglob("*.xlsx"))) == 1
    assert by_name(night(settled), "return") == {}


@pytest.mark.parametrize("name", ["2021-02-29", "2021-6-5", "20210605", "2021年6月5日"])
def test_a_folder_that_looks_like_a_day_and_is_none_is_named(settled: City, name: str) -> None:
    path = settled.put_return("市统计局", JULY)
    lying = settled.inbox / name / path.name
    lying.parent.mkdir()
    path.rename(lying)
    (item,) = by_name(night(settled), "return").values()
    assert (item.state, item.code, item.clean) == ("waiting", "inbox_day", False)
    assert name in item.detail_zh
    assert lying.is_file()
