"""Who owes what when a document is scored: not handed in, not approved, handed in late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from common.messages import message
from common.terminal import shown, text_table
from flows.jobs.score.unmatched_returns import value_text
from schemas.records.rows import ReturnRow, TargetRow
from schemas.tables.frames import rows_as
from schemas.vocabulary import word

if TYPE_CHECKING:
    import pandas as pd

    from scoring.engine import Scored
    from scoring.model.columns import Flags

NO_DEPARTMENT = word("missing", "department")
#: So many values that wait for approval are listed; the rest is counted.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Late:
    """A department that has not handed in all: how many lines it owes, and of which entities.

    ``unapproved`` counts lines that it did hand in and that do not count as nobody approved them.
    """

    department: str
    not_received: int
    entities: Mapping[str, int]
    unapproved: int = 0


@dataclass(frozen=True, slots=True)
class Withheld:
    """A value that was handed in and does not count as nobody approved it, and where it stands."""

    department: str
    serial_no: int
    indicator: str | None
    entity: str
    part_no: int | None
    value_zh: str
    reported_by: str | None
    approved_by: str | None
    received_on: str
    source: str


@dataclass(frozen=True, slots=True)
class ReceivedLate:
    """A department's values that came after the deadline, all the same counted.

    Of ``revised`` of its ``lines`` another value had come in time; ``days`` late was the latest.
    """

    department: str
    lines: int
    revised: int
    latest: str
    days: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What came and what did not; ``overdue``: so long is the ``deadline`` over for what did not.

    ``unapproved`` counts the values that nobody approved, whether they count or not.
    """

    late: tuple[Late, ...]
    withheld: tuple[Withheld, ...]
    received_late: tuple[ReceivedLate, ...]
    unapproved: int
    deadline: str | None
    overdue: int | None


def standing_of(scored: Scored) -> Standing:
    """Return who owes what for one document as of a day."""
    from scoring.results.standing import counted_lines, lacking, only_withheld, withheld_lines
    from scoring.returns.withheld import approved

    rows, waiting = withheld_lines(scored)
    whose = set(zip(rows.tolist(), waiting["department"], strict=True))
    late = _late(scored.inputs.targets, lacking(scored), only_withheld(scored), whose)
    _, counted = counted_lines(scored)
    day = next(iter(scored.inputs.deadlines.values()), None)
    unapproved = len(waiting) or int((~approved(counted)).sum())
    over = (scored.inputs.as_of - day).days if day else 0
    return Standing(
        late,
        tuple(_withheld(row) for row in rows_as(ReturnRow, waiting)),
        tuple(_received_late(_came(scored, (counted, waiting)), day)) if day else (),
        unapproved,
        day.isoformat() if day else None,
        over if over > 0 and any(each.not_received for each in late) else None,
    )


def _late(
    targets: pd.DataFrame, lacks: Flags, waits: Flags, unapproved: set[tuple[int, str]]
) -> tuple[Late, ...]:
    """Return the departments that targets wait for, those that owe most first.

    A row that ``waits`` for approval alone lacks nothing but that.
    """
    owed: dict[str, dict[str, int]] = {}
    returned: dict[str, int] = {}
    rows = rows_as(TargetRow, targets, ["assessing_departments", "entity"])
    for place, row in enumerate(rows):
        for name in (row["assessing_departments"] or [NO_DEPARTMENT]) if lacks[place] else ():
            own = owed.setdefault(name, {})
            if (place, name) in unapproved:
                returned[name] = returned.get(name, 0) + 1
            if (place, name) not in unapproved or not waits[place]:
                own[row["entity"]] = own.get(row["entity"], 0) + 1
    found = [
        Late(name, sum(own.values()), own, returned.get(name, 0)) for name, own in owed.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.not_received, -each.unapproved)))


def _withheld(row: ReturnRow) -> Withheld:
    return Withheld(
        row["department"],
        row["serial_no"],
        row["indicator"],
        row["entity"],
        row["part_no"],
        value_text(row),
        row["reported_by"],
        row["approved_by"],
        row["received_on"].isoformat(),
        f"{row['source_name']} {row['source_sheet']} 第{row['source_row']}行",
    )


def _came(scored: Scored, frames: Sequence[pd.DataFrame]) -> Iterator[tuple[ReturnRow, int]]:
    """Give what came, each with the day on which its line came first, in days since 1970."""
    from scoring.results.standing import first_days

    for frame in frames:
        rows = rows_as(ReturnRow, frame, ["department", "received_on"])
        yield from zip(rows, first_days(scored, frame).tolist(), strict=True)


def _received_late(came: Iterable[tuple[ReturnRow, int]], deadline: date) -> Iterator[ReceivedLate]:
    """Give by department what came late, the most lines first."""
    from scoring.returns.withheld import EPOCH

    own: dict[str, list[tuple[date, bool]]] = {}
    for row, first in came:
        if row["received_on"] > deadline:
            in_time = first <= (deadline - EPOCH).days
            own.setdefault(row["department"], []).append((row["received_on"], in_time))
    for name, lines in sorted(own.items(), key=lambda each: -len(each[1])):
        latest = max(day for day, _ in lines)
        revised = sum(in_time for _, in_time in lines)
        days = (latest - deadline).days
        yield ReceivedLate(name, len(lines), revised, latest.isoformat(), days)


def owed_text(found: Standing) -> list[str]:
    """Return who has not handed in all, what waits for approval, and what came late."""
    return [*_late_text(found), *_withheld_text(found.withheld), *_received_late_text(found)]


def departments_late(late: Sequence[Late]) -> int:
    """Return how many owe lines; indicators without a printed department add none."""
    return sum(each.department != NO_DEPARTMENT and each.not_received > 0 for each in late)


def _late_text(found: Standing) -> Iterator[str]:
    if not found.late:
        yield "各部门均已报送"
        return
    heading = f"{word('score_status', 'not_received')}的部门 {departments_late(found.late)} 个"
    waiting = sum(each.unapproved > 0 for each in found.late)
    heading += f"，{word('to_look_at', 'withheld')}的部门 {waiting} 个" if waiting else ""
    if found.overdue:
        heading += message("flows.overdue", deadline=found.deadline, days=found.overdue).zh
    yield heading
    headings = ["部门", word("score_status", "not_received"), "各考核对象"]
    rows = [
        [
            each.department,
            each.not_received,
            "、".join(f"{name} {count}" for name, count in each.entities.items()),
        ]
        for each in found.late
    ]
    if waiting:
        headings.insert(2, word("to_look_at", "withheld"))
        for row, each in zip(rows, found.late, strict=True):
            row.insert(2, each.unapproved)
    yield from text_table(headings, rows, widest=100).splitlines()


def _withheld_text(withheld: Sequence[Withheld]) -> Iterator[str]:
    """Say of each value that waits for approval whose it is and where it stands."""
    if not withheld:
        return
    yield message("flows.unapproved.left_out", count=len(withheld)).zh
    nobody = word("missing", "person")
    rows = [
        (
            each.department,
            each.serial_no,
            shown(each.indicator or ""),
            each.entity,
            each.value_zh,
            each.reported_by or nobody,
            each.approved_by or nobody,
            each.received_on,
            shown(each.source),
        )
        for each in withheld[:SHOWN]
    ]
    headings = ("部门", "序号", "指标", "考核对象", "报送值", "报送人", "审核人", "收到日", "位置")
    yield from text_table(headings, rows, widest=60).splitlines()
    if len(withheld) > SHOWN:
        yield f"…另有 {len(withheld) - SHOWN} 行"


def _received_late_text(found: Standing) -> Iterator[str]:
    if not found.received_late:
        return
    yield message("flows.received_late", deadline=found.deadline).zh
    rows = [
        (each.department, each.lines, each.revised, each.latest, each.days)
        for each in found.received_late
    ]
    headings = (
        "部门",
        f"{word('lateness', 'late')}行数",
        "其中此前曾按期报过数",
        "最迟收到",
        "最多逾期天数",
    )
    yield from text_table(headings, rows).splitlines()
