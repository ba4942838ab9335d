"""``kaohe score``: targets and returns become scores, scorecards and rank stability, landed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from common.refusal import Refusal
from flows.jobs.ingest import Progress, code_version
from flows.jobs.score.inputs import Case, ScoreOrder, read_case
from flows.jobs.score.summary import ScoreSummary, summarize
from schemas.tables.frames import plain_arrow, together

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from scoring.engine import Scored
    from warehouse.landing import Amendment

R = TypeVar("R")
#: How often scores are computed anew where something was landed meanwhile.
ATTEMPTS = 3


def score_year(order: ScoreOrder, progress: Progress, run_id: str | None = None) -> ScoreSummary:
    """Score one document as of a day and land its three tables in one new snapshot.

    Rows of other as-of dates stay; landing the same again changes nothing. Raises Refusal, and
    then nothing has been landed or changed.
    """
    return until_it_lands(lambda: _score_and_land(order, progress, run_id or uuid.uuid4().hex))


def until_it_lands(make: Callable[[], R]) -> R:
    """Return what is made and landed, made anew where something else was landed meanwhile.

    Raises Refusal, also where that happened each time.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return make()
        except Refusal as refusal:
            if refusal.code != "warehouse_moved":
                raise
    return make()


def _score_and_land(order: ScoreOrder, progress: Progress, run_id: str) -> ScoreSummary:
    progress(f"scoring {order.year}")
    case = read_case(order)
    scored, tables = score_case(case)
    changed = _land(case, tables, order.warehouse, run_id)
    return summarize(case, scored, tables, str(order.warehouse), changed=changed)


def score_case(case: Case) -> tuple[Scored, dict[str, pa.Table]]:
    """Score one document; return what became of its targets, and the tables to land by name."""
    from scoring.engine import score
    from scoring.results.frames import scorecards_table, scores_table
    from scoring.results.scorecards import total
    from scoring.results.stability import Noise, rank_stability

    scored = score(case.inputs)
    tables = {
        "scores": scores_table(scored),
        "scorecards": scorecards_table(scored, total(scored)),
        "rank_stability": rank_stability(scored, Noise()),
    }
    return scored, tables


def _land(case: Case, tables: Mapping[str, pa.Table], warehouse: Path, run_id: str) -> bool:
    from warehouse.landing import amend

    return amend(warehouse, amendments(case, tables, run_id), made_from=case.snapshot).changed


def amendments(case: Case, tables: Mapping[str, pa.Table], run_id: str) -> list[Amendment]:
    """Return what puts a document's scores of a day among those of its other days."""
    from warehouse.landing import Amendment

    version, day = code_version(), case.inputs.as_of
    return [
        Amendment(case.document_id, case.year, name, of_days({day: rows}), run_id, version)
        for name, rows in tables.items()
    ]


def of_days(made: Mapping[date, pa.Table]) -> Callable[[pd.DataFrame], pa.Table]:
    """Return what puts the rows of these as-of dates among those of the others, by date."""

    def put(landed: pd.DataFrame) -> pa.Table:
        import pyarrow.compute as pc

        parts, before = dict(made), plain_arrow(landed)
        schema = next(iter(made.values())).schema
        for day in set(before["as_of"].to_pylist()) - made.keys():
            parts[day] = before.filter(pc.equal(before["as_of"], day)).cast(schema)
        return together([parts[day] for day in sorted(parts)])

    return put
