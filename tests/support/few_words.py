"""A pytest plugin: what a worker tells of a test is how it went, in two messages instead of six.

That it began, was set up, taken down and is over changes nothing that is printed; each message is
written and read sign by sign, which of a small test costs a third.
"""

from __future__ import annotations

from typing import Any

import pytest

_NEWS = {"call", "failed", "skipped"}


def says_something(event: str, told: dict[str, Any]) -> bool:
    """Say whether the controller makes anything of an event."""
    if event == "testreport":
        report = told["data"]
        return bool(_NEWS & {report["when"], report["outcome"]})
    return event not in {"logstart", "logfinish"}


def pytest_sessionstart(session: pytest.Session) -> None:
    """Let a worker of xdist say no more, unless it was asked how long each step takes."""
    if not hasattr(session.config, "workerinput") or session.config.option.durations:
        return
    for plugin in session.config.pluginmanager.get_plugins():
        if tell := getattr(plugin, "sendevent", None):
            plugin.sendevent = lambda event, tell=tell, **told: (
                tell(event, **told) if says_something(event, told) else None
            )
