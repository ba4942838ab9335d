"""``kaohe score --replay``: landed scores are computed anew, each from its trace alone."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from common.refusal import refusal
from common.terminal import text_table
from flows.jobs.diff import not_landed
from flows.jobs.score.inputs import ScoreOrder

if TYPE_CHECKING:
    from scoring.results.replay import ReplayDifference

_HEADINGS = ("截至", "序号", "考核对象", "入库得分", "重算得分")


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many scores of a document were computed anew, and those that differ."""

    document_id: str
    year: int
    scores: int
    differences: tuple[ReplayDifference, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it in JSON's types."""
        return asdict(self)

    def as_text(self) -> str:
        """Return a table of the scores that differ, or one line that all agree."""
        if not self.differences:
            return f"{self.document_id}  {self.scores} 条得分均与按计算过程重算的结果一致。"
        rows = [
            (
                each.as_of,
                each.serial_no,
                each.entity,
                each.points,
                each.replayed if each.readable else "（计算过程无法读取）",
            )
            for each in self.differences
        ]
        return text_table(_HEADINGS, rows)

    def require_agreement(self) -> None:
        """Raise Refusal where a score is not what its trace gives."""
        if self.differences:
            raise refusal(
                "flows.scores_differ",
                document=self.document_id,
                year=self.year,
                count=len(self.differences),
                scores=self.scores,
            )


def replay_year(order: ScoreOrder) -> Replayed:
    """Replay the scores of the year's document in force, or of the one named, as of all days.

    With ``as_of`` only those of that day. Raises Refusal where there are none.
    """
    from scoring.results.replay import replay_scores
    from warehouse.reading import current_document, read_tables

    chosen = order.document_id or current_document(order.warehouse, order.year)
    tables = read_tables(order.warehouse, ("notices", "scores"))
    landed = list(tables["notices"]["document_id"])
    if chosen not in landed:
        raise not_landed(chosen, landed)
    scores = tables["scores"]
    kept = (scores["document_id"] == chosen) & (scores["year"] == order.year)
    if order.as_of:
        kept &= scores["as_of"] == order.as_of
    own = scores[kept.astype(bool)]
    if own.empty:
        raise refusal("flows.nothing_to_replay", document=chosen, year=order.year)
    return Replayed(chosen, order.year, len(own), replay_scores(own))
