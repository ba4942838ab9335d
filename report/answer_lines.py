"""What an answer to an appeal says of a printed cell, a rule and a returned value, in lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from common.messages import message
from report.marks import NOTHING
from report.rule_words import number as plain
from report.rule_words import parameters
from schemas.records.forms import SAMPLE_LABEL, column_letters
from schemas.records.trace import Trace
from schemas.records.traced import AppliedRule, PrintedCell, TracedPart, TracedReturn
from schemas.vocabulary import word


@dataclass(frozen=True, slots=True)
class RefusedReturn:
    """What a department handed in of a line and was not taken, with the reason in Chinese.

    ``file`` is the filed form with its folder; ``row`` is None where the whole sheet or file was
    refused, ``column`` where a row was. Without ``department`` nothing could be looked at.
    """

    department: str | None = None
    received_on: date | None = None
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: int | None = None
    found: str | None = None
    reason: str = ""


def refused_words(each: RefusedReturn) -> str:
    """Return what was not taken: who, when, what, where it stands and why."""
    if each.department is None:
        return message("report.answer_refused.unread", reason=each.reason).zh
    column = column_letters(each.column) if each.column is not None and each.row is not None else ""
    places = (
        f"工作表 {each.sheet}" if each.sheet else "",
        f"第{each.row}行" if each.row is not None else "",
        f"{column}列" if column else "",
    )
    place = "　".join(filter(None, (each.file, *places)))
    said = {"department": each.department, "day": each.received_on, "place": place}
    found = f"“{each.found}”" if each.found else NOTHING
    return message("report.answer_refused.line", **said, found=found, reason=each.reason).zh


def cell_words(cell: PrintedCell) -> str:
    """Return where something is printed: the page and the box in points from its top left."""
    if cell.page is None:
        return ""
    ends = (cell.x0, cell.top, cell.x1, cell.bottom)
    box = "" if None in ends else f"（{'，'.join(plain(end, 0) for end in ends)} pt）"
    return f"第{cell.page}页{box}"


def rule_lines(rule: AppliedRule | None) -> Iterator[str]:
    """Give a rule with its parameters, and where it comes from."""
    if rule is None:
        yield "没有可用的规则"
        return
    parameters = _parameters(rule)
    origin = word("rule_origin", rule.origin)
    yield f"{rule.name_zh}{'：' if parameters else ''}{parameters}"
    yield f"{origin}　版本 {rule.version}　自 {rule.since}　依据 {rule.basis or '—'}"


def return_lines(line: Trace | TracedPart) -> Iterator[str]:
    """Give what was returned for a line or a part, by every department that did."""
    own = (line.actual, *line.others)
    for each in own:
        if each is not None:
            before = f"（{line.part_no}）" if isinstance(line, TracedPart) else ""
            yield f"{before}{return_words(each)}"


def return_words(actual: TracedReturn) -> str:
    """Return one returned value: who, when, what, signed by whom, and where it stands."""
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


def waiting(trace: Trace) -> tuple[TracedReturn, ...]:
    """Return what was returned and does not count as nobody approved it, once each."""
    of_periods = (each for period in trace.periods for each in period.trace.withheld)
    return tuple(dict.fromkeys((*trace.withheld, *of_periods)))


def not_counted(actual: TracedReturn) -> str:
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


def _parameters(rule: AppliedRule) -> str:
    return "，".join(f"{name} {value}" for name, value in parameters(rule))
