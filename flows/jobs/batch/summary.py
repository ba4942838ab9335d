"""What a landing amounts to, for the person who asked for it.

How a landed document stands beside the others of its year: whether it is in force.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TypeVar

from common.messages import message
from common.numbers import show
from common.terminal import text_table
from flows.jobs.batch.standing import in_force, in_force_notes
from schemas.records.document import Document
from schemas.records.notice import Finding, Notice
from schemas.records.rows import EntityRow, FindingRow, IndicatorRow, NoticeRow, TargetRow
from schemas.records.sums import sums_of
from schemas.tables.frames import rows_as
from schemas.vocabulary import FindingState, NoticeRole, Severity, TargetStatus, word
from warehouse.reading import rows_with
from warehouse.snapshots import require_snapshot

SEVERITIES = tuple(str(each) for each in Severity)
SHOWN_FINDINGS = 20
WIDEST_FINDING = 160
ALARMING = frozenset({"mostly_unread"})
"""Findings that say of the whole landing that it must not be used."""
ASKED_OF_EACH = "direction_unknown"
_BAR = "！" * 40
_COUNTED = {
    "notices": ("year", "title", "source_name", "pages", "indicators", "targets", "role",
                "supersedes"),
    "indicators": ("weight_group",),
    "entities": ("entity", "annex", "position"),
    "targets": ("serial_no", "entity", "weight_group", "status", "max_points", "needs_review"),
    "findings": ("state", "severity", "code", "page", "serial_no", "entity", "field",
                 "message_zh", "message"),
}  # fmt: skip
"""Of which columns a landed document's summary is made, by table."""

_Row = TypeVar("_Row", NoticeRow, IndicatorRow, EntityRow, TargetRow, FindingRow)


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A finding that a person must look at."""

    severity: str
    code: str
    page: int | None
    serial_no: int | None
    entity: str | None
    field: str | None
    message_zh: str
    message: str


@dataclass(frozen=True, slots=True)
class Summary:
    """One landed document in numbers. ``totals`` are points; each weight group counts once.

    ``remarks`` say in Chinese how the document stands beside others that are landed.
    """

    document_id: str
    year: int
    title: str | None
    source: str
    pages: int | None
    indicators: int
    weight_groups: int
    targets: int
    totals: dict[str, float]
    findings: dict[str, int]
    needs_review: int
    changed: bool
    landed_in: str
    open_findings: tuple[OpenFinding, ...]
    remarks: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """No finding of severity error or warning is open."""
        return not (self.findings["error"] or self.findings["warning"])

    def as_json(self) -> dict[str, object]:
        """Return the summary in JSON's types."""
        return asdict(self)

    def as_text(self) -> str:
        """Return the summary for a person, Chinese first."""
        state = "已入库 landed" if self.changed else "库中已有，未作改动 already there, unchanged"
        lines = [
            *self.alarms(),
            f"{self.document_id}  {self.title or ''}",
            f"  {state}: {self.landed_in} (year={self.year})",
            f"  指标 indicators {self.indicators}　权重组 weight groups {self.weight_groups}　"
            f"目标 targets {self.targets}",
            f"  满分 points: {self.totals_text()}",
            f"  待核对的值 values to review {self.needs_review}　发现 findings: "
            + ", ".join(f"{severity} {self.findings[severity]}" for severity in SEVERITIES),
        ]
        remarks = [f"  注意：{remark}" for remark in self.remarks]
        return "\n".join([*lines, *remarks, *self.findings_text()])

    def alarms(self) -> list[str]:
        """Return what makes all that landed unfit for use, set off from everything else."""
        found = [each.message_zh for each in self.open_findings if each.code in ALARMING]
        return [line for text in found for line in (_BAR, f"【严重错误】{text}", _BAR)]

    def totals_text(self) -> str:
        """Return each entity's points in one line."""
        return "　".join(f"{entity} {show(points)}" for entity, points in self.totals.items())

    def findings_text(self) -> list[str]:
        """Return the open findings of severity error and warning, the first ones of many."""
        if not self.open_findings:
            return []
        folded = _folded(self.open_findings)
        rows = [_shown(finding) for finding in folded[:SHOWN_FINDINGS]]
        table = text_table(("级别", "页", "序号", "对象", "说明"), rows, widest=WIDEST_FINDING)
        left = len(folded) - len(rows)
        more = [f"  …另有 {left} 条 and {left} more: {self.findings_query()}"] if left else []
        return [*(f"  {line}" for line in table.splitlines()), *more]

    def findings_query(self) -> str:
        """Return the command that lists all findings."""
        return (
            "kaohe query \"SELECT * FROM findings WHERE document_id = '" + self.document_id + "'\""
        )


def _folded(findings: Sequence[OpenFinding]) -> list[OpenFinding]:
    """Return the findings, those that ask the same of several indicators as one question."""
    asked = [finding for finding in findings if finding.code == ASKED_OF_EACH]
    if len(asked) < 2:
        return list(findings)
    listed = "、".join(str(finding.serial_no) for finding in asked)
    text = message("flows.directions_unknown", count=len(asked), listed=listed).zh
    one = replace(asked[0], page=None, serial_no=None, message_zh=text)
    first = next(place for place, each in enumerate(findings) if each is asked[0])
    others = [finding for finding in findings[first:] if finding.code != ASKED_OF_EACH]
    return [*findings[:first], one, *others]


def _shown(finding: OpenFinding) -> tuple[object, ...]:
    """One finding as a row for a person."""
    severity = word("severity", finding.severity)
    return severity, finding.page, finding.serial_no, finding.entity, finding.message_zh


def summarize(document: Document, notice: Notice) -> Summary:
    """Count what is to land. Grain: one document."""
    is_open = [finding for finding in notice.findings if finding.state == "open"]
    count = Counter(finding.severity for finding in is_open)
    return Summary(
        document_id=notice.document_id,
        year=notice.year,
        title=notice.title or document.front.title,
        source=document.source_name,
        pages=document.pages,
        indicators=len(notice.indicators),
        weight_groups=len({indicator.weight_group for indicator in notice.indicators}),
        targets=len(notice.targets),
        totals=totals(notice),
        findings={severity: count[severity] for severity in SEVERITIES},
        needs_review=sum(target.needs_review for target in notice.targets),
        changed=False,
        landed_in="",
        open_findings=_to_look_at(map(_of_record, is_open)),
    )


def totals(notice: Notice) -> dict[str, float]:
    """Return each entity's points: every weight group once, where a member of it is assessed."""
    group_of = {indicator.serial_no: indicator.weight_group for indicator in notice.indicators}
    return sums_of(
        notice.entities,
        (
            (each.entity, group_of[each.serial_no], each.max_points)
            for each in notice.targets
            if each.status == TargetStatus.ASSESSED
        ),
    )


def _of_record(finding: Finding) -> OpenFinding:
    return OpenFinding(
        finding.severity,
        finding.code,
        finding.page,
        finding.serial_no,
        finding.entity,
        finding.field,
        finding.message_zh,
        finding.message,
    )


def _of_row(finding: FindingRow) -> OpenFinding:
    return OpenFinding(
        finding["severity"],
        finding["code"],
        finding["page"],
        finding["serial_no"],
        finding["entity"],
        finding["field"],
        finding["message_zh"],
        finding["message"],
    )


def landed_summaries(warehouse: Path, document_ids: Collection[str]) -> dict[str, Summary]:
    """Return the summaries of documents that are landed, from their rows. Grain: one document."""
    snapshot = require_snapshot(warehouse)

    def landed(kind: Callable[..., _Row], table: str) -> dict[str, list[_Row]]:
        rows = rows_with(snapshot, table, "document_id", document_ids)
        found: dict[str, list[_Row]] = {}
        for row in rows_as(kind, rows, ["document_id", *_COUNTED[table]]):
            found.setdefault(row["document_id"], []).append(row)
        return found

    notices, indicators = landed(NoticeRow, "notices"), landed(IndicatorRow, "indicators")
    entities, targets = landed(EntityRow, "entities"), landed(TargetRow, "targets")
    findings = landed(FindingRow, "findings")
    beside = in_force(warehouse)

    def summary(name: str, row: NoticeRow) -> Summary:
        year = row["year"]
        is_open = [each for each in findings.get(name, []) if each["state"] == FindingState.OPEN]
        count = Counter(each["severity"] for each in is_open)
        own = targets.get(name, [])
        return Summary(
            document_id=name,
            year=year,
            title=row["title"],
            source=row["source_name"],
            pages=row["pages"],
            indicators=row["indicators"],
            weight_groups=len({each["weight_group"] for each in indicators.get(name, [])}),
            targets=row["targets"],
            totals=_landed_totals(entities.get(name, []), own),
            findings={severity: count[severity] for severity in SEVERITIES},
            needs_review=sum(each["needs_review"] for each in own),
            changed=False,
            landed_in=str(warehouse),
            open_findings=_to_look_at(map(_of_row, is_open)),
            remarks=in_force_notes(
                beside, name, row["role"] or NoticeRole.OFFICIAL, row["supersedes"], year
            ),
        )

    return {name: summary(name, row) for name, (row, *_) in notices.items()}


def _landed_totals(entities: Sequence[EntityRow], targets: Sequence[TargetRow]) -> dict[str, float]:
    """Return each entity's points, as :func:`totals` does."""
    printed = sorted(entities, key=lambda each: (each["annex"], each["position"]))
    return sums_of(
        (each["entity"] for each in printed),
        (
            (each["entity"], each["weight_group"], each["max_points"])
            for each in sorted(targets, key=lambda each: each["serial_no"])
            if each["status"] == TargetStatus.ASSESSED
        ),
    )


def _to_look_at(findings: Iterable[OpenFinding]) -> tuple[OpenFinding, ...]:
    """Return what a person must look at, errors first."""
    rank = {severity: place for place, severity in enumerate(SEVERITIES)}
    chosen = (each for each in findings if each.severity in {Severity.ERROR, Severity.WARNING})
    return tuple(sorted(chosen, key=lambda each: rank[each.severity]))
