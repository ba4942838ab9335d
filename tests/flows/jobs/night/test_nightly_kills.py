"""Nights killed at many steps: old or new, never half, and the next night makes it good."""

from __future__ import annotations

import random
import shutil
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from flows.jobs.night.ledger import read_ledger
from tests.support.flows import dying_nights
from tests.support.flows.city_state import DAYS, ENTITIES, check_whole, fill, state
from tests.support.flows.nights import City
from tests.support.kills import was_killed
from tests.support.soak import Seeds

#: So many a whole night of this city takes.
STEPS = 330


def killed_at(night_server: ForkServerContext, city: City, step: int | None) -> bool:
    """Whether a night was killed at this step; False where it had fewer steps."""
    return was_killed(night_server, dying_nights.work, city.root, step)


def test_killed_again_and_again_and_made_good(
    night_server: ForkServerContext, tmp_path: Path
) -> None:
    unkilled, city = fill(City(tmp_path / "unkilled")), City(tmp_path / "killed")
    shutil.copytree(unkilled.raw, city.raw)
    assert not killed_at(night_server, unkilled, None)

    kills = 0
    for step in (2, 6, 30, 58, 63, 84, 101, 40, 110, 134, 139, 60, 151, 200, 240):
        if not killed_at(night_server, city, step):
            break
        kills += 1
        check_whole(city)
        assert read_ledger(city.warehouse).unfinished is not None or step == 2
    assert kills >= 8
    assert not killed_at(night_server, city, None)
    assert state(city) == state(unkilled)
    assert read_ledger(city.warehouse).unfinished is None
    assert (city.out / "index.html").read_text() == city.current()


@pytest.mark.soak
def test_nights_killed_at_random_are_made_good(
    night_server: ForkServerContext, tmp_path: Path, seeds: Seeds
) -> None:
    unkilled = fill(City(tmp_path / "unkilled"))
    begun = shutil.copytree(unkilled.raw, tmp_path / "raw")
    assert not killed_at(night_server, unkilled, None)
    for seed in seeds:
        city, chance = City(tmp_path / str(seed)), random.Random(seed)
        shutil.copytree(begun, city.raw)
        kills = chance.randint(1, 3)
        with seeds.trying("nights killed at a step and made good", kills):
            for _ in range(kills):
                killed_at(night_server, city, chance.randrange(STEPS))
                check_whole(city)
            assert not killed_at(night_server, city, None)
            assert state(city) == state(unkilled)
        shutil.rmtree(city.root)


@pytest.mark.parametrize("step", [30, 75, 130])
def test_killed_while_returns_are_taken_in(
    night_server: ForkServerContext, tmp_path: Path, step: int
) -> None:
    """Killed between filing, landing, taking out of the inbox, and scoring."""
    city = City(tmp_path)
    city.put_notice("tianhe-2021", sidecar="issued_on = 2021-03-01\n")
    assert not killed_at(night_server, city, None)
    fill(city)
    assert killed_at(night_server, city, step)
    check_whole(city)
    assert not killed_at(night_server, city, None)
    assert city.inbox_files() == ["refused/bad.xlsx", "refused/bad.xlsx.reason.txt"]
    assert city.rows("SELECT count(*) FROM returns") == [(2 * ENTITIES,)]
    assert city.rows("SELECT DISTINCT as_of FROM scores ORDER BY 1")[1:] == [(day,) for day in DAYS]
