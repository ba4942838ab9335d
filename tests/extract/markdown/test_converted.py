"""Markdown as converters write it: HTML within, formulas, footnotes, other pipes, tabs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from extract.markdown.inline import Unread, seen
from extract.read import read_document
from schemas.records.document import Document, Table
from tests.support.for_each import for_each


def read(folder: Path, text: str) -> Document:
    path = folder / "n.md"
    path.write_text(text, encoding="utf-8")
    return read_document(path)


def rows(table: Table) -> list[list[str]]:
    found: list[list[str]] = [[] for _ in range(table.row_count)]
    for cell in table.cells:
        found[cell.row - 1].append(cell.text)
    return found


@for_each(
    "written, text",
    [
        ("~~3100~~5200", "5200"),
        ("5~7%", "5~7%"),
        ("<del>7</del>8", "8"),
        ("5200<sup>1</sup>", "5200¹"),
        ("5200[^1]", "5200¹"),
        ("8^注^", "8⁽注⁾"),
        ("[5200](http://x/1)", "5200"),
        ("见[办法](a(1).md)", "见办法"),
        ("_5200_", "5200"),
        ("***重点***工作", "重点工作"),
        ("**≥8**%", "≥8%"),
        ("8\\*，9\\*", "8*，9*"),
        ("8*，9*", "8*，9*"),
        ("a_b_c", "a_b_c"),
        ("<!-- 7 -->8", "8"),
        ("甲<br/>乙", "甲\n乙"),
        ("<span style='color:#fff'>7</span>8", "8"),
        ("&lt;5%", "<5%"),
        ("\\<5%", "<5%"),
        ("<5%", "<5%"),
        ("a<b且b>c", "a<b且b>c"),
        ("`12`", "12"),
        ("\\&lt;5", "&lt;5"),
        ("<math>\\leq 2</math>", "≤2"),
        ("$\\leq 2$ 起", "≤2 起"),
        ("《甲》|乙", "《甲》|乙"),
    ],
)
def test_a_cell_is_read_as_it_is_seen(written: str, text: str) -> None:
    assert seen(written, Unread()) == text


HTML = (
    "<html><body><table><tr><td rowspan=2>指标</td><td colspan=2>目标</td></tr>"
    "<tr><td>甲县</td><td>乙县</td></tr>"
    "<tr><td>起数</td><td>$\\leq 2$</td><td><5\\%<br>注</td></tr></table></body></html>"
)


def test_a_table_in_html_keeps_its_spans_and_the_lines_around_it(tmp_path: Path) -> None:
    text = (
        f"# 关于2022年度考核的通知\n\n甲府办发〔2022〕18号\n\n2022年3月15日\n\n{HTML}\n\n注：略\n"
    )
    document = read(tmp_path, text)
    (table,) = document.tables
    assert document.source_format == "text"
    assert (document.front.year, document.front.doc_number) == (2022, "甲府办发〔2022〕18号")
    spans = {c.text: (c.row_span, c.column_span) for c in table.cells}
    assert (spans["指标"], spans["目标"]) == ((2, 1), (1, 2))
    assert rows(table)[2] == ["起数", "≤2", "<5%\n注"]
    assert table.regular
    assert table.notes == ("注：略",)


def test_a_table_in_html_without_spans_may_have_lost_them(tmp_path: Path) -> None:
    (table,) = read(tmp_path, "题\n<table><tr><td>a</td><td>b</td></tr></table>\n尾\n").tables
    assert not table.regular
    assert (table.caption, table.notes) == (("题",), ("尾",))


def test_tables_in_html_and_in_pipes_stand_in_their_order(tmp_path: Path) -> None:
    text = f"{HTML}\n\n附件2\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n{HTML[:-40]}"
    first, second, third = read(tmp_path, f"# 题\n{text}").tables
    assert first.column_count == third.column_count == 3
    assert (rows(second), second.caption) == ([["a", "b"], ["1", "2"]], ("附件2",))
    assert second.lines == (6, 8)


@pytest.mark.parametrize(
    "text",
    [
        "｜ 甲 ｜ 乙 ｜\n｜---｜---｜\n｜ 1 ｜ 2 ｜\n",
        "┌──┬──┐\n│ 甲 │ 乙 │\n├──┼──┤\n│ 1 │ 2 │\n└──┴──┘\n",
        "+---+---+\n| 甲 | 乙 |\n+===+===+\n| 1 | 2 |\n+---+---+\n",
    ],
)
def test_pipes_of_any_width_part_cells(text: str, tmp_path: Path) -> None:
    (table,) = read(tmp_path, f"题\n\n{text}\n注：略").tables
    assert rows(table) == [["甲", "乙"], ["1", "2"]]
    assert table.notes == ("注：略",)


def test_columns_pasted_with_tabs_are_a_table(tmp_path: Path) -> None:
    text = "题\n指标\t分值\t甲县\n增长率\t3\t5%\n\t\t---\n注：略"
    (table,) = read(tmp_path, text).tables
    assert rows(table) == [["指标", "分值", "甲县"], ["增长率", "3", "5%"], ["", "", "---"]]
    assert (table.caption, table.notes, table.lines) == (("题",), ("注：略",), (2, 3, 4))


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    text = "| a | b |\n|---|---|\n| ~~1~~2 | ![图](x.png)3 |\n| 4 | <span hidden>5</span>6 |\n"
    document = read(tmp_path, text)
    assert rows(document.tables[0]) == [["a", "b"], ["2", "3"], ["4", "6"]]
    assert {note.code for note in document.notes} == {
        "struck_text",
        "picture_in_cell",
        "hidden_text",
    }


def test_a_head_of_data_gives_its_title_and_a_footnote_its_line(tmp_path: Path) -> None:
    text = "---\ntitle: 2022年度考核指标\n---\n\n| a | b |\n|---|---|\n| 1 | 2[^1] |\n\n[^1]: 略\n"
    (table,) = read(tmp_path, text).tables
    assert (table.caption, table.notes) == (("2022年度考核指标",), ("[1] 略",))
    assert table.lines == (5, 7)


def test_a_wide_cell_written_in_each_of_its_columns_is_read_once(tmp_path: Path) -> None:
    text = (
        "| 一级 | 指标 | 指标 | 目标 | 目标 |\n|---|---|---|---|---|\n"
        "| 一级 | 指标 | 指标 | 甲县 | 乙县 |\n"
        "| 经济 | 增长率 | 增长率 | 5% | 5% |\n| 经济 | 投资 | 工业投资 | 3 | 3 |\n"
    )
    document = read(tmp_path, text)
    (table,) = document.tables
    assert [note.code for note in document.notes] == ["repeated_cells"]
    assert rows(table) == [
        ["一级", "指标", "", "目标", "目标"],
        ["一级", "指标", "", "甲县", "乙县"],
        ["经济", "增长率", "", "5%", "5%"],
        ["经济", "投资", "工业投资", "3", "3"],
    ]


def doubted(document: Document) -> list[tuple[int, int]]:
    return [(c.row, c.column) for c in document.tables[0].cells if c.undrawn == "repeated"]


WIDE = "| 一级 | 指标 | 指标 | 分值 | 甲县 |\n|---|---|---|---|---|\n"
ROWS = (
    "| 经济 | 增长 | 增长率 | 6 | 5% |\n| 经济 | 增长 | 投资率 | 6 | 5 |\n"
    "| 民生 | 就业 | 就业 | 6 | 9 |\n| 民生 | 收入 | 收入 | 4 | 9 |\n"
)


def test_figures_alike_under_one_heading_may_be_one_cell_that_was_repeated(tmp_path: Path) -> None:
    document = read(tmp_path, WIDE + ROWS)
    assert doubted(document) == [(2, 4), (3, 4), (4, 5), (5, 5)]
    assert doubted(read(tmp_path, WIDE + ROWS + "\n权重合计 22 分。\n")) == [(4, 5), (5, 5)]
    assert doubted(read(tmp_path, WIDE + ROWS + "| 合计 | | | 22 | |\n")) == [(4, 5), (5, 5)]


def test_so_may_those_of_a_table_padded_by_a_program_not_of_one_written_by_hand(
    tmp_path: Path,
) -> None:
    padded = (
        "| 一级   | 指标   |   分值 |\n|--------|--------|--------|\n"
        "| 经济   | 增长率 |      6 |\n| 经济   | 投资   |      6 |\n| 民生   | 就业   |      6 |\n"
    )
    assert doubted(read(tmp_path, padded)) == [(2, 3), (3, 3)]
    assert doubted(read(tmp_path, re.sub(" +", "", padded))) == []
    assert doubted(read(tmp_path, padded.replace("--|--", "-- | --"))) == []
