"""Long work of the desk: one piece after another in a thread, watched on a page of its own."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from queue import SimpleQueue
from typing import Any

from common.messages import Message
from flows.jobs.apart import attempt
from flows.jobs.ingest import Progress

_MOST_KEPT = 100
_PAGE = re.compile(r"page (\d+) of (\d+)")
#: What jobs say in English while they work, and what the officer is told.
_SAID = (
    (re.compile(r"reading (?:.*/)?([^/]+)"), r"正在读取 \1"),
    (re.compile(r"drawing (\d+) pages"), r"正在绘制 \1 页原件"),
    (re.compile(r"drawing (\d+) parts of .*"), r"正在截取 \1 处原件"),
    (re.compile(r"checking and landing"), "正在检查并入库"),
    (re.compile(r"scoring (\d+).*"), r"正在计算 \1 年度得分"),
)


@dataclass(slots=True)
class Task:
    """One piece of work: what it says while it runs, and where its result is shown.

    ``pages`` are those that are done, and of how many, of what is read or drawn now.
    """

    number: int
    title: str
    do: Callable[[Progress], str]
    lines: list[str] = field(default_factory=list)
    pages: tuple[int, int] | None = None
    next: str | None = None
    problem: Message | None = None
    started: float = field(default_factory=time.monotonic)

    @property
    def state(self) -> str:
        """Running, done or refused."""
        if self.problem is not None:
            return "refused"
        return "running" if self.next is None else "done"

    def say(self, text: str) -> None:
        """Keep what a job says, in Chinese; what is only for logs is left out."""
        if page := _PAGE.fullmatch(text):
            self.pages = (int(page[1]), int(page[2]))
            return
        for pattern, zh in _SAID:
            if pattern.fullmatch(text):
                self.lines.append(pattern.sub(zh, text))
                self.pages = None
                return
        if not text.isascii():
            self.lines.append(text)

    def run(self) -> None:
        """Do it; whatever happens, it ends with a result or with the reason why there is none."""
        got = attempt("desk", self.title, lambda: self.do(self.say))
        if isinstance(got, Message):
            self.problem = got
        else:
            self.next = got


class Works:
    """The pieces of work of one desk, by number."""

    def __init__(self) -> None:
        self.tasks: dict[int, Task] = {}
        self.numbers: Iterator[int] = count(1)
        self.waiting: SimpleQueue[Task] = SimpleQueue()
        self.thread: threading.Thread | None = None
        self.guard = threading.Lock()
        self.kept: dict[int, Any] = {}

    def start(self, title: str, do: Callable[[Progress], str]) -> Task:
        """Put a piece of work behind those that wait; ``do`` returns where its result is shown."""
        with self.guard:
            task = Task(next(self.numbers), title, do)
            self.tasks[task.number] = task
            for number in [*self.tasks][:-_MOST_KEPT]:
                del self.tasks[number]
            if self.thread is None:
                self.thread = threading.Thread(target=self._work, daemon=True, name="desk work")
                self.thread.start()
        self.waiting.put(task)
        return task

    def keep(self, result: Any) -> int:
        """Keep a result for the page that shows it; returns its number."""
        with self.guard:
            number = next(self.numbers)
            self.kept[number] = result
            for old in [*self.kept][:-_MOST_KEPT]:
                del self.kept[old]
        return number

    def _work(self) -> None:
        while True:
            self.waiting.get().run()

    def find(self, number: int) -> Task | None:
        """Return a piece of work; None where it is long forgotten."""
        return self.tasks.get(number)
