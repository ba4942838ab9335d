"""Notices dropped at the desk land as at the keyboard; forms write the file that a hand would."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from httpx import Response

from flows.jobs.batch.run import ingest
from flows.jobs.desk.dropping import given_name
from flows.jobs.desk.glance import glances
from flows.jobs.ingest import Order
from flows.jobs.sidecar.meta import parse_sidecar
from schemas.records.document import Document
from tests.support.flows.desk import ORIGIN, Office
from tests.support.paths import ROOT
from warehouse.query import query

NOTICE = ROOT / "tests/fixtures/notices/2020/notice.html"
NAME = "2020-66-4a059c"


def drop(office: Office, name: str, content: bytes, **said: str) -> Response:
    """Drop a file, and wait for what becomes of it."""
    files = [("files", (name, content))]
    return office.done(office.post("/notices/drop", said, files=files), shown=False)


@pytest.fixture(scope="module")
def dropped(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Document]:
    office = Office(tmp_path_factory.mktemp("dropped"))
    answer = drop(office, "关于<b>考核</b>的通知.html", NOTICE.read_bytes())
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == f"/notices/{NAME}/?done=landed"
    folder = office.root / "raw/notices" / NAME
    return office.root, office.desk.memory.document(folder)


@pytest.fixture
def office(dropped: tuple[Path, Document], tmp_path: Path) -> Office:
    root, document = dropped
    return Office.of(root, tmp_path, NAME, document)


def sidecar(office: Office) -> Path:
    return office.root / "raw/notices" / NAME / "source.toml"


def form_of(office: Office) -> dict[str, Any]:
    """Return the form of the notice's page as a browser would send it unchanged."""
    page = office.get(f"/notices/{NAME}/").text
    fields: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and ("checkbox" not in tag or " checked" in tag):
            fields[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select name="([^"]*)">(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    return fields


def declare(office: Office, **fields: Any) -> Response:
    return office.post(f"/notices/{NAME}/declare", {**form_of(office), **fields})


def test_what_was_dropped_is_landed_and_the_keyboard_finds_nothing_to_change(
    office: Office,
) -> None:
    folder = office.root / "raw/notices" / NAME
    meta = parse_sidecar(folder / "source.toml", NAME)
    assert meta.sha256 is not None
    assert not ingest(Order(folder, office.desk.order.warehouse), lambda _: None).changed
    page = office.get(f"/notices/{NAME}/").text
    assert "106 项" in page
    assert "<b>考核</b>" not in page
    assert not list((office.root / "raw/.dropped").iterdir())


def test_the_same_again_and_another_of_its_name_are_refused(office: Office) -> None:
    again = drop(office, "x.html", NOTICE.read_bytes())
    assert "没有再收一次" in again.text
    other = NOTICE.read_bytes().replace("雁江区".encode(), "某某区".encode())
    taken = drop(office, "x.html", other, document_id=NAME)
    assert "已有另一份文件" in taken.text
    assert [each.name for each in (office.root / "raw/notices").iterdir() if each.is_dir()] == [
        NAME
    ]
    assert not list((office.root / "raw/.dropped").iterdir())


def test_what_cannot_be_read_leaves_nothing(office: Office) -> None:
    answer = drop(office, "<script>alert(1)</script>.pdf", b"%PDF-1.4 no")
    assert 'class="bad"' in answer.text
    assert "<script>alert" not in answer.text
    assert not list((office.root / "raw/.dropped").iterdir())
    assert "请先保存并关闭 Excel" in drop(office, "C:\\文件\\~$通知.docx", b"\x05user").text
    assert not list((office.root / "raw/.dropped").iterdir())
    assert office.post("/notices/drop").status_code == 400


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/cron.d/x",
        "..\\..\\x.pdf",
        "/etc/passwd",
        "source.toml",
        "corrections.toml",
        ".hidden.pdf",
        "README.md",
        "~$x.docx",
        "-rf.pdf",
        "..",
        ".",
        "",
        None,
        "a\0b.pdf",
        "长" * 300 + ".pdf",
        "\ud800.pdf",
    ],
)
def test_a_name_is_one_part_of_a_path_and_none_of_ours(name: str | None) -> None:
    kept = given_name(name)
    assert Path(kept).name == kept
    assert not kept.startswith((".", "-", "~", "README"))
    assert kept not in ("source.toml", "corrections.toml", "")
    assert len(kept.encode()) < 200


def test_forms_write_what_a_hand_would_and_keep_its_remarks(office: Office) -> None:
    own = sidecar(office).read_text("utf-8")
    by_hand = f'# 手写的说明\n{own}\n[accumulates]  # 不在表单里\n1 = "sum"\n'
    sidecar(office).write_text(by_hand, "utf-8")
    fields = {
        "title": "年度考核通知",
        "issued_on": "2020-12-06",
        "role": "official",
        "group.雁江区": "县（区）",
        "group.安岳县": "县（区）",
        "group.高新区": "开发区",
        "grade1.name": "优秀",
        "grade1.at_least": "90",
        "grade1.quota": "30",
        "bonus_cap": "6",
        "new_printed": "市发改委",
        "new_name": "市发展改革委",
    }
    answer = declare(office, **fields)
    assert answer.status_code == 303, answer.text
    text = sidecar(office).read_text("utf-8")
    assert text.startswith("# 手写的说明\n")
    assert "[accumulates]  # 不在表单里" in text
    meta = parse_sidecar(sidecar(office), NAME)
    assert meta.title == "年度考核通知"
    assert meta.rank_groups == {"县（区）": ("雁江区", "安岳县"), "开发区": ("高新区",)}
    assert meta.departments == {"市发改委": "市发展改革委"}
    sql = "SELECT title, issued_on FROM notices"
    assert query(office.desk.order.warehouse, sql).rows == [("年度考核通知", date(2020, 12, 6))]
    assert 'name = "优秀"' in text
    assert "quota = 0.3" in text
    # the same form again changes nothing, at the desk and at the keyboard
    assert declare(office).status_code == 303
    assert sidecar(office).read_text("utf-8") == text
    order = Order(sidecar(office).parent, office.desk.order.warehouse)
    assert not ingest(order, lambda _: None).changed


#: Fields of a notice that are filled in wrongly, and what is said of it.
REFUSED: tuple[tuple[dict[str, str], str], ...] = (
    ({"year": "二〇二〇"}, "要填数字"),
    ({"year": "1"}, "1"),
    ({"issued_on": "2020-13-01"}, "要填日期"),
    ({"issued_on": "2999-01-01"}, "2999"),
    ({"role": "king"}, "“性质”"),
    ({"bonus_cap": "-1"}, "“加分上限”"),
    (
        {
            "grade1.name": "优",
            "grade1.at_least": "80",
            "grade2.name": "良",
            "grade2.at_least": "90",
        },
        "“百分制不低于”",
    ),
    ({"seen": "x"}, "改过"),
)


def test_what_the_schema_refuses_is_refused_and_nothing_changed(office: Office) -> None:
    before, form = sidecar(office).read_bytes(), form_of(office)
    for fields, said in REFUSED:
        answer = office.post(f"/notices/{NAME}/declare", {**form, **fields})
        assert answer.status_code == 400, fields
        assert said in answer.text, fields
        assert "/tmp/tmp" not in answer.text, fields
        assert sidecar(office).read_bytes() == before, fields
    assert declare(office, method="1|没有印的办法").status_code < 500


@pytest.mark.parametrize("path", ["/notices/drop", f"/notices/{NAME}/declare"])
def test_a_change_needs_origin_cookie_and_word(office: Office, path: str) -> None:
    before = sidecar(office).read_bytes()
    own, good = {"origin": ORIGIN}, {"csrf": office.csrf, "title": "x"}
    tries = [
        office.client.post(path, data={"title": "x"}, headers=own),
        office.client.post(path, data=good),
        office.client.post(path, data=good, headers={"origin": "null"}),
        office.browser().post(path, data=good, headers=own),
    ]
    assert [each.status_code for each in tries] == [403, 403, 403, 401]
    assert sidecar(office).read_bytes() == before


def test_what_was_changed_by_hand_is_told_at_a_glance_until_it_is_landed(office: Office) -> None:
    assert "手工改过" not in office.get("/").text
    path = sidecar(office)
    path.write_text(f"# a remark\n{path.read_text('utf-8')}", "utf-8")
    assert "手工改过" not in office.get("/").text  # which changes nothing
    path.write_text(f'title = "另一个标题"\n{path.read_text("utf-8")}', "utf-8")
    (glance,) = glances(office.desk.order.places, 2020)
    assert (glance.states()["notice"], glance.next_step()) == ("todo", "notice")
    assert "手工改过" in office.get("/").text
    landed = office.done(office.post(f"/notices/{NAME}/land"), shown=False)
    assert landed.headers["location"] == f"/notices/{NAME}/?done=landed"
    assert "手工改过" not in office.get("/").text
    (path.parent / "corrections.toml").write_text("not = [toml", "utf-8")
    shown = office.get("/").text  # says what is wrong with it, and is no page that fails
    assert "更正文件" in shown
    assert glances(office.desk.order.places, 2020)[0].states()["notice"] == "todo"
