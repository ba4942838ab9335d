"""Whether a command runs its steps directly or as a flow, and on which server.

A Prefect server takes seconds to start, so a command at the keyboard does without unless an API is
configured or it is asked for one.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from common.refusal import Refusal
from flows.jobs.batch.choice import LOCAL, EngineChoice, engine_of
from flows.jobs.batch.run import Outcome, Watch, ingest_all, nobody
from flows.jobs.guard import private_folder
from flows.jobs.ingest import Order, Progress

if TYPE_CHECKING:
    from flows.jobs.night.summary import NightlyOrder, NightlySummary

R = TypeVar("R")


def api_is_configured() -> bool:
    """Say whether somebody named a Prefect server to report to."""
    return bool(os.environ.get("PREFECT_API_URL"))


def run_ingest(
    orders: Sequence[Order],
    progress: Progress,
    *,
    choice: EngineChoice = LOCAL,
    watch: Watch = nobody,
    orchestrated: bool,
) -> list[Outcome]:
    """Ingest documents, directly or as a flow; return what became of each, in their order."""
    if orchestrated or api_is_configured():
        report_to_own_server(orders[0].warehouse)
        from flows.ingest import run

        done = run(orders, choice)
    else:
        with engine_of(choice, len(orders)) as engine:
            done = list(ingest_all(orders, engine, progress, watch=watch))
    place = {order.source: number for number, order in enumerate(orders)}
    return sorted(done, key=lambda each: place[each.order.source])


def run_step(
    name: str,
    run_name: str,
    step: Callable[[Progress], R],
    progress: Progress,
    warehouse: Path,
    *,
    orchestrated: bool,
) -> R:
    """Take one step, directly or as the flow ``name``."""
    if not (orchestrated or api_is_configured()):
        return step(progress)
    report_to_own_server(warehouse)
    from flows.states import run_as_flow

    return run_as_flow(name, run_name, step)


def run_night(order: NightlyOrder, progress: Progress, *, orchestrated: bool) -> NightlySummary:
    """Do what a night does, as a flow or directly; notify of it either way."""
    if orchestrated:
        progress("starting Prefect (a few seconds; the first time up to a minute)")
        report_to_own_server(order.warehouse)
        from flows.nightly import run

        return run(order)
    from flows.jobs.night import notify
    from flows.jobs.night.night import run_nightly

    try:
        summary = run_nightly(order, progress)
    except Refusal as refusal:
        notify.send("failed", f"夜间处理未完成：{refusal.zh}", {"code": refusal.code})
        raise
    notify.summary(summary)
    return summary


def report_to_own_server(warehouse: Path) -> None:
    """Let the flows of this process report to a server of its own, which ends with it.

    Its records lie in a folder beside the warehouse: the warehouse holds nothing but tables, and a
    Prefect of another version in the user's home is left alone. Must come before Prefect is
    imported; does nothing where a server is named, or was started here before.
    """
    if api_is_configured():
        return
    from flows.own_server import own_server

    held = ExitStack()
    held.enter_context(own_server(records_of(warehouse)))
    atexit.register(held.close)


def records_of(warehouse: Path) -> Path:
    """Return the folder of Prefect's records: ``PREFECT_HOME``, else one beside the warehouse.

    Raises Refusal where it belongs to another user.
    """
    if named := os.environ.get("PREFECT_HOME"):
        return private_folder(Path(named))
    home = private_folder(warehouse.absolute().with_name(f"{warehouse.absolute().name}.prefect"))
    (home / ".gitignore").write_text("*\n", encoding="utf-8")
    return home
