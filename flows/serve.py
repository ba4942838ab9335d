"""``kaohe serve``: keeps a Prefect server, the nightly deployment and a worker alive.

One process watches over the others. What dies is started again, after a while that grows; what
was running when a worker died is settled, so that it blocks nobody. SIGTERM ends the worker, marks
a run that this cut short as crashed, then ends the server; the next start makes it good. Nothing
listens beyond this machine.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from common.files import write_atomically
from common.isolated import python_path
from common.refusal import refusal
from flows.jobs.ingest import Progress
from flows.jobs.night import ledger as nightly_ledger
from flows.jobs.night.summary import NightlyOrder
from flows.processes import Child, free_port, is_healthy, only_one, port_of
from flows.schedule import HEARTBEAT_SECONDS, POOL, SchedulePlan

STATUS = "serve.json"
_START_SECONDS, _ASIDE_SECONDS, _TRIES = 180.0, 180.0, 3
_POLL, _CHECK_EVERY = 0.5, 15.0


@dataclass(frozen=True, slots=True)
class ServeOrder:
    """What is kept on which schedule. ``at`` is a time of day; ``every`` (seconds) is for trying.

    ``home`` holds Prefect's records; ``api_url`` names a server to use instead of an own one.
    """

    night: NightlyOrder
    home: Path
    at: str = "02:00"
    timezone: str = "Asia/Shanghai"
    every: float | None = None
    port: int = 0
    api_url: str | None = None


class Stopped(Exception):  # noqa: N818 - no error: somebody asked for the end
    """The service was asked to end."""


@dataclass(slots=True)
class Service:
    """The watch over the processes."""

    order: ServeOrder
    progress: Progress
    api_url: str
    children: list[Child] = field(default_factory=list)
    checked: float = 0.0
    asked_to_stop: bool = False
    going_down: bool = False

    def run(self) -> None:
        """Start everything and keep it alive until asked to stop."""
        try:
            self._up()
            self.progress(f"serving: {self._schedule_text()}; Prefect at {self.api_url}")
            while True:
                self._watch()
                self._pause(_POLL)
        except Stopped:
            self.progress("stopping")
        finally:
            self._down()

    def _up(self) -> None:
        if self.order.api_url is None:
            server = Child("server", ["-m", "prefect", "server", "start", "--host", "127.0.0.1",
                                      "--port", str(port_of(self.api_url)),
                                      "--log-level", "WARNING"])  # fmt: skip
            self.children.append(server)
            self._start(server)
        self._wait_for_server()
        self._settle()
        self._register()
        worker = Child("worker", ["-m", "prefect", "worker", "start", "--pool", POOL,
                                  "--type", "process",
                                  "--name", f"kaohe@{socket.gethostname()}"])  # fmt: skip
        self.children.append(worker)
        self._start(worker)

    def _register(self) -> None:
        if not any(self._aside("register", self.plan().as_json()) for _ in range(_TRIES)):
            raise refusal("flows.not_registered", address=self.api_url)

    def plan(self) -> SchedulePlan:
        """Return what is to be registered; a night that was missed or cut short is made up now."""
        hour, minute = self.order.at.split(":")
        night = self.order.night
        return SchedulePlan(
            str(night.warehouse.absolute()),
            str(night.raw.absolute()),
            str(night.out.absolute()),
            str(Path.cwd()),
            f"{int(minute)} {int(hour)} * * *",
            self.order.timezone,
            self.order.every,
            now=was_missed(self.order),
        )

    def _start(self, child: Child) -> None:
        self.progress(f"starting {child.name}")
        child.start(self._env())
        self._write_status()

    def _watch(self) -> None:
        """Start what has died; ask the server now and then whether it is well."""
        for child in self.children:
            if child.pid is None:
                self._restart(child)
        if time.monotonic() - self.checked > _CHECK_EVERY:
            self.checked = time.monotonic()
            if not is_healthy(self.api_url):
                self.progress("the server does not answer")

    def _restart(self, child: Child) -> None:
        seconds = child.delay()
        self.progress(f"{child.name} has ended; starting it again in {seconds:.0f} s")
        child.stop()
        self._pause(seconds)
        if child.name == "worker":
            self._wait_for_server()
            self._settle()
        self._start(child)
        if child.name == "server":
            self._wait_for_server()

    def _wait_for_server(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not is_healthy(self.api_url):
            if time.monotonic() > deadline:
                raise refusal("flows.no_server", address=self.api_url)
            server = next((child for child in self.children if child.name == "server"), None)
            if server is not None and server.pid is None:
                self._pause(server.delay())
                self._start(server)
            self._pause(_POLL)

    def _aside(self, *arguments: str) -> bool:
        """Run one piece of bookkeeping in a process of its own; say whether it went well."""
        child = Child(arguments[0], ["-m", "flows.schedule", *arguments])
        child.start(self._env())
        deadline = time.monotonic() + _ASIDE_SECONDS
        try:
            while child.pid is not None and time.monotonic() < deadline:
                self._pause(_POLL)
        finally:
            child.stop()
        went_well = child.process is not None and child.process.returncode == 0
        if not went_well:
            self.progress(f"{arguments[0]} did not succeed")
        return went_well

    def _settle(self, *how: str) -> None:
        """End the runs that a dead worker left; on others' servers the automation does."""
        if self.order.api_url is None:
            self._aside("settle", *how)

    def _pause(self, seconds: float) -> None:
        """Sleep, but wake for a signal to stop."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self.asked_to_stop and not self.going_down:
                raise Stopped
            time.sleep(min(left, 0.1))

    def _down(self) -> None:
        """End the worker, settle what it was running, end the server."""
        worker = [child for child in self.children if child.name == "worker"]
        server = [child for child in self.children if child.name == "server"]
        self.going_down = True
        for child in worker:
            if self.order.api_url is not None and child.pid is not None:
                self._aside("settle-worker", str(child.pid))
            child.stop()
        if worker and is_healthy(self.api_url):
            self._settle("--end-living")
        for child in server:
            child.stop()
        (self.order.home / STATUS).unlink(missing_ok=True)

    def _env(self) -> dict[str, str]:
        config = Path(os.environ.get("KAOHE_CONFIG", "kaohe.toml")).absolute()
        return os.environ | {
            "PREFECT_API_URL": self.api_url,
            "PREFECT_HOME": str(self.order.home.absolute()),
            "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_SECONDS),
            "PREFECT_CLI_PROMPT": "false",
            "KAOHE_CONFIG": str(config),
            "PYTHONPATH": python_path(),
        }

    def _write_status(self) -> None:
        """Say in a file which processes there are."""
        pids = {child.name: child.pid for child in self.children}
        status = {"api_url": self.api_url, "pid": os.getpid(), **pids}
        write_atomically(self.order.home / STATUS, json.dumps(status).encode())

    def _schedule_text(self) -> str:
        if self.order.every is not None:
            return f"nightly every {self.order.every:g} s"
        return f"nightly at {self.order.at} {self.order.timezone}"


def was_missed(order: ServeOrder) -> bool:
    """Say whether the night before now did not run to its end, although nights have run here."""
    warehouse = order.night.warehouse
    try:
        ended = (warehouse / nightly_ledger.NAME).stat().st_mtime
    except OSError:
        return False
    if nightly_ledger.read_ledger(warehouse).unfinished is not None:
        return True
    return order.every is None and ended < last_due(order, datetime.now(ZoneInfo(order.timezone)))


def last_due(order: ServeOrder, now: datetime) -> float:
    """Return the time, in seconds, at which a night was last due."""
    hour, minute = map(int, order.at.split(":"))
    due = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return (due if due <= now else due - timedelta(days=1)).timestamp()


def serve(order: ServeOrder, progress: Progress) -> None:
    """Serve until SIGTERM or SIGINT; the whole of ``kaohe serve``."""
    url = order.api_url or f"http://127.0.0.1:{order.port or free_port()}/api"
    with only_one(order.home):
        service = Service(order, progress, url)

        def stop(*_: object) -> None:
            service.asked_to_stop = True

        # Set here also because a shell starts background jobs with SIGINT ignored, which the
        # children would inherit: a signal that is handled is theirs to handle.
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(name, stop)
        service.run()
