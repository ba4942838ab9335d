"""How the values behind each score stand with an office: in time or late, approved or not.

It changes no points: what came late counts, and an office decides; what nobody approved counts
unless approval is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from schemas.records.trace import Trace
from schemas.records.traced import TracedPart, TracedReturn
from schemas.vocabulary import Approval, Lateness, ScoreStatus
from scoring.model.columns import Flags, Ints
from scoring.model.items import NOT_RECEIVED, UNREADABLE
from scoring.returns.latest import Latest
from scoring.returns.withheld import EPOCH, approved, day_numbers, first_received
from scoring.scored import Scored

APPROVALS = tuple(each.value for each in Approval)
LATENESSES = tuple(each.value for each in Lateness)
_APPROVED, _NOT_APPROVED, _WITHHELD = range(3)
#: In this order each is worse than the ones before.
_IN_TIME, _LATE_REVISION, _LATE, _OVERDUE = range(4)


@dataclass(frozen=True, slots=True)
class HowReturned:
    """Codes of :data:`APPROVALS` and :data:`LATENESSES` a row, -1 for none.

    ``days`` are those after the deadline, none or less than one where a row is not late.
    """

    approval: Ints
    lateness: Ints
    days: Ints


def standing(scored: Scored) -> HowReturned:
    """Return how the values behind each row stand; grain: one a row."""
    found = HowReturned(*(np.full(len(scored.rows), -1, np.int64) for _ in range(3)))
    for each in _of_days(scored):
        for frame, latest, codes in _counted(each):
            row, source = _pairs(each, latest)
            signed = codes[approved(frame).to_numpy(np.bool_)[source].astype(np.int64)]
            np.maximum.at(found.approval, row, signed)
            if scored.inputs.deadlines and len(row):
                _set_late(found, scored, row, frame.iloc[source])
    if scored.inputs.deadlines:
        _set_overdue(found, scored)
    return found


def withheld_lines(scored: Scored) -> tuple[Ints, pd.DataFrame]:
    """Return the rows with a value that does not count as nobody approved it, and the values."""
    if scored.withheld is None:
        return np.zeros(0, np.int64), scored.inputs.returns.iloc[:0]
    row, source = _once(scored, scored.withheld)
    return row, scored.withheld_returns.iloc[source]


def counted_lines(scored: Scored) -> tuple[Ints, pd.DataFrame]:
    """Return the rows with a value that counts, once a department and part, and the values."""
    row, source = _once(scored, scored.latest)
    return row, scored.inputs.returns.iloc[source]


def lacking(scored: Scored) -> Flags:
    """Tell which rows lack a value that counts, those included that could not be counted anyway."""
    asked = (scored.status == UNREADABLE) & (scored.effective.rule >= 0)
    found: Flags = (scored.status == NOT_RECEIVED) | (asked & ~came_uncountable(scored))
    return found


def came_uncountable(scored: Scored) -> Flags:
    """Tell for which rows something was returned that could not be counted: no base, no target."""
    came = np.zeros(len(scored.rows), np.bool_)
    came[_pairs(scored, scored.latest)[0]] = True
    found: Flags = came & (scored.status == UNREADABLE)
    return found


def only_withheld(scored: Scored) -> Flags:
    """Tell which rows wait for approval alone: a value was returned for each of their parts."""
    waiting, _ = withheld_lines(scored)
    there = np.concatenate([waiting, counted_lines(scored)[0]])
    parts = np.bincount(scored.parts.row, minlength=len(scored.rows))
    found = np.zeros(len(scored.rows), np.bool_)
    found[waiting] = True
    whole: Flags = np.bincount(there, minlength=len(scored.rows)) >= np.maximum(parts, 1)
    return found & whole


def _of_days(scored: Scored) -> Iterator[Scored]:
    """Give the year's scores, and those of each of its periods."""
    yield scored
    if scored.periods:
        for own in scored.periods.of_document.values():
            yield from (each.scored for each in own)


def _counted(scored: Scored) -> Iterator[tuple[pd.DataFrame, Latest, Ints]]:
    """Give what counts, and what is withheld, each with the codes of not approved and approved."""
    yield scored.inputs.returns, scored.latest, np.array([_NOT_APPROVED, _APPROVED])
    if scored.withheld is not None:
        yield scored.withheld_returns, scored.withheld, np.array([_WITHHELD, _WITHHELD])


def _pairs(scored: Scored, latest: Latest) -> tuple[Ints, Ints]:
    """Return rows and the returns behind them, of the whole, of parts, of other departments."""
    parts = scored.parts
    row, source = np.arange(len(scored.rows)), latest.whole
    if len(parts.row):
        row = np.concatenate([row, parts.row])
        source = np.concatenate([source, latest.of_parts(parts.row, parts.part_no)])
    row, source = row[source >= 0], source[source >= 0]
    disputes = latest.disputes
    if len(disputes.primary):
        place = np.full(len(latest.returned.actual), -1, np.int64)
        place[source] = row
        known = place[disputes.primary] >= 0
        row = np.concatenate([row, place[disputes.primary[known]]])
        source = np.concatenate([source, disputes.other[known]])
    return row, source


def _once(scored: Scored, latest: Latest) -> tuple[Ints, Ints]:
    """Return rows and returns behind them once each: a whole may be returned as its part 1."""
    row, source = np.unique(np.stack(_pairs(scored, latest)), axis=1)
    return row, source


def _deadlines(scored: Scored) -> Ints:
    """Return the day by which each row's values were to be there; far ahead where none is said."""
    rows, declared = scored.rows, scored.inputs.deadlines
    days = [_days(declared.get(name, date.max)) for name in rows.documents.values]
    return np.array(days, np.int64)[rows.documents.codes]


def _set_overdue(found: HowReturned, scored: Scored) -> None:
    """Mark (in place) the rows that lack values nobody handed in though the deadline is over."""
    over = _days(scored.inputs.as_of) - _deadlines(scored)
    late = (over > 0) & lacking(scored) & ~only_withheld(scored)
    found.lateness[late], found.days[late] = _OVERDUE, over[late]


def first_days(scored: Scored, frame: pd.DataFrame) -> Ints:
    """Return for each of some returns the day on which its line came first; all without deadline.

    In days since 1970.
    """
    inputs = scored.inputs
    if not inputs.deadlines or frame.empty:
        return day_numbers(frame["received_on"])
    known = [inputs.returns, *([] if inputs.withheld is None else [inputs.withheld])]
    ends = {name: [each.as_of for each in own] for name, own in inputs.periods.items()}
    return first_received(frame, pd.concat(known), ends)


def _set_late(found: HowReturned, scored: Scored, row: Ints, used: pd.DataFrame) -> None:
    """Set (in place) the lateness of rows to the worst of their values."""
    deadline = _deadlines(scored)[row]
    over, first = day_numbers(used["received_on"]) - deadline, first_days(scored, used)
    code = np.where(over <= 0, _IN_TIME, np.where(first <= deadline, _LATE_REVISION, _LATE))
    declared = deadline < _days(date.max)
    np.maximum.at(found.days, row[declared], over[declared])
    np.maximum.at(found.lateness, row[declared], code[declared])


def _days(day: date) -> int:
    return (day - EPOCH).days


def standing_again(trace: Trace, as_of: date) -> dict[str, object]:
    """Return how the values behind a score stand by its trace; keys are columns of ``scores``."""
    counted, waiting = [*_returns(trace)], [*_waiting(trace)]
    codes = [_APPROVED if each.approved else _NOT_APPROVED for each in counted]
    approval = max([*codes, *(_WITHHELD for _ in waiting)], default=-1)
    late, days = _late_again(trace, [*counted, *waiting], as_of)
    return {
        "approval": APPROVALS[approval] if approval >= 0 else None,
        "lateness": LATENESSES[late] if late >= 0 else None,
        "days_late": days if days > 0 else None,
    }


def _returns(trace: Trace) -> Iterator[TracedReturn]:
    """Give what counts of a line, of its parts and of its periods."""
    for each in trace.counted():
        yield from filter(None, (each.actual, *each.others))


def _waiting(trace: Trace) -> Iterator[TracedReturn]:
    yield from trace.withheld
    for period in trace.periods:
        yield from _waiting(period.trace)


def _late_again(trace: Trace, returns: Sequence[TracedReturn], as_of: date) -> tuple[int, int]:
    """Return the worst lateness of a line's values, and so many days after the deadline."""
    if trace.deadline is None:
        return -1, 0
    deadline = date.fromisoformat(trace.deadline)
    if as_of > deadline and _lacks(trace):
        return _OVERDUE, (as_of - deadline).days
    found = [_late_by(each, deadline) for each in returns]
    return max((code for code, _ in found), default=-1), max((days for _, days in found), default=0)


def _late_by(returned: TracedReturn, deadline: date) -> tuple[int, int]:
    days = (date.fromisoformat(returned.received_on) - deadline).days
    first = date.fromisoformat(returned.first_on or returned.received_on)
    return (_IN_TIME if days <= 0 else _LATE_REVISION if first <= deadline else _LATE), days


def _lacks(trace: Trace) -> bool:
    """Tell whether a line lacks a value that nobody handed in."""
    lines: tuple[Trace | TracedPart, ...] = (trace, *trace.parts)
    own = [each for line in lines for each in (line.actual, *line.others) if each]
    unread = trace.status == ScoreStatus.UNREADABLE and trace.rule is not None and not own
    waits = bool(trace.withheld) and len(own) + len(trace.withheld) >= max(len(trace.parts), 1)
    return (trace.status == ScoreStatus.NOT_RECEIVED or unread) and not waits
