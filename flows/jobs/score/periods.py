"""What each period of a year comes to, where periods have weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.numbers import EPSILON, PER_CENT, show
from common.terminal import text_table
from flows.jobs.score.what_if import number
from report.figures import Doubt, Figure

if TYPE_CHECKING:
    from scoring.engine import Scored
    from scoring.model.columns import Flags


@dataclass(frozen=True, slots=True)
class PeriodTotal:
    """One entity in one period that is over: points of all that has periods, out of so many.

    ``as_of`` is the day up to which returns count for the period, ``weight`` its part of the year.
    Of the scores summed up ``values_in_doubt`` rest on targets to review, ``provisional`` are by
    the general rule for now.
    """

    period: str
    weight: float
    as_of: str
    entity: str
    points: float
    max_points: float
    values_in_doubt: int
    provisional: int

    @property
    def doubt(self) -> Doubt:
        """What the points rest on."""
        return Doubt(self.values_in_doubt, self.provisional)


def period_totals(scored: Scored) -> tuple[PeriodTotal, ...]:
    """Return the totals of every period that is over, in order, by entity as first printed."""
    return tuple(_totals(scored))


def _totals(scored: Scored) -> Iterator[PeriodTotal]:
    import numpy as np

    review = scored.inputs.targets["needs_review"].fillna(False).to_numpy(np.bool_)
    found, rows = scored.periods, scored.rows
    if found is None:
        return
    for code, own in found.of_document.items():
        chosen = np.flatnonzero(found.applies & (rows.documents.codes == code))
        entities = dict.fromkeys(rows.entities.codes[chosen].tolist())
        for each in own:
            for entity in () if each.open else entities:
                mine = chosen[rows.entities.codes[chosen] == entity]
                yield PeriodTotal(
                    each.period.name,
                    each.period.weight,
                    each.period.as_of.isoformat(),
                    rows.entities.values[entity],
                    round(float(np.nansum(each.scored.points[mine])), 12),
                    round(float(np.nansum(scored.shares.points[mine])), 12),
                    int(review[mine].sum()),
                    int(_provisional(each.scored)[mine].sum()),
                )


def _provisional(scored: Scored) -> Flags:
    """Return which rows' points may turn out otherwise though all was returned."""
    import numpy as np

    from scoring.model.items import NOT_APPLIED, SCORED

    spans = (scored.high - scored.low > EPSILON) & (scored.open_peers == 0)
    return np.asarray((scored.status == NOT_APPLIED) | (scored.status == SCORED) & spans, np.bool_)


def periods_text(totals: Sequence[PeriodTotal]) -> str:
    """Return the periods' totals as a table, a line an entity; nothing where there are none."""
    if not totals:
        return ""
    names = dict.fromkeys((each.period, each.weight, each.as_of) for each in totals)
    headings = [f"{name}（{show(weight * PER_CENT)}%，截至 {day}）" for name, weight, day in names]
    lines: dict[str, list[str]] = {}
    for each in totals:
        lines.setdefault(each.entity, []).append(
            f"{Figure(each.points, each.doubt)} / {number(each.max_points)}"
        )
    rows = [[entity, *points] for entity, points in lines.items()]
    return text_table(("分期得分", *headings), rows)
