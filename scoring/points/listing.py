"""The effective rules as rows, before any return is in: what will be counted, and with what."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from common.messages import message
from schemas.tables.frames import Row, arrow_schema, arrow_to_frame, plain_arrow
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

#: What a rule counts with of what is returned.
NEEDS = ("actual_value", "awarded_pct", "benchmark_value")


def effective_rules(
    targets: pd.DataFrame,
    indicators: pd.DataFrame,
    as_of: date,
    rules: Mapping[str, NoticeRules] | None = None,
    methods: pd.DataFrame | None = None,
) -> list[Row]:
    """Return one row an assessed indicator and entity, and one for each part of a compound target.

    What gives no points (a veto) is listed where a method is printed for it.

    Columns: ``document_id, indicator_id, serial_no, entity, part_no`` (empty for the whole),
    ``rule`` (empty where none applies), ``rule_zh``, ``parameters`` (JSON), ``direction``,
    ``operator``, ``target_value``, ``target_unit``, ``target_text``, ``share_points``, what must
    be returned (bool: ``actual_value``, ``awarded_pct``, ``benchmark_value``), ``origin``
    (default, printed, notice), ``version``, ``since``, the printed method's ``method_text``,
    ``method_status``, ``method_page`` and ``method_reason``, the rule ``proposed_rule`` with its
    ``proposed_parameters`` (JSON) that waits for confirmation, and ``note_zh``: what to think of.
    The rule ``parts`` itself needs nothing: its parts, which follow it, do.
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
    listed = [*zip(*(columns[name] for name in _COLUMNS), strict=True)]
    order = np.lexsort((part_no, row)).tolist()
    return [dict(zip(_COLUMNS, listed[place], strict=True)) for place in order]


_COLUMNS = (
    *("document_id", "indicator_id", "serial_no", "entity", "part_no", "rule", "rule_zh"),
    *("parameters", "direction", "operator", "target_value", "target_unit", "target_text"),
    *("share_points", *NEEDS, "origin", "version", "since"),
    *("method_text", "method_status", "method_page", "method_reason"),
    *("proposed_rule", "proposed_parameters", "note_zh"),
)
_Listed = dict[str, list[Any]]


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
        "parameters": [rule.parameters_json for rule in rules],
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
        "proposed_parameters": [rule.parameters_json if rule else None for rule in proposed],
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
