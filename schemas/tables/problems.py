"""What is wrong with a value that was to be landed, in words for clerks and for logs.

A problem names the cell: document, page, indicator, entity, column, the value found and what
was expected. A landing with any problem is refused as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from common.messages import Message
from common.numbers import show
from common.refusal import Refusal, refusal

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Problem:
    """One value that does not fit, and what was expected.

    Its place is as the row has it; ``position`` is where a cell stands in the document as read:
    (table_no, row, column).
    """

    table: str
    column: str
    value: object
    expected: Message
    document_id: object = None
    page: object = None
    serial_no: object = None
    entity: object = None
    position: tuple[object, ...] | None = None

    @classmethod
    def of(
        cls, row: Mapping[str, object], table: str, column: str, value: object, expected: Message
    ) -> Problem:
        """Return the problem of a value of this row, with the place that it was printed at."""
        position = tuple(row.get(name) for name in ("table_no", "row", "column"))
        return cls(
            table,
            column,
            value,
            expected,
            document_id=row.get("document_id"),
            page=row.get("page"),
            serial_no=row.get("serial_no"),
            entity=row.get("entity"),
            position=None if None in position else position,
        )

    def in_english(self) -> str:
        """Return the problem as one line for logs."""
        where = [
            f"page {self.page}" if self.page is not None else "",
            "table {}, row {}, column {}".format(*self.position) if self.position else "",
            f"indicator {self.serial_no}" if self.serial_no is not None else "",
            str(self.entity or ""),
        ]
        place = ", ".join(part for part in where if part)
        return (
            f"{self.table}.{self.column}{f' ({place})' if place else ''}: "
            f"found {_shown(self.value) or 'nothing'}, expected {self.expected.en}"
        )

    def in_chinese(self) -> str:
        """Return the problem as one line for a clerk."""
        where = [
            f"第 {self.page} 页" if self.page is not None else "",
            "第 {} 表第 {} 行第 {} 列".format(*self.position) if self.position else "",
            f"第 {self.serial_no} 项指标" if self.serial_no is not None else "",
            str(self.entity or ""),
            f"{self.table}.{self.column}",
        ]
        place = "，".join(part for part in where if part)
        return f"{place}：现为 {_shown(self.value) or '空'}，应为 {self.expected.zh}"


def refuse(problems: Sequence[Problem], source: str) -> Refusal:
    """Return the refusal that names these problems of the document called ``source``."""
    listed = problems[:_SHOWN]
    slots = {
        "source": source,
        "count": len(problems),
        "listed": "; ".join(problem.in_english() for problem in listed),
        "listed_zh": "\n".join(
            f"  {number}. {problem.in_chinese()}" for number, problem in enumerate(listed, start=1)
        ),
    }
    more = len(problems) - len(listed)
    if more:
        return refusal("schemas.invalid_table.in_part", **slots, more=more)
    return refusal("schemas.invalid_table.whole", **slots)


def _shown(value: object) -> str:
    text = "" if value is None else f"“{value}”" if isinstance(value, str) else _plain(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _plain(value: object) -> str:
    return show(value) if isinstance(value, float) else str(value)
