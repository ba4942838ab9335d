"""Rules that hold across rows, each a function that returns the problems it found.

They look at frames that fit their models; Pandera is not used here, since it reports a rule
over several columns once for each column of a bad row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from schemas.tables.columns import COLUMNS
from schemas.tables.frames import records
from schemas.tables.problems import Problem

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]


def cross_problems(frames: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Return every breach of a rule across rows in one document's frames.

    A rule is looked at where all the tables it needs are there.
    """
    rows = {name: records(frames[name][list(_NEEDED[name])]) for name in frames if name in _NEEDED}
    problems: list[Problem] = []
    for needs, rule in _RULES:
        if all(name in rows for name in needs):
            problems.extend(rule(*(rows[name] for name in needs)))
    return problems


def serial_numbers_unbroken(indicators: list[Row]) -> Iterator[Problem]:
    """Demand that serial numbers are 1, 2, 3, ... in printed order."""
    for expected, row in enumerate(indicators, start=1):
        if row["serial_no"] != expected:
            yield _at(
                "indicators",
                row,
                "serial_no",
                f"{expected}, the number after the one before",
                f"{expected}（与前一项连续）",
            )
            return


def weight_groups_are_neighbours(indicators: list[Row]) -> Iterator[Problem]:
    """Demand that a group is named after its first member and its members are neighbours."""
    before = None
    for row in indicators:
        starts = row["weight_group"] == row["serial_no"]
        continues = before is not None and row["weight_group"] == before["weight_group"]
        if not (starts or continues):
            yield _at(
                "indicators",
                row,
                "weight_group",
                f"{row['serial_no']}, or the group of the indicator just before",
                f"{row['serial_no']}（自成一组）或与前一项指标同组",
            )
        before = row


def groups_share_their_points(indicators: list[Row]) -> Iterator[Problem]:
    """Demand that members of a weight group carry the same printed points."""
    for before, row in pairwise(indicators):
        same = row["weight_group"] == before["weight_group"]
        if same and row["base_points"] != before["base_points"]:
            yield _at(
                "indicators",
                row,
                "base_points",
                f"{before['base_points']}, as the rest of its weight group",
                f"{before['base_points']}（与同组指标一致）",
            )


def every_target_has_its_indicator(indicators: list[Row], targets: list[Row]) -> Iterator[Problem]:
    """Demand that every target belongs to an indicator of the document."""
    known = {row["serial_no"] for row in indicators}
    for row in targets:
        if row["serial_no"] not in known:
            yield _at(
                "targets",
                row,
                "serial_no",
                "the number of an indicator of the document",
                "本文件中已有的指标序号",
            )


def every_indicator_has_one_target_per_entity(
    indicators: list[Row], targets: list[Row]
) -> Iterator[Problem]:
    """Demand of every indicator one target, if only not assessed, for each entity."""
    entities = list(dict.fromkeys(row["entity"] for row in targets))
    present = {(row["serial_no"], row["entity"]) for row in targets}
    for row in indicators:
        for entity in entities or [None]:
            if (row["serial_no"], entity) not in present:
                yield _at(
                    "targets",
                    {**row, "entity": entity, "target_text": None},
                    "target_text",
                    "one target for each entity",
                    "每个考核对象各有一条目标",
                )


def assessed_targets_have_points(targets: list[Row]) -> Iterator[Problem]:
    """Demand that every assessed target says how many points there are to be had."""
    for row in targets:
        if row["status"] == "assessed" and row["max_points"] is None:
            yield _at(
                "targets",
                row,
                "max_points",
                "the points of its weight group, since it is assessed",
                "分值（该项列入考核）",
            )


def a_group_has_one_number_of_points(targets: list[Row]) -> Iterator[Problem]:
    """Demand one number of points of a group's assessed members for one entity."""
    points: dict[tuple[int, str], float] = {}
    for row in targets:
        if row["status"] != "assessed":
            continue
        first = points.setdefault((row["weight_group"], row["entity"]), row["max_points"])
        if row["max_points"] != first:
            yield _at(
                "targets",
                row,
                "max_points",
                f"{first}, as the rest of its weight group for this entity",
                f"{first}（与同组指标对该对象的分值一致）",
            )


def what_is_not_assessed_has_no_target(targets: list[Row]) -> Iterator[Problem]:
    """Demand that a target that does not apply to the entity has no text."""
    for row in targets:
        if row["status"] == "not_assessed" and row["target_text"] is not None:
            yield _at(
                "targets", row, "target_text", "nothing, since it is not assessed", "空（不考核）"
            )


def doubts_say_why(targets: list[Row]) -> Iterator[Problem]:
    """Demand that a value to review says why."""
    for row in targets:
        if row["needs_review"] and not row["review_reason"]:
            yield _at(
                "targets", row, "review_reason", "a reason, since it needs review", "复核理由"
            )


def operators_are_known(name: str, column: str) -> Callable[[list[Row]], Iterator[Problem]]:
    """Return the rule that a column of structs uses the operators that targets use."""

    def rule(rows: list[Row]) -> Iterator[Problem]:
        allowed = (*COLUMNS["operator"].values, None)
        for row in rows:
            for each in row[column] or ():
                if each["operator"] not in allowed:
                    yield _at(
                        name,
                        {**row, column: each["operator"]},
                        column,
                        COLUMNS["operator"].expected,
                        COLUMNS["operator"].expected_zh,
                    )

    return rule


def places_are_printed_cells(name: str) -> Callable[[list[Row], list[Row]], Iterator[Problem]]:
    """Return the rule that what this table says of its printed cell is the place of one."""

    def rule(cells: list[Row], rows: list[Row]) -> Iterator[Problem]:
        printed = {tuple(cell[part] for part in _CELL) for cell in cells}
        for row in rows:
            place = tuple(row[part] for part in _CELL)
            if place != (None,) * len(_CELL) and place not in printed:
                yield _at(
                    name,
                    row,
                    "table_no",
                    "table, row and column of a printed cell, or none",
                    "某个印刷单元格的表号、行、列，或全部为空",
                )

    return rule


def boxes_are_upright(name: str) -> Callable[[list[Row]], Iterator[Problem]]:
    """Return the rule that a box of this table has all four edges or none, in order."""

    def rule(rows: list[Row]) -> Iterator[Problem]:
        for row in rows:
            edges = [row[edge] for edge in ("x0", "top", "x1", "bottom")]
            if edges == [None] * 4:
                continue
            if None in edges or row["x0"] > row["x1"] or row["top"] > row["bottom"]:
                yield _at(
                    name,
                    {**row, "x0": str(edges)},
                    "x0",
                    "a box of x0 <= x1 and top <= bottom, or none",
                    "左上角在右下角之前的完整位置，或全部为空",
                )

    return rule


def one_document(*tables: list[Row]) -> Iterator[Problem]:
    """Demand that all rows are of one document."""
    ids = [row["document_id"] for rows in tables for row in rows]
    for other in sorted(set(ids) - set(ids[:1])):
        yield Problem(
            "notices",
            "document_id",
            other,
            f"{ids[0]}, as in every row of one landing",
            f"{ids[0]}（一次入库只含一个文件）",
            document_id=other,
        )


def _at(table: str, row: Row, column: str, expected: str, expected_zh: str) -> Problem:
    """Return the problem of this row's column, with the place the row was printed at."""
    position = tuple(row.get(name) for name in ("table_no", "row", "column"))
    return Problem(
        table,
        column,
        row.get(column),
        expected,
        expected_zh,
        document_id=row["document_id"],
        page=row.get("page"),
        serial_no=row.get("serial_no"),
        entity=row.get("entity"),
        position=None if None in position else position,  # type: ignore[arg-type]
    )


_PLACE = ("document_id", "page", "serial_no", "entity")
_EDGES = ("x0", "top", "x1", "bottom")
_CELL = ("table_no", "row", "column")
_NEEDED = {
    "notices": ("document_id",),
    "cells": ("document_id", "page", *_CELL, *_EDGES),
    "indicators": ("document_id", "page", "serial_no", "weight_group", "base_points", *_CELL),
    "targets": (
        *_PLACE,
        *_EDGES,
        *_CELL,
        *("weight_group", "status", "max_points", "target_text", "parts"),
        *("needs_review", "review_reason"),
    ),
    "findings": (*_PLACE, *_EDGES, *_CELL, "alternatives"),
}

_Rule = Callable[..., Iterable[Problem]]
_RULES: tuple[tuple[tuple[str, ...], _Rule], ...] = (
    (("notices", "cells", "indicators", "targets", "findings"), one_document),
    (("indicators",), serial_numbers_unbroken),
    (("indicators",), weight_groups_are_neighbours),
    (("indicators",), groups_share_their_points),
    (("indicators", "targets"), every_target_has_its_indicator),
    (("indicators", "targets"), every_indicator_has_one_target_per_entity),
    (("targets",), assessed_targets_have_points),
    (("targets",), a_group_has_one_number_of_points),
    (("targets",), what_is_not_assessed_has_no_target),
    (("targets",), doubts_say_why),
    (("targets",), operators_are_known("targets", "parts")),
    (("findings",), operators_are_known("findings", "alternatives")),
    *(
        (("cells", name), places_are_printed_cells(name))
        for name in ("indicators", "targets", "findings")
    ),
    *(((name,), boxes_are_upright(name)) for name in ("cells", "targets", "findings")),
)
