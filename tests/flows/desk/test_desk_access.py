"""Nobody but the browser that brought the token sees or changes anything at the desk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.routing import Route

from flows.desk.app import application
from flows.desk.shared.access import ENTER, csrf_of, is_csrf
from tests.support.flows.desk import ORIGIN, PORT, Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_the_token_lets_one_browser_in_and_is_worth_nothing_afterwards(tmp_path: Path) -> None:
    office = Office(tmp_path, enter=False)
    assert office.browser().head(f"/enter?token={office.tokens[-1]}").status_code == 405
    first = office.enter(office.client)
    assert first.status_code == 303
    assert first.headers["location"] == "/"
    cookie = first.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert office.get("/").status_code == 200
    used, unused = office.tokens
    thief = office.browser()
    assert thief.get(f"/enter?token={used}").status_code == 403
    assert thief.get("/").status_code == 401
    assert thief.get(f"/enter?token={unused}").status_code == 303


@pytest.mark.parametrize("path", ["/", "/static/desk.css", "/nowhere"])
def test_without_the_cookie_nothing_is_shown(office: Office, path: str) -> None:
    answer = office.browser().get(path)
    assert answer.status_code == 401
    assert "考核工作台" not in answer.text
    forged = office.browser().get(path, headers={"cookie": "kaohe-desk=x; ;;=\x01"})
    assert forged.status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": f"127.0.0.1.evil.example:{PORT}"},
        {"host": "127.0.0.1"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": f"http://127.0.0.1:{PORT + 1}"},
    ],
)
def test_a_foreign_host_or_origin_is_refused_even_with_the_cookie(
    office: Office, headers: dict[str, str]
) -> None:
    answer = office.get("/", headers=headers)
    assert answer.status_code in (403, 421)
    assert "考核工作台" not in answer.text


def test_every_answer_forbids_frames_scripts_from_elsewhere_and_reading_by_others(
    office: Office,
) -> None:
    for path in ("/", "/nowhere", "/static/desk.css", "/enter?token=x"):
        headers = office.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert not [name for name in headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "name",
    [
        "..%2f..%2fdesk.py",
        "%2e%2e/pages.py",
        "../access.py",
        "frame.html",
        "review/index.html",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "desk.css%00.js",
    ],
)
def test_only_the_desks_own_files_are_served(office: Office, name: str) -> None:
    assert office.get(f"/static/{name}").status_code == 404


def test_the_word_of_a_change_is_another_for_each_session() -> None:
    assert is_csrf("one", csrf_of("one"))
    for given in (csrf_of("two"), "", None, "x"):
        assert not is_csrf("one", given)


def routes(office: Office, method: str) -> list[str]:
    """Return a path of each route that takes a method: new pages are tried without being listed."""
    app = application(office.desk)
    return [
        re.sub(r"\{\w+(:int)?(:path)?\}", lambda part: "1" if part[1] else "x", route.path)
        for route in app.routes
        if isinstance(route, Route) and method in (route.methods or ()) and route.path != ENTER
    ]


def test_every_change_needs_cookie_origin_and_word_and_a_desk_that_may_change(
    office: Office,
) -> None:
    paths = routes(office, "POST")
    assert len(paths) >= 10
    own, good = {"origin": ORIGIN}, {"csrf": office.csrf}
    reading = Office(office.root, read_only=True)
    for path in paths:
        tries = [
            office.client.post(path, headers=own),
            office.client.post(path, data={"csrf": "x"}, headers=own),
            office.client.post(path, data={"csrf": csrf_of("another")}, headers=own),
            office.client.post(f"{path}?csrf={office.csrf}", headers=own),
            office.client.post(path, json=good, headers=own),
            office.client.post(path, content=f"csrf={office.csrf}", headers=own),
            office.client.post(path, data=good),
            office.client.post(path, data=good, headers={"origin": "http://evil.example"}),
            office.client.post(path, data=good, headers={"origin": "null"}),
            office.client.post(path, data=good, headers=own | {"host": "evil.example"}),
            office.browser().post(path, data=good, headers=own),
            reading.post(path),
        ]
        assert [each.status_code for each in tries] == [*[403] * 9, 421, 401, 403], path
    assert list(office.root.iterdir()) == []


def test_every_page_is_for_those_who_are_in_and_takes_no_other_method(office: Office) -> None:
    own = {"origin": ORIGIN}
    for path in {*routes(office, "GET"), *routes(office, "POST")}:
        assert office.browser().get(path).status_code == 401
        assert office.get(path, headers={"origin": "http://evil.example"}).status_code == 403
        assert office.get(path, headers={"host": "evil.example"}).status_code == 421
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "X"):
            answer = office.client.request(method, path, headers=own)
            assert answer.status_code == 405, (method, path)
            assert not [name for name in answer.headers if name.startswith("access-control")]
    assert list(office.root.iterdir()) == []


def test_what_is_larger_than_meant_is_refused_and_nothing_of_it_stays(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, path = {"origin": ORIGIN}, "/returns/receive"
    announced = office.client.post(path, content=b"x", headers=own | {"content-length": "9" * 12})
    assert announced.status_code == 413
    odd = office.client.post(path, content=b"x", headers=own | {"content-length": "many"})
    assert odd.status_code == 413
    with monkeypatch.context() as patch:
        patch.setattr("flows.desk.shared.access.MOST_BYTES", 1000)
        kind = {"content-type": "multipart/form-data; boundary=b"}
        parts = (b"--b\r\ncontent-disposition: form-data; name=csrf\r\n\r\n", *[b"y" * 400] * 9)
        streamed = office.client.post(path, content=iter(parts), headers=own | kind)
        assert streamed.status_code == 413
    with monkeypatch.context() as patch:
        patch.setattr("flows.desk.shared.uploads.MOST_BYTES", 10)
        large = office.post(path, files=[("files", ("a.xlsx", b"z" * 11))])
        assert large.status_code == 400
        assert "没有收下" in large.text
    many = office.post(path, files=[("files", (f"{n}.xlsx", b"z")) for n in range(501)])
    fields = office.post(path, {f"f{n}": "1" for n in range(5001)}, files=[("files", ("a", b""))])
    assert (many.status_code, fields.status_code) == (400, 400)
    assert "没有改动任何数据" in many.text
    assert not [each for each in office.root.rglob("*") if each.is_file()]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=b", b"--c\r\n\r\n"),
        ("multipart/form-data; boundary=b", b"--b\r\n\r\n--b--"),
        ("multipart/form-data; boundary=b", b"--b\r\ncontent-disposition: x\r\n\r\n\r\n--b--\r\n"),
        ("multipart/form-data; boundary=\xff", b"--b"),
        ("application/x-www-form-urlencoded", b"csrf=%ff&%00=%"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"\xff\xfec\x00"),
        ("application/json", b'{"csrf": "x"}'),
        ("text/plain", b"csrf=x"),
        ("", b""),
    ],
)
def test_a_body_that_is_no_form_changes_nothing(office: Office, kind: str, content: bytes) -> None:
    headers = {b"origin": ORIGIN.encode(), b"content-type": kind.encode("latin-1")}
    for path in ("/notices/drop", "/notices/x/declare"):
        answer = office.client.post(path, content=content, headers=headers)
        assert answer.status_code in (400, 403)
        assert "Traceback" not in answer.text
    assert list(office.root.iterdir()) == []


def test_a_file_of_another_name_stays_in_its_folder(office: Office) -> None:
    names = ("../../x.xlsx", "..\\..\\x.xlsx", "/etc/x.xlsx", "<script>alert(1)</script>.xlsx")
    answer = office.post("/returns/receive", files=[("files", (each, b"no")) for each in names])
    task = answer.headers["location"]
    assert "<script>alert" not in office.done(answer).text
    assert office.get(f"{task}/state").json()["state"] == "refused"
    assert not list(office.root.parent.rglob("x.xlsx"))
