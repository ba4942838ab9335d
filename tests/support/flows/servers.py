"""A Prefect server of the tests' own, on loopback, with records of its own."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from common.isolated import python_path
from flows.jobs.guard import without_decided
from flows.processes import Child, is_healthy, listen, url_of

PATIENCE = 120.0

#: Services of the server that no flow of a test waits for, and that are at work all the time.
_LEFT_OUT = ("CANCELLATION_CLEANUP", "FOREMAN", "LATE_RUNS", "PAUSE_EXPIRATIONS", "SCHEDULER")


@contextmanager
def prefect_server(home: Path) -> Iterator[str]:
    """Start a server with its records in ``home``, yield its address; it ends with the block."""
    listening = listen(0)
    url, number = url_of(listening), listening.fileno()
    child = Child("server", ["-m", "flows.server", str(number)], handed=(number,))
    child.start(
        without_decided(dict(os.environ))
        | {"PREFECT_HOME": str(home), "PREFECT_API_URL": url, "PYTHONPATH": python_path()}
        | {f"PREFECT_SERVER_SERVICES_{name}_ENABLED": "false" for name in _LEFT_OUT}
    )
    deadline = time.monotonic() + PATIENCE
    try:
        while not is_healthy(url):
            assert child.pid is not None, "the server has ended"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.1)
        yield url
    finally:
        say_the_rest()
        child.stop()
        listening.close()


def say_the_rest() -> None:
    """Let this process send what it has for a server: without one it tries a minute at its end."""
    if "prefect" in sys.modules:
        from prefect.events.worker import EventsWorker
        from prefect.logging.handlers import APILogWorker

        for service in (EventsWorker, APILogWorker):
            service.drain_all()


@contextmanager
def flows_at(url: str) -> Iterator[None]:
    """Let flows run at a server, without the heartbeat, which costs a second a flow."""
    from prefect.settings import (
        PREFECT_API_URL,
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
        PREFECT_SERVER_ALLOW_EPHEMERAL_MODE,
        temporary_settings,
    )

    with temporary_settings(
        {
            PREFECT_API_URL: url,
            PREFECT_SERVER_ALLOW_EPHEMERAL_MODE: False,
            PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,
        }
    ):
        yield
