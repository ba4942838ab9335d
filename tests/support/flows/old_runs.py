"""Run as a program: fill a Prefect database with runs, let it forget, print what is left of them.

Of each of 300 nights there is a run that ended so many days ago, with a line of log.
"""

from __future__ import annotations

import asyncio
import sys
import uuid
from datetime import UTC, datetime, timedelta

import flows  # noqa: F401 - its settings
from flows.server import forget_old_runs

NIGHTS, NAME = 300, "of long ago"


async def fill() -> None:
    from prefect.server.database import provide_database_interface

    db = provide_database_interface()
    async with db.session_context(begin_transaction=True) as session:
        flow = db.Flow(name=NAME)
        session.add(flow)
        await session.flush()
        for night in range(NIGHTS):
            ended = datetime.now(UTC) - timedelta(days=night)
            run = db.FlowRun(
                id=uuid.uuid4(), flow_id=flow.id, name=str(night), state_type="COMPLETED",
                end_time=ended,
            )  # fmt: skip
            session.add(run)
            await session.flush()
            session.add(
                db.Log(name=NAME, level=20, message="", timestamp=ended, flow_run_id=run.id)
            )


async def left() -> list[int]:
    import sqlalchemy
    from prefect.server.database import provide_database_interface

    db = provide_database_interface()
    runs = sqlalchemy.select(sqlalchemy.func.count()).select_from(db.FlowRun).join(db.Flow)
    logs = sqlalchemy.select(sqlalchemy.func.count()).select_from(db.Log)
    counts = (runs.where(db.Flow.name == NAME), logs.where(db.Log.name == NAME))
    async with db.session_context() as session:
        return [(await session.execute(count)).scalar_one() for count in counts]


if __name__ == "__main__":
    asyncio.run(fill())
    forget_old_runs()
    print(*asyncio.run(left()), file=sys.stdout)
