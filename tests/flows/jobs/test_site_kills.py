"""Real kills while a report is made: the old one or the new one, and nothing is left."""

from __future__ import annotations

import random
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from common.files import sweep
from flows.jobs.batch.run import ingest
from flows.jobs.ingest import Order
from flows.jobs.score.inputs import ScoreOrder
from flows.jobs.score.run import score_year
from tests.support.flows.dying_report import report
from tests.support.flows.nights import City
from tests.support.flows.scored_years import silent
from tests.support.kills import fork_server, was_killed
from tests.support.soak import Seeds

OLD = "old.html"
"""A page that only the old report has."""


@pytest.fixture(scope="module")
def server() -> ForkServerContext:
    return fork_server()


@pytest.fixture(scope="module")
def made(server: ForkServerContext, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a report that was made anew, and the steps that this took."""
    root = tmp_path_factory.mktemp("report")
    city = City(root)
    ingest(Order(city.put_notice("tianhe-2021"), city.warehouse, cross_check=False), silent)
    score_year(ScoreOrder(2021, city.warehouse, raw=city.raw), silent)
    for _ in range(2):
        assert not was_killed(server, report, root, None, root / "steps.txt")
    return root


def pages(root: Path) -> dict[Path, bytes]:
    out = root / "out/report"
    return {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def check_killed_at(server: ForkServerContext, root: Path, steps: list[int]) -> None:
    """Kill report after report: at any time a whole one is there, or is put there by the sweep."""
    whole = pages(root)
    for step in steps:
        (root / "out/report" / OLD).touch()
        assert was_killed(server, report, root, step)
        assert len(list((root / "out").iterdir())) <= 2
        sweep(root / "out")
        assert {name: text for name, text in pages(root).items() if str(name) != OLD} == whole
    assert not was_killed(server, report, root, None)
    assert pages(root) == whole
    assert [path.name for path in (root / "out").iterdir()] == ["report"]


def test_killed_at_each_rename_and_while_pages_are_written(
    server: ForkServerContext, made: Path
) -> None:
    steps = (made / "steps.txt").read_text(encoding="utf-8").split()
    renames = [number for number, name in enumerate(steps) if name in ("rename", "replace")]
    assert len(renames) == 2
    check_killed_at(server, made, [3, *renames, renames[-1] + 1, len(steps) - 1])


@pytest.mark.soak
def test_killed_at_steps_drawn_at_random(
    server: ForkServerContext, made: Path, seeds: Seeds
) -> None:
    steps = len((made / "steps.txt").read_text(encoding="utf-8").split())
    for seed in seeds:
        chance = random.Random(seed)
        with seeds.trying("reports killed at a step", 3):
            check_killed_at(server, made, [chance.randrange(steps) for _ in range(3)])
