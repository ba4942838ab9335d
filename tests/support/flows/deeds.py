"""What a reader may do to its process; called by name in the process that a Call starts."""

from __future__ import annotations

import os
import resource
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import NoReturn

from common.isolated import Call, Limits
from common.processes import pages_done
from common.refusal import Refusal
from extract.scan.pages import grant_reading
from flows.jobs.batch.engines import read_one
from flows.jobs.sidecar.document import Located


def answer(question: str) -> str:
    print("a library that prints must not spoil the answer")
    return question.upper()


def ask_another(question: str) -> str:
    """Call on from within a call, as the reader of PDFs calls the second one."""
    with Call(answer, question, limits=Limits(memory_mb=4096), alone=False) as running:
        return str(running.result(lambda _: None))


def refuse(path: str) -> NoReturn:
    raise Refusal("no_table", f"{path} has no table", f"{path} 中没有表格。")


def crash(path: str) -> NoReturn:
    os.kill(os.getpid(), signal.SIGSEGV)
    raise SystemExit(path)


def fail(path: str) -> NoReturn:
    raise ValueError(path)


def hoard(path: str) -> int:
    return len([bytearray(64 * 1024 * 1024) for _ in range(100)]) + len(path)


def spin(path: str) -> NoReturn:
    while True:
        len(path)


def sleep(path: str) -> None:
    sys.stdout.flush()
    time.sleep(600)
    print(path)


def read_scans(pages: int) -> tuple[int, int]:
    for _ in range(pages):
        grant_reading()
    return resource.getrlimit(resource.RLIMIT_CPU)


def let_another_spin(path: str) -> None:
    """Wait for a call within the call, as the reader of PDFs waits for the second one."""
    with Call(spin, path, limits=Limits(cpu_seconds=600), alone=False) as running:
        running.result(lambda _: None)


def litter(path: str) -> NoReturn:
    """Leave a temporary file, as libraries do that are killed."""
    Path(tempfile.mkdtemp(), "page.pdf").touch()
    os.kill(os.getpid(), signal.SIGABRT)
    raise SystemExit(path)


def call_and_die(temporary: Path) -> None:
    """Be killed while the reader is at work."""
    tempfile.tempdir = str(temporary)
    with Call(spin, "notice.pdf", limits=Limits(cpu_seconds=1)):
        os.kill(os.getpid(), signal.SIGKILL)


def call_in(temporary: Path) -> None:
    tempfile.tempdir = str(temporary)
    with Call(answer, "notice.pdf") as running:
        running.result(lambda _: None)


def die_over_b(located: Located, cross_check: bool, warehouse: Path | None) -> bytes:
    """Take the process of the pool along over one document; read the others as usual."""
    if "b-2021" in str(located.path):
        os.kill(os.getpid(), signal.SIGKILL)
    return read_one(located, cross_check, warehouse)


def turn_pages(folder: Path) -> str:
    """Be at the third of four pages until somebody has seen it."""
    pages_done(2, 4)
    while not (folder / "seen").exists():
        time.sleep(0.01)
    return "read"
