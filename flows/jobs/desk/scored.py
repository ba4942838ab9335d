"""Whether landed scores are what scoring would land now, of today's notice, rules and returns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from common.refusal import Refusal
from flows.jobs.marks import current_name
from flows.jobs.score.inputs import ScoreOrder, day_of, read_case
from flows.jobs.score.run import score_case
from flows.jobs.sidecar.landed import sidecar_of
from schemas.tables.frames import Rows, plain_arrow

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

COMPARED = ("scores", "scorecards")
_OF_THE_RUN = frozenset({"run_id", "code_version"})


def scored_now(order: ScoreOrder) -> Mapping[str, Rows] | str:
    """Return what scoring as of a day would land now; why it cannot, where it cannot."""
    sidecar = sidecar_of(order.raw, order.document_id or "")
    content = sidecar.read_bytes() if sidecar else None
    return _made(
        order.warehouse, order.raw, str(order.document_id), order.year, order.as_of,
        current_name(order.warehouse), content,
    )  # fmt: skip


def still_scored(landed: Mapping[str, pd.DataFrame], made: Mapping[str, Rows] | str) -> bool | str:
    """Say whether scoring lands just what is landed; why not, where it cannot score.

    ``landed`` are the document's own rows of that day in the tables that are compared, ``made``
    what :func:`scored_now` returns.
    """
    return made if isinstance(made, str) else all(_same(landed[n], made[n]) for n in COMPARED)


def day_landed(warehouse: Path, document_id: str) -> date | None:
    """Return the day of a document's latest scores, which pages show; None where none are."""
    from warehouse.reading import read_tables

    cards = read_tables(warehouse, ("scorecards",), latest=("scorecards",))["scorecards"]
    days = cards.loc[cards["document_id"] == document_id, "as_of"]
    return None if days.empty else days.max()


def day_to_score(warehouse: Path, document_id: str, year: int) -> date:
    """Return the day to score as of where none is named: that of the data or of landed scores.

    Whichever is later, so that what is scored is what pages show then.
    """
    from warehouse.reading import read_tables

    tables = read_tables(warehouse, ("notices", "returns"))
    notice, returns = (frame[frame["document_id"] == document_id] for frame in tables.values())
    day, landed = day_of(notice, returns, year), day_landed(warehouse, document_id)
    return day if landed is None else max(day, landed)


@lru_cache(maxsize=8)
def _made(
    warehouse: Path, raw: Path, document_id: str, year: int, as_of: date | None, *_state: object
) -> dict[str, pa.Table] | str:
    """Return what scoring makes, of a state of the tables and the sidecar; why none is made."""
    try:
        return score_case(read_case(ScoreOrder(year, warehouse, document_id, as_of, raw)))[1]
    except Refusal as refused:
        return refused.zh


def _same(landed: pd.DataFrame, made: Rows) -> bool:
    columns = [
        each
        for each in plain_arrow(made).column_names
        if each in landed and each not in _OF_THE_RUN
    ]
    return bool(plain_arrow(landed, columns).equals(plain_arrow(made, columns)))
