"""A function's call in a process of its own, with limits: a bad document cannot hurt the rest.

The process is started before the heavy libraries are imported here, and both go on side by side.
It is forked where that is safe and saves what it would import again (:mod:`common.processes`).
"""

from __future__ import annotations

import ctypes
import importlib
import os
import pickle
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from common.files import PROJECT, workshop
from common.names import shown_name
from common.patterns import use_kept
from common.processes import (
    Fork,
    collect_rarely,
    end_at_once,
    forks,
    log_errors_only,
    pages_told,
    stay_warm,
    tell_in,
)
from common.refusal import Refusal, refusal

HEARTBEAT_SECONDS, LOOK_SECONDS = 5.0, 0.5
LOGS_KEPT = 20
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may use. Real notices need a few seconds and some hundred megabytes.

    Only the processor's time counts, so that a busy machine refuses nothing: a call is waited for
    as long as it gets on, and given up where it has used none for ``standstill_seconds``. A reader
    that meets scanned pages may raise its own ``cpu_seconds``, up to ``most_cpu_seconds``.
    """

    memory_mb: int = 3072
    cpu_seconds: int = 120
    most_cpu_seconds: int = 3600
    standstill_seconds: float = 300.0


@dataclass(slots=True)
class Watch:
    """Looks at a call now and then, and tells for how long it has not got on."""

    used: float = -1.0
    since: float = 0.0

    def standstill(self, now: float, used: float) -> float:
        """Return for how many seconds no processor time was used, which is ``used`` by ``now``."""
        if used != self.used:
            self.used, self.since = used, now
        return now - self.since


class Call:
    """A function running in another process; ``result`` waits for it and gives what it returned.

    The function is named by module and name, its arguments and result are pickled, and a Refusal
    that it raises is raised here. Used as a context manager: leaving it ends the process, and with
    it all that it started. It ends as well when this process does, however that ends. ``get_warm``
    is what it does first, to fork its own calls from then on.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        *arguments: Any,
        limits: Limits | None = None,
        alone: bool = True,
        get_warm: Callable[[], None] | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.alone = alone
        self.subject = shown_name(str(arguments[0])) if arguments else function.__name__
        self.log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed on exit
        self.own = ExitStack()  # a folder for what libraries leave when they are killed
        self.temporary = self.own.enter_context(workshop(Path(tempfile.gettempdir())))
        request = (
            function.__module__,
            function.__name__,
            arguments,
            self.limits,
            os.getpid(),
            get_warm,
        )
        self.process: subprocess.Popen[bytes] | Fork
        if forks():
            self.process = Fork(partial(answer, request), self.log, self.temporary, alone=alone)
        else:
            self.process = self.started(request)

    def started(self, request: tuple[Any, ...]) -> subprocess.Popen[bytes]:
        """Return a new process that has its work at once, so that it does not wait for ours."""
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "common.isolated"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            env=os.environ
            | {
                "OPENBLAS_NUM_THREADS": "1",
                "PYTHONPATH": python_path(),
                "TMPDIR": str(self.temporary),
            },
            start_new_session=self.alone,
        )
        stdin, process.stdin = process.stdin, None
        if stdin is not None:
            with suppress(BrokenPipeError), stdin:  # it died at once: result() says so
                pickle.dump(request, stdin)
        return process

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        with suppress(ProcessLookupError):
            if self.alone:
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.log.close()
        self.own.close()

    def result(self, progress: Callable[[str], None]) -> Any:
        """Wait for the call and return its result, or raise the Refusal that it raised."""
        return opened(self.sealed(progress))

    def sealed(self, progress: Callable[[str], None]) -> bytes:
        """Wait for the call and return its answer as it came, for :func:`opened` elsewhere."""
        answer = self.wait(progress)
        if self.process.returncode != 0 or not answer:
            raise self.crash()
        return answer

    def wait(self, progress: Callable[[str], None]) -> bytes:
        """Collect the answer, saying each page that is done, and now and then that it goes on."""
        watch, started = Watch(), time.monotonic()
        beats, pages = 1, None
        while True:
            try:
                return self.process.communicate(timeout=LOOK_SECONDS)[0]
            except subprocess.TimeoutExpired as late:
                now = time.monotonic()
                passed = now - started
                if (told := pages_told(self.temporary)) and told != pages:
                    pages = told
                    progress(f"page {told[0]} of {told[1]}")
                if passed < beats * HEARTBEAT_SECONDS:
                    continue
                beats += 1
                if watch.standstill(now, cpu_used(self.process.pid)) >= (
                    self.limits.standstill_seconds
                ):
                    raise too_heavy(self.subject, f"{passed:.0f} s") from late
                progress(f"still working ({passed:.0f} s)")

    def crash(self) -> Refusal:
        """Say that the process ended without an answer, and keep its last words in a file."""
        code = self.process.returncode or 0
        if code in {-signal.SIGXCPU, -signal.SIGKILL}:
            return too_heavy(self.subject, signal.Signals(-code).name)
        self.log.seek(0)
        words = self.log.read()
        if b"MemoryError" in words or b"bad_alloc" in words:
            return too_heavy(self.subject, "memory")
        with tempfile.NamedTemporaryFile(prefix="kaohe-", suffix=".log", delete=False) as kept:
            kept.write(words)
        forget_old_logs(Path(kept.name).parent)
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return refusal("common.reader_crashed", subject=self.subject, how=how, file=kept.name)


def opened(answer: bytes) -> Any:
    """Return what a call returned, or raise the Refusal that it raised."""
    outcome = pickle.loads(answer)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def forget_old_logs(folder: Path) -> None:
    """Keep the last words of the latest crashes only, of those that are this user's."""
    ages: dict[Path, float] = {}
    for path in folder.glob("kaohe-????????.log"):
        with suppress(FileNotFoundError):
            about = path.lstat()
            if about.st_uid == os.getuid():
                ages[path] = about.st_mtime
    for path in sorted(ages, key=lambda each: ages[each])[:-LOGS_KEPT]:
        path.unlink(missing_ok=True)


def cpu_used(pid: int) -> float:
    """Return the seconds of processor time that a process and all that it started have used.

    Of what has ended, only what was waited for is counted; 0 where nothing of it lives.
    """
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            _, _, text = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")
            fields = text.split()
            parents[int(stat.parent.name)] = int(fields[1])
            ticks[int(stat.parent.name)] = sum(map(int, fields[11:15]))
    family = {pid}
    while more := {each for each, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(ticks.get(each, 0) for each in family) / os.sysconf("SC_CLK_TCK")


def too_heavy(subject: str, how: str) -> Refusal:
    """Say that a document needs more time or memory than any notice does."""
    return refusal("common.too_heavy", subject=subject, how=how)


def python_path() -> str:
    """Return a module path with which the other process finds this same code."""
    return os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))


def end_with_parent(how: signal.Signals = signal.SIGTERM, parent: int | None = None) -> None:
    """Ask the system for a signal when the parent dies, however it dies; at once if it is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, how)
    if parent not in {None, os.getppid()}:
        os.kill(os.getpid(), how)


def restrain(limits: Limits) -> None:
    """Limit this process; what it starts inherits the limits, each process for itself."""
    memory = _allowed(resource.RLIMIT_DATA, limits.memory_mb * 1024 * 1024)
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    most = _allowed(resource.RLIMIT_CPU, max(limits.most_cpu_seconds, limits.cpu_seconds))
    resource.setrlimit(resource.RLIMIT_CPU, (min(limits.cpu_seconds, most), most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _allowed(kind: int, wanted: int) -> int:
    """Return as much of what is wanted as the limit of the process that started this one allows."""
    _, inherited = resource.getrlimit(kind)
    return wanted if inherited == resource.RLIM_INFINITY else min(wanted, inherited)


def serve() -> None:
    """Run the one call that comes on standard input and answer on standard output."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get into the answer
    log_errors_only()
    use_kept()
    answer(pickle.load(sys.stdin.buffer), answers)
    end_at_once(0)


def answer(request: tuple[Any, ...], answers: IO[bytes]) -> None:
    """Make the call of a request within its limits, and write what it returned or refused."""
    module, name, arguments, limits, parent, get_warm = request
    end_with_parent(signal.SIGKILL, parent)
    restrain(limits)
    collect_rarely()
    tell_in(Path(tempfile.gettempdir()))
    if get_warm is not None:
        stay_warm(get_warm)
    try:
        outcome = getattr(importlib.import_module(module), name)(*arguments)
    except Refusal as refusal:
        outcome = refusal
    with answers:
        pickle.dump(outcome, answers, protocol=pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    serve()
