"""What is asked of a night, and what it amounts to, for people and programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

COMPLETED, NOTHING_NEW = "Completed", "Nothing new"
WITH_FINDINGS, WITHHELD = "Completed with findings", "Publication withheld"
_HEADING = {
    COMPLETED: "已完成 completed",
    NOTHING_NEW: "没有新内容 nothing new",
    WITH_FINDINGS: "已完成，有待处理事项 completed with findings",
    WITHHELD: "未全部发布，保留上一次的结果 publication withheld, the last good one stays",
}
STEP_ZH = {
    "notice": "通知",
    "keys": "指标键",
    "return": "填报表",
    "score": "得分",
    "report": "报告",
}
_STATE_ZH = {
    "landed": "已入库",
    "unchanged": "未变",
    "received": "已接收",
    "again": "重复",
    "refused": "退回",
    "failed": "失败",
    "waiting": "未到日期",
    "withheld": "未发布",
    "scored": "已计算",
    "made": "已生成",
}


@dataclass(frozen=True, slots=True)
class NightlyOrder:
    """Where a night works. ``as_of`` asks for the scores of one more day than the data's own."""

    warehouse: Path = Path("warehouse/tables")
    raw: Path = Path("raw")
    out: Path = Path("out/report")
    as_of: date | None = None
    replies: Path = Path("out/replies")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the night dealt with.

    ``step`` is notice, keys, return, score or report; ``clean`` is false where a person should
    look, ``holds`` where the year (every year, if it is not known) must not be published.
    """

    step: str
    name: str
    state: str
    year: int | None = None
    detail_zh: str = ""
    detail: str = ""
    code: str | None = None
    clean: bool = True
    holds: bool = False

    def as_row(self) -> dict[str, Any]:
        """Return the item as a row of a table for people."""
        return {
            "环节": STEP_ZH[self.step],
            "对象": self.name,
            "年度": self.year or "",
            "结果": f"{_STATE_ZH.get(self.state, self.state)} {self.state}",
            "说明": self.detail_zh or self.detail,
        }


@dataclass(frozen=True, slots=True)
class NightlySummary:
    """What a night did. ``withheld`` says of each year that was not published why."""

    items: tuple[Item, ...]
    withheld: Mapping[int, tuple[str, ...]]
    warehouse: str
    report: str | None = None
    nothing_new: bool = False
    made_good: bool = False

    @property
    def clean(self) -> bool:
        """Nothing is to be looked at."""
        return not self.withheld and all(item.clean for item in self.items)

    @property
    def state(self) -> str:
        """Return the name of the state that the night ends in."""
        if self.withheld:
            return WITHHELD
        if not self.clean:
            return WITH_FINDINGS
        return NOTHING_NEW if self.nothing_new else COMPLETED

    @property
    def headline(self) -> str:
        """Return the night in one line."""
        counts = Counter(f"{STEP_ZH[item.step]}{_STATE_ZH[item.state]}" for item in self.items)
        told = "，".join(f"{what} {count}" for what, count in counts.items())
        return f"{_HEADING[self.state]}{f'：{told}' if told else ''}"

    def as_json(self) -> dict[str, Any]:
        """Return the summary in JSON's types."""
        return {
            "state": self.state,
            "nothing_new": self.nothing_new,
            "made_good": self.made_good,
            "items": [asdict(item) for item in self.items],
            "withheld": {str(year): list(reasons) for year, reasons in self.withheld.items()},
            "report": self.report,
            "warehouse": self.warehouse,
        }

    def as_text(self) -> str:
        """Return the summary for a person."""
        from common.terminal import text_table

        lines = [f"{_HEADING[self.state]}: {self.warehouse}", *self._remarks()]
        rows = [item.as_row() for item in self.items]
        if rows:
            lines.append(text_table(list(rows[0]), [list(row.values()) for row in rows], widest=88))
        if self.report:
            lines.append(f"报告 report: {self.report}")
        return "\n".join(lines)

    def as_markdown(self) -> str:
        """Return the summary as Markdown, for the run's artifact."""
        lines = [f"## {_HEADING[self.state]}", "", *self._remarks(), ""]
        rows = [item.as_row() for item in self.items]
        if rows:
            lines += ["| " + " | ".join(rows[0]) + " |", "|" + " --- |" * len(rows[0])]
            lines += ["| " + " | ".join(map(_cell, row.values())) + " |" for row in rows]
        if self.report:
            lines += ["", f"报告: `{_cell(self.report)}`"]
        return "\n".join(lines)

    def _remarks(self) -> list[str]:
        """Return what is to be said before the table."""
        cut_short = "上一次运行未结束，本次已补做 the run before was cut short; made good"
        return [
            *([cut_short] if self.made_good else []),
            *(
                f"{year} 年度未发布，保留上一次的结果：{'；'.join(reasons)}"
                for year, reasons in self.withheld.items()
            ),
        ]


def _cell(value: Any) -> str:
    """Return a value as a cell of a Markdown table; no text of a document makes markup."""
    text = " ".join(str(value).split())
    for sign in "\\`*_[]<>|!":
        text = text.replace(sign, f"\\{sign}")
    return text
