"""The commands ``nightly`` and ``serve``, and the parts of the watch over processes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from common.refusal import Refusal
from flows import serve
from flows.cli.main import cli
from flows.jobs.folders import Folders
from flows.jobs.night.ledger import Ledger, write_ledger
from flows.jobs.night.summary import NightlyOrder
from flows.processes import Child, is_healthy, listen, only_one
from flows.schedule import SchedulePlan
from flows.serve import ServeOrder, last_due, url_of, was_missed
from tests.support.flows.nights import City
from tests.support.flows.service import PATIENCE, alive

SHANGHAI = ZoneInfo("Asia/Shanghai")


def options(city: City) -> list[str]:
    return ["--warehouse", str(city.warehouse), "--raw", str(city.raw), "--out", str(city.out)]


def test_command_says_what_was_done_and_by_its_exit_code_what_is_to_be_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    city = City(tmp_path)
    city.put_notice("tianhe-2021")
    city.put_notice("letter", "一封信", "year = 2021\n")
    first = CliRunner().invoke(cli, ["nightly", "--direct", "--json", *options(city)])
    assert first.exit_code == 3, first.output
    told = json.loads(first.stdout)
    assert told["state"] == "Publication withheld"
    assert [item["state"] for item in told["items"]][:2] == ["refused", "landed"]
    (city.raw / "notices/letter/notice.txt").unlink()
    (city.raw / "notices/letter/source.toml").unlink()
    (city.raw / "notices/letter").rmdir()
    second = CliRunner().invoke(cli, ["nightly", "--direct", *options(city)])
    assert second.exit_code == 0, second.output
    assert (city.out / "index.html").is_file()
    third = CliRunner().invoke(cli, ["nightly", "--direct", *options(city)])
    assert (third.exit_code, "没有新内容" in third.stdout) == (0, True)


def test_a_failed_night_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr("flows.jobs.night.notify.send", lambda event, *_: sent.append(event))

    def refuse(*_: Any) -> None:
        raise Refusal("nightly_busy", "busy", "忙")

    monkeypatch.setattr("flows.jobs.night.night.run_nightly", refuse)
    (tmp_path / "raw").mkdir()
    done = CliRunner().invoke(cli, ["nightly", "--direct", *options(City(tmp_path))])
    assert (done.exit_code, sent) == (1, ["failed"])


@pytest.mark.parametrize(
    "wrong", [["--at", "24:00"], ["--at", "2"], ["--timezone", "Mars/Base"], ["--every", "0"]]
)
def test_serve_refuses_what_is_no_schedule(wrong: list[str]) -> None:
    assert CliRunner().invoke(cli, ["serve", *wrong]).exit_code == 2


def order(tmp_path: Path, **more: Any) -> ServeOrder:
    return ServeOrder(NightlyOrder(tmp_path / "tables"), tmp_path / "home", **more)


def test_a_night_is_due_once_a_day(tmp_path: Path) -> None:
    def due(hour: int) -> datetime:
        now = datetime(2021, 7, 5, hour, 30, tzinfo=SHANGHAI)
        return datetime.fromtimestamp(last_due(order(tmp_path), now), SHANGHAI)

    assert (due(1).day, due(3).day, due(3).hour) == (4, 5, 2)


def test_a_missed_night_is_known_by_its_ledger(tmp_path: Path) -> None:
    asked = order(tmp_path)
    assert not was_missed(asked), "nothing ever ran here"
    write_ledger(tmp_path / "tables", Ledger())
    assert not was_missed(asked)
    path = tmp_path / "tables/nightly.json"
    os.utime(path, (0, 0))
    assert was_missed(asked)
    assert not was_missed(order(tmp_path, every=60.0))
    write_ledger(tmp_path / "tables", Ledger(unfinished="host:1"))
    assert was_missed(asked)


def test_the_plan_is_cron_in_its_own_time_zone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    service = serve.Service(order(tmp_path, at="5:07"), lambda _: None, "http://127.0.0.1:1/api")
    plan = service.plan()
    assert (plan.cron, plan.timezone, plan.now) == ("7 5 * * *", "Asia/Shanghai", False)
    assert SchedulePlan(**json.loads(plan.as_json())) == plan
    folders = Folders(Path("tables")).as_environment()
    assert len(folders) == 4
    assert all(Path(path).is_absolute() for path in folders.values())


def test_only_one_service_has_the_records(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(Refusal, match="already_serving"), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass


def test_a_child_that_keeps_dying_waits_longer_each_time() -> None:
    child = Child("runner", ["-c", ""])
    child.started = time.monotonic()
    assert [child.delay() for _ in range(8)] == [2, 4, 8, 16, 32, 60, 60, 60]
    child.started -= 3600
    assert child.delay() == 1


def test_a_child_ends_with_all_that_it_started(tmp_path: Path) -> None:
    script = (
        "import subprocess, sys, time;"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
        f"open({str(tmp_path / 'pid')!r} + '.new', 'w').write(str(p.pid));"
        f"import os; os.rename({str(tmp_path / 'pid')!r} + '.new', {str(tmp_path / 'pid')!r});"
        "time.sleep(600)"
    )
    child = Child("x", ["-c", script])
    child.start(dict(os.environ))
    assert child.pid is not None
    while not (tmp_path / "pid").exists():
        time.sleep(0.05)
    grandchild = int((tmp_path / "pid").read_text())
    child.stop()
    assert child.pid is None
    while Path(f"/proc/{grandchild}/stat").exists():
        if Path(f"/proc/{grandchild}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            break
        time.sleep(0.05)


#: What takes the place of server and runner: one answers at the socket it is handed, one waits.
LIGHT = {
    "server": """
import http.server, socket, sys

class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Answer, bind_and_activate=False)
server.socket = socket.socket(fileno=int(sys.argv[1]))
server.serve_forever()
""",
    "runner": "import time; time.sleep(600)",
}


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[serve.Service]:
    """The watch at work, over light programs."""
    (tmp_path / "light/flows").mkdir(parents=True)
    for name, program in LIGHT.items():
        (tmp_path / f"light/flows/{name}.py").write_text(program)
    monkeypatch.setattr("flows.serve.python_path", lambda: str(tmp_path / "light"))
    monkeypatch.setattr(Child, "delay", lambda _: 0.0)
    (tmp_path / "home").mkdir()
    with listen(0) as listening:
        made = serve.Service(order(tmp_path), lambda _: None, url_of(listening), listening)
        watch = threading.Thread(target=made.run)
        watch.start()
        yield made
        made.asked_to_stop = True
        watch.join()


@pytest.mark.parametrize("died", [["server"], ["runner"], ["server", "runner"]], ids="-".join)
def test_what_dies_is_started_again_where_it_was(
    died: list[str], service: serve.Service, tmp_path: Path
) -> None:
    """The server answers where it did; the runner is told to make up the night that it left."""
    status = tmp_path / "home" / serve.STATUS

    def pids(known: dict[str, int]) -> dict[str, int]:
        """Return the children's numbers, once all of them live and none is known."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = json.loads(status.read_text()) if status.exists() else {}
            now = {name: found[name] for name in LIGHT if found.get(name)}
            if len(now) == len(LIGHT) and not known.items() & now.items():
                return now
            time.sleep(0.05)
        raise AssertionError(status)

    first = pids({})
    assert '"now": false' in service.children[1].arguments[-1]
    write_ledger(tmp_path / "tables", Ledger(unfinished="host:1"))
    for name in died:
        os.kill(first[name], signal.SIGKILL)
    then = pids({name: first[name] for name in died})
    assert {name for name in LIGHT if then[name] != first[name]} == set(died)
    assert is_healthy(service.api_url)
    assert ('"now": true' in service.children[1].arguments[-1]) == ("runner" in died)


@pytest.mark.skipif(sys.platform != "linux", reason="the system call is Linux's")
def test_children_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = (
        "import os, time; from flows.processes import Child;"
        "c = Child('x', ['-c', 'import time; time.sleep(600)']); c.start(dict(os.environ));"
        "print(c.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    while Path(f"/proc/{pid}").exists():
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="the system call is Linux's")
def test_a_flow_ends_with_a_runner_that_is_killed() -> None:
    flow = (
        "import time; from flows.processes import end_with_runner;"
        "end_with_runner(); print('at work', flush=True); time.sleep(600)"
    )
    runner = (
        "import os, subprocess, sys, time; os.environ['KAOHE_RUNNER'] = str(os.getpid());"
        f"p = subprocess.Popen([sys.executable, '-c', {flow!r}], stdout=subprocess.PIPE);"
        "p.stdout.readline(); print(p.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", runner], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    number = int(parent.stdout.readline())
    assert alive(number)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + PATIENCE
    while alive(number):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_server_that_is_not_there_is_not_well() -> None:
    with listen(0) as nobody:
        url = url_of(nobody)
    assert not is_healthy(url)


def test_a_port_that_another_has_is_not_shared_and_what_we_have_nobody_else_gets() -> None:
    with listen(0) as ours, pytest.raises(Refusal, match="port_taken"):
        listen(ours.getsockname()[1])


def test_on_a_server_that_others_use_the_deployment_is_this_places(tmp_path: Path) -> None:
    url = "http://127.0.0.1:1/api"
    own = serve.Service(order(tmp_path), lambda _: None, url).plan()
    theirs = serve.Service(order(tmp_path, api_url=url), lambda _: None, url).plan()
    assert own.name == "nightly"
    assert theirs.name.startswith(f"nightly-{socket.gethostname()}-")
