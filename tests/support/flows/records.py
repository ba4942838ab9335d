"""Prefect's records, one folder: a copy of what its server made, and runs of long ago in it."""

from __future__ import annotations

import sqlite3
import uuid
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

NAME, NIGHTS = "prefect.db", 300
_OF_LONG_AGO = "of long ago"


def copy_records(made: Path, home: Path) -> Path:
    """Copy what a server left in its folder into another: to make it anew takes it seconds."""
    home.mkdir(parents=True, exist_ok=True)
    with (
        closing(sqlite3.connect(made / NAME)) as database,
        closing(sqlite3.connect(home / NAME)) as copy,
    ):
        database.backup(copy)
    return home


def add_old_runs(home: Path) -> None:
    """Enter a run that ended so many days ago, with a line of log, for each of the nights."""
    flow, now = str(uuid.uuid4()), datetime.now(UTC).replace(tzinfo=None)
    runs = [(str(uuid.uuid4()), str(now - timedelta(days=night))) for night in range(NIGHTS)]
    with closing(sqlite3.connect(home / NAME)) as records, records:
        records.execute("INSERT INTO flow (id, name) VALUES (?, ?)", (flow, _OF_LONG_AGO))
        records.executemany(
            "INSERT INTO flow_run (id, flow_id, name, state_type, end_time)"
            f" VALUES (?, '{flow}', 'night', 'COMPLETED', ?)",
            runs,
        )
        records.executemany(
            "INSERT INTO log (name, level, message, flow_run_id, timestamp)"
            f" VALUES ('{_OF_LONG_AGO}', 20, '', ?, ?)",
            runs,
        )


def old_runs(home: Path) -> tuple[int, int]:
    """Return how many of these runs and of their lines of log are left."""
    with closing(sqlite3.connect(home / NAME)) as records:
        runs = "SELECT count(*) FROM flow_run JOIN flow ON flow.id = flow_id WHERE flow.name = ?"
        logs = "SELECT count(*) FROM log WHERE name = ?"
        left = [records.execute(sql, (_OF_LONG_AGO,)).fetchone()[0] for sql in (runs, logs)]
    return left[0], left[1]


def states(home: Path, flow: str | None = None) -> list[str]:
    """Return the types of the states that runs have, each once: of a flow, or of deployments."""
    with closing(sqlite3.connect(home / NAME)) as records:
        rows = records.execute(
            "SELECT DISTINCT state_type FROM flow_run JOIN flow ON flow.id = flow_id"
            " WHERE CASE WHEN ?1 IS NULL THEN deployment_id IS NOT NULL ELSE flow.name = ?1 END"
            " ORDER BY 1",
            (flow,),
        ).fetchall()
    return [str(row[0]) for row in rows]
