"""``kaohe trace``: the answer to an appeal, from the landed tables alone."""

from __future__ import annotations

from common.refusal import refusal
from flows.jobs.diff import not_landed
from flows.jobs.score.inputs import ScoreOrder
from report.answers import Answer, answer_of
from report.doubts import Score, doubt_of
from schemas.records.rows import ScoreRow, TargetRow
from schemas.tables.frames import table_rows

_TABLES = ("notices", "scores", "targets", "findings", "indicator_keys")


def answer(order: ScoreOrder, serial_no: int, entity: str) -> Answer:
    """Return what a score comes from, from the landed tables alone.

    As of the order's day, or the latest that was scored. Refusal where the document, the indicator
    or the entity is not there, or nothing was scored.
    """
    from warehouse.reading import current_document, read_document, read_table
    from warehouse.snapshots import require_snapshot

    chosen = order.document_id or current_document(order.warehouse, order.year)
    own = table_rows(read_document(require_snapshot(order.warehouse), chosen, _TABLES))
    if not own["notices"]:
        landed = read_table(order.warehouse, "notices")["document_id"]
        raise not_landed(chosen, [str(each) for each in landed])
    target = _target(own["targets"], chosen, serial_no, entity)
    row = _score(own["scores"], order, target)
    score = Score.of(row, doubt_of(target, row))
    return answer_of(own["notices"][-1], target, score, own)


def _target(targets: list[TargetRow], chosen: str, serial_no: int, entity: str) -> TargetRow:
    of_serial = [row for row in targets if row["serial_no"] == serial_no]
    if not of_serial:
        most = max((row["serial_no"] for row in targets), default=0)
        raise refusal("flows.no_such_line.serial", document=chosen, serial_no=serial_no, most=most)
    for row in of_serial:
        if row["entity"] == entity:
            return row
    names = "、".join(row["entity"] for row in of_serial)
    raise refusal("flows.no_such_line.entity", document=chosen, entity=entity, entities=names)


def _score(scores: list[ScoreRow], order: ScoreOrder, target: TargetRow) -> ScoreRow:
    key = (target["serial_no"], target["entity"])
    own = [row for row in scores if (row["serial_no"], row["entity"]) == key]
    if order.as_of is not None:
        own = [row for row in own if row["as_of"] == order.as_of]
    if not own:
        command = f"kaohe score {order.year}"
        raise refusal("flows.not_scored", document=target["document_id"], command=command)
    return max(own, key=lambda row: row["as_of"])
