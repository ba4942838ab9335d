"""How the schedule's last runs went, from what the nights and Prefect have written down.

A server is asked where ``PREFECT_API_URL`` or the running service names one; otherwise the
records beside the warehouse are read, and never opened for writing.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path

from common.files import is_locked
from flows.jobs.guard import ask, read_credentials
from flows.jobs.night import ledger as nightly_ledger
from schemas.records.health import Check, check, phrase
from schemas.vocabulary import words

_FLOW = "nightly"
_RUNS = 5
_LATE = timedelta(hours=26)
_BAD = frozenset({"FAILED", "CRASHED"})


def check_schedule(warehouse: Path, now: datetime) -> Iterator[Check]:
    """Yield what is found of the service, its runs, and what the last night left open."""
    status = _status(records_beside(warehouse))
    # The lock, not the number: a later process may have that, and another user's have the port.
    alive = status is not None and is_locked(records_beside(warehouse) / "serve.lock")
    yield _service(status, alive=alive)
    yield from _runs(warehouse, status if alive else None)
    yield from _ledger(warehouse, now, alive=alive)


def records_beside(warehouse: Path) -> Path:
    """Return where Prefect's records are kept, without making the folder."""
    beside = warehouse.absolute().with_name(f"{warehouse.absolute().name}.prefect")
    return Path(os.environ.get("PREFECT_HOME") or beside)


def _status(home: Path) -> Mapping[str, object] | None:
    """Return what a running service says of itself."""
    with suppress(OSError, ValueError):
        status = json.loads((home / "serve.json").read_text(encoding="utf-8"))
        if isinstance(status, dict):
            return status
    return None


def _lives(pid: object) -> bool:
    if not isinstance(pid, int) or pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another account's
        return True
    return True


def _service(status: Mapping[str, object] | None, *, alive: bool) -> Check:
    if status is None:
        return check("flows.schedule.service.absent")
    if not alive:
        return check("flows.schedule.service.stopped")
    dead = [name for name in ("server", "runner") if name in status and not _lives(status[name])]
    if dead:
        return check("flows.schedule.service.partly", names="、".join(dead))
    return check("flows.schedule.service.right", pid=status.get("pid", "?"))


def _runs(warehouse: Path, status: Mapping[str, object] | None) -> Iterator[Check]:
    """Report the last runs of the nightly flow, latest first."""
    named = os.environ.get("PREFECT_API_URL")
    url = named or (str(status["api_url"]) if status and "api_url" in status else None)
    try:
        if named:
            runs = _asked(named.rstrip("/"), os.environ.get("PREFECT_API_AUTH_STRING"))
        elif url:
            runs = _asked(url, read_credentials(records_beside(warehouse)))
        else:
            runs = _recorded(records_beside(warehouse))
    except (OSError, HTTPException, ValueError, sqlite3.Error) as error:
        if url:
            yield check("flows.schedule.runs.no_server", address=url, reason=error)
        else:
            folder = records_beside(warehouse)
            yield check("flows.schedule.runs.no_records", folder=folder, reason=error)
        return
    if not runs:
        yield check("flows.schedule.runs.none")
        return
    listed = "；".join(
        phrase(
            "flows.schedule.run",
            when=_local(when),
            state=words("run_state").get(kind, kind),
            name=name,
        )
        for when, kind, name in runs
    )
    if runs[0][1] in _BAD:
        yield check("flows.schedule.runs.failed", runs=listed)
    else:
        yield check("flows.schedule.runs.right", runs=listed)


_Run = tuple[str, str, str]


def _asked(url: str, credentials: str | None) -> list[_Run]:
    """Ask a Prefect server for the last runs."""
    ended = ["COMPLETED", "FAILED", "CRASHED", "CANCELLED", "RUNNING"]
    body = {
        "flows": {"name": {"any_": [_FLOW]}},
        "flow_runs": {"state": {"type": {"any_": ended}}},
        "sort": "START_TIME_DESC",
        "limit": _RUNS,
    }
    return [
        (str(row.get("start_time") or ""), str(row.get("state_type")), str(row.get("state_name")))
        for row in ask(url, "flow_runs/filter", body, credentials)
    ]


def _recorded(home: Path) -> list[_Run]:
    """Read the last runs from the records of a server that is not running."""
    path = home / "prefect.db"
    if not path.is_file():
        return []
    # immutable: not even SQLite's own helper files are made beside it
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    sql = """
        SELECT r.start_time, r.state_type, r.state_name FROM flow_run AS r
        JOIN flow AS f ON f.id = r.flow_id
        WHERE f.name = ? AND r.start_time IS NOT NULL ORDER BY r.start_time DESC LIMIT ?
    """
    with closing(sqlite3.connect(address, uri=True)) as connection:
        rows: Sequence[tuple[object, ...]] = connection.execute(sql, (_FLOW, _RUNS)).fetchall()
    return [(str(when), str(kind), str(name)) for when, kind, name in rows]


def _local(text: str) -> str:
    """Return a time as the clock on this machine shows it; Prefect writes UTC."""
    try:
        when = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return text or phrase("flows.schedule.some_time")
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return f"{when.astimezone():%Y-%m-%d %H:%M}"


def _ledger(warehouse: Path, now: datetime, *, alive: bool) -> Iterator[Check]:
    """Report when the last night ended, and what it could not do."""
    path = warehouse / nightly_ledger.NAME
    if not path.is_file():
        yield check("flows.schedule.night.none")
        return
    ledger = nightly_ledger.read_ledger(warehouse)
    ended = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    when = f"{ended.astimezone():%Y-%m-%d %H:%M}"
    if ledger.unfinished is not None:
        yield check("flows.schedule.night.unfinished", when=when)
    elif alive and now - ended > _LATE:
        yield check("flows.schedule.night.late", when=when)
    else:
        yield check("flows.schedule.night.right", when=when)
    failed = [entry.problem.zh for entry in ledger.notices.values() if entry.problem]
    if failed:
        yield check("flows.schedule.night_notices.failed", reasons="；".join(failed[:3]))
