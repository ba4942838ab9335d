"""``kaohe serve`` for real: against others, killed in the middle of a night, and stopped.

The others are another user of the machine, and web pages in a real browser. One service for all,
in a folder that anybody may enter (:mod:`tests.support.flows.service`). Waits on states, never on
times.
"""

from __future__ import annotations

import fcntl
import http.server
import json
import os
import stat
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from flows.jobs.guard import ask, read_credentials
from flows.jobs.night.ledger import read_ledger
from tests.support.flows.nights import City
from tests.support.flows.records import states
from tests.support.flows.service import DEPLOYMENT, PATIENCE, Office, alive
from tests.support.paths import CHROMIUM, ROOT
from tests.support.report.browser import FLAGS

JULY = date(2021, 7, 5)


@pytest.fixture
def office(service: Office) -> Office:
    service.serve()
    return service


def records(office: Office) -> dict[str, Any]:
    """Return what the server knows of flows, deployments and pools."""
    names = {}
    for kind in ("flows", "deployments", "work_pools", "variables"):
        names[kind] = sorted(each["name"] for each in office.ask(f"{kind}/filter", limit=100))
    return names


def pids(office: Office) -> list[int]:
    assert office.process is not None
    status = office.status()
    return [office.process.pid, status["server"], status["runner"]]


def test_credentials_are_in_a_file_of_ours_and_nowhere_else(office: Office) -> None:
    credentials = read_credentials(office.home)
    assert credentials is not None
    assert len(credentials) > 40
    assert stat.S_IMODE(office.home.stat().st_mode) == 0o700
    for name in ("credentials", "prefect.db"):
        assert stat.S_IMODE((office.home / name).stat().st_mode) == 0o600, name
    for pid in pids(office):
        assert credentials.encode() not in Path(f"/proc/{pid}/cmdline").read_bytes()
    secret = credentials.partition(":")[2]
    assert secret not in (office.city.root / "serve.log").read_text(errors="replace")
    assert secret not in (office.home / "serve.json").read_text()


def test_settings_in_the_folder_change_nothing(office: Office) -> None:
    with pytest.raises(OSError, match="401"):
        ask(office.status()["api_url"], "flows/filter", {"limit": 1}, "evil:evil")
    settings = office.ask("admin/settings")
    assert settings["server"]["api"]["default_limit"] == 200
    assert (office.home / "prefect.db").is_file()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_another_user_reads_nothing_and_runs_nothing(office: Office) -> None:
    before = records(office)
    program = (ROOT / "tests/support/flows/intruder.py").read_text(encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-c", program, office.status()["api_url"], str(office.home),
         *map(str, pids(office))],
        cwd="/", env={}, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["GET /api/health 200 {}"]
    assert records(office) == before


PAGE = """<!doctype html><title>elsewhere</title><body><script>
const url = %(url)s, got = [];
const body = JSON.stringify({name: "theirs"});
const tries = [
  ["health", () => fetch(url + "/health")],
  ["read", () => fetch(url + "/flows/filter", {method: "POST", body,
      headers: {"Content-Type": "application/json"}})],
  ["plain", () => fetch(url + "/flows/", {method: "POST", body,
      headers: {"Content-Type": "text/plain"}})],
  ["blind", () => fetch(url + "/flows/", {method: "POST", body, mode: "no-cors"})
      .then(answer => { if (answer.type !== "opaque") return answer; throw 0; })],
  ["login", () => fetch(url + "/flows/", {method: "POST", body, credentials: "include",
      headers: {Authorization: "Basic a2FvaGU6a2FvaGU="}})],
  ["socket", () => new Promise((resolve, reject) => {
      const socket = new WebSocket(url.replace("http", "ws") + "/events/out", "prefect");
      socket.onopen = resolve; socket.onerror = reject; socket.onclose = reject; })],
  ["form", () => new Promise((resolve, reject) => {
      const frame = document.createElement("iframe"), form = document.createElement("form");
      frame.name = "theirs"; form.target = "theirs"; form.method = "post";
      form.enctype = "text/plain"; form.action = url + "/flows/";
      const field = document.createElement("input");
      field.name = '{"name": "theirs", "x": "'; field.value = '"}'; form.append(field);
      document.body.append(frame, form);
      frame.onload = () => { try { frame.contentDocument.title; resolve(); } catch { reject(); } };
      form.submit(); })],
];
(async () => {
  for (const [name, attempt] of tries)
    try { await attempt(); got.push(name); } catch {}
  window.done = got;
})();
</script>"""


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_a_web_page_reads_nothing_and_runs_nothing(office: Office, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    before = records(office)
    url = office.status()["api_url"]
    (tmp_path / "page.html").write_text(PAGE % {"url": json.dumps(url)})
    port = url.removesuffix("/api").rpartition(":")[2]

    class Pages(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(tmp_path))

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    rule = "--host-resolver-rules=MAP evil.test 127.0.0.1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, rule])
        page = browser.new_page()
        for host in ("127.0.0.1", "localhost", "evil.test"):
            page.goto(f"http://{host}:{server.server_port}/page.html")
            page.wait_for_function("window.done")
            assert page.evaluate("window.done") == [], host
        # A page whose name points to this machine afterwards is of the server's own origin.
        for path in ("/api/health", "/api/flows/filter", "/"):
            answer = page.goto(f"http://evil.test:{port}{path}")
            assert answer is not None
            assert (answer.status, answer.text()) == (421, "refused")
        browser.close()
    server.shutdown()
    server.server_close()
    assert records(office) == before


def points(city: City) -> list[tuple[Any, ...]]:
    return city.rows("SELECT as_of, entity, points FROM scorecards WHERE level = 'total'")


def have_ours_run_by_what_is_not_ours(office: Office) -> tuple[str, Path]:
    """Use the credentials to have other code run, and ask for a night of ours; return its run.

    The other code writes a file, which is returned, too.
    """
    marker = office.city.root / "ran"
    code = office.city.root / "theirs.py"
    code.write_text(
        f"from prefect import flow\nopen({str(marker)!r}, 'w')\n@flow\ndef nightly():\n    pass\n"
    )
    script = {"prefect.deployments.steps.run_shell_script": {"script": f"touch {marker}"}}
    deployment = office.ask(DEPLOYMENT)
    changed = {"entrypoint": f"{code}:nightly", "path": str(code.parent), "pull_steps": [script]}
    office.ask(f"deployments/{deployment['id']}", method="PATCH", wanted=changed)
    theirs = office.ask(
        "deployments/", wanted={"name": "theirs", "flow_id": deployment["flow_id"]} | changed
    )  # fmt: skip
    run, ours = office.create_run(theirs["id"]), office.create_run()
    office.wait_for("our night at work", office.waiting_for_lock)
    office.wait_for("its state", lambda: office.runs("Running"))
    assert office.ask(f"flow_runs/{ours}")["state"]["type"] == "RUNNING"
    assert office.ask(f"flow_runs/{run}")["state"]["type"] == "SCHEDULED"
    return ours, marker


def wait_for_the_end_of(numbers: list[int]) -> None:
    deadline = time.monotonic() + PATIENCE
    while left := [number for number in numbers if alive(number)]:
        assert time.monotonic() < deadline, left
        time.sleep(0.1)


def test_killed_in_a_night_made_good_and_stopped_on_schedule(office: Office) -> None:
    """Who has the credentials and changes the deployment has our flow run and nothing else."""
    city = office.city
    before, current = points(city), city.current()

    # The service is killed in the middle of a night, while that waits for the warehouse's lock:
    # server, runner and the flow's process end with it.
    with (city.warehouse / "lock").open("a") as lock:
        fcntl.flock(lock.fileno(), fcntl.LOCK_EX)
        city.put_return("市统计局", JULY)
        killed, marker = have_ours_run_by_what_is_not_ours(office)
        left = [*pids(office), office.waiting_for_lock() or 0]
        assert office.process is not None
        office.process.kill()
        office.process.wait()
        wait_for_the_end_of(left)
    assert (points(city), city.current()) == (before, current)

    # It is started again, the run is ended, and the next one makes it good.
    office.start(every=20)  # more often is a process a night for nothing
    ended = office.wait_for("the killed run's end", lambda: office.runs("Crashed"))
    assert killed in {run["id"] for run in ended}
    office.wait_for("the end of it", office.word.exists)
    assert len(points(city)) == len(before) + 3
    assert {row[2] for row in points(city) if row[0] == JULY} == {40.0}
    assert read_ledger(city.warehouse).unfinished is None
    assert city.inbox_files() == []
    assert not marker.exists()

    # It left its summary.
    artifacts = office.ask("artifacts/filter", artifacts={"key": {"any_": ["nightly"]}})
    told = [each["data"] for each in artifacts if "市统计局.csv" in each["data"]]
    assert [each for each in told if "上一次运行未结束，本次已补做" in each]
    office.wait_for("its end", lambda: office.runs("Completed"))
    assert set(office.word.read_text().split()) == {"completed"}

    # One automation, one limit, however often it is registered.
    names = [each["name"] for each in office.ask("automations/filter", limit=50)]
    assert names == ["kaohe: a run without a heartbeat has crashed"]
    deployment = office.ask(DEPLOYMENT)
    assert deployment["global_concurrency_limit"]["limit"] == 1
    assert deployment["concurrency_options"]["collision_strategy"] == "ENQUEUE"

    # A run comes on schedule, and the service is asked to end in the middle of it.
    with (city.warehouse / "lock").open("a") as lock:
        fcntl.flock(lock.fileno(), fcntl.LOCK_EX)
        city.put_return("市财政局", JULY)
        flow = office.wait_for("a run at work", office.waiting_for_lock)
        run = office.wait_for("the run's state", lambda: office.runs("Running"))[0]
        assert "auto-scheduled" in run["tags"]
        left = [*pids(office), flow]
        assert office.stop() == 0, office.told()
    assert not [number for number in left if alive(number)]
    assert set(states(office.home)) <= {"COMPLETED", "CRASHED", "SCHEDULED"}
    assert not office.status()
