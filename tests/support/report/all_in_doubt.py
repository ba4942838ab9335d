"""A drawn year of which everything is in doubt, each kind of doubt at each kind of target."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from report.site.model import Edition
from schemas.tables.frames import rows_to_frame
from schemas.tables.registry import METHODS, MILESTONES
from tests.support.report.small_edition import rows_of_scored
from tests.support.scoring.notices import DOCUMENT, indicator, returned, target

Row = dict[str, Any]
ENTITIES = ("甲县", "乙县")
_DOUBT: Row = {"needs_review": True, "review_reason": "两次读取不一致"}
_DATES = (date(2021, 1, 12), date(2021, 1, 31))


def all_in_doubt(year: int = 2020) -> dict[str, list[Row]]:
    """Return the rows of the year: scored on two days, headings printed and not, of two entities.

    Indicators: a doubtful target that has milestones; two whose method is not applied, of which one
    is doubtful, too; one without any heading; one of which no value came; one of two parts of which
    one came; a bonus.
    """
    parts = [
        {"text": f"{name}13.57", "subject": None, "operator": ">=", "value": 13.57, "unit": None}
        for name in ("甲", "乙")
    ]
    compound: Row = {"target_kind": "compound", "target_value": None, "operator": None}
    bonus: Row = {"item_kind": "bonus", "cap": 5.0, "base_points": None}
    nothing: Row = {"level1": None, "level2": None}
    owners = [
        indicator(1, base_points=3.217, level3="指标1"),
        indicator(2, level2="创新发展", base_points=4.131),
        indicator(3, level2="创新发展", base_points=2.893),
        indicator(4, **nothing, base_points=6.379),
        indicator(5, level1="政府建设", level2="廉政", base_points=1.747),
        indicator(6, level1="政府建设", level2=None, base_points=7.613),
        indicator(7, level1="加分项", **bonus),
    ]
    targets = [_target(owner, entity) for owner in owners for entity in ENTITIES]
    for row in targets:
        if row["serial_no"] == 6:
            row |= {**compound, "parts": parts, "target_text": "甲13.57；乙13.57"}
        if row["serial_no"] == 7:
            row |= {"max_points": None, "target_kind": "none", "target_value": None}
            row |= {"operator": None, "target_text": None}
        if row["serial_no"] == 2:
            row |= {"needs_review": False, "review_reason": None}
    methods = [_method(owners[place]) for place in (1, 2)]
    steps = [_milestone(owners[0], entity) for entity in ENTITIES]
    more: Row = {
        "methods": rows_to_frame(METHODS, methods),
        "milestones": rows_to_frame(MILESTONES, steps),
    }
    rows: dict[str, list[Row]] = {}
    for day in _DATES:
        made = rows_of_scored(owners, targets, list(_returns(owners)), {**more, "as_of": day})
        for name, own in made.items():
            dated = name in {"scores", "scorecards", "rank_stability"}
            rows[name] = [*(rows.get(name, []) if dated else []), *own]
    rows["notices"][0] |= {"year": year, "title": "目标考核通知", "issuer": "某市人民政府"}
    return {**rows, "methods": methods, "milestones": steps}


def doubted_editions() -> list[Edition]:
    """Return two years of all that is in doubt, whose first indicator is the same."""
    found = []
    for year in (2020, 2019):
        rows = all_in_doubt(year)
        rows["notices"][0]["document_id"] = f"d-{year}"
        rows["indicator_keys"] = [{"serial_no": 1, "indicator_key": "growth", "name": "指标1"}]
        found.append(Edition(str(year), rows))
    return found


def _target(owner: Row, entity: str) -> Row:
    value = 100 + owner["serial_no"] * 13.37 + (0.11 if entity == ENTITIES[1] else 0)
    return target(owner, entity, target_text=f"{value:.2f}", target_value=value, **_DOUBT)


def _returns(owners: list[Row]) -> Iterator[Row]:
    """Give what came: the second value of each entity after the first day."""
    for owner in owners:
        number = owner["serial_no"]
        for place, entity in enumerate(ENTITIES):
            told: Row = {
                "source_row": 5 + number,
                "actual_value": 71.3 + number * 7.7 + place * 9.1,
            }
            if number in (2, 4):
                told["received_on"] = date(2021, 1, 20)
            if number == 6:
                told |= {"part_no": 1, "actual_value": 12.3 + place}
            if number == 7:
                told |= {"actual_value": None, "awarded_pct": 23.4 + place}
            if number != 5:
                yield returned(owner, entity, **told)


def _method(owner: Row) -> Row:
    row: Row = dict.fromkeys(METHODS.names)
    row |= {"document_id": DOCUMENT, "indicator_id": owner["indicator_id"]}
    row |= {"serial_no": owner["serial_no"], "annex": 1, "page": 3}
    return row | {"text": "按有关规定酌情计分", "status": "not_understood", "reason": "没有数"}


def _milestone(owner: Row, entity: str) -> Row:
    row: Row = dict.fromkeys(MILESTONES.names)
    row |= {name: owner[name] for name in ("document_id", "indicator_id", "serial_no")}
    row |= {"entity": entity, "period": "上半年", "text": "57.91", "value": 57.91, "page": 1}
    return row | {"cumulative": True, "needs_review": True}
