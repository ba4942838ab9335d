"""Points cells: a base, exceptions for named entities, and nothing dropped silently."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from common.numbers import exact, show
from normalize.points.alternatives import as_points
from normalize.points.cell import read_points
from normalize.text.entities import match_entity
from tests.support.for_each import for_each
from tests.support.paths import TESTS
from tests.support.yaml_files import read_yaml

ENTITIES = ("雁江区", "安岳县", "乐至县", "高新区", "临空经济区")
CASES: list[dict[str, Any]] = read_yaml(TESTS / "normalize/cases" / "points.yaml")


@for_each("case", CASES)
def test_case(case: dict[str, Any]) -> None:
    reading = read_points(case["text"], ENTITIES)
    assert reading.base == case.get("base")
    assert reading.exceptions == case.get("exceptions", {})
    found = [{doubt.code: [each.text for each in doubt.alternatives]} for doubt in reading.doubts]
    assert found == case.get("doubts", [])


def test_each_entity_has_its_points() -> None:
    reading = read_points("2（乐至县2.5）", ENTITIES)
    assert [reading.of(entity) for entity in ENTITIES] == [2, 2, 2.5, 2, 2]


@pytest.mark.parametrize(
    ("text", "right"),
    read_yaml(TESTS / "normalize/cases" / "numbers.yaml")["points"].items(),
)
def test_a_comma_groups_thousands_or_is_a_doubt(text: str, right: float | None) -> None:
    reading = read_points(text, ENTITIES)
    assert bool(reading.doubts) == (right is None)
    if right is not None:
        assert reading.base == right


@for_each(
    "name, expected",
    [
        ("高新区", ("高新区",)),
        ("高新区管委会", ("高新区",)),
        ("资阳市雁江区", ("雁江区",)),
        ("高新", ("高新区",)),
        ("临空区", ("临空经济区",)),
        ("经开区", ()),
        ("县", ()),
        ("", ()),
    ],
)
def test_entity_named_in_passing(name: str, expected: tuple[str, ...]) -> None:
    assert match_entity(name, ENTITIES) == expected


def test_ambiguous_name_is_no_match() -> None:
    entities = ("东兴区", "东兴县", "市中区")
    assert len(match_entity("东兴", entities)) == 2
    codes = [doubt.code for doubt in read_points("2（东兴3）", entities).doubts]
    assert codes == ["points_entity_ambiguous"]


@settings(max_examples=50)
@example("1,000")
@example("0,001")
@example("1,200（高新区0,5）")
@given(st.text(alphabet="0123456789.分高新区临空经济县雁江（）(),，、； \n+-各Ol其余", max_size=25))
def test_every_number_is_kept_or_doubted(text: str) -> None:
    reading = read_points(text, ENTITIES)
    if reading.doubts:
        return
    kept = [reading.base, *reading.exceptions.values()]
    values = {show(value) for value in kept if value is not None}
    for number in re.findall(r"[0-9]+(?:[,，][0-9]+)*(?:\.[0-9]+)?", reading.text):
        value = exact(number)
        assert value is not None and show(value) in values, number


@settings(max_examples=50)
@given(
    st.dictionaries(st.sampled_from(ENTITIES), st.integers(0, 200), min_size=1), st.integers(0, 99)
)
def test_printed_exceptions_come_back(exceptions: dict[str, int], base: int) -> None:
    halves = {entity: half / 2 for entity, half in exceptions.items()}
    text = str(base) + "".join(f"（{entity}{show(value)}）" for entity, value in halves.items())
    reading = read_points(text, ENTITIES)
    assert (reading.base, reading.exceptions, reading.doubts) == (base, halves, ())


@pytest.mark.parametrize(
    ("text", "exceptions"),
    [
        ("0.5（太和县6）", {"太和县": 6.0}),
        ("1（甲县和乙县2）", {"甲县": 2.0, "乙县": 2.0}),
        ("1（太和县和乙县2）", {"太和县": 2.0, "乙县": 2.0}),
        ("1（各太和县、乙县和甲县2）", {"太和县": 2.0, "乙县": 2.0, "甲县": 2.0}),
    ],
)
def test_a_joint_within_an_entitys_name_joins_nothing(
    text: str, exceptions: dict[str, float]
) -> None:
    reading = read_points(text, ["太和县", "甲县", "乙县"])
    assert reading.exceptions == exceptions
    assert not reading.doubts


@for_each(
    "text, readings",
    [
        ("3.O", [("3", None, ""), ("30", 30, "甲县乙县"), ("0", 0, "甲县乙县")]),
        ("1（乙县 1 5）", [("15", None, ""), ("1", 1, "乙县"), ("5", 5, "乙县")]),
        ("1（乙县）", [("1", 1, "")]),
        ("10/15", [("10", 10, "甲县乙县"), ("15", 15, "甲县乙县"), ("25", 25, "甲县乙县")]),
        ("1（乙县2）（乙县3）", [("2", 2, "乙县"), ("3", 3, "乙县")]),
        ("-1", [("0", 0, "甲县乙县"), ("1", 1, "甲县乙县"), ("-1", None, "")]),
    ],
)
def test_other_readings_say_which_points_they_give_to_whom(
    text: str, readings: list[tuple[str, float | None, str]]
) -> None:
    entities = ("甲县", "乙县")
    reading = read_points(text, entities)
    (found,) = (as_points(each, reading, entities) for each in reading.doubts)
    joined = itertools.groupby(found.alternatives, key=lambda o: (o.text, o.max_points))
    assert [(*key, "".join(o.entity or "" for o in group)) for key, group in joined] == readings
