from __future__ import annotations

from dataclasses import replace

from normalize.text.marks import with_marks_apart
from schemas.records.document import Cell, Document, NoteMark
from tests.support.for_each import for_each
from tests.support.normalize.drawn import document, table


def read(text: str, *notes: str) -> Cell:
    drawn = table("a | b\nc | d", notes=notes)
    cells = (drawn.cells[0]._replace(text=text), *drawn.cells[1:])
    read: Document = with_marks_apart(document(replace(drawn, cells=cells)))
    return read.tables[0].cells[0]


@for_each(
    "text, bare, signs",
    [
        ("12.6¹", "12.6", ["1"]),
        ("8¹²", "8", ["12"]),
        ("8⁽¹,²⁾", "8", ["1", "2"]),
        ("95%⁽注⁾", "95%", ["注"]),
        ("市财政局⁽¹⁾", "市财政局", ["1"]),
        ("建筑面积（万m²）¹", "建筑面积（万m²）", ["1"]),
        ("3¹（丁县4²）", "3（丁县4）", ["1", "2"]),
        ("40", "40", []),
        ("5m²", "5m²", []),
        ("30μg/m³", "30μg/m³", []),
        ("6×10⁴吨", "6×10⁴吨", []),
        ("10⁴", "10⁴", []),
        ("10¹", "10¹", []),
        ("kg·m⁻³", "kg·m⁻³", []),
        ("¹含灵活就业", "¹含灵活就业", []),
        ("5200*", "5200*", []),
        ("①完成；②上报", "①完成；②上报", []),
    ],
)
def test_a_raised_mark_is_no_part_of_its_text(text: str, bare: str, signs: list[str]) -> None:
    cell = read(text)
    assert (cell.text, [mark.sign for mark in cell.marks]) == (bare, signs)


@for_each(
    "text, line, note",
    [
        ("8¹", "注：1.含新增；2.不含", "注：1.含新增；"),
        ("8²", "注：1.含新增；2.不含", "2.不含"),
        ("8²", "注2：不含", "注2：不含"),
        ("8¹", "¹ 含新增", "¹含新增"),
        ("8⁽¹⁾", "[1]含新增", "[1]含新增"),
        ("8⁽注⁾", "注：含新增", "注：含新增"),
        ("10¹", "1.含新增", "1.含新增"),
        ("8*", "*含新增", "*含新增"),
        ("8①", "① 含新增", "①含新增"),
        ("8¹", "12.含新增", None),
        ("8¹", "1.5万元以上", None),
        ("8¹", "2020年1月", None),
    ],
)
def test_the_note_of_a_mark_is_found(text: str, line: str, note: str | None) -> None:
    (mark,) = read(text, "其他", line).marks
    assert mark == NoteMark(mark.sign, note)
