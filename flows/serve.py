"""``kaohe serve``: keeps a Prefect server and a runner of the nights alive.

One process watches over the others. What dies is started again, after a while that grows; what
was running when a runner died is settled, so that it blocks nobody. SIGTERM ends the runner, which
marks a run that this cut short as crashed, then ends the server; the next start makes it good.
Nothing listens beyond this machine, and who it talks to is told in :mod:`flows.jobs.guard` and
:mod:`flows.server`.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from common.files import sha256_of_bytes, write_atomically
from common.isolated import python_path
from common.numbers import show
from common.refusal import refusal
from flows.jobs.folders import Folders
from flows.jobs.guard import (
    CREDENTIALS,
    guarded,
    keep_credentials,
    new_credentials,
    private_folder,
    without_decided,
)
from flows.jobs.ingest import Progress
from flows.jobs.night import ledger as nightly_ledger
from flows.jobs.night.summary import NightlyOrder
from flows.processes import Child, is_healthy, listen, only_one, url_of
from flows.schedule import HEARTBEAT_SECONDS, NAME, SchedulePlan

STATUS = "serve.json"
_START_SECONDS = 180.0
_POLL, _CHECK_EVERY = 0.5, 15.0


@dataclass(frozen=True, slots=True)
class ServeOrder:
    """What is kept on which schedule. ``at`` is a time of day; ``every`` (seconds) is for trying.

    ``home`` holds Prefect's records; ``api_url`` names a server to use instead of an own one;
    ``ui`` asks for Prefect's pages on the own one.
    """

    night: NightlyOrder
    home: Path
    at: str = "02:00"
    timezone: str = "Asia/Shanghai"
    every: float | None = None
    port: int = 0
    api_url: str | None = None
    ui: bool = False


class Stopped(Exception):  # noqa: N818 - no error: somebody asked for the end
    """The service was asked to end."""


@dataclass(slots=True)
class Service:
    """The watch over the processes; ``listening`` is the own server's socket, if there is one."""

    order: ServeOrder
    progress: Progress
    api_url: str
    listening: socket.socket | None = None
    credentials: str = field(default_factory=new_credentials, repr=False)
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
        folder = private_folder(self.order.home.absolute() / "run")
        if self.listening is not None:
            keep_credentials(self.order.home, self.credentials)
            number = self.listening.fileno()
            arguments = ["-m", "flows.server", str(number), *(["--ui"] if self.order.ui else [])]
            server = Child("server", arguments, folder, (number,))
            self.children.append(server)
            self._start(server)
        self._wait_for_server()
        runner = Child("runner", [], folder)
        self.children.append(runner)
        self._start(runner)

    def plan(self) -> SchedulePlan:
        """Return what is to be registered; a night that was missed or cut short is made up now."""
        hour, minute = self.order.at.split(":")
        return SchedulePlan(
            self._name(),
            f"{int(minute)} {int(hour)} * * *",
            self.order.timezone,
            self.order.every,
            now=was_missed(self.order),
        )

    def _name(self) -> str:
        """Return the deployment's name; on a server that others use, too, it is this place's."""
        if self.order.api_url is None:
            return NAME
        place = sha256_of_bytes(bytes(self.order.night.warehouse.absolute()))[:6]
        return f"{NAME}-{socket.gethostname()}-{place}"

    def _start(self, child: Child) -> None:
        if child.name == "runner":
            child.arguments = ["-m", "flows.runner", self.plan().as_json()]
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
        if child.name == "runner":
            self._wait_for_server()
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

    def _pause(self, seconds: float) -> None:
        """Sleep, but wake for a signal to stop."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self.asked_to_stop and not self.going_down:
                raise Stopped
            time.sleep(min(left, 0.1))

    def _down(self) -> None:
        """End the runner, which settles what it was running, then the server."""
        self.going_down = True
        for child in reversed(self.children):
            child.stop()
        for name in (STATUS, CREDENTIALS):
            (self.order.home / name).unlink(missing_ok=True)

    def _env(self) -> dict[str, str]:
        """Return the environment of the children.

        They work in an empty folder of ours and know of no profiles, so that no ``.env`` or
        ``prefect.toml`` of the folder where the service was started decides anything.
        """
        config = Path(os.environ.get("KAOHE_CONFIG", "kaohe.toml")).absolute()
        inherited = dict(os.environ)
        if self.listening is not None:
            origin = self.api_url.removesuffix("/api")
            own = guarded(self.credentials, origin, ui=self.order.ui)
            inherited = without_decided(inherited) | own
        return inherited | self._folders().as_environment() | {
            "PREFECT_API_URL": self.api_url,
            "PREFECT_HOME": str(self.order.home.absolute()),
            "PREFECT_PROFILES_PATH": os.devnull,
            "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_SECONDS),
            "PREFECT_CLI_PROMPT": "false",
            "KAOHE_CONFIG": str(config),
            "PYTHONPATH": python_path(),
        }  # fmt: skip

    def _folders(self) -> Folders:
        night = self.order.night
        return Folders(night.warehouse, night.raw, night.out, night.replies)

    def _write_status(self) -> None:
        """Say in a file which processes there are."""
        pids = {child.name: child.pid for child in self.children}
        status = {"api_url": self.api_url, "pid": os.getpid(), **pids}
        write_atomically(self.order.home / STATUS, json.dumps(status).encode())

    def _schedule_text(self) -> str:
        if self.order.every is not None:
            return f"nightly every {show(self.order.every)} s"
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
    with only_one(order.home), ExitStack() as held:
        if order.api_url is None:
            listening = held.enter_context(listen(order.port))
            service = Service(order, progress, url_of(listening), listening)
        else:
            service = Service(order, progress, order.api_url)

        def stop(*_: object) -> None:
            service.asked_to_stop = True

        # Set here also because a shell starts background jobs with SIGINT ignored, which the
        # children would inherit: a signal that is handled is theirs to handle.
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(name, stop)
        service.run()
