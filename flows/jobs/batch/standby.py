"""A warm process that stays beside a worker and reads the chunks that come to it, one by one.

A worker may neither fork nor start a pool of processes: it has threads, and is a daemon.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
import weakref
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from common.isolated import python_path
from common.refusal import refusal
from flows.jobs.apart import outcome_of
from flows.jobs.batch.engines import Job, Sealed, read_one
from flows.jobs.batch.local import warm_up

_own = threading.local()
"""Each thread that reads has one: so many are at work as there are threads."""


class Standby:
    """The process, seen by whom it works for; it ends with the thread that started it."""

    def __init__(self) -> None:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", __name__, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": python_path()},
            start_new_session=True,
        )
        assert process.stdin is not None and process.stdout is not None
        self.pid = process.pid
        self._asked, self._answered = process.stdin, process.stdout
        self.end = weakref.finalize(self, _end, process)

    def read(self, jobs: Sequence[Job], warehouse: Path | None) -> list[Sealed]:
        """Read some documents; Refusal where the process died, and then it is of no more use."""
        try:
            pickle.dump((jobs, warehouse), self._asked)
            self._asked.flush()
            answers: list[Sealed] = pickle.load(self._answered)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            self.end()
            raise refusal("flows.reading_process_died") from error
        return answers


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    with suppress(OSError), process:  # what it was not told is of no use any more
        pass


def all_read(jobs: Sequence[Job], warehouse: Path | None) -> list[Sealed]:
    """Read some documents, each in a process of its own: a task's worth."""
    standby: Standby | None = getattr(_own, "standby", None)
    if standby is None or not standby.end.alive:
        if len(jobs) == 1:  # getting warm takes longer
            return each_read(jobs, warehouse)
        standby = _stand_by()
    return standby.read(jobs, warehouse)


def dask_setup(worker: Any) -> None:
    """Let a worker that begins start the process that reads for it, before it is asked to."""
    worker.executors["default"].submit(_stand_by)


def _stand_by() -> Standby:
    """Start the process that reads for this thread."""
    standby = _own.standby = Standby()
    return standby


def each_read(jobs: Sequence[Job], warehouse: Path | None) -> list[Sealed]:
    """Read documents one after the other in processes forked from this one, if it is warm."""
    return [outcome_of(partial(read_one, job.located, job.cross_check, warehouse)) for job in jobs]


def serve(parent: int) -> None:
    """Get warm; then answer what comes on standard input on standard output until it ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get into the answer
    warm_up(parent)
    with suppress(EOFError):
        while True:
            pickle.dump(each_read(*pickle.load(sys.stdin.buffer)), answers, protocol=5)
            answers.flush()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
