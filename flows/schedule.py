"""What Prefect must know for the nights: pool, deployment with schedule, and the automation.

Run as a program, mostly by ``kaohe serve``, with ``PREFECT_API_URL`` set::

    python -m flows.schedule register '{...}'   # make or bring up to date; idempotent
    python -m flows.schedule settle             # end what no process runs any more
    python -m flows.schedule automation         # only the automation; idempotent
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from flows.jobs.night.summary import NOTHING_NEW, WITH_FINDINGS, WITHHELD

if TYPE_CHECKING:
    from uuid import UUID

    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun
    from prefect.deployments.runner import RunnerDeployment
    from prefect.events.schemas.automations import AutomationCore
    from prefect.schedules import Schedule

POOL, FLOW, NAME, TAG = "kaohe", "nightly", "nightly", "kaohe"
AUTOMATION = "kaohe: a run without a heartbeat has crashed"
TIMEZONE = "Asia/Shanghai"
HEARTBEAT_SECONDS, SILENT_SECONDS = 30, 90


@dataclass(frozen=True, slots=True)
class SchedulePlan:
    """What is to run when. ``every`` (seconds) takes the place of ``cron`` for trying out."""

    warehouse: str
    raw: str
    out: str
    folder: str
    cron: str = "0 2 * * *"
    timezone: str = TIMEZONE
    every: float | None = None
    now: bool = False

    def as_json(self) -> str:
        """Return the plan as text for the command line."""
        return json.dumps(asdict(self))


def register(plan: SchedulePlan) -> None:
    """Make the pool, the deployment and the automation, or bring them up to date."""
    from prefect.client.orchestration import get_client

    from flows.nightly import nightly

    with get_client(sync_client=True) as client:
        ensure_pool(client)
        ensure_automation(client)
    deployment = nightly.to_deployment(
        NAME,
        description=(nightly.__doc__ or "").strip(),
        schedule=schedule_of(plan),
        tags=[TAG],
        parameters={"warehouse": plan.warehouse, "raw": plan.raw, "out": plan.out},
        work_pool_name=POOL,
        job_variables={"working_dir": plan.folder},
        **_one_at_a_time(),
    )
    deployment_id = cast("RunnerDeployment", deployment).apply()
    if plan.now:
        with get_client(sync_client=True) as client:
            client.create_flow_run_from_deployment(
                cast("UUID", deployment_id), name="made up", tags=[TAG]
            )


def schedule_of(plan: SchedulePlan) -> Schedule:
    """Return the plan's schedule."""
    from prefect.schedules import Cron, Interval

    if plan.every is not None:
        return Interval(timedelta(seconds=plan.every))
    return Cron(plan.cron, timezone=plan.timezone)


def _one_at_a_time() -> dict[str, Any]:
    """Return what lets runs wait for each other: one that is to make good must not be cancelled."""
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.types.entrypoint import EntrypointType

    limit = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE)
    return {"concurrency_limit": limit, "entrypoint_type": EntrypointType.MODULE_PATH}


def ensure_pool(client: SyncPrefectClient) -> None:
    """Make the process pool, if it is not there."""
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
    from prefect.workers.process import ProcessWorker

    try:
        client.read_work_pool(POOL)
    except ObjectNotFound:
        template = ProcessWorker.get_default_base_job_template()
        pool = WorkPoolCreate(name=POOL, type="process", base_job_template=template)
        with suppress(ObjectAlreadyExists):
            client.create_work_pool(pool)


def ensure_automation(client: SyncPrefectClient) -> None:
    """Make the automation that ends zombies, or bring it up to date; there is only one."""
    wanted = zombie_automation()
    found = client.read_automations_by_name(AUTOMATION)
    if found:
        client.update_automation(found[0].id, wanted)
    else:
        client.create_automation(wanted)


def zombie_automation() -> AutomationCore:
    """Return the automation: a run whose heartbeat stops for a while is marked as crashed."""
    from prefect.client.schemas.objects import StateType
    from prefect.events.actions import ChangeFlowRunState
    from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
    from prefect.events.schemas.events import ResourceSpecification

    ends = ("Completed", "Failed", "Cancelled", "Crashed", NOTHING_NEW, WITH_FINDINGS, WITHHELD)
    return AutomationCore(
        name=AUTOMATION,
        description="Frees the slot of a run whose process is gone, so that the next one can run.",
        trigger=EventTrigger(
            posture=Posture.Proactive,
            after={"prefect.flow-run.heartbeat"},
            expect={"prefect.flow-run.heartbeat", *(f"prefect.flow-run.{name}" for name in ends)},
            match=ResourceSpecification({"prefect.resource.id": "prefect.flow-run.*"}),
            match_related=ResourceSpecification(
                {"prefect.resource.role": "tag", "prefect.resource.id": f"prefect.tag.{TAG}"}
            ),
            for_each={"prefect.resource.id"},
            threshold=1,
            within=timedelta(seconds=SILENT_SECONDS),
        ),
        actions=[
            ChangeFlowRunState(
                name="Crashed",
                state=StateType.CRASHED,
                message=f"No heartbeat for {SILENT_SECONDS} seconds.",
                force=False,
            )
        ],
    )


def settle(*, end_living: bool = False, worker: int | None = None) -> int:
    """Mark the deployment's runs as crashed whose process on this machine is gone; say how many.

    A run that lives on (its worker alone died) is left to end by itself, or with ``end_living``
    ended first. Only for a server whose one worker is this machine's, and while it is not at work:
    a process of another machine would seem gone from here. With the number of a ``worker`` that is
    about to end, its own runs are ended and marked and no others: that is for any server.
    """
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound
    from prefect.states import Crashed

    with get_client(sync_client=True) as client:
        try:
            deployment = client.read_deployment_by_name(f"{FLOW}/{NAME}")
        except ObjectNotFound:
            return 0
        runs = unfinished(client, deployment.id)
        if worker is not None:
            runs = [run for run in runs if parent_of(pid_of(run)) == worker]
        gone = [run for run in runs if is_gone(run, end_living or worker is not None)]
        for run in gone:
            client.set_flow_run_state(run.id, Crashed(message="Its process is gone."))
    return len(gone)


def unfinished(client: SyncPrefectClient, deployment_id: UUID) -> list[FlowRun]:
    """Return the deployment's runs that hold or will hold its slot."""
    from prefect.client.schemas import filters
    from prefect.client.schemas.objects import StateType

    types = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
    return client.read_flow_runs(
        flow_run_filter=filters.FlowRunFilter(
            deployment_id=filters.FlowRunFilterDeploymentId(any_=[deployment_id]),
            state=filters.FlowRunFilterState(type=filters.FlowRunFilterStateType(any_=types)),
        )
    )


def is_gone(run: FlowRun, end_living: bool) -> bool:
    """Say whether the run's process, which its worker noted by number, is no more."""
    number = pid_of(run)
    if number is None:
        return True  # its worker died between taking it and starting it
    if end_living and is_run_of_prefect(number):
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
        return True
    return not is_run_of_prefect(number)


def pid_of(run: FlowRun) -> int | None:
    """Return the number of a run's process; None where none was started yet."""
    number = (run.infrastructure_pid or "").rpartition(":")[2]
    return int(number) if number.isdigit() else None


def parent_of(pid: int | None) -> int | None:
    """Return the number of a process's parent; None where there is no such process."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return int(status.rpartition(")")[2].split()[1])


def is_run_of_prefect(pid: int) -> bool:
    """Say whether a process of this number lives and is a flow run's, not a later one."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return b"prefect" in command and status.rpartition(")")[2].split()[0] != "Z"


def main(arguments: list[str]) -> None:
    """Do what ``kaohe serve`` asks for."""
    if arguments[0] == "register":
        register(SchedulePlan(**json.loads(arguments[1])))
    elif arguments[0] == "automation":
        from prefect.client.orchestration import get_client

        with get_client(sync_client=True) as client:
            ensure_automation(client)
    elif arguments[0] == "settle":
        settle(end_living=arguments[1:] == ["--end-living"])
    elif arguments[0] == "settle-worker":
        settle(worker=int(arguments[1]))


if __name__ == "__main__":
    main(sys.argv[1:])
