"""A document cannot take the program down with it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from common.isolated import LOGS_KEPT, Call, Limits, Watch, cpu_used
from common.processes import pages_done, pages_told
from common.refusal import Refusal
from extract.scan.pages import READING_SECONDS
from tests.support.flows import deeds
from tests.support.kills import fork_server, was_killed
from tests.support.paths import ROOT

TIGHT = Limits(memory_mb=512, cpu_seconds=1)


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


def test_last_words_of_the_latest_crashes_only_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for number in range(LOGS_KEPT + 10):
        log = tmp_path / f"kaohe-{number:08d}.log"
        log.touch()
        os.utime(log, (number, number))
    other = tmp_path / "kaohe-minutes-of-a-meeting.log"
    other.touch()
    words = refusal(deeds.fail).en
    kept = sorted(tmp_path.glob("kaohe-????????.log"))
    assert len(kept) == LOGS_KEPT
    assert [path.name for path in kept if path.name in words]
    assert not (tmp_path / "kaohe-00000010.log").exists()
    assert other.exists()


def test_temporary_files_of_a_killed_process_are_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert refusal(deeds.litter).code == "reader_crashed"
    (log,) = tmp_path.iterdir()
    assert log.suffix == ".log"


def test_temporary_files_of_a_killed_caller_are_taken_away_by_the_next(tmp_path: Path) -> None:
    server = fork_server()
    assert was_killed(server, deeds.call_and_die, tmp_path)
    (left,) = tmp_path.iterdir()
    assert not was_killed(server, deeds.call_in, tmp_path)
    assert not left.exists()


def test_a_process_that_does_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.isolated.HEARTBEAT_SECONDS", 0.2)
    said: list[str] = []
    limits = Limits(standstill_seconds=0.5)
    with (
        pytest.raises(Refusal) as caught,
        Call(deeds.sleep, "notice.pdf", limits=limits) as running,
    ):
        running.result(said.append)
    assert caught.value.code == "too_heavy"
    assert said
    assert running.process.poll() is not None


def test_who_waits_is_told_the_pages_that_are_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("common.isolated.LOOK_SECONDS", 0.02)
    said: list[str] = []

    def hear(text: str) -> None:
        said.append(text)
        (tmp_path / "seen").touch()

    with Call(deeds.turn_pages, tmp_path) as running:
        assert running.result(hear) == "read"
    assert said[0] == "page 2 of 4"


def test_pages_that_nobody_waits_for_and_what_is_no_count_of_pages_are_nothing(
    tmp_path: Path,
) -> None:
    pages_done(1, 2)
    assert pages_told(tmp_path) is None
    for content in (b"", b"1", b"1 2 3", b"-1 2", b"9" * 99, b"1 \xff"):
        (tmp_path / "pages-done").write_bytes(content)
        assert pages_told(tmp_path) is None


def test_a_process_that_gets_on_is_waited_for_however_slow_it_is() -> None:
    watch = Watch()
    looks = [(5.0 * number, 0.01 * number) for number in range(10_000)]  # 500 times slower
    assert max(watch.standstill(now, used) for now, used in looks) == 0


def test_a_standstill_is_measured_from_the_last_step() -> None:
    watch = Watch()
    looks = [(0.0, 0.0), (5.0, 0.3), (10.0, 0.3), (15.0, 0.3), (20.0, 0.4), (25.0, 0.4)]
    assert [watch.standstill(*look) for look in looks] == [0, 0, 5, 10, 0, 5]


@pytest.mark.parametrize("deed", [deeds.spin, deeds.let_another_spin])
def test_processor_time_is_that_of_the_process_and_what_it_started(
    deed: Callable[..., Any],
) -> None:
    limits = Limits(memory_mb=512, cpu_seconds=600)
    with Call(deed, "notice.pdf", limits=limits) as running:
        wait_until(lambda: cpu_used(running.process.pid) > 0.5)  # starting both takes far less
        pid = running.process.pid
    assert cpu_used(pid) == 0


def wait_until(met: Callable[[], bool], seconds: float = 300.0) -> None:
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(("pages", "soft"), [(0, 100), (1, 100 + READING_SECONDS), (9, 150)])
def test_scanned_pages_may_take_longer_up_to_a_bound(pages: int, soft: int) -> None:
    limits = Limits(memory_mb=512, cpu_seconds=100, most_cpu_seconds=150)
    with Call(deeds.read_scans, pages, limits=limits) as running:
        assert running.result(lambda _: None) == (soft, 150)


@pytest.mark.skipif(sys.platform != "linux", reason="the system call is Linux's")
def test_the_reader_ends_with_a_parent_that_is_killed() -> None:
    script = (
        "from common.isolated import Call; from tests.support.flows import deeds;"
        "call = Call(deeds.sleep, 'notice.pdf'); print(call.process.pid, flush=True);"
        "call.result(print)"
    )
    command = [sys.executable, "-c", script]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
    assert parent.stdout is not None
    reader = Path(f"/proc/{int(parent.stdout.readline())}/stat")
    parent.kill()
    parent.wait()
    parent.stdout.close()
    while reader.exists() and reader.read_text().rpartition(")")[2].split()[0] != "Z":
        time.sleep(0.05)


YOUNG = """
import sys, threading
from common.isolated import Call
from common.processes import be_young
from tests.support.flows import deeds
be_young()
{before}
with Call(deeds.answer, "notice.pdf") as call:
    answer = call.result(lambda _: None)
    sys.stderr.write(f"{{type(call.process).__name__}} {{answer}}")
"""


@pytest.mark.parametrize(
    ("before", "how"),
    [
        ("", "Fork"),
        ("threading.Thread(target=threading.Event().wait, daemon=True).start()", "Popen"),
        ("import duckdb; duckdb.connect(config={'threads': 1}).close()", "Fork"),
        ("import duckdb; held = duckdb.connect(config={'threads': 2})", "Popen"),  # not Python's
    ],
)
def test_a_call_is_forked_from_a_young_command_of_one_thread(before: str, how: str) -> None:
    command = [sys.executable, "-c", YOUNG.format(before=before)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert (done.stdout, done.stderr) == ("", f"{how} NOTICE.PDF")


def test_a_young_command_without_standard_input_and_output_forks_as_well() -> None:
    command = ["sh", "-c", 'exec "$0" -c "$1" <&- >&-', sys.executable, YOUNG.format(before="")]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, cwd=ROOT, check=True)
    assert done.stderr == "Fork NOTICE.PDF"
