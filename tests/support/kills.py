"""Processes that are killed at a step: just before one of the calls that change the disk."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any

from warehouse.catalogue import made_before

#: Every call by which files and folders come, go and are kept.
STEPS = ("link", "symlink", "rename", "replace", "unlink", "rmdir", "mkdir", "fsync", "chmod")
_SECONDS = 300


class Steps:
    """The steps of this process: before that of a number it is killed, or the disk is full.

    Or before the first of a name; never, where there is neither.
    """

    def __init__(self, last: int | str | None) -> None:
        self.last = last
        self.taken: list[str] = []

    def count(self, name: str) -> None:
        """Take one more step, or die."""
        if self.last in (len(self.taken), name):
            os.kill(os.getpid(), signal.SIGKILL)
        self.taken.append(name)

    def counted(self, name: str, do: Callable[..., Any]) -> Callable[..., Any]:
        """Return the same function, as a step."""

        def act(*arguments: Any, **named: Any) -> Any:
            self.count(name)
            return do(*arguments, **named)

        return act


def die_at(step: int | str | None) -> Steps:
    """Let this process die before a step of it: of a number, or the first of a name."""
    return _counted_by(Steps(step))


def _counted_by(steps: Steps) -> Steps:
    for name in STEPS:
        setattr(os, name, steps.counted(name, getattr(os, name)))
    return steps


class FullDisk(Steps):
    """The steps of this process: from that of a number on, the disk takes nothing more.

    What only takes away goes on, as it does on a full disk.
    """

    def count(self, name: str) -> None:
        """Take one more step, or say that there is no room."""
        full = isinstance(self.last, int) and len(self.taken) >= self.last
        if full and name not in ("unlink", "rmdir", "chmod"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.taken.append(name)


def full_from(step: int | None) -> Steps:
    """Let the disk of this process be full from a step of it on."""
    return _counted_by(FullDisk(step))


def fork_server() -> ForkServerContext:
    """Return what forks processes which have imported already what tests do in them."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.forked"])
    return context


def process_of(
    server: ForkServerContext, work: Callable[..., None], *arguments: Any
) -> ForkServerProcess:
    """Return a process that does the work and copies the views which this one has made.

    They are a third of a small landing, and processes of one warehouse make all the same.
    """
    return server.Process(target=knowing, args=(dict(made_before), work, *arguments))


def knowing(views: dict[Any, bytes], work: Callable[..., None], *arguments: Any) -> None:
    """Do the work with views that another process has made."""
    made_before.update(views)
    work(*arguments)


def was_killed(server: ForkServerContext, work: Callable[..., None], *arguments: Any) -> bool:
    """Do the work in a process of its own; say whether it was killed rather than done."""
    process = process_of(server, work, *arguments)
    process.start()
    process.join(timeout=_SECONDS)
    assert process.exitcode in (0, -signal.SIGKILL), process.exitcode
    return process.exitcode != 0
