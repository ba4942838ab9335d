"""What a Word document shows, whatever part of it says so: styles, lists, fields, formulas."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.records.document import Document
from tests.support.extract.docx_files import p, read, tbl, tc, tr

STYLES = """
<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="21"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="a"/>
<w:style w:type="character" w:styleId="up"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>
 </w:style>
<w:style w:type="character" w:styleId="up2"><w:basedOn w:val="up"/></w:style>
<w:style w:type="character" w:styleId="out"><w:rPr><w:strike/></w:rPr></w:style>
<w:style w:type="character" w:styleId="out2"><w:rPr><w:dstrike/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="gone"><w:rPr><w:strike/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="white"><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="bar"><w:pPr><w:shd w:val="clear" w:fill="1F4E79"/></w:pPr>
 <w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>
<w:style w:type="table" w:styleId="grid"><w:tblStylePr w:type="firstRow">
 <w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:tcPr><w:shd w:val="clear" w:fill="4472C4"/></w:tcPr>
 </w:tblStylePr><w:tblStylePr w:type="band1Horz"><w:rPr><w:color w:val="FDFDFD"/></w:rPr>
 </w:tblStylePr></w:style>
<w:style w:type="paragraph" w:styleId="loop"><w:basedOn w:val="loop2"/></w:style>
<w:style w:type="paragraph" w:styleId="loop2"><w:basedOn w:val="loop"/></w:style>
<w:style w:type="paragraph" w:styleId="listed"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>
 </w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="sublisted"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>
 </w:pPr></w:style>
"""
LISTS = """
<w:abstractNum w:abstractNumId="7">
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>
 <w:pStyle w:val="listed"/>
  <w:lvlText w:val="%1、"/></w:lvl>
 <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="sublisted"/>
 <w:isLgl/>
  <w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:start w:val="5"/><w:numFmt w:val="decimal"/>
 <w:lvlText w:val="%1"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="9"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/>
 <w:lvlText w:val="&#xF0FC;"/>
 <w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="8"/><w:lvlOverride w:ilvl="0">
 <w:startOverride w:val="1"/>
 </w:lvlOverride></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="9"/></w:num>
"""


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def para(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def style(name: str) -> str:
    return f'<w:pStyle w:val="{name}"/>'


def of(name: str) -> str:
    return f'<w:rStyle w:val="{name}"/>'


def document(folder: Path, *cells: str, table: str = "") -> Document:
    rows = tr(tc("甲"), *(tc("乙") for _ in cells)), tr(tc("丙"), *map(tc, cells))
    return read(folder, f"<w:tbl>{table}{''.join(rows)}</w:tbl>", styles=STYLES, numbering=LISTS)


def shown(folder: Path, cell: str) -> str:
    return document(folder, cell).tables[0].cells[-1].text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (para(r("5200"), r("1", of("up"))), "5200¹"),
        (para(r("5200"), r("1", of("up2")), r("2", of("up2"))), "5200¹²"),
        (para(r("5200"), r("1", of("up") + '<w:vertAlign w:val="baseline"/>')), "52001"),
        (para(r("5200"), r("1", '<w:position w:val="8"/>')), "5200¹"),
        (para(r("5200"), r("1", '<w:position w:val="2"/>')), "52001"),
        (para(r("52", '<w:position w:val="8"/>'), r("00", '<w:position w:val="9"/>')), "5200"),
        (para(r("12"), r("3", '<w:vertAlign w:val="subscript"/>')), "12₃"),
        (para(r("PM"), r("2.5", '<w:vertAlign w:val="subscript"/>')), "PM2.5"),
        (para(r("8"), r("①", of("up"))), "8⁽①⁾"),
        (para(r("8"), r("⁽¹⁾", of("up"))), "8⁽¹⁾"),
    ],
)  # fmt: skip
def test_raised_and_lowered(tmp_path: Path, cell: str, text: str) -> None:
    assert shown(tmp_path, cell) == text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (para(r("7"), properties=style("gone")) + p("8"), "8"),
        (para(r("7", of("out")), r("8")), "8"),
        (para(r("7", of("out2")), r("8")), "8"),
        (para(r("7", of("out")), properties=style("gone")), "7"),  # two levels undo each other
        (para(r("7", '<w:strike w:val="0"/>'), properties=style("gone")), "7"),
    ],
)
def test_struck_by_styles(tmp_path: Path, cell: str, text: str) -> None:
    found = document(tmp_path, cell)
    assert found.tables[0].cells[-1].text == text
    assert [note.code for note in found.notes] == (["struck_text"] if text == "8" else [])


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (para(r("7", '<w:color w:val="FFFFFF"/>'), r("8")), "8"),
        (para(r("7", '<w:color w:val="FEFEFD"/>'), r("8")), "8"),
        (para(r("7"), properties=style("white")) + p("8"), "8"),
        (para(r("7", '<w:sz w:val="2"/>'), r("8")), "8"),
        (para(r("7", '<w:color w:val="FFFF00"/><w:highlight w:val="yellow"/>'), r("8")), "8"),
        (para(r("7", '<w:color w:val="FF0000"/>'), r("8")), "78"),
        (para(r("78", '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="000000"/>')), "78"),
        (para(r("78"), properties=style("bar")), "78"),
        (para(r("78"), properties=style("loop")), "78"),
    ],
)  # fmt: skip
def test_hidden_by_colour_and_size(tmp_path: Path, cell: str, text: str) -> None:
    assert shown(tmp_path, cell) == text


def test_a_head_of_white_on_a_table_styles_colour_is_seen_and_white_bands_are_not(
    tmp_path: Path,
) -> None:
    look = '<w:tblPr><w:tblStyle w:val="grid"/><w:tblLook w:val="0420"/></w:tblPr>'
    found = document(tmp_path, "5", table=look)
    assert [cell.text for cell in found.tables[0].cells] == ["甲", "乙", "", ""]
    plain = look.replace("0420", "0620")
    assert [cell.text for cell in document(tmp_path, "5", table=plain).tables[0].cells][-1] == "5"


def numbered(list_id: int, text: str = "", level: int = 0) -> str:
    of_list = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
    return para(r(text) if text else "", properties=of_list)


def styled(name: str, text: str) -> str:
    return para(r(text), properties=style(name))


def test_numbers_of_lists_are_read(tmp_path: Path) -> None:
    cells = (
        styled("listed", "经济") + styled("sublisted", "增长"),
        styled("listed", "民生") + styled("sublisted", "就业"),
        numbered(2), numbered(2), numbered(3), numbered(3),
        numbered(4, "8"), numbered(4), numbered(0, "8"), numbered(99, "8"),
    )  # fmt: skip
    texts = [cell.text for cell in document(tmp_path, *cells).tables[0].cells[-len(cells) :]]
    assert texts == [
        "一、 经济\n1.1 增长", "二、 民生\n2.1 就业", "5", "6", "1", "2", "8", "✓", "8", "8",
    ]  # fmt: skip


def test_rows_that_are_not_seen_are_not_counted(tmp_path: Path) -> None:
    rows = (
        tr(tc(numbered(2)), tc("a")),
        tr(tc(numbered(2)), tc("b"), properties="<w:hidden/>"),
        tr(tc(numbered(2)), tc("c"), properties="<w:del/>"),
        tr(tc(numbered(2)), tc("d")),
    )
    found = read(tmp_path, tbl(*rows), numbering=LISTS)
    assert [cell.text for cell in found.tables[0].cells] == ["5", "a", "6", "d"]


def mark(kind: str, data: str = "") -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}">{data}</w:fldChar></w:r>'


def coded(code: str, result: str = "", data: str = "") -> str:
    instruction = f"<w:r><w:instrText>{code}</w:instrText></w:r>"
    return mark("begin", data) + instruction + mark("separate") + result + mark("end")


def checkbox(usual: str, state: str) -> str:
    box = f'<w:ffData><w:checkBox><w:default w:val="{usual}"/>{state}</w:checkBox></w:ffData>'
    return coded("FORMCHECKBOX", data=box)


def dropdown(chosen: int) -> str:
    entries = "".join(f'<w:listEntry w:val="{text}"/>' for text in ("优", "良"))
    choices = f'<w:ddList><w:result w:val="{chosen}"/>{entries}</w:ddList>'
    return coded("FORMDROPDOWN", data=f"<w:ffData>{choices}</w:ffData>")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (para(coded(r" EQ \f(3,4) "), r("以上")), "3/4 以上"),
        (para(r("1"), coded(r"eq \f(1,2)")), "1 1/2"),
        (para(coded(r"EQ \f(1,2)"), r("3")), "1/2 3"),
        (para(coded(r"eq \o\ac(○,3)"), r("建成")), "③建成"),
        (para(coded(r"EQ \o(5,8)")), "�"),
        (para(r("m"), coded(r"EQ \s\up5(2)")), "m²"),
        (para(coded(r"EQ \r(\f(1,2))")), "√( 1/2 )"),
        (para(coded(r"EQ \f(1")), "�"),
        (para(coded(r'SYMBOL 163 \f "Symbol" \s 12'), r("3")), "≤3"),
        (para('<w:fldSimple w:instr="EQ \\f(1,2)"/>'), "1/2"),
        (para(checkbox("0", "<w:checked/>")), "☑"),
        (para(checkbox("1", '<w:checked w:val="0"/>')), "☐"),
        (para(dropdown(1)), "良"),
        (para(coded("FORMTEXT", r("12"))), "12"),
        (para(coded("AUTONUM")), "�"),
    ],
)  # fmt: skip
def test_fields_show_what_is_seen(tmp_path: Path, cell: str, text: str) -> None:
    assert shown(tmp_path, cell) == text


def math(inside: str) -> str:
    return f"<m:oMath>{inside}</m:oMath>"


def m(name: str, **parts: str) -> str:
    inner = "".join(
        f"<m:{key}><m:r><m:t>{text}</m:t></m:r></m:{key}>" for key, text in parts.items()
    )
    return f"<m:{name}>{inner}</m:{name}>"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (para(math(m("f", num="3", den="4"))), "3/4"),
        (para(r("1"), math(m("f", num="1", den="2"))), "1 1/2"),
        (para(math(m("f", num="a+b", den="c"))), "(a+b)/c"),
        (para(r("5"), math(m("sSup", e="km", sup="2"))), "5km²"),
        (para(math(m("sSup", e="10", sup="4"))), "10⁴"),
        (para(math(m("sSup", e="5", sup="2"))), "5^2"),
        (para(math(m("sSub", e="CO", sub="2"))), "CO2"),
        (para(math(m("d", e="1,2"))), "(1,2)"),
        (para(math(m("rad", deg="", e="2"))), "√(2)"),
        (para(math(m("nary", sub="1", e="x"))), "�"),
    ],
)  # fmt: skip
def test_equations(tmp_path: Path, cell: str, text: str) -> None:
    assert shown(tmp_path, cell) == text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (para(r("\u00a3", '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>'), r("3")), "≤3"),
        (para(r("\uf0b3", '<w:rFonts w:ascii="Symbol"/>'), r("3")), "≥3"),
        (para('<w:r><w:sym w:font="Wingdings" w:char="F081"/></w:r>', r("建成")), "①建成"),
        (para('<w:r><w:sym w:font="Symbol" w:char="F0A3"/></w:r>', r("3")), "≤3"),
        (para(r("5", '<w:rFonts w:ascii="Wingdings"/>')), "�"),
        (para(r("\uf0b3")), "\uf0b3"),
        (para('<w:bdo w:val="rtl">' + r("12") + r("3") + "</w:bdo>"), "321"),
        (para(r("\u202e12")), "�12"),
        (para('<w:dir w:val="rtl">' + r("12") + "</w:dir>"), "12"),
    ],
)  # fmt: skip
def test_symbols_and_directions(tmp_path: Path, cell: str, text: str) -> None:
    assert shown(tmp_path, cell) == text


def control(inside: str, *, asks: bool = True) -> str:
    properties = "<w:showingPlcHdr/>" if asks else ""
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (para(control(r("单击或点击此处输入文字。"))), ""),
        (control(p("选择一项。")), ""),
        (para(control(r("12"), asks=False)), "12"),
        (para(control(r("12"))), "12"),  # a figure may be an entry, whatever the control says
    ],
)
def test_what_a_control_asks_for_is_no_value(tmp_path: Path, cell: str, text: str) -> None:
    found = document(tmp_path, cell)
    assert found.tables[0].cells[-1].text == text
    assert [note.code for note in found.notes] == ([] if text else ["hidden_text"])
    doubted = [seen.text for seen in found.tables[0].cells[-1].seen]
    assert doubted == (["12"] if text and "showingPlcHdr" in cell else [])


def test_footnotes_of_a_table_are_marked_and_kept(tmp_path: Path) -> None:
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    notes = (
        '<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        f'<w:footnote w:id="2">{p("不含高新区")}</w:footnote>'
    )
    body = tbl(tr(tc("指标"), tc(para(r("5200"), reference))))
    found = read(tmp_path, body, footnotes=notes)
    assert found.tables[0].cells[1].text == "5200¹"
    assert found.tables[0].notes == ("注1：不含高新区",)


def test_a_box_over_a_cell_and_a_picture_in_it_put_it_in_doubt(tmp_path: Path) -> None:
    box = f"<w:p><w:r><w:drawing><w:txbxContent>{p('9')}</w:txbxContent></w:drawing></w:r></w:p>"
    picture = "<w:p><w:r><w:t>8</w:t><w:drawing><w:pic/></w:drawing></w:r></w:p>"
    found = document(tmp_path, box, p("7") + box, picture)
    cells = found.tables[0].cells[-3:]
    assert [(cell.text, *((seen.why, seen.text) for seen in cell.seen)) for cell in cells] == [
        ("9", ("overlaid", "9")), ("7", ("overlaid", "9")), ("8", ("pictured", "")),
    ]  # fmt: skip


def test_a_deleted_end_of_a_paragraph_joins_and_deleted_cells_are_gone(tmp_path: Path) -> None:
    joined = para(r("5"), properties="<w:rPr><w:del/></w:rPr>") + p("0")
    rows = tr(tc("a"), tc(joined)), tr(tc("x", "<w:cellDel/>"), tc("b"), tc("c"))
    assert [c.text for c in read(tmp_path, tbl(*rows)).tables[0].cells] == ["a", "50", "b", "c"]


def wide(text: str, width: int, span: int = 1) -> str:
    return tc(text, f'<w:tcW w:w="{width}" w:type="dxa"/><w:gridSpan w:val="{span}"/>')


def test_a_row_whose_spans_are_wild_lies_as_wide_as_its_cells(tmp_path: Path) -> None:
    grid = "<w:tblGrid>" + '<w:gridCol w:w="1000"/>' * 4 + "</w:tblGrid>"
    plain = tr(*(wide(text, 1000) for text in "abcd"))
    shifted = tr(wide("e", 1000, 2), wide("f", 1000), wide("g", 1000), wide("h", 1000))
    lost = tr(wide("i", 2000), wide("j", 1000), wide("k", 1000))
    odd = tr(wide("l", 1500), wide("m", 1500), wide("n", 1000))
    found = read(tmp_path, f"<w:tbl>{grid}{plain * 5}{shifted}{lost}{odd}</w:tbl>").tables[0]
    assert found.column_count == 4
    last = [(c.text, c.column, c.column_span, c.undrawn) for c in found.cells[20:]]
    assert last[:7] == [
        ("e", 1, 1, None), ("f", 2, 1, None), ("g", 3, 1, None), ("h", 4, 1, None),
        ("i", 1, 2, None), ("j", 3, 1, None), ("k", 4, 1, None),
    ]  # fmt: skip
    assert {undrawn for *_, undrawn in last[7:]} == {"width"}
