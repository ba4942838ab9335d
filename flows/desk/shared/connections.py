"""Connections of the desk's server: those that never say what they want make nobody wait.

A connection that brings no whole head of a request in time is closed, and where there are too many
the one that has been silent longest; so an officer's own request always finds room.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
MOST_AT_ONCE = 128


class PromptProtocol(H11Protocol):
    """One connection; ``silent_since`` is when it last had nothing to answer."""

    _late: asyncio.TimerHandle | None = None
    silent_since = 0.0

    @property
    def is_silent(self) -> bool:
        """Say whether no request of it is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def connection_made(self, transport: Any) -> None:
        """Take a connection, and let go of the one that has been silent longest if need be."""
        super().connection_made(transport)
        self._watch()
        silent = [each for each in self.connections if getattr(each, "is_silent", False)]
        if len(self.connections) > MOST_AT_ONCE and silent:
            oldest = min(silent, key=lambda each: getattr(each, "silent_since", 0.0))
            oldest.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take a part of a request; its head has to be whole in time."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Wait for another request, for as long as for the first one."""
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop looking at the time."""
        super().connection_lost(exc)
        self._forget()

    def _watch(self) -> None:
        if not self.is_silent:
            self._forget()
        elif self._late is None:
            self.silent_since = time.monotonic()
            self._late = self.loop.call_later(HEAD_SECONDS, self._end)

    def _forget(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _end(self) -> None:
        self._late = None
        if self.is_silent:
            self.transport.abort()
