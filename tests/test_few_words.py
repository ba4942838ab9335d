"""A worker tells what is counted and printed of a test, and nothing else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tests.support.few_words import pytest_sessionstart, says_something


def report(when: str, outcome: str) -> dict[str, Any]:
    return {"data": {"when": when, "outcome": outcome}}


def test_what_passes_is_told_once_and_what_fails_wherever_it_does() -> None:
    for when in ("setup", "call", "teardown"):
        assert says_something("testreport", report(when, "passed")) == (when == "call")
        assert says_something("testreport", report(when, "failed"))
        assert says_something("testreport", report(when, "skipped"))


def test_a_worker_goes_on_telling_all_else() -> None:
    told: list[str] = []
    worker = SimpleNamespace(sendevent=lambda event, **_: told.append(event))
    config = SimpleNamespace(
        workerinput={},
        option=SimpleNamespace(durations=None),
        pluginmanager=SimpleNamespace(get_plugins=lambda: [object(), worker]),
    )
    pytest_sessionstart(SimpleNamespace(config=config))  # type: ignore[arg-type]
    for event in ("logstart", "warning_recorded", "logfinish", "runtest_protocol_complete"):
        worker.sendevent(event, nodeid="a")
    worker.sendevent("testreport", **report("call", "passed"))
    assert told == ["warning_recorded", "runtest_protocol_complete", "testreport"]
