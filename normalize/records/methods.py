"""How points are given, as printed beside a target, in its cell or in a note, and as a rule.

A method that is not understood to the last word is named in a finding: no points rest on it.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from common.fold import clean, fold
from common.messages import message
from normalize.findings.ledger import Place, PlacedDoubt
from normalize.methods.amounts import rounded
from normalize.methods.clauses import said_of
from normalize.methods.model import MethodContext, MethodReading, gap
from normalize.methods.reading import read_method
from normalize.model.doubt import doubt
from normalize.model.table import LogicalCell, Role
from normalize.records.model import Record, TableContext, TargetReading, text_of
from normalize.text.clean import not_assessed
from schemas.records.notice import PrintedMethod
from schemas.vocabulary import Direction, ItemKind, MethodStatus, TargetStatus


@dataclass(frozen=True, slots=True)
class _MethodText:
    """One method's text, the cell that has it, and the targets that it is for.

    ``page`` is that of a note that stands in no cell.
    """

    text: str
    cell: LogicalCell | None
    targets: tuple[TargetReading, ...]
    page: int | None = None


def methods_of(records: Sequence[Record], context: TableContext) -> Iterator[PrintedMethod]:
    """Yield how points are given. Grain: indicator and text."""
    for record in records:
        for printed, reading in _readings(record, records, context):
            source = printed.cell.sources[0] if printed.cell and printed.cell.sources else None
            yield PrintedMethod(
                serial_no=record.indicator.serial_no,
                annex=context.annex,
                text=printed.text,
                rule=reading.rule,
                parameters=_parameters(reading, record),
                status=reading.status,
                reason=_reason(reading),
                page=source.page if source else printed.page,
                box=source.box if source else None,
                cell=source.key if source else None,
            )


def method_doubts(records: Sequence[Record], context: TableContext) -> Iterator[PlacedDoubt]:
    """Yield one doubt a method that no points rest on, because it was not understood whole.

    The targets are right as they were read: none is marked for review.
    """
    for record in records:
        if record.indicator.item_kind in (ItemKind.VETO, ItemKind.UNSCORED):
            continue
        for printed, reading in _readings(record, records, context):
            if reason := _reason(reading):
                said = doubt(
                    "method_not_applied",
                    indicator=record.indicator.indicator,
                    text=printed.text,
                    reason=reason,
                )
                place = Place(record.indicator.serial_no, None, "note", printed.cell)
                yield PlacedDoubt(said, place)


def _readings(
    record: Record, records: Sequence[Record], context: TableContext
) -> list[tuple[_MethodText, MethodReading]]:
    """Return the row's methods, each with what it was understood as.

    Of several methods for one target none is applied.
    """
    listed = [*_printed(record, records, context)]
    several = Counter(id(target) for printed in listed for target in printed.targets)
    found = []
    for printed in listed:
        reading = _reading(printed, record, records)
        if any(several[id(target)] > 1 for target in printed.targets):
            demoted = {MethodStatus.APPLIED: MethodStatus.PROPOSED}
            status = demoted.get(reading.status, reading.status)
            gaps = (*reading.gaps, gap("several"))
            reading = replace(reading, status=status, gaps=gaps)
        found.append((printed, reading))
    return found


def _printed(
    record: Record, records: Sequence[Record], context: TableContext
) -> Iterator[_MethodText]:
    """Give the texts that say how points are given, each once with the first cell that has it."""
    everybody = tuple(record.targets.values())
    texts: dict[str, _MethodText] = {}
    for column in context.table.columns_of(Role.METHOD):
        text, cell = clean(text_of(record.leaf, column)), record.leaf.at(column)
        if cell is not None and text and not not_assessed(text):
            texts.setdefault(text, _MethodText(text, cell, everybody))
    for target in everybody:
        if text := clean(target.typed.method or ""):
            alike = tuple(each for each in everybody if clean(each.typed.method or "") == text)
            texts.setdefault(text, _MethodText(text, target.cell, alike))
    yield from texts.values()
    if not texts:
        yield from _below(record, everybody, context)


_NOTE = re.compile(r"^(?:注|备注|说明|计分办法|评分标准|评分办法|考核办法)[:：]")
_ORDINAL = re.compile(r"^(?:[(（]?[0-9一二三四五六七八九十]{1,2}[)）.．、]|[①-⑳]|[*※])")
_OF_ALL = re.compile(
    r"^(?:以上|上述|各|所有|全部|其他|其余)?(?:各项|所有|全部)?(?:定量)?指标(?:均|都|一律)?(?:按)?[,，]?"
)
_LOOSE = ":：,，、.。"


def _below(
    record: Record, everybody: tuple[TargetReading, ...], context: TableContext
) -> Iterator[_MethodText]:
    """Give what a note under the table says of the row: by its number, its name, or of all rows."""
    if record.indicator.item_kind is not ItemKind.SCORED:
        return
    pages = [*context.table.note_pages, *(None for _ in context.table.notes)]
    lines: list[tuple[str, LogicalCell | None, int | None]] = [
        (line, None, page) for line, page in zip(context.table.notes, pages, strict=False)
    ]
    lines += [(cell.text, cell, None) for cell in context.below]
    names = (f"第{record.indicator.serial_no}项", clean(record.indicator.indicator))
    for line, cell, page in lines:
        bare = _ORDINAL.sub("", _NOTE.sub("", clean(line)))
        named = next((name for name in names if bare.startswith(name)), None)
        of_all = _OF_ALL.match(bare)
        end = len(named) if named else of_all.end() if of_all else None
        text = "" if end is None else bare[end:].strip(_LOOSE)
        if said_of(text).has(*_GIVES):
            yield _MethodText(text, cell, everybody, page)


#: Kinds of clauses that give or take points: a note without one is no method.
_GIVES = (
    *("full", "none", "per", "event", "proportion", "at_least", "between", "below", "place"),
    *("average", "efficacy", "better"),
)


def _reading(printed: _MethodText, record: Record, records: Sequence[Record]) -> MethodReading:
    """Return what a text was understood as: for each of its targets the same, or in part."""
    assessed = [each for each in printed.targets if each.status == TargetStatus.ASSESSED]
    contexts = dict.fromkeys(_context(each, record, records) for each in assessed)
    readings = [read_method(printed.text, each) for each in contexts]
    if not readings:
        return read_method(printed.text, _context(printed.targets[0], record, records))
    first = readings[0]
    worst = next((each for each in readings if each.status is not MethodStatus.APPLIED), first)
    alike = all((r.rule, r.parameters) == (first.rule, first.parameters) for r in readings)
    if alike or worst.status is MethodStatus.NOT_UNDERSTOOD:
        return worst
    gaps = (*worst.gaps, gap("differs"))
    return MethodReading(
        first.rule, first.parameters, MethodStatus.PROPOSED, worst.unread, gaps, worst.beyond
    )


def _context(target: TargetReading, record: Record, records: Sequence[Record]) -> MethodContext:
    typed, held = target.typed, record.indicator
    group = [each for each in records if each.indicator.weight_group == held.weight_group]
    alone = len(group) <= 1
    return MethodContext(
        kind=typed.kind,
        operator=typed.operator,
        value=typed.value,
        unit=typed.unit or held.unit,
        direction=Direction(held.direction),
        points=_points(target, record) if alone else None,
        alone=alone,
        item_kind=ItemKind(held.item_kind),
        indicator=fold(held.indicator),
        entities=sum(each.status != TargetStatus.NOT_ASSESSED for each in record.targets.values()),
    )


def _points(target: TargetReading, record: Record) -> float | None:
    """Return the points of the target's entity, where it has others than all."""
    whose = next((name for name, each in record.targets.items() if each is target), "")
    own = record.weight.reading.of(whose)
    return record.indicator.base_points if own is None else own


def _parameters(reading: MethodReading, record: Record) -> str | None:
    """Return the parameters as JSON; of what is not applied also what it may give beyond."""
    given = rounded(dict(reading.parameters))
    if reading.status is not MethodStatus.APPLIED and reading.beyond:
        most = record.indicator.base_points or 0.0
        given["beyond_points"] = most if math.isinf(reading.beyond) else reading.beyond
    return json.dumps(given, ensure_ascii=False) if given or reading.rule else None


def _reason(reading: MethodReading) -> str | None:
    """Return what was not understood, in Chinese; None where all was."""
    if reading.status is MethodStatus.APPLIED:
        return None
    unread = "，".join(reading.unread)
    said = [message("normalize.method_gap.unread", text=unread).zh] if unread else []
    said += dict.fromkeys(reading.gaps)
    return "；".join(said) or message("normalize.method_gap.no_rule").zh
