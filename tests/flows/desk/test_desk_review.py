"""Decisions at the desk go into the file and the tables at once, and none is ever lost."""

from __future__ import annotations

import json
import shutil
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from httpx import Response

from flows.jobs.batch.run import ingest
from flows.jobs.desk import decisions
from flows.jobs.desk.memory import Memory, key_of
from flows.jobs.ingest import Order
from flows.jobs.sidecar.document import locate
from normalize.pipeline import normalize
from schemas.files.corrections import parse_corrections
from schemas.records.document import Document
from schemas.records.source import SourceMeta
from tests.support.flows.desk import ORIGIN, Office
from tests.support.paths import ROOT
from tests.support.soak import Seeds
from warehouse.query import query

pytestmark = pytest.mark.usefixtures("aligned_once")

NAME = "ziyang-2020-text"
#: So many times what understanding its document takes a decision may take, landed and shown.
MOST_WORK = 20
WHO = {"reason": "已对照纸质原件", "by": "王某"}
POINTS = {
    "where": {"serial_no": 20, "column": "points"},
    "expect": "1(高新区2)(临空经济区)",
    "value": "1（高新区2）（临空经济区2）",
    **WHO,
}


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Document]:
    """A folder with the damaged notice landed, and the document as it was read."""
    root = tmp_path_factory.mktemp("desk")
    folder = root / "raw/notices" / NAME
    shutil.copytree(ROOT / "raw/notices" / NAME, folder)
    memory = Memory()
    reading = memory.read(folder, root / "tables", lambda _: None)
    memory.land(reading, folder, root / "tables")
    return root, reading.document


@pytest.fixture
def office(landed: tuple[Path, Document], tmp_path: Path) -> Office:
    root, document = landed
    shutil.copytree(root, tmp_path, symlinks=True, dirs_exist_ok=True)
    office = Office(tmp_path)
    folder = tmp_path / "raw/notices" / NAME
    office.desk.memory.keep(key_of(locate(folder)), document)
    return office


def decide(office: Office, *entries: dict[str, Any], **more: Any) -> Response:
    data = {"entries": json.dumps(entries)}
    headers = {"accept": "application/json"}
    return office.post(f"/review/{NAME}/decide", data, headers=headers, **more)


def file_of(office: Office) -> Path:
    return office.root / "raw/notices" / NAME / "corrections.toml"


def ask(office: Office, sql: str) -> list[tuple[Any, ...]]:
    return query(office.desk.order.warehouse, sql).rows


def open_ones(office: Office) -> list[dict[str, Any]]:
    sql = (
        "SELECT finding_id, message_zh, text, code FROM findings WHERE state = 'open' ORDER BY ALL"
    )
    names = ("finding_id", "message_zh", "text", "code")
    return [dict(zip(names, row, strict=True)) for row in ask(office, sql)]


def accepting(finding: dict[str, Any]) -> dict[str, Any]:
    said = finding["text"] or finding["message_zh"]
    return {"where": {"finding": finding["finding_id"]}, "expect": said, "accept": True, **WHO}


def test_a_decision_is_in_the_file_and_closes_its_finding_without_reading_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_process(*_: object, **__: object) -> None:
        raise AssertionError("a decision starts no process, so that it takes a second at most")

    calls: list[object] = []
    understand = Memory.understand
    monkeypatch.setattr("flows.jobs.desk.memory.start_reading", None)
    monkeypatch.setattr("common.isolated.Call.__init__", no_process)
    monkeypatch.setattr(Memory, "understand", lambda *each: calls.append(each) or understand(*each))
    monkeypatch.setattr("flows.jobs.desk.decisions.today", lambda: date(2021, 7, 5))
    before = len(open_ones(office))
    answer = decide(office, POINTS)
    assert answer.status_code == 200, answer.text
    assert len(calls) == 1  # and what was read is understood once
    assert len(open_ones(office)) < before
    (entry,) = parse_corrections(file_of(office).read_bytes(), "x")
    assert (entry.value, entry.by, entry.reason) == (POINTS["value"], *list(WHO.values())[::-1])
    assert entry.on == date(2021, 7, 5)
    order = Order(office.root / "raw/notices" / NAME, office.desk.order.warehouse)
    assert not ingest(order, lambda _: None).changed  # the keyboard finds nothing to change


@pytest.mark.soak
def test_a_finding_closes_with_little_work(
    office: Office, landed: tuple[Path, Document], seeds: Seeds
) -> None:
    """The clock is the processor's, and its unit what understanding the document takes here."""
    begun = time.process_time()
    normalize(landed[1], SourceMeta(NAME))
    unit = time.process_time() - begun
    for _, finding in zip(seeds, open_ones(office), strict=False):
        with seeds.trying("findings closed with little work"):
            begun = time.process_time()
            assert decide(office, accepting(finding)).status_code == 200
            assert time.process_time() - begun < MOST_WORK * unit
            assert finding["finding_id"] not in {each["finding_id"] for each in open_ones(office)}


def test_many_of_a_kind_are_accepted_together(office: Office) -> None:
    alike = [each for each in open_ones(office) if each["code"] == "heading_ambiguous"]
    assert len(alike) > 5
    assert decide(office, *map(accepting, alike)).status_code == 200
    assert "heading_ambiguous" not in {each["code"] for each in open_ones(office)}


def test_undo_takes_one_decision_out_and_leaves_all_else_in_the_file(office: Office) -> None:
    remark = "# 手工写的说明\n"
    decide(office, POINTS)
    with file_of(office).open("a", encoding="utf-8") as file:
        file.write(f"\n{remark}")
    first = open_ones(office)[0]
    decide(office, accepting(first))
    one, two = decisions.written(file_of(office).parent)
    data = {"number": str(one.number), "mark": decisions.mark_of(one)}
    assert office.post(f"/review/{NAME}/undo", data).status_code == 200
    assert remark in file_of(office).read_text("utf-8")
    (left,) = decisions.written(file_of(office).parent)
    assert decisions.mark_of(left) == decisions.mark_of(two)
    # another tab still shows the old list: its undo would hit another decision
    again = office.post(f"/review/{NAME}/undo", data, headers={"accept": "application/json"})
    assert again.status_code == 400
    assert "另一页或手工改过" in again.json()["zh"]
    assert len(decisions.written(file_of(office).parent)) == 1


def test_two_tabs_lose_nothing_and_a_second_decision_on_the_same_place_is_a_conflict(
    office: Office,
) -> None:
    other = {**POINTS, "value": "1（高新区2）（临空经济区3）"}
    first = open_ones(office)[0]
    assert decide(office, POINTS).status_code == 200
    assert decide(office, accepting(first)).status_code == 200  # from a tab loaded before
    kept = file_of(office).read_bytes()
    conflict = decide(office, other)
    assert conflict.status_code == 400
    assert "第1条" in conflict.json()["zh"] or "1" in conflict.json()["zh"]
    assert file_of(office).read_bytes() == kept


def test_a_decision_on_a_value_takes_the_place_of_the_one_that_it_names(office: Office) -> None:
    folder = file_of(office).parent
    read, wrong = POINTS["expect"], "1（高新区2）（临空经济区3）"
    (seen,) = [each for each in open_ones(office) if each["text"] == read]

    def instead(mark: str | None = None, **said: Any) -> Response:
        before = decisions.written(folder)[-1]
        known = {"number": before.number, "mark": mark or decisions.mark_of(before)}
        return decide(office, {**POINTS, **said, "replaces": [known]})

    assert decide(office, accepting(seen)).status_code == 200
    assert instead(value=wrong).status_code == 200  # of what was accepted before
    assert instead(expect=wrong).status_code == 200  # what the page shows by now
    (entry,) = parse_corrections(file_of(office).read_bytes(), "x")
    assert (entry.expect, entry.value) == (read, POINTS["value"])
    kept = file_of(office).read_bytes()
    for answer in (instead(mark="of another"), decide(office, {**POINTS, "replaces": ["x"]})):
        assert answer.status_code == 400
        assert "另一页或手工改过" in answer.json()["zh"]
    assert file_of(office).read_bytes() == kept


def test_what_was_written_by_hand_meanwhile_stays_and_counts(office: Office) -> None:
    first, second = open_ones(office)[:2]
    text = f'# 手写\n[[correction]]\nfinding = "{first["finding_id"]}"\nexpect = {json.dumps(first["text"] or first["message_zh"], ensure_ascii=False)}\naccept = true\nreason = "手工"\nby = "李某"\non = 2026-01-05'  # noqa: E501
    file_of(office).write_text(text, encoding="utf-8")
    assert not office.desk.memory.is_landed(file_of(office).parent, office.desk.order.warehouse)
    assert decide(office, accepting(second)).status_code == 200
    assert file_of(office).read_text("utf-8").startswith(text)
    ids = {each["finding_id"] for each in open_ones(office)}
    assert not ids & {first["finding_id"], second["finding_id"]}
    file_of(office).write_text("not = [toml", encoding="utf-8")
    refused = decide(office, POINTS)
    assert refused.status_code == 400
    assert file_of(office).read_text("utf-8") == "not = [toml"


def test_a_kill_between_file_and_tables_is_seen_and_made_good(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("flows.jobs.desk.memory.land", killed)
        with pytest.raises(KeyboardInterrupt):
            folder, order = file_of(office).parent, office.desk.order
            decisions.decide(folder, order.raw, order.warehouse, office.desk.memory, [POINTS])
    assert len(decisions.written(file_of(office).parent)) == 1
    assert not office.desk.memory.is_landed(file_of(office).parent, office.desk.order.warehouse)
    assert office.post(f"/review/{NAME}/land").status_code == 200
    assert office.desk.memory.is_landed(file_of(office).parent, office.desk.order.warehouse)


@pytest.mark.parametrize(
    "entries",
    [
        "",
        "[]",
        "{}",
        "[1]",
        "[" * 5000,
        '[{"where": {"finding": "x"}, "expect": "y", "accept": true, "reason": "r", "by": "b"}]',
        '[{"where": {"serial_no": 1, "column": {"a": 1}}, "expect": "y", "value": "z"}]',
        '[{"where": {"serial_no": 1e400, "column": "unit"}, "expect": "", "value": "\\ud800"}]',
        '[{"where": [], "expect": null, "value": ["\\u0000"], "reason": "r", "by": "b"}]',
    ],
)
def test_what_is_no_decision_is_refused_and_nothing_written(office: Office, entries: str) -> None:
    answer = office.post(f"/review/{NAME}/decide", {"entries": entries})
    assert answer.status_code == 400
    assert "Traceback" not in answer.text
    assert not file_of(office).exists()


CHANGES = [f"/review/{NAME}/{what}" for what in ("decide", "undo", "land")]


@pytest.mark.parametrize("path", CHANGES)
def test_a_change_needs_origin_cookie_and_word(office: Office, path: str) -> None:
    data = {"entries": json.dumps([POINTS])}
    own = {"origin": ORIGIN}
    good = {"csrf": office.csrf, **data}
    tries = [
        office.client.post(path, data=data, headers=own),
        office.client.post(path, data={"csrf": "x", **data}, headers=own),
        office.client.post(path, data=good),
        office.client.post(path, data=good, headers={"origin": "http://evil.example"}),
        office.client.post(path, data=good, headers={**own, "host": "evil.example"}),
        office.browser().post(path, data=good, headers=own),
        office.client.get(path),
        office.client.post(path, content=b"x" * 10, headers={**own, "content-length": "999999999"}),
    ]
    assert [each.status_code for each in tries[:6]] == [403, 403, 403, 403, 421, 401]
    assert all(each.status_code >= 400 for each in tries)
    assert not file_of(office).exists()


def test_a_desk_that_is_read_only_changes_nothing(office: Office) -> None:
    reading = Office(office.root, read_only=True)
    assert decide(reading, POINTS).status_code == 403
    assert not file_of(office).exists()
    assert "只读" in reading.get("/").text


def test_a_document_without_a_folder_of_its_own_is_refused(office: Office) -> None:
    for name in ("nobody", "..", "%2e%2e", "..%2f..%2ftables"):
        answer = office.post(f"/review/{name}/decide", {"entries": json.dumps([POINTS])})
        assert answer.status_code in (400, 404, 405)


def test_a_page_of_a_desk_that_was_started_anew_goes_on_without_loss(office: Office) -> None:
    anew, asked = Office(office.root, enter=False), {"accept": "application/json"}
    data = {"csrf": office.csrf, "entries": json.dumps([POINTS])}
    own, path = {"origin": ORIGIN, **asked}, f"/review/{NAME}/decide"
    anew.client.cookies.set("kaohe-desk", office.desk.sessions.cookies[-1])
    out = anew.client.post(path, data=data, headers=own)
    assert out.status_code == 401
    assert "重新启动过" in out.json()["zh"]
    assert "填写的内容还在" in out.json()["zh"]
    anew.client.cookies.clear()
    anew.enter(anew.client)
    old = anew.client.post(path, data=data, headers=own)
    assert (old.status_code, old.json()["old"]) == (403, True)
    assert not file_of(office).exists()
    word = anew.client.get("/word", headers=asked).json()["csrf"]
    assert anew.client.post(path, data=data | {"csrf": word}, headers=own).status_code == 200
    assert len(decisions.written(file_of(office).parent)) == 1


def test_an_address_that_was_used_is_opened_again_by_who_is_in(office: Office) -> None:
    again = office.client.get(f"/enter?token={office.tokens[0]}")
    assert (again.status_code, again.headers["location"]) == (303, "/")
    assert len(office.desk.sessions.cookies) == 1
