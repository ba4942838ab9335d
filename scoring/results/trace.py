"""Traces: for every score, all that its points come from (:mod:`schemas.records.trace`).

:mod:`scoring.results.replay` computes the points anew from them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from schemas.records.rows import TargetRow
from schemas.records.trace import Trace, TracedPeriod
from schemas.records.traced import (
    PartShare,
    PartTarget,
    PrintedCell,
    TracedBase,
    TracedLight,
    TracedMethod,
    TracedPart,
    TracedRank,
    TracedReading,
    TracedShare,
    TracedTarget,
)
from schemas.tables.frames import rows_as
from schemas.vocabulary import MethodStatus
from scoring.engine import Scored
from scoring.model.columns import Floats, Ints
from scoring.model.inputs import DIRECTIONS, ITEM_KINDS, NOT_ASSESSED, OPERATORS
from scoring.model.items import STATUSES
from scoring.points.lights import LIGHTS
from scoring.points.rank_groups import ALL
from scoring.results.explain import explain
from scoring.results.returned import TracedReturns, traced_base
from scoring.returns.last_year import Line, prints_base
from scoring.rules.method_rows import placeable
from scoring.rules.registry import over_all, ranked, with_base

_TARGET = ("target_text", "target_kind", "target_unit", "needs_review", "review_reason")
_CELL = ("page", "x0", "top", "x1", "bottom")
_BASE = ("base_text", "base_label")


def traces(scored: Scored) -> list[str]:
    """Return the trace of every row as JSON text, in the rows' order."""
    tracer = _Tracer(scored)
    return [tracer.trace(row).to_json() for row in range(len(scored.rows))]


class _Tracer:
    """Everything that traces are written from, as plain values by row."""

    def __init__(self, scored: Scored) -> None:
        self.scored = scored
        rows = scored.rows
        self.targets = rows_as(TargetRow, scored.inputs.targets, [*_TARGET, *_CELL, *_BASE])
        self.returned = TracedReturns(scored)
        self.parts = _by(scored.parts.row)
        self.readings = _by(scored.readings.row) if scored.readings else {}
        self.members = self._members()
        self.peers = self._peers()
        self.periods = {
            code: [_Tracer(each.scored) for each in own]
            for code, own in (scored.periods.of_document if scored.periods else {}).items()
        }
        self.rules = [*(rule.traced for rule in scored.effective.book.rules), None]
        self.entity = [rows.entities.values[code] for code in rows.entities.codes]

    def _members(self) -> dict[int, list[tuple[int, float]]]:
        """Return each weight group's assessed members: serial number and weight."""
        rows, shares = self.scored.rows, self.scored.shares
        members: dict[int, list[tuple[int, float]]] = {}
        for group, serial, weight in zip(
            shares.group.numbers.tolist(), rows.serial.tolist(), shares.weight.tolist(), strict=True
        ):
            if weight > 0:
                members.setdefault(group, []).append((serial, weight))
        return members

    def _peers(self) -> dict[int, list[int]]:
        """Return the rows that are ranked with each other, where the rule is ``rank``."""
        book, rule = self.scored.effective.book, self.scored.effective.rule
        ranked = book.among_peers()[rule]
        rows = np.flatnonzero(ranked)
        peers: dict[int, list[int]] = {}
        for row, group in zip(rows.tolist(), self.scored.peers[rows].tolist(), strict=True):
            peers.setdefault(group, []).append(row)
        return peers

    def trace(self, row: int) -> Trace:
        """Return one row's trace; the words come last, made of all the rest."""
        status = STATUSES[self.scored.status[row]]
        target = self._target(row)
        if self.scored.rows.status[row] == NOT_ASSESSED:
            trace = Trace(status, target, method=self._method(row))
            trace = self._with_veto(trace, row) if self.scored.rows.on_top[row] else trace
        else:
            trace = self._of_assessed(row, status, target)
        if kind := self.scored.rows.item_kind[row]:
            trace = replace(trace, on_top=ITEM_KINDS[kind])
        return replace(trace, words=explain(trace))

    def _with_veto(self, trace: Trace, row: int) -> Trace:
        """Return the trace with what was returned of the whole: a veto, and what came beside it."""
        latest = self.scored.latest
        source = int(latest.whole[row])
        return replace(
            trace,
            veto=bool(latest.returned.veto[source]),
            actual=self.returned.actual(source),
            others=self.returned.others(source),
            withheld=self.returned.withheld(row),
            deadline=self._deadline(row),
        )

    def _of_assessed(self, row: int, status: str, target: TracedTarget) -> Trace:
        scored = self.scored
        parts = tuple(map(self._part, self.parts.get(row, ())))
        source = int(scored.latest.whole[row])
        if parts and self.returned.is_part(source):
            source = -1  # what was returned is for a part
        rule = self.rules[scored.effective.rule[row]]
        return Trace(
            status=status,
            rule=rule,
            method=self._method(row),
            target=target,
            share=self._share(row),
            actual=self.returned.actual(source),
            others=self.returned.others(source),
            withheld=self.returned.withheld(row),
            deadline=self._deadline(row),
            veto=bool(scored.veto[row]),
            parts=parts,
            rank=self._rank(row) if rule and ranked(rule.name, rule.parameters) else None,
            readings=tuple(map(self._reading, self.readings.get(row, ()))),
            attainment=_number(scored.attainment[row]),
            points=_number(scored.points[row]),
            interval=(_number(scored.low[row]), _number(scored.high[row])),
            light=TracedLight(
                LIGHTS[scored.light[row]], _number(scored.due[row]), bool(scored.sums[row])
            ),
            periods=self._periods(row),
            whole_year=bool(scored.periods and scored.periods.whole_year[row]),
        )

    def _deadline(self, row: int) -> str | None:
        rows = self.scored.rows
        document = rows.documents.values[rows.documents.codes[row]]
        found = self.scored.inputs.deadlines.get(document)
        return found.isoformat() if found else None

    def _periods(self, row: int) -> tuple[TracedPeriod, ...]:
        """Return what the row comes to in each period; nothing where it has none."""
        found = self.scored.periods
        if found is None or not found.applies[row]:
            return ()
        code = int(self.scored.rows.documents.codes[row])
        return tuple(
            TracedPeriod(
                each.period.name,
                each.period.weight,
                each.period.as_of.isoformat(),
                each.open,
                tracer.trace(row),
            )
            for each, tracer in zip(found.of_document[code], self.periods[code], strict=True)
        )

    def _target(self, row: int) -> TracedTarget:
        printed, effective = self.targets[row], self.scored.effective
        return TracedTarget(
            text=printed["target_text"],
            kind=printed["target_kind"],
            needs_review=printed["needs_review"],
            review_reason=printed["review_reason"],
            operator=_operator(effective.operator[row]),
            value=_number(self.scored.rows.target[row]),
            unit=printed["target_unit"],
            direction=DIRECTIONS[effective.way[row]],
            cell=PrintedCell(
                printed["page"], printed["x0"], printed["top"], printed["x1"], printed["bottom"]
            ),
            base_value=_number(self.scored.rows.base[row]),
            base=self._base(row),
            base_missing=self._base_missing(row),
        )

    def _base(self, row: int) -> TracedBase | None:
        if np.isnan(self.scored.rows.base[row]):
            return None
        before = self.scored.inputs.last_year.found.get(self._line(row))
        return traced_base(before, self.targets[row])

    def _base_missing(self, row: int) -> str | None:
        """Return why there is no value of the year before, where the rule counts with it."""
        rule = self.rules[self.scored.effective.rule[row]]
        known = not np.isnan(self.scored.rows.base[row])
        if known or rule is None or not with_base(rule.name, rule.parameters):
            return None
        printed = prints_base(self.targets[row])
        return self.scored.inputs.last_year.missing(self._line(row), printed=printed)

    def _line(self, row: int) -> Line:
        rows = self.scored.rows
        document = rows.documents.values[rows.documents.codes[row]]
        return document, int(rows.serial[row]), self.entity[row]

    def _method(self, row: int) -> TracedMethod | None:
        effective = self.scored.effective
        number = int(effective.printed.of_row[row])
        if number < 0:
            return None
        method = effective.printed.methods[number]
        replaced = bool(effective.overridden[row])
        status = MethodStatus.OVERRIDDEN if replaced else method.status
        return TracedMethod(
            method.text, status, method.beyond_points, method.cell, method.limit_points
        )

    def _share(self, row: int) -> TracedShare:
        rows, shares = self.scored.rows, self.scored.shares
        return TracedShare(
            weight_group=int(rows.group[row]),
            serial_no=int(rows.serial[row]),
            max_points=_number(shares.max_points[row]),
            members=tuple(self.members.get(int(shares.group.numbers[row]), ())),
            points=_number(shares.points[row]),
        )

    def _part(self, place: int) -> TracedPart:
        parts, items = self.scored.parts, self.scored.parts.items
        source = int(items.source[place])
        return TracedPart(
            part_no=int(parts.part_no[place]),
            status=STATUSES[parts.attained.outcome[place]],
            rule=self.rules[items.rule[place]],
            target=PartTarget(
                text=parts.text[place],
                operator=_operator(items.operator[place]),
                value=_number(items.target[place]),
                unit=parts.unit[place],
                direction=DIRECTIONS[items.way[place]],
            ),
            share=PartShare(_number(items.share[place])),
            actual=self.returned.actual(source),
            others=self.returned.others(source),
            attainment=_number(parts.attained.attainment[place]),
        )

    def _rank(self, row: int) -> TracedRank:
        scored = self.scored
        group = scored.groups.names[scored.groups.of_pair[scored.rows.pair.numbers[row]]]
        rule = scored.effective.book.rules[scored.effective.rule[row]]
        peers = self.peers[int(scored.peers[row])]
        returned = scored.latest.returned.actual[scored.latest.whole[peers]]
        values = placeable(returned, scored.rows.count[peers])
        return TracedRank(
            group=ALL if over_all(rule.name, rule.plain) else group,
            entity=self.entity[row],
            values=tuple(
                (self.entity[peer], value)
                for peer, value in zip(peers, map(_number, values), strict=True)
                if value is not None
            ),
            open=int(scored.open_peers[row]),
        )

    def _reading(self, place: int) -> TracedReading:
        readings = self.scored.readings
        if readings is None:
            raise ValueError("no readings were scored")
        return TracedReading(
            target_value=_number(readings.target[place]),
            max_points=_number(readings.max_points[place]),
            readable=not bool(readings.unknown[place]),
            interval=(_number(readings.low[place]), _number(readings.high[place])),
            choice=_choice(readings.choice[place]),
            repair=_choice(readings.repair[place]),
        )


def _by(rows: Ints) -> dict[int, list[int]]:
    """Return the places of each row's number."""
    places: dict[int, list[int]] = {}
    for place, row in enumerate(rows.tolist()):
        places.setdefault(row, []).append(place)
    return places


def _operator(code: int | np.int64) -> str | None:
    return OPERATORS[code] if code >= 0 else None


def _choice(code: np.int64) -> int | None:
    return int(code) if code >= 0 else None


def _number(value: float | np.float64 | Floats) -> float | None:
    """Return a number as it is, None for NaN; whole numbers stay short in JSON."""
    number = float(value)
    return None if not np.isfinite(number) else number + 0.0
