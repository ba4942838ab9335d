"""Cleaning, comparing, ordinals and signs."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from common.fold import clean, fold
from common.numbers import chinese
from normalize.text.clean import not_assessed, strip_ordinal, unbalanced, without_sequel
from normalize.text.numerals import in_digits
from tests.support.for_each import for_each
from tests.support.paths import TESTS
from tests.support.yaml_files import read_yaml

CASES: dict[str, Any] = read_yaml(TESTS / "normalize/cases" / "text.yaml")


@for_each("printed, kept", CASES["clean"])
def test_clean(printed: str, kept: str) -> None:
    assert clean(printed) == kept


@for_each("printed, kept", CASES["ordinal"])
def test_ordinal(printed: str, kept: str) -> None:
    assert strip_ordinal(printed) == kept


@for_each(
    "printed, name",
    [
        ("经济发展（续）", "经济发展"),
        ("经济发展(续上页)", "经济发展"),
        ("接续工程", "接续工程"),
        ("（续建）", "（续建）"),
    ],
)
def test_a_heading_that_goes_on_is_called_as_before(printed: str, name: str) -> None:
    assert without_sequel(printed) == name


@for_each("one, other", CASES["same"])
def test_fold_joins(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), CASES["different"])
def test_fold_keeps_apart(one: object, other: str) -> None:
    assert fold(str(one)) != fold(other)


@for_each("text", CASES["not_assessed"])
def test_sign(text: str) -> None:
    assert not_assessed(text)


@for_each("text", CASES["assessed"])
def test_no_sign(text: str) -> None:
    assert not not_assessed(text)


@for_each(
    "text, lonely",
    [
        ("按《县(区)细则》", ()),
        ("（高新区)", ()),
        ("落实《资阳市工作", ("《",)),
        ("按细则》考核", ("》",)),
        ("《甲〈乙〉丙》", ()),
        ("“三保", ("“",)),
        ("3（高新区6", ("（",)),
    ],
)
def test_unbalanced(text: str, lonely: tuple[str, ...]) -> None:
    assert unbalanced(text) == lonely


def test_every_radical_becomes_an_ideograph() -> None:
    for code in (*range(0x2E80, 0x2EF4), *range(0x2F00, 0x2FD6)):
        name = unicodedata.name(chr(code), "")
        seen = clean(chr(code))
        if name and code not in {0x2E80}:
            assert unicodedata.name(seen).startswith("CJK UNIFIED IDEOGRAPH"), hex(code)


@given(st.text())
def test_clean_is_idempotent(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert once.encode("utf-8").decode("utf-8") == once


@example("A´")  # an accent that joins its letter only once folding has made it one
@given(st.text())
def test_fold_is_idempotent_and_looks_through_cleaning(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(clean(text)) == fold(text)


@given(st.text())
def test_ordinals_never_eat_a_text(text: str) -> None:
    rest = strip_ordinal(text)
    assert clean(text).endswith(rest)
    assert bool(rest) == bool(clean(text))
    assert strip_ordinal(rest) == rest


@given(st.text(max_size=10))
def test_a_sign_is_never_a_number(text: str) -> None:
    assert not (not_assessed(text) and any(character in "123456789" for character in text))


@for_each(
    "text, number",
    [
        ("三", 3), ("两", 2), ("十", 10), ("十二", 12), ("二十", 20), ("三十五", 35), ("一百", 100),
        ("一百二十", 120), ("一百零五", 105), ("三千", 3000), ("二千零二十", 2020),
        ("", None), ("零", None), ("十百", None), ("一二", None),
        ("百", 100), ("千", 1000), ("三百千", None),
    ],
)  # fmt: skip
def test_chinese_numerals(text: str, number: float | None) -> None:
    assert chinese(text) == number


@for_each(
    "text, digits",
    [
        ("不少于三次", "不少于3次"),
        ("十二亿元", "12亿元"),
        ("新建三所学校", "新建3所学校"),
        ("完成三个一批", "完成三个一批"),
        ("第三次会议", "第三次会议"),
        ("三级以上", "三级以上"),
        ("一二三产业融合", "一二三产业融合"),
    ],
)
def test_numerals_that_are_numbers_are_written_in_digits(text: str, digits: str) -> None:
    assert in_digits(text) == digits
