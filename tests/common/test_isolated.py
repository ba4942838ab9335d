"""A document cannot take the program down with it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from common.isolated import Call, Limits
from common.refusal import Refusal
from extract.scan.pages import READING_SECONDS
from tests.support.flows import deeds

TIGHT = Limits(memory_mb=512, cpu_seconds=1, wall_seconds=20)


def call(deed: Callable[..., Any], limits: Limits = TIGHT) -> Any:
    with Call(deed, "notice.pdf", limits=limits) as running:
        return running.result(lambda _: None)


def refusal(deed: Callable[..., Any], limits: Limits = TIGHT) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call(deed, limits)
    return caught.value


def test_result_comes_back_although_the_function_prints() -> None:
    assert call(deeds.answer) == "NOTICE.PDF"


def test_a_call_within_a_call_keeps_to_the_limits_of_the_first() -> None:
    assert call(deeds.ask_another) == "NOTICE.PDF"


def test_refusal_comes_back_as_it_was() -> None:
    raised = refusal(deeds.refuse)
    assert (raised.code, raised.zh) == ("no_table", "notice.pdf 中没有表格。")


@pytest.mark.parametrize("deed", [deeds.hoard, deeds.spin])
def test_too_much_memory_or_time_is_refused(deed: Callable[..., Any]) -> None:
    assert refusal(deed).code == "too_heavy"


@pytest.mark.parametrize(("deed", "how"), [(deeds.crash, "SIGSEGV"), (deeds.fail, "exit code 1")])
def test_crash_is_a_refusal_and_its_last_words_are_kept(deed: Callable[..., Any], how: str) -> None:
    raised = refusal(deed)
    assert raised.code == "reader_crashed"
    assert how in raised.en
    log = re.search(r"\S+\.log", raised.en)
    assert log is not None
    kept = Path(log.group())
    assert ("ValueError: notice.pdf" in kept.read_text()) == (deed is deeds.fail)
    kept.unlink()


def test_waiting_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.isolated.HEARTBEAT_SECONDS", 0.2)
    said: list[str] = []
    started = time.monotonic()
    limits = Limits(wall_seconds=0.5)
    with (
        pytest.raises(Refusal) as caught,
        Call(deeds.sleep, "notice.pdf", limits=limits) as running,
    ):
        running.result(said.append)
    assert caught.value.code == "too_heavy"
    assert said
    assert time.monotonic() - started < 60
    assert running.process.poll() is not None


@pytest.mark.parametrize(("pages", "soft"), [(0, 1), (1, 1 + READING_SECONDS), (9, 50)])
def test_scanned_pages_may_take_longer_up_to_a_bound(pages: int, soft: int) -> None:
    limits = Limits(memory_mb=512, cpu_seconds=1, wall_seconds=20, most_cpu_seconds=50)
    with Call(deeds.read_scans, pages, limits=limits) as running:
        assert running.result(lambda _: None) == (soft, 50)


def test_more_processor_time_is_waited_for() -> None:
    with Call(deeds.read_a_scan_slowly, "notice.pdf", limits=TIGHT) as running:
        deadline = time.monotonic() + 60
        while running.granted() == 0 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert running.granted() == READING_SECONDS
