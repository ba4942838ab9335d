"""What the demonstration says in the end: what landed, who handed in, the scorecard, the paths."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from common.terminal import text_table
from flows.demo.returns import SamplePlan
from flows.jobs.batch.summary import Summary
from flows.jobs.differences import ValueDifference
from flows.jobs.returns.forms import FormsMade
from flows.jobs.returns.summary import Received
from flows.jobs.review import Reviewed
from flows.jobs.score.summary import ScoreSummary
from report.doubts import CountedCard, counted
from report.figures import Points
from schemas.records.forms import REFUSED
from schemas.vocabulary import word

if TYPE_CHECKING:
    from flows.jobs.site.report import ReportSummary

OFFICIAL = "ziyang-2020"
COPY = "ziyang-2020-text"
SHOWN_DIFFERENCES = 20
SAMPLE = "【样例数据】以下填报数据都是编造的，只供演示，不是真实的考核结果。 Made-up figures."


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demonstration landed and made; ``received`` and ``scored`` go by day."""

    landed: tuple[Summary, ...]
    differences: tuple[ValueDifference, ...]
    forms: FormsMade
    plan: SamplePlan
    received: tuple[Received, ...]
    scored: tuple[ScoreSummary, ...]
    reviewed: Reviewed
    report: ReportSummary
    raw: Path
    replies: Path
    warehouse: Path

    @property
    def clean(self) -> bool:
        """Nothing is to be looked at in the documents, the returns or the scores."""
        return (
            all(each.clean for each in self.landed)
            and all(each.clean for each in self.received)
            and all(each.clean for each in self.scored)
        )

    def as_json(self) -> dict[str, object]:
        """Return the demonstration in JSON's types."""
        return {
            "landed": [summary.as_json() for summary in self.landed],
            "differences": [difference.as_json() for difference in self.differences],
            "forms": self.forms.as_json(),
            "received": [
                {"received_on": day, **got.as_json()}
                for day, got in zip(self.plan.days, self.received, strict=True)
            ],
            "scored": [scored.as_json() for scored in self.scored],
            "never_received": list(self.plan.never),
            "review": self.reviewed.as_json(),
            "report": self.report.as_json(),
            "folders": {"raw": str(self.raw), "replies": str(self.replies)},
        }

    def as_text(self) -> str:
        """Return the demonstration for a person."""
        parts = [  # the office's result first, then how it came about
            SAMPLE,
            self.scored[-1].as_text(),
            self.course_text(),
            self.returns_text(),
            *(summary.as_text() for summary in self.landed),
            self.differences_text(),
            self.next_text(),
        ]
        return "\n\n".join(parts)

    def differences_text(self) -> str:
        """Return the table of differences and how many of them are flagged."""
        flagged = Counter(difference.flagged for difference in self.differences)
        heading = (
            f"{OFFICIAL} 与 {COPY} 的差异 differing values: {len(self.differences)}"
            f"（已标记 flagged {flagged[True]}，未标记 not flagged {flagged[False]}）"
        )
        if not self.differences:
            return f"{heading}：两份读出的每个值都相同；文本版中不确定的值已列在上面。"
        shown = sorted(self.differences, key=lambda item: item.flagged)[:SHOWN_DIFFERENCES]
        columns = ("序号", "对象", "栏目", "通知", "文本版", "")
        table = text_table(columns, [item.as_row() for item in shown], widest=36)
        left = len(self.differences) - len(shown)
        more = f"\n…另有 {left} 处 and {left} more: kaohe demo --json" if left else ""
        return f"{heading}\n{table}{more}"

    def returns_text(self) -> str:
        """Return who handed in when, and what was refused."""
        days = [
            (
                day,
                len(got.files),
                sum(each.accepted for each in got.files),
                sum(each.landed for each in got.files),
                sum(each.refused for each in got.files),
            )
            for day, got in zip(self.plan.days, self.received, strict=True)
        ]
        headings = ("收到日期", "填报表", "接收", "新入库", word("remark", "refused"))
        late, never = ("、".join(names) or "无" for names in (self.plan.late, self.plan.never))
        return "\n".join(
            [
                f"填报表 forms {len(self.forms.forms)} 份：{self.forms.folder}",
                text_table(headings, days),
                f"{word('lateness', 'late')} late（{self.plan.days[1]} 才交）：{late}",
                f"{word('score_status', 'not_received')} never handed in：{never}",
                *self._refused_lines(),
            ]
        )

    def _refused_lines(self) -> list[str]:
        return [
            f"退回 refused {day}　{each.department}　{remark.place_zh}　{remark.message_zh}"
            for day, got in zip(self.plan.days, self.received, strict=True)
            for each in got.files
            for remark in each.remarks
            if remark.severity == REFUSED
        ]

    def course_text(self) -> str:
        """Return how the points and their intervals grew from day to day."""
        entities = [card["entity"] for card in self.scored[-1].scorecard]
        rows = []
        for scored in self.scored:
            cards = {card["entity"]: card for card in scored.scorecard}
            rows.append([scored.as_of, *(_points(cards[entity]) for entity in entities)])
        return f"得分（区间）points and interval\n{text_table(('截至', *entities), rows)}"

    def next_text(self) -> str:
        """Return where everything is, and what to do next."""
        return (
            f"{self.report.as_text()}\n"
            f"逐项核对 review page: {self.reviewed.page}\n"
            f"填报表 forms: {self.forms.folder}/　退回说明 replies: {self.replies}/　"
            f"收到的填报表 returns as filed: {self.raw / 'returns'}/\n"
            f"数据在 tables: {self.warehouse}/current/<table>/year=2020/*.parquet, "
            f"{self.warehouse}/kaohe.duckdb\n"
            '查询 ask them: .venv/bin/kaohe query "SELECT entity, points, points_low, points_high '
            "FROM scorecards_latest WHERE level = 'total'\""
        )


def _points(card: CountedCard) -> str:
    points = Points.of(card, counted(card))
    return f"{points.given}（{points.span}）"
