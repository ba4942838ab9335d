"""Ten processes at once on one warehouse: nobody sees a part, and nothing anybody did is lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from flows.jobs.batch.run import ingest
from flows.jobs.ingest import Order
from tests.support.flows import crowd
from tests.support.flows.city_state import ENTITIES, LINES
from tests.support.flows.nights import DEPARTMENTS, City, notice_text
from tests.support.kills import process_of
from tests.support.soak import Seeds

Worker = Callable[[Path, int, int, int], None]
WORKERS: tuple[tuple[Worker, int], ...] = (
    *((crowd.ingester, number) for number in range(3)),
    *((crowd.receiver, number) for number in range(2)),
    *((crowd.scorer, number) for number in range(2)),
    *((crowd.reader, number) for number in range(3)),
)
PATIENCE = 600


def check_crowd(night_server: ForkServerContext, root: Path, turns: int, seed: int) -> None:
    city = City(root)
    source = city.put_notice(crowd.FIRST) / "notice.txt"
    source.write_text(notice_text(), encoding="utf-8")
    order = Order(source, city.warehouse, crowd.FIRST, 2021, cross_check=False)
    ingest(order, crowd.silent)
    processes = [
        process_of(night_server, work, root, number, turns, seed) for work, number in WORKERS
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=PATIENCE)
    assert [process.exitcode for process in processes] == [0] * len(WORKERS)
    check_all_is_there(city, turns)


def check_all_is_there(city: City, turns: int) -> None:
    """What each did last is landed, and every return is filed and landed once."""
    documents = dict(city.rows("SELECT document_id, count(*) FROM targets GROUP BY ALL"))
    own = [f"own-{number}" for number in range(3)]
    assert documents == dict.fromkeys([crowd.FIRST, *own], LINES)
    first = city.rows(
        "SELECT DISTINCT target_value FROM targets WHERE document_id LIKE 'own-%' "
        "AND serial_no = 1 AND entity = '东河区'"
    )
    assert first == [(float(crowd.growth(turns - 1)),)]
    landed = dict(city.rows("SELECT department, count(*) FROM returns GROUP BY ALL"))
    assert landed == dict.fromkeys(DEPARTMENTS[:2], turns * ENTITIES)
    filed = [path.name for path in (city.raw / "returns" / "2021").rglob("*.csv")]
    assert len(filed) == 2 * turns
    scored = city.rows("SELECT count(*) FROM scores GROUP BY as_of")
    assert scored == [(LINES,)] * 2
    assert not list((city.warehouse / "staging").iterdir())


def test_ten_at_once(night_server: ForkServerContext, tmp_path: Path) -> None:
    check_crowd(night_server, tmp_path, 2, 0)


@pytest.mark.soak
def test_ten_at_once_again_and_again(
    night_server: ForkServerContext, tmp_path: Path, seeds: Seeds
) -> None:
    for seed in seeds:
        with seeds.trying("processes that ingest, receive, score and read, ten at once", 10):
            check_crowd(night_server, tmp_path / str(seed), 3, seed)
        shutil.rmtree(tmp_path / str(seed))
