"""A city that ``kaohe serve`` serves, in a process of its own, for all who need a Prefect server.

It lies in a folder that anybody may enter and that holds settings which Prefect would read if it
were started there.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from flows.jobs.guard import ask, read_credentials
from flows.jobs.night.ledger import read_ledger
from flows.jobs.night.night import run_nightly
from tests.support.flows.nights import City
from tests.support.flows.records import copy_records
from tests.support.paths import ROOT
from tests.support.report.charts import leave_charts_out

PATIENCE = 240.0
DEPLOYMENT = "deployments/name/nightly/nightly"
SETTINGS = {
    "PREFECT_SERVER_API_AUTH_STRING": "evil:evil",
    "PREFECT_API_AUTH_STRING": "evil:evil",
    "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": "*",
    "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": "*",
    "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "false",
    "PREFECT_SERVER_UI_ENABLED": "true",
    "PREFECT_API_URL": "http://127.0.0.1:9/api",
    "PREFECT_SERVER_DATABASE_CONNECTION_URL": "sqlite+aiosqlite:////tmp/not-there/theirs.db",
    "PREFECT_SERVER_API_DEFAULT_LIMIT": "7",
}


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Office:
    """A city that is served, with the process that serves it."""

    def __init__(self, root: Path) -> None:
        self.city = City(root)
        self.home = root / "prefect"
        self.records = root / "records of no runs"
        self.word = root / "word"
        self.log = (root / "serve.log").open("wb")
        self.process: subprocess.Popen[bytes] | None = None
        root.chmod(0o755)
        (root / ".env").write_text("".join(f"{name}={value}\n" for name, value in SETTINGS.items()))
        lines = [f"{name} = {json.dumps(value)}" for name, value in SETTINGS.items()]
        profiles = 'active = "theirs"\n[profiles.theirs]\n' + "\n".join(lines)
        (root / "profiles.toml").write_text(profiles)
        (root / "prefect.toml").write_text('[server.api]\nauth_string = "evil:evil"\n')
        self.home.mkdir(mode=0o755)
        (self.home / "profiles.toml").write_text(profiles)

    def serve(self) -> None:
        """Have it served, if it is not, with no night of itself; return when it is."""
        if not self.served():
            self.start(every=86_400)
            self.wait_for("a runner", lambda: self.status().get("runner"))
            self.wait_for("the schedule", lambda: self.has_answered(DEPLOYMENT))

    def served(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self, every: int) -> None:
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
                "PREFECT_RUNNER_POLL_FREQUENCY": "3",  # each is at the cost of the server
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
            assert self.served(), self.told()
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
        """Return our deployment's runs in states of these names, the latest first."""
        if not self.status():
            return []
        state = {"name": {"any_": list(names)}}
        try:
            found: list[dict[str, Any]] = self.ask(
                "flow_runs/filter",
                flow_runs={"state": state},
                deployments={"name": {"any_": ["nightly"]}},
                sort="START_TIME_DESC",
                limit=50,
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


@contextmanager
def office_served() -> Iterator[Office]:
    """Have a city served whose notice has landed, as every night of the service finds it."""
    root = Path(tempfile.mkdtemp(prefix="kaohe-open-"))
    office = Office(root)
    try:
        office.city.put_notice("tianhe-2021", sidecar="issued_on = 2021-03-01\n")
        with pytest.MonkeyPatch.context() as patch:
            leave_charts_out(patch)
            run_nightly(office.city.order(), lambda _: None)
        office.serve()
        copy_records(office.home, office.records)
        yield office
    finally:
        if office.served():
            office.stop()
        office.log.close()
        shutil.rmtree(root)
