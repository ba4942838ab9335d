"""Judges the reading of a damaged document by what was drawn: wrong, told, silent, needless."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.records.notice import Notice as Reading
from tests.support.workshop.layout import Layout
from tests.support.workshop.logical import Notice, expected_indicators, expected_targets
from tests.support.workshop.reading import Difference, Row, indicator_row, target_row, unlike

_TOTALS = {"total_differs", "totals_unequal", "heading_sum_differs"}
_POINTS = {"max_points", "base_points", "weight_group", "status"}
_WHOLE = {"row lost", "row too many", "order", "entities"}
_OF_ROWS = {
    "serial_gap", "heading_returns", "indicator_repeated", "heading_blank", "name_blank",
    "layout_unknown", "other_table", "table_choice_unsure", "text_unplaced", "row_unplaced",
    "row_shifted", "row_cut_unsure", "text_continued", "page_damaged", "blank_at_break",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """Values of a reading: how many there are, which are wrong, and what is said of these.

    A value is a target (all its columns) or one column of an indicator. ``told`` are wrong values
    of which a finding speaks without flagging them, ``noted`` those with a finding of severity
    info only, ``silent`` the rest of the wrong ones that are not flagged.
    """

    values: int
    wrong: tuple[Difference, ...]
    told: tuple[Difference, ...]
    noted: tuple[Difference, ...]
    silent: tuple[Difference, ...]
    right_targets: int
    needless: tuple[tuple[int, str], ...]


def judge(drawn: Notice, layout: Layout, reading: Reading) -> Verdict:
    """Compare a reading with the fitted notice that was drawn before the damage."""
    wrong = list(_once(_differences(drawn, layout, reading)))
    flagged = {(one.serial_no, one.entity) for one in reading.targets if one.needs_review}
    hushed = [one for one in wrong if (one.serial_no, one.entity) not in flagged]
    untold = [one for one in hushed if not _is_told(one, reading)]
    silent = [one for one in untold if not _is_noted(one, reading)]
    bad = {(one.serial_no, one.entity) for one in wrong}
    rows = {one.serial_no for one in wrong if one.entity is None}
    needless = sorted(
        key for key in flagged if key not in bad and key[0] not in rows and key[1] is not None
    )
    return Verdict(
        values=len(reading.targets) + 8 * len(reading.indicators),
        wrong=tuple(wrong),
        told=tuple(one for one in hushed if one not in untold),
        noted=tuple(one for one in untold if one not in silent),
        silent=tuple(silent),
        right_targets=sum((t.serial_no, t.entity) not in bad for t in reading.targets),
        needless=tuple(needless),
    )


def _once(found: Iterator[Difference]) -> Iterator[Difference]:
    """Count a target once, however many of its columns are wrong."""
    seen: set[tuple[int | None, str | None, str]] = set()
    for one in found:
        key = (one.serial_no, one.entity, "" if one.entity else one.field)
        if key not in seen or one.serial_no is None:
            seen.add(key)
            yield one


def _is_told(one: Difference, reading: Reading) -> bool:
    serious = [f for f in reading.findings if f.severity != "info" and f.state == "open"]
    if one.field in _WHOLE:
        return any(f.code in _OF_ROWS | _TOTALS for f in serious)
    if one.field in _POINTS and any(f.code in _TOTALS for f in serious):
        return True
    if one.entity is not None:
        return False
    rows = {t.serial_no for t in reading.targets if t.needs_review}
    named = {f.serial_no for f in serious}
    return one.serial_no in rows | named or _group_of(one, reading) in named


def _group_of(one: Difference, reading: Reading) -> int | None:
    """Return the first row with the same blank: one finding speaks for a whole merged cell."""
    if one.read:
        return None
    serial = one.serial_no or 0
    rows = {row.serial_no: row for row in reading.indicators}
    while serial - 1 in rows and not getattr(rows[serial - 1], one.field):
        serial -= 1
    return serial


def _is_noted(one: Difference, reading: Reading) -> bool:
    group = _group_of(one, reading) if one.entity is None else one.serial_no
    return any(
        _speaks_of(one, f.serial_no, f.entity, f.text) or f.serial_no == group
        for f in reading.findings
        if f.serial_no is not None and f.state == "open" and f.code not in _QUIET
    )


def _speaks_of(one: Difference, serial: int | None, entity: str | None, text: str | None) -> bool:
    """Tell whether a finding is about a value, or about the printed cell that says it."""
    same_cell = bool(text) and isinstance(one.read, str) and one.read in (text or "")
    return same_cell or (serial == one.serial_no and entity in (None, one.entity))


_QUIET = {"settled_by_totals"}


def _differences(drawn: Notice, layout: Layout, reading: Reading) -> Iterator[Difference]:
    """Yield differences under the serial numbers of the reading, rows matched by their names."""
    indicators = expected_indicators(drawn, unit_in_name=layout.unit_in_name)
    yield from unlike(Difference("entities", drawn.entities, reading.entities))
    found = matched([row["indicator"] for row in indicators], reading)
    for row in indicators:
        if row["serial_no"] not in found:
            yield Difference("row lost", row["indicator"], None)
    for one in reading.indicators:
        if one.serial_no not in found.values():
            yield Difference("row too many", None, one.indicator, one.serial_no)
    order = [found[serial] for serial in sorted(found)]
    if order != sorted(order):
        yield Difference("order", "as printed", order)
    read = {one.serial_no: indicator_row(one) for one in reading.indicators}
    for row in _renumbered(indicators, found):
        yield from _of_row(row, read[row["serial_no"]])
    cells = {(one.serial_no, one.entity): target_row(one) for one in reading.targets}
    for row in expected_targets(drawn):
        serial = found.get(row["serial_no"])
        other = cells.get((serial, row["entity"])) if serial else None
        if serial is not None:
            yield from _of_row({**row, "serial_no": serial}, other)


def _of_row(row: Row, read: Row | None) -> Iterator[Difference]:
    for name, value in row.items():
        other = read[name] if read else None
        if _wide(value) != _wide(other):
            yield from unlike(Difference(name, value, other, row["serial_no"], row.get("entity")))


def _wide(value: Any) -> Any:
    """Return a text with its signs in full width: their width is no value."""
    return value.translate(_WIDE) if isinstance(value, str) else value


_WIDE = str.maketrans("(),", "（），")


def _renumbered(
    indicators: Sequence[Mapping[str, Any]], found: Mapping[int, int]
) -> Iterator[dict[str, Any]]:
    """Give drawn rows the serial numbers that the reading has for them and their groups."""
    firsts: dict[int, int] = {}
    for row in indicators:
        serial = found.get(row["serial_no"])
        if serial is not None:
            first = firsts.setdefault(row["weight_group"], serial)
            yield {**row, "serial_no": serial, "weight_group": first}


def matched(names: Sequence[str], reading: Reading) -> dict[int, int]:
    """Match drawn leaves with read ones: by name, the rest by their place between matched ones."""
    by_name: dict[str, int] = {}
    for one in reading.indicators:
        by_name.setdefault(one.indicator, one.serial_no)
    found = {serial: by_name[name] for serial, name in enumerate(names, 1) if name in by_name}
    taken = set(found.values())
    free = {one.serial_no for one in reading.indicators} - taken
    for serial in range(1, len(names) + 1):
        if serial not in found:
            place = found.get(serial - 1, serial - 1) + 1
            if place in free:
                found[serial] = place
                free.discard(place)
    return found
