"""``kaohe score YEAR --all``: every document in force of a year, block by block.

Of the tables a block reads what its documents are scored from, and it lands as one snapshot: what
is held does not grow with the documents. What becomes of a document is what ``kaohe score
--document`` gives. One that cannot be scored stops no other and is named.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from common.messages import message
from common.refusal import Refusal
from common.terminal import text_table
from flows.jobs.earlier_years import in_force
from flows.jobs.score.inputs import ScoreOrder, case_of, tables_for
from flows.jobs.score.run import amendments, score_case, until_it_lands
from flows.jobs.score.summary import ScoreSummary, summarize
from schemas.records.rows import NoticeRow
from schemas.tables.frames import rows_as
from schemas.vocabulary import word

if TYPE_CHECKING:
    from flows.jobs.ingest import Progress
    from warehouse.landing import Amendment

#: So many documents are scored and landed together.
BLOCK = 50


@dataclass(frozen=True, slots=True)
class ScoredYear:
    """What became of a year's documents in force; ``refused`` says why in Chinese, by document."""

    year: int
    scored: list[ScoreSummary] = field(default_factory=list)
    refused: dict[str, Refusal] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Nothing is to be looked at."""
        return not self.refused and all(each.clean for each in self.scored)

    def as_json(self) -> dict[str, object]:
        """Return all summaries in JSON's types."""
        return {
            "year": self.year,
            "scored": [each.as_json() for each in self.scored],
            "refused": {name: reason.code for name, reason in self.refused.items()},
        }

    def as_text(self) -> str:
        """Return a line a document; ``kaohe score --document`` says more of each."""
        head = message(
            "flows.scored_all", year=self.year, scored=len(self.scored), refused=len(self.refused)
        )
        headings = ("文件", "截至", "考核对象", word("score_status", "scored"), "库", "需要处理")
        rows = [_row(each) for each in self.scored]
        refused = [f"  {name}: {reason.zh}" for name, reason in self.refused.items()]
        return "\n".join([head.zh, *([text_table(headings, rows)] if rows else []), *refused])


def _row(each: ScoreSummary) -> tuple[object, ...]:
    asked = (f"{word('to_look_at', name)} {count}" for name, count in each.to_look_at.items())
    return (
        each.document_id,
        each.as_of,
        len(each.scorecard),
        each.statuses.get("scored", 0),
        "已更新" if each.changed else word("item_state", "unchanged"),
        "　".join(asked),
    )


def score_all(order: ScoreOrder, progress: Progress, run_id: str | None = None) -> ScoredYear:
    """Score every document in force of the year and land it, a block of documents at a time.

    Raises Refusal where there is none, or where not one could be scored.
    """
    from warehouse.reading import current_document, read_table

    names = in_force(rows_as(NoticeRow, read_table(order.warehouse, "notices")), order.year)
    names = names or [current_document(order.warehouse, order.year)]
    found = ScoredYear(order.year)
    progress(f"scoring {order.year}")
    for first in range(0, len(names), BLOCK):
        _score_block(order, names[first : first + BLOCK], found, run_id or uuid.uuid4().hex)
        progress(f"{min(first + BLOCK, len(names))} of {len(names)}: documents scored")
    if not found.scored:
        raise next(iter(found.refused.values()))
    return found


def _score_block(order: ScoreOrder, names: Sequence[str], found: ScoredYear, run_id: str) -> None:
    """Score a block and land it; anew where something was landed meanwhile."""
    for name, outcome in until_it_lands(lambda: _try_block(order, names, run_id)):
        if isinstance(outcome, Refusal):
            found.refused[name] = outcome
        else:
            found.scored.append(outcome)


def _try_block(
    order: ScoreOrder, names: Sequence[str], run_id: str
) -> Iterator[tuple[str, ScoreSummary | Refusal]]:
    from warehouse.landing import amend
    from warehouse.snapshots import require_snapshot

    snapshot = require_snapshot(order.warehouse)
    tables = tables_for(snapshot, order.year, names)
    made, refused = [], []
    changes: list[Amendment] = []
    for name in names:
        try:
            case = case_of(order, name, tables, snapshot)
            scored, own = score_case(case)
        except Refusal as reason:
            refused.append((name, reason))
            continue
        changes += amendments(case, own, run_id)
        made.append((case, scored, own))
    landed = amend(order.warehouse, changes, made_from=snapshot).documents if changes else ()
    whither = str(order.warehouse)
    return iter(
        [
            *(
                (
                    case.document_id,
                    summarize(case, scored, own, whither, changed=case.document_id in landed),
                )
                for case, scored, own in made
            ),
            *refused,
        ]
    )
