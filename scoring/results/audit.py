"""Landed tables held against the traces of their scores.

Whatever a trace answers for is made anew as a record and compared with the landed row, field by
field: the score itself, the target and the returns it was counted with, and the scorecards above.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from schemas.records.rows import IndicatorRow, ReturnRow, ScorecardRow, ScoreRow, TargetRow
from schemas.records.trace import Trace
from schemas.records.traced import TracedPart, TracedReturn
from schemas.tables.frames import rows_as
from schemas.vocabulary import ItemKind, Light, TargetStatus
from scoring.model.inputs import DIRECTIONS, KINDS, OPERATORS
from scoring.results.card_sums import card_differences
from scoring.results.difference import Discrepancy, Landed, Replayed, compared
from scoring.results.replay import replayed
from scoring.results.returned import ACTUAL, SOURCE
from scoring.results.standing import standing_again
from scoring.rules.effective import turned
from scoring.total.rules import TotalRules

#: Other returns that come in later may renumber it.
_NOT_KEPT = {"revision"}
_PARTS: Final = ("text", "operator", "value", "unit")
#: Where a return stands: the file's hash, its sheet and row.
_Source = tuple[str, str, int]


def differences(
    tables: Mapping[str, pd.DataFrame], rules: TotalRules | None = None
) -> tuple[Discrepancy, ...]:
    """Return all that differs, by as-of date: scores first, then scorecards.

    ``tables`` are one document's scores, scorecards, targets, indicators and returns, and, where
    values of the year before are to be looked up, ``earlier_returns``; ``rules`` what its notice
    declares of the whole, for scorecards that do not keep by what they were made.
    """
    landed = Landed(
        rows_as(ScoreRow, tables["scores"]),
        rows_as(ScorecardRow, tables["scorecards"]),
        rows_as(TargetRow, tables["targets"]),
        rows_as(IndicatorRow, tables["indicators"]),
        [
            row
            for name in ("earlier_returns", "returns")
            if name in tables
            for row in rows_as(ReturnRow, tables[name])
        ],
    )
    days = {row["as_of"] for row in (*landed.scores, *landed.scorecards)}
    return tuple(each for day in sorted(days) for each in _of_day(day, landed, rules))


def _of_day(day: date, landed: Landed, rules: TotalRules | None) -> Iterator[Discrepancy]:
    scores = [row for row in landed.scores if row["as_of"] == day]
    targets = {_line(row): row for row in landed.targets}
    returns = {
        (row["source_sha256"], row["source_sheet"], row["source_row"]): row
        for row in landed.returns
    }
    counts = Counter(map(_line, scores))
    for serial_no, entity in {**targets, **counts}:
        at = Discrepancy("scores", day, serial_no, entity, "", "", None, None)
        due = {"rows": int((serial_no, entity) in targets)}
        yield from compared(at, due, {"rows": counts[serial_no, entity]})
    found = []
    for row in scores:
        at = Discrepancy("scores", day, *_line(row), "", "", None, None)
        try:
            trace = Trace.from_json(row["trace"])
            score = Replayed(row, trace, replayed(trace))
            differ = [*_of_score(at, score, targets.get(_line(row)), returns)]
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError):
            yield replace(at, field="trace", landed=row["trace"])  # not what a trace holds
            continue
        found.append(score)
        yield from differ
    in_force = rules if rules and rules.since <= day else None
    yield from card_differences(day, found, landed, in_force)


def _line(row: ScoreRow | TargetRow) -> tuple[int, str]:
    return row["serial_no"], row["entity"]


def _of_score(
    at: Discrepancy, score: Replayed, target: TargetRow | None, returns: Mapping[_Source, ReturnRow]
) -> Iterator[Discrepancy]:
    again, trace = asdict(score.again), score.trace
    if trace.share is not None:
        again |= standing_again(trace, at.as_of)
    yield from compared(at, again | _identity(trace, target), score.row)
    yield from compared(replace(at, table="trace"), asdict(score.again), _claimed(trace))
    if target:
        printed = _printed(target, trace)
        yield from compared(replace(at, table="targets"), _counted_with(trace, target), printed)
    base = trace.target.base
    if base and base.returned:
        told = {"base_value": base.returned.value}
        yield from compared(replace(at, table="trace"), told, asdict(trace.target))
        yield from _of_return(replace(at, table="returns"), trace, base.returned, returns)
    for counted in trace.counted():
        for each in (counted.actual, *counted.others):
            if each:
                yield from _of_return(replace(at, table="returns"), counted, each, returns)


def _identity(trace: Trace, target: TargetRow | None) -> dict[str, object]:
    """Return what a trace says of whose score it is."""
    found: dict[str, object] = {"indicator_id": target["indicator_id"]} if target else {}
    if trace.share:
        found |= {"serial_no": trace.share.serial_no, "weight_group": trace.share.weight_group}
    return found | ({"entity": trace.rank.entity} if trace.rank else {})


def _claimed(trace: Trace) -> dict[str, object]:
    """Return what a trace itself says that the score is."""
    low, high = trace.interval
    return {
        "status": trace.status,
        "rule": trace.rule.name if trace.rule else None,
        "share_points": trace.share.points if trace.share else None,
        "attainment": trace.attainment,
        "points": trace.points,
        "points_low": low,
        "points_high": high,
        "light": trace.light.light if trace.light else Light.GREY,
    }


def _counted_with(trace: Trace, target: TargetRow) -> dict[str, object]:
    """Return the target as the trace has it, by the columns of ``targets``."""
    own = trace.target
    found: dict[str, object] = {
        "target_text": own.text,
        "target_kind": own.kind,
        "operator": own.operator,
        "target_value": own.value,
        "target_unit": own.unit,
        "needs_review": own.needs_review,
        "review_reason": own.review_reason,
        "assessed": trace.share is not None,
        "item_kind": trace.on_top or ItemKind.SCORED,
        **asdict(own.cell),
    }
    if trace.share:
        found |= {"weight_group": trace.share.weight_group}
        filled = target["status"] == TargetStatus.UNREADABLE and target["max_points"] is None
        found |= {"max_points": None if filled else trace.share.max_points}
    if own.base and not own.base.returned:
        found["base_value"] = own.base_value
    if trace.rule and trace.rule.name == "parts":
        found["parts"] = [
            tuple(getattr(part.target, name) for name in _PARTS) for part in trace.parts
        ]
    return found


def _is_whole(target: TargetRow) -> bool:
    """Tell whether a target is assessed and of the points that make up the whole."""
    kind = target.get("item_kind") or ItemKind.SCORED
    return kind == ItemKind.SCORED and target["status"] != TargetStatus.NOT_ASSESSED


def _printed(target: TargetRow, trace: Trace) -> dict[str, object]:
    """Return a row of ``targets`` as a score is counted with it."""
    counted = (
        target.get("item_kind") in (ItemKind.BONUS, ItemKind.MINUS)
        and target["status"] != TargetStatus.NOT_ASSESSED
    )
    sign = target["operator"]
    code = OPERATORS.index(sign) if sign in OPERATORS else -1
    way = np.array([DIRECTIONS.index(trace.target.direction)])
    (operator,) = turned(np.array([code]), way, np.array([KINDS.index(target["target_kind"])]))
    return {
        **target,
        "operator": OPERATORS[operator] if operator >= 0 else None,
        "assessed": target["cap"] is not None if counted else _is_whole(target),
        "item_kind": target.get("item_kind") or ItemKind.SCORED,
        "max_points": target["cap"] if counted else target["max_points"],
        "parts": [tuple(part[name] for name in _PARTS) for part in target["parts"] or ()],
    }


def _of_return(
    at: Discrepancy,
    counted: Trace | TracedPart,
    actual: TracedReturn,
    returns: Mapping[_Source, ReturnRow],
) -> Iterator[Discrepancy]:
    source = {column: getattr(actual.source, name) for name, column in SOURCE.items()}
    place = f"{actual.source.name} {actual.source.sheet} {actual.source.row}"
    landed = returns.get((actual.source.sha256, actual.source.sheet, actual.source.row))
    if landed is None:
        yield replace(at, place=place, field="rows", landed=0, replayed=1)
        return
    again = {col: getattr(actual, name) for name, col in ACTUAL.items() if name not in _NOT_KEPT}
    again |= {"entity": at.entity, "received_on": date.fromisoformat(actual.received_on)}
    if isinstance(counted, TracedPart):
        again["part_no"] = counted.part_no
    yield from compared(replace(at, place=place), again | source, landed)
