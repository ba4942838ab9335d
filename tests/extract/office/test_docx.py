from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.document import Document as WordDocument

from common.refusal import Refusal
from extract.read import read_document
from schemas.records.document import Document, Table
from tests.support.extract.docx_files import DOWN, GO_ON, p, read, save, tbl, tc, tr
from tests.support.paths import NOTICES


def grid(table: Table) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells]


def texts(document: Document) -> list[str]:
    return [cell.text for cell in document.tables[0].cells]


def span(count: int) -> str:
    return f'<w:gridSpan w:val="{count}"/>'


def test_spans(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        tbl(
            tr(tc("一级", DOWN), tc("目标", span(2))),
            tr(tc("", GO_ON), tc("甲"), tc("乙")),
            tr(tc("a"), tc("b", span(2) + DOWN)),
            tr(tc("c"), tc("", span(2) + GO_ON)),
            tr(tc("d"), tc("e"), tc("f", GO_ON)),
        ),
    )
    assert grid(document.tables[0]) == [
        (1, 1, 2, 1, "一级"),
        (1, 2, 1, 2, "目标"),
        (2, 2, 1, 1, "甲"),
        (2, 3, 1, 1, "乙"),
        (3, 1, 1, 1, "a"),
        (3, 2, 2, 2, "b"),
        (4, 1, 1, 1, "c"),
        (5, 1, 1, 1, "d"),
        (5, 2, 1, 1, "e"),
        (5, 3, 1, 1, "f"),
    ]
    assert (document.source_format, document.reader) == ("docx", "docx")


def test_grid_before_shifts_and_old_horizontal_merges_join(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        tbl(
            tr(tc("a"), tc("b"), tc("c")),
            tr(tc("x"), tc("y"), properties='<w:gridBefore w:val="1"/>'),
            tr(tc("p", '<w:hMerge w:val="restart"/>'), tc("", "<w:hMerge/>"), tc("q")),
        ),
    )
    assert grid(document.tables[0])[3:] == [
        (2, 2, 1, 1, "x"),
        (2, 3, 1, 1, "y"),
        (3, 1, 1, 2, "p"),
        (3, 3, 1, 1, "q"),
    ]


def test_an_absurd_span_makes_no_columns(tmp_path: Path) -> None:
    document = read(tmp_path, tbl(tr(tc("题", span(99999))), tr(tc("a"), tc("b"))))
    assert document.tables[0].column_count == 2


def test_content_controls_rows_cells_and_text_are_read(tmp_path: Path) -> None:
    def control(inside: str) -> str:
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{inside}</w:sdtContent></w:sdt>"

    run = "<w:p>" + control("<w:r><w:t>b</w:t></w:r>") + "</w:p>"
    rows = control(tr(tc("a"), control(tc(run)))) + tr(tc(control(p("c"))), tc("d"))
    assert texts(read(tmp_path, control(tbl(rows)))) == ["a", "b", "c", "d"]


def test_tracked_changes_show_the_final_text(tmp_path: Path) -> None:
    changed = (
        "<w:p><w:del><w:r><w:delText>旧</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>新</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>走</w:t></w:r></w:moveFrom></w:p>"
    )
    document = read(
        tmp_path,
        tbl(
            tr(tc("a"), tc(changed)),
            tr(tc("gone"), tc("gone"), properties="<w:del/>"),
            tr(tc("b"), tc("c"), properties="<w:ins/>"),
        ),
    )
    assert texts(document) == ["a", "新", "b", "c"]
    assert [(note.code, note.text) for note in document.notes] == [("struck_text", "旧；走")]
    assert document.tables[0].row_count == 3 - 1


def test_hidden_and_struck_text_is_not_read_and_told(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        tbl(
            tr(tc(p("a") + p("隐", "<w:vanish/>")), tc(p("4", "<w:strike/>") + p("5"))),
            tr(tc(p("b", '<w:vanish w:val="0"/>')), tc("c")),
        ),
    )
    assert texts(document) == ["a", "5", "b", "c"]
    assert {note.code for note in document.notes} == {"hidden_text", "struck_text"}


def test_field_results_are_read_and_codes_not(tmp_path: Path) -> None:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    field = (
        f"<w:p>{mark('begin')}<w:r><w:instrText>SUM(A1)</w:instrText></w:r><w:r><w:t>code</w:t></w:r>"
        f"{mark('separate')}<w:r><w:t>99</w:t></w:r>{mark('end')}<w:r><w:t>分</w:t></w:r></w:p>"
    )
    simple = '<w:p><w:fldSimple w:instr="PAGE"><w:r><w:t>7</w:t></w:r></w:fldSimple></w:p>'
    assert texts(read(tmp_path, tbl(tr(tc(field), tc(simple))))) == ["99分", "7"]


def test_breaks_tabs_symbols_and_raised_digits(tmp_path: Path) -> None:
    lines = "<w:p><w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t></w:r></w:p>"
    raised = (
        '<w:p><w:r><w:t>10</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
        '<w:t>4</w:t></w:r><w:r><w:sym w:font="Symbol" w:char="2264"/></w:r></w:p>'
    )
    odd = '<w:p><w:r><w:sym w:font="Acme Signs" w:char="F0FE"/></w:r></w:p>'
    document = read(tmp_path, tbl(tr(tc(lines + p("d")), tc(raised), tc(odd))))
    assert texts(document) == ["a\nb c\nd", "10⁴≤", "\ufffd"]
    assert [note.code for note in document.notes] == ["symbol"]


def test_lines_front_captions_and_notes(tmp_path: Path) -> None:
    body = (
        p("南府发〔2021〕3号") + p("关于印发2021年度考核指标的通知") + p("南江市人民政府")
        + p("2021年3月1日") + p("考核指标表") + tbl(tr(tc("a"), tc("b"))) + p("注：略")
    )  # fmt: skip
    document = read(tmp_path, body)
    assert document.front.doc_number == "南府发〔2021〕3号"
    assert document.front.issuer == "南江市人民政府"
    assert document.tables[0].caption == ("考核指标表",)
    assert document.tables[0].notes == ("注：略",)


def test_headers_complete_the_front(tmp_path: Path) -> None:
    word: WordDocument = docx.Document()
    word.sections[0].header.paragraphs[0].text = "南府发〔2021〕3号"
    word.add_paragraph("2021年度考核指标")
    table = word.add_table(2, 2)
    table.cell(0, 0).text = "a"
    table.cell(1, 1).text = "b"
    path = tmp_path / "n.docx"
    word.save(str(path))
    document = read_document(path)
    assert document.front.doc_number == "南府发〔2021〕3号"
    assert document.front.title == "2021年度考核指标"
    assert texts(document) == ["a", "", "", "b"]


def test_nested_and_layout_tables(tmp_path: Path) -> None:
    inner = tbl(tr(tc("x"), tc("y")))
    nested = read(
        tmp_path, tbl(tr(tc("a"), tc("b"), tc("c")), tr(tc(p("d") + inner + p("")), tc("e")))
    )
    assert "d\nx y" in texts(nested)
    assert [note.code for note in nested.notes] == ["nested_table"]
    layout = read(tmp_path, tbl(tr(tc(p("题") + tbl(tr(tc("1"), tc("2")), tr(tc("3"), tc("4")))))))
    assert texts(layout) == ["1", "2", "3", "4"]
    assert layout.tables[0].caption == ("题",)


def test_text_boxes(tmp_path: Path) -> None:
    def box(text: str) -> str:
        inside = f"<w:txbxContent>{p(text)}</w:txbxContent>"
        return (
            f"<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing>{inside}</w:drawing></mc:Choice>"
            f"<mc:Fallback><w:pict>{inside}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        )

    body = box("南府发〔2021〕3号") + tbl(tr(tc("a"), tc(box("盖章")))) + p("")
    document = read(tmp_path, tbl(tr(tc("x"), tc("y"))) + body)
    assert [note.text for note in document.notes if note.code == "text_box"] == ["盖章"]
    assert document.tables[1].caption == ("南府发〔2021〕3号",)


def test_hidden_rows_are_told(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        tbl(
            tr(tc("序号"), tc("指标")),
            tr(tc("1"), tc("a")),
            tr(tc("f"), tc("f"), properties='<w:trHeight w:val="20" w:hRule="exact"/>'),
            tr(tc("h"), tc("h"), properties="<w:hidden/>"),
        ),
    )
    assert {note.code for note in document.notes} == {"hidden_text"}
    assert document.tables[0].row_count == 2


def test_refusals(tmp_path: Path) -> None:
    entities = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    cases = {
        "no_table": save(tmp_path, p("没有表"), name="a.docx"),
        "xml_entities": save(tmp_path, tbl(tr(tc("&b;"), tc("x"))), prolog=entities, name="b.docx"),
        "damaged": save(tmp_path, "<w:p>", name="c.docx"),
        "too_large": save(tmp_path, p(" " * (60 * 2**20)), name="d.docx"),
    }
    for code, path in cases.items():
        with pytest.raises(Refusal) as refused:
            read_document(path)
        assert refused.value.code == code


def test_deep_nesting_ends_in_a_refusal_or_a_document(tmp_path: Path) -> None:
    deep = "<w:sdt><w:sdtContent>" * 5000 + "</w:sdtContent></w:sdt>" * 5000
    with pytest.raises(Refusal):
        read(tmp_path, deep)


def test_the_other_citys_notice() -> None:
    document = read_document(NOTICES / "2021-other-city/notice.docx")
    (table,) = document.tables
    assert (table.row_count, table.column_count) == (69, 16)
    assert sum(c.row_span * c.column_span for c in table.cells) == 69 * 16
    assert document.front.year == 2021
