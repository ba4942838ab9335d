"""A small city with something to do, what its nights make of it, and whether that is whole."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.support.flows.nights import City

DAYS = (date(2021, 6, 5), date(2021, 7, 5))
LINES, ENTITIES = 12, 3


def fill(city: City) -> City:
    city.put_notice("tianhe-2021", sidecar="issued_on = 2021-03-01\n")
    city.put_return("市财政局", DAYS[0], factor=0.5)
    city.put_return("市统计局", DAYS[1])
    (city.inbox / "bad.xlsx").write_bytes(b"junk")
    return city


def state(city: City) -> dict[str, Any]:
    """Everything that a night makes, without what differs from run to run."""
    columns = {
        "notices": "* EXCLUDE (run_id, landed_at)",
        **dict.fromkeys(("targets", "returns", "scores", "scorecards", "rank_stability"), "*"),
    }
    tables = {
        name: city.rows(f"SELECT {shown} FROM {name} ORDER BY ALL")
        for name, shown in columns.items()
    }
    filed = {
        str(path.relative_to(city.raw)): path.read_bytes()
        for path in sorted((city.raw / "returns").rglob("*.csv"))
    }
    return {**tables, "filed": filed, "inbox": city.inbox_files()}


def check_whole(city: City) -> None:
    """What is landed is whole: all of a document, all of a return, all of a day's scores."""
    if not (city.warehouse / "CURRENT").exists() or city.current() == "000000-empty":
        return
    found = city.rows(
        "SELECT 'targets', count(*), NULL FROM targets"
        " UNION ALL SELECT 'a return', count(*), NULL FROM returns GROUP BY department"
        " UNION ALL SELECT 'scores of a day', count(*), (SELECT count(*) FROM scorecards c"
        " WHERE c.as_of = s.as_of AND level = 'total') FROM scores s GROUP BY as_of"
    )
    whole = ("targets", LINES, None)
    assert whole in found
    assert {*found} <= {whole, ("a return", ENTITIES, None), ("scores of a day", LINES, ENTITIES)}
    lost = {str(file.name) for file in (city.raw / "returns").rglob("*.csv")}
    assert len(lost) + len([name for name in city.inbox_files() if name.endswith(".csv")]) >= 2
