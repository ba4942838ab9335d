"""The Prefect flow ``ingest``: the steps of :mod:`flows.jobs.ingest`, each seen and logged.

A refusal ends the flow in a Failed state that says in plain words why; nothing has then been
landed. Open findings end it in ``Completed with findings``.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from prefect import Flow, flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from common.names import text_of
from common.refusal import Refusal
from flows.jobs import ingest as steps
from flows.jobs.folders import of_process, within
from flows.jobs.ingest import Order, Reading
from flows.jobs.ingest_summary import Summary
from flows.jobs.sidecar import locate

TRANSIENT = frozenset({"warehouse_busy", "warehouse_not_writable"})


class PlainFailures(logging.Filter):
    """Drops what Prefect logs with a failure that nobody raised: the same again, inside out."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether the record is more than an exception's log without an exception."""
        return not (record.exc_info and record.exc_info[0] is None)


@task(name="read and normalize", cache_policy=NO_CACHE)
def read(order: Order) -> Reading | State[Any]:
    """Read and normalize the document in a process of its own."""
    logger = get_run_logger()
    try:
        located = locate(order.source, order.document_id, order.year, order.entities)
        with steps.start_reading(located, order.cross_check, order.warehouse) as call:
            steps.load_libraries()
            reading: Reading = call.result(logger.info)
    except Refusal as refusal:
        return refused(refusal)
    return reading


@task(name="check", cache_policy=NO_CACHE)
def check(reading: Reading, run_id: str) -> State[Any] | None:
    """Check the tables against their schemas."""
    try:
        steps.check(reading, run_id)
    except Refusal as refusal:
        return refused(refusal)
    return None


def worth_retrying(_task: Any, _run: Any, state: State[Any]) -> bool:
    """Say whether landing may succeed in a moment: a lock or the disk prevented it."""
    reason = outcome(state)
    return isinstance(reason, Refusal) and reason.code in TRANSIENT


@task(
    name="land",
    cache_policy=NO_CACHE,
    retries=2,
    retry_delay_seconds=5,
    retry_condition_fn=worth_retrying,
)
def land(reading: Reading, warehouse: Path, run_id: str) -> Summary | State[Any]:
    """Land the tables as one new snapshot."""
    try:
        return steps.land(reading, warehouse, run_id)
    except Refusal as refusal:
        return refused(refusal)


@flow(name="ingest", flow_run_name="ingest {notice}")
def ingest(
    notice: str,
    document_id: str | None = None,
    year: int | None = None,
    cross_check: bool = True,
    entities: list[str] | None = None,
) -> State[Any]:
    """Read, normalize, check and land one notice, a folder or file in ``raw/notices``.

    It works in the folders of its process. The state's result is the :class:`Summary`.
    """
    folders = of_process()
    try:
        source = within(folders.raw / "notices", notice)
    except Refusal as refusal:
        return refused(refusal)
    names = tuple(entities or ())
    return _ingest(Order(source, folders.warehouse, document_id, year, cross_check, names))


def flow_of(order: Order) -> Flow[[], State[Any]]:
    """Return the flow that takes in any document into any warehouse."""

    def whole() -> State[Any]:
        return _ingest(order)

    return flow(name="ingest", flow_run_name=f"ingest {text_of(order.source)}")(whole)


def _ingest(order: Order) -> State[Any]:
    run_id = str(flow_run.id)
    reading = read(order, return_state=True)
    if reading.is_failed():
        return passed_on(reading)
    checked = check(outcome(reading), run_id, return_state=True)
    if checked.is_failed():
        return passed_on(checked)
    landed = land(outcome(reading), order.warehouse, run_id, return_state=True)
    if landed.is_failed():
        return passed_on(landed)
    summary: Summary = outcome(landed)
    show(summary)
    if summary.clean:
        return Completed(data=summary, message=summary.document_id)
    return Completed(data=summary, name="Completed with findings", message=summary.document_id)


def refused(refusal: Refusal) -> State[Any]:
    """Return the failed state of a task or flow that refused its input."""
    return Failed(data=refusal, message=f"{refusal.zh} / {refusal}")


def passed_on(state: State[Any]) -> State[Any]:
    """Return the flow's failed state for a task's: the same reason, in the same words."""
    reason = outcome(state)
    return refused(reason) if isinstance(reason, Refusal) else state


def outcome(state: State[Any]) -> Any:
    """Return what a state carries, be it a result or the reason of a failure."""
    return state.result(raise_on_failure=False)


def result_of(state: State[Any]) -> Any:
    """Return what a flow made; the reason of its failure is raised as it was."""
    result = outcome(state)
    if isinstance(result, BaseException):
        raise result
    return result


def show(summary: Summary) -> None:
    """Leave two artifacts with the run: the table of findings, and where the tables landed."""
    create_table_artifact(
        key="ingest-findings",
        table=[dict(finding) for finding in summary.open_findings],
        description=f"Findings to look at in {summary.document_id}",
    )
    folder = Path(summary.landed_in).resolve() / "current"
    create_markdown_artifact(
        key="ingest-landed",
        markdown=f"[{folder}]({folder.as_uri()})\n\n```\n{summary.as_text()}\n```",
        description=f"Where {summary.document_id} landed",
    )


def run(order: Order) -> Summary:
    """Run the flow in this process and return its summary; a refusal is raised as it was."""
    logging.getLogger("prefect.task_runs").addFilter(PlainFailures())
    state = flow_of(order)(return_state=True)
    summary: Summary = result_of(state)
    return summary
