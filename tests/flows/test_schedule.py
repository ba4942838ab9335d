"""The schedule for real: a Prefect server and a worker on loopback, killed in the middle of a run.

Waits on states, never on times; one service for the whole file.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from flows.jobs.night.ledger import read_ledger
from tests.support.flows.nights import City
from tests.support.paths import ROOT

JULY = date(2021, 7, 5)
PATIENCE = 240.0


class Office:
    """A city that is served, with the process that serves it."""

    def __init__(self, root: Path) -> None:
        self.city = City(root)
        self.home = root / "prefect"
        self.word = root / "word"
        self.log = (root / "serve.log").open("wb")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        script = "import os, sys; open(sys.argv[1], 'a').write(os.environ['KAOHE_EVENT'] + ' ')"
        command = [sys.executable, "-c", script, str(self.word)]
        (self.city.root / "kaohe.toml").write_text(
            f'[notify]\ncommand = {json.dumps(command)}\non = ["completed", "crashed"]\n'
        )
        arguments = ["serve", "--every", "10", "--warehouse", "tables", "--raw", "raw", "--out",
                     "site"]  # fmt: skip
        env = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from flows.cli.main import main; main()", *arguments],
            cwd=self.city.root,
            stdout=self.log,
            stderr=self.log,
            env=env | {
                "PREFECT_HOME": str(self.home),
                "PYTHONPATH": str(ROOT),
                "PREFECT_WORKER_QUERY_SECONDS": "1",
                "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2",
                "PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS": "2",
            },
        )  # fmt: skip

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def told(self) -> str:
        return (self.city.root / "serve.log").read_text(errors="replace")[-6000:]

    def wait_for(self, what: str, met: Callable[[], Any]) -> Any:
        """Wait until something is so, and return it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if found := met():
                return found
            assert self.process is not None
            assert self.process.poll() is None, self.told()
            time.sleep(0.2)
        raise AssertionError(f"waited too long for {what}\n{self.told()}")

    def status(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self.home / "serve.json").read_text())
        except FileNotFoundError:
            return {}
        return found

    def ask(self, path: str, **wanted: Any) -> Any:
        request = urllib.request.Request(
            f"{self.status()['api_url']}/{path}",
            data=json.dumps(wanted).encode() if wanted else None,
            headers={"Content-Type": "application/json"},
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            return json.load(answer)

    def runs(self, *names: str) -> list[dict[str, Any]]:
        """Return the runs in states of these names, the latest first."""
        if not self.status():
            return []
        state = {"name": {"any_": list(names)}}
        try:
            found: list[dict[str, Any]] = self.ask(
                "flow_runs/filter", flow_runs={"state": state}, sort="START_TIME_DESC", limit=50
            )
        except OSError:
            return []
        return found


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = Office(tmp_path_factory.mktemp("office"))
    made.city.put_notice("tianhe-2021", sidecar="issued_on = 2021-03-01\n")
    made.start()
    yield made
    if made.process is not None and made.process.poll() is None:
        made.stop()
    made.log.close()


def points(city: City) -> list[tuple[Any, ...]]:
    return city.rows("SELECT as_of, entity, points FROM scorecards WHERE level = 'total'")


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def waiting_for_lock(city: City) -> int | None:
    """Return the process of the night that is at work, once it waits for the warehouse's lock."""
    mark = read_ledger(city.warehouse).unfinished
    if mark is None:
        return None
    pid = int(mark.rpartition(":")[2])
    try:
        open_files = [str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir()]
    except OSError:
        return None
    return pid if str(city.warehouse / "lock") in open_files else None


def test_scheduled_killed_and_made_good(office: Office) -> None:
    city = office.city

    # A run happens on schedule, and leaves its summary.
    done = office.wait_for("a scheduled run", lambda: office.runs("Completed"))
    assert "auto-scheduled" in done[0]["tags"]
    artifacts = office.ask("artifacts/filter", artifacts={"key": {"any_": ["nightly"]}})
    assert "通知" in artifacts[-1]["data"]
    assert office.word.read_text().split() == ["completed"]
    before, current = points(city), city.current()

    # Worker and flow are killed in the middle of a run that waits for the warehouse's lock.
    with (city.warehouse / "lock").open("a") as lock:
        fcntl.flock(lock.fileno(), fcntl.LOCK_EX)
        city.put_return("市统计局", JULY)
        flow = office.wait_for("a run at work", lambda: waiting_for_lock(city))
        killed = office.wait_for("the run's state", lambda: office.runs("Running"))[0]
        worker = office.status()["worker"]
        os.kill(worker, signal.SIGKILL)
        os.kill(flow, signal.SIGKILL)
        office.wait_for("their end", lambda: not alive(worker) and not alive(flow))
        assert (points(city), city.current()) == (before, current)

    # The worker is started again, the run is ended, and the next one makes it good.
    office.wait_for("a new worker", lambda: office.status().get("worker") not in {None, worker})
    ended = office.wait_for("the killed run's end", lambda: office.runs("Crashed"))
    assert killed["id"] in {run["id"] for run in ended}
    office.wait_for("the scores", lambda: len(points(city)) == len(before) + 3)
    assert {row[2] for row in points(city) if row[0] == JULY} == {40.0}
    office.wait_for("the end of it", lambda: read_ledger(city.warehouse).unfinished is None)
    assert city.inbox_files() == []

    # The server dies too, and comes back.
    server = office.status()["server"]
    os.kill(server, signal.SIGKILL)
    office.wait_for("a new server", lambda: office.status().get("server") not in {None, server})
    office.wait_for("its answer", lambda: office.runs("Completed"))

    # One automation, one limit, however often it is registered.
    names = [each["name"] for each in office.ask("automations/filter", limit=50)]
    assert names == ["kaohe: a run without a heartbeat has crashed"]
    deployment = office.ask("deployments/name/nightly/nightly")
    assert deployment["global_concurrency_limit"]["limit"] == 1
    assert deployment["concurrency_options"]["collision_strategy"] == "ENQUEUE"


def test_stopped_leaves_nothing_running(office: Office) -> None:
    city = office.city
    with (city.warehouse / "lock").open("a") as lock:
        fcntl.flock(lock.fileno(), fcntl.LOCK_EX)
        city.put_return("市财政局", JULY)
        flow = office.wait_for("a run at work", lambda: waiting_for_lock(city))
        office.wait_for("the run's state", lambda: office.runs("Running"))
        pids = [office.status()[name] for name in ("server", "worker")]
        assert office.stop() == 0, office.told()
    assert not [pid for pid in (*pids, flow) if alive(pid)]
    assert states_in_records(office.home) <= {"COMPLETED", "CRASHED", "SCHEDULED"}
    assert not office.status()


def states_in_records(home: Path) -> set[str]:
    """Return the types of all runs' states, read from Prefect's own database."""
    import sqlite3

    with sqlite3.connect(home / "prefect.db") as records:
        rows = records.execute("SELECT DISTINCT state_type FROM flow_run").fetchall()
    return {str(row[0]) for row in rows}
