"""``kaohe score --replay``: landed scores are held against what their traces give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from common.refusal import refusal
from common.terminal import text_table
from flows.jobs.diff import not_landed
from flows.jobs.score.inputs import ScoreOrder
from flows.jobs.score.whole import printed_whole, rules_of_the_whole
from flows.jobs.sidecar.landed import sidecar_of

if TYPE_CHECKING:
    import pandas as pd

    from scoring.results.difference import Discrepancy
    from scoring.total.rules import TotalRules

_TABLES = (
    *("notices", "scores", "scorecards", "targets", "indicators", "returns", "findings"),
    "methods",
)
_HEADINGS = ("表", "截至", "序号", "考核对象", "所在", "字段", "入库", "重算")


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many scores of a document were computed anew, and all that differs.

    ``command`` scores the document again.
    """

    document_id: str
    year: int
    scores: int
    differences: tuple[Discrepancy, ...]
    command: str

    def as_json(self) -> dict[str, object]:
        """Return it in JSON's types."""
        return asdict(self)

    def as_text(self) -> str:
        """Return a table of what differs, or one line that all agrees."""
        if not self.differences:
            return f"{self.document_id}  {self.scores} 条得分均与按计算过程重算的结果一致。"
        rows = [[*asdict(each).values()] for each in self.differences]
        return text_table(_HEADINGS, rows)

    def require_agreement(self) -> None:
        """Raise Refusal where anything is not what the traces give."""
        if self.differences:
            raise refusal(
                "flows.scores_differ",
                document=self.document_id,
                count=len(self.differences),
                scores=self.scores,
                command=self.command,
            )


def replay_year(order: ScoreOrder) -> Replayed:
    """Replay the scores of the year's document in force, or of the one named, as of all days.

    With ``as_of`` only those of that day. Raises Refusal where there are none.
    """
    from scoring.results.audit import differences
    from warehouse.reading import current_document, read_tables

    chosen = order.document_id or current_document(order.warehouse, order.year)
    command = f"kaohe score {order.year}"
    if order.document_id:
        command += f" --document {chosen}"
    tables = read_tables(order.warehouse, _TABLES)
    landed = list(tables["notices"]["document_id"])
    if chosen not in landed:
        raise not_landed(chosen, landed)
    own = {name: table[_kept(table, chosen, order)] for name, table in tables.items()}
    own["earlier_returns"] = tables["returns"][tables["returns"]["year"] < order.year]
    if own["scores"].empty:
        raise refusal("flows.nothing_to_replay", document=chosen, year=order.year, command=command)
    return Replayed(
        chosen,
        order.year,
        len(own["scores"]),
        differences(own, _whole(order, chosen, own)),
        command,
    )


def _whole(
    order: ScoreOrder, document_id: str, own: Mapping[str, pd.DataFrame]
) -> TotalRules | None:
    """Return what the notice declares or prints of the whole; scorecards are counted by it."""
    return rules_of_the_whole(sidecar_of(order.raw, document_id), printed_whole(own))


def _kept(table: pd.DataFrame, document_id: str, order: ScoreOrder) -> pd.Series[bool]:
    """Tell which rows are of the document, of the year and, where they have one, of the day."""
    kept = (table["document_id"] == document_id) & (table["year"] == order.year)
    if order.as_of and "as_of" in table:
        kept &= table["as_of"] == order.as_of
    return kept.astype(bool)
