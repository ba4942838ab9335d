"""What is wrong with a value that was to be landed, and how a person is told.

A problem names the cell: document, page, indicator, entity, column, the value found and what
was expected. A landing with any problem is refused as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from common.refusal import Refusal

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Problem:
    """One value that does not fit; ``expected`` in English, ``expected_zh`` in Chinese.

    ``position`` is where a cell stands in the document as read: (table_no, row, column).
    """

    table: str
    column: str
    value: object
    expected: str
    expected_zh: str
    document_id: str | None = None
    page: int | None = None
    serial_no: int | None = None
    entity: str | None = None
    position: tuple[int, int, int] | None = None

    def in_english(self) -> str:
        """Return the problem as one line for logs."""
        where = [
            f"page {self.page}" if self.page is not None else "",
            "table {}, row {}, column {}".format(*self.position) if self.position else "",
            f"indicator {self.serial_no}" if self.serial_no is not None else "",
            self.entity or "",
        ]
        place = ", ".join(part for part in where if part)
        return (
            f"{self.table}.{self.column}{f' ({place})' if place else ''}: "
            f"found {_shown(self.value) or 'nothing'}, expected {self.expected}"
        )

    def in_chinese(self) -> str:
        """Return the problem as one line for a clerk."""
        where = [
            f"第 {self.page} 页" if self.page is not None else "",
            "第 {} 表第 {} 行第 {} 列".format(*self.position) if self.position else "",
            f"第 {self.serial_no} 项指标" if self.serial_no is not None else "",
            self.entity or "",
            f"{self.table}.{self.column}",
        ]
        place = "，".join(part for part in where if part)
        return f"{place}：现为 {_shown(self.value) or '空'}，应为 {self.expected_zh}"


def refuse(problems: Sequence[Problem], source: str) -> Refusal:
    """Return the refusal that names these problems of the document called ``source``."""
    listed = problems[:_SHOWN]
    more = len(problems) - len(listed)
    english = "; ".join(problem.in_english() for problem in listed)
    chinese = "\n".join(
        f"  {number}. {problem.in_chinese()}" for number, problem in enumerate(listed, start=1)
    )
    return Refusal(
        "invalid_table",
        f"{source}: {len(problems)} values do not fit the tables: {english}"
        + (f"; and {more} more" if more else ""),
        f"“{source}”共有 {len(problems)} 处数值不符合数据表的要求，没有写入任何数据：\n{chinese}"
        + (f"\n  另有 {more} 处未列出" if more else "")
        + "\n请对照原件核对以上各处，在该文件的 corrections.toml 中写明更正后重新入库。",
    )


def _shown(value: object) -> str:
    text = "" if value is None else f"“{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
