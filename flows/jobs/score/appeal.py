"""``kaohe trace``: the answer to an appeal, all that one score of one entity comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from common.refusal import refusal
from common.terminal import shown
from flows.jobs.diff import not_landed
from flows.jobs.score.inputs import ScoreOrder
from flows.jobs.score.rules import parameters_zh
from flows.jobs.score.what_if import number
from schemas.records.trace import AppliedRule, PrintedCell, Trace, TracedPart, TracedReturn
from schemas.tables.frames import records
from schemas.vocabulary import word

if TYPE_CHECKING:
    import pandas as pd

_TABLES = ("notices", "scores", "targets")
Row = Mapping[str, Any]


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
        sections = (
            ("通知所印", self._printed()),
            ("计分办法", self._method()),
            ("报送数据", self._returned()),
            ("计算过程", self._arithmetic()),
        )
        lines = [f"{self.serial_no}. {self.indicator}　{self.entity}　截至 as of {self.as_of}"]
        for place, (title, own) in enumerate(sections):
            lines += [f"{'一二三四'[place]}、{title}", *(f"  {shown(line)}" for line in own)]
        return "\n".join(lines)

    def _printed(self) -> Iterator[str]:
        from scoring.results.explain import base_source

        target = self.trace.target
        number_ = f"（{self.doc_number}）" if self.doc_number else ""
        yield f"{self.title or self.document_id}{number_}"
        yield f"文件 {self.source_name}　sha256 {self.source_sha256}"
        yield f"{self.place}{_cell(target.cell)}　目标原文“{target.text or ''}”"
        unit = f" {self.target_unit}" if self.target_unit else ""
        read = f"{target.operator or ''} {number(target.value)}{unit}".strip()
        yield f"读作 {read or word('missing', 'target')}　{word('direction', target.direction)}"
        if target.base is not None:
            yield f"上年数 {number(target.base_value)}{unit}　{base_source(target.base)}"
        yield f"考核单位 {'、'.join(self.departments) or word('missing', 'department')}"
        if target.needs_review:
            yield f"待核对：{target.review_reason or ''}"

    def _method(self) -> Iterator[str]:
        method = self.trace.method
        if method is not None:
            status = word("method_status", method.status)
            yield f"通知载明{_cell(method.cell)}：“{method.text}”　{status}"
        yield from _rule(self.trace.rule)
        for part in self.trace.parts:
            yield f"（{part.part_no}）{part.target.text or ''}"
            yield from (f"　　{line}" for line in _rule(part.rule))

    def _returned(self) -> Iterator[str]:
        found = [line for each in self.trace.counted() for line in _returns(each)]
        yield from found or [word("score_status", "not_received")]

    def _arithmetic(self) -> Iterator[str]:
        yield self.trace.words
        low, high = self.score["points_low"], self.score["points_high"]
        status = word("score_status", self.score["status"])
        points = self.score["points"]
        given = "" if points is None else f"得分 {number(points)}　"
        between = "" if low is None else f"得分区间 {number(low)} 至 {number(high)}　"
        yield f"{given}{between}{status}　{word('light', self.score['light'])}"


def _cell(cell: PrintedCell) -> str:
    """Return where something is printed: the page and the box in points from its top left."""
    if cell.page is None:
        return ""
    ends = (cell.x0, cell.top, cell.x1, cell.bottom)
    box = "" if None in ends else f"（{'，'.join(number(end) for end in ends)} pt）"
    return f"第{cell.page}页{box}"


def _rule(rule: AppliedRule | None) -> Iterator[str]:
    if rule is None:
        yield "没有可用的规则"
        return
    parameters = parameters_zh(rule.name, rule.parameters)
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
        ("全省 ", actual.benchmark_value, ""),
    )
    said = [f"{name}{number(value)}{unit}" for name, value, unit in values if value is not None]
    said += [f"“{actual.text}”"] if actual.value is None and actual.text else []
    said += ["一票否决"] if actual.veto else []
    said += [f"依据：{actual.grounds}"] if actual.grounds else []
    said += [f"佐证材料：{actual.evidence}"] if actual.evidence else []
    source = actual.source
    place = f"{source.name}　工作表 {source.sheet}　第{source.row}行　sha256 {source.sha256}"
    sample = "　示例数据" if actual.sample else ""
    head = f"{actual.department}　{actual.received_on} 报送，第{actual.revision}次"
    return f"{head}　{'　'.join(said)}　{_signed(actual)}　{place}{sample}"


def _signed(actual: TracedReturn) -> str:
    """Return who reported and who approved a value; what is not approved says so."""
    by = actual.reported_by or word("missing", "person")
    if not actual.approved:
        return f"报送人 {by}　{word('missing', 'approval')}"
    return f"报送人 {by}　审核人 {actual.approved_by}（{actual.approved_on}）"


def answer(order: ScoreOrder, serial_no: int, entity: str) -> Answer:
    """Return what a score comes from, from the landed tables alone.

    As of the order's day, or the latest that was scored. Refusal where the document, the indicator
    or the entity is not there, or nothing was scored.
    """
    from warehouse.reading import current_document, read_tables

    chosen = order.document_id or current_document(order.warehouse, order.year)
    tables = read_tables(order.warehouse, _TABLES)
    notices = {row["document_id"]: row for row in records(tables["notices"])}
    if chosen not in notices:
        raise not_landed(chosen, list(notices))
    targets = _of(tables["targets"], chosen)
    target = _target(targets, chosen, serial_no, entity)
    score = _score(_of(tables["scores"], chosen), order, target)
    notice = notices[chosen]
    return Answer(
        document_id=chosen,
        title=notice["title"],
        doc_number=notice["doc_number"],
        source_name=notice["source_name"],
        source_sha256=notice["source_sha256"],
        as_of=score["as_of"].isoformat(),
        serial_no=serial_no,
        indicator=target["indicator"],
        entity=entity,
        departments=tuple(target["assessing_departments"]),
        target_unit=target["target_unit"],
        place=_place(target),
        score={name: score[name] for name in _OF_SCORE},
        trace=Trace.from_json(score["trace"]),
    )


_OF_SCORE = ("status", "share_points", "attainment", "points", "points_low", "points_high", "light")


def _of(table: pd.DataFrame, document_id: str) -> list[dict[str, Any]]:
    return records(table[table["document_id"] == document_id])


def _target(targets: list[dict[str, Any]], chosen: str, serial_no: int, entity: str) -> Row:
    of_serial = [row for row in targets if row["serial_no"] == serial_no]
    if not of_serial:
        most = max((row["serial_no"] for row in targets), default=0)
        raise refusal("flows.no_such_line.serial", document=chosen, serial_no=serial_no, most=most)
    for row in of_serial:
        if row["entity"] == entity:
            return row
    names = "、".join(row["entity"] for row in of_serial)
    raise refusal("flows.no_such_line.entity", document=chosen, entity=entity, entities=names)


def _score(scores: list[dict[str, Any]], order: ScoreOrder, target: Row) -> Row:
    key = (target["serial_no"], target["entity"])
    own = [row for row in scores if (row["serial_no"], row["entity"]) == key]
    if order.as_of is not None:
        own = [row for row in own if row["as_of"] == order.as_of]
    if not own:
        command = f"kaohe score {order.year}"
        raise refusal("flows.not_scored", document=target["document_id"], command=command)
    return max(own, key=lambda row: row["as_of"])


def _place(target: Row) -> str:
    """Return the table, row and column of the printed cell; nothing where it is not known."""
    if target["table_no"] is None:
        return ""
    return f"第{target['table_no']}张表第{target['row']}行第{target['column']}列　"
