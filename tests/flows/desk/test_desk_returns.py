"""Forms, returns and scores at the desk: all that is dropped is answered, no path leads out."""

from __future__ import annotations

import re
import shutil
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from urllib.parse import quote

import pandas as pd
import pytest

from common.days import ZONE
from flows.desk.sections import scores
from flows.desk.shared import uploads
from flows.jobs.desk.glance import glances
from flows.jobs.desk.owing import owed, refused_files
from flows.jobs.ingest import code_version
from flows.jobs.returns.forms import make_forms
from flows.jobs.returns.replies import replies_to
from flows.jobs.returns.summary import FileSummary, Received
from flows.jobs.score.inputs import day_of
from report.doubts import Card
from report.figures import Doubt
from tests.support.flows.desk import ORIGIN, Office
from tests.support.flows.offices import DEPARTMENT, filled, forms_of
from tests.support.flows.scored_years import hand_in, met
from warehouse.landing import Amendment, amend
from warehouse.reading import read_table

NAME = "ziyang-2020"
FORMS = 12
"""So many departments assess its first indicators."""


@pytest.fixture
def office(landed_few: Path, tmp_path: Path) -> Office:
    shutil.copytree(landed_few, tmp_path / "tables", symlinks=True)
    return Office(tmp_path)


def test_forms_are_made_downloaded_and_received_with_a_reply(office: Office) -> None:
    started = office.post(f"/returns/forms/of/{NAME}")
    made = office.done(started)
    assert office.get(f"{started.headers['location']}/state").json()["state"] == "done"
    assert f"已做好 {FORMS} 份填报表" in made.text
    place = office.desk.order.places
    path = sorted(place.forms.glob("*.xlsx"))[0]
    form = office.get(f"/returns/forms/{path.name}")
    assert form.content == path.read_bytes()
    assert "attachment" in form.headers["content-disposition"]
    files = [("files", (path.name, form.content)), ("files", ("<img src=x onerror=1>.xlsx", b"no"))]
    answer = office.done(office.post("/returns/receive", files=files))
    assert "接收结果" in answer.text
    assert "没有接收" in answer.text
    assert "<img src=x" not in answer.text
    assert not list((office.root / "raw/.dropped").iterdir())
    who = owed(place.warehouse, place.raw, place.forms, NAME, 2020)
    assert "考核单位，再重新做填报表" in office.get("/returns").text
    assert len(who.departments) == FORMS
    first = who.departments[0]
    assert first.owed == first.lines
    assert f"尚有{first.lines}行未报送" in first.reminder
    assert first.reminder.splitlines()[0] in office.get("/returns").text


def test_what_came_late_and_what_nobody_approved_is_said(office: Office) -> None:
    place = office.desk.order.places
    hand_in(place.warehouse, met, department="市财政局", day=date(2021, 1, 5))
    hand_in(
        place.warehouse,
        lambda line: {**met(line), "approved_by": "王某", "approved_on": date(2021, 1, 9)},
        department="市统计局",
        day=date(2021, 1, 10),
    )
    sidecar = office.root / "raw/notices" / NAME / "source.toml"
    sidecar.parent.mkdir(parents=True)
    sidecar.write_text("deadline = 2021-01-08\n", "utf-8")
    who = owed(place.warehouse, place.raw, place.forms, NAME, 2020)
    found = {each.department: (each.late > 0, each.unapproved > 0) for each in who.departments}
    assert found["市财政局"] == (False, True)
    assert found["市统计局"] == (True, False)
    assert found["市商务局"] == (False, False)
    assert "期限已过" in who.departments[0].reminder
    (glance,) = glances(place, 2020)
    assert glance.states()["scores"] == "todo"
    scored = replace(glance, as_of=date(2021, 1, 31), published_on=datetime.now(ZONE), differs=())
    assert (scored.states()["scores"], scored.states()["published"]) == ("partly", "partly")
    everybody = replace(scored, handed_in=scored.departments, doubts=0, values=0, directions=0)
    assert (everybody.states()["scores"], everybody.states()["published"]) == ("done", "done")
    page = office.get("/returns").text
    assert "逾期报送" in page
    assert "未审核" in page


def test_a_reply_can_be_downloaded_at_any_time_and_says_how_many_lines_went_back(
    office: Office,
) -> None:
    place = office.desk.order.places
    wrong = {(0, "award"): 90, (1, "award"): "优秀", (2, "award"): "良"}
    path = filled(forms_of(place.warehouse)[DEPARTMENT], office.root / "in/表.xlsx", wrong)
    for content in (path.read_bytes(), b"no form"):
        office.done(office.post("/returns/receive", files=[("files", ("表.xlsx", content))]))
    folder = office.root / "out/replies/2020" / DEPARTMENT
    (reply,) = folder.iterdir()
    (folder / "2021-02-30-1.xlsx").write_text("of no day")
    (folder / "secret.xlsx").write_text("secret")
    (folder / "2021-01-01-1.xlsx").symlink_to(office.root / "tables/CURRENT")
    (folder / "2021-01-01-2.xlsx").write_text("not a workbook")
    page = office.get("/returns").text
    name = f"2020/{DEPARTMENT}/{reply.name}"
    assert f'/returns/replies/{quote(name)}"' in page
    assert page.count("/returns/replies/") == 2
    assert page.count("退回 2 行") == 1
    got = office.get(f"/returns/replies/{name}")
    assert got.content == reply.read_bytes()
    assert "attachment" in got.headers["content-disposition"]
    for other in ("secret.xlsx", "2021-01-01-1.xlsx", f"..%2f{DEPARTMENT}%2f{reply.name}", ""):
        assert office.get(f"/returns/replies/2020/{DEPARTMENT}/{other}").status_code == 404
    theirs = replies_to(office.root / "out/replies", 2020, DEPARTMENT, "another-2020")
    assert [each.refused for each in theirs] == [None]  # of which it cannot be told whose it is


def test_a_wrong_day_of_receipt_is_set_right(office: Office) -> None:
    place = office.desk.order.places
    path = filled(
        forms_of(place.warehouse)[DEPARTMENT], office.root / "in/表.xlsx", {(0, "award"): 90}
    )
    data = {"received_on": "2021-01-20"}
    files = [("files", ("表.xlsx", path.read_bytes()))]
    office.done(office.post("/returns/receive", data, files=files))
    folder = office.root / "raw/returns/2020" / DEPARTMENT
    (folder / "2021-01-19-1.xlsx").symlink_to(office.root / "tables/CURRENT")
    page = office.get("/returns").text
    name = f"{DEPARTMENT}/2021-01-20-1.xlsx"
    assert f'value="{name}"' in page and "2021-01-19" not in page
    for wrong in (f"{DEPARTMENT}/2021-01-19-1.xlsx", "../../tables/CURRENT", ""):
        data = {"filed": wrong, "received_on": "2021-01-05"}
        assert office.post(f"/returns/redate/{NAME}", data).status_code == 400
    data = {"filed": name, "received_on": "2021-01-05"}
    answer = office.done(office.post(f"/returns/redate/{NAME}", data))
    assert "接收结果" in answer.text
    assert {str(day) for day in read_table(place.warehouse, "returns")["received_on"]} == {
        "2021-01-05"
    }


def test_forms_that_would_print_something_else_now_are_to_be_made_again(office: Office) -> None:
    place = office.desk.order.places
    sidecar = office.root / "raw/notices" / NAME / "source.toml"
    sidecar.parent.mkdir(parents=True)
    url, again = f"/returns/forms/of/{NAME}", "已变化，请重新生成"
    office.done(office.post(url))
    sidecar.write_text('approval = "required"\n', "utf-8")  # no form prints that
    assert again not in office.get("/returns").text
    assert glances(place, 2020)[0].states()["forms"] == "done"
    sidecar.write_text("deadline = 2021-01-08\n", "utf-8")
    assert office.get("/returns").text.count(again) == FORMS
    assert f"{FORMS} 份{again}" in office.get("/").text
    assert glances(place, 2020)[0].states()["forms"] == "todo"
    office.done(office.post(url))
    assert again not in office.get("/returns").text and again not in office.get("/").text
    first = read_table(place.warehouse, "targets").iloc[0]
    theirs = first["assessing_departments"]

    def corrected(targets: pd.DataFrame) -> pd.DataFrame:
        is_other = targets.index != targets.index[0]
        return targets.assign(target_text=targets["target_text"].where(is_other, "9.9"))

    amend(place.warehouse, [Amendment(NAME, 2020, "targets", corrected, "run", code_version())])
    changed = [each for each in owed(*place_of(office)).departments if each.standing == "changed"]
    assert [each.department for each in changed] == [*theirs]


def test_a_form_that_does_not_tell_what_it_was_made_of_is_called_so(office: Office) -> None:
    place = office.desk.order.places
    url, unsure = f"/returns/forms/of/{NAME}", "看不出"
    office.done(office.post(url))
    path = sorted(place.forms.iterdir())[0]
    with zipfile.ZipFile(path) as package:
        parts = {info.filename: package.read(info) for info in package.infolist()}
    core = parts["docProps/core.xml"]
    parts["docProps/core.xml"] = re.sub(rb"<dc:identifier.*?</dc:identifier>", b"", core)
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    assert office.get("/returns").text.count(unsure) == 1
    assert unsure in office.get("/").text
    office.done(office.post(url))
    assert unsure not in office.get("/returns").text
    assert len(list(place.forms.iterdir())) == FORMS


def place_of(office: Office) -> tuple[Path, Path, Path, str, int]:
    """Return what :func:`owed` is asked with."""
    place = office.desk.order.places
    return place.warehouse, place.raw, place.forms, NAME, 2020


@pytest.mark.parametrize(
    "path",
    [
        "/returns/forms/..%2f..%2ftables%2fCURRENT",
        "/returns/forms/nothing.xlsx",
        "/returns/replies/../../tables/CURRENT",
        "/returns/replies/%2e%2e/%2e%2e/secret.xlsx",
        "/returns/replies//etc/passwd",
        "/returns/replies/a%00.xlsx",
        "/returns/received/99",
        "/work/99",
        "/work/99/state",
        f"/scores/{NAME}/answer?serial_no=1&entity=nobody",
        f"/scores/{NAME}/answer?serial_no=x",
        "/scores/nobody/answer?serial_no=1&entity=a",
        f"/scores/{NAME}/what-if?serial_no=1&entity=a&column=__class__&value=1",
        f"/scores/{NAME}/what-if?serial_no=1&entity=a&column=target_value&value=x",
        f"/scores/{NAME}/what-if?serial_no=1&entity=a%22%0a%5brules%5d&column=target_value&value=1",
    ],
)
def test_nothing_leads_elsewhere(office: Office, path: str) -> None:
    (office.root / "secret.xlsx").write_text("secret")
    answer = office.get(path)
    assert answer.status_code in (400, 404)
    assert "secret" not in answer.text.replace("secret.xlsx", "")
    assert "Traceback" not in answer.text


def test_scores_are_landed_answered_tried_and_published(office: Office) -> None:
    place = office.desk.order.places
    make_forms(place.warehouse, 2020, place.forms, raw=place.raw)
    scored = office.done(office.post(f"/scores/{NAME}/score", {"as_of": "2021-01-31"}))
    assert "截至 2021-01-31" in scored.text
    assert "未报送" in scored.text  # no rank where nothing came
    states = glances(place, 2020)[0].states()  # and nothing is done by scoring nothing
    assert (states["scores"], states["published"]) == ("waiting", "waiting")
    assert "没有收到任何报送" in office.get("/").text
    asked = "serial_no=1&entity=雁江区"
    shown = office.get(f"/scores/{NAME}/answer?{asked}").text
    assert "计算过程" in shown
    assert "<q>地区生产总值增长率（%）</q>" in shown  # the row as it is printed
    tried = office.get(f"/scores/{NAME}/what-if?{asked}&column=actual_value&value=9")
    assert "有变化的指标" in tried.text
    for wrong in ("value=nan", "value=1e308", "value=9&part_no=2"):
        answer = office.get(f"/scores/{NAME}/what-if?{asked}&column=actual_value&{wrong}")
        assert answer.status_code == 400
        assert "what-if" not in answer.text and "/tmp" not in answer.text
    folder = office.root / "给大家看" / "考核网页"
    published = office.done(office.post(f"/scores/{NAME}/publish", {"folder": str(folder)}))
    assert "与现在的数据一致" in published.text
    assert f'value="{folder}"' in published.text  # and the next time as well
    assert (folder / "index.html").is_file()
    assert not place.report.exists()
    # another rule by hand: what is scored is not what scoring would give now
    sidecar = office.root / "raw/notices" / NAME / "source.toml"
    sidecar.parent.mkdir(parents=True)
    rule = '[[rules.rule]]\nserial_no = 1\nrule = "pass_fail"\n'
    sidecar.write_text(
        f'[rules]\nversion = "1"\nfrom = 2020-01-01\nbasis = "会议"\n{rule}', "utf-8"
    )
    assert "需重新计分" in office.get("/scores").text
    assert "需重新计分" in office.get("/").text
    office.done(office.post(f"/scores/{NAME}/score", {"as_of": "2021-01-31"}))
    assert "需重新计分" not in office.get("/").text
    sidecar.write_text("[rules]\n", "utf-8")
    assert "现在无法计分" in office.get("/").text


def test_more_data_never_give_an_earlier_day() -> None:
    notice = pd.DataFrame({"issued_on": [date(2024, 3, 1)], "received_on": [date(2026, 11, 28)]})
    early = pd.DataFrame({"received_on": [date(2025, 1, 20)]})
    late = pd.DataFrame({"received_on": [date(2026, 12, 1)]})
    days = [day_of(notice, each, 2024) for each in (early[:0], early, late)]
    assert days == [date(2026, 11, 28), date(2026, 11, 28), date(2026, 12, 1)]


def test_scoring_with_no_day_named_scores_what_the_page_shows(office: Office) -> None:
    place = office.desk.order.places
    office.done(office.post(f"/scores/{NAME}/score", {"as_of": "2021-06-30"}))
    hand_in(place.warehouse, met, department="市财政局", day=date(2021, 1, 5))
    office.done(office.post(f"/scores/{NAME}/publish", {"folder": str(place.report.absolute())}))
    behind = glances(place, 2020)[0]
    assert (behind.rescore, behind.states()["published"]) == (True, "todo")
    page = office.get("/scores").text
    assert "与现在的数据一致" not in page and "与现在的数据一致" not in office.get("/").text
    scored = office.done(office.post(f"/scores/{NAME}/score"))
    assert "已计分，截至 2021-06-30" in scored.text and "需重新计分" not in scored.text
    (now,) = glances(place, 2020)
    assert (now.as_of, now.rescore) == (date(2021, 6, 30), False)
    earlier = office.done(office.post(f"/scores/{NAME}/score", {"as_of": "2021-01-31"}))
    assert "下表仍是最晚一天的：截至 2021-06-30" in earlier.text


@pytest.mark.parametrize(
    "folder",
    [
        "",
        "  ",
        "report",
        "../x",
        "../../x",
        "{root}/out/../../x",
        "~nobody/x",
        "{root}/tables/x",
        "{root}/raw/notices",
        "{root}/full",
        "a\nb",
        "/" * 2000,
    ],
)
def test_nothing_is_published_where_it_would_do_harm(office: Office, folder: str) -> None:
    (office.root / "full").mkdir()
    (office.root / "full/letter.txt").write_text("mine")
    named = folder.replace("{root}", str(office.root))
    answer = office.done(office.post(f"/scores/{NAME}/publish", {"folder": named}))
    assert 'class="bad"' in answer.text
    assert "没有发布" in answer.text or "没有写" in answer.text or "没有作任何改动" in answer.text
    assert not list(office.root.rglob("index.html"))
    assert (office.root / "full/letter.txt").read_text() == "mine"
    assert not (office.root / "out/desk.toml").exists()


def test_files_of_one_name_stand_beside_each_other(office: Office) -> None:
    files = [("files", ("a/表.xlsx", b"one")), ("files", ("b\\表.xlsx", b"two"))]
    answer = office.done(office.post("/returns/receive", files=files))
    assert "表.xlsx</h2>" in answer.text
    assert "2-表.xlsx</h2>" in answer.text


def test_a_day_that_is_none_is_refused(office: Office) -> None:
    assert office.post(f"/scores/{NAME}/score", {"as_of": "soon"}).status_code == 400
    files = [("files", ("x.xlsx", b"x"))]
    answer = office.post("/returns/receive", {"received_on": "soon"}, files=files)
    assert answer.status_code == 400
    assert not list(office.root.glob("raw/.dropped/*"))


def test_what_the_inbox_put_aside_is_shown_with_its_reason(office: Office) -> None:
    folder = office.root / "raw/inbox/refused"
    folder.mkdir(parents=True)
    (folder / "表<i>.xlsx.reason.txt").write_text("不是填报表\n", "utf-8")
    (folder / "link.reason.txt").symlink_to("/etc/passwd")
    assert refused_files(office.root / "raw") == [("表<i>.xlsx", "不是填报表")]
    page = office.get("/returns").text
    assert "不是填报表" in page
    assert "<i>" not in page


@pytest.mark.parametrize(
    "path",
    [
        "/returns/receive",
        f"/returns/forms/of/{NAME}",
        f"/returns/redate/{NAME}",
        f"/scores/{NAME}/score",
        f"/scores/{NAME}/publish",
    ],
)
def test_a_change_needs_origin_cookie_and_word(office: Office, path: str) -> None:
    own, good = {"origin": ORIGIN}, {"csrf": office.csrf}
    tries = [
        office.client.post(path, headers=own),
        office.client.post(path, data=good),
        office.client.post(path, data=good, headers={"origin": "http://evil.example"}),
        office.browser().post(path, data=good, headers=own),
        Office(office.root, read_only=True).post(path),
    ]
    assert [each.status_code for each in tries] == [403, 403, 403, 401, 403]
    assert not (office.root / "out").exists()


def test_what_is_late_not_approved_or_not_done_is_said_where_it_is_received(office: Office) -> None:
    told = {"landed": 3, "filed_as": "raw/x.xlsx", "received_on": "2021-01-10", "reply": None}
    files = (
        FileSummary(file="a", state="received", department="甲局", unapproved=2, late=3,
                    accepted=3, remarks=(), **told),
        FileSummary(file="b", state="failed", department="乙局", remarks=(), **told),
    )  # fmt: skip
    page = office.get(f"/returns/received/{office.desk.works.keep(Received(files))}").text
    for said in (
        "未审核 2 行",
        "没有审核人",
        "逾期报送 3 行",
        "照常计入",
        "没有办完",
        "下次运行时再办",
    ):
        assert said in page


def test_one_file_that_cannot_be_taken_stops_no_other(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 100)
    left = ("~$表.xlsx", ".~lock.表.xlsx#", ".DS_Store", "Thumbs.db", "年/desktop.ini")
    named = [(each, b"\x05user") for each in left]
    named += [("太大.xlsx", b"x" * 101), ("表.xlsx", b"no form")]
    files = [("files", each) for each in named]
    answer = office.done(office.post("/returns/receive", files=files))
    cards = answer.text.split('<section class="card">')[1:]
    said = {each.split("<h2>")[1].split("</h2>")[0]: each for each in cards}
    assert len(said) == len(files)
    for each in left:
        assert ">略过<" in said[each.rsplit("/", 1)[-1]]
    assert "请先保存并关闭 Excel" in said["~$表.xlsx"]
    assert ">没有接收<" in said["太大.xlsx"] and "超过" in said["太大.xlsx"]
    assert ">没有接收<" in said["表.xlsx"]
    alone = office.post("/returns/receive", files=files[:1])
    assert "请先保存并关闭 Excel" in alone.text
    assert not list((office.root / "raw/.dropped").iterdir())


def test_what_a_veto_does_to_the_whole_stands_beside_the_entity(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = {"entity": "甲县", "rank_group": "", "rank": 1, "rank_low": 1, "rank_high": 1,
            "received_share": 1.0, "points": 90.0, "points_low": 90.0, "points_high": 90.0,
            "points_of_100": 90.0, "grade": None, "grade_low": None, "grade_high": None,
            "vetoed": False, "barred": True}  # fmt: skip
    monkeypatch.setattr(scores, "scorecards_of", lambda *_: [Card(card, Doubt(), {})])
    assert "取消评优" in office.get("/scores").text
    card |= {"barred": False, "vetoed": True}
    assert "结果作废" in office.get("/scores").text
