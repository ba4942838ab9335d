"""The process that runs the nights; a program that ``kaohe serve`` starts.

Prefect's Runner polls the server for runs of one deployment and executes the flow ``nightly`` of
this code for each, whatever the server says of the deployment: it loads no code that a server
names. Flow processes end when this one does, however that ends::

    python -m flows.runner '{...}'   # a SchedulePlan
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.runner import Runner
from prefect.types.entrypoint import EntrypointType

from flows.nightly import nightly
from flows.processes import RUNNER
from flows.schedule import TAG, SchedulePlan, ensure_automation, one_at_a_time, schedule_of, settle

_LEAVE_SECONDS = 20


class NightRunner(Runner):
    """Prefect's Runner; asked to end it leaves nothing running and nothing marked as running."""

    deployment = ""
    service = 0  # the process that started this one

    def handle_sigterm(self, *_args: Any, **_kwargs: Any) -> None:
        """Leave once the loop is between two callbacks: it then holds no lock."""
        asyncio.get_running_loop().call_soon_threadsafe(self.leave)

    def leave(self) -> None:
        """End the flow's process, mark its run as crashed, and go; the next start marks it else.

        Where the service was killed its server goes meanwhile, and would be waited for.
        """
        signal.alarm(_LEAVE_SECONDS)
        for process in multiprocessing.active_children():
            process.kill()
        try:
            if os.getppid() == self.service:
                settle(self.deployment)
        finally:
            os._exit(0)


def main(plan: SchedulePlan) -> None:
    """Settle what an earlier runner left, register the schedule, and run nights until SIGTERM."""
    os.environ[RUNNER] = str(os.getpid())
    settle(plan.name)
    tempfile.tempdir = str(Path.cwd())  # not in the machine's, where others could stand in the way
    runner = NightRunner(plan.name, limit=1, pause_on_shutdown=False)
    tempfile.tempdir = None
    runner.deployment, runner.service = plan.name, os.getppid()
    registered = runner.add_flow(
        nightly,
        plan.name,
        description=(nightly.__doc__ or "").strip(),
        schedule=schedule_of(plan),
        tags=[TAG],
        entrypoint_type=EntrypointType.MODULE_PATH,
        concurrency_limit=one_at_a_time(),
    )
    with get_client(sync_client=True) as client:
        ensure_automation(client)
        if plan.now:
            client.create_flow_run_from_deployment(
                cast("UUID", registered), name="made up", tags=[TAG]
            )
    asyncio.run(runner.start())


if __name__ == "__main__":
    main(SchedulePlan(**json.loads(sys.argv[1])))
