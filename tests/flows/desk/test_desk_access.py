"""Nobody but the browser that brought the token sees or changes anything at the desk."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.desk.shared.access import csrf_of, is_csrf
from tests.support.flows.desk import PORT, Office


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
