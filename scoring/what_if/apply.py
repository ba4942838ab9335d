"""What if: other targets, actuals or rules, scored beside the real ones and landed nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from common.refusal import Refusal, refusal
from schemas.ids import indicator_id
from schemas.records.rows import ReturnRow, ScoreRow
from schemas.records.trace import is_provisional
from schemas.tables.frames import arrow_schema, arrow_to_frame, rows_as
from schemas.tables.registry import RETURNS, TARGETS
from schemas.vocabulary import TargetStatus
from scoring.engine import Inputs, score
from scoring.model.columns import Columns, Flags
from scoring.model.inputs import read_rows
from scoring.results.frames import scorecards_frame, scores_frame
from scoring.results.scorecards import total
from scoring.returns.attribution import FITS, attribute
from scoring.returns.latest import RETURNED
from scoring.rules.effective import resolve
from scoring.rules.notice_rules import NoticeRules
from scoring.rules.registry import METHOD_CODES
from scoring.what_if.parse import ACTUAL, Change, WhatIf

#: What is set beside each other of the scores and of the scorecards, and by what they are matched.
_SCORES = (
    *("status", "rule", "attainment", "points", "points_low", "points_high", "light"),
    *("needs_review", "provisional"),
)
#: What says of a score whether it is provisional.
_OF_PROVISIONAL = ("status", "points_low", "points_high", "trace")
_CARDS = (
    *("max_points", "points", "points_low", "points_high", "points_of_100"),
    *("rank", "rank_low", "rank_high", "rank_group", "received_share", "values_in_doubt"),
)
#: What of each total is set beside each other besides: what it rests on.
_OF_TOTALS = ("provisional", "total_open", "total_unread")
_WORDS = {"status", "rule", "light", "rank_group", "needs_review", "total_open", "total_unread"}
#: Changes that are of one part where a target is counted by its parts.
_OF_PART = {"target_value", "operator", *ACTUAL}
_SCORE_KEY = ("document_id", "serial_no", "entity")
_CARD_KEY = ("document_id", "entity", "level", "parent", "name")


@dataclass(frozen=True, slots=True)
class Difference:
    """Scores and scorecards beside each other: ``…_real``, ``…_what_if`` and ``…_difference``.

    Only rows in which anything differs; ``totals`` are all entities'. Keys as in the tables. What
    figures rest on stands with them: ``needs_review`` of each score's target and whether the score
    is ``provisional``, ``values_in_doubt`` of each scorecard, and of each total how many scores are
    ``provisional`` and which printed rules of the whole do not count: ``total_open``,
    ``total_unread``.
    """

    scores: pd.DataFrame
    scorecards: pd.DataFrame
    totals: pd.DataFrame


def changed(inputs: Inputs, document_id: str, what_if: WhatIf) -> Inputs:
    """Return the inputs with one document's targets, actuals and rules as asked.

    Refusal where the document has no such indicator, entity or part, does not assess it, or
    where the rules are not in force on the day.
    """
    targets, alternatives = inputs.targets, inputs.alternatives
    returns = _where_they_count(inputs)
    rules = _rules(inputs, document_id, what_if)
    by_parts = _by_parts(inputs, rules)
    for change in what_if.targets:
        _check(inputs.targets, by_parts, document_id, change)
        targets = _with_target(targets, document_id, change)
        if alternatives is not None:
            alternatives = alternatives[~_chosen(alternatives, document_id, change)]
    for change in what_if.actuals:
        _check(inputs.targets, by_parts, document_id, change)
        row = _return_row(inputs, returns, document_id, change)
        added = arrow_to_frame(pa.Table.from_pylist([row], arrow_schema(RETURNS)))
        others = returns[~_of_line(returns, document_id, change)]
        returns = pd.concat([others[[*RETURNS.names]], added], ignore_index=True)
    return replace(inputs, targets=targets, returns=returns, rules=rules, alternatives=alternatives)


def _where_they_count(inputs: Inputs) -> pd.DataFrame:
    """Return the returns under the serial numbers that they count for; without those of none."""
    rows = read_rows(inputs.targets, inputs.indicators)
    found = attribute(Columns(inputs.returns, RETURNED), rows)
    if not np.any(found.fit != FITS):
        return inputs.returns
    kept = found.target >= 0
    returns = inputs.returns[kept].reset_index(drop=True)
    serial: Any = pa.array(rows.serial[found.target[kept]])
    returns["serial_no"] = pd.Series(serial, dtype=pd.ArrowDtype(pa.int64()))
    returns["indicator"] = pd.Series([None] * len(returns), dtype=pd.ArrowDtype(pa.string()))
    return returns


def _rules(inputs: Inputs, document_id: str, what_if: WhatIf) -> dict[str, NoticeRules]:
    """Return the rules to try; Refusal where they would not be in force."""
    rules = dict(inputs.rules)
    if what_if.rules is not None:
        if what_if.rules.since > inputs.as_of:
            raise refusal(
                "scoring.what_if_rules_later", since=what_if.rules.since, as_of=inputs.as_of
            )
        rules[document_id] = what_if.rules
    return rules


def _by_parts(inputs: Inputs, rules: Mapping[str, NoticeRules]) -> Flags:
    """Tell which targets are counted by their parts."""
    own = {name: each for name, each in rules.items() if each.since <= inputs.as_of}
    rows = read_rows(inputs.targets, inputs.indicators)
    effective = resolve(rows, own, inputs.as_of, inputs.targets, inputs.methods)
    found: Flags = effective.book.methods()[effective.rule] == METHOD_CODES["parts"]
    return found


def _chosen(frame: pd.DataFrame, document_id: str, change: Change) -> pd.Series[bool]:
    """Tell which rows a change is for."""
    chosen = (frame["document_id"] == document_id) & (frame["serial_no"] == change.serial_no)
    if change.entity is not None:
        chosen &= frame["entity"] == change.entity
    found: pd.Series[bool] = chosen.astype(bool)
    return found


def _of_line(returns: pd.DataFrame, document_id: str, change: Change) -> pd.Series[bool]:
    """Tell which returns are of the line; the whole of a target may be returned as its part 1."""
    part = returns["part_no"].fillna(1).astype(int) == (change.part_no or 1)
    return _chosen(returns, document_id, change) & part


def _check(targets: pd.DataFrame, by_parts: Flags, document_id: str, change: Change) -> None:
    """Refuse a change of what is not there or is not assessed."""
    assessed = _chosen(targets, document_id, change)
    assessed &= (targets["status"] != TargetStatus.NOT_ASSESSED).astype(bool)
    _refuse_nowhere(bool(assessed.any()), document_id, change)
    parts = targets["parts"][assessed & by_parts].map(len)
    part_no = change.part_no
    if part_no is not None and not (parts >= part_no).any():
        raise _no_part(document_id, change, int(parts.max()) if len(parts) else 0)
    if part_no is None and len(parts) and change.values.keys() & _OF_PART:
        raise _no_part(document_id, change, int(parts.max()))


def _with_target(targets: pd.DataFrame, document_id: str, change: Change) -> pd.DataFrame:
    assessed = targets["status"] != TargetStatus.NOT_ASSESSED
    chosen = (_chosen(targets, document_id, change) & assessed).astype(bool)
    made = targets.copy()
    values = {name: each for name, each in change.values.items() if name != "max_points"}
    if change.part_no is not None:
        made["parts"] = _with_part(made["parts"], chosen, change.part_no, values)
        values = {}
    for name, value in values.items():
        made.loc[chosen, name] = value
    if "max_points" in change.values:  # the points belong to the whole weight group
        groups = set(made.loc[chosen, "weight_group"])
        of_group = (made["document_id"] == document_id) & made["weight_group"].isin(groups)
        if change.entity is not None:
            of_group &= made["entity"] == change.entity
        made.loc[of_group.astype(bool), "max_points"] = change.values["max_points"]
    return made


def _with_part(
    parts: pd.Series[Any], chosen: pd.Series[bool], part_no: int, values: Mapping[str, object]
) -> pd.Series[Any]:
    """Return the lists of parts, one part of the chosen targets with another value or operator."""
    changes = {"value" if name == "target_value" else name: values[name] for name in values}
    lists: list[list[dict[str, object]]] = pa.array(parts).to_pylist()
    for row in np.flatnonzero(chosen.to_numpy(bool)):
        if lists[row] and len(lists[row]) >= part_no:
            lists[row][part_no - 1] |= changes
    kind = arrow_schema(TARGETS).field("parts").type
    return pd.Series(pd.array(pa.array(lists, kind), pd.ArrowDtype(kind)), index=parts.index)


def _return_row(
    inputs: Inputs, returns: pd.DataFrame, document_id: str, change: Change
) -> dict[str, object]:
    """Return the row that stands for the line: its latest return received in time, changed."""
    of_line = _of_line(returns, document_id, change)
    in_time = of_line & (returns["received_on"] <= inputs.as_of).astype(bool)
    before = returns[in_time].sort_values(["received_on", "revision"], kind="stable")
    latest = rows_as(ReturnRow, before.iloc[-1:], RETURNS.names)
    row: dict[str, object] = {**latest[0]} if latest else dict.fromkeys(RETURNS.names)
    row |= {
        "document_id": document_id,
        "indicator_id": indicator_id(document_id, change.serial_no),
        "serial_no": change.serial_no,
        "entity": change.entity,
        "part_no": change.part_no,
        "indicator": None,  # it is for what stands at the number now
        "veto": bool(row["veto"]),
        "department": row["department"] or "what-if",
        "received_on": inputs.as_of,
        "revision": latest[0]["revision"] + 1 if latest else 1,
        "source_name": "what-if",
        "source_sheet": "what-if",
        "source_row": 1,
        "source_sha256": "0" * 64,
        "sample": bool(row["sample"]),
    }
    if "actual_value" in change.values:
        row["actual_text"] = None  # it was about the other value
    return {**row, **change.values}


def _refuse_nowhere(found: bool, document_id: str, change: Change) -> None:
    if not found:
        raise refusal(
            "scoring.what_if_nowhere",
            document=document_id,
            serial_no=change.serial_no,
            entity=change.entity or "",
            of_entity=f"、{change.entity}" if change.entity is not None else "",
        )


def _no_part(document_id: str, change: Change, parts: int) -> Refusal:
    serial_no, part_no = change.serial_no, change.part_no
    if parts == 0:
        return refusal(
            "scoring.what_if_part.none", document=document_id, serial_no=serial_no, part_no=part_no
        )
    return refusal(
        "scoring.what_if_part.which",
        document=document_id,
        serial_no=serial_no,
        parts=parts,
        part_no=part_no,
    )


def compare(real: Inputs, other: Inputs) -> Difference:
    """Score both and return where they differ, beside each other."""
    tables = []
    for inputs in (real, other):
        scored = score(inputs)
        scores = scores_frame(scored)
        scores["needs_review"] = inputs.targets["needs_review"].array  # in the targets' order
        rows = rows_as(ScoreRow, scores, _OF_PROVISIONAL)
        scores["provisional"] = [int(is_provisional(row)) for row in rows]
        tables.append((scores, scorecards_frame(scored, total(scored))))
    (scores, cards), (other_scores, other_cards) = tables
    totals, other_totals = _totals(cards, scores), _totals(other_cards, other_scores)
    return Difference(
        _differing(*_beside(scores, other_scores, _SCORE_KEY, _SCORES)),
        _differing(*_beside(cards, other_cards, _CARD_KEY, _CARDS)),
        _beside(totals, other_totals, _CARD_KEY, (*_CARDS, *_OF_TOTALS))[0],
    )


def _totals(cards: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Return the totals, each with how much of it is provisional and what does not count."""
    of = ["document_id", "entity"]
    counts = scores.groupby(of)["provisional"].sum().reset_index()
    totals = cards[(cards["level"] == "total").to_numpy(bool)].merge(counts, on=of, how="left")
    open_ = {name: totals[name].map(tuple) for name in ("total_open", "total_unread")}
    return totals.assign(provisional=totals["provisional"].fillna(0).astype(int), **open_)


def _beside(
    real: pd.DataFrame, other: pd.DataFrame, key: tuple[str, ...], names: tuple[str, ...]
) -> tuple[pd.DataFrame, Flags]:
    """Return both beside each other, and which rows differ."""
    columns = [*key, *names]
    both = real[columns].merge(
        other[columns], on=list(key), how="left", suffixes=("_real", "_what_if"), validate="1:1"
    )
    differs = np.zeros(len(both), np.bool_)
    for name in names:
        one, two = both[f"{name}_real"], both[f"{name}_what_if"]
        same = (one == two).fillna(False).astype(bool) | (one.isna() & two.isna())
        differs |= ~same.to_numpy(bool)
        if name not in _WORDS:
            both[f"{name}_difference"] = two - one
    return both, differs


def _differing(both: pd.DataFrame, differs: Flags) -> pd.DataFrame:
    return both[differs].reset_index(drop=True)
