"""What is printed beside the targets of a row lands under its own name."""

from __future__ import annotations

from dataclasses import dataclass

from normalize.model.table import Column, LogicalCell, LogicalTable, Role
from normalize.points.rows import Leaf
from normalize.records.beside import base_of, definition_of, milestones_of, notes_of
from normalize.records.model import Record, TableContext, TargetReading
from normalize.targets.model import TargetContext
from normalize.targets.reader import read_target
from schemas.records.notice import Note
from schemas.vocabulary import TargetStatus
from tests.support.for_each import for_each


@dataclass(frozen=True)
class _Numbered:
    serial_no: int


def row_of(*printed: tuple[Column, str]) -> tuple[Leaf, LogicalTable]:
    """Make a row of columns with one text each."""
    columns = tuple(column for column, _ in printed)
    cells = {
        column.index: (LogicalCell(0, 1, column.index, column.index + 1, text, ()),)
        for column, text in printed
    }
    return Leaf(0, 1, (), cells), LogicalTable(columns, 1, tuple(c for (c,) in cells.values()))


def record_of(leaf: Leaf, unit: str, **targets: str) -> Record:
    row = TargetContext("投资", unit)
    read = {
        entity: TargetReading(
            leaf.cells[0][0], text, row, TargetStatus.ASSESSED, read_target(text, row)
        )
        for entity, text in targets.items()
    }
    return Record(leaf, None, None, _Numbered(1), None, read, {})  # type: ignore[arg-type]


def milestones(year: str, *quarters: str, header: str = "季度") -> list[tuple[object, ...]]:
    columns = [
        (Column(i, Role.MILESTONE, f"{i}{header}", period=f"2020-Q{i}"), text)
        for i, text in enumerate(quarters, 1)
    ]
    leaf, table = row_of((Column(0, Role.TARGET, "甲县"), year), *columns)
    context = TableContext(table, ("甲县",), (), {}, 0, frozenset())
    found = milestones_of([record_of(leaf, "亿元", 甲县=year)], context)
    return [(m.period, m.value, m.unit, m.cumulative, m.needs_review) for m in found]


def test_texts_without_a_column_of_their_own_are_notes() -> None:
    leaf, table = row_of(
        (Column(0, Role.UNKNOWN, "完成时限"), "12月底"),
        (Column(1, Role.UNKNOWN, "难度系数"), ""),
        (Column(2, Role.NOTE, "备注"), "高新区\n不考核"),
        (Column(3, Role.DEFINITION, "指标解释"), "当年建成"),
    )
    assert notes_of(leaf, table) == (Note("完成时限", "12月底"), Note("备注", "高新区不考核"))
    assert definition_of(leaf, table) == "当年建成"


def test_several_explanations_keep_their_headers() -> None:
    leaf, table = row_of(
        (Column(0, Role.DEFINITION, "指标解释"), "当年建成"),
        (Column(1, Role.DEFINITION, "指标说明"), "以验收为准"),
    )
    assert definition_of(leaf, table) == "指标解释：当年建成；指标说明：以验收为准"


def test_the_latest_base_is_the_entitys_others_are_notes() -> None:
    leaf, table = row_of(
        (Column(0, Role.TARGET, "甲县"), "12"),
        (Column(1, Role.BASE, "2018年完成数"), "9"),
        (Column(2, Role.BASE, "2019年完成数"), "10.5亿元"),
    )
    base = base_of(record_of(leaf, "亿元", 甲县="12"), "甲县", table)
    assert (base.text, base.value, base.unit, base.label) == (
        *("10.5亿元", 10.5, "亿元", "2019年完成数"),
    )
    assert notes_of(leaf, table) == (Note("2018年完成数", "9"),)


def test_a_base_of_ones_own_goes_before_a_common_one() -> None:
    leaf, table = row_of(
        (Column(0, Role.TARGET, "甲县"), "12"),
        (Column(1, Role.BASE, "2019年", entity="甲县"), "8"),
        (Column(2, Role.BASE, "2019年", entity="乙县"), "---"),
    )
    record = record_of(leaf, "亿元", 甲县="12", 乙县="13")
    assert base_of(record, "甲县", table).value == 8
    assert base_of(record, "乙县", table).text is None


@for_each(
    "year, quarters, cumulative, asked",
    [
        ("100", ("20", "45", "70", "100"), True, False),
        ("100", ("25", "25", "25", "25"), False, False),
        ("100", ("10", "30", "25", "20"), True, True),
        ("100", ("20", "50"), True, True),
        ("100", ("45", "70"), True, False),
    ],
)
def test_periods_count_from_the_beginning_or_not(
    year: str, quarters: tuple[str, ...], cumulative: bool, asked: bool
) -> None:
    found = milestones(year, *quarters)
    assert [each[1] for each in found] == [float(text) for text in quarters]
    assert {each[2:] for each in found} == {("亿元", cumulative, asked)}


def test_a_header_says_that_a_period_counts_from_the_beginning() -> None:
    assert {each[3:] for each in milestones("100", "30", "20", header="月底累计")} == {
        (True, False)
    }


def test_months_from_january_count_from_the_beginning_others_do_not() -> None:
    assert {each[3] for each in milestones("100", "30", "20", header="（1—9月）")} == {True}
    assert {each[3] for each in milestones("100", "30", "50", header="（10—12月）")} == {False}
    assert {each[3] for each in milestones("100", "30", "50", header="（4-6月）")} == {False}


def test_two_columns_for_one_period_are_in_doubt() -> None:
    columns = [
        (Column(1, Role.MILESTONE, "三季度", period="2020-Q3"), "25"),
        (Column(2, Role.MILESTONE, "前三季度", period="2020-Q3"), "70"),
    ]
    leaf, table = row_of((Column(0, Role.TARGET, "甲县"), "100"), *columns)
    context = TableContext(table, ("甲县",), (), {}, 0, frozenset())
    (found,) = milestones_of([record_of(leaf, "亿元", 甲县="100")], context)
    assert (found.value, found.cumulative, found.needs_review) == (70, True, True)


def test_blank_and_dash_are_no_milestone() -> None:
    assert milestones("100", "", "---") == []
