from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.refusal import Refusal
from extract.read import read_document
from schemas.records.document import Document, Table
from tests.support.for_each import for_each

TABLE = """2021年度目标考核指标
单位：分

| 指标 | 分值 | 甲县 |
|---|:-:|---:|
| 增长率 | 3 | \\<5% |
| | | --- |
注：---表示不考核。
"""


def read(tmp_path: Path, text: str, encoding: str = "utf-8", name: str = "n.md") -> Document:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return read_document(path)


def rows(table: Table) -> list[list[str]]:
    found: list[list[str]] = [[] for _ in range(table.row_count)]
    for cell in table.cells:
        assert cell.column == len(found[cell.row - 1]) + 1
        found[cell.row - 1].append(cell.text)
    return found


@for_each("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "utf-16-le"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    document = read(tmp_path, TABLE, encoding)
    (table,) = document.tables
    assert rows(table) == [["指标", "分值", "甲县"], ["增长率", "3", "<5%"], ["", "", "---"]]
    assert not table.regular
    assert table.lines == (4, 6, 7)
    assert table.caption == ("2021年度目标考核指标", "单位：分")
    assert table.notes == ("注：---表示不考核。",)
    assert (document.source_format, document.reader, document.front.year) == ("text", "text", 2021)


def test_rows_keep_all_their_cells(tmp_path: Path) -> None:
    (table,) = read(tmp_path, "| a | b |\n|---|---|\n| 1 | 2 | 3 | |\n| 4 |\n| | |\n").tables
    assert rows(table) == [["a", "b"], ["1", "2", "3", ""], ["4"], ["", ""]]
    assert table.column_count == 4


def test_a_row_of_dashes_in_the_body_is_a_row(tmp_path: Path) -> None:
    text = "| a | b |\n|---|---|\n| 1 | 2 |\n| --- | --- |\n| a | b |\n|---|---|\n| 3 | 4 |\n"
    (table,) = read(tmp_path, text).tables
    assert rows(table) == [["a", "b"], ["1", "2"], ["---", "---"], ["a", "b"], ["3", "4"]]


def test_escapes_breaks_and_emphasis_are_markdown_not_text(tmp_path: Path) -> None:
    text = "| **甲** | a\\|b<br>c | &lt;5 |\n|---|---|---|\n| \\*1 | x\\\\ | 2 |\n"
    (table,) = read(tmp_path, text).tables
    assert rows(table) == [["甲", "a|b\nc", "<5"], ["*1", "x\\", "2"]]


def test_tables_without_outer_pipes_or_without_dashes(tmp_path: Path) -> None:
    (table,) = read(tmp_path, "甲 | 乙\n--- | ---\n1 | 2\n").tables
    assert rows(table) == [["甲", "乙"], ["1", "2"]]
    (table,) = read(tmp_path, "| 甲 | 乙 |\n| 1 | 2 |\n").tables
    assert rows(table) == [["甲", "乙"], ["1", "2"]]


def test_a_piped_line_above_does_not_hide_the_table(tmp_path: Path) -> None:
    document = read(tmp_path, "首页 | 公开\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n")
    assert rows(document.tables[0]) == [["甲", "乙"], ["1", "2"]]
    assert document.tables[0].lines == (2, 4)


def test_a_row_broken_over_lines_is_one_row(tmp_path: Path) -> None:
    (table,) = read(tmp_path, "| 甲 | 乙 |\n|---|---|\n| 1 | 前半\n后半 |\n| 3 | 4 |\n").tables
    assert rows(table) == [["甲", "乙"], ["1", "前半\n后半"], ["3", "4"]]
    assert table.lines == (1, 3, 5)


def test_notes_and_captions_between_tables(tmp_path: Path) -> None:
    one = "| a | b |\n|---|---|\n| 1 | 2 |\n"
    text = f"附件1\n\n{one}\n注：空白不考核\n\n附件2\n2021年度第二张考核表\n\n{one}"
    first, second = read(tmp_path, text).tables
    assert first.notes == ("注：空白不考核",)
    assert second.caption == ("附件2", "2021年度第二张考核表")
    assert (first.table_no, second.table_no) == (1, 2)


def test_running_text_is_no_caption(tmp_path: Path) -> None:
    text = "请认真执行。\n南江市人民政府\n2021年1月2日\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    assert read(tmp_path, text).tables[0].caption == ()


def test_no_table(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        read(tmp_path, "首页 | 公开\n没有表格。\n")
    assert refused.value.code == "no_table"
    assert "没有找到表格" in refused.value.zh


CELL = st.text(
    st.sampled_from("甲乙丙13.%<|\\-《》（） a"), max_size=8
).map(str.strip)  # fmt: skip


@given(st.lists(st.lists(CELL, min_size=2, max_size=6), min_size=1, max_size=8))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, body: list[list[str]]
) -> None:
    def line(row: list[str]) -> str:
        escaped = [
            cell.replace("\\", "\\\\").replace("|", "\\|").replace("-", "\\-") for cell in row
        ]
        return "| " + " | ".join(escaped) + " |"

    header = ["一级指标", "分值"]
    text = "\n".join([line(header), "|---|---|", *map(line, body)])
    folder = tmp_path_factory.mktemp("text")
    (table,) = read(folder, text).tables
    assert rows(table) == [header, *body]
