"""Files that are no notice, each wrong in a way that offices really send; made on the spot."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
from openpyxl import Workbook
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from tests.support.paths import ROOT

NOTICE_PDF = ROOT / "raw/notices/ziyang-2020/calc.pdf"
HEAD = "<meta charset='utf-8'><h1>关于印发2031年度目标考核指标的通知</h1>"


def empty(folder: Path) -> Path:
    return written(folder / "notice.pdf", b"")


def not_what_its_name_says(folder: Path) -> Path:
    return written(folder / "notice.pdf", b"\x89PNG\r\n\x1a\n" + bytes(2000))


def truncated(folder: Path) -> Path:
    content = NOTICE_PDF.read_bytes()
    return written(folder / "notice.pdf", content[: len(content) // 2])


def encrypted(folder: Path) -> Path:
    path = folder / "notice.pdf"
    canvas = Canvas(str(path), pagesize=A4, encrypt=StandardEncryption("secret", canPrint=0))
    canvas.drawString(72, 720, "a page")
    canvas.save()
    return path


def without_tables(folder: Path) -> Path:
    path = folder / "notice.pdf"
    canvas = Canvas(str(path), pagesize=A4)
    for line in range(30):
        canvas.drawString(72, 760 - 20 * line, f"A letter about nothing, line {line}")
    canvas.save()
    return path


def of_another_family(folder: Path) -> Path:
    rows = "".join(
        f"<tr><td>{hour}:00</td><td>数学</td><td>语文</td></tr>" for hour in range(8, 16)
    )
    table = f"<table><tr><th>时间</th><th>星期一</th><th>星期二</th></tr>{rows}</table>"
    return written(folder / "notice.html", f"{HEAD}{table}".encode())


def without_points(folder: Path) -> Path:
    rows = "".join(
        f"<tr><td>{n}</td><td>经济发展</td><td>指标{n}增长率（%）</td><td>{n}%</td>"
        f"<td>{n + 1}%</td><td>市统计局</td></tr>"
        for n in range(1, 9)
    )
    head = "".join(
        f"<th>{name}</th>"
        for name in ("序号", "一级指标", "二级指标", "甲县目标值", "乙县目标值", "责任单位")
    )
    return written(folder / "notice.html", f"{HEAD}<table><tr>{head}</tr>{rows}</table>".encode())


def two_thousand_pages(folder: Path) -> Path:
    path = folder / "notice.pdf"
    canvas = Canvas(str(path), pagesize=A4)
    for page in range(2000):
        canvas.grid([72, 200, 300, 400], [400, 450, 500, 550, 600])
        canvas.drawString(80, 580, "Account")
        canvas.drawString(210, 580, "Debit")
        canvas.drawString(310, 580, f"{page}")
        canvas.showPage()
    canvas.save()
    return path


def billion_cells(folder: Path) -> Path:
    book = Workbook()
    book.active["A1"] = "一级指标"
    content = io.BytesIO()
    book.save(content)
    huge = '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    return patched(
        folder / "notice.xlsx",
        content,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace('ref="A1"', 'ref="A1:XFD1048576"').replace(
            "</sheetData>", f"</sheetData>{huge}"
        ),
    )


def xml_entities(folder: Path) -> Path:
    content = io.BytesIO()
    docx.Document().save(content)
    bomb = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12)
    )
    return patched(
        folder / "notice.docx",
        content,
        "word/document.xml",
        lambda xml: xml.replace("?>", f"?>{bomb}]>", 1).replace(
            "<w:body>", "<w:body><w:p><w:r><w:t>&m;</w:t></w:r></w:p>"
        ),
    )


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def patched(path: Path, content: io.BytesIO, part: str, change: Callable[[str], str]) -> Path:
    """Write a package with one of its parts changed; a change that changes nothing is an error."""
    with zipfile.ZipFile(content) as before, zipfile.ZipFile(path, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            if name == part:
                text = data.decode()
                data = change(text).encode()
                if data.decode() == text:
                    raise ValueError(f"{part} was not changed")
            after.writestr(name, data)
    return path


ALL: tuple[Callable[[Path], Path], ...] = (
    empty,
    not_what_its_name_says,
    truncated,
    encrypted,
    without_tables,
    of_another_family,
    without_points,
    two_thousand_pages,
    billion_cells,
    xml_entities,
)
