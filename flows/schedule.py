"""What Prefect must know for the nights: the schedule, the limit of one, and the automation.

Run as a program it makes the automation on a server of your own, or brings it up to date, with
``PREFECT_API_URL`` set::

    python -m flows.schedule automation
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from flows.jobs.night.summary import NOTHING_NEW, WITH_FINDINGS, WITHHELD

if TYPE_CHECKING:
    from uuid import UUID

    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, FlowRun
    from prefect.events.schemas.automations import AutomationCore
    from prefect.schedules import Schedule

FLOW, NAME, TAG = "nightly", "nightly", "kaohe"
AUTOMATION = "kaohe: a run without a heartbeat has crashed"
TIMEZONE = "Asia/Shanghai"
HEARTBEAT_SECONDS, SILENT_SECONDS = 30, 90


@dataclass(frozen=True, slots=True)
class SchedulePlan:
    """What is to run when. ``every`` (seconds) takes the place of ``cron`` for trying out.

    ``name`` is the deployment's, one a service: a service settles and runs no other's.
    """

    name: str = NAME
    cron: str = "0 2 * * *"
    timezone: str = TIMEZONE
    every: float | None = None
    now: bool = False

    def as_json(self) -> str:
        """Return the plan as text for the command line."""
        return json.dumps(asdict(self))


def schedule_of(plan: SchedulePlan) -> Schedule:
    """Return the plan's schedule."""
    from prefect.schedules import Cron, Interval

    if plan.every is not None:
        return Interval(timedelta(seconds=plan.every))
    return Cron(plan.cron, timezone=plan.timezone)


def one_at_a_time() -> ConcurrencyLimitConfig:
    """Return what lets runs wait for each other: one that is to make good must not be cancelled."""
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy

    return ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE)


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


def settle(name: str) -> int:
    """Mark the unfinished runs of a service's deployment as crashed; say how many.

    Only for the service itself while it runs none: its runs end with the process that runs them.
    """
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound
    from prefect.states import Crashed

    with get_client(sync_client=True) as client:
        try:
            deployment = client.read_deployment_by_name(f"{FLOW}/{name}")
        except ObjectNotFound:
            return 0
        runs = unfinished(client, deployment.id)
        for run in runs:
            client.set_flow_run_state(run.id, Crashed(message="Its process is gone."))
    return len(runs)


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


def main() -> None:
    """Make the automation, or bring it up to date."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        ensure_automation(client)


if __name__ == "__main__" and sys.argv[1:] == ["automation"]:
    main()
