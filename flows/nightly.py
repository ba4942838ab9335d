"""The Prefect flow ``nightly``: the steps of :mod:`flows.jobs.night.steps`, each seen and logged.

It ends in the state that its summary names: ``Completed``, ``Nothing new``, ``Completed with
findings``, or ``Publication withheld`` where a year was not published; ``Failed`` only where
nothing could be done. A step that a lock or the disk prevented is tried again.
"""

from __future__ import annotations

import logging
from typing import Any

from prefect import Flow, flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed
from prefect.utilities.annotations import quote

from common.names import text_of
from common.refusal import Refusal
from flows.ingest import PlainFailures, refused, result_of
from flows.jobs.apart import TRANSIENT
from flows.jobs.folders import of_process
from flows.jobs.night import notify
from flows.jobs.night.night import Do, run_nightly
from flows.jobs.night.summary import NightlyOrder, NightlySummary
from flows.processes import end_with_runner

WAIT_SECONDS = 60.0
"""How long a night waits for another one on the same warehouse."""


@task(name="step", task_run_name="{name}", cache_policy=NO_CACHE, retries=2, retry_delay_seconds=20)
def step(name: str, do: Do) -> State[Any] | None:
    """Do one step; Failed, and so tried again, where a lock or the disk prevented it."""
    failed = do(name)
    message = "; ".join(f"{item.name}: {item.detail}" for item in failed)
    if any(item.code in TRANSIENT for item in failed):
        return Failed(message=message)
    return Completed(name="Completed with failures", message=message) if failed else None


def notify_of_failure(flow: Any, flow_run: Any, state: State[Any]) -> None:
    """Notify of a run of the flow that failed or crashed."""
    event = "crashed" if state.is_crashed() else "failed"
    notify.send(
        event, f"夜间处理未完成：{state.message or state.name}", {"run": str(flow_run.name)}
    )


@flow(name="nightly", on_failure=[notify_of_failure], on_crashed=[notify_of_failure])
def nightly() -> State[Any]:
    """Take in what is new, score what it touches, make the report.

    Running it twice changes nothing. It works in the folders of its process, and whoever starts a
    run can ask it for nothing else. The state's result is the :class:`NightlySummary`.
    """
    end_with_runner()
    folders = of_process()
    return _night(
        NightlyOrder(folders.warehouse, folders.raw, folders.out, replies=folders.replies)
    )


def flow_of(order: NightlyOrder) -> Flow[[], State[Any]]:
    """Return the flow that works in other folders than its process's."""

    def night() -> State[Any]:
        return _night(order)

    made = flow(
        name="nightly",
        flow_run_name=f"nightly {text_of(order.warehouse)}",
        on_failure=[notify_of_failure],
        on_crashed=[notify_of_failure],
    )
    return made(night)


def _night(order: NightlyOrder) -> State[Any]:
    try:
        summary = run_nightly(
            order, get_run_logger().info, str(flow_run.id), WAIT_SECONDS, _as_task
        )
    except Refusal as refusal:
        return refused(refusal)
    _show(summary)
    notify.summary(summary)
    return Completed(data=summary, name=summary.state, message=summary.headline)


def _as_task(name: str, do: Do) -> None:
    step(name, quote(do), return_state=True)


def _show(summary: NightlySummary) -> None:
    """Leave the summary with the run: as a page, and what it dealt with as a table."""
    create_markdown_artifact(
        key="nightly", markdown=summary.as_markdown(), description="What the night did"
    )
    if summary.items:
        create_table_artifact(
            key="nightly-items",
            table=[item.as_row() for item in summary.items],
            description="Notices, returns, scores and report of the night",
        )


def run(order: NightlyOrder) -> NightlySummary:
    """Run the flow in this process and return its summary; a refusal is raised as it was."""
    logging.getLogger("prefect.task_runs").addFilter(PlainFailures())
    state = flow_of(order)(return_state=True)
    summary: NightlySummary = result_of(state)
    return summary
