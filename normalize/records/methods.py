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

from common.declared import declared, declared_list
from common.fold import clean, fold
from common.messages import message
from normalize.findings.ledger import Place, PlacedDoubt
from normalize.methods.amounts import rounded
from normalize.methods.beside import read_beside
from normalize.methods.model import MethodContext, MethodReading, gap
from normalize.model.doubt import Doubt, doubt
from normalize.model.table import LogicalCell
from normalize.records.method_cells import methods_beside
from normalize.records.model import Record, TableContext, TargetReading
from normalize.records.noted import Noted, goes_beside, names_of, notes_of, only_limits
from schemas.records.notice import PrintedMethod
from schemas.vocabulary import Direction, ItemKind, MethodStatus, TargetStatus


@dataclass(frozen=True, slots=True)
class _MethodText:
    """One method's text, the cell that has it, and the targets that it is for.

    ``page`` is that of a note that stands in no cell, ``gaps`` are why it may be of others;
    ``notes`` are what notes say of all rows or of this one beside it, ``maybe`` what they say of
    a kind of rows that this may be of. ``printed`` is what stands there, where that names another
    row, which says the text.
    """

    text: str
    cell: LogicalCell | None
    targets: tuple[TargetReading, ...]
    page: int | None = None
    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    printed: str | None = None

    @property
    def whole(self) -> str:
        """The text as it lands: with the notes that go with it."""
        noted = (*self.notes, *self.maybe)
        return "；注：".join([self.printed or self.text, *(["；".join(noted)] if noted else [])])


def methods_of(records: Sequence[Record], context: TableContext) -> Iterator[PrintedMethod]:
    """Yield how points are given. Grain: indicator and text."""
    notes = notes_of(records, context)
    for record in records:
        for printed, reading in _readings(record, records, context, notes):
            source = printed.cell.sources[0] if printed.cell and printed.cell.sources else None
            yield PrintedMethod(
                serial_no=record.indicator.serial_no,
                annex=context.annex,
                text=printed.whole,
                rule=reading.rule,
                parameters=_parameters(reading, record),
                status=reading.status,
                reason=_reason(reading, record),
                page=source.page if source else printed.page,
                box=source.box if source else None,
                cell=source.key if source else None,
                left_out=_left_out(reading, record),
            )


def method_doubts(records: Sequence[Record], context: TableContext) -> Iterator[PlacedDoubt]:
    """Yield one doubt a method that no points rest on, because it was not understood whole.

    The targets are right as they were read: none is marked for review.
    """
    notes = notes_of(records, context)
    for record in records:
        if record.indicator.item_kind is ItemKind.UNSCORED:
            continue
        for printed, reading in _readings(record, records, context, notes):
            reason = _reason(reading, record)
            if reason and not _only_says_so(record, printed.text):
                place = Place(record.indicator.serial_no, None, "note", printed.cell)
                yield PlacedDoubt(_not_applied(record, printed.whole, reason), place)


def _only_says_so(record: Record, text: str) -> bool:
    """Whether a veto's row says that it is one, and nothing of what it does: 实行一票否决."""
    alone = re.compile(declared(str, "normalize", "methods", "of_veto", "alone"))
    return record.indicator.item_kind is ItemKind.VETO and bool(alone.fullmatch(fold(text)))


def _not_applied(record: Record, text: str, reason: str) -> Doubt:
    """Return the doubt of a method that does not count; a row without points has no other rule."""
    name = record.indicator.indicator
    if record.indicator.item_kind is ItemKind.VETO:
        return doubt("method_not_applied.of_veto", indicator=name, text=text)
    return doubt("method_not_applied.provisional", indicator=name, text=text, reason=reason)


def _readings(
    record: Record, records: Sequence[Record], context: TableContext, notes: Sequence[Noted]
) -> list[tuple[_MethodText, MethodReading]]:
    """Return the row's methods, each with what it was understood as.

    Of several methods for one target none is applied.
    """
    listed = [*_printed(record, records, context, notes)]
    several = Counter(id(target) for printed in listed for target in printed.targets)
    found = []
    for each in listed:
        printed, reading = _with_maybe(each, record, records)
        gaps = printed.gaps + ((gap("of_some"),) if printed.maybe else ())
        if any(several[id(target)] > 1 for target in printed.targets):
            gaps += (gap("several"),)
        found.append((printed, _demoted(reading, gaps) if gaps else reading))
    return found


def _with_maybe(
    printed: _MethodText, record: Record, records: Sequence[Record]
) -> tuple[_MethodText, MethodReading]:
    """Return a method with its reading, without what may be of other rows and changes nothing."""
    alone = replace(printed, maybe=())
    reading = _reading(alone, record, records)
    if not printed.maybe:
        return alone, reading
    noted = replace(alone, notes=(*printed.notes, *printed.maybe))
    changes = _reading(noted, record, records) != reading
    return (printed if changes else alone), reading


def _demoted(reading: MethodReading, gaps: tuple[str, ...]) -> MethodReading:
    """Return a reading that is not applied, for more reasons than its own."""
    demoted = {MethodStatus.APPLIED: MethodStatus.PROPOSED}
    status = demoted.get(reading.status, reading.status)
    return replace(reading, status=status, gaps=(*reading.gaps, *gaps))


def _printed(
    record: Record, records: Sequence[Record], context: TableContext, notes: Sequence[Noted]
) -> Iterator[_MethodText]:
    """Give the texts that say how points are given: beside and in the cells, else in notes."""
    beside = [*_below(record, records, [each for each in notes if goes_beside(each)])]
    others = [each for each in notes if not goes_beside(each)]
    texts = tuple(dict.fromkeys(each.text for each in beside))
    if own := [*_of_the_row(record, records, context)]:
        yield from (_with_notes_of_some(each, record, texts, others) for each in own)
    elif own := [*_below(record, records, others)]:
        yield _as_one(own, texts)
    elif beside:
        yield from _of_notes_alone(replace(beside[0], text="；".join(texts)), record, records)


def _as_one(own: Sequence[_MethodText], of_all: Sequence[str]) -> _MethodText:
    """Return what notes that name one row say of it together, as notes go with a row's method.

    The first that is more than limits is the method, the others go beside it.
    """
    main = next((each for each in own if not only_limits(each.text)), own[0])
    more = (each.text for each in own if each.text != main.text)
    gaps = dict.fromkeys(each for one in own for each in one.gaps)
    return replace(main, notes=tuple(dict.fromkeys((*more, *of_all))), gaps=tuple(gaps))


def _with_notes_of_some(
    printed: _MethodText, record: Record, of_all: Sequence[str], others: Sequence[Noted]
) -> _MethodText:
    """Return a row's own method with what notes say of all rows, of it, and of a kind of rows."""
    some = _that_may_be_of(record, others)
    named = (each.text for each in some if each.of and not each.of.isdisjoint(names_of(record)))
    maybe = dict.fromkeys(each.text for each in some if each.of_kind)
    return replace(printed, notes=tuple(dict.fromkeys((*of_all, *named))), maybe=tuple(maybe))


def _of_the_row(
    record: Record, records: Sequence[Record], context: TableContext
) -> Iterator[_MethodText]:
    """Give the texts of the row's cells, here and elsewhere, each once with its first cell."""
    everybody = tuple(record.targets.values())
    texts: dict[str, _MethodText] = {}
    for each in methods_beside(record, records, context):
        said = each.meant
        printed = _MethodText(
            said.text, each.cell, everybody, gaps=each.gaps + said.gaps, printed=said.whole
        )
        texts.setdefault(_said(said.text), printed)
    for target in everybody:
        if text := clean(target.typed.method or ""):
            alike = tuple(each for each in everybody if clean(each.typed.method or "") == text)
            texts.setdefault(_said(text), _MethodText(text, target.cell, alike))
    yield from texts.values()


def _said(text: str) -> str:
    """Return a text as two are compared: its last sign says nothing."""
    return fold(text).rstrip(".。;；,，")


def _of_notes_alone(
    printed: _MethodText, record: Record, records: Sequence[Record]
) -> Iterator[_MethodText]:
    """Give what notes of all rows say of one without a method, where they take or add points.

    Limits alone add them where they allow more than the row's points: 最高不超过分值的120%.
    """
    if not only_limits(printed.text) or _reading(printed, record, records).beyond > 0:
        yield printed


def _below(
    record: Record, records: Sequence[Record], notes: Sequence[Noted]
) -> Iterator[_MethodText]:
    """Give what notes under the table say of the row: by its number, its name, or of all rows."""
    own, everybody = names_of(record), tuple(record.targets.values())
    for each in _that_may_be_of(record, notes):
        counts = not each.counted or any(_context(t, record, records).counts for t in everybody)
        if (each.of is None or each.of & {*own}) and counts:
            gaps = (gap("whose"),) if each.of_kind else ()
            yield _MethodText(each.text, each.cell, everybody, each.page, gaps)


def _that_may_be_of(record: Record, notes: Sequence[Noted]) -> Sequence[Noted]:
    """Return the notes that may be of a row: of one on top of the whole those that name it."""
    kind = record.indicator.item_kind
    if kind is ItemKind.SCORED:
        return notes
    on_top = kind in (ItemKind.BONUS, ItemKind.MINUS)
    return [each for each in notes if each.of and each.of & {*names_of(record)}] if on_top else ()


def _reading(printed: _MethodText, record: Record, records: Sequence[Record]) -> MethodReading:
    """Return what a text was understood as: for each of its targets the same, or in part."""
    assessed = [each for each in printed.targets if each.status == TargetStatus.ASSESSED]
    contexts = dict.fromkeys(_context(each, record, records) for each in assessed)
    readings = [read_beside(printed.text, printed.notes, each) for each in contexts]
    if not readings:
        context = _context(printed.targets[0], record, records)
        return read_beside(printed.text, printed.notes, context)
    first = readings[0]
    worst = next((each for each in readings if each.status is not MethodStatus.APPLIED), first)
    worst = _with_one_limit(worst, readings)
    alike = all((r.rule, r.parameters) == (first.rule, first.parameters) for r in readings)
    if alike or worst.status is MethodStatus.NOT_UNDERSTOOD:
        return worst
    gaps = (*worst.gaps, gap("differs"))
    own = replace(worst, rule=first.rule, parameters=first.parameters, limit=None)
    return replace(own, status=MethodStatus.PROPOSED, gaps=gaps)


def _with_one_limit(reading: MethodReading, others: Sequence[MethodReading]) -> MethodReading:
    """Return a reading of several entities, with the limit of points that all of them have."""
    alike = all(each.limit == reading.limit for each in others)
    return reading if alike else replace(reading, limit=None)


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
    """Return the parameters as JSON; of what is not applied also what it may give at most."""
    given = rounded(reading.parameters)
    own = "beyond_points" in given  # the rule's own are counted from where it begins
    if reading.status is not MethodStatus.APPLIED and (reading.beyond or own):
        most = record.indicator.base_points or 0.0
        beyond = most if math.isinf(reading.beyond) else reading.beyond
        given["over_points" if own else "beyond_points"] = beyond
    if reading.status is not MethodStatus.APPLIED and reading.limit is not None:
        given["limit_points"] = reading.limit
    return json.dumps(given, ensure_ascii=False) if given or reading.rule else None


def _left_out(reading: MethodReading, record: Record) -> tuple[str, ...]:
    """Return what the rule leaves out: words, and all that a confirmation does not answer."""
    reason = _reason(reading, record)
    if reason is None or record.indicator.item_kind is ItemKind.VETO:
        return (reason,) if reason else ()
    answered = {gap(name) for name in declared_list("schemas", "method_gaps", "answered")}
    words = (f"“{clause}”" for clause in reading.unread)
    gaps = (each for each in reading.gaps if each not in answered)
    nothing = () if reading.unread or reading.gaps else (reason,)
    return tuple(dict.fromkeys((*words, *gaps, *nothing)))


#: Gaps that say what is not written: what was not understood may write it.
_SILENT = ("silent_short", "silent_rest", "bonus_without_cap", "goal_itself", "whole_units", "each")


def _reason(reading: MethodReading, record: Record) -> str | None:
    """Return what was not understood, in Chinese; None where all was."""
    if reading.status is MethodStatus.APPLIED:
        return None
    if record.indicator.item_kind is ItemKind.VETO:
        return gap("of_veto")
    left = reading.understood
    unread = "，".join(each for each in reading.unread if each not in left)
    said = [message("normalize.method_gap.unread", text=unread).zh] if unread else []
    if left:
        said.append(message("normalize.method_gap.uncounted", text="，".join(left)).zh)
    silent = {gap(name) for name in _SILENT} if reading.unread else set()
    said += dict.fromkeys(each for each in reading.gaps if each not in silent)
    return "；".join(said) or message("normalize.method_gap.no_rule").zh
