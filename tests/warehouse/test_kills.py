"""Real kills: the old state or the new one is there, whole, and the next landing goes on."""

from __future__ import annotations

import itertools
import os
import random
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext
from multiprocessing.managers import DictProxy
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from common.refusal import Refusal
from tests.support.kills import fork_server, process_of, was_killed
from tests.support.soak import Seeds
from tests.support.warehouse import workers
from tests.support.warehouse.landings import DOCUMENT, batch, content, version_in_views
from warehouse.contents import Contents
from warehouse.landing import land
from warehouse.query import query

KILLS, KILLS_IN_A_ROW = 3, 8
PATIENCE = 600.0  # seconds that only a hang lets pass
#: So many a landing takes.
STEPS = 90
#: Of these a usual run tries every third, the soak each.
EVERY = 3


@pytest.fixture(scope="module")
def server() -> ForkServerContext:
    return fork_server()


def killed_at(server: ForkServerContext, warehouse: Path, version: int, step: int) -> bool:
    """Whether a landing was killed at this step; False where it had fewer steps."""
    return was_killed(server, workers.land_and_die, warehouse, version, step)


def version_everywhere(warehouse: Path) -> int | None:
    """Return the version that all ways of reading agree on; None where nothing is landed."""
    try:
        rows = query(warehouse, "SELECT DISTINCT title FROM notices").rows
    except Refusal as refusal:
        assert refusal.code == "nothing_landed"
        assert not (warehouse / "current/targets").exists()
        return None
    version = version_in_views(warehouse)
    targets = pd.read_parquet(warehouse / "current/targets")
    assert rows == [(str(version),)]
    assert targets["review_reason"].tolist() == [str(version)] * 18
    name = (warehouse / "CURRENT").read_text(encoding="utf-8").strip()
    assert (warehouse / "current").readlink() == Path("snapshots", name)
    return version


def is_clean(warehouse: Path) -> bool:
    """Whether nothing half-made is left: no staging, no snapshot newer than the current one."""
    newest = max((warehouse / "snapshots").iterdir(), key=lambda path: path.name)
    return not any((warehouse / "staging").iterdir()) and newest.samefile(warehouse / "current")


def kill_at_steps(kill: Callable[[int], bool], every: int) -> None:
    """Kill at every so many steps, and at each of the last ones, until there is none to kill at."""
    end = next(step for step in itertools.count(0, every) if not kill(step))
    next((step for step in range(max(end - every, 0) + 1, end) if not kill(step)), None)


def check_first_landing(server: ForkServerContext, folder: Path, every: int) -> int:
    """Kill first landings at every so many steps; return how many."""
    seen: dict[int, int] = {}

    def kill(step: int) -> bool:
        warehouse = folder / f"{len(seen)}-{step}"
        killed = killed_at(server, warehouse, 1, step)
        if killed:
            seen[step] = version_everywhere(warehouse) or 0
            if len(seen) % 6 == 1:
                land(warehouse, [batch(2)])
                assert version_everywhere(warehouse) == 2
                assert is_clean(warehouse)
        return killed

    kill_at_steps(kill, every)
    return check_old_then_new(seen)


def check_later_landing(server: ForkServerContext, warehouse: Path, every: int) -> int:
    """Kill landing after landing, each some steps later; return how many."""
    land(warehouse, [batch(0), batch(0, "other-2021")])
    now = 0
    outcomes: dict[int, int] = {}

    def kill(step: int) -> bool:
        nonlocal now
        before = now
        killed = killed_at(server, warehouse, before + 1, step)
        now = version_everywhere_of(warehouse)
        if killed:
            outcomes[step] = now - before
        else:
            assert now == before + 1
        assert not land(warehouse, [batch(now)]).changed
        assert is_clean(warehouse)
        return killed

    kill_at_steps(kill, every)
    return check_old_then_new(outcomes)


def check_landing_into_what_another_left(
    server: ForkServerContext, folder: Path, every: int
) -> int:
    """Kill landings that take over the folder of a superseded snapshot; return how many.

    All snapshots share files by links, as do the copies of the warehouse that they land into: what
    a landing writes or takes away is nowhere else changed or gone.
    """
    for version in range(9):
        land(folder / "all", [batch(version), batch(version, f"other-{version}", 2020)])
    before = snapshots_whole(folder / "all")
    assert len(before) == 8
    outcomes: dict[int, int] = {}

    def kill(step: int) -> bool:
        warehouse = folder / str(step)
        shutil.copytree(folder / "all", warehouse, symlinks=True, copy_function=os.link)
        killed = killed_at(server, warehouse, 9, step)
        if killed:
            outcomes[step] = version_told(warehouse) - 8
        assert snapshots_whole(warehouse).items() >= {*list(before.items())[1:]}
        if len(outcomes) % 6 == 1 or not killed:
            land(warehouse, [batch(10)])
            assert version_told(warehouse) == version_in_views(warehouse) == 10
            assert is_clean(warehouse)
        return killed

    kill_at_steps(kill, every)
    assert snapshots_whole(folder / "all") == before
    return check_old_then_new(outcomes)


def version_told(warehouse: Path) -> int:
    """Return the version of the document by a query; a copy's views look where they were made."""
    sql = f"SELECT DISTINCT review_reason FROM targets WHERE document_id = '{DOCUMENT}'"
    ((version,),) = query(warehouse, sql).rows
    return int(version)


def snapshots_whole(warehouse: Path) -> dict[str, int]:
    """Return the files of each snapshot, all of which are what its manifest says."""
    found = {}
    for snapshot in sorted((warehouse / "snapshots").iterdir()):
        if (snapshot / "SNAPSHOT").is_file():
            contents = Contents(snapshot)
            found[snapshot.name] = len([contents.read(name) for name in contents.names])
            assert len([*snapshot.rglob("*.parquet")]) == found[snapshot.name]
    return found


def check_old_then_new(seen: dict[int, int]) -> int:
    """Hold what was there after kills against the order of steps; return how many."""
    assert set(seen.values()) == {0, 1}
    in_order = [seen[step] for step in sorted(seen)]
    assert in_order == sorted(in_order), "old, then new, never back"
    return len(seen)


def test_killed_at_steps_of_a_first_landing(server: ForkServerContext, tmp_path: Path) -> None:
    check_first_landing(server, tmp_path, EVERY)


def test_killed_at_steps_of_a_later_landing(server: ForkServerContext, tmp_path: Path) -> None:
    check_later_landing(server, tmp_path, EVERY)


def test_killed_at_steps_of_a_landing_into_what_another_left(
    server: ForkServerContext, tmp_path: Path
) -> None:
    check_landing_into_what_another_left(server, tmp_path, 2 * EVERY)


@pytest.mark.soak
@pytest.mark.parametrize(
    "check", [check_first_landing, check_later_landing, check_landing_into_what_another_left]
)
def test_killed_at_every_step(
    server: ForkServerContext, tmp_path: Path, seeds: Seeds, check: Callable[..., int]
) -> None:
    for seed in seeds:
        with seeds.trying("landings killed at each of their steps", STEPS):
            assert check(server, tmp_path / str(seed), 1) > STEPS / 2
        shutil.rmtree(tmp_path / str(seed))


def test_killed_while_sweeping_after_a_kill(server: ForkServerContext, tmp_path: Path) -> None:
    land(tmp_path, [batch(0), batch(0, "other-2021")])
    now = 0
    for step in (58, 9, 31, 60, 20, 7, 45):  # each finds what the one before left
        assert killed_at(server, tmp_path, now + 1, step)
        found = version_everywhere_of(tmp_path)
        assert found in (now, now + 1)
        now = found
    land(tmp_path, [batch(now + 1)])
    assert version_everywhere_of(tmp_path) == now + 1
    assert is_clean(tmp_path)


@pytest.mark.soak
def test_killed_at_steps_drawn_at_random(
    server: ForkServerContext, tmp_path: Path, seeds: Seeds
) -> None:
    for seed in seeds:
        with seeds.trying("landings killed at a step", KILLS_IN_A_ROW):
            check_killed_again_and_again(server, tmp_path / str(seed), random.Random(seed))


def check_killed_again_and_again(
    server: ForkServerContext, warehouse: Path, chance: random.Random
) -> None:
    """Each landing finds what the one before left."""
    land(warehouse, [batch(0), batch(0, "other-2021")])
    now = 0
    for _ in range(KILLS_IN_A_ROW):
        killed = killed_at(server, warehouse, now + 1, chance.randrange(STEPS))
        found = version_everywhere_of(warehouse)
        assert found in ({now, now + 1} if killed else {now + 1})
        now = found


def version_everywhere_of(warehouse: Path) -> int:
    """Return the version of the document beside which another lies, by views and by files."""
    version = version_in_views(warehouse)
    targets = pd.read_parquet(warehouse / "current/targets")
    assert sorted(targets["review_reason"].tolist()) == sorted(["0"] * 18 + [str(version)] * 18)
    return version


@contextmanager
def reading(
    server: ForkServerContext, warehouse: Path, *readers: Callable[..., None]
) -> Iterator[dict[str, Any]]:
    """Run the readers in processes of their own until the block ends; tell what they see."""
    told: dict[str, Any] = {}
    with server.Manager() as manager:
        stop = server.Event()
        tallies: dict[str, DictProxy[str, Any]] = {
            reader.__name__: manager.dict() for reader in readers
        }
        processes = [
            server.Process(target=reader, args=(warehouse, stop, tallies[reader.__name__]))
            for reader in readers
        ]
        for process in processes:
            process.start()
        told.update(tallies)
        yield told
        stop.set()
        for process in processes:
            process.join(timeout=PATIENCE)
            assert process.exitcode == 0
        told.update({name: dict(tally) for name, tally in tallies.items()})


def wait_for(met: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.01)


def test_readers_see_whole_states_while_writers_are_killed(
    server: ForkServerContext, tmp_path: Path
) -> None:
    check_readers(server, tmp_path, random.Random(20200206))


@pytest.mark.soak
def test_readers_see_whole_states_whenever_writers_are_killed(
    server: ForkServerContext, tmp_path: Path, seeds: Seeds
) -> None:
    for seed in seeds:
        with seeds.trying("landings killed at any time while three others read", KILLS):
            check_readers(server, tmp_path / str(seed), random.Random(seed))


def check_readers(server: ForkServerContext, warehouse: Path, chance: random.Random) -> None:
    """Kill writers at random times while others read."""
    land(warehouse, [batch(0)])
    readers = (
        workers.read_with_duckdb,
        workers.read_with_pandas,
        workers.read_with_polars,
    )
    with reading(server, warehouse, *readers) as tallies:
        for _ in range(KILLS):
            before = version_in_views(warehouse)
            writer = process_of(
                server, workers.land_versions, warehouse, workers.DOCUMENT, before + 1, 10**6
            )
            writer.start()
            wait_for(lambda before=before: version_in_views(warehouse) > before)  # type: ignore[misc]
            time.sleep(chance.uniform(0, 0.15))
            writer.kill()
            writer.join()
            assert version_everywhere(warehouse) is not None
            seen = {name: tally.get("reads", 0) for name, tally in tallies.items()}
            wait_for(lambda seen=seen: has_read_on(tallies, seen))  # type: ignore[misc]
    for name, tally in tallies.items():
        assert "error" not in tally, (name, tally)
        assert tally["reads"] >= KILLS, (name, tally)
        assert tally["different"] > 2, (name, tally)
        assert not tally["backwards"], (name, tally)
    land(warehouse, [batch(10**7)])
    assert is_clean(warehouse)


def has_read_on(tallies: dict[str, Any], seen: dict[str, int]) -> bool:
    """Tell whether each reader has begun and ended another reading, or has met an error."""
    return all(
        tally.get("reads", 0) > seen[name] + 1 or "error" in tally
        for name, tally in tallies.items()
    )


def test_two_landings_at_once_do_not_mix(server: ForkServerContext, tmp_path: Path) -> None:
    writers = [
        process_of(server, workers.land_versions, tmp_path, document, 1, 5)
        for document in ("first-2021", "second-2021", "third-2021")
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=PATIENCE)
        assert writer.exitcode == 0
    for document in ("first-2021", "second-2021", "third-2021"):
        assert version_in_views(tmp_path, document) == 5
    numbers = sorted(int(path.name[:6]) for path in (tmp_path / "snapshots").iterdir())
    assert numbers == list(range(8, 16))  # the last eight, each of which was current once
    assert is_clean(tmp_path)


@pytest.mark.parametrize("room", [0, 3_000, 9_000, 15_000, 60_000, 80_000, 90_000])
def test_no_room_left_keeps_the_old_state(
    server: ForkServerContext, tmp_path: Path, room: int
) -> None:
    land(tmp_path, [batch(1), batch(1, "other-2021")])
    before = content(tmp_path)
    process = process_of(server, workers.land_with_little_room, tmp_path, 2, room)
    process.start()
    process.join(timeout=PATIENCE)
    assert process.exitcode == 3
    assert content(tmp_path) == before
