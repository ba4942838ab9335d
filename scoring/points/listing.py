"""The effective rules as rows, before any return is in: what will be counted, and with what."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from common.messages import message
from schemas.records.forms import indicator_name
from schemas.records.rows import IndicatorRow
from schemas.tables.frames import arrow_schema, arrow_to_frame, plain_arrow, rows_as
from schemas.tables.registry import RETURNS
from schemas.vocabulary import MethodStatus, TargetKind
from scoring.model.columns import Floats, Ints
from scoring.model.inputs import (
    DIRECTIONS,
    HIGHER,
    KINDS,
    NOT_ASSESSED,
    OPERATORS,
    UNKNOWN,
    Rows,
    read_rows,
)
from scoring.points.parts import Parts, read_parts
from scoring.points.shares import share_points
from scoring.returns.latest import latest_returns
from scoring.rules.effective import Effective, resolve
from scoring.rules.notice_rules import NoticeRules
from scoring.rules.printed import PrintedMethods
from scoring.rules.rule import Given

#: What a rule counts with of what is returned.
NEEDS = ("actual_value", "awarded_pct", "benchmark_value")


@dataclass(frozen=True, slots=True)
class ListedRule:
    """The effective rule of an indicator and entity, or of one part of a compound target.

    ``part_no`` is empty for the whole, ``rule`` where none applies. What must be returned is
    ``actual_value``, ``awarded_pct`` and ``benchmark_value``; the rule ``parts`` itself needs
    nothing: its parts, which follow it, do. ``origin`` is default, printed or notice;
    ``proposed_rule`` waits for confirmation, with its ``proposed_parameters``. ``note_zh``: what to
    think of.
    """

    document_id: str
    indicator_id: str
    serial_no: int
    entity: str
    part_no: int | None
    rule: str | None
    rule_zh: str | None
    parameters: Given
    direction: str
    operator: str | None
    target_value: float | None
    target_unit: str | None
    target_text: str | None
    share_points: float | None
    actual_value: bool
    awarded_pct: bool
    benchmark_value: bool
    origin: str | None
    version: str | None
    since: str | None
    method_text: str | None
    method_status: str | None
    method_page: int | None
    method_reason: str | None
    proposed_rule: str | None
    proposed_parameters: Given
    note_zh: str | None
    indicator: str


def effective_rules(
    targets: pd.DataFrame,
    indicators: pd.DataFrame,
    as_of: date,
    rules: Mapping[str, NoticeRules] | None = None,
    methods: pd.DataFrame | None = None,
) -> list[ListedRule]:
    """Return one an assessed indicator and entity, and one for each part of a compound target.

    What gives no points (a veto) is listed where a method is printed for it.
    """
    own = {name: each for name, each in (rules or {}).items() if each.since <= as_of}
    rows = read_rows(targets, indicators)
    effective = resolve(rows, own, as_of, targets, methods)
    shares = share_points(rows, own)
    nothing = latest_returns(arrow_to_frame(arrow_schema(RETURNS).empty_table()), rows, as_of)
    parts = read_parts(rows, effective, shares, nothing)
    kept = np.flatnonzero((rows.status != NOT_ASSESSED) | (effective.printed.of_row >= 0))
    row = np.concatenate([kept, parts.row])
    part_no = np.concatenate([np.zeros(len(kept), np.int64), parts.part_no])
    columns = {
        **_printed(targets, parts, kept),
        **_counted(effective, rows, parts, (kept, row)),
        **_of_methods(effective, row),
        "part_no": [number or None for number in part_no.tolist()],
        "share_points": _known(np.concatenate([shares.points[kept], parts.items.share])),
    }
    columns |= {name: [each or {} for each in columns[name]] for name in _PARAMETERS}
    columns["indicator"] = [*_named(indicators, columns["document_id"], columns["serial_no"])]
    listed = [*zip(*(columns[name] for name in _COLUMNS), strict=True)]
    order = np.lexsort((part_no, row)).tolist()
    return [ListedRule(*listed[place]) for place in order]


_COLUMNS = tuple(each.name for each in fields(ListedRule))
_PARAMETERS = ("parameters", "proposed_parameters")
_Listed = dict[str, list[Any]]


def _named(
    indicators: pd.DataFrame, documents: Sequence[str], serials: Sequence[int]
) -> Iterator[str]:
    """Give the name of each row's indicator."""
    rows = rows_as(IndicatorRow, indicators, ("document_id", "serial_no", *_NAME))
    names = {
        (row["document_id"], row["serial_no"]): indicator_name(
            row["level3"], row["level4"], row["indicator"]
        )
        for row in rows
    }
    return (names[line] for line in zip(documents, serials, strict=True))


_NAME = ("level3", "level4", "indicator")


def _printed(targets: pd.DataFrame, parts: Parts, kept: Ints) -> _Listed:
    """Return what is printed of the kept rows and, after them, of the parts."""
    names = ["document_id", "indicator_id", "serial_no", "entity"]
    columns = plain_arrow(targets, [*names, "target_unit", "target_text"])
    own: _Listed = columns.take(np.concatenate([kept, parts.row])).to_pydict()
    whole = {name: own[name][: len(kept)] for name in ("target_unit", "target_text")}
    return own | {
        "target_unit": whole["target_unit"] + parts.unit,
        "target_text": whole["target_text"] + parts.text,
    }


def _counted(effective: Effective, rows: Rows, parts: Parts, chosen: tuple[Ints, Ints]) -> _Listed:
    """Return by what rule rows and parts are counted, and what must be returned for it."""
    kept, row = chosen
    book = effective.book
    rule = np.concatenate([effective.rule[kept], parts.items.rule])
    way = np.concatenate([effective.way[kept], parts.items.way])
    operator = np.concatenate([effective.operator[kept], parts.items.operator])
    target = np.concatenate([rows.target[kept], parts.items.target])
    kind = np.concatenate([rows.kind[kept], np.full(len(parts.row), -1)])
    by_parts = np.zeros(len(row), np.bool_)  # what is returned is returned for the parts
    by_parts[: len(kept)] = np.isin(kept, parts.row)
    notes = _notes(effective, rule, target, way, kind)
    notes[rows.status[row] == NOT_ASSESSED] = None  # a veto needs no rule
    return {
        **{name: _at(values, rule) for name, values in _of_rules(effective).items()},
        **{name: (book.needs(name)[rule] & ~by_parts).tolist() for name in NEEDS},
        "direction": _at(DIRECTIONS, way),
        "operator": _at(OPERATORS, operator),
        "target_value": _known(target),
        "note_zh": notes.tolist(),
    }


def _at(values: Sequence[Any], numbers: Ints) -> list[Any]:
    """Return the values at these places; None at -1."""
    return [values[number] if number >= 0 else None for number in numbers.tolist()]


def _known(values: Floats) -> list[float | None]:
    """Return numbers with None where there is none."""
    return [None if math.isnan(value) else value for value in values.tolist()]


def _of_rules(effective: Effective) -> _Listed:
    """Return the columns that describe each rule of the book, by its number."""
    rules = effective.book.rules
    return {
        "rule": [rule.name for rule in rules],
        "rule_zh": [rule.zh for rule in rules],
        "parameters": [rule.plain for rule in rules],
        "origin": [rule.origin for rule in rules],
        "version": [rule.version for rule in rules],
        "since": [rule.since.isoformat() for rule in rules],
    }


def _of_methods(effective: Effective, row: Ints) -> _Listed:
    """Return the columns that describe the printed method of each row.

    Where an officer's rule counts instead nothing is proposed.
    """
    printed = effective.printed
    overridden = effective.overridden[row].tolist()
    found = {name: _at(values, printed.of_row[row]) for name, values in _described(printed).items()}
    for place in (place for place, instead in enumerate(overridden) if instead):
        if found["method_status"][place] is not None:
            found["method_status"][place] = str(MethodStatus.OVERRIDDEN)
            found["proposed_rule"][place] = found["proposed_parameters"][place] = None
    return found


def _described(printed: PrintedMethods) -> _Listed:
    """Return the columns that describe each printed method, by its number."""
    methods = printed.methods
    proposed = [method.proposed for method in methods]
    return {
        "method_text": [method.text for method in methods],
        "method_status": [str(method.status) for method in methods],
        "method_page": [method.cell.page for method in methods],
        "method_reason": [method.reason or None for method in methods],
        "proposed_rule": [rule.name if rule else None for rule in proposed],
        "proposed_parameters": [rule.plain if rule else {} for rule in proposed],
    }


def _notes(effective: Effective, rule: Ints, target: Floats, way: Ints, kind: Ints) -> Any:
    """Return what to think about before returns come in; the gravest where there are several."""
    book = effective.book
    by_ratio, missing = book.with_ratio()[rule], np.isnan(target)
    needed = book.with_target()[rule]
    notes = np.full(len(rule), None, object)
    distance = (kind == KINDS.index(TargetKind.BENCHMARK)) & ~missing
    notes[distance] = message("scoring.rule_note.distance").zh
    notes[(way == UNKNOWN) & book.directed()[rule]] = message("scoring.rule_note.direction").zh
    one_sided = book.flags("one_sided", True)[rule] & (way == HIGHER)
    notes[one_sided] = message("scoring.rule_note.one_sided").zh
    notes[book.assuming()[rule]] = message("scoring.rule_note.about").zh
    without_target = needed & (missing | (by_ratio & (target <= 0)))
    notes[without_target] = message("scoring.rule_note.no_target").zh
    notes[rule < 0] = message("scoring.rule_note.no_rule").zh
    return notes
