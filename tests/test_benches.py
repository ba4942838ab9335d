"""The plan of all benches: each is there, has its place on a page, and is said in the docs."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from bench import all as everything
from bench.idle import Taken, spread
from bench.marked import read_part
from tests.support.for_each import for_each
from tests.support.paths import DOCS


@for_each("bench", everything.PLAN)
def test_each_bench_has_a_place_for_its_figures(bench: everything.Bench) -> None:
    assert find_spec(f"bench.{bench.name}") is not None
    read_part(DOCS / bench.page, bench.name)


def test_the_docs_say_the_order_and_how_long_it_takes() -> None:
    page = (DOCS / "performance.md").read_text(encoding="utf-8")
    assert ", ".join(each.name for each in everything.PLAN) in " ".join(page.split())
    minutes = sum(each.minutes for each in everything.PLAN)
    assert f"{minutes:g} minutes" in page
    assert minutes <= 35


def test_one_that_fails_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []

    def run(bench: everything.Bench, options: list[str]) -> bool:
        ran.append([bench.name, *options])
        return bench.name != "ingest"

    monkeypatch.setattr(everything, "run", run)
    with pytest.raises(SystemExit, match="failed: ingest"):
        everything.main(["--small", "--write"])
    assert [name for name, *_ in ran] == [each.name for each in everything.PLAN]
    assert not any("--write" in options for options in ran)


def test_what_is_taken_has_its_spread() -> None:
    taken = Taken()
    with taken.once():
        sum(range(1000))
    assert len(taken.wall) == len(taken.cpu) == 1
    assert spread([1.0, 3.0, 2.0], 1) == "2.0 (1.0-3.0)"
