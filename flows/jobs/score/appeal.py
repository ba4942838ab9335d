"""``kaohe trace``: the answer to an appeal, from the landed tables alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from common.refusal import refusal
from flows.jobs.diff import not_landed
from flows.jobs.score.inputs import ScoreOrder
from report.answers import Answer, answer_of
from schemas.tables.frames import records

if TYPE_CHECKING:
    import pandas as pd

_TABLES = ("notices", "scores", "targets")
Row = Mapping[str, Any]


def answer(order: ScoreOrder, serial_no: int, entity: str) -> Answer:
    """Return what a score comes from, from the landed tables alone.

    As of the order's day, or the latest that was scored. Refusal where the document, the indicator
    or the entity is not there, or nothing was scored.
    """
    from warehouse.reading import current_document, read_tables

    chosen = order.document_id or current_document(order.warehouse, order.year)
    tables = read_tables(order.warehouse, _TABLES)
    notices = {row["document_id"]: row for row in records(tables["notices"])}
    if chosen not in notices:
        raise not_landed(chosen, list(notices))
    targets = _of(tables["targets"], chosen)
    target = _target(targets, chosen, serial_no, entity)
    score = _score(_of(tables["scores"], chosen), order, target)
    return answer_of(notices[chosen], target, score)


def _of(table: pd.DataFrame, document_id: str) -> list[dict[str, Any]]:
    return records(table[table["document_id"] == document_id])


def _target(targets: list[dict[str, Any]], chosen: str, serial_no: int, entity: str) -> Row:
    of_serial = [row for row in targets if row["serial_no"] == serial_no]
    if not of_serial:
        most = max((row["serial_no"] for row in targets), default=0)
        raise refusal("flows.no_such_line.serial", document=chosen, serial_no=serial_no, most=most)
    for row in of_serial:
        if row["entity"] == entity:
            return row
    names = "、".join(row["entity"] for row in of_serial)
    raise refusal("flows.no_such_line.entity", document=chosen, entity=entity, entities=names)


def _score(scores: list[dict[str, Any]], order: ScoreOrder, target: Row) -> Row:
    key = (target["serial_no"], target["entity"])
    own = [row for row in scores if (row["serial_no"], row["entity"]) == key]
    if order.as_of is not None:
        own = [row for row in own if row["as_of"] == order.as_of]
    if not own:
        command = f"kaohe score {order.year}"
        raise refusal("flows.not_scored", document=target["document_id"], command=command)
    return max(own, key=lambda row: row["as_of"])
