"""The steps of a year as Prefect flows that can be deployed: ``receive``, ``score``, ``report``.

They do what the commands of these names do; ``ingest`` and ``nightly`` have their own modules.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State

from common.days import today
from flows.jobs.returns.receive import Delivery, receive_and_finish
from flows.jobs.score.run import ScoreOrder, score_year
from flows.jobs.site import ReportOrder, make_report
from flows.states import final_state

WAREHOUSE = "warehouse/tables"


@flow(name="receive")
def receive(
    files: list[str],
    received_on: date | None = None,
    warehouse: str = WAREHOUSE,
    raw: str = "raw",
    replies: str = "out/replies",
) -> State[Any]:
    """Check returned forms, file them, land their rows; the state's result says what became."""
    delivery = Delivery(
        tuple(map(Path, files)),
        Path(warehouse),
        received_on or today(),
        Path(raw),
        Path(replies),
    )
    return final_state(
        lambda: receive_and_finish(delivery, get_run_logger().info), f"{len(files)} files"
    )


@flow(name="score", flow_run_name="score {year}")
def score(
    year: int,
    document_id: str | None = None,
    as_of: date | None = None,
    warehouse: str = WAREHOUSE,
    raw: str = "raw",
) -> State[Any]:
    """Score a year's document and land it; the state's result is its summary."""
    order = ScoreOrder(year, Path(warehouse), document_id, as_of, Path(raw))
    return final_state(lambda: score_year(order, get_run_logger().info), f"score {year}")


@flow(name="report", flow_run_name="report {year}")
def report(
    year: int,
    out: str = "out/report",
    document_id: str | None = None,
    warehouse: str = WAREHOUSE,
    raw: str = "raw",
) -> State[Any]:
    """Make the site of all years that are landed; the state's result says where it is."""
    order = ReportOrder(year, Path(warehouse), Path(out), Path(raw), document_id)
    return final_state(lambda: make_report(order, get_run_logger().info), f"report {year}")
