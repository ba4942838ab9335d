"""The parts of a night: the inbox, the ledger, the summary, and word of it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar, cast

import pytest

from common.days import today
from common.messages import Message
from common.refusal import Refusal
from flows.jobs.marks import content_hash
from flows.jobs.night import notify
from flows.jobs.night.inbox import arrivals, put_aside, take_out
from flows.jobs.night.ledger import KeysEntry, Ledger, NoticeEntry, read_ledger, write_ledger
from flows.jobs.night.returns import receive_returns
from flows.jobs.night.scores import Due, score_item
from flows.jobs.night.summary import Item, NightlyOrder, NightlySummary
from flows.jobs.returns.filing import check_file
from flows.jobs.settings import Settings, read_settings


def put(path: Path, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_arrivals_leave_out_what_is_no_return_yet(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    for name in (".hidden.xlsx", "~$open.xlsx", "README.md", "coming.xlsx.part", "refused/a.xlsx",
                 ".tmp/b.xlsx", "Thumbs.db", "2021-08-01/desktop.ini",
                 ".~lock.a.csv#"):  # fmt: skip
        put(inbox / name)
    wanted = [put(inbox / "市统计局/2021-07-05/b.xlsx"), put(inbox / "2021-08-01/a.csv")]
    wanted.append(put(inbox / "c.xlsx"))
    found = arrivals(tmp_path)
    assert [arrival.path for arrival in found] == wanted
    days = [arrival.received_on for arrival in found]
    assert days == [date(2021, 7, 5), date(2021, 8, 1), today()]
    assert arrivals(tmp_path / "nowhere") == []


def test_a_file_that_is_open_in_excel_waits(tmp_path: Path) -> None:
    file = put(tmp_path / "inbox/2021-08-01/a.xlsx")
    lock = put(tmp_path / "inbox/2021-08-01/~$a.xlsx")
    order = NightlyOrder(tmp_path / "tables", tmp_path)
    (item,) = receive_returns(order, lambda _: None)
    assert (item.state, item.holds) == ("waiting", False)
    assert "关闭 Excel" in item.detail_zh
    assert file.exists()
    assert lock.exists()
    with pytest.raises(Refusal, match="open_in_office"):
        check_file(file)
    lock.unlink()
    check_file(file)


def test_a_folder_that_looks_like_a_day_and_is_none_is_told(tmp_path: Path) -> None:
    for name in ("2021-02-30", "2021-2-3", "20210203", "２０２１-０２-０３", "2021年2月3日"):
        put(tmp_path / "inbox" / name / "统计局/a.xlsx")
        (arrival,) = arrivals(tmp_path)
        assert arrival.no_day == name
        shutil.rmtree(tmp_path / "inbox")
    put(tmp_path / "inbox/2021-02/统计局 2/a.xlsx")
    assert [arrival.no_day for arrival in arrivals(tmp_path)] == [None]


def test_a_file_replaced_meanwhile_stays(tmp_path: Path) -> None:
    arrival, filed = put(tmp_path / "a.csv", "new"), put(tmp_path / "filed.csv", "old")
    assert not take_out(arrival, filed)
    assert arrival.exists()
    arrival.write_text("old")
    assert take_out(arrival, filed)
    assert not arrival.exists()


def test_refused_files_never_replace_each_other(tmp_path: Path) -> None:
    places = [
        put_aside(tmp_path, put(tmp_path / "inbox/a.xlsx", text), "为什么").name
        for text in ("one", "two", "one")
    ]
    assert places == ["a.xlsx", "a-2.xlsx", "a.xlsx"]
    reason = tmp_path / "inbox/refused/a-2.xlsx.reason.txt"
    assert reason.read_text(encoding="utf-8") == "为什么\n"


def test_a_link_in_the_inbox_is_moved_and_what_it_points_to_is_left(tmp_path: Path) -> None:
    secret = put(tmp_path / "secret", "mine")
    (tmp_path / "inbox").mkdir()
    link = tmp_path / "inbox/a.xlsx"
    link.symlink_to(secret)
    assert [arrival.path for arrival in arrivals(tmp_path)] == [link]
    place = put_aside(tmp_path, link, "链接")
    assert place.is_symlink()
    assert secret.read_text() == "mine"


def test_the_ledger_comes_back_as_it_was_written(tmp_path: Path) -> None:
    problem = Message("no_table", "no table", "没有表格")
    entry = NoticeEntry("ab", "x-2021", 2021, "official", problem)
    scored, keys = {"x-2021": {"2021-07-05": "cd"}}, KeysEntry("ef", problem)
    ledger = Ledger("1", {"x": entry}, scored, "000001-x", None, "h:1", keys)
    write_ledger(tmp_path, ledger)
    assert read_ledger(tmp_path) == ledger
    assert [path.name for path in tmp_path.iterdir()] == ["nightly.json"]


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "{}", '{"format": 2}', '{"format": 1, "x": 2}'),
        '{"format": 1, "code": "", "notices": {}, "scored": 3}',
        '{"format": 1, "code": "", "notices": {}, "scored": {"x": {"2021-07-05": 3}}}',
        '{"format": 1, "code": "", "notices": {"x": []}, "scored": {}}',
    ],
)
def test_a_ledger_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "nightly.json").write_text(text)
    assert read_ledger(tmp_path) == Ledger()


def test_the_hash_of_a_notice_tells_names_and_contents(tmp_path: Path) -> None:
    put(tmp_path / "notice.txt", "a")
    first = content_hash(tmp_path)
    put(tmp_path / "README.md")
    put(tmp_path / ".notice.txt.swp")
    assert content_hash(tmp_path) == first
    put(tmp_path / "corrections.toml")
    assert content_hash(tmp_path) != first


HOSTILE = "x|y\n# <b>[link](http://elsewhere)</b> `z`"


def test_texts_of_documents_make_no_markup(tmp_path: Path) -> None:
    summary = NightlySummary((Item("notice", HOSTILE, "refused", clean=False),), {}, str(tmp_path))
    row = summary.as_markdown().splitlines()[-1]
    assert row.startswith("| 通知 | x\\|y # \\<b\\>\\[link\\](http")
    assert len(summary.as_markdown().splitlines()) == 6


def test_states_are_named_by_what_happened() -> None:
    fine, bad = Item("notice", "a", "landed"), Item("notice", "b", "refused", clean=False)
    assert NightlySummary((), {}, "t", up_to_date=True).state == "Nothing new"
    assert NightlySummary((fine,), {}, "t").state == "Completed"
    assert NightlySummary((fine, bad), {}, "t").state == "Completed with findings"
    held = NightlySummary((fine, bad), {2021: ("why",)}, "t")
    assert (held.state, held.clean) == ("Publication withheld", False)
    assert held.as_json()["withheld"] == {"2021": ["why"]}
    assert "通知已入库 1" in held.headline


class Listener(BaseHTTPRequestHandler):
    """Keeps what is posted; sends who asks for /elsewhere somewhere else."""

    got: ClassVar[list[tuple[str, dict[str, object]]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).got.append((self.path, json.loads(body)))
        self.send_response(302 if self.path == "/elsewhere" else 204)
        self.send_header("Location", "/reassigned")
        self.end_headers()

    do_GET = do_POST  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    Listener.got.clear()
    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "kaohe.toml"
    monkeypatch.setenv("KAOHE_CONFIG", str(path))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    return path


WITHHELD = NightlySummary((), {2021: ("通知 x 未通过",)}, "tables")


def test_the_webhook_gets_what_it_is_to_be_told(config: Path, address: str) -> None:
    config.write_text(f'[notify]\nwebhook = "{address}/kaohe"\n')
    notify.summary(WITHHELD)
    notify.summary(NightlySummary((), {}, "tables"))
    notify.send("failed", "夜间处理未完成", {"code": "x"})
    assert [(path, word["event"]) for path, word in Listener.got] == [
        ("/kaohe", "withheld"),
        ("/kaohe", "failed"),
    ]
    word = Listener.got[0][1]
    assert "2021 年度未发布" in str(word["text"])
    assert isinstance(word["details"], dict)
    assert word["details"]["withheld"] == {"2021": ["通知 x 未通过"]}


def test_success_is_told_where_it_is_asked_for(config: Path, address: str) -> None:
    config.write_text(f'[notify]\nwebhook = "{address}/k"\non = ["completed"]\n')
    notify.summary(WITHHELD)
    notify.summary(NightlySummary((), {}, "tables"))
    assert [word["event"] for _, word in Listener.got] == ["completed"]


def test_only_the_address_that_is_set_is_called(config: Path, address: str) -> None:
    config.write_text(f'[notify]\nwebhook = "{address}/elsewhere"\n')
    assert not notify.send("failed", "", {})
    assert [path for path, _ in Listener.got] == ["/elsewhere"]


def test_the_command_gets_the_word_and_no_shell(config: Path, tmp_path: Path) -> None:
    told = tmp_path / "told; rm -rf x"
    script = (
        "import os,sys; open(sys.argv[1],'w').write(os.environ['KAOHE_EVENT']+sys.stdin.read())"
    )
    config.write_text(
        f"[notify]\ncommand = {json.dumps([sys.executable, '-c', script, str(told)])}\n"
    )
    assert notify.send("crashed", "停了", {})
    event, _, rest = told.read_text().partition("{")
    assert (event, json.loads("{" + rest)["text"]) == ("crashed", "停了")


@pytest.mark.parametrize(
    "text",
    [
        'webhook = "ftp://x"',
        "webhook = 1",
        'command = "rm"',
        "command = [1]",
        'on = ["sometimes"]',
        "other = 1",
        "broken",
        'command = ["tell", "a\\u0000b"]',
        'webhook = "http://"',
        'webhook = "http://user:word@a/"',
        'webhook = "http://a:99999/"',
        'webhook = "http://a/\\nb"',
        "[other]",
    ],
)
def test_a_wrong_setting_is_refused_and_calls_nobody(
    config: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    config.write_text(f"[notify]\n{text}\n")
    with pytest.raises(Refusal, match=r"kaohe\.toml"):
        read_settings(config)
    assert not notify.send("failed", "", {})
    assert "no notification was sent" in caplog.text


def test_what_is_not_known_is_refused_by_its_name(config: Path) -> None:
    config.write_text("[notfy]\ncommand = []\n")
    with pytest.raises(Refusal, match="notfy") as caught:
        read_settings(config)
    assert "notfy" in caught.value.zh
    config.write_text("[notify]\nwebhok = 'http://a/b'\n")
    with pytest.raises(Refusal, match=r"notify\.webhok"):
        read_settings(config)


@pytest.fixture
def dripping() -> Iterator[tuple[str, threading.Event]]:
    """A server that answers a byte at a time, and never to the end; whether it has begun to."""
    server = socket.create_server(("127.0.0.1", 0))
    begun, ended = threading.Event(), threading.Event()

    def drip() -> None:
        with suppress(OSError):
            connection, _ = server.accept()
            with connection:
                while not ended.wait(0.05):
                    connection.sendall(b"H")
                    begun.set()

    thread = threading.Thread(target=drip)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/hook/t0ken?key=s3cret", begun
    ended.set()
    server.shutdown(socket.SHUT_RDWR)  # wakes who waits for a connection
    thread.join()
    server.close()


def test_one_limit_holds_for_all_that_is_called(
    config: Path,
    dripping: tuple[str, threading.Event],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The command leaves a child that holds its standard error; both are ended, nothing is told."""
    pid, (address, called) = tmp_path / "pid", dripping
    script = f"sleep 600 & echo failing with pass-w0rd >&2; echo $! > {pid}.new; mv {pid}.new {pid}"
    command = ["/bin/sh", "-c", f"{script}; wait", "pass-w0rd"]
    config.write_text(
        f"[notify]\ncommand = {json.dumps(command)}\nwebhook = {json.dumps(address)}\n"
    )
    asked: list[float] = []

    def clock() -> float:
        """Stand still until both are at work; then the limit has passed."""
        while asked and not (called.is_set() and pid.exists()):
            time.sleep(0.01)
        asked.append(notify.SECONDS * bool(asked))
        return asked[-1]

    monkeypatch.setattr(notify, "time", SimpleNamespace(monotonic=clock))
    assert not notify.send("failed", "", {})
    assert asked == [0.0, notify.SECONDS, notify.SECONDS]
    child = Path(f"/proc/{pid.read_text().strip()}/stat")
    while child.exists() and child.read_text().rpartition(")")[2].split()[0] != "Z":
        time.sleep(0.05)
    assert "failing with ***" in caplog.text
    assert "127.0.0.1" in caplog.text
    assert caplog.text.count("no end after") == 2
    for secret in ("pass-w0rd", "t0ken", "s3cret"):
        assert secret not in caplog.text


def test_a_failed_commands_last_words_are_kept(
    config: Path, caplog: pytest.LogCaptureFixture
) -> None:
    command = ["/bin/sh", "-c", "echo no such list >&2; exit 3"]
    config.write_text(f"[notify]\ncommand = {json.dumps(command)}\n")
    assert not notify.send("failed", "", {})
    assert "exit code 3: no such list" in caplog.text


def test_a_command_knows_nothing_of_prefect(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "kaohe:hush")
    config.write_text(f"[notify]\ncommand = ['/bin/sh', '-c', 'env > {tmp_path}/env']\n")
    assert notify.send("failed", "", {})
    assert "PREFECT" not in (tmp_path / "env").read_text()


def test_without_a_setting_nobody_is_called(config: Path) -> None:
    assert not config.exists()
    assert notify.send("failed", "", {})
    assert read_settings(config) == Settings()


def test_a_command_that_fails_changes_nothing(
    config: Path, caplog: pytest.LogCaptureFixture
) -> None:
    config.write_text(
        '[notify]\ncommand = ["/nonexistent/tell"]\nwebhook = "http://127.0.0.1:9/"\n'
    )
    assert not notify.send("failed", "", {})
    assert "/nonexistent/tell" in caplog.text
    assert os.environ.get("KAOHE_EVENT") is None


def test_the_notices_own_day_is_told_once() -> None:
    due = Due("a-2023", 2023, {"": "x", "2023-01-01": "x"}, ("", "2023-01-01"))
    summary = cast(
        "Any",
        SimpleNamespace(
            as_of="2023-01-01", to_look_at={}, departments_late=0, changed=True, clean=True
        ),
    )
    assert score_item(due, summary).detail_zh.startswith("截至 2023-01-01；")
