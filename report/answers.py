"""The answer to an appeal: all that one score of one entity comes from, on one page.

The command, the site and whoever else shows a score to the assessed make it here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from common.messages import message
from common.terminal import shown
from report.rule_words import number as plain
from report.rule_words import parameters
from schemas.records.forms import SAMPLE_LABEL
from schemas.records.trace import Trace
from schemas.records.traced import AppliedRule, PrintedCell, TracedPart, TracedReturn
from schemas.vocabulary import Approval, ItemKind, ScoreStatus, word, words

Row = Mapping[str, Any]
_TITLES = ("通知所印", "计分办法", "报送数据", "计算过程")
_OF_SCORE = ("status", "share_points", "attainment", "points", "points_low", "points_high", "light")


@dataclass(frozen=True, slots=True)
class Answer:
    """What one indicator's score of one entity comes from, as of its latest or the asked day."""

    document_id: str
    title: str | None
    doc_number: str | None
    source_name: str
    source_sha256: str
    as_of: str
    serial_no: int
    indicator: str
    entity: str
    departments: tuple[str, ...]
    target_unit: str | None
    place: str
    score: Row
    trace: Trace

    def as_json(self) -> dict[str, Any]:
        """Return the answer in JSON's types."""
        return asdict(self)

    def as_text(self) -> str:
        """Return the answer as one page that can be handed over."""
        lines = [f"{self.serial_no}. {self.indicator}　{self.entity}　截至 as of {self.as_of}"]
        for title, own in self.sections():
            lines += [title, *(f"  {shown(line)}" for line in own)]
        return "\n".join(lines)

    def sections(self) -> list[tuple[str, list[str]]]:
        """Return what is printed, the method, what was returned and the arithmetic, as lines."""
        own = (self._printed(), self._method(), self._returned(), self._arithmetic())
        return [
            (f"{number}、{title}", list(lines))
            for number, title, lines in zip("一二三四", _TITLES, own, strict=True)
        ]

    def _printed(self) -> Iterator[str]:
        target = self.trace.target
        number_ = f"（{self.doc_number}）" if self.doc_number else ""
        yield f"{self.title or self.document_id}{number_}"
        yield f"文件 {self.source_name}　sha256 {self.source_sha256}"
        yield f"{self.place}{_cell(target.cell)}　目标原文“{target.text or ''}”"
        unit = f" {self.target_unit}" if self.target_unit else ""
        sign = words("operator").get(target.operator or "", "")
        figure = f"{sign} {plain(target.value)}{unit}".strip()
        read = self._kind() if target.value is None else figure
        yield f"读作 {read}　{word('direction', target.direction)}"
        if target.base is not None:
            yield f"上年数 {plain(target.base_value)}{unit}　{target.base.source_zh}"
        yield f"考核单位 {'、'.join(self.departments) or word('missing', 'department')}"
        if target.needs_review:
            yield f"待核对：{target.review_reason or ''}"

    def _kind(self) -> str:
        """Return what a target without a figure is called."""
        on_top = self.trace.on_top
        return word("item_kind", on_top) if on_top else word("target_kind", self.trace.target.kind)

    def _is_veto(self) -> bool:
        """Whether the row gives no points and only takes the whole away."""
        return self.trace.on_top == ItemKind.VETO

    def _vetoed(self) -> str:
        if self.trace.veto:
            return message("report.answer_veto.returned").zh
        return message("report.answer_veto.none").zh

    def _method(self) -> Iterator[str]:
        method = self.trace.method
        if method is not None:
            status = word("method_status", method.status)
            yield f"通知载明{_cell(method.cell)}：“{method.text}”　{status}"
        if self._is_veto():
            yield message("report.answer_veto.rule").zh
            return
        yield from _rule(self.trace.rule)
        for part in self.trace.parts:
            yield f"（{part.part_no}）{part.target.text or ''}"
            yield from (f"　　{line}" for line in _rule(part.rule))

    def _returned(self) -> Iterator[str]:
        found = [*self._counted()]
        if self._is_veto():
            found = [self._vetoed(), *found]
        found += [f"{_not_counted(each)}{_return(each)}" for each in _waiting(self.trace)]
        if self.trace.deadline:
            yield f"报送期限 {self.trace.deadline}"
        yield from found or [self._not_received()]

    def _status(self) -> str:
        """Return what became of the line; of what is not received whole, what is there of it."""
        if self.score["status"] != ScoreStatus.NOT_RECEIVED:
            return word("score_status", self.score["status"])
        if _waiting(self.trace):
            return word("approval", Approval.WITHHELD)
        came = any(each.actual is not None for each in self.trace.counted())
        return word("cell", "partly") if came else word("score_status", ScoreStatus.NOT_RECEIVED)

    def _counted(self) -> Iterator[str]:
        """Give the returns that count: of the year, or of each period by itself."""
        if not self.trace.periods:
            yield from (line for each in self.trace.counted() for line in _returns(each))
            return
        for period in self.trace.periods:
            own = [line for each in period.trace.counted() for line in _returns(each)]
            yield from (f"{period.name}　{line}" for line in own)

    def _not_received(self) -> str:
        """Say that nothing came, and for how long the deadline is over by then."""
        deadline = self.trace.deadline
        days = (
            (date.fromisoformat(self.as_of) - date.fromisoformat(deadline)).days if deadline else 0
        )
        if days <= 0:
            return word("score_status", "not_received")
        return f"{word('lateness', 'overdue')}（截至 {self.as_of} 已逾期 {days} 天）"

    def _arithmetic(self) -> Iterator[str]:
        if not self._is_veto():
            yield self.trace.words
        low, high = self.score["points_low"], self.score["points_high"]
        status, points = self._status(), self.score["points"]
        given = "" if points is None else f"得分 {plain(points)}　"
        between = "" if low is None else f"得分区间 {plain(low)} 至 {plain(high)}　"
        yield f"{given}{between}{status}　{word('light', self.score['light'])}"


def _cell(cell: PrintedCell) -> str:
    """Return where something is printed: the page and the box in points from its top left."""
    if cell.page is None:
        return ""
    ends = (cell.x0, cell.top, cell.x1, cell.bottom)
    box = "" if None in ends else f"（{'，'.join(plain(end, 0) for end in ends)} pt）"
    return f"第{cell.page}页{box}"


def _rule(rule: AppliedRule | None) -> Iterator[str]:
    if rule is None:
        yield "没有可用的规则"
        return
    parameters = _parameters(rule)
    origin = word("rule_origin", rule.origin)
    yield f"{rule.name_zh}{'：' if parameters else ''}{parameters}"
    yield f"{origin}　版本 {rule.version}　自 {rule.since}　依据 {rule.basis or '—'}"


def _returns(line: Trace | TracedPart) -> Iterator[str]:
    own = (line.actual, *line.others)
    for each in own:
        if each is not None:
            before = f"（{line.part_no}）" if isinstance(line, TracedPart) else ""
            yield f"{before}{_return(each)}"


def _return(actual: TracedReturn) -> str:
    values = (
        ("实际 ", actual.value, ""),
        ("评定 ", actual.awarded_pct, "%"),
        ("比较基准值 ", actual.benchmark_value, ""),
    )
    said = [f"{name}{plain(value)}{unit}" for name, value, unit in values if value is not None]
    said += [f"“{actual.text}”"] if actual.value is None and actual.text else []
    said += ["一票否决"] if actual.veto else []
    said += [f"依据：{actual.grounds}"] if actual.grounds else []
    said += [f"佐证材料：{actual.evidence}"] if actual.evidence else []
    source = actual.source
    place = f"{source.name}　工作表 {source.sheet}　第{source.row}行　sha256 {source.sha256}"
    sample = f"　{SAMPLE_LABEL}" if actual.sample else ""
    came = f"{actual.received_on} 报送，第{actual.revision}次{_late(actual)}"
    head = f"{actual.department}　{came}"
    return f"{head}　{'　'.join(said)}　{_signed(actual)}　{place}{sample}"


def _late(actual: TracedReturn) -> str:
    """Say how late a value came, and whether its line had been handed in before."""
    if actual.days_late is None:
        return ""
    first = f"，首次报送 {actual.first_on}" if actual.first_on else ""
    return f"，逾期 {actual.days_late} 天{first}"


def _waiting(trace: Trace) -> tuple[TracedReturn, ...]:
    """Return what was returned and does not count as nobody approved it, once each."""
    of_periods = (each for period in trace.periods for each in period.trace.withheld)
    return tuple(dict.fromkeys((*trace.withheld, *of_periods)))


def _not_counted(actual: TracedReturn) -> str:
    """Say that a value does not count, and of which part it is."""
    part = f"（{actual.part_no}）" if actual.part_no else ""
    return f"{part}{word('missing', 'approval')}，不计入："


def _signed(actual: TracedReturn) -> str:
    """Return who reported and who approved a value; what is not approved says so."""
    by = actual.reported_by or word("missing", "person")
    if not actual.approved:
        return f"报送人 {by}　{word('missing', 'approval')}{_half_signed(actual)}"
    return f"报送人 {by}　审核人 {actual.approved_by}（{actual.approved_on}）"


def _half_signed(actual: TracedReturn) -> str:
    """Say what of an approval is there: a name without a day, a day without a name."""
    if actual.approved_by is not None:
        return f"（有审核人 {actual.approved_by}，没有审核日期）"
    if actual.approved_on is not None:
        return f"（有审核日期 {actual.approved_on}，没有审核人）"
    return ""


def answer_of(notice: Row, target: Row, score: Row) -> Answer:
    """Return the answer for a score, from its row, that of its target and that of the document."""
    return Answer(
        document_id=notice["document_id"],
        title=notice["title"],
        doc_number=notice["doc_number"],
        source_name=notice["source_name"],
        source_sha256=notice["source_sha256"],
        as_of=score["as_of"].isoformat(),
        serial_no=target["serial_no"],
        indicator=target["indicator"],
        entity=target["entity"],
        departments=tuple(target["assessing_departments"] or ()),
        target_unit=target["target_unit"],
        place=_place(target),
        score={name: score[name] for name in _OF_SCORE},
        trace=_trace(score["trace"]),
    )


def _trace(given: str | Trace) -> Trace:
    return given if isinstance(given, Trace) else Trace.from_json(given)


def _parameters(rule: AppliedRule) -> str:
    return "，".join(f"{name} {value}" for name, value in parameters(rule))


def _place(target: Row) -> str:
    """Return the table, row and column of the printed cell; nothing where it is not known."""
    if target["table_no"] is None:
        return ""
    return f"第{target['table_no']}张表第{target['row']}行第{target['column']}列　"
