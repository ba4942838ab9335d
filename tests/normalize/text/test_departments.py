"""Departments of a cell, however they are parted."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from common.fold import clean
from normalize.text.departments import looks_like_department, split_departments
from normalize.text.near_departments import near_name
from tests.support.for_each import for_each
from tests.support.paths import TESTS
from tests.support.yaml_files import read_yaml

CASES: list[dict[str, Any]] = read_yaml(TESTS / "normalize/cases" / "departments.yaml")
NAMES = sorted(
    {name for case in CASES for name in case["names"] if looks_like_department(name) == 1}
)


@for_each("case", CASES)
def test_case(case: dict[str, Any]) -> None:
    reading = split_departments(case["text"].replace("|", "\n"))
    assert list(reading.names) == case["names"]
    assert list(reading.supporting) == case.get("supporting", [])
    assert [doubt.code for doubt in reading.doubts] == case.get("doubts", [])


@for_each("name, likeness", [("市人行", 1.0), ("建行", 0.7), ("经济运行", 0.0), ("依法行政", 0.0)])
def test_banks_are_known_by_their_names(name: str, likeness: float) -> None:
    assert looks_like_department(name) == likeness


def test_names_known_from_the_document_part_a_text() -> None:
    known = ("成资办", "水务局")
    assert split_departments("市水利局水务局", known).names == ("市水利局", "水务局")
    assert split_departments("成资办", known).doubts == ()


@settings(max_examples=40)
@given(
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True),
    st.sampled_from("、，；/"),
)
def test_listed_names_come_back(names: list[str], sign: str) -> None:
    assert split_departments(sign.join(names)).names == tuple(names)


@settings(max_examples=40)
@given(
    st.lists(
        st.sampled_from([n for n in NAMES if n[0] == "市"]), min_size=1, max_size=4, unique=True
    )
)
def test_names_on_lines_of_their_own_come_back(names: list[str]) -> None:
    assert split_departments("\n".join(names)).names == tuple(names)


@settings(max_examples=40)
@given(st.text(max_size=30))
def test_no_letter_vanishes(text: str) -> None:
    reading = split_departments(text)
    kept = "".join((*reading.names, *reading.supporting))
    letters = {letter for letter in clean(text) if letter.isalnum()}
    dropped = letters - set(kept)
    assert (
        not dropped
        or not reading.names
        or dropped <= set("牵头配合责任主办协助参与负考核单位部门评数据提供加na不考核涉及")
    )


def test_a_name_wrapped_behind_a_syllable_that_ends_others_is_one() -> None:
    assert split_departments("市人力资源社会\n保障局").names == ("市人力资源社会保障局",)
    assert split_departments("市卫生健康委\n市发展改革委").names == ("市卫生健康委", "市发展改革委")


def test_the_beginning_of_another_name_behind_a_whole_one_is_doubted() -> None:
    """No office of a department is called 市科: the rest of 市科技局 stands elsewhere."""
    found = split_departments("市政务服务局\n市人力资源社会保障局\n市科")
    assert [each.code for each in found.doubts] == ["department_unknown"]
    assert split_departments("市教育局基础教育科").doubts == ()


def test_a_name_without_the_place_that_the_document_prints_it_with_is_doubted() -> None:
    printed = {"市财政局": 3, "市住房城乡建设局": 2, "市统计局": 1, "住房城乡建设局": 1}
    assert near_name("住房城乡建设局", printed) == ("市住房城乡建设局",)
    # Names without a place are usual there, or it is printed with none.
    assert near_name("住房城乡建设局", printed | {"教育局": 1, "审计局": 1}) == ()
    del printed["市住房城乡建设局"]
    assert near_name("住房城乡建设局", printed) == ()
