"""How the schedule's last runs went, from what the nights and Prefect have written down.

A server is asked where ``PREFECT_API_URL`` or the running service names one; otherwise the
records beside the warehouse are read, and never opened for writing.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any

from common.files import is_locked
from flows.jobs.guard import ask, read_credentials
from flows.jobs.night import ledger as nightly_ledger
from schemas.records.health import Check, State
from schemas.vocabulary import words

AREA = "定时运行"

_FLOW = "nightly"
_RUNS = 5
_LATE = timedelta(hours=26)
_BAD = frozenset({"FAILED", "CRASHED"})
_LOOK = "请看运行日志和 docs/operate.md 的“出了什么问题”，处理后运行 kaohe nightly 补做。"


def check_schedule(warehouse: Path, now: datetime) -> Iterator[Check]:
    """Yield what is found of the service, its runs, and what the last night left open."""
    status = _status(records_beside(warehouse))
    # The lock, not the number: a later process may have that, and another user's have the port.
    alive = status is not None and is_locked(records_beside(warehouse) / "serve.lock")
    yield _service(status, alive=alive)
    yield from _runs(warehouse, status if alive else None)
    yield from _ledger(warehouse, now, alive=alive)


def _check(code: str, state: State, name_zh: str, found_zh: str, todo_zh: str = "") -> Check:
    return Check(AREA, code, state, name_zh, found_zh, todo_zh)


def records_beside(warehouse: Path) -> Path:
    """Return where Prefect's records are kept, without making the folder."""
    beside = warehouse.absolute().with_name(f"{warehouse.absolute().name}.prefect")
    return Path(os.environ.get("PREFECT_HOME") or beside)


def _status(home: Path) -> dict[str, Any] | None:
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


def _service(status: dict[str, Any] | None, *, alive: bool) -> Check:
    if status is None:
        found = "没有运行（只在手工运行命令时不需要）"
        return _check("service", "note", "kaohe serve", found)
    if not alive:
        todo = "请重新启动 kaohe serve（见 docs/operate.md）。"
        return _check("service", "error", "kaohe serve", "已意外停止", todo)
    dead = [name for name in ("server", "runner") if name in status and not _lives(status[name])]
    if dead:
        found = f"正在运行，但 {'、'.join(dead)} 不在；稍后会自动重新启动"
        return _check("service", "warning", "kaohe serve", found, "几分钟后再检查一次。")
    return _check("service", "ok", "kaohe serve", f"正在运行（进程 {status['pid']}）")


def _runs(warehouse: Path, status: dict[str, Any] | None) -> Iterator[Check]:
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
        where = f"Prefect 服务 {url}" if url else f"“{records_beside(warehouse)}”中的记录"
        todo = (
            "请检查服务是否启动、地址 PREFECT_API_URL 是否正确。"
            if url else "记录只用于查看，可移走该文件夹后重新启动 kaohe serve。"
        )  # fmt: skip
        yield _check("runs", "warning", "运行记录", f"{where}无法读取：{error}", todo)
        return
    if not runs:
        yield _check("runs", "note", "运行记录", "还没有定时运行的记录")
        return
    listed = "；".join(
        f"{_local(when)} {words('run_state').get(kind, kind)}（{name}）"
        for when, kind, name in runs
    )
    if runs[0][1] in _BAD:
        yield _check("runs", "error", "运行记录", listed, _LOOK)
    else:
        yield _check("runs", "ok", "运行记录", listed)


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
        rows: Sequence[tuple[Any, ...]] = connection.execute(sql, (_FLOW, _RUNS)).fetchall()
    return [(str(when), str(kind), str(name)) for when, kind, name in rows]


def _local(text: str) -> str:
    """Return a time as the clock on this machine shows it; Prefect writes UTC."""
    try:
        when = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return text or "时间不明"
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return f"{when.astimezone():%Y-%m-%d %H:%M}"


def _ledger(warehouse: Path, now: datetime, *, alive: bool) -> Iterator[Check]:
    """Report when the last night ended, and what it could not do."""
    path = warehouse / nightly_ledger.NAME
    if not path.is_file():
        yield _check("night", "note", "上次夜间处理", "还没有运行过 kaohe nightly")
        return
    ledger = nightly_ledger.read_ledger(warehouse)
    ended = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    when = f"{ended.astimezone():%Y-%m-%d %H:%M}"
    if ledger.unfinished is not None:
        found = f"{when} 开始的一次没有结束（正在运行，或被中断）"
        yield _check("night", "warning", "上次夜间处理", found, f"如没有在运行，{_LOOK}")
    elif alive and now - ended > _LATE:
        found = f"上次结束于 {when}，已超过一天"
        yield _check("night", "warning", "上次夜间处理", found, _LOOK)
    else:
        yield _check("night", "ok", "上次夜间处理", f"结束于 {when}")
    failed = [entry.problem.zh for entry in ledger.notices.values() if entry.problem]
    if failed:
        found = "；".join(failed[:3])
        yield _check("night_notices", "warning", "夜间未能读取的通知", found, "请按提示处理。")
