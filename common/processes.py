"""A process of ours: how often it looks for garbage, how far it is, what may be forked from it.

What a call needs is imported already when it begins in a process forked from a warm one. That one
called :func:`stay_warm`, does nothing else and never sees a document: only those do that are forked
from it, each for one call. From a command that is young (:func:`be_young`) a call is forked, too:
to start Python anew for it and import again what the command has takes a tenth of a second.
Every command imports this, so it loads little itself.
"""

from __future__ import annotations

import atexit
import gc
import logging
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import IO, Any, NoReturn, TypeVar

T = TypeVar("T")
R = TypeVar("R")

COLLECTED_AFTER = 50_000
_FIRST_OF_OTHERS = 3  # behind standard input, output and error
_warm: list[bool] = []
_young: list[bool] = []
_sharing: list[bool] = []
_PAGES_DONE = "pages-done"
_PAGES = re.compile(rb"([0-9]{1,6}) ([0-9]{1,6})")
_SAID = re.compile(r"page ([0-9]{1,6}) of ([0-9]{1,6})")
_folder: list[Path] = []
_hearing: ContextVar[Callable[[int, int], None] | None] = ContextVar("hearing", default=None)


@contextmanager
def deaf_to(*signals: signal.Signals) -> Iterator[None]:
    """Hear of signals only afterwards; processes and threads that begin meanwhile never do."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def collect_rarely() -> None:
    """Let Python look for cyclic garbage less often: importing and reading make little of it."""
    gc.set_threshold(COLLECTED_AFTER)


def end_at_once(code: int) -> None:
    """End this process without taking its libraries apart piece by piece, which takes its time.

    What asked to be called at the end is called. It goes on, to end as usual, where threads are at
    work or what was printed cannot be written.
    """
    if threading.active_count() > 1:
        return
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        return
    atexit._run_exitfuncs()
    os._exit(code)


def be_quiet() -> None:
    """Be a process that reads: no warnings, errors only in its log, numbers in one thread."""
    import warnings

    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    warnings.simplefilter("ignore")
    log_errors_only()


def log_errors_only() -> None:
    """Let only errors be logged in this process: nobody reads what a library says of each step.

    pdfminer says something at 150,000 steps of a notice, and asks each time whether it may.
    """
    logging.setLoggerClass(_Terse)
    logging.basicConfig(level=logging.ERROR)


class _Terse(logging.Logger):
    """A logger that has no details to tell."""

    def debug(self, msg: object, *args: object, **kwargs: Any) -> None:
        """Say nothing, without asking whether to."""


def stay_warm(get_warm: Callable[[], None]) -> None:
    """Do what makes this process warm; from now on, processes of their own are forked from it."""
    get_warm()
    _warm.append(True)


def be_young() -> None:
    """Say that this process only begins, and that what is forked from it may do a call's work."""
    _young.append(True)


def forks() -> bool:
    """Say whether calls are forked from this process: it is warm, or young and has one thread.

    A fork loses all other threads, a library's own among them, and what they had locked stays so.
    """
    return bool(_warm) or (bool(_young) and _threads() == 1)


def _threads() -> int:
    """Return how many threads this process has, whoever started them; 0 where nobody can tell."""
    try:
        return sum(1 for _ in Path("/proc/self/task").iterdir())
    except OSError:
        return 0


def share_processors() -> None:
    """Be one of several that read side by side: what this one starts works when it itself waits.

    So many readers keep so many processors at work, and no more processes of ours hold memory.
    """
    _sharing.append(True)


def shares_processors() -> bool:
    """Say whether others have work for whatever processor this process leaves free."""
    return bool(_sharing)


class Fork:
    """A process forked from this one, to be used as a :class:`subprocess.Popen` is.

    ``write`` runs in it, with the file that its answer goes to; it has no other file of ours open.
    ``alone`` gives it a group of its own. ``returncode`` is as Popen's.
    """

    def __init__(
        self, write: Callable[[IO[bytes]], None], log: IO[bytes], temporary: Path, *, alone: bool
    ) -> None:
        self.args = "fork"
        self.returncode: int | None = None
        self._parts: list[bytes] = []
        ours, theirs = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            _live(write, theirs, log.fileno(), temporary, alone=alone)
        if alone:
            with suppress(PermissionError, ProcessLookupError):  # both do it, whoever is first
                os.setpgid(self.pid, self.pid)
        os.close(theirs)
        self.stdout = os.fdopen(ours, "rb", buffering=0)

    def communicate(self, timeout: float | None = None) -> tuple[bytes, None]:
        """Return the whole answer; TimeoutExpired where it takes longer, and then ask again."""
        import select
        import subprocess

        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            left = None if deadline is None else max(deadline - time.monotonic(), 0)
            if not select.select([self.stdout], [], [], left)[0]:
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
            part = self.stdout.read(1 << 20)
            if not part:
                self.wait()
                return b"".join(self._parts), None
            self._parts.append(part)

    def wait(self) -> int:
        """Wait for the end."""
        if self.returncode is None:
            _, status = os.waitpid(self.pid, 0)
            self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def poll(self) -> int | None:
        """Return how it ended; None while it lives."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def kill(self) -> None:
        """End it, if it lives; its number may be another's by then."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)


def _live(
    write: Callable[[IO[bytes]], None], answers: int, log: int, temporary: Path, *, alone: bool
) -> NoReturn:
    """Be the forked process from begin to end; nothing of the one before runs on in it."""
    import fcntl
    import tempfile
    import traceback

    code = 1
    try:
        if alone:
            os.setpgid(0, 0)
        # where the one before had no standard input, one of the two may have its number
        answers, log = (
            fcntl.fcntl(each, fcntl.F_DUPFD, _FIRST_OF_OTHERS) for each in (answers, log)
        )
        os.dup2(answers, 0)  # out of the way of those that are closed
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.closerange(_FIRST_OF_OTHERS, os.sysconf("SC_OPEN_MAX"))
        if not _warm:
            be_quiet()
        tempfile.tempdir = os.environ["TMPDIR"] = str(temporary)
        with os.fdopen(os.dup(0), "wb") as file:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            write(file)
        code = 0
    except BaseException:  # noqa: BLE001 - nobody is above it who could catch it
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


def tell_in(folder: Path) -> None:
    """Be one whose pages somebody waits for: they are written down in a folder of this process."""
    _folder[:] = [folder]


def pages_done(done: int, of: int) -> None:
    """Tell who waits how many pages are done, of how many; nothing where nobody waits."""
    if hear := _hearing.get():
        hear(done, of)
        return
    for folder in _folder:
        with suppress(OSError):  # a full disk is another's matter
            (folder / _PAGES_DONE).write_bytes(b"%d %d" % (done, of))


@contextmanager
def hearing_pages(hear: Callable[[int, int], None]) -> Iterator[None]:
    """Be who waits for what is done in this thread itself; it is told of each page at once."""
    before = _hearing.set(hear)
    try:
        yield
    finally:
        _hearing.reset(before)


def pages_said(message: str) -> tuple[int, int] | None:
    """Return how many pages are done, of how many, where that is what is said of another's work."""
    found = _SAID.fullmatch(message)
    return (int(found[1]), int(found[2])) if found else None


def pages_told(folder: Path) -> tuple[int, int] | None:
    """Return how many pages are done, of how many; None where nothing was told yet."""
    with suppress(OSError), (folder / _PAGES_DONE).open("rb") as file:
        if found := _PAGES.fullmatch(file.read(20)):
            return int(found[1]), int(found[2])
    return None


def side_by_side(do: Callable[[T], R], things: Iterable[T], threads: int) -> Iterator[R]:
    """Yield what becomes of each thing, in their order; so many are under way at a time.

    No more things are taken than are under way and one to follow, however many there are. What one
    raises is raised in its turn, and then nothing more is begun. Threads do it, for what gives up
    Python's lock: columns that are counted, another process that is waited for.
    """
    from collections import deque
    from concurrent.futures import Future, ThreadPoolExecutor

    if threads <= 1:
        yield from map(do, things)
        return
    with ThreadPoolExecutor(threads) as pool:
        ahead: deque[Future[R]] = deque()
        try:
            for thing in things:
                ahead.append(pool.submit(do, thing))
                if len(ahead) > threads:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
