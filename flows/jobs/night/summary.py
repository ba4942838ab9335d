"""What is asked of a night, and what it amounts to, for people and programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Self

from common.messages import Message
from flows.jobs.night.ledger import NoticeEntry
from schemas.records.keys import KEYS_FILE
from schemas.vocabulary import NoticeRole, english, word

COMPLETED, NOTHING_NEW = "Completed", "Nothing new"
WITH_FINDINGS, WITHHELD = "Completed with findings", "Publication withheld"
KEYS_NAME = KEYS_FILE.as_posix()


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

    @classmethod
    def of_problem(
        cls,
        step: str,
        name: str,
        problem: Message,
        state: str,
        year: int | None = None,
        *,
        holds: bool = False,
    ) -> Self:
        """Return a thing that did not pass, with the reason."""
        reason = (problem.zh, problem.en, problem.code)
        return cls(step, name, state, year, *reason, clean=False, holds=holds)

    @classmethod
    def of_notice(
        cls, name: str, entry: NoticeEntry, problem: Message, state: str = "refused"
    ) -> Self:
        """Return a notice that was not taken; its year must not be published.

        A draft or copy is landed to be compared, and keeps nothing back.
        """
        holds = entry.year is not None and entry.role == NoticeRole.OFFICIAL
        return cls.of_problem("notice", name, problem, state, entry.year, holds=holds)

    @classmethod
    def of_keys(cls, problem: Message, state: str = "refused") -> Self:
        """Return the confirmed keys that could not be landed; those that are landed stay."""
        return cls.of_problem("keys", KEYS_NAME, problem, state)

    def as_row(self) -> dict[str, str | int]:
        """Return the item as a row of a table for people."""
        return {
            "环节": word("night_step", self.step),
            "对象": self.name,
            "年度": self.year or "",
            "结果": f"{word('item_state', self.state)} {self.state}",
            "说明": self.detail_zh or self.detail,
        }


@dataclass(frozen=True, slots=True)
class NightlySummary:
    """What a night did. ``withheld`` gives the reasons for each year that was not published.

    ``recovered``: the night before was cut short, and this one did its work.
    """

    items: tuple[Item, ...]
    withheld: Mapping[int, tuple[str, ...]]
    warehouse: str
    report: str | None = None
    up_to_date: bool = False
    recovered: bool = False

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
        return NOTHING_NEW if self.up_to_date else COMPLETED

    @property
    def headline(self) -> str:
        """Return the night in one line."""
        counts = Counter(
            word("night_step", item.step) + word("item_state", item.state) for item in self.items
        )
        listed = "，".join(f"{what} {count}" for what, count in counts.items())
        return f"{self._heading}{f'：{listed}' if listed else ''}"

    @property
    def _heading(self) -> str:
        return f"{word('night_state', self.state)} {english('night_state', self.state)}"

    def as_json(self) -> dict[str, object]:
        """Return the summary in JSON's types."""
        return {
            "state": self.state,
            "up_to_date": self.up_to_date,
            "recovered": self.recovered,
            "items": [asdict(item) for item in self.items],
            "withheld": {str(year): list(reasons) for year, reasons in self.withheld.items()},
            "report": self.report,
            "warehouse": self.warehouse,
        }

    def as_text(self) -> str:
        """Return the summary for a person."""
        from common.terminal import text_table

        lines = [f"{self._heading}: {self.warehouse}", *self._remarks()]
        rows = [item.as_row() for item in self.items]
        if rows:
            lines.append(text_table(list(rows[0]), [list(row.values()) for row in rows], widest=88))
        if self.report:
            lines.append(f"报告 report: {self.report}")
        return "\n".join(lines)

    def as_markdown(self) -> str:
        """Return the summary as Markdown, for the run's artifact."""
        lines = [f"## {self._heading}", "", *self._remarks(), ""]
        rows = [item.as_row() for item in self.items]
        if rows:
            lines += ["| " + " | ".join(rows[0]) + " |", "|" + " --- |" * len(rows[0])]
            lines += ["| " + " | ".join(map(_cell, row.values())) + " |" for row in rows]
        if self.report:
            lines += ["", f"报告: `{_cell(self.report)}`"]
        return "\n".join(lines)

    def _remarks(self) -> list[str]:
        """Return the lines above the table."""
        cut_short = "上一次运行未结束，本次已补做 the run before was cut short; recovered"
        return [
            *([cut_short] if self.recovered else []),
            *(
                f"{year} 年度未发布，保留上一次的结果：{'；'.join(reasons)}"
                for year, reasons in self.withheld.items()
            ),
        ]


def _cell(value: object) -> str:
    """Return a value as a cell of a Markdown table; no text of a document makes markup."""
    text = " ".join(str(value).split())
    for sign in "\\`*_[]<>|!":
        text = text.replace(sign, f"\\{sign}")
    return text
