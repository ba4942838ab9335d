"""The figure of all the province or city: one for an indicator, asked once, taken for each entity.

That it is one needs evidence: an officer declares it, or every target of the indicator names the
same greater area (按全省平均水平比较考核).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from common.declared import declared
from common.fold import fold_tight
from common.numbers import show
from common.refusal import refusal
from returns.doubtful import At, remark, shortened
from returns.sheet import TableRow
from schemas.records.forms import REFUSED, WARNING, FormLine, Remark, ReturnedValue
from schemas.records.rows import ReturnRow

#: True: of all indicators that are compared with one; False: of none; else serial numbers or names.
Declared = bool | tuple[int | str, ...] | None


def with_one_figure(
    lines: Sequence[FormLine], said: Declared, document_id: str
) -> tuple[FormLine, ...]:
    """Return the lines with those marked whose figure to compare with is one for all entities.

    Raises Refusal where it is declared of an indicator that is compared with none.
    """
    compared: dict[tuple[int, int], list[FormLine]] = {}
    for line in lines:
        if "benchmark" in line.needs:
            compared.setdefault((line.serial_no, line.part_no), []).append(line)
    _check_declared(said, [group[0] for group in compared.values()], document_id)
    asking = {key: group[0].entity for key, group in compared.items() if _is_one(group, said)}
    return tuple(_marked(line, asking) for line in lines)


def _check_declared(said: Declared, compared: Sequence[FormLine], document_id: str) -> None:
    known = {each for line in compared for each in (line.serial_no, line.indicator)}
    for name in said if isinstance(said, tuple) else ():
        if name not in known:
            raise refusal("returns.one_figure_for_nothing", document=document_id, name=name)


def _is_one(group: Sequence[FormLine], said: Declared) -> bool:
    if said is None:
        return len(group) > 1 and _names_one_area({line.target_text for line in group})
    if isinstance(said, bool):
        return said
    return group[0].serial_no in said or group[0].indicator in said


def _names_one_area(texts: Iterable[str | None]) -> bool:
    """Say whether targets have one text, which names the area whose figure is meant."""
    words = declared(dict[str, list[str]], "returns", "returns", "one_figure")
    folded = {fold_tight(text or "") for text in texts}
    if len(folded) != 1:
        return False
    (text,) = folded
    return any(word in text for word in words["named"]) and not any(
        word in text for word in words["unlike"]
    )


def _marked(line: FormLine, asking: Mapping[tuple[int, int], str]) -> FormLine:
    entity = asking.get((line.serial_no, line.part_no))
    if entity is None or "benchmark" not in line.needs:
        return line
    return replace(line, one_figure=True, asks_figure=line.entity == entity)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure to compare with as a row gives it."""

    row: TableRow
    line: FormLine
    value: float


def taken_for_each(
    values: Sequence[ReturnedValue], figures: Sequence[Figure]
) -> tuple[list[ReturnedValue], list[Remark]]:
    """Return the values with each indicator's one figure, and what is wrong with the figures.

    Where rows give different ones none of the indicator's values is taken.
    """
    by_line: dict[tuple[int, int], list[Figure]] = {}
    for each in figures:
        by_line.setdefault(_key(each.line), []).append(each)
    given = {key: {each.value for each in group} for key, group in by_line.items()}
    used = {_key(value.line) for value in values}
    kept = [_with_figure(value, given) for value in values if _is_clear(value.line, given)]
    wrong = [remark for key, group in by_line.items() for remark in _wrong(group, key in used)]
    return kept, [*wrong, *_without(kept)]


def _is_clear(line: FormLine, given: Mapping[tuple[int, int], set[float]]) -> bool:
    return not line.one_figure or len(given.get(_key(line), ())) <= 1


def _wrong(group: Sequence[Figure], used: bool) -> list[Remark]:
    """Return what is wrong with the figures of one indicator: they differ, or stand alone."""
    values = {each.value for each in group}
    if len(values) > 1:
        return [_differing(each, values) for each in group]
    return [] if used else [_alone(group[0])]


def _key(line: FormLine) -> tuple[int, int]:
    return line.serial_no, line.part_no


def _with_figure(
    value: ReturnedValue, given: Mapping[tuple[int, int], set[float]]
) -> ReturnedValue:
    figures = given.get(_key(value.line))
    if not figures or not value.line.one_figure:
        return value
    return replace(value, benchmark_value=next(iter(figures)))


def _without(values: Iterable[ReturnedValue]) -> list[Remark]:
    """Say of each indicator once that its figure is missing."""
    first: dict[tuple[int, int], ReturnedValue] = {}
    for value in values:
        lacks = value.line.one_figure and value.benchmark_value is None and not value.veto
        if lacks and value.actual_value is not None:
            first.setdefault(_key(value.line), value)
    return [
        remark("no_one_figure", WARNING, At(each.sheet, each.row), serial_no=each.line.serial_no)
        for each in first.values()
    ]


def landed_figures(landed: Iterable[ReturnRow]) -> dict[tuple[int, int | None], float]:
    """Return the latest figure to compare with that is landed, by serial number and part."""
    rows = sorted(landed, key=lambda row: (row["received_on"], row["revision"]))
    return {
        (row["serial_no"], row["part_no"]): row["benchmark_value"]
        for row in rows
        if row["benchmark_value"] is not None
    }


def _differing(figure: Figure, given: Iterable[float]) -> Remark:
    line, listed = figure.line, "、".join(map(show, sorted(given)))
    made = remark(
        "two_figures",
        REFUSED,
        _at(figure),
        serial_no=line.serial_no,
        name=shortened(line.indicator),
        figures=listed,
    )
    return _of_each(line, made)


def _alone(figure: Figure) -> Remark:
    line = figure.line
    name = shortened(line.indicator)
    made = remark("figure_alone", REFUSED, _at(figure), serial_no=line.serial_no, name=name)
    return _of_each(line, made)


def _of_each(line: FormLine, made: Remark) -> Remark:
    """Let a remark be about the line of every entity."""
    number, _, part = line.key
    return replace(made, line=(number, None, part))


def _at(figure: Figure) -> At:
    row, cell = figure.row, figure.row.cells.get("benchmark")
    return At(row.sheet, row.row, row.columns.get("benchmark"), cell.shown if cell else None)
