"""The province's one figure: asked once, taken for each entity, never two of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from common.refusal import Refusal
from returns.form_lines import document_lines
from returns.one_figure import Declared, with_one_figure
from returns.receipt import receipt_of
from returns.rows import return_rows
from schemas.records.forms import DocumentLines, FormLine
from tests.support.for_each import for_each
from tests.support.returns.samples import ENTITIES, book, document, row

N = None


def lines(said: Declared = None, text: str = "按全省平均水平比较考核") -> tuple[FormLine, ...]:
    rows = [
        row("tianhe-2021", 3, entity, "城镇化率", "%", "benchmark", text, None, ("市统计局",))
        for entity in ENTITIES
    ]
    return with_one_figure(document_lines(rows), said, "tianhe-2021")


def own() -> DocumentLines:
    made = with_one_figure(document().lines, None, "tianhe-2021")
    return replace(document(), lines=made)


def rate(entity: str, actual: Any, figure: Any = None) -> tuple[Any, ...]:
    return (3, "城镇化率", entity, N, N, "%", actual, N, figure, N, N)


@for_each(
    "said, text, one",
    [
        (None, "按全省平均水平比较考核", True),
        (None, "高于全市平均增速0.5个百分点", True),
        (None, "高于平均水平", False),
        (None, "高于全省同类县平均水平", False),
        (None, "全省排名进位", False),
        (False, "按全省平均水平比较考核", False),
        (True, "高于平均水平", True),
        ((3,), "高于平均水平", True),
        (("城镇化率",), "高于平均水平", True),
    ],
)
def test_evidence(said: Declared, text: str, one: bool) -> None:
    made = lines(said, text)
    assert {line.one_figure for line in made} == {one}
    assert [line.asks_figure for line in made] == ([True, False, False] if one else [True] * 3)


def test_targets_that_differ_name_no_one_figure() -> None:
    rows = [
        row("d", 3, entity, "城镇化率", "%", "benchmark", f"高于全省平均{n}%", None, ("市统计局",))
        for n, entity in enumerate(ENTITIES)
    ]
    assert not any(line.one_figure for line in with_one_figure(document_lines(rows), None, "d"))


def test_what_is_compared_with_nothing_is_refused_by_name() -> None:
    with pytest.raises(Refusal, match="99"):
        lines((99,))


def test_it_is_taken_for_each_entity() -> None:
    made = book(rate("东河区", 51.2, 56.7), rate("南屏县", 44.0), rate("高新区", N))
    receipt = receipt_of(made, (own(),))
    assert [(each.line.entity, each.benchmark_value) for each in receipt.values] == [
        ("东河区", 56.7), ("南屏县", 56.7),
    ]  # fmt: skip
    assert receipt.to_look_at == ()


def test_its_row_need_not_bring_a_value_nor_be_taken() -> None:
    for actual, refused in ((N, []), ("基本完成", ["text_for_number"])):
        made = book(rate("东河区", actual, 56.7), rate("南屏县", 44.0))
        receipt = receipt_of(made, (own(),))
        assert [each.code for each in receipt.refused] == refused
        assert [(each.line.entity, each.benchmark_value) for each in receipt.values] == [
            ("南屏县", 56.7)
        ]


def test_two_figures_are_a_question_and_nothing_is_taken() -> None:
    made = book(rate("东河区", 51.2, 56.7), rate("南屏县", 44.0, 57.7))
    receipt = receipt_of(made, (own(),))
    assert receipt.values == ()
    assert [(each.code, each.row) for each in receipt.refused] == [
        ("two_figures", 4), ("two_figures", 5),
    ]  # fmt: skip


def test_a_figure_alone_is_named() -> None:
    receipt = receipt_of(book(rate("东河区", N, 56.7)), (own(),))
    assert [each.code for each in receipt.refused] == ["figure_alone"]


def test_a_later_return_without_it_keeps_the_landed_one() -> None:
    first = receipt_of(book(rate("东河区", 51.2, 56.7), rate("南屏县", 44.0)), (own(),))
    landed = return_rows(first, date(2021, 1, 8), [])
    later = receipt_of(replace(book(rate("南屏县", 45.0)), source_sha256="cd" * 32), (own(),))
    assert [each.code for each in later.to_look_at] == ["no_one_figure"]
    (row_,) = return_rows(later, date(2021, 1, 9), landed)
    assert (row_["actual_value"], row_["benchmark_value"], row_["revision"]) == (45.0, 56.7, 2)


def test_each_its_own_where_nothing_says_that_it_is_one() -> None:
    made = book(rate("东河区", 51.2, 56.7), rate("南屏县", 44.0, 57.7))
    receipt = receipt_of(made, (document(),))
    assert [each.benchmark_value for each in receipt.values] == [56.7, 57.7]
