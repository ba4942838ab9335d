"""Progress: a bar with pages and time left on a terminal, plain lines elsewhere."""

from __future__ import annotations

import io
import sys

import pytest
from rich.console import Console
from rich.progress import Progress

from flows.cli import progress
from flows.cli.progress import Lines, Steps, bars, shown_batch, shown_progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def drawn(shown: Progress, terminal: io.StringIO) -> str:
    Console(file=terminal, width=100, force_terminal=True).print(shown)
    return terminal.getvalue()


def test_a_terminal_sees_pages_done_and_to_do_and_the_time_left() -> None:
    shown = bars()
    steps = Steps(shown)
    for message in ("reading raw/通知\x1b[31m.pdf", "still working (5 s)", "page 1 of 8"):
        steps(message)
    for page in range(2, 4):
        steps(f"page {page} of 8")
    (task,) = shown.tasks
    assert (task.completed, task.total) == (3, 8)
    text = drawn(shown, Terminal())
    assert "3/8" in text
    assert "通知" in text
    assert "\x1b[31m.pdf" not in text
    steps("checking and landing")
    (task,) = shown.tasks
    assert (task.description, task.completed, task.total) == ("checking and landing", 0, None)
    steps("2 of 3: targets/year=2020/a.parquet")
    assert (shown.tasks[0].completed, shown.tasks[0].total) == (2, 3)


@pytest.mark.parametrize("things", [1, 3])
def test_a_bar_goes_with_the_work(things: int, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with shown_batch(things) as (say, watch):
        say("reading a.pdf")
        watch(1, things)
    assert "reading a.pdf" in terminal.getvalue() or things > 1
    assert terminal.getvalue().endswith(("\x1b[2K", "\x1b[?25h", "\r"))


def test_a_pipe_gets_lines_and_pages_only_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(progress, "progress", said.append)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with shown_progress() as say:
        for message in ("reading a.pdf", *(f"page {page} of 400" for page in range(400)), "done"):
            say(message)
    assert said == ["reading a.pdf", "done"]


def test_pages_are_said_when_it_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    clock = iter(range(0, 1000, 10))
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    lines = Lines(said.append)
    lines("reading a.pdf")  # at 10 s, and a page every 10 s from then on
    for page in range(1, 9):
        lines(f"page {page} of 8")
    assert said == [
        "reading a.pdf",
        "page 1 of 8, about 70 s left",
        "page 3 of 8, about 50 s left",
        "page 5 of 8, about 30 s left",
        "page 7 of 8, about 10 s left",
    ]
