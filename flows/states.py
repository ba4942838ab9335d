"""Any step as a Prefect flow of its own: a run shows its name and how it ended."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from common.processes import pages_said
from common.refusal import Refusal
from flows.jobs.ingest import Progress

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

R = TypeVar("R")


def run_as_flow(name: str, run_name: str, step: Callable[[Progress], R]) -> R:
    """Run a step as the flow ``name`` on Prefect's server; a refusal is raised as it was.

    A refusal ends the flow Failed, with the reason in plain words.
    """
    from prefect import flow, get_run_logger
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    from flows.ingest import PlainFailures, result_of

    def stage() -> State[Any]:
        logger = get_run_logger()
        return final_state(lambda: step(without_pages(logger.info)), run_name)

    logging.getLogger("prefect.task_runs").addFilter(PlainFailures())
    whole = flow(name=name, flow_run_name=run_name, validate_parameters=False)(stage)
    # Ending the heartbeat takes up to a second, and nobody watches for a run that died here.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        state = whole(return_state=True)
    made: R = result_of(state)
    return made


def without_pages(say: Progress) -> Progress:
    """Return what says all but how many pages are done: in a log each would stay a line."""
    return lambda message: None if pages_said(message) else say(message)


def final_state(step: Callable[[], Any], message: str) -> State[Any]:
    """Take a step and return the state that its flow ends in, with what it made as result."""
    from prefect.states import Completed

    from flows.ingest import refused

    try:
        made = step()
    except Refusal as refusal:
        return refused(refusal)
    return Completed(data=made, message=message)
