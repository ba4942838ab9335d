"""Target cells are typed as an official reads them, and no number of theirs is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from common.fold import clean
from common.numbers import exact, show
from normalize.model.doubt import doubt
from normalize.targets.alternatives import as_targets
from normalize.targets.masks import mask_non_measures
from normalize.targets.model import TargetContext, target_context
from normalize.targets.reader import read_target
from schemas.records.notice import Alternative
from schemas.vocabulary import Direction
from tests.support.for_each import for_each
from tests.support.normalize.spoken import read, said, spoken
from tests.support.paths import TESTS
from tests.support.yaml_files import read_yaml

CASES: list[dict[str, Any]] = read_yaml(TESTS / "normalize/cases" / "targets.yaml")
NUMBERS: dict[str, Any] = read_yaml(TESTS / "normalize/cases" / "numbers.yaml")
NUMERIC = {"number", "limit", "approximate", "quantity", "growth", "compound", "range", "rank"}


HIGHER = target_context("", None, Direction.HIGHER)


def test_cases_are_read_as_they_say() -> None:
    read_otherwise = []
    for case in CASES:
        target = read(case["text"], case.get("indicator", ""))
        codes = [doubt.code for doubt in target.doubts]
        found = (target.kind, spoken(target, case.get("says")), codes)
        if found != (case["kind"], case.get("says"), case.get("doubts", [])):
            read_otherwise.append((case, found))
    assert read_otherwise == []


def test_compound_has_its_numbers_in_parts_only() -> None:
    target = read("1户,完成率100%")
    assert (target.operator, target.value, target.unit) == (None, None, None)
    assert [part.text for part in target.parts] == ["1户", "完成率100%"]


def test_doubts_speak_chinese_and_list_readings() -> None:
    (doubt,) = read("3,5", "率（%）").doubts
    readings = [each.text for each in doubt.alternatives]
    assert readings[0] == "3.5"
    assert "35" in readings
    assert re.search("[㐀-鿿]", doubt.message_zh)


@for_each("text, right", NUMBERS["targets"].items())
def test_a_comma_within_a_number_groups_thousands_or_is_a_doubt(
    text: str, right: float | None
) -> None:
    target = read(text)
    doubtful = any(doubt.code == "number_lookalike" for doubt in target.doubts)
    if right is None:
        assert doubtful
        assert not target.parts
    else:
        assert not doubtful
        assert (target.value if target.value is not None else target.parts[0].value) == right


@pytest.mark.parametrize("text", ["第1,2季度完成", "4,6月底前完成", "1,200+300", "A1,200"])
def test_a_number_that_a_label_tears_at_a_comma_is_a_doubt(text: str) -> None:
    assert "number_unread" in [doubt.code for doubt in read(text).doubts]


def other_reading(text: str, reading: str) -> Alternative:
    taken = read(text)
    found = doubt("readers_disagree", (reading,), mine="", other="")
    (other,) = as_targets(found, text, HIGHER, taken)
    return other


@pytest.mark.parametrize(
    ("case", "says"),
    [*zip(NUMBERS["intervals"], ["<= -58 %", "<= 3 起", ">= 80 户", "<= 3 天"], strict=True)],
    ids=lambda case: case[0] if isinstance(case, list) else case,
)
def test_another_reading_keeps_operator_sign_and_unit(case: list[Any], says: str) -> None:
    text, reading, *_ = case
    other = other_reading(text, reading)
    assert other.text == reading
    assert said(other.operator, other.value, other.unit) == says


@for_each(
    "text, reading, says",
    [
        ("8", "不低于3", ">= 3"),
        ("增长8%", "下降8%", "<= -8 %"),
        ("不低于8%", "<=", "<= 8 %"),
        ("8%", "按要求考核", ""),
        ("渔船8艘，网箱3个", "5", ">= 5"),
        ("8%", "", ""),
    ],
)
def test_another_reading_of_the_whole_text_is_typed_like_a_print(
    text: str, reading: str, says: str
) -> None:
    other = other_reading(text, reading)
    assert said(other.operator, other.value, other.unit) == says


def test_readings_of_a_doubtful_number_are_read_in_its_place() -> None:
    taken = read("下降5..8%")
    (doubtful,) = taken.doubts
    others = as_targets(doubtful, "下降5..8%", HIGHER, taken)
    assert [(o.text, o.operator, o.value, o.unit) for o in others][:2] == [
        ("5.8", "<=", -5.8, "%"),
        ("58", "<=", -58.0, "%"),
    ]


@for_each("text, readings", NUMBERS["damaged"].items())
def test_a_damaged_number_is_one_doubt_with_all_readings(text: str, readings: list[str]) -> None:
    target = read(text)
    (doubtful,) = target.doubts
    others = as_targets(doubtful, text, HIGHER, target)
    assert [said(o.operator, o.value, o.unit) for o in others] == readings
    assert said(target.operator, target.value, target.unit) == readings[0]
    assert not target.parts


WORDS = [
    "低于",
    "不高于",
    "控制在",
    "增长",
    "约",
    "≥",
    "新建",
    "产量",
    "达到",
    "新增参保",
    "完成率",
]
LIMITS = WORDS[:6]
PRINTED = ["1.5", "4.6", "98.5", "83", "300", "12.25", "1,200", "12,345.6"]
SUFFIXES = ["%", "户", "天之内", "%以内", "%左右", "%以上", "亿元", "个百分点"]
HURT = st.sampled_from("lIOoSBZQ|.．,，。·:：'’;；、 ")


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, str]:
    """Return a text as meant, and with a sign or letter more or in a digit's or point's place."""
    word, suffix = draw(st.sampled_from(["", *WORDS])), draw(st.sampled_from(["", *SUFFIXES]))
    number, sign = draw(st.sampled_from(PRINTED)), draw(HURT)
    at = draw(st.integers(0, len(number)))
    hurt = number[:at] + sign + number[at + draw(st.integers(0, 1)) :]
    assume(exact(clean(hurt)) is None)
    # What no one can see: a shorter number behind a sign that opens or ends a clause, a name (S83).
    assume(at > 0 or sign in "lIOo|.．·'" or (word in LIMITS and sign not in ":： "))
    assume(suffix or clean(hurt)[-1:] not in "。;；")
    return f"{word}{number}{suffix}", f"{word}{hurt}{suffix}"


@settings(max_examples=60)
@given(damaged())
def test_a_damaged_number_is_a_doubt_or_the_number_meant(texts: tuple[str, str]) -> None:
    meant, printed = map(read, texts)
    assert printed.doubts or (printed.operator, printed.value) == (meant.operator, meant.value)


def test_a_stretch_goal_is_another_reading() -> None:
    (doubtful,) = read("保8%争9%").doubts
    assert [(o.operator, o.value, o.unit) for o in doubtful.alternatives] == [
        (">=", 8.0, "%"),
        (">=", 9.0, "%"),
    ]


PIECES = st.sampled_from(
    (TESTS / "normalize/cases" / "target_pieces.txt").read_text("utf-8").split()
)
TEXTS = st.lists(PIECES | st.just(" "), max_size=9).map("".join)
NUMBER = re.compile(r"[0-9]+(?:[,，][0-9]{3})*(?:[.．][0-9]+)?")


@settings(max_examples=50)
@given(TEXTS)
def test_no_number_vanishes(text: str) -> None:
    target = read_target(text, target_context("指标"))
    if target.doubts or target.kind == "none":
        return
    kept = [target.value, *(part.value for part in target.parts)]
    values = {show(abs(value)) for value in kept if value is not None}
    measured = NUMBER.findall(mask_non_measures(clean(text)))
    if target.kind == "zero_tolerance":
        return
    for number in measured:
        plain = re.sub("[,，]", "", number).replace("．", ".")
        assert show(float(plain)) in values, (text, target)


@settings(max_examples=50)
@given(st.one_of(TEXTS, st.text(max_size=40)))
def test_any_text_gives_a_consistent_target(text: str) -> None:
    target = read_target(text, target_context(text[:5], text[5:7] or None, Direction.HIGHER))
    if target.kind == "range":
        assert (target.value, target.operator) == (target.parts[0].value, None)
    elif target.kind == "previous_value":
        assert target.operator
        assert target.value is None
    else:
        assert (target.value is None) == (target.operator is None)
    if target.kind in NUMERIC - {"compound"}:
        assert target.value is not None
    if target.kind == "compound":
        assert len(target.parts) > 1
        assert target.value is None
    if target.kind == "none" and clean(text):
        from normalize.text.clean import not_assessed

        assert target.doubts or not_assessed(text)


@for_each(
    "text, value, method",
    [
        ("95%以上，达不到的按每1个百分点0.5分扣减", 95, "达不到的按每1个百分点0.5分扣减"),
        ("10（少1个扣1分）", 10, "少1个扣1分"),
        ("98%（以98%为满分线，每下降1个点扣0.1分）", 98, "以98%为满分线，每下降1个点扣0.1分"),
        ("100%，少一项0.5分", 100, "少一项0.5分"),
        ("10个，每少1个按2分扣减", 10, "每少1个按2分扣减"),
        ("95%，不达标按0.5分/百分点扣", 95, "不达标按0.5分/百分点扣"),
        ("10家，缺1家，扣1分", 10, "缺1家，扣1分"),
        ("完成率95%，按差额比例折减", 95, "按差额比例折减"),
    ],
)
def test_a_clause_of_points_is_no_part_of_a_target(text: str, value: float, method: str) -> None:
    found = read_target(text, TargetContext())
    assert (found.value, found.parts, found.method, found.doubts) == (value, (), method, ())


def test_a_part_in_points_is_asked_about_unless_points_are_what_is_measured() -> None:
    codes = [d.code for d in read_target("95%，0.5分", TargetContext()).doubts]
    assert codes == ["parts_unclear"]
    for text in ("群众满意度不低于90分，投诉不超过5件", "达到90分，排名前3"):
        assert not read_target(text, TargetContext()).doubts
