"""Nights on a full disk: a refusal in words, nothing half, and the next night makes it good."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from tests.support.flows import dying_nights
from tests.support.flows.city_state import check_whole, fill, state
from tests.support.flows.nights import City
from tests.support.kills import was_killed
from tests.support.soak import Seeds

STEPS = 330


@pytest.fixture
def good(night_server: ForkServerContext, tmp_path: Path) -> City:
    """A city whose night had all the room it needs."""
    city = fill(City(tmp_path / "good"))
    shutil.copytree(city.raw, tmp_path / "begun")
    assert not was_killed(night_server, dying_nights.work, city.root, None)
    return city


def begin(root: Path, good: City) -> City:
    """Make a city in the state before its first night."""
    shutil.copytree(good.root.with_name("begun"), root / "raw")
    return City(root)


def check_full(night_server: ForkServerContext, city: City, good: City, steps: list[int]) -> None:
    """Run nights on a disk that is full from each step on, then one with room."""
    for step in steps:
        assert not was_killed(night_server, dying_nights.work_on_a_full_disk, city.root, step)
        check_whole(city)
    assert not was_killed(night_server, dying_nights.work, city.root, None)
    assert state(city) == state(good)


def test_full_from_a_step_on(night_server: ForkServerContext, good: City, tmp_path: Path) -> None:
    check_full(night_server, begin(tmp_path / "full", good), good, [0, 20, 60, 84, 110, 150])


@pytest.mark.soak
def test_full_from_steps_drawn_at_random(
    night_server: ForkServerContext, good: City, tmp_path: Path, seeds: Seeds
) -> None:
    for seed in seeds:
        steps = [random.Random(seed).randrange(STEPS)]
        city = begin(tmp_path / str(seed), good)
        with seeds.trying("nights on a disk that is full from a step on (writes fail)"):
            check_full(night_server, city, good, steps)
        shutil.rmtree(city.root)


@contextmanager
def small_disk(place: Path, kilobytes: int) -> Iterator[bool]:
    """Mount a small disk in memory, where this user may; say whether it could."""
    place.mkdir()
    size = f"size={kilobytes}k"
    command = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(place)]
    could = os.getuid() == 0 and subprocess.run(command, check=False).returncode == 0
    try:
        yield could
    finally:
        if could:
            subprocess.run(["umount", str(place)], check=True)


def give_room(place: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=64m", str(place)], check=True)


@pytest.mark.soak
def test_a_disk_that_is_really_full(
    night_server: ForkServerContext, good: City, tmp_path: Path, seeds: Seeds
) -> None:
    for seed in seeds:
        place = tmp_path / str(seed)
        with small_disk(place, random.Random(seed).randrange(60, 700)) as could:
            if not could:
                pytest.skip("only root can mount a small disk")
            city = begin(place / "city", good)
            with seeds.trying("nights on a small disk in memory that is really full"):
                work = dying_nights.work_in_little_room
                assert not was_killed(night_server, work, city.root)
                check_whole(city)
                give_room(place)
                assert not was_killed(night_server, dying_nights.work, city.root, None)
                assert state(city) == state(good)
