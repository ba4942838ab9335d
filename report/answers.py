"""The answer to an appeal: all that one score of one entity comes from, on one page.

The command, the site and whoever else shows a score to the assessed make it here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date

from common.messages import message
from common.terminal import shown
from report.answer_lines import (
    RefusedReturn,
    cell_words,
    not_counted,
    refused_words,
    return_lines,
    return_words,
    rule_lines,
    waiting,
)
from report.doubts import Score
from report.figures import Doubt, Figure, Kind, Points, signs_text
from report.figures import told as told_text
from report.marks import DOUBT, NOTHING, target_words
from report.rule_words import number as plain
from schemas.records.rows import FindingRow, IndicatorKeyRow, NoticeRow, TableRows, TargetRow
from schemas.records.trace import Trace
from schemas.vocabulary import (
    Approval,
    FindingState,
    ItemKind,
    MethodStatus,
    ScoreStatus,
    Severity,
    word,
    words,
)

_TITLES = ("通知所印", "计分办法", "报送数据", "计算过程", "核对与更正")


@dataclass(frozen=True, slots=True)
class AnsweredScore:
    """The figures of the score that an answer is about, as they landed."""

    status: str
    share_points: float | None
    attainment: float | None
    points: float | None
    points_low: float | None
    points_high: float | None
    light: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What one indicator's score of one entity comes from, as of its latest or the asked day.

    ``decided`` is what people corrected or accepted of it, each with who and when, ``undecided``
    what is still to be looked at.
    """

    document_id: str
    title: str | None
    issuer: str | None
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
    score: AnsweredScore
    doubt: Doubt
    decided: tuple[str, ...]
    undecided: tuple[str, ...]
    trace: Trace
    refused: tuple[RefusedReturn, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return the answer in JSON's types."""
        return asdict(self)

    def as_text(self, made_on: date | None = None) -> str:
        """Return the answer as one page that can be handed over; ``made_on`` is the day."""
        made = f"　出具日期 {made_on}" if made_on else ""
        lines = [
            f"{self.serial_no}. {self.indicator}　{self.entity}　截至 as of {self.as_of}{made}"
        ]
        lines += [self.result]
        for title, own in self.sections():
            lines += [title, *(f"  {shown(line)}" for line in own)]
        return "\n".join(filter(None, [*lines, self.signs]))

    @property
    def signs(self) -> str:
        """What the signs behind its figures mean; nothing where there are none."""
        return signs_text(self.doubt)

    @property
    def points(self) -> Points:
        """The points with their doubt."""
        own = self.score
        return Points(own.points, own.points_low, own.points_high, self.doubt)

    @property
    def result(self) -> str:
        """What it comes to, in one line, with all that is in doubt of it."""
        points, share = self.points, self.score.share_points
        given = f"得分 {points.given}" if points.points is not None else f"得分：{self._status()}"
        of = "" if share is None or self.trace.on_top else f"　分值 {plain(share, 3)}"
        settled = points.low == points.high and points.points is not None
        between = "" if settled or points.low is None else f"　得分区间 {points.span}"
        doubts = "、".join(self.doubt.marks)
        return f"{given}{of}{between}{f'　（{doubts}）' if doubts else ''}"

    def sections(self) -> list[tuple[str, list[str]]]:
        """Return what is printed, the method, the returns, arithmetic and decisions, as lines."""
        own = (
            *(self._printed(), self._method(), self._returned()),
            *(self._arithmetic(), self._decisions()),
        )
        return [
            (f"{number}、{title}", list(lines))
            for number, title, lines in zip("一二三四五", _TITLES, own, strict=True)
        ]

    def _decisions(self) -> Iterator[str]:
        yield from self.decided or [message("report.answer.no_decision").zh]
        yield from (f"{DOUBT}：{each}" for each in self.undecided)

    def _printed(self) -> Iterator[str]:
        target, doubt = self.trace.target, Doubt(values=self.doubt.values)
        number_ = f"（{self.doc_number}）" if self.doc_number else ""
        yield f"{self.title or self.document_id}{number_}"
        yield f"发文单位 {self.issuer or word('missing', 'issuer')}"
        yield f"文件 {self.source_name}　sha256 {self.source_sha256}"
        yield f"{self.place}{cell_words(target.cell)}　{self._said()}{doubt.signs}"
        if self._is_left_out():
            return
        unit = f" {self.target_unit}" if self.target_unit else ""
        sign = words("operator").get(target.operator or "", "")
        figure = f"{sign} {plain(target.value)}{unit}".strip()
        read = self._kind() if target.value is None else figure
        yield f"读作 {told_text(read, doubt)}　{word('direction', target.direction)}"
        if target.base is not None:
            yield f"上年数 {plain(target.base_value)}{unit}　{target.base.source_zh}"
        yield f"考核单位 {'、'.join(self.departments) or word('missing', 'department')}"
        if target.needs_review:
            yield f"待核对：{target.review_reason or ''}"

    def _is_left_out(self) -> bool:
        """Whether the entity is not assessed by the indicator."""
        return self.score.status == ScoreStatus.NOT_ASSESSED

    def _said(self) -> str:
        """Return the target as printed; where nothing is, that or what the row is."""
        if self._is_left_out():
            return word("score_status", ScoreStatus.NOT_ASSESSED)
        text = self.trace.target.text
        return f"目标原文“{text}”" if text else target_words(None, self.trace.on_top)

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
            yield f"通知载明{cell_words(method.cell)}：“{method.text}”　{status}"
        if self._is_veto():
            yield message("report.answer_veto.rule").zh
            return
        if self._is_left_out():
            yield from () if method else [NOTHING]
            return
        yield from rule_lines(self.trace.rule)
        if method is not None and not method.counts and self._is_vetoed_for_sure():
            yield message("report.answer_veto.certain").zh
        for part in self.trace.parts:
            yield f"（{part.part_no}）{part.target.text or ''}"
            yield from (f"　　{line}" for line in rule_lines(part.rule))

    def _is_vetoed_for_sure(self) -> bool:
        """Whether a veto gives the points, so that they do not wait for a method."""
        scored = self.score.status == ScoreStatus.SCORED
        return self.trace.veto and scored and not self.doubt.provisional

    def _returned(self) -> Iterator[str]:
        found = [*self._counted()]
        if self._is_veto():
            found = [self._vetoed(), *found]
        found += [f"{not_counted(each)}{return_words(each)}" for each in waiting(self.trace)]
        if self.trace.deadline:
            yield f"报送期限 {self.trace.deadline}"
        yield from found or [NOTHING if self._is_left_out() else self._not_received()]
        yield from map(refused_words, self.refused)

    def _status(self) -> str:
        """Return what became of the line; of what is not received whole, what is there of it."""
        if self.score.status != ScoreStatus.NOT_RECEIVED:
            return word("score_status", self.score.status)
        if waiting(self.trace):
            return word("approval", Approval.WITHHELD)
        came = any(each.actual is not None for each in self.trace.counted())
        return word("cell", "partly") if came else word("score_status", ScoreStatus.NOT_RECEIVED)

    def _counted(self) -> Iterator[str]:
        """Give the returns that count: of the year, or of each period by itself."""
        if not self.trace.periods:
            yield from (line for each in self.trace.counted() for line in return_lines(each))
            return
        for period in self.trace.periods:
            own = [line for each in period.trace.counted() for line in return_lines(each)]
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
            doubts = "、".join(self.doubt.marks)
            yield f"{self.trace.words}{f'（{doubts}）' if doubts else ''}"
        points, status = self.points, self._status()
        given, low, high = (
            Figure(each, self.doubt, Kind.PLAIN)
            for each in (points.points, points.low, points.high)
        )
        given_ = "" if given.value is None else f"得分 {given}　"
        between = "" if low.value is None else f"得分区间 {low} 至 {high}　"
        yield f"{given_}{between}{status}　{word('light', self.score.light)}"


def answer_of(notice: NoticeRow, target: TargetRow, score: Score, told: TableRows) -> Answer:
    """Return the answer for a score, with the rows of its target and of the document.

    ``told`` are the document's ``findings`` and ``indicator_keys``: who decided what of the line.
    """
    row, trace = score.row, score.trace
    doubtful = target["needs_review"] or trace.target.needs_review
    findings = [each for each in told.get("findings", ()) if _is_of(each, target)]
    return Answer(
        document_id=notice["document_id"],
        title=notice["title"],
        issuer=notice["issuer"],
        doc_number=notice["doc_number"],
        source_name=notice["source_name"],
        source_sha256=notice["source_sha256"],
        as_of=row["as_of"].isoformat(),
        serial_no=target["serial_no"],
        indicator=target["indicator"],
        entity=target["entity"],
        departments=tuple(target["assessing_departments"]),
        target_unit=target["target_unit"],
        place=_place(target),
        score=AnsweredScore(
            row["status"],
            row["share_points"],
            row["attainment"],
            row["points"],
            row["points_low"],
            row["points_high"],
            row["light"],
        ),
        doubt=Doubt(int(doubtful), score.doubt.provisional),
        decided=(*_decided(findings), *_confirmed(told.get("indicator_keys", ()), trace)),
        undecided=tuple(each["message_zh"] for each in findings if _asks(each, trace)),
        trace=trace,
    )


def _is_of(finding: FindingRow, target: TargetRow) -> bool:
    """Say whether a finding is about a target, or about its indicator as a whole."""
    of_entity = finding["entity"] in (None, target["entity"])
    return finding["serial_no"] == target["serial_no"] and of_entity


def _decided(findings: Iterable[FindingRow]) -> Iterator[str]:
    """Give what people corrected or accepted, with why, who and when."""
    decisions = (FindingState.CORRECTED, FindingState.ACCEPTED)
    return (row["message_zh"] for row in findings if row["code"] in decisions)


def _confirmed(keys: Iterable[IndicatorKeyRow], trace: Trace) -> Iterator[str]:
    """Say who confirmed that the line is that of last year, where its value counts."""
    base, share = trace.target.base, trace.share
    for row in keys if base is not None and base.returned is not None else ():
        if share is not None and row["serial_no"] == share.serial_no:
            slots = {
                "by": row["confirmed_by"],
                "on": row["confirmed_on"],
                "key": row["indicator_key"],
            }
            yield message("report.answer.same_line", **slots, reason=row["reason"] or NOTHING).zh


def _asks(finding: FindingRow, trace: Trace) -> bool:
    """Say whether a finding still asks for something: no longer one of a method that counts now.

    Findings are of the reading, which came before what an officer wrote of the method.
    """
    counts = trace.method is not None and trace.method.status in _COUNTING
    if counts and finding["code"] == "method_not_applied":
        return False
    grave = finding["severity"] in (Severity.ERROR, Severity.WARNING)
    return grave and finding["state"] == FindingState.OPEN


_COUNTING = (MethodStatus.APPLIED, MethodStatus.OVERRIDDEN)


def _place(target: TargetRow) -> str:
    """Return the table, row and column of the printed cell; nothing where it is not known."""
    if target["table_no"] is None:
        return ""
    return f"第{target['table_no']}张表第{target['row']}行第{target['column']}列　"
