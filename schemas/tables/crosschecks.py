"""Rules that hold across rows, each a function that returns the problems it found.

They look at frames that fit their models; Pandera is not used here, since it reports a rule
over several columns once for each column of a bad row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise

from common.messages import Message, message
from schemas.records.rows import (
    AlternativeRow,
    CellRow,
    EntityRow,
    FindingRow,
    IndicatorRow,
    MethodRow,
    MilestoneRow,
    PartRow,
    TargetRow,
)
from schemas.tables.columns import COLUMNS
from schemas.tables.frames import Rows, records
from schemas.tables.problems import Problem
from schemas.vocabulary import ItemKind

#: Rows of what belongs to an indicator, of what has a cell, and of what has a box on the page.
_Owned = TargetRow | MethodRow | MilestoneRow
_Placed = _Owned | IndicatorRow | FindingRow
_Boxed = _Owned | CellRow | FindingRow
_AnyRow = Mapping[str, object]


def cross_problems(frames: Mapping[str, Rows]) -> list[Problem]:
    """Return every breach of a rule across rows in one document's frames.

    A rule is looked at where all the tables it needs are there.
    """
    needed = [name for name in frames if name in _NEEDED]
    rows = {name: records(frames[name], _NEEDED[name]) for name in needed}
    problems: list[Problem] = []
    for needs, rule in _RULES:
        if all(name in rows for name in needs):
            problems.extend(rule(*(rows[name] for name in needs)))
    return problems


def serial_numbers_unbroken(indicators: list[IndicatorRow]) -> Iterator[Problem]:
    """Demand that serial numbers are 1, 2, 3, ... in printed order."""
    for expected, row in enumerate(indicators, start=1):
        if row["serial_no"] != expected:
            yield _at(
                "indicators",
                row,
                "serial_no",
                message("schemas.misfit.serial_no", expected=expected),
            )
            return


def weight_groups_are_neighbours(indicators: list[IndicatorRow]) -> Iterator[Problem]:
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
                message("schemas.misfit.weight_group", serial_no=row["serial_no"]),
            )
        before = row


def groups_share_their_points(indicators: list[IndicatorRow]) -> Iterator[Problem]:
    """Demand that members of a weight group carry the same printed points."""
    for before, row in pairwise(indicators):
        same = row["weight_group"] == before["weight_group"]
        if same and row["base_points"] != before["base_points"]:
            yield _at(
                "indicators",
                row,
                "base_points",
                message("schemas.misfit.base_points", points=before["base_points"]),
            )


def belongs_to_an_indicator(name: str) -> _Rule:
    """Return the rule that every row of this table belongs to an indicator of the document."""

    def rule(indicators: list[IndicatorRow], rows: list[_Owned]) -> Iterator[Problem]:
        known = {row["serial_no"] for row in indicators}
        for row in rows:
            if row["serial_no"] not in known:
                yield _at(name, row, "serial_no", message("schemas.misfit.indicator"))

    return rule


def every_indicator_has_one_target_per_entity(
    indicators: list[IndicatorRow], targets: list[TargetRow]
) -> Iterator[Problem]:
    """Demand of every indicator one target, if only not assessed, for each entity of its annex."""
    entities: dict[int | None, dict[str | None, None]] = {}
    for target in targets:
        entities.setdefault(target["annex"], {})[target["entity"]] = None
    present = {(target["serial_no"], target["entity"]) for target in targets}
    for row in indicators:
        for entity in entities.get(row["annex"]) or (None,):
            if (row["serial_no"], entity) not in present:
                yield _at(
                    "targets",
                    {**row, "entity": entity, "target_text": None},
                    "target_text",
                    message("schemas.misfit.one_target"),
                )


def every_entity_is_listed(
    targets: list[TargetRow], entities: list[EntityRow]
) -> Iterator[Problem]:
    """Demand that whoever has a target of an annex is listed among its entities."""
    listed = {(row["annex"], row["entity"]) for row in entities}
    for row in targets:
        if (row["annex"], row["entity"]) not in listed:
            yield _at("targets", row, "entity", message("schemas.misfit.entity"))


def assessed_targets_have_points(targets: list[TargetRow]) -> Iterator[Problem]:
    """Demand that every assessed target of a scored item has the points that can be reached."""
    for row in targets:
        scored = row["item_kind"] in _SCORED
        if scored and row["status"] == "assessed" and row["max_points"] is None:
            yield _at(
                "targets",
                row,
                "max_points",
                message("schemas.misfit.points"),
            )


def a_group_has_one_number_of_points(targets: list[TargetRow]) -> Iterator[Problem]:
    """Demand one number of points of a group's assessed members for one entity."""
    points: dict[tuple[int, str], float | None] = {}
    for row in targets:
        if row["status"] != "assessed":
            continue
        first = points.setdefault((row["weight_group"], row["entity"]), row["max_points"])
        if row["max_points"] != first:
            yield _at(
                "targets",
                row,
                "max_points",
                message("schemas.misfit.max_points", points=first),
            )


def points_are_of_scored_items(name: str, column: str) -> _Rule:
    """Return the rule that only scored items have points, and only others a cap."""

    def rule(rows: list[_AnyRow]) -> Iterator[Problem]:
        for row in rows:
            scored = row["item_kind"] in _SCORED
            wrong = "cap" if scored else column
            if row[wrong] is not None:
                yield _at(name, row, wrong, message("schemas.misfit.item_kind"))

    return rule


def what_is_not_assessed_has_no_target(targets: list[TargetRow]) -> Iterator[Problem]:
    """Demand that a target that does not apply to the entity has no text."""
    for row in targets:
        if row["status"] == "not_assessed" and row["target_text"] is not None:
            yield _at("targets", row, "target_text", message("schemas.misfit.no_text"))


def reviews_have_a_reason(targets: list[TargetRow]) -> Iterator[Problem]:
    """Demand a reason of every value to review."""
    for row in targets:
        if row["needs_review"] and not row["review_reason"]:
            yield _at("targets", row, "review_reason", message("schemas.misfit.reason"))


def operators_of_parts_are_known(targets: list[TargetRow]) -> Iterator[Problem]:
    """Demand that parts use the operators that targets use."""
    for row in targets:
        yield from _unknown_operators("targets", row, "parts", row["parts"])


def operators_of_alternatives_are_known(findings: list[FindingRow]) -> Iterator[Problem]:
    """Demand that other readings use the operators that targets use."""
    for row in findings:
        yield from _unknown_operators("findings", row, "alternatives", row["alternatives"])


def _unknown_operators(
    table: str, row: _AnyRow, column: str, told: Iterable[PartRow | AlternativeRow] | None
) -> Iterator[Problem]:
    for each in told or ():
        if each["operator"] not in (*COLUMNS["operator"].values, None):
            yield Problem.of(row, table, column, each["operator"], COLUMNS["operator"].expected)


def places_are_printed_cells(name: str) -> _Rule:
    """Return the rule that each row of this table has the place of a printed cell, or none."""

    def rule(cells: list[CellRow], rows: list[_Placed]) -> Iterator[Problem]:
        printed = {(cell["table_no"], cell["row"], cell["column"]) for cell in cells}
        for row in rows:
            place = row["table_no"], row["row"], row["column"]
            if place != (None, None, None) and place not in printed:
                yield _at(name, row, "table_no", message("schemas.misfit.cell"))

    return rule


def boxes_are_upright(name: str) -> _Rule:
    """Return the rule that a box of this table has all four edges or none, in order."""

    def rule(rows: list[_Boxed]) -> Iterator[Problem]:
        for row in rows:
            x0, top, x1, bottom = edges = row["x0"], row["top"], row["x1"], row["bottom"]
            if x0 is None or top is None or x1 is None or bottom is None:
                wrong = edges != (None, None, None, None)
            else:
                wrong = x0 > x1 or top > bottom
            if wrong:
                expected = message("schemas.misfit.box")
                yield Problem.of(row, name, "x0", str([*edges]), expected)

    return rule


def one_document(*tables: list[_AnyRow]) -> Iterator[Problem]:
    """Demand that all rows are of one document."""
    ids = [row["document_id"] for rows in tables for row in rows]
    for other in sorted(set(ids) - set(ids[:1]), key=str):
        yield Problem(
            "notices",
            "document_id",
            other,
            message("schemas.misfit.document", document_id=ids[0]),
            document_id=other,
        )


def _at(table: str, row: _AnyRow, column: str, expected: Message) -> Problem:
    """Return the problem of this row's column."""
    return Problem.of(row, table, column, row.get(column), expected)


#: Item kinds whose points make up the whole; of older rows it is not kept, and all were.
_SCORED = (ItemKind.SCORED, None)
_PLACE = ("document_id", "page", "serial_no", "entity")
_EDGES = ("x0", "top", "x1", "bottom")
_CELL = ("table_no", "row", "column")
_ITEM = ("annex", "item_kind", "cap")
_NEEDED = {
    "notices": ("document_id",),
    "cells": ("document_id", "page", *_CELL, *_EDGES),
    "indicators": (
        "document_id",
        "page",
        "serial_no",
        "weight_group",
        "base_points",
        *_ITEM,
        *_CELL,
    ),
    "targets": (
        *_PLACE,
        *_EDGES,
        *_CELL,
        *("weight_group", "status", "max_points", "target_text", "parts"),
        *("needs_review", "review_reason"),
        *_ITEM,
    ),
    "methods": (*(name for name in _PLACE if name != "entity"), *_EDGES, *_CELL),
    "milestones": (*_PLACE, *_EDGES, *_CELL),
    "entities": ("document_id", "annex", "entity"),
    "findings": (*_PLACE, *_EDGES, *_CELL, "alternatives"),
}

_Rule = Callable[..., Iterable[Problem]]
_RULES: tuple[tuple[tuple[str, ...], _Rule], ...] = (
    (tuple(_NEEDED), one_document),
    (("indicators",), serial_numbers_unbroken),
    (("indicators",), weight_groups_are_neighbours),
    (("indicators",), groups_share_their_points),
    *(
        (("indicators", name), belongs_to_an_indicator(name))
        for name in ("targets", "methods", "milestones")
    ),
    (("indicators", "targets"), every_indicator_has_one_target_per_entity),
    (("targets", "entities"), every_entity_is_listed),
    (("targets",), assessed_targets_have_points),
    (("indicators",), points_are_of_scored_items("indicators", "base_points")),
    (("targets",), points_are_of_scored_items("targets", "max_points")),
    (("targets",), a_group_has_one_number_of_points),
    (("targets",), what_is_not_assessed_has_no_target),
    (("targets",), reviews_have_a_reason),
    (("targets",), operators_of_parts_are_known),
    (("findings",), operators_of_alternatives_are_known),
    *(
        (("cells", name), places_are_printed_cells(name))
        for name in ("indicators", "targets", "methods", "milestones", "findings")
    ),
    *(
        ((name,), boxes_are_upright(name))
        for name in ("cells", "targets", "methods", "milestones", "findings")
    ),
)
