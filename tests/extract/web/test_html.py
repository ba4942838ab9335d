from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.refusal import Refusal
from extract.read import read_document
from extract.web.reader import read_html
from extract.web.spans import Spanned, place
from schemas.records.document import Document, Table
from tests.support.for_each import for_each
from tests.support.paths import NOTICES

NOTICE = NOTICES / "2020/notice.html"


def read(tmp_path: Path, body: str, encoding: str = "utf-8", name: str = "n.html") -> Document:
    path = tmp_path / name
    path.write_bytes(body.encode(encoding))
    return read_document(path)


def grid(table: Table) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells]


def table_of(tmp_path: Path, rows: str) -> Table:
    (table,) = read(tmp_path, f"<!doctype html><table>{rows}</table>").tables
    return table


def test_spans_place_cells(tmp_path: Path) -> None:
    table = table_of(
        tmp_path,
        "<tr><th rowspan=2>一级<th colspan=2>目标</tr><tr><th>甲<th>乙</tr>"
        "<tr><td>a<td colspan=2>b</tr>",
    )
    assert grid(table) == [
        (1, 1, 2, 1, "一级"),
        (1, 2, 1, 2, "目标"),
        (2, 2, 1, 1, "甲"),
        (2, 3, 1, 1, "乙"),
        (3, 1, 1, 1, "a"),
        (3, 2, 1, 2, "b"),
    ]
    assert table.regular
    assert (table.row_count, table.column_count) == (3, 3)


def test_rowspan_zero_reaches_the_end_of_its_group(tmp_path: Path) -> None:
    table = table_of(
        tmp_path,
        "<tbody><tr><td rowspan=0>a<td>1<tr><td>2<tr><td>3<tbody><tr><td>b<td>4",
    )
    assert grid(table)[0] == (1, 1, 3, 1, "a")
    assert (4, 1, 1, 1, "b") in grid(table)


def test_a_rowspan_ends_with_its_group_and_table(tmp_path: Path) -> None:
    table = table_of(
        tmp_path,
        "<thead><tr><th rowspan=9>a<th>x</thead><tbody><tr><td rowspan=65534>b<td>1<tr><td>2",
    )
    assert grid(table)[0] == (1, 1, 1, 1, "a")
    assert (2, 1, 2, 1, "b") in grid(table)


def test_a_foot_printed_last_wherever_it_stands(tmp_path: Path) -> None:
    table = table_of(
        tmp_path,
        "<tfoot><tr><td>合计<td>9</tfoot><tbody><tr><td>a<td>1</tbody><thead><tr><th>h<th>v</thead>",
    )
    assert [c.text for c in table.cells] == ["h", "v", "a", "1", "合计", "9"]


@pytest.mark.parametrize("span", ["1000", "99999999", "20", "+7"])
def test_an_absurd_colspan_makes_no_columns(tmp_path: Path, span: str) -> None:
    table = table_of(tmp_path, f"<tr><td colspan={span}>题<tr><td>a<td>b<td>c")
    assert table.column_count == 3
    assert grid(table)[0] == (1, 1, 1, 3, "题")


@pytest.mark.parametrize("span", ["0", "-3", "x", ""])
def test_a_senseless_colspan_is_one(tmp_path: Path, span: str) -> None:
    table = table_of(tmp_path, f'<tr><td colspan="{span}">a<td>b<tr><td>c<td>d')
    assert grid(table)[0] == (1, 1, 1, 1, "a")


def test_overlapping_spans_are_cut_and_told(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        "<table><tr><td>a<td>b<td rowspan=2>c<tr><td colspan=3>d<tr><td>e<td>f<td>g</table>",
    )
    assert (2, 1, 1, 2, "d") in grid(document.tables[0])
    assert [note.code for note in document.notes] == ["overlapping_cells"]


@pytest.mark.parametrize("counted", [True, False])
def test_a_hidden_row_is_taken_out_of_the_spans_that_count_it(
    counted: bool, tmp_path: Path
) -> None:
    table = table_of(
        tmp_path,
        f"<tr><td>一<td>二<tr><td rowspan={3 if counted else 2}>甲<td>1"
        "<tr style='display:none'><td>9<tr><td>2<tr><td>乙<td>3",
    )
    assert grid(table) == [
        (1, 1, 1, 1, "一"),
        (1, 2, 1, 1, "二"),
        (2, 1, 2, 1, "甲"),
        (2, 2, 1, 1, "1"),
        (3, 2, 1, 1, "2"),
        (4, 1, 1, 1, "乙"),
        (4, 2, 1, 1, "3"),
    ]


def test_hidden_struck_and_program_text_is_not_read(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        "<style>.gone{display:none} @media print{.shown{display:none}}</style>"
        "<script>var x='<table>'</script>"
        "<table><tr style='display: none'><td>0<td>0<tr><td>a<span hidden>9</span><td class=gone>z"
        "<td class=shown>3<s>4</s><td style='visibility:hidden'>q"
        "<tr><td>b<td>c<td>d<!-- e --></table>",
    )
    table = document.tables[0]
    assert grid(table) == [
        (1, 1, 1, 1, "a"),
        (1, 2, 1, 1, "3"),
        (1, 3, 1, 1, ""),
        (2, 1, 1, 1, "b"),
        (2, 2, 1, 1, "c"),
        (2, 3, 1, 1, "d"),
    ]
    assert {note.code for note in document.notes} == {"hidden_text", "struck_text"}


@for_each(
    "sheet, cell, code",
    [
        ("<!--\n.x {mso-hide:all}\n-->", "<td class=x>9", "hidden_text"),
        (".t .x, #other {DISPLAY : None}", "<td class=x>9", "hidden_text"),
        ("th:first-child + td {display:none}", "<td class=x>9", "hidden_text"),
        (".x {display:none} td {display:table-cell}", "<td class=x>9", "hidden_text"),
        ("td {display:none!important} .x {display:block}", "<td class=x>9", "hidden_text"),
        (".x {visibility:hidden}", "<td class=x>9", "hidden_text"),
        (".xl66 {text-decoration:line-through}", "<td class=xl66>9", "struck_text"),
        ("u {text-decoration:underline line-through}", "<td><u>9</u>", "struck_text"),
        (".x {display:none}", "<td class=x style='display:table-cell'>9", None),
        (".x {display:none} td.x {display:table-cell}", "<td class=x>9", None),
        (".x::before {display:none}", "<td class=x>9", None),
        (".y .x {display:none} :nonsense {display:none}", "<td class=x>9", None),
    ],
)
def test_what_style_sheets_hide_or_strike_out(
    tmp_path: Path, sheet: str, cell: str, code: str | None
) -> None:
    document = read(
        tmp_path,
        f"<style>{sheet}</style><table class=t><tr><th>a<th>b<th>c<tr><th>d{cell}<th>e</table>",
    )
    nine = [text for *_, text in grid(document.tables[0]) if text == "9"]
    assert bool(nine) == (code is None)
    assert [note.code for note in document.notes if code] == [code] * bool(code)


def test_selectors_nested_beyond_all_measure_are_refused(tmp_path: Path) -> None:
    nested = ":not(" * 3000 + "a" + ")" * 3000
    with pytest.raises(Refusal) as refused:
        read(tmp_path, f"<style>{nested} {{display:none}}</style><table><tr><td>a<td>b</table>")
    assert refused.value.code == "too_large"


def test_breaks_blocks_and_spaces(tmp_path: Path) -> None:
    table = table_of(
        tmp_path,
        "<tr><td>a<br>b<p>c</p><div>d</div><td>  e\n  f&nbsp; <td>10<sup>4</sup>m<sup>2</sup>",
    )
    assert [c.text for c in table.cells] == ["a\nb\nc\nd", "e f", "10⁴m²"]


def test_lines_captions_and_front(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        "<title>网站</title><p>南府发〔2021〕3号</p><div>关于印发2021年度<br>考核指标的通知</div>"
        "<p>南江市人民政府</p><p>2021年3月1日</p><h1>考核指标</h1>"
        "<table><caption>单位：分</caption><tr><td>a<td>b<tr><td>c<td>d</table><p>注：略</p>",
    )
    assert document.front.doc_number == "南府发〔2021〕3号"
    assert document.front.title == "关于印发2021年度考核指标的通知"
    assert document.front.issuer == "南江市人民政府"
    assert document.tables[0].caption == ("考核指标", "单位：分")
    assert document.tables[0].notes == ("注：略",)


def test_a_layout_table_gives_its_contents(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        "<table><tr><td>导航<td><p>2021年度考核表</p><table><tr><td>a<td>b<tr><td>c<td>d</table></table>",
    )
    (table,) = document.tables
    assert [c.text for c in table.cells] == ["a", "b", "c", "d"]
    assert "2021年度考核表" in table.caption


def test_a_table_in_a_cell_becomes_its_text(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        "<table><tr><td>a<td>b<td>c<tr><td>d<td>e<table><tr><td>x<td>y</table><td>f<tr><td>g<td>h<td>i"
        "</table>",
    )
    (table,) = document.tables
    assert "e\nx y" in [c.text for c in table.cells]
    assert [note.code for note in document.notes] == ["nested_table"]


@for_each(
    "encoding, declared",
    [("gb18030", "gb2312"), ("gb18030", ""), ("utf-8", "gb2312"), ("utf-16", ""), ("big5", "big5")],
)
def test_charsets(tmp_path: Path, encoding: str, declared: str) -> None:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">'
    page = f"<html><head>{meta if declared else ''}</head><table><tr><td>目標<td>分值</table>"
    document = read(tmp_path, page, encoding, name="n.xls")
    assert [c.text for c in document.tables[0].cells] == ["目標", "分值"]
    assert "kind_differs_from_name" in [note.code for note in document.notes]


def test_a_web_archive(tmp_path: Path) -> None:
    text = (
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n"
        "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
        "<html><table><tr><td>=E5=88=86=E5=80=BC<td>=\n3</table></html>\n--b--\n"
    )
    document = read(tmp_path, text, name="n.mht")
    assert [c.text for c in document.tables[0].cells] == ["分值", "3"]


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("<html><p>没有表格</p></html>", "no_table"),
        ("<html>" + "<div>" * 5000 + "<table><tr><td>a<td>b</table>", "too_large"),
        ('<!DOCTYPE html [<!ENTITY a "b">]><table><tr><td>a<td>&a;</table>', "xml_entities"),
    ],
)
def test_refusals(tmp_path: Path, page: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(tmp_path, page)
    assert refused.value.code == code


def test_huge_spans_cost_little(tmp_path: Path) -> None:
    rows = "<tr><td rowspan=65534 colspan=1000>a<td>b</tr>" * 500
    document = read(tmp_path, f"<table>{rows}</table>")
    assert document.tables[0].row_count == 500
    assert {note.code for note in document.notes} == {"overlapping_cells"}


SPANNED = st.builds(
    Spanned, st.just("x"), row_span=st.integers(0, 4), column_span=st.integers(1, 4)
)
GROUPS = st.lists(st.lists(st.lists(SPANNED, max_size=5), max_size=5), max_size=3)


@given(GROUPS)
def test_placed_cells_never_overlap_and_none_is_lost(groups: list[list[list[Spanned]]]) -> None:
    cells = place(groups).cells
    assert len(cells) == sum(len(row) for group in groups for row in group)
    slots = [
        (row, column)
        for cell in cells
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    ]
    assert len(slots) == len(set(slots))
    assert all(cell.row_span > 0 and cell.column_span > 0 for cell in cells)


def test_the_rebuilt_notice() -> None:
    document = read_html(NOTICE)
    (table,) = document.tables
    assert (table.row_count, table.column_count) == (107, 11)
    assert sum(c.row_span * c.column_span for c in table.cells) == 107 * 11


@for_each("span", [2, 3, 30, 999_999_999])
@for_each("column", [0, 1, 2])
def test_a_cell_that_reaches_over_full_rows_is_cut(column: int, span: int) -> None:
    """Rows that are full without it would be pushed out of their columns, and joined."""
    rows = [[Spanned(f"{row}.{name}") for name in range(3)] for row in range(6)]
    rows[2][column] = replace(rows[2][column], row_span=span)
    placed = place([rows])
    assert [(cell.row, cell.column, cell.row_span) for cell in placed.cells] == [
        (row, name, 1) for row in range(1, 7) for name in range(1, 4)
    ]
    assert placed.cut == [f"2.{column}"]
    assert [cell.text for cell in placed.cells if cell.undrawn == "cut"] == placed.cut


def test_cells_that_others_leave_room_for_are_not_cut() -> None:
    rows = [
        [Spanned("a"), Spanned("b"), Spanned("c")],
        [Spanned("group", 3), Spanned("1"), Spanned("2")],
        [Spanned("two", 2), Spanned("3")],
        [Spanned("4")],
        [Spanned("d"), Spanned("e"), Spanned("f")],
    ]
    placed = place([rows])
    assert not placed.cut
    assert {cell.text: cell.row_span for cell in placed.cells if cell.row_span > 1} == {
        "group": 3,
        "two": 2,
    }


@pytest.mark.parametrize("span", [30, 999_999_999])
def test_one_wild_span_loses_no_row_of_a_notice(tmp_path: Path, span: int) -> None:
    text = (NOTICE).read_text(encoding="utf-8")
    at = text.find("<td", len(text) // 2)
    wild = tmp_path / "wild.html"
    wild.write_text(f'{text[:at]}<td rowspan="{span}"{text[at + 3 :]}', encoding="utf-8")
    fair = read_document(NOTICE)
    read = read_document(wild)
    assert [
        [(cell.row, cell.column, cell.text) for cell in table.cells] for table in read.tables
    ] == [[(cell.row, cell.column, cell.text) for cell in table.cells] for table in fair.tables]
    assert [note.code for note in read.notes if note.text] == ["overlapping_cells"]
