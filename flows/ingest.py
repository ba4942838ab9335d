"""The Prefect flow ``ingest``: :mod:`flows.jobs.batch`, each chunk read and landed as a task.

Where nothing was taken it ends in a Failed state that says in plain words why; nothing has then
been landed. Open findings and documents that were refused end it in ``Completed with findings``.
"""

from __future__ import annotations

import logging
import os
import pickle
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from prefect import Flow, flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.futures import PrefectFuture
from prefect.runtime import flow_run
from prefect.states import Completed, Failed
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from prefect.utilities.annotations import quote

from common.names import text_of
from common.refusal import Refusal
from flows.jobs.batch.choice import EngineChoice
from flows.jobs.batch.cluster import (
    OWN,
    Parcel,
    check_address,
    own_cluster,
    quiet_cluster,
    read_parcels,
    require_certificates,
    require_dask,
)
from flows.jobs.batch.engines import Chunked, Job, Sealed, chunk_size, usable_processors
from flows.jobs.batch.report import BatchSummary
from flows.jobs.batch.run import Outcome, ingest_all
from flows.jobs.batch.sources import documents_of
from flows.jobs.batch.standby import all_read
from flows.jobs.folders import of_process, within
from flows.jobs.ingest import Order, code_version
from warehouse import landing
from warehouse.landing import Batch, Landing

TRANSIENT = frozenset({"warehouse_busy", "warehouse_not_writable"})


class PlainFailures(logging.Filter):
    """Drops what Prefect logs with a failure that nobody raised: the same again, inside out."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether the record is more than an exception's log without an exception."""
        return not (record.exc_info and record.exc_info[0] is None)


@task(name="read and normalize", cache_policy=NO_CACHE)
def read(jobs: Sequence[Job], warehouse: Path | None) -> list[Sealed]:
    """Read and normalize some documents, each in a process of its own."""
    return all_read(jobs, warehouse)


@task(name="read and normalize", cache_policy=NO_CACHE)
def read_sent(sent: bytes, code: str) -> list[Sealed]:
    """Read and normalize some documents where they were sent to.

    They come pickled: Prefect would search what it hands on to Dask for futures, part by part.
    """
    return read_parcels(pickle.loads(sent), code)


def worth_retrying(_task: object, _run: object, state: State[Any]) -> bool:
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
def land(warehouse: Path, batches: Sequence[Batch]) -> Landing | State[Any]:
    """Land the tables as one new snapshot."""
    try:
        return landing.land(warehouse, batches)
    except Refusal as refusal:
        return refused(refusal)


class TaskEngine(Chunked):
    """Reads chunks as tasks of the flow that is running, and lands each as one."""

    def __init__(self, choice: EngineChoice, documents: int) -> None:
        at_once = choice.processes or usable_processors()
        remote = choice.name != "local"
        submit = _send if remote else _begin
        super().__init__(submit, at_once, chunk_size(documents, at_once), knows_earlier=not remote)

    def land(self, warehouse: Path, batches: Sequence[Batch]) -> Landing:
        """Land a chunk; tried again where a lock or the disk prevented it."""
        done: Landing = result_of(land(warehouse, quote(batches), return_state=True))
        return done


def _begin(jobs: Sequence[Job], warehouse: Path | None) -> PrefectFuture[list[Sealed]]:
    return read.submit(quote(jobs), warehouse)


def _send(jobs: Sequence[Job], _: Path | None) -> PrefectFuture[list[Sealed]]:
    return read_sent.submit(pickle.dumps([Parcel.of(job) for job in jobs]), code_version())


def task_runner(choice: EngineChoice) -> TaskRunner[Any]:
    """Return what runs the tasks: threads that wait for processes, or a Dask cluster over TLS."""
    at_once = choice.processes or usable_processors()
    if choice.name == "local":
        return ThreadPoolTaskRunner(max_workers=at_once)
    check_address(choice.name, without_tls=choice.without_tls)
    require_dask()
    require_certificates(choice.name)
    from prefect_dask.task_runners import DaskTaskRunner

    runner: TaskRunner[Any]
    if choice.name != OWN:
        runner = DaskTaskRunner(address=choice.name, client_kwargs={"set_as_default": False})
        return runner
    settings = own_cluster(at_once)
    runner = DaskTaskRunner(
        cluster_class=f"{quiet_cluster.__module__}.{quiet_cluster.__name__}",
        cluster_kwargs=settings,
        client_kwargs={"security": settings["security"], "set_as_default": False},
    )
    return runner


_DEPLOYED = EngineChoice(os.environ.get("KAOHE_ENGINE", "local"))


@flow(name="ingest", flow_run_name="ingest {notice}", task_runner=task_runner(_DEPLOYED))
def ingest(
    notice: str,
    document_id: str | None = None,
    year: int | None = None,
    cross_check: bool = True,
    entities: list[str] | None = None,
) -> State[Any]:
    """Read, normalize, check and land a folder or file in ``raw/notices``, or all with ".".

    It works in the folders of its process, and its documents are read by what ``KAOHE_ENGINE`` of
    its process says. The state's result says what became of each document.
    """
    folders = of_process()
    try:
        source = within(folders.raw / "notices", notice)
    except Refusal as refusal:
        return refused(refusal)
    names = tuple(entities or ())
    orders = [
        Order(path, folders.warehouse, document_id, year, cross_check, names)
        for path in documents_of([source])
    ]
    return _ingest(orders, _DEPLOYED)


def flow_of(orders: Sequence[Order], choice: EngineChoice) -> Flow[[], State[Any]]:
    """Return the flow that takes in any documents into any warehouse."""

    def whole() -> State[Any]:
        return _ingest(orders, choice)

    named = text_of(orders[0].source) if len(orders) == 1 else f"{len(orders)} documents"
    return flow(name="ingest", flow_run_name=f"ingest {named}", task_runner=task_runner(choice))(
        whole
    )


def _ingest(orders: Sequence[Order], choice: EngineChoice) -> State[Any]:
    """Ingest, show what became of each document, and end in the state that this amounts to."""
    engine = TaskEngine(choice, len(orders))
    logger = get_run_logger()
    done = list(ingest_all(orders, engine, logger.info, str(flow_run.id)))
    summary = BatchSummary(done)
    if len(done) == 1 and done[0].problem is not None:
        problem = done[0].problem
        return refused(problem) if isinstance(problem, Refusal) else Failed(data=problem)
    show(summary)
    if not summary.taken:
        return Failed(data=tuple(done), message=summary.headline)
    name = "Completed" if summary.clean else "Completed with findings"
    return Completed(data=tuple(done), name=name, message=summary.headline)


def refused(refusal: Refusal) -> State[Any]:
    """Return the failed state of a task or flow that refused its input."""
    return Failed(data=refusal, message=f"{refusal.zh} / {refusal}")


def outcome(state: State[Any]) -> Any:
    """Return what a state carries, be it a result or the reason of a failure."""
    return state.result(raise_on_failure=False)


def result_of(state: State[Any]) -> Any:
    """Return what a flow or task made; the reason of its failure is raised as it was."""
    result = outcome(state)
    if isinstance(result, BaseException):
        raise result
    return result


def show(summary: BatchSummary) -> None:
    """Leave two artifacts with the run: the table of findings, and where the tables landed."""
    taken = [each.summary for each in summary.outcomes if each.summary is not None]
    rows: list[dict[str, object]] = [
        {"document_id": one.document_id} | asdict(finding)
        for one in taken
        for finding in one.open_findings
    ]
    rows += [
        {"file": file, "code": why.code, "message_zh": why.zh} for file, why in summary.refused
    ]
    create_table_artifact(
        key="ingest-findings",
        table=rows,
        description="Findings to look at, and documents that were not taken",
    )
    if taken:
        folder = Path(taken[0].landed_in).resolve() / "current"
        text = taken[0].as_text() if len(taken) == 1 else summary.as_text()
        create_markdown_artifact(
            key="ingest-landed",
            markdown=f"[{folder}]({folder.as_uri()})\n\n```\n{text}\n```",
            description="What landed and where",
        )


def run(orders: Sequence[Order], choice: EngineChoice) -> list[Outcome]:
    """Run the flow in this process and return what became of each document."""
    logging.getLogger("prefect.task_runs").addFilter(PlainFailures())
    state = flow_of(orders, choice)(return_state=True)
    return list(result_of(state))
