"""A worker's warm process reads chunk after chunk; one that dies takes only its chunk along."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from common.refusal import Refusal
from flows.jobs.batch.engines import Job, opened_answer
from flows.jobs.batch.prepared import Prepared
from flows.jobs.batch.standby import Standby
from flows.jobs.sidecar.document import locate
from tests.support.flows.nights import notice_text


def jobs(folder: Path) -> list[Job]:
    found = []
    for year in (2020, 2021):
        own = folder / f"y-{year}"
        own.mkdir()
        (own / "notice.txt").write_text(notice_text(year, "4.3"), encoding="utf-8")
        (own / "source.toml").write_text(f"year = {year}\n", encoding="utf-8")
        found.append(Job(locate(own), cross_check=False, inputs=""))
    return found


def read(standby: Standby, chunk: list[Job]) -> list[str]:
    answers = map(opened_answer, standby.read(chunk, None))
    return [each.document_id for each in answers if isinstance(each, Prepared)]


def test_one_process_reads_chunk_after_chunk_and_ends_with_who_had_it(tmp_path: Path) -> None:
    chunk, standby = jobs(tmp_path), Standby()
    assert read(standby, chunk) == ["y-2020", "y-2021"]
    assert read(standby, chunk[1:]) == ["y-2021"]
    pid = standby.pid
    del standby
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_one_that_is_killed_is_of_no_more_use(tmp_path: Path) -> None:
    standby = Standby()
    os.kill(standby.pid, signal.SIGKILL)
    with pytest.raises(Refusal, match="reading_process_died"):
        standby.read(jobs(tmp_path), None)
    assert not standby.end.alive
