"""What if: other targets, actuals or rules, as a file asks for them.

Its form is shown, with all keys, in docs/scoring.md ("What if"). :mod:`scoring.what_if.apply`
scores with them. A changed target is taken to be certain: other readings of it no longer widen its
interval. A changed return stands instead of all that departments returned for the line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from common.numbers import LARGEST
from schemas.tables.columns import COLUMNS
from scoring.rules.notice_rules import NoticeRules, parse_rules
from scoring.rules.toml import Entry

_TARGET = ("target_value", "max_points", "operator")
ACTUAL = ("actual_value", "awarded_pct", "benchmark_value", "veto")
_WHERE = ("serial_no", "entity")


@dataclass(frozen=True, slots=True)
class Change:
    """What to try of a line, of its part, or, without ``entity``, of all entities' lines.

    ``values`` are by column; what is not named stays as it is.
    """

    serial_no: int
    entity: str | None
    part_no: int | None
    values: Mapping[str, float | str]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Changes to try of targets and of actuals, and rules instead of the notice's."""

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
    serial_no = entry.count("serial_no")
    entity = entry.text("entity") if "entity" in entry.given else None
    values = _numbers(entry, ("target_value", "max_points"))
    if "operator" in entry.given:
        values["operator"] = entry.choice("operator", COLUMNS["operator"].values)
    part_no = _part_no(entry)
    if part_no is not None and "max_points" in values:
        raise entry.unexpected("without_part_no", "max_points")
    _require_something(entry, values, _TARGET)
    return Change(serial_no, entity, part_no, values)


def _actual(entry: Entry) -> Change:
    serial_no, entity, part_no = entry.count("serial_no"), entry.text("entity"), _part_no(entry)
    values = _numbers(entry, ACTUAL[:3])
    if "veto" in entry.given:
        values["veto"] = entry.flag("veto")
    _require_something(entry, values, ACTUAL)
    return Change(serial_no, entity, part_no, values)


def _numbers(entry: Entry, names: tuple[str, ...]) -> dict[str, float | str]:
    given = (name for name in names if name in entry.given)
    return {name: entry.number(name, -LARGEST, LARGEST) for name in given}


def _part_no(entry: Entry) -> int | None:
    return entry.count("part_no") if "part_no" in entry.given else None


def _require_something(
    entry: Entry, values: Mapping[str, float | str], names: tuple[str, ...]
) -> None:
    if not values:
        listed, listed_zh = ", ".join(names), "、".join(names)
        raise entry.unexpected("at_least_one_of", names[0], listed=listed, listed_zh=listed_zh)
