"""Landing the rows of received returns: each file's once, under the day that it is filed by."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from common.days import today
from common.refusal import Refusal
from flows.jobs.ingest import code_version
from flows.jobs.returns.filing import Filed
from returns.days import in_order_of_days, of_day, overtaken, will_not_count
from returns.rows import return_rows
from schemas.records.forms import Receipt, Remark
from schemas.records.rows import ReturnRow
from schemas.tables.frames import rows_as

if TYPE_CHECKING:
    import pandas as pd


_SCORED = ("scores", "scorecards", "rank_stability")


@dataclass(slots=True)
class Handled:
    """One file on its way: its receipt and place, or the refusal that ended it.

    ``name`` is the file's as it was handed in; ``left``: an earlier run left it unanswered;
    ``dated``: a person has set its day right. ``remark`` says that it does not count. ``failure``
    is what the program could not do of its way: read it, land it or, where it is landed, answer it.
    ``left_out``: it is what a program lays beside files, and was not handed in.
    """

    file: Path
    name: str
    received_on: date
    left: bool = False
    dated: bool = False
    receipt: Receipt | None = None
    filed: Filed | None = None
    refusal: Refusal | None = None
    landed: int = 0
    reply: Path | None = None
    remark: Remark | None = None
    failure: Refusal | None = None
    is_landed: bool = False
    left_out: bool = False


@dataclass(slots=True)
class Batch:
    """The files of one document that are to be landed together."""

    year: int
    handled: list[tuple[Handled, Receipt, Filed]] = field(default_factory=list)


def land_returns(handled: Sequence[Handled], warehouse: Path) -> None:
    """Land the values of all files, each document's together, in one new snapshot.

    Rows that are landed already take the day that their file is filed by; scores of a day on which
    nothing was received after that go. Receipts are told what does not count.
    """
    from warehouse.landing import Amendment, amend

    run_id, amendments = uuid.uuid4().hex, list[Amendment]()
    for document_id, batch in _batches(handled).items():
        made = (run_id, code_version())
        amendments.append(Amendment(document_id, batch.year, "returns", _adder(batch), *made))
        for name, make in _scores_left(warehouse, document_id, batch):
            amendments.append(Amendment(document_id, batch.year, name, make, *made))
    if amendments:
        amend(warehouse, amendments)
    for each in handled:
        if each.receipt is not None and each.remark is not None:
            each.receipt = replace(each.receipt, remarks=(*each.receipt.remarks, each.remark))


def _batches(handled: Iterable[Handled]) -> dict[str, Batch]:
    """Return the filed files with anything to land or to set right, by document."""
    batches: dict[str, Batch] = {}
    for each in handled:
        receipt, filed = each.receipt, each.filed
        if receipt is None or filed is None or not (receipt.values or filed.again):
            continue
        if receipt.document_id is not None and receipt.year is not None:
            batch = batches.setdefault(receipt.document_id, Batch(receipt.year))
            batch.handled.append((each, receipt, filed))
    return batches


def _adder(batch: Batch) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return what adds the files' rows to those that are landed, and counts what is new."""

    def add(landed: pd.DataFrame) -> pd.DataFrame:
        from schemas.tables.frames import rows_to_frame
        from schemas.tables.registry import RETURNS

        rows = _on_filed_days(batch, rows_as(ReturnRow, landed))
        for each, receipt, filed in batch.handled:
            new = return_rows(receipt, filed.received_on, rows)
            each.landed = len(new)
            rows += new
        dated = {receipt.book.source_sha256 for each, receipt, _ in batch.handled if each.dated}
        rows = in_order_of_days(rows, [row for row in rows if row["source_sha256"] in dated])
        _note_overtaken(batch, rows)
        for each, receipt, filed in batch.handled:
            each.receipt = of_day(receipt, filed.received_on, rows)
        return rows_to_frame(RETURNS, rows)

    return add


def _on_filed_days(batch: Batch, rows: list[ReturnRow]) -> list[ReturnRow]:
    days = {receipt.book.source_sha256: filed.received_on for _, receipt, filed in batch.handled}
    return [
        row | {"received_on": days.get(row["source_sha256"], row["received_on"])} for row in rows
    ]


def _note_overtaken(batch: Batch, rows: Sequence[ReturnRow]) -> None:
    found = overtaken(rows)
    for each, receipt, _ in batch.handled:
        own = [one for one in found if one.row["source_sha256"] == receipt.book.source_sha256]
        each.remark = will_not_count(own, today()) if own else None


def _scores_left(
    warehouse: Path, document_id: str, batch: Batch
) -> Iterator[tuple[str, Callable[[pd.DataFrame], pd.DataFrame]]]:
    """Yield what takes away the scores of days that a file's rows had and no return has any more.

    They would stand as the latest for ever where a wrong clock had set them.
    """
    if not any(filed.again for _, _, filed in batch.handled):
        return
    from warehouse.reading import read_tables

    tables = read_tables(warehouse, ("returns", *_SCORED))
    own = tables["returns"][tables["returns"]["document_id"] == document_id]
    rows = rows_as(ReturnRow, own)
    before = {row["received_on"] for row in rows}
    gone = before - {row["received_on"] for row in _on_filed_days(batch, rows)}
    if not gone:
        return
    for name in _SCORED:
        landed = tables[name]
        own = landed[landed["document_id"] == document_id]
        if own["as_of"].isin(gone).any():
            yield name, lambda frame: frame[~frame["as_of"].isin(gone)].reset_index(drop=True)
