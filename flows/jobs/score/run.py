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

if TYPE_CHECKING:
    import pandas as pd

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
    scored, frames = score_case(case)
    changed = _land(case, frames, order.warehouse, run_id)
    return summarize(case, scored, frames, str(order.warehouse), changed=changed)


def score_case(case: Case) -> tuple[Scored, dict[str, pd.DataFrame]]:
    """Score one document; return what became of its targets, and the tables to land by name."""
    from scoring.engine import score
    from scoring.results.frames import scorecards_frame, scores_frame
    from scoring.results.scorecards import total
    from scoring.results.stability import Noise, rank_stability

    scored = score(case.inputs)
    frames = {
        "scores": scores_frame(scored),
        "scorecards": scorecards_frame(scored, total(scored)),
        "rank_stability": rank_stability(scored, Noise()),
    }
    return scored, frames


def _land(case: Case, frames: Mapping[str, pd.DataFrame], warehouse: Path, run_id: str) -> bool:
    from warehouse.landing import amend

    return amend(warehouse, amendments(case, frames, run_id), made_from=case.snapshot).changed


def amendments(case: Case, frames: Mapping[str, pd.DataFrame], run_id: str) -> list[Amendment]:
    """Return what puts a document's scores of a day among those of its other days."""
    from warehouse.landing import Amendment

    version, day = code_version(), case.inputs.as_of
    return [
        Amendment(case.document_id, case.year, name, _replacer(frame, day), run_id, version)
        for name, frame in frames.items()
    ]


def _replacer(made: pd.DataFrame, as_of: date) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return what puts the rows of one as-of date among those of the others, by date."""

    def replace(landed: pd.DataFrame) -> pd.DataFrame:
        import pandas as pd

        if not len(landed):
            return made
        before, after = landed[landed["as_of"] < as_of], landed[landed["as_of"] > as_of]
        kept = [each for each in (before, made, after) if len(each)]
        return pd.concat(kept, ignore_index=True) if kept else made

    return replace
