"""Traces: for every score, all that its points come from, as JSON that can be replayed.

``scoring.results.replay`` computes the points anew from ``rule``, ``target``, ``share``,
``actual``, ``parts`` and ``rank``; the rest of a trace tells people.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from scoring.engine import STATUSES, Scored
from scoring.model.columns import Floats, Ints
from scoring.model.inputs import OPERATORS
from scoring.points.lights import LIGHTS
from scoring.results.explain import in_words
from scoring.rules.book import NO_RULE, Rule

Told = dict[str, Any]

_TARGET = {
    "text": "target_text",
    "kind": "target_kind",
    "needs_review": "needs_review",
    "review_reason": "review_reason",
}
_CELL = ("page", "x0", "top", "x1", "bottom")
_ACTUAL = {
    "value": "actual_value",
    "text": "actual_text",
    "awarded_pct": "awarded_pct",
    "benchmark_value": "benchmark_value",
    "veto": "veto",
    "grounds": "grounds",
    "department": "department",
    "received_on": "received_on",
    "revision": "revision",
    "sample": "sample",
    "indicator": "indicator",
    "serial_no": "serial_no",
}
_SOURCE = {
    "name": "source_name",
    "sheet": "source_sheet",
    "row": "source_row",
    "sha256": "source_sha256",
}


def traces(scored: Scored) -> list[str]:
    """Return the trace of every row as JSON text, in the rows' order."""
    tracer = _Tracer(scored)
    return [
        json.dumps(tracer.trace(row), ensure_ascii=False, allow_nan=False)
        for row in range(len(scored.rows))
    ]


class _Tracer:
    """Everything that traces are written from, as plain values by row."""

    def __init__(self, scored: Scored) -> None:
        self.scored = scored
        rows = scored.rows
        self.targets = _records(
            scored.inputs.targets, [*_TARGET.values(), *_CELL, "target_unit", "serial_no"]
        )
        rivals = scored.latest.rivals
        used = np.unique([*scored.latest.whole, *scored.parts.items.source, *rivals.other, -1])
        frame = scored.inputs.returns.iloc[used[used >= 0]]
        told = _records(frame, ["part_no", *_ACTUAL.values(), *_SOURCE.values()])
        self.returns = dict(zip(used[used >= 0].tolist(), told, strict=True))
        self.rivals: dict[int, list[int]] = {}
        for primary, other in zip(rivals.primary.tolist(), rivals.other.tolist(), strict=True):
            self.rivals.setdefault(primary, []).append(other)
        self.parts = _by(scored.parts.row)
        self.readings = _by(scored.readings.row) if scored.readings else {}
        self.members = self._members()
        self.peers = self._peers()
        self.entity = [rows.entities.values[code] for code in rows.entities.codes]

    def _members(self) -> dict[int, list[list[float]]]:
        """Return each weight group's assessed members: serial number and weight."""
        rows, shares = self.scored.rows, self.scored.shares
        members: dict[int, list[list[float]]] = {}
        for group, serial, weight in zip(
            shares.group.numbers.tolist(), rows.serial.tolist(), shares.weight.tolist(), strict=True
        ):
            if weight > 0:
                members.setdefault(group, []).append([serial, weight])
        return members

    def _peers(self) -> dict[int, list[int]]:
        """Return the rows that are ranked with each other, where the rule is ``rank``."""
        book, rule = self.scored.effective.book, self.scored.effective.rule
        ranked = np.array([*(each.name == "rank" for each in book.rules), False])[rule]
        rows = np.flatnonzero(ranked)
        peers: dict[int, list[int]] = {}
        for row, group in zip(rows.tolist(), self.scored.peers[rows].tolist(), strict=True):
            peers.setdefault(group, []).append(row)
        return peers

    def trace(self, row: int) -> Told:
        """Return one row's trace; the words come last, made of all the rest."""
        scored = self.scored
        told: Told = {
            "status": STATUSES[scored.status[row]],
            "rule": _rule(self._rule_at(scored.effective.rule[row])),
            "target": self._target(row),
            "share": self._share(row),
            "actual": self._actual(int(scored.latest.whole[row])),
            "others": self._others(int(scored.latest.whole[row])),
            "veto": bool(scored.veto[row]),
        }
        if told["status"] == "not_assessed":
            told = {name: told[name] for name in ("status", "target")}
        else:
            self._add_details(told, row)
        told["words"] = in_words(told)
        return told

    def _add_details(self, told: Told, row: int) -> None:
        scored = self.scored
        if row in self.parts:
            told["parts"] = [self._part(place) for place in self.parts[row]]
            source = int(scored.latest.whole[row])
            if source >= 0 and self.returns[source]["part_no"] is not None:
                told["actual"], told["others"] = None, []  # they are those of a part
        if told["rule"] and told["rule"]["name"] == "rank":
            told["rank"] = self._rank(row)
        if row in self.readings:
            told["readings"] = [self._reading(place) for place in self.readings[row]]
        told["attainment"] = _number(scored.attainment[row])
        told["points"] = _number(scored.points[row])
        told["interval"] = [_number(scored.low[row]), _number(scored.high[row])]
        told["light"] = {
            "light": LIGHTS[scored.light[row]],
            "expected": _number(scored.due[scored.rows.documents.codes[row]]),
        }

    def _rule_at(self, number: int) -> Rule | None:
        return None if number == NO_RULE else self.scored.effective.book.rules[number]

    def _target(self, row: int) -> Told:
        told = self.targets[row]
        effective = self.scored.effective
        return {
            **{name: told[column] for name, column in _TARGET.items()},
            "operator": _operator(effective.operator[row]),
            "value": _number(self.scored.rows.target[row]),
            "unit": told["target_unit"],
            "lower_is_better": bool(effective.lower[row]),
            "cell": {name: told[name] for name in _CELL},
        }

    def _share(self, row: int) -> Told:
        scored = self.scored
        return {
            "weight_group": int(scored.rows.group[row]),
            "serial_no": int(scored.rows.serial[row]),
            "max_points": _number(scored.shares.max_points[row]),
            "members": self.members.get(int(scored.shares.group.numbers[row]), []),
            "points": _number(scored.shares.points[row]),
        }

    def _actual(self, source: int) -> Told | None:
        if source < 0:
            return None
        told = self.returns[source]
        actual = {name: _finite(told[column]) for name, column in _ACTUAL.items()}
        actual["received_on"] = told["received_on"].isoformat()
        return actual | {"source": {name: told[column] for name, column in _SOURCE.items()}}

    def _others(self, source: int) -> list[Told | None]:
        """Return what other departments returned for the same line."""
        return [self._actual(other) for other in self.rivals.get(source, [])]

    def _part(self, place: int) -> Told:
        parts, items = self.scored.parts, self.scored.parts.items
        return {
            "part_no": int(parts.part_no[place]),
            "status": STATUSES[parts.attained.outcome[place]],
            "rule": _rule(self._rule_at(items.rule[place])),
            "target": {
                "text": parts.text[place],
                "operator": _operator(items.operator[place]),
                "value": _number(items.target[place]),
                "unit": parts.unit[place],
                "lower_is_better": bool(items.lower[place]),
            },
            "share": {"points": _number(items.share[place])},
            "actual": self._actual(int(items.source[place])),
            "others": self._others(int(items.source[place])),
            "attainment": _number(parts.attained.attainment[place]),
        }

    def _rank(self, row: int) -> Told:
        scored = self.scored
        group = scored.groups.of_pair[scored.rows.pair.numbers[row]]
        peers = self.peers[int(scored.peers[row])]
        values = scored.latest.returned.actual[scored.latest.whole[peers]]
        return {
            "group": scored.groups.names[group],
            "entity": self.entity[row],
            "values": [
                [self.entity[peer], _number(value)]
                for peer, value in zip(peers, values, strict=True)
                if not np.isnan(value)
            ],
            "open": int(scored.open_peers[row]),
        }

    def _reading(self, place: int) -> Told:
        readings = self.scored.readings
        if readings is None:
            raise ValueError("no readings were scored")
        return {
            "target_value": _number(readings.target[place]),
            "max_points": _number(readings.max_points[place]),
            "readable": not bool(readings.unknown[place]),
            "interval": [_number(readings.low[place]), _number(readings.high[place])],
        }


def _records(frame: pd.DataFrame, names: Sequence[str]) -> list[Told]:
    table: Any = pa.Table.from_pandas(frame[list(dict.fromkeys(names))], preserve_index=False)
    records: list[Told] = table.to_pylist()
    return records


def _by(rows: Ints) -> dict[int, list[int]]:
    """Return the places of each row's number."""
    places: dict[int, list[int]] = {}
    for place, row in enumerate(rows.tolist()):
        places.setdefault(row, []).append(place)
    return places


def _rule(rule: Rule | None) -> Told | None:
    if rule is None:
        return None
    return {
        "name": rule.name,
        "name_zh": rule.zh,
        "parameters": dict(rule.parameters),
        "origin": rule.origin,
        "version": rule.version,
        "from": rule.since.isoformat(),
        "basis": rule.basis,
    }


def _operator(code: int | np.int64) -> str | None:
    return OPERATORS[code] if code >= 0 else None


def _finite(value: object) -> object:
    """Return a value as it is, None for a number that is none (JSON has no sign for it)."""
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _number(value: float | np.float64 | Floats) -> float | None:
    """Return a number as it is, None for NaN; whole numbers stay short in JSON."""
    number = float(value)
    return None if not np.isfinite(number) else number + 0.0
