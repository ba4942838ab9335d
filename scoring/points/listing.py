"""The effective rules as a table, before any return is in: what will be counted, and with what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from common.messages import message
from schemas.tables.frames import arrow_schema
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

#: What a rule counts with of what is returned.
NEEDS = ("actual_value", "awarded_pct", "benchmark_value")


def effective_rules(
    targets: pd.DataFrame,
    indicators: pd.DataFrame,
    as_of: date,
    rules: Mapping[str, NoticeRules] | None = None,
    methods: pd.DataFrame | None = None,
) -> pd.DataFrame:
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
    nothing = latest_returns(arrow_schema(RETURNS).empty_table().to_pandas(), rows, as_of)
    parts = read_parts(rows, effective, shares, nothing)
    kept = np.flatnonzero((rows.status != NOT_ASSESSED) | (effective.printed.of_row >= 0))
    row = np.concatenate([kept, parts.row])
    part_no = np.concatenate([np.zeros(len(kept), np.int64), parts.part_no])
    listed = _listed(targets, rows, effective, parts, (kept, row))
    listed["share_points"] = np.concatenate([shares.points[kept], parts.items.share])
    listed["part_no"] = pd.array(np.where(part_no > 0, part_no, -1), "Int64")
    listed["part_no"] = listed["part_no"].mask(listed["part_no"] < 0)
    order = np.lexsort((part_no, row))
    return listed.iloc[order].reset_index(drop=True)[[*_COLUMNS]]


_COLUMNS = (
    *("document_id", "indicator_id", "serial_no", "entity", "part_no", "rule", "rule_zh"),
    *("parameters", "direction", "operator", "target_value", "target_unit", "target_text"),
    *("share_points", *NEEDS, "origin", "version", "since"),
    *("method_text", "method_status", "method_page", "method_reason"),
    *("proposed_rule", "proposed_parameters", "note_zh"),
)


def _listed(
    targets: pd.DataFrame,
    rows: Rows,
    effective: Effective,
    parts: Parts,
    chosen: tuple[Ints, Ints],
) -> pd.DataFrame:
    kept, row = chosen
    book = effective.book
    rule = np.concatenate([effective.rule[kept], parts.items.rule])
    way = np.concatenate([effective.way[kept], parts.items.way])
    operator = np.concatenate([effective.operator[kept], parts.items.operator])
    target = np.concatenate([rows.target[kept], parts.items.target])
    names = ["document_id", "indicator_id", "serial_no", "entity", "target_unit", "target_text"]
    listed = targets[names].iloc[row].reset_index(drop=True)
    whole = len(kept)
    for name, texts in (("target_unit", parts.unit), ("target_text", parts.text)):
        listed[name] = _of_rows(listed[name].iloc[:whole].tolist() + texts)
    for name, values in _of_rules(effective).items():
        listed[name] = _of_rows(np.array([*values, None], object)[rule])
    by_parts = np.isin(kept, parts.row)  # what is returned is returned for the parts
    for name in NEEDS:
        needed = book.needs(name)[rule]
        needed[:whole] &= ~by_parts
        listed[name] = needed
    listed["direction"] = np.array(DIRECTIONS)[way]
    listed["operator"] = _of_rows(np.array([*OPERATORS, None], object)[operator])
    listed["target_value"] = target
    kind = np.concatenate([rows.kind[kept], np.full(len(parts.row), -1)])
    for name, values in _of_methods(effective).items():
        own = np.array([*values, None], object)[effective.printed.of_row[row]]
        listed[name] = pd.array(own, "Int64") if name == "method_page" else _of_rows(own)
    replaced = effective.overridden[row] & listed["method_status"].notna().to_numpy()
    listed.loc[replaced, "method_status"] = str(MethodStatus.OVERRIDDEN)
    listed.loc[replaced, ["proposed_rule", "proposed_parameters"]] = None
    listed["note_zh"] = _notes(effective, rule, target, way, kind)
    listed.loc[rows.status[row] == NOT_ASSESSED, "note_zh"] = None  # a veto needs no rule
    return listed


def _of_rows(values: Any) -> Any:
    return pd.array(list(values), "string")


def _of_rules(effective: Effective) -> dict[str, list[Any]]:
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


def _of_methods(effective: Effective) -> dict[str, list[Any]]:
    """Return the columns that describe each printed method, by its number."""
    methods = effective.printed.methods
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
    return _of_rows(notes)
