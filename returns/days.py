"""The days of returns: what a mistyped day or a wrong clock keeps from counting.

Of a line's returns the one received last counts. A revision, handed in after another return of the
same department, that was received before it by its day does not count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from returns.doubtful import named_lines, remark
from schemas.records.forms import WARNING, FormLine, Receipt, Remark
from schemas.records.rows import ReturnRow

#: Serial number, entity and part, which is None for the whole target.
Key = tuple[int, str, int | None]


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A returned row that does not count, and the day of the one that counts in its place."""

    row: ReturnRow
    by: date


def line_key(row: ReturnRow) -> Key:
    """Return what makes a row's line unique in its document."""
    return row["serial_no"], row["entity"], row["part_no"]


def overtaken(rows: Iterable[ReturnRow]) -> list[Overtaken]:
    """Return the rows of one document that a return handed in before them keeps from counting."""
    found = []
    latest: dict[tuple[Key, str], date] = {}
    for row in sorted(rows, key=lambda each: each["revision"]):
        line = line_key(row), row["department"]
        by = latest.setdefault(line, row["received_on"])
        if row["received_on"] < by:
            found.append(Overtaken(row, by))
        else:
            latest[line] = row["received_on"]
    return found


def in_order_of_days(rows: Sequence[ReturnRow], lines: Iterable[ReturnRow]) -> list[ReturnRow]:
    """Return the rows, the revisions of some lines numbered anew in the order of their days."""
    renumbered = {line_key(row) for row in lines}
    counts: dict[Key, int] = {}
    numbers: dict[int, int] = {}
    for place in sorted(
        range(len(rows)), key=lambda each: (rows[each]["received_on"], rows[each]["revision"])
    ):
        line = line_key(rows[place])
        counts[line] = numbers[place] = counts.get(line, 0) + 1
    return [
        row | {"revision": numbers[place]} if line_key(row) in renumbered else row
        for place, row in enumerate(rows)
    ]


def will_not_count(found: Sequence[Overtaken], now: date) -> Remark:
    """Return the remark on a file some of whose rows do not count, and what to do."""
    latest = max(each.by for each in found)
    return remark(
        "will_not_count.to_come" if latest > now else "will_not_count.earlier",
        WARNING,
        day=found[0].row["received_on"].isoformat(),
        later=latest.isoformat(),
        count=len(found),
        listed=named_lines((each.row["serial_no"], each.row["entity"]) for each in found),
    )


def of_day(receipt: Receipt, day: date, landed: Sequence[ReturnRow]) -> Receipt:
    """Return a receipt with what is to be said of the day on which its file was received.

    ``landed`` are the rows of its document. What came after the deadline counts, and is named; so
    is an approval that lies after the day.
    """
    remarks = list[Remark]()
    late = receipt.deadline is not None and day > receipt.deadline and bool(receipt.values)
    if receipt.deadline is not None and late:
        remarks.append(_late(receipt, day, receipt.deadline, landed))
    later = [each.signed.approved_on for each in receipt.values if each.signed.approved_on]
    if later and max(later) > day:
        remarks.append(remark("approved_later", WARNING, approved=max(later), day=day))
    count = len(receipt.values) if late else 0
    return replace(receipt, remarks=(*receipt.remarks, *remarks), late=count)


def _late(receipt: Receipt, day: date, deadline: date, landed: Sequence[ReturnRow]) -> Remark:
    """Return the remark on a file that came after the deadline, some of it perhaps once more."""
    in_time = {
        (row["serial_no"], row["entity"], row["part_no"])
        for row in landed
        if row["department"] == receipt.department and row["received_on"] <= deadline
    }
    targets = {(serial_no, entity) for serial_no, entity, _ in in_time}
    again = sum(_came(value.line, in_time, targets) for value in receipt.values)
    return remark(
        "late",
        WARNING,
        day=day.isoformat(),
        deadline=deadline.isoformat(),
        days=(day - deadline).days,
        count=len(receipt.values),
        revised=f"，其中 {again} 行此前曾按期报送" if again else "",
    )


def _came(line: FormLine, lines: Collection[Key], targets: Collection[tuple[int, str]]) -> bool:
    """Say whether a line came before: it, or the whole or a part of it where the parts changed."""
    target = (line.serial_no, line.entity)
    if line.part_text is None:
        return target in targets
    return (*target, line.part_no) in lines or (*target, None) in lines
