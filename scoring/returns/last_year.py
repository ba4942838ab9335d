"""What was reached the year before, where the notice does not print it: the last landed return.

An indicator is the same as last year's only where a person confirmed one key for both
(:mod:`compare.keys`), and its value only where both years count in one unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from common.fold import clean
from schemas.records.rows import IndicatorKeyRow, IndicatorRow, ReturnRow, TargetRow
from schemas.tables.frames import rows_as
from schemas.vocabulary import BaseMissing, TargetKind, TargetStatus
from scoring.model.inputs import read_rows
from scoring.returns.latest import latest_returns
from scoring.returns.withheld import still_withheld

#: Document, serial number and entity of a target.
Line = tuple[str, int, str]
_FIGURE = r"(?:[^（()）]*[^（()）0-9.])?[0-9.]+(?![0-9.]|年|月)[^（()）]*[)）]"
#: A figure in brackets, and one that stands beside the words for the year before.
_FIGURE_ASIDE = re.compile(rf"[（(]{_FIGURE}")
_FIGURE_OF_BEFORE = re.compile(rf"(?:上|去|前)一?年[^（()）0-9，,；;。]*[（(]{_FIGURE}")
_COLUMN = {"base_value": pa.float64(), "base_unit": pa.string()}


@dataclass(frozen=True, slots=True)
class Earlier:
    """A document of the year before as it is landed, with what was returned for it.

    ``withheld`` are returns that do not count there as nobody approved them.
    """

    document_id: str
    year: int
    targets: pd.DataFrame
    indicators: pd.DataFrame
    returns: pd.DataFrame
    withheld: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class LastYear:
    """A value of the year before: the return that counts, and the target it was returned for.

    ``returned`` is a row of ``returns``; ``value`` is in ``unit``.
    """

    document_id: str
    year: int
    serial_no: int
    value: float
    unit: str | None
    returned: ReturnRow


@dataclass(frozen=True, slots=True)
class LastYears:
    """The values of the year before by target, and of what has none why.

    ``default``: why for all that ``known`` does not tell of; ``serials`` are last year's serial
    numbers by document and serial number, ``known`` what was returned for them by entity.
    """

    found: Mapping[Line, LastYear] = field(default_factory=dict)
    default: BaseMissing = BaseMissing.NO_NOTICE
    serials: Mapping[tuple[str, int], int] = field(default_factory=dict)
    known: Mapping[tuple[int, str], LastYear | BaseMissing] = field(default_factory=dict)

    def missing(self, line: Line, *, printed: bool) -> BaseMissing:
        """Return why a line has no value of the year before that could be counted with."""
        if printed:
            return BaseMissing.UNREAD
        serial_no = self.serials.get(line[:2])
        if serial_no is None:
            return self.default
        before = self.known.get((serial_no, line[2]), BaseMissing.NO_ENTITY)
        return before if isinstance(before, BaseMissing) else BaseMissing.OTHER_UNIT


def last_years(
    targets: pd.DataFrame, indicators: pd.DataFrame, keys: pd.DataFrame, earlier: Earlier, day: date
) -> LastYears:
    """Return last year's values of targets by the keys that were confirmed for both documents.

    Grain: one a target whose notice prints nothing of the year before. What departments of last
    year differ in, what nobody approved where that is asked for, words, and values of compound
    targets are none.
    """
    serials = _same(keys, targets, earlier)
    known = {(each.serial_no, entity): each for entity, each in _returned(earlier, day)}
    names = {
        (row["document_id"], row["serial_no"]): row for row in rows_as(IndicatorRow, indicators)
    }
    found: dict[Line, LastYear] = {}
    for row in rows_as(TargetRow, targets) if known else []:
        line = (row["document_id"], row["serial_no"], row["entity"])
        before = known.get((serials.get(line[:2], 0), row["entity"]))
        unit = row["target_unit"] or names[line[:2]]["unit"]
        if before is not None and _is_open(row) and before.unit == unit:
            found[line] = before
    why = _without(earlier, day)
    return LastYears(found, BaseMissing.NO_KEY, serials, why | known)


def _without(earlier: Earlier, day: date) -> dict[tuple[int, str], LastYear | BaseMissing]:
    """Return why last year's targets have no value: the reason of all, for those that have none."""
    lines = [(row["serial_no"], row["entity"]) for row in rows_as(TargetRow, earlier.targets)]
    found: dict[tuple[int, str], LastYear | BaseMissing] = dict.fromkeys(
        lines, BaseMissing.NOT_RETURNED
    )
    came = (
        (earlier.returns, BaseMissing.UNUSABLE),
        (_waiting(earlier, day), BaseMissing.NOT_APPROVED),
    )
    for returns, why in came:
        for row in rows_as(ReturnRow, returns):
            line = (row["serial_no"], row["entity"])
            if line in found and row["received_on"] <= day:
                found[line] = why
    return found


def _waiting(earlier: Earlier, day: date) -> pd.DataFrame:
    """Return last year's values that nobody approved though that is asked for."""
    if earlier.withheld is None:
        return earlier.returns.iloc[:0]
    return still_withheld(earlier.returns, earlier.withheld, day)


def filled(targets: pd.DataFrame, found: Mapping[Line, LastYear]) -> pd.DataFrame:
    """Return the targets with last year's values as ``base_value`` and ``base_unit``."""
    if not found:
        return targets
    lines = zip(targets["document_id"], targets["serial_no"], targets["entity"], strict=True)
    bases = [found.get(line) for line in lines]
    columns = {
        "base_value": [each and each.value for each in bases],
        "base_unit": [each and each.unit for each in bases],
    }
    missing = np.array([each is None for each in bases])
    return targets.assign(
        **{
            name: targets[name].where(missing, pd.Series(values, targets.index, _typed(name)))
            for name, values in columns.items()
        }
    )


def _typed(name: str) -> pd.ArrowDtype:
    return pd.ArrowDtype(_COLUMN[name])


def _is_open(target: TargetRow) -> bool:
    """Whether a target is assessed and its notice prints nothing of the year before."""
    printed = target["base_value"] is not None or prints_base(target)
    return target["status"] == TargetStatus.ASSESSED and not printed


def prints_base(target: TargetRow) -> bool:
    """Tell whether a notice prints a figure of the year before, beside the target or in its words.

    Nobody knows which of two figures it is (高于上年（92%）): it is not counted with, and no other
    figure of that year is.
    """
    text = clean(target["target_text"] or "")
    of_previous = target["target_kind"] == TargetKind.PREVIOUS_VALUE
    aside = _FIGURE_ASIDE if of_previous else _FIGURE_OF_BEFORE
    return bool(target["base_text"]) or aside.search(text) is not None


def _same(
    keys: pd.DataFrame, targets: pd.DataFrame, earlier: Earlier
) -> dict[tuple[str, int], int]:
    """Return last year's serial number of each document and serial number with the same key."""
    rows = rows_as(IndicatorKeyRow, keys)
    before = {
        row["indicator_key"]: row["serial_no"]
        for row in rows
        if row["document_id"] == earlier.document_id
    }
    documents = set(targets["document_id"])
    return {
        (row["document_id"], row["serial_no"]): before[row["indicator_key"]]
        for row in rows
        if row["document_id"] in documents and row["indicator_key"] in before
    }


def _returned(earlier: Earlier, day: date) -> Iterator[tuple[str, LastYear]]:
    """Give by entity what was returned for last year's targets by the end of a day."""
    rows = read_rows(earlier.targets, earlier.indicators)
    latest = latest_returns(earlier.returns, rows, day)
    values = latest.returned.actual[latest.whole]
    disputed = latest.returned.disputed.get("actual_value")
    usable = np.isfinite(values) & (latest.whole >= 0)
    if disputed is not None:
        usable &= ~disputed[latest.whole]
    units = {row["serial_no"]: row["unit"] for row in rows_as(IndicatorRow, earlier.indicators)}
    targets, returns = rows_as(TargetRow, earlier.targets), rows_as(ReturnRow, earlier.returns)
    for place in np.flatnonzero(usable).tolist():
        target, returned = targets[place], returns[latest.whole[place]]
        if target["target_kind"] == TargetKind.COMPOUND:
            continue
        serial_no, unit = target["serial_no"], target["target_unit"]
        unit = unit or units[serial_no]
        value = float(values[place])
        yield (
            target["entity"],
            LastYear(earlier.document_id, earlier.year, serial_no, value, unit, returned),
        )
