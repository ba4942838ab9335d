"""What a batch of documents amounts to, for people and programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from common.messages import Message, message
from common.names import shown_name
from common.refusal import Refusal
from common.terminal import text_table
from flows.jobs.batch.run import Outcome
from schemas.vocabulary import word

SHOWN = 50
_WIDEST = 120


@dataclass(frozen=True)
class BatchSummary:
    """What became of the documents of a batch."""

    outcomes: Sequence[Outcome]

    @cached_property
    def refused(self) -> list[tuple[str, Message]]:
        """The documents that were not taken, each by its file, with the reason."""
        return [
            (shown_name(str(each.order.source)), reason_of(each.problem))
            for each in self.outcomes
            if each.problem is not None
        ]

    @property
    def taken(self) -> int:
        """How many documents are in the warehouse now."""
        return len(self.outcomes) - len(self.refused)

    @property
    def clean(self) -> bool:
        """Nothing is to be looked at."""
        return not self.refused and all(
            each.summary is None or each.summary.clean for each in self.outcomes
        )

    @property
    def headline(self) -> str:
        """Return the batch in one line."""
        landed = sum(each.summary is not None and each.summary.changed for each in self.outcomes)
        looked = sum(each.summary is not None and not each.summary.clean for each in self.outcomes)
        return (
            f"文件 documents {len(self.outcomes)}：入库 landed {landed}，"
            f"库中已有 unchanged {self.taken - landed}，未接收 refused {len(self.refused)}；"
            f"有待核对的 with findings {looked}"
        )

    def as_json(self) -> dict[str, object]:
        """Return the summary in JSON's types."""
        return {
            "documents": [
                each.summary.as_json() | {"file": shown_name(str(each.order.source))}
                for each in self.outcomes
                if each.summary is not None
            ],
            "refused": [
                {"file": file, "code": why.code, "reason": why.en, "reason_zh": why.zh}
                for file, why in self.refused
            ],
        }

    def as_text(self) -> str:
        """Return the summary for a person: every file that was not taken, what to look at."""
        lines = [self.headline, *self._alarms()]
        if self.refused:
            rows = [(file, why.zh, why.code) for file, why in self.refused]
            lines += [
                "未接收的文件 refused:",
                text_table(("文件", "原因", ""), rows, widest=_WIDEST),
            ]
        return "\n".join([*lines, *self._looked_at()])

    def _alarms(self) -> list[str]:
        return [
            f"{each.summary.document_id}\n" + "\n".join(each.summary.alarms())
            for each in self.outcomes
            if each.summary is not None and each.summary.alarms()
        ]

    def _looked_at(self) -> list[str]:
        """Return the first documents with findings, those with most errors first."""
        found = [
            (each.summary.findings["error"], each.summary.findings["warning"], each.summary)
            for each in self.outcomes
            if each.summary is not None and not each.summary.clean
        ]
        if not found:
            return []
        found.sort(key=lambda each: each[:2], reverse=True)
        rows = [
            (one.document_id, one.year, errors, warnings, one.needs_review)
            for errors, warnings, one in found[:SHOWN]
        ]
        counts = (word("severity", "error"), word("severity", "warning"))
        table = text_table(("文件编号", "年度", *counts, "待核对的值"), rows)
        left = len(found) - len(rows)
        return [
            "待核对 to look at:",
            table,
            *([f"…另有 {left} 份 and {left} more"] if left else []),
            "kaohe query \"SELECT * FROM findings WHERE state = 'open' AND severity <> 'info'\"",
        ]


def reason_of(problem: Exception) -> Message:
    """Return why a document was not taken, in words."""
    if isinstance(problem, Refusal):
        return Message(problem.code, problem.en, problem.zh)
    if isinstance(problem, OSError):
        where = str(problem.filename or "")
        return message("flows.file_access", file=where, reason=problem.strerror)
    return message("flows.unexpected", thing="", error=f"{type(problem).__name__}: {problem}")
