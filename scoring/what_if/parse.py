"""What if: other targets, actuals or rules, as a file asks for them.

Its form is shown, with all keys, in docs/scoring.md ("What if"). :mod:`scoring.what_if.apply`
scores with them. A changed target is taken to be certain: other readings of it no longer widen its
interval. A changed return stands instead of all that departments returned for the line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from common.numbers import LARGEST
from schemas.tables.columns import COLUMNS
from scoring.rules.notice_rules import NoticeRules, parse_rules
from scoring.rules.toml import Entry

_TARGET = ("target_value", "max_points", "operator")
ACTUAL = ("actual_value", "awarded_pct", "benchmark_value", "veto")
_WHERE = ("serial_no", "entity")

Change = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Changes to try: ``targets`` and ``actuals`` by column, and rules instead of the notice's."""

    targets: tuple[Change, ...] = ()
    actuals: tuple[Change, ...] = ()
    rules: NoticeRules | None = None


def parse_what_if(content: Mapping[str, object], source: str) -> WhatIf:
    """Return what a file asks for; Refusal for what is not understood to the last key."""
    whole = Entry(source, "文件", content, frozenset({"target", "actual", "rules"}))
    if not content:
        raise whole.unexpected("change", "target")
    return WhatIf(
        tuple(
            _target(
                Entry(
                    source, f"[[target]] 第{n}条", each, frozenset({*_WHERE, "part_no", *_TARGET})
                )
            )
            for n, each in enumerate(whole.tables("target"), 1)
        ),
        tuple(
            _actual(
                Entry(source, f"[[actual]] 第{n}条", each, frozenset({*_WHERE, "part_no", *ACTUAL}))
            )
            for n, each in enumerate(whole.tables("actual"), 1)
        ),
        parse_rules(whole.table("rules"), source) if "rules" in content else None,
    )


def _target(entry: Entry) -> Change:
    change: dict[str, Any] = {"serial_no": entry.count("serial_no")}
    if "entity" in entry.given:
        change["entity"] = entry.text("entity")
    for name in ("target_value", "max_points"):
        if name in entry.given:
            change[name] = entry.number(name, -LARGEST, LARGEST)
    if "operator" in entry.given:
        change["operator"] = entry.choice("operator", COLUMNS["operator"].values)
    if "part_no" in entry.given:
        change["part_no"] = entry.count("part_no")
        if "max_points" in change:
            raise entry.unexpected("without_part_no", "max_points")
    return _with_something(entry, change, _TARGET)


def _actual(entry: Entry) -> Change:
    change: dict[str, Any] = {
        "serial_no": entry.count("serial_no"),
        "entity": entry.text("entity"),
        "part_no": entry.count("part_no") if "part_no" in entry.given else None,
    }
    for name in ACTUAL[:3]:
        if name in entry.given:
            change[name] = entry.number(name, -LARGEST, LARGEST)
    if "veto" in entry.given:
        change["veto"] = entry.flag("veto")
    return _with_something(entry, change, ACTUAL)


def _with_something(entry: Entry, change: Change, names: tuple[str, ...]) -> Change:
    if not set(names) & set(change):
        listed, listed_zh = ", ".join(names), "、".join(names)
        raise entry.unexpected("at_least_one_of", names[0], listed=listed, listed_zh=listed_zh)
    return change
