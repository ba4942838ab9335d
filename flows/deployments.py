"""The steps of a year as Prefect flows that can be deployed: ``receive``, ``score``, ``report``.

They do what the commands of these names do, in the folders of their process;
``ingest`` and ``nightly`` have their own modules.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State

from common.days import today
from flows.jobs.folders import of_process, within
from flows.jobs.returns.receive import Delivery, receive_and_finish
from flows.jobs.score.inputs import ScoreOrder
from flows.jobs.score.run import score_year
from flows.jobs.site.report import ReportOrder, make_report
from flows.states import final_state, without_pages


@flow(name="receive")
def receive(files: list[str], received_on: date | None = None) -> State[Any]:
    """Check returned forms of ``raw/inbox``, file them, land their rows; the result says all."""

    def step() -> Any:
        paths = tuple(within(folders.raw / "inbox", name) for name in files)
        delivery = Delivery(
            paths, folders.warehouse, received_on or today(), folders.raw, folders.replies
        )
        return receive_and_finish(delivery, get_run_logger().info)

    folders = of_process()
    return final_state(step, f"{len(files)} files")


@flow(name="score", flow_run_name="score {year}")
def score(year: int, document_id: str | None = None, as_of: date | None = None) -> State[Any]:
    """Score a year's document and land it; the state's result is its summary."""
    folders = of_process()
    order = ScoreOrder(year, folders.warehouse, document_id, as_of, folders.raw)
    return final_state(lambda: score_year(order, get_run_logger().info), f"score {year}")


@flow(name="report", flow_run_name="report {year}")
def report(year: int, document_id: str | None = None) -> State[Any]:
    """Make the site of all years that are landed; the state's result says where it is."""
    folders = of_process()
    order = ReportOrder(year, folders.warehouse, folders.out, folders.raw, document_id)
    say = without_pages(get_run_logger().info)
    return final_state(lambda: make_report(order, say), f"report {year}")
