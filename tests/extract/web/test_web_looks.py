"""What a page shows of its text: hidden, struck out, raised, generated, in fields and formulas."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.read import read_document
from schemas.records.document import Document
from tests.support.for_each import for_each


def read(folder: Path, cell: str, sheet: str = "") -> Document:
    path = folder / "n.html"
    path.write_text(
        f"<!doctype html><style>{sheet}</style><table><tr><td>指标<td>分值<tr><td>{cell}<td>3"
        "</table>",
        encoding="utf-8",
    )
    return read_document(path)


def text_of(document: Document) -> str:
    return next(c.text for c in document.tables[0].cells if (c.row, c.column) == (2, 1))


SHOWN = {
    "class": ("5200<span class=s>1</span>", ".s{vertical-align:super;font-size:60%}", "5200¹"),
    "moved": ("5200<b class=s>1</b>", ".s{position:relative;top:-.4em}", "5200¹"),
    "inline": ('8<span style="vertical-align:4pt">注</span>', "", "8⁽注⁾"),
    "within": ("8<b class=s><a href=#n>[<i>1</i>]</a></b>", ".s{vertical-align:super}", "8⁽¹⁾"),
    "bracketed": ("8<sup>（1）</sup>", "", "8⁽¹⁾"),
    "unit": ("95<sup>%</sup>", "", "95%"),
    "whole": ("<sup>12.6</sup>", "", "12.6"),
    "cell": ("<p>12</p>", "td,p{vertical-align:super}", "12"),
    "nudged": ('12<span style="position:relative;top:-1px">.6</span>', "", "12.6"),
    "power": ("6×10<span class=s>4</span>吨", ".s{vertical-align:super}", "6×10⁴吨"),
    "formula": ("CO<sub>2</sub>、PM<sub>2.5</sub>", "", "CO2、PM2.5"),
    "lowered": ("5200<sub>1</sub>", "", "5200₁"),
    "before": ("<b class=s>2</b>", ".s::before{content:'\\2264'}", "≤2"),
    "after": ("<b class=s>95</b>", ".s:after{content:'%'}", "95%"),
    "attribute": ("<b data-v=12></b>", "b::before{content:attr(data-v)}", "12"),
    "icon": ("<b>12</b>", "b::before{content:'\\f101'}", "12"),
    "clearfix": ("<b>12</b>", "b::after{content:'.';visibility:hidden;height:0}", "12"),
    "overridden": ("<del>9</del>", "del{text-decoration:none}", "9"),
    "seen again": ("<i>9<b>8</b></i>", "i{visibility:hidden} b{visibility:visible}", "8"),
    "on dark": ('<p style="background:#036;color:#fff">9</p>', "", "9"),
    "on picture": ('<p style="background:url(x.png);color:white">9</p>', "", "9"),
    "bdo": ("<bdo dir=rtl>0025</bdo>", "", "5200"),
    "rtl": ("<span dir=rtl>5200</span>", "", "5200"),
    "template": ("<template>7</template>8", "", "8"),
    "open": ("<details open><summary>甲</summary>7</details>", "", "甲\n7"),
    "lines": ("<span style='white-space:pre-line'>甲\n乙</span>", "", "甲\n乙"),
    "input": ("<input type=text value=5200>人", "", "5200人"),
    "tick": ("<input type=checkbox checked>是 <input type=radio>否", "", "☑是 ☐否"),
    "area": ("<textarea>5200</textarea>", "", "5200"),
    "list": ("<select><option>1<option selected>5200</select>", "", "5200"),
    "first": ("<select><option>1<option>2</select>", "", "1"),
    "button": ("<button>提交</button>12", "", "12"),
    "fraction": ("<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>", "", "1/2"),
    "sum": ("<math><mfrac><mi>a+1</mi><mn>2</mn></mfrac></math>", "", "(a+1)/2"),
    "mixed": ("<math><mn>2</mn><mfrac><mn>1</mn><mn>2</mn></mfrac></math>", "", "2 1/2"),
    "math power": ("<math><msup><mn>10</mn><mn>4</mn></msup></math>吨", "", "10⁴吨"),
    "annotated": (
        "<math><semantics><mo>≤</mo><annotation>\\leq</annotation></semantics></math>2",
        "",
        "≤2",
    ),
    "screen": ("<b class=s>9</b>8", "@media screen{.s{display:none}}", "8"),
    "paper": ("<b class=s>9</b>8", "@media print{.s{display:none}}", "98"),
}


@for_each("case", SHOWN)
def test_text_is_read_as_it_is_seen(case: str, tmp_path: Path) -> None:
    cell, sheet, expected = SHOWN[case]
    assert text_of(read(tmp_path, cell, sheet)) == expected


HIDDEN = {
    "font": ('<font color="#FFFFFF">7</font>', ""),
    "font without a hash": ('<font color="ffffff">7</font>', ""),
    "white": ("<b class=h>7</b>", ".h{color:rgb(254,255,255)}"),
    "as its cell": ('<p style="background:#ccc"><b style="color:#cccccc">7</b></p>', ""),
    "inherited": ("<p class=h><b>7</b></p>", ".h{color:#fff}"),
    "no ink": ("<b style='color:transparent'>7</b>", ""),
    "opacity": ("<b style='opacity:0'>7</b>", ""),
    "opacity above": ("<p style='opacity:0%'><b style='opacity:1'>7</b></p>", ""),
    "size": ("<p style='font-size:0'><b>7</b></p>", ""),
    "tiny": ("<p style='font-size:10px'><b style='font-size:.1em'>7</b></p>", ""),
    "shorthand": ("<b style='font:bold 1px/2 宋体'>7</b>", ""),
    "visibility": ("<p style='visibility:hidden'><b>7</b></p>", ""),
    "attribute": ("<b hidden>7</b>", ""),
    "clipped": ("<b class=h>7</b>", ".h{position:absolute;clip:rect(0 0 0 0)}".replace(" ", ",")),
    "no room": ("<div style='height:0;overflow:hidden'>7</div>", ""),
    "far left": ("<b style='position:absolute;left:-9999px'>7</b>", ""),
    "indent": ("<div style='text-indent:-9999px'>7</div>", ""),
    "closed": ("<details>7</details>", ""),
    "closed dialog": ("<dialog>7</dialog>", ""),
    "closed popover": ("<i popover>7</i>", ""),
    "old option": ("<b style='display:none'>7</b>", ""),
}


@for_each("case", HIDDEN)
def test_hidden_text_is_left_out_and_said(case: str, tmp_path: Path) -> None:
    cell, sheet = HIDDEN[case]
    document = read(tmp_path, f"{cell}8", sheet)
    assert text_of(document) == "8"
    assert [(note.code, note.text) for note in document.notes] == [("hidden_text", "7")]


@pytest.mark.parametrize("around", ["<p class=x><b>7</b></p>", "<s><b>7</b></s>", "<del>7</del>"])
def test_struck_text_is_left_out_and_said(around: str, tmp_path: Path) -> None:
    document = read(tmp_path, f"{around}8", ".x{text-decoration:line-through red}")
    assert text_of(document) == "8"
    assert [(note.code, note.text) for note in document.notes] == [("struck_text", "7")]


def test_a_counter_and_a_drawing_are_said(tmp_path: Path) -> None:
    document = read(tmp_path, "<b>8</b><svg><text>9</text></svg>", "b::before{content:counter(n)}")
    assert text_of(document) == "8"
    assert {note.code for note in document.notes} == {"generated_text", "picture_in_cell"}


FOLDED = "style='visibility:collapse'"


@pytest.mark.parametrize("how", [f"<col {FOLDED}>", f"<colgroup {FOLDED}><col></colgroup>"])
def test_a_folded_column_is_left_out_and_said(how: str, tmp_path: Path) -> None:
    path = tmp_path / "n.html"
    rows = "<tr><td>指标<td colspan=2>目标<td>分值<tr><td>甲<td>1<td>2<td>3"
    path.write_text(f"<!doctype html><table><col>{how}{rows}</table>", encoding="utf-8")
    document = read_document(path)
    cells = [(c.column, c.column_span, c.text) for c in document.tables[0].cells]
    assert cells[:3] == [(1, 1, "指标"), (2, 1, "目标"), (3, 1, "分值")]
    assert cells[3:] == [(1, 1, "甲"), (2, 1, "2"), (3, 1, "3")]
    assert [note.code for note in document.notes] == ["hidden_text"]
