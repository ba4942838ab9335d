"""Flows of a test's own process at a Prefect server that it was told of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def flows_at(url: str, credentials: str) -> Iterator[None]:
    """Let flows run at a server, without the heartbeat, which costs a second a flow."""
    from prefect.settings import (
        PREFECT_API_AUTH_STRING,
        PREFECT_API_URL,
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
        PREFECT_SERVER_ALLOW_EPHEMERAL_MODE,
        temporary_settings,
    )

    with temporary_settings(
        {
            PREFECT_API_URL: url,
            PREFECT_API_AUTH_STRING: credentials,
            PREFECT_SERVER_ALLOW_EPHEMERAL_MODE: False,
            PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,
        }
    ):
        try:
            yield
        finally:
            say_the_rest()


def say_the_rest() -> None:
    """Let this process send what it has for a server: without one it tries a minute at its end."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    for service in (EventsWorker, APILogWorker):
        service.drain_all()
