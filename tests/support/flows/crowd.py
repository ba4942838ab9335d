"""What ten processes do at once on one warehouse: ingest, receive, score and read.

Each takes so many turns. One that finds the warehouse held for long, or changed meanwhile, tries
again, as a person would; anything else that is refused is an error.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from common.refusal import Refusal
from flows.jobs.batch.run import ingest
from flows.jobs.ingest import Order
from flows.jobs.returns.receive import Delivery, receive_and_finish
from flows.jobs.score.inputs import ScoreOrder
from flows.jobs.score.run import score_year
from tests.support.flows.city_state import DAYS, LINES
from tests.support.flows.nights import DEPARTMENTS, City, notice_text, return_text
from warehouse import landing
from warehouse.query import query
from warehouse.reading import read_tables

landing.warm_up()

FIRST = "tianhe-2021"
BUSY = ("warehouse_busy", "warehouse_moved", "receiving_busy")
_TRIES = 50


def growth(turn: int) -> str:
    """Return the first target of a notice as the ingester of that turn has it."""
    return f"{4 + turn / 10:g}"


def silent(_: str) -> None:
    """Say nothing."""


def insist(do: Callable[[], object]) -> None:
    """Do it, again while others stand in the way."""
    for _ in range(_TRIES):
        try:
            do()
            return
        except Refusal as refusal:
            if refusal.code not in BUSY:
                raise
    raise AssertionError("always in the way")


def ingester(root: Path, number: int, turns: int, seed: int) -> None:
    """Land a notice of one's own, with another target each turn."""
    year = 2030 + number
    for turn in range(turns):
        source = root / f"own-{number}" / f"{turn}.txt"
        source.parent.mkdir(exist_ok=True)
        source.write_text(notice_text(year, growth(turn)), encoding="utf-8")
        order = Order(source, City(root).warehouse, f"own-{number}", year, cross_check=False)
        insist(lambda order=order: ingest(order, silent))  # type: ignore[misc]


def receiver(root: Path, number: int, turns: int, seed: int) -> None:
    """Hand in a return of one's own department, with other values each turn."""
    city, department = City(root), DEPARTMENTS[number]
    for turn in range(turns):
        file = root / f"hand-{number}" / str(turn) / f"{department}.csv"
        file.parent.mkdir(parents=True)
        text = return_text(department, FIRST, factor=1 + turn + seed % 7)
        file.write_text(text, encoding="utf-8")
        delivery = Delivery((file,), city.warehouse, DAYS[0], city.raw, root / "replies")
        insist(lambda delivery=delivery: receive_and_finish(delivery, silent))  # type: ignore[misc]


def scorer(root: Path, number: int, turns: int, seed: int) -> None:
    """Score the notice on one of two days."""
    city = City(root)
    order = ScoreOrder(2021, city.warehouse, FIRST, as_of=DAYS[number % 2], raw=city.raw)
    for _ in range(turns):
        insist(lambda: score_year(order, silent))


def reader(root: Path, number: int, turns: int, seed: int) -> None:
    """Read whole documents, by SQL or as frames, and never a part of one."""
    city, chance = City(root), random.Random(seed + number)
    for _ in range(4 * turns):
        if chance.random() < 0.5:
            sql = "SELECT document_id, count(*) FROM targets GROUP BY ALL"
            counts = dict(query(city.warehouse, sql).rows)
            days = query(city.warehouse, "SELECT count(*) FROM scores GROUP BY as_of").rows
            assert {count for (count,) in days} <= {LINES}, days
        else:
            tables = read_tables(city.warehouse, ("targets", "notices"))
            counts = tables["targets"]["document_id"].value_counts().to_dict()
            assert set(counts) == set(tables["notices"]["document_id"])
        assert FIRST in counts
        assert set(counts.values()) == {LINES}, counts
