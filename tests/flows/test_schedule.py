"""The schedule for real: a Prefect server and a runner on loopback, killed in the middle of a run.

Waits on states, never on times; one service for the whole file.
"""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from flows.jobs.night.ledger import read_ledger
from flows.jobs.night.night import run_nightly
from tests.support.flows.nights import City
from tests.support.flows.records import states
from tests.support.flows.service import DEPLOYMENT, Office, alive
from tests.support.report.charts import leave_charts_out

JULY = date(2021, 7, 5)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, empty_records: Path) -> Iterator[Office]:
    made = Office(tmp_path_factory.mktemp("office"), empty_records)
    made.city.put_notice("tianhe-2021", sidecar="issued_on = 2021-03-01\n")
    with pytest.MonkeyPatch.context() as patch:
        leave_charts_out(patch)
        run_nightly(made.city.order(), lambda _: None)  # every run of the service begins with this
    made.start(every=20)  # more often is a process a night for nothing
    made.ready()
    yield made
    if made.process is not None and made.process.poll() is None:
        made.stop()
    made.log.close()


def points(city: City) -> list[tuple[Any, ...]]:
    return city.rows("SELECT as_of, entity, points FROM scorecards WHERE level = 'total'")


def test_scheduled_killed_and_made_good(office: Office) -> None:
    city = office.city

    # A run comes on schedule. The runner is killed in the middle of it, while it waits for the
    # warehouse's lock: the flow's process ends with it.
    before, current = points(city), city.current()
    with (city.warehouse / "lock").open("a") as lock:
        fcntl.flock(lock.fileno(), fcntl.LOCK_EX)
        city.put_return("市统计局", JULY)
        flow = office.wait_for("a run at work", office.waiting_for_lock)
        killed = office.wait_for("the run's state", lambda: office.runs("Running"))[0]
        assert "auto-scheduled" in killed["tags"]
        runner = office.status()["runner"]
        os.kill(runner, signal.SIGKILL)
        office.wait_for("their end", lambda: not alive(runner) and not alive(flow))
        assert (points(city), city.current()) == (before, current)

    # The runner is started again, the run is ended, and the next one makes it good.
    office.wait_for("a new runner", lambda: office.status().get("runner") not in {None, runner})
    ended = office.wait_for("the killed run's end", lambda: office.runs("Crashed"))
    assert killed["id"] in {run["id"] for run in ended}
    office.wait_for("the end of it", office.word.exists)
    assert len(points(city)) == len(before) + 3
    assert {row[2] for row in points(city) if row[0] == JULY} == {40.0}
    assert read_ledger(city.warehouse).unfinished is None
    assert city.inbox_files() == []

    # It left its summary.
    artifacts = office.ask("artifacts/filter", artifacts={"key": {"any_": ["nightly"]}})
    told = next(each["data"] for each in artifacts if "市统计局.csv" in each["data"])
    assert "上一次运行未结束，本次已补做" in told
    office.wait_for("its end", lambda: office.runs("Completed"))
    assert set(office.word.read_text().split()) == {"completed"}

    # The server dies too, and comes back.
    server = office.status()["server"]
    os.kill(server, signal.SIGKILL)
    office.wait_for("a new server", lambda: office.status().get("server") not in {None, server})
    office.wait_for("its answer", lambda: office.runs("Completed"))

    # One automation, one limit, however often it is registered.
    names = [each["name"] for each in office.ask("automations/filter", limit=50)]
    assert names == ["kaohe: a run without a heartbeat has crashed"]
    deployment = office.ask(DEPLOYMENT)
    assert deployment["global_concurrency_limit"]["limit"] == 1
    assert deployment["concurrency_options"]["collision_strategy"] == "ENQUEUE"


def test_stopped_leaves_nothing_running(office: Office) -> None:
    city = office.city
    with (city.warehouse / "lock").open("a") as lock:
        fcntl.flock(lock.fileno(), fcntl.LOCK_EX)
        city.put_return("市财政局", JULY)
        office.create_run()
        flow = office.wait_for("a run at work", office.waiting_for_lock)
        office.wait_for("the run's state", lambda: office.runs("Running"))
        pids = [office.status()[name] for name in ("server", "runner")]
        assert office.stop() == 0, office.told()
    assert not [pid for pid in (*pids, flow) if alive(pid)]
    assert set(states(office.home)) <= {"COMPLETED", "CRASHED", "SCHEDULED"}
    assert not office.status()
