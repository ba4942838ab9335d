"""What if: other targets, actuals or rules, scored beside the real ones and landed nowhere.

```toml
[[target]]                 # another target or number of points
serial_no = 5
entity = "安岳县"            # left out: every entity
target_value = 20          # one or more of target_value, operator, max_points, unit
[[actual]]                 # another return; what is not named stays as returned
serial_no = 5
entity = "安岳县"
actual_value = 21          # one or more of actual_value, awarded_pct, benchmark_value, veto
part_no = 1                # of a compound target only

[rules]                    # instead of the notice's own, in the form of its source.toml
```
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import pyarrow as pa

from schemas.arrow import arrow_schema, arrow_to_frame
from schemas.columns import COLUMNS
from schemas.errors import Refusal
from schemas.frames import indicator_id
from schemas.tables import RETURNS
from scoring.engine import Inputs, score
from scoring.entry import Entry
from scoring.notice_rules import NoticeRules, parse_rules
from scoring.tables import scorecards_frame, scores_frame
from scoring.totals import total

_MOST = 1e15
_TARGET = ("target_value", "max_points", "operator")
_ACTUAL = ("actual_value", "awarded_pct", "benchmark_value", "veto")
_WHERE = ("serial_no", "entity")

#: What is set beside each other of the scores and of the scorecards, and by what they are matched.
_SCORES = ("status", "attainment", "points", "points_low", "points_high", "light")
_CARDS = ("max_points", "points", "points_low", "points_high", "points_of_100", "rank")
_SCORE_KEY = ("document_id", "serial_no", "entity")
_CARD_KEY = ("document_id", "entity", "level", "parent", "name")

Change = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Changes to try: ``targets`` and ``actuals`` by column, and rules instead of the notice's."""

    targets: tuple[Change, ...] = ()
    actuals: tuple[Change, ...] = ()
    rules: NoticeRules | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """Scores and scorecards beside each other: ``…_real``, ``…_what_if`` and ``…_difference``.

    Only rows in which anything differs. Keys as in the tables.
    """

    scores: pd.DataFrame
    scorecards: pd.DataFrame


def parse_what_if(told: Mapping[str, object], source: str) -> WhatIf:
    """Return what a file asks for; Refusal for what is not understood to the last key."""
    whole = Entry(source, "文件", told, frozenset({"target", "actual", "rules"}))
    if not told:
        raise whole.refuse("target", "something to change", "至少一处改动")
    return WhatIf(
        tuple(
            _target(Entry(source, f"[[target]] 第{n}条", each, frozenset({*_WHERE, *_TARGET})))
            for n, each in enumerate(whole.tables("target"), 1)
        ),
        tuple(
            _actual(
                Entry(
                    source, f"[[actual]] 第{n}条", each, frozenset({*_WHERE, "part_no", *_ACTUAL})
                )
            )
            for n, each in enumerate(whole.tables("actual"), 1)
        ),
        parse_rules(whole.table("rules"), source) if "rules" in told else None,
    )


def _target(entry: Entry) -> Change:
    change: dict[str, Any] = {"serial_no": entry.count("serial_no")}
    if "entity" in entry.given:
        change["entity"] = entry.text("entity")
    for name in ("target_value", "max_points"):
        if name in entry.given:
            change[name] = entry.number(name, -_MOST, _MOST)
    if "operator" in entry.given:
        change["operator"] = entry.choice("operator", COLUMNS["operator"].values)
    return _with_something(entry, change, _TARGET)


def _actual(entry: Entry) -> Change:
    change: dict[str, Any] = {
        "serial_no": entry.count("serial_no"),
        "entity": entry.text("entity"),
        "part_no": entry.count("part_no") if "part_no" in entry.given else None,
    }
    for name in _ACTUAL[:3]:
        if name in entry.given:
            change[name] = entry.number(name, -_MOST, _MOST)
    if "veto" in entry.given:
        change["veto"] = entry.flag("veto")
    return _with_something(entry, change, _ACTUAL)


def _with_something(entry: Entry, change: Change, names: tuple[str, ...]) -> Change:
    if not set(names) & set(change):
        raise entry.refuse(names[0], f"one of {', '.join(names)}", f"{'、'.join(names)} 至少一项")
    return change


def changed(inputs: Inputs, document_id: str, what_if: WhatIf) -> Inputs:
    """Return the inputs with one document's targets, actuals and rules as asked.

    Refusal where the document has no such indicator or entity.
    """
    targets, returns = inputs.targets, inputs.returns
    for change in what_if.targets:
        targets = _with_target(targets, document_id, change)
    rows = [_return_row(inputs, document_id, change) for change in what_if.actuals]
    if rows:
        added = arrow_to_frame(pa.Table.from_pylist(rows, arrow_schema(RETURNS)))
        returns = pd.concat([returns[[*RETURNS.names]], added], ignore_index=True)
    rules = dict(inputs.rules)
    if what_if.rules is not None:
        rules[document_id] = what_if.rules
    return replace(inputs, targets=targets, returns=returns, rules=rules)


def _chosen(frame: pd.DataFrame, document_id: str, change: Change) -> pd.Series[bool]:
    """Tell which rows a change is for."""
    chosen = (frame["document_id"] == document_id) & (frame["serial_no"] == change["serial_no"])
    if "entity" in change:
        chosen &= frame["entity"] == change["entity"]
    found: pd.Series[bool] = chosen.astype(bool)
    return found


def _with_target(targets: pd.DataFrame, document_id: str, change: Change) -> pd.DataFrame:
    chosen = _chosen(targets, document_id, change)
    _refuse_nowhere(bool(chosen.any()), document_id, change)
    made = targets.copy()
    for name in ("target_value", "operator"):
        if name in change:
            made.loc[chosen, name] = change[name]
    if "max_points" in change:  # the points belong to the whole weight group
        groups = set(made.loc[chosen, "weight_group"])
        of_group = (made["document_id"] == document_id) & made["weight_group"].isin(groups)
        if "entity" in change:
            of_group &= made["entity"] == change["entity"]
        made.loc[of_group.astype(bool), "max_points"] = change["max_points"]
    return made


def _return_row(inputs: Inputs, document_id: str, change: Change) -> dict[str, Any]:
    """Return a row of the returns that is later than all: the line's latest one, changed."""
    known = bool(_chosen(inputs.targets, document_id, change).any())
    _refuse_nowhere(known, document_id, change)
    row: dict[str, Any] = dict.fromkeys(RETURNS.names)
    before = _before(inputs, document_id, change)
    if len(before):
        row = pa.Table.from_pandas(
            before.iloc[[-1]][[*RETURNS.names]], arrow_schema(RETURNS), preserve_index=False
        ).to_pylist()[0]
    highest = inputs.returns["revision"].max() if len(inputs.returns) else 0
    row |= {
        "document_id": document_id,
        "indicator_id": indicator_id(document_id, change["serial_no"]),
        "veto": bool(row["veto"]),
        "department": row["department"] or "what-if",
        "received_on": inputs.as_of,
        "revision": int(highest) + 1,
        "source_name": "what-if",
        "source_sheet": "what-if",
        "source_row": 1,
        "source_sha256": "0" * 64,
        "sample": bool(row["sample"]),
    }
    if "actual_value" in change:
        row["actual_text"] = None  # it told of the other value
    return row | dict(change)


def _before(inputs: Inputs, document_id: str, change: Change) -> pd.DataFrame:
    """Return the line's returns received in time, the latest last."""
    returns = inputs.returns
    part = returns["part_no"].fillna(0).astype(int) == (change["part_no"] or 0)
    chosen = _chosen(returns, document_id, change) & part
    received = returns[chosen & (returns["received_on"] <= inputs.as_of).astype(bool)]
    return received.sort_values(["received_on", "revision"], kind="stable")


def _refuse_nowhere(found: bool, document_id: str, change: Change) -> None:
    if not found:
        entity = f"、{change['entity']}" if "entity" in change else ""
        raise Refusal(
            "what_if_nowhere",
            f"{document_id} has no {change['serial_no']} {change.get('entity', '')}",
            f"“{document_id}”中没有第{change['serial_no']}项{entity}，无法试算。"
            "请核对序号和考核对象的名称。",
        )


def compare(real: Inputs, other: Inputs) -> Difference:
    """Score both and return where they differ, beside each other."""
    tables = []
    for inputs in (real, other):
        scored = score(inputs)
        tables.append((scores_frame(scored), scorecards_frame(scored, total(scored))))
    (scores, cards), (other_scores, other_cards) = tables
    return Difference(
        _beside(scores, other_scores, _SCORE_KEY, _SCORES),
        _beside(cards, other_cards, _CARD_KEY, _CARDS),
    )


def _beside(
    real: pd.DataFrame, other: pd.DataFrame, key: tuple[str, ...], names: tuple[str, ...]
) -> pd.DataFrame:
    columns = [*key, *names]
    both = real[columns].merge(
        other[columns], on=list(key), how="outer", suffixes=("_real", "_what_if"), sort=False
    )
    differs = pd.Series(False, index=both.index)
    for name in names:
        one, two = both[f"{name}_real"], both[f"{name}_what_if"]
        differs |= ~((one == two).fillna(False).astype(bool) | (one.isna() & two.isna()))
        if name not in {"status", "light"}:
            both[f"{name}_difference"] = two - one
    return both[differs].reset_index(drop=True)
