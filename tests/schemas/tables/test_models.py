"""What does not fit is refused, and the refusal says which cell of which page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from common.messages import Message
from common.refusal import Refusal
from schemas.records.document import CellKey
from schemas.records.notice import Notice, Part
from schemas.tables.models import model, validate, warm_up
from schemas.tables.problems import Problem, refuse
from schemas.tables.registry import DOCUMENT_TABLES, TABLES
from tests.support.schemas.frames import document_frames
from tests.support.schemas.records import PROVENANCE, small_document, small_notice

Frames = dict[str, pd.DataFrame]


def frames_of(notice: Notice) -> Frames:
    return document_frames(small_document(), notice, PROVENANCE)


def with_target(place: int, **changes: Any) -> Frames:
    """Return frames in which one target (counted from 0 in printed order) is changed."""
    notice = small_notice()
    targets = list(notice.targets)
    targets[place] = replace(targets[place], **changes)
    return frames_of(replace(notice, targets=tuple(targets)))


def with_indicator(place: int, **changes: Any) -> Frames:
    notice = small_notice()
    indicators = list(notice.indicators)
    indicators[place] = replace(indicators[place], **changes)
    return frames_of(replace(notice, indicators=tuple(indicators)))


def with_finding(**changes: Any) -> Frames:
    notice = small_notice()
    return frames_of(
        replace(notice, findings=(replace(notice.findings[0], **changes), notice.findings[1]))
    )


def refusal_of(frames: Frames) -> Refusal:
    with pytest.raises(Refusal) as refused:
        validate(frames)
    assert refused.value.code == "invalid_table"
    return refused.value


def test_a_sound_document_passes() -> None:
    warm_up()
    validate(frames_of(small_notice()))


@pytest.mark.parametrize(
    ("make", "english", "chinese"),
    [
        (
            lambda: with_target(4, status="perhaps"),
            "targets.status (page 1, indicator 2, 南屏县): found “perhaps”, expected one of",
            "第 1 页，第 2 项指标，南屏县，targets.status：现为 “perhaps”",
        ),
        (
            lambda: with_target(0, target_kind="guess"),
            "targets.target_kind (page 1, indicator 1, 东河区)",
            "number、limit",
        ),
        (
            lambda: with_target(1, operator="=>"),
            "targets.operator (page 1, indicator 1, 南屏县): found “=>”",
            ">=、>、<=、<、=、~ 之一",
        ),
        (
            lambda: with_target(2, target_value=float("nan")),
            "targets.target_value (page 1, indicator 1, 高新区): found nan",
            "现为 nan",
        ),
        (
            lambda: with_target(2, target_value=float("inf")),
            "targets.target_value (page 1, indicator 1, 高新区): found inf",
            "现为 inf",
        ),
        (
            lambda: with_target(3, page=0),
            "targets.page (page 0, indicator 2, 东河区): found 0, expected at least 1",
            "不小于 1",
        ),
        (
            lambda: with_target(3, max_points=1e6),
            "targets.max_points (page 1, indicator 2, 东河区)",
            "不大于 10000",
        ),
        (
            lambda: with_indicator(5, direction="up"),
            "indicators.direction (page 1, indicator 6)",
            "higher_is_better、lower_is_better",
        ),
        (
            lambda: with_indicator(0, indicator=None),
            "indicators.indicator (page 1, indicator 1): found nothing",
            "第 1 项指标，indicators.indicator：现为 空，应为 非空值",
        ),
        (
            lambda: with_finding(severity="fatal"),
            "findings.severity (page 1, indicator 2, 南屏县): found “fatal”",
            "error、warning、info 之一",
        ),
        (lambda: with_finding(state="gone"), "findings.state", "open、corrected、accepted 之一"),
        (lambda: with_finding(code="Two Words"), "findings.code", "形如"),
    ],
)
def test_a_refused_value_is_named_with_its_place(
    make: Callable[[], Frames], english: str, chinese: str
) -> None:
    refusal = refusal_of(make())
    assert english in refusal.en
    assert chinese in refusal.zh
    assert "notice.pdf" in refusal.zh
    assert refusal.zh.splitlines()[0].startswith("“notice.pdf”共有 1 处") or "空" in refusal.zh


def test_a_refused_printed_cell_is_named_with_table_row_and_column() -> None:
    document = small_document()
    table = document.tables[0]
    cells = (*table.cells[:7], table.cells[7]._replace(confidence=1.5), *table.cells[8:])
    document = replace(document, tables=(replace(table, cells=cells),))
    refusal = refusal_of(document_frames(document, small_notice(), PROVENANCE))
    assert "cells.confidence (page 1, table 1, row 2, column 3): found 1.5" in refusal.en
    assert "第 1 页，第 1 表第 2 行第 3 列，cells.confidence" in refusal.zh


def test_a_value_was_printed_in_a_cell_that_is_landed() -> None:
    validate(with_target(3, cell=CellKey(1, 3, 3)))
    refusal = refusal_of(with_target(3, cell=CellKey(1, 9, 3)))
    assert "targets.table_no (page 1, table 1, row 9, column 3, indicator 2, 东河区)" in refusal.en
    assert "某个印刷单元格" in refusal.zh
    assert "indicators.table_no" in refusal_of(with_indicator(0, cell=CellKey(2, 1, 1))).en
    assert "findings.table_no" in refusal_of(with_finding(cell=CellKey(1, 1, 6))).en


def test_repeated_keys_are_refused_once_each() -> None:
    notice = small_notice()
    refusal = refusal_of(frames_of(replace(notice, targets=(*notice.targets, notice.targets[4]))))
    assert "document_id+serial_no+entity (page 1, indicator 2, 南屏县)" in refusal.en
    assert "共有 1 处" in refusal.zh


def test_nothing_is_coerced() -> None:
    frames = frames_of(small_notice())
    text = frames["targets"]["max_points"].astype(pd.ArrowDtype(pa.string()))
    refusal = refusal_of({**frames, "targets": frames["targets"].assign(max_points=text)})
    assert "targets.max_points" in refusal.en
    whole = frames["cells"]["page"].astype(pd.ArrowDtype(pa.float64()))
    assert "cells.page" in refusal_of({**frames, "cells": frames["cells"].assign(page=whole)}).en


@pytest.mark.parametrize("name", DOCUMENT_TABLES)
def test_missing_and_extra_columns_are_refused(name: str) -> None:
    frames = frames_of(small_notice())
    last = TABLES[name].names[-1]
    assert last in refusal_of({**frames, name: frames[name].drop(columns=last)}).en
    assert "extra" in refusal_of({**frames, name: frames[name].assign(extra=1)}).en


def test_models_know_what_the_columns_say() -> None:
    made = model(TABLES["targets"])
    assert made.columns["max_points"].metadata == {"unit": "points"}
    assert made.columns["max_points"].nullable
    assert not made.columns["entity"].nullable
    assert made.strict
    assert not made.coerce


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (
            lambda: frames_of(replace(small_notice(), targets=small_notice().targets[1:])),
            "targets.target_text (page 1, indicator 1, 东河区): found nothing, expected one target",
        ),
        (
            lambda: frames_of(replace(small_notice(), targets=())),
            "targets.target_text (page 1, indicator 1): found nothing, expected one target",
        ),
        (
            lambda: frames_of(replace(small_notice(), indicators=small_notice().indicators[:-1])),
            "targets.serial_no (page 1, indicator 6, 东河区): found 6, expected the number of an",
        ),
        (
            lambda: frames_of(replace(small_notice(), indicators=small_notice().indicators[1:])),
            "indicators.serial_no (page 1, indicator 2): found 2, expected 1,",
        ),
        (
            lambda: with_indicator(5, weight_group=1),
            "indicators.weight_group (page 1, indicator 6): found 1, expected 6, or the group",
        ),
        (
            lambda: with_indicator(0, weight_group=3),
            "indicators.weight_group (page 1, indicator 1): found 3, expected 1",
        ),
        (
            lambda: with_indicator(4, base_points=2.5),
            "indicators.base_points (page 1, indicator 5): found 2.5, expected 2, as",
        ),
        (
            lambda: with_target(0, max_points=None),
            "targets.max_points (page 1, indicator 1, 东河区): found nothing, expected the points",
        ),
        (
            lambda: with_target(12, max_points=7.0),
            "targets.max_points (page 1, indicator 5, 东河区): found 7, expected 2, as",
        ),
        (
            lambda: with_target(5, target_text="---"),
            "targets.target_text (page 1, indicator 2, 高新区): found “---”, expected nothing",
        ),
        (
            lambda: with_target(0, needs_review=True),
            "targets.review_reason (page 1, indicator 1, 东河区): found nothing, expected a reason",
        ),
        (
            lambda: with_target(6, parts=(Part("x", None, "about", 1.0, None),)),
            "targets.parts (page 1, indicator 3, 东河区): found “about”, expected one of",
        ),
        (
            lambda: with_finding(box=small_notice().findings[0].box._replace(x1=0.0)),  # type: ignore[union-attr]
            "findings.x0 (page 1, indicator 2, 南屏县)",
        ),
    ],
)
def test_rules_across_rows(make: Callable[[], Frames], said: str) -> None:
    refusal = refusal_of(make())
    assert said in refusal.en
    assert "没有写入任何数据" in refusal.zh


def test_not_assessed_and_unreadable_need_no_points() -> None:
    validate(with_target(5, max_points=None))
    validate(with_target(0, status="unreadable", max_points=None, target_text=None))


def test_rows_of_another_document_are_refused() -> None:
    frames = frames_of(small_notice())
    other = frames_of(small_notice("other-2021"))
    refusal = refusal_of({**frames, "cells": other["cells"]})
    assert "found “other-2021”, expected tianhe-2021" in refusal.en


def test_many_problems_are_counted_and_ten_told() -> None:
    problems = [
        Problem("targets", "page", number, Message("x", "at least 1", "不小于 1"))
        for number in range(25)
    ]
    refusal = refuse(problems, "通知.pdf")
    assert "共有 25 处" in refusal.zh
    assert "另有 15 处" in refusal.zh
    assert "and 15 more" in refusal.en
    assert refusal.zh.count("targets.page") == 10
