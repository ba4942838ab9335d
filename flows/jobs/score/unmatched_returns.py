"""Returns that count for nothing, against each other, or though their indicator moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.messages import message
from common.numbers import show
from common.terminal import text_table
from returns.days import overtaken
from schemas.records.rows import ReturnRow
from schemas.tables.frames import rows_as
from schemas.vocabulary import word

if TYPE_CHECKING:
    from scoring.engine import Scored
    from scoring.model.columns import Ints

SHOWN = 20
_NAMES = [
    *("department", "serial_no", "entity", "part_no", "indicator", "actual_value", "actual_text"),
    *("awarded_pct", "benchmark_value", "veto", "source_name", "source_sheet", "source_row"),
]


@dataclass(frozen=True, slots=True)
class UnmatchedReturn:
    """A return that fits no target, or not the one under its number, and why.

    ``serial_no`` and ``indicator`` are those it was made for.
    """

    department: str
    serial_no: int
    indicator: str | None
    entity: str
    source: str
    why_zh: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """A line that departments returned differently; ``values`` are theirs, by department."""

    serial_no: int
    entity: str
    part_no: int | None
    values: dict[str, str]


def unmatched(scored: Scored) -> tuple[UnmatchedReturn, ...]:
    """Return the returns received in time that count for nothing."""
    from scoring.returns.attribution import OTHER_NAME, SEVERAL

    why = {
        OTHER_NAME: "该序号现为另一项指标，通知中已没有原指标",
        SEVERAL: "该序号现为另一项指标，原指标名称在通知中有多处",
    }
    rows = scored.latest.unmatched
    return _listed(
        scored,
        rows,
        [why.get(each, "通知中没有该序号或该考核对象") for each in _fits(scored, rows)],
    )


def overtaken_returns(scored: Scored) -> tuple[UnmatchedReturn, ...]:
    """Return the revisions that do not count, as a return handed in before them has a later day."""
    names = [*_NAMES, "received_on", "revision"]
    found = overtaken(rows_as(ReturnRow, scored.inputs.returns, names))
    return tuple(
        _unmatched(
            each.row,
            message("flows.overtaken", day=each.row["received_on"], later=each.by).zh,
        )
        for each in found
    )


def reassigned(scored: Scored) -> tuple[UnmatchedReturn, ...]:
    """Return the returns received in time that count by their indicator's name."""
    from scoring.returns.attribution import MOVED, RENAMED

    why = {MOVED: "该指标的序号已变，按名称计入", RENAMED: "该序号的指标名称略有改动，照常计入"}
    received = scored.latest.received
    rows = received[[each in why for each in _fits(scored, received)]]
    return _listed(scored, rows, [why[each] for each in _fits(scored, rows)])


def _fits(scored: Scored, rows: Ints) -> list[int]:
    fits: list[int] = scored.latest.fit[rows].tolist()
    return fits


def _listed(scored: Scored, rows: Ints, why: Sequence[str]) -> tuple[UnmatchedReturn, ...]:
    returned = rows_as(ReturnRow, scored.inputs.returns[_NAMES].iloc[rows]) if len(rows) else []
    return tuple(_unmatched(row, reason) for row, reason in zip(returned, why, strict=True))


def _unmatched(row: ReturnRow, why_zh: str) -> UnmatchedReturn:
    source = f"{row['source_name']} {row['source_sheet']} 第{row['source_row']}行"
    return UnmatchedReturn(
        row["department"], row["serial_no"], row["indicator"], row["entity"], source, why_zh
    )


def disputes(scored: Scored) -> tuple[Dispute, ...]:
    """Return the lines whose rule counts with a value that departments differ in."""
    import numpy as np

    _, sources = _disputed(scored)
    return tuple(_dispute(scored, int(source)) for source in np.unique(sources))


def disputed_targets(scored: Scored) -> Ints:
    """Return the rows that have such a line."""
    return _disputed(scored)[0]


def _disputed(scored: Scored) -> tuple[Ints, Ints]:
    """Return the rows, and the returns of them or of their parts, that departments differ in."""
    import numpy as np

    from scoring.returns.disputes import disputed_rows

    latest, book, parts = scored.latest, scored.effective.book, scored.parts
    found = [
        np.stack([row, source])[:, disputed_rows(source, rule, latest.returned, book)]
        for row, source, rule in (
            (np.arange(len(scored.rows)), latest.whole, scored.effective.rule),
            (parts.row, parts.items.source, parts.items.rule),
        )
    ]
    rows, sources = np.concatenate(found, axis=1)
    return rows, sources


def _dispute(scored: Scored, source: int) -> Dispute:
    disputes = scored.latest.disputes
    others = disputes.other[disputes.primary == source].tolist()
    returned = rows_as(ReturnRow, scored.inputs.returns[_NAMES].iloc[[source, *others]])
    first = returned[0]
    values = {row["department"]: value_text(row) for row in returned}
    return Dispute(first["serial_no"], first["entity"], first["part_no"], values)


def value_text(row: ReturnRow) -> str:
    """Return what a department returned, in short."""
    told = (
        ("", row["actual_value"], ""),
        ("评定 ", row["awarded_pct"], "%"),
        ("比较基准值 ", row["benchmark_value"], ""),
    )
    texts = [f"{before}{show(each, 6)}{unit}" for before, each, unit in told if each is not None]
    texts += ["一票否决"] if row["veto"] else []
    return " ".join(texts) or f"“{row['actual_text'] or ''}”"


def listed_text(title: str, listed: Sequence[UnmatchedReturn]) -> str:
    """Return returns as a table, the first ones of many; nothing where there are none."""
    rows = [
        (each.department, each.serial_no, each.indicator, each.entity, each.source, each.why_zh)
        for each in listed[:SHOWN]
    ]
    headings = ("部门", "原序号", "指标", "考核对象", "出处", "说明")
    return _titled(title, headings, rows, len(listed))


def disputes_text(found: Sequence[Dispute]) -> str:
    """Return disputes as a table, the first ones of many; nothing where there are none."""
    rows = [
        (
            each.serial_no,
            each.part_no,
            each.entity,
            "、".join(f"{name} {value}" for name, value in each.values.items()),
        )
        for each in found[:SHOWN]
    ]
    waits = word("counting", "not_yet")
    title = f"{word('cell', 'disputed')}、{waits}，请有关部门核对后重新报送"
    return _titled(title, ("序号", "分项", "考核对象", "各部门报送"), rows, len(found))


def _titled(
    title: str, headings: Sequence[str], rows: Sequence[Sequence[object]], count: int
) -> str:
    if not rows:
        return ""
    more = [f"…另有 {count - len(rows)} 条"] if count > len(rows) else []
    return "\n".join([f"{title} {count} 条", text_table(headings, rows, widest=100), *more])
