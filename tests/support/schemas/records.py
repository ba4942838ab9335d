"""A small notice by hand: six indicators in five weight groups, three entities, two findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from schemas.records.document import Box, Cell, Document, FrontMatter, Table
from schemas.records.notice import (
    Alternative,
    Entity,
    Finding,
    Indicator,
    Milestone,
    Notice,
    Part,
    PrintedMethod,
    Target,
)
from schemas.tables.document_frames import Provenance

ENTITIES = ("东河区", "南屏县", "高新区")
PROVENANCE = Provenance("run-1", "0.1.0", datetime(2021, 3, 4, 5, 6, tzinfo=UTC))

_LEAVES = (
    # name, unit, weight group, points, department, targets
    ("地区生产总值增长率", "%", 1, 3.0, "市统计局", ("4.3", "4.3", "5.1")),
    ("财政收入", "亿元", 2, 2.0, "市财政局", ("12", "8", "---")),
    ("建档立卡户脱贫", None, 3, 1.5, "市扶贫办", ("1户,完成率100%", "---", "---")),
    ("医疗保险参保率", "%", 4, 2.0, "市医保局", ("98", "98", "98")),
    ("养老保险参保率", "%", 4, 2.0, "市人社局", ("97", "97", "97")),
    ("信访工作", None, 6, 1.0, "市信访局", ("按相关要求贯彻落实",) * 3),
)


def small_notice(document_id: str = "tianhe-2021", year: int = 2021, shift: float = 0.0) -> Notice:
    """Return the notice; ``shift`` is added to every numeric target, to tell versions apart."""
    indicators = tuple(_indicator(number, *leaf) for number, leaf in enumerate(_LEAVES, start=1))
    targets = tuple(
        _target(number, entity, text, leaf, shift)
        for number, leaf in enumerate(_LEAVES, start=1)
        for entity, text in zip(ENTITIES, leaf[5], strict=True)
    )
    findings = (
        Finding(
            "warning", "readers_disagree", "Two readings", "两次读取不一致", 2, "南屏县",
            "target_text", "8", (Alternative("8"), Alternative("3")), 1, Box(300, 120, 340, 140),
        ),
        Finding(
            "info", "text_outside", "A line outside", "表外有一行文字", text="注：略", page=1
        ),
    )  # fmt: skip
    kinds = ("district", "county", "zone")
    assessed = tuple(
        Entity(1, name, kind, place)
        for place, (name, kind) in enumerate(zip(ENTITIES, kinds, strict=True), 1)
    )
    half = Milestone(2, "东河区", f"{year}-H1", "6", ">=", 6.0, "亿元", True, False, 1, _box(3, 3))
    method = PrintedMethod(6, 1, "由市信访局评定", page=1)
    return Notice(
        *(document_id, year, indicators, targets, findings, ENTITIES, "考核指标的通知"),
        methods=(method,),
        milestones=(half,),
        assessed=assessed,
    )


def small_document(name: str = "notice.pdf") -> Document:
    """Return a document of a table whose cells stand where the targets say."""
    cells = tuple(
        Cell(row, column, f"r{row}c{column}", page=1, box=_box(row, column), agreed=True)
        for row in range(1, 8)
        for column in range(1, 6)
    )
    return Document(
        name,
        "pdf",
        "ab" * 32,
        "rules",
        (Table(1, cells, 7, 5, page=1, place=None),),
        FrontMatter("天府发〔2021〕1号", "通知", "天河市人民政府办公室", date(2021, 2, 1), 2021),
        pages=1,
        cross_reader="camelot",
    )


def _box(row: int, column: int) -> Box:
    return Box(column * 60.0, row * 20.0, column * 60.0 + 60, row * 20.0 + 20)


def _indicator(
    number: int, name: str, unit: str | None, group: int, points: float, department: str, _: object
) -> Indicator:
    return Indicator(
        number, "高质量发展", "发展质量", name, None, name, unit, group, points,
        "higher_is_better", (department,), (), None, 1,
    )  # fmt: skip


def _target(number: int, entity: str, text: str, leaf: tuple[object, ...], shift: float) -> Target:
    box = _box(number + 1, ENTITIES.index(entity) + 3)
    blank = Target(
        number, entity, "not_assessed", float(leaf[3]), None, "none", None, None, None, (),  # type: ignore[arg-type]
        False, 1, box, False, None,
    )  # fmt: skip
    if text == "---":
        return blank
    assessed = replace(blank, status="assessed", target_text=text)
    if text[0].isdigit() and "户" in text:
        parts = (Part("1户", None, ">=", 1.0, "户"), Part("完成率100%", "完成率", ">=", 100.0, "%"))
        return replace(assessed, target_kind="compound", parts=parts)
    if text[0].isdigit():
        doubt = (number, entity) == (2, "南屏县")
        return replace(
            assessed,
            target_kind="number",
            operator=">=",
            target_value=float(text) + shift,
            target_unit=str(leaf[1]),
            needs_review=doubt,
            review_reason="两次读取不一致" if doubt else None,
        )
    return replace(assessed, target_kind="judged")
