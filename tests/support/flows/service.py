"""A city that ``kaohe serve`` serves, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flows.jobs.guard import ask, read_credentials
from flows.jobs.night.ledger import read_ledger
from tests.support.flows.nights import City
from tests.support.flows.records import copy_records
from tests.support.paths import ROOT

PATIENCE = 240.0
DEPLOYMENT = "deployments/name/nightly/nightly"


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Office:
    """A city that is served, with the process that serves it."""

    def __init__(self, root: Path, records: Path) -> None:
        self.city = City(root)
        self.home = copy_records(records, root / "prefect")
        self.word = root / "word"
        self.log = (root / "serve.log").open("wb")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, every: int = 10) -> None:
        """Serve, with a night every so many seconds."""
        script = "import os, sys; open(sys.argv[1], 'a').write(os.environ['KAOHE_EVENT'] + ' ')"
        command = [sys.executable, "-c", script, str(self.word)]
        (self.city.root / "kaohe.toml").write_text(
            f'[notify]\ncommand = {json.dumps(command)}\non = ["completed", "crashed"]\n'
        )
        arguments = ["serve", "--every", str(every), "--warehouse", "tables", "--raw", "raw",
                     "--out", "site"]  # fmt: skip
        env = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from flows.cli.main import main; main()", *arguments],
            cwd=self.city.root,
            stdout=self.log,
            stderr=self.log,
            env=env | {
                "PREFECT_HOME": str(self.home),
                "PYTHONPATH": str(ROOT),
                "PREFECT_RUNNER_POLL_FREQUENCY": "1",
                "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2",
                "PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS": "2",
            },
        )  # fmt: skip

    def ready(self) -> None:
        """Wait until a runner has registered the schedule."""
        self.wait_for("a runner", lambda: self.status().get("runner"))
        self.wait_for("the schedule", lambda: self.has_answered(DEPLOYMENT))

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
            time.sleep(0.4)  # more often is at the cost of the server that is waited for
        raise AssertionError(f"waited too long for {what}\n{self.told()}")

    def status(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self.home / "serve.json").read_text())
        except FileNotFoundError:
            return {}
        return found

    def has_answered(self, path: str) -> bool:
        """Say whether the server knows of something by now."""
        try:
            self.ask(path)
        except OSError:
            return False
        return True

    def ask(self, path: str, method: str | None = None, wanted: Any = None, **more: Any) -> Any:
        """Ask the API with the service's credentials, again where it has much to do."""
        body = wanted or more or None
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return ask(
                    self.status()["api_url"], path, body, read_credentials(self.home), method
                )
            except (urllib.error.HTTPError, TimeoutError) as error:
                busy = isinstance(error, TimeoutError) or error.code == 503
                if not busy or time.monotonic() > deadline:
                    raise
            time.sleep(0.2)

    def create_run(self, deployment_id: str | None = None) -> str:
        """Have a deployment, ours where none is named, run at once; return the run's id."""
        number = deployment_id or self.ask(DEPLOYMENT)["id"]
        run = self.ask(f"deployments/{number}/create_flow_run", state={"type": "SCHEDULED"})
        return str(run["id"])

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

    def waiting_for_lock(self) -> int | None:
        """Return the process of the night that is at work, once it waits for the lock."""
        mark = read_ledger(self.city.warehouse).unfinished
        if mark is None:
            return None
        pid = int(mark.rpartition(":")[2])
        try:
            open_files = [str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir()]
        except OSError:
            return None
        return pid if str(self.city.warehouse / "lock") in open_files else None
