"""Word documents that are one XML file are as exact as the .docx that they stand for."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from common.refusal import Refusal
from extract.read import read_document
from schemas.records.document import Document
from tests.support.workshop.draw import default_style, draw
from tests.support.workshop.grid import grid_of
from tests.support.workshop.layout import fitted
from tests.support.workshop.layouts import CLASSIC
from tests.support.workshop.reading import differences, read_notice
from tests.support.workshop.samples import sample

W2003 = "http://schemas.microsoft.com/office/word/2003/wordml"
TODAY = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HEAD = '<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Word.Document"?>'


def cells(document: Document) -> list[tuple[int, int, int, int, str]]:
    (table,) = document.tables
    return [(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells]


def flat(docx: Path, path: Path) -> Path:
    """Write a .docx as one file of XML."""
    parts = []
    with zipfile.ZipFile(docx) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")) and not name.startswith("["):
                content = re.sub(r"^<\?xml[^>]*>", "", package.read(name).decode().lstrip("\ufeff"))
                parts.append(f'<pkg:part pkg:name="/{name}"><pkg:xmlData>{content}</pkg:xmlData>'
                             "</pkg:part>")  # fmt: skip
    spaces = 'xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"'
    path.write_text(f"{HEAD}<pkg:package {spaces}>{''.join(parts)}</pkg:package>", "utf-8")
    return path


def of_2003(docx: Path, path: Path) -> Path:
    """Write a .docx's body and styles as Word 2003 did."""
    with zipfile.ZipFile(docx) as package:
        main, styles = (package.read(f"word/{n}.xml").decode() for n in ("document", "styles"))
    body = re.search(r"<w:body>.*</w:body>", main, re.DOTALL)
    named = re.search(r"<w:styles.*</w:styles>", styles, re.DOTALL)
    assert body
    assert named
    old = body[0].replace("w:vMerge", "w:vmerge")
    old = re.sub(r"<w:sectPr.*</w:sectPr>", "", old, flags=re.DOTALL)
    return written(path, named[0].replace(TODAY, W2003) + old)


def written(path: Path, content: str) -> Path:
    spaces = f'xmlns:w="{W2003}" xmlns:wx="auxHint" xmlns:aml="aml"'
    path.write_text(f"{HEAD}<w:wordDocument {spaces}>{content}</w:wordDocument>", "utf-8")
    return path


@pytest.mark.parametrize("write", [flat, of_2003])
def test_a_notice_is_read_as_its_docx(write: object, tmp_path: Path) -> None:
    assert callable(write)
    notice = fitted(sample(), CLASSIC)
    path = draw(notice, grid_of(notice, CLASSIC), tmp_path, default_style("docx"))
    document, reading = read_notice(write(path, tmp_path / "notice.xml"), year=notice.year)
    assert differences(notice, CLASSIC, reading) == []
    assert (document.source_format, document.source_name) == ("wordml", "notice.xml")
    assert document.front.doc_number == notice.doc_number


def test_what_word_2003_says_in_other_words(tmp_path: Path) -> None:
    def tc(inside: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p>{inside}</w:p></w:tc>"

    def run(text: str) -> str:
        return f"<w:r><w:t>{text}</w:t></w:r>"

    listed = '<w:pPr><w:listPr><wx:t wx:val="（一）"/></w:listPr></w:pPr>'
    changes = "".join(
        f'<aml:annotation w:type="Word.{kind}"><aml:content>{run(text)}</aml:content>'
        "</aml:annotation>"
        for kind, text in (("Deletion", "旧"), ("Insertion", "新"))
    )
    rows = (
        tc(run("甲"), '<w:vmerge w:val="restart"/>') + tc(run("乙")) + tc(run("丙")),
        tc("", "<w:vmerge/>") + tc(run("丁"), '<w:gridSpan w:val="2"/>'),
        tc(f"{listed}{run('类')}") + tc(changes) + tc(run("1")),
    )
    table = "".join(f"<w:tr>{row}</w:tr>" for row in rows)
    grid = "<w:tblGrid>" + '<w:gridCol w:w="900"/>' * 3 + "</w:tblGrid>"
    inner = f"<wx:sub-section><w:tbl>{grid}{table}</w:tbl></wx:sub-section>"
    body = f"<w:body><wx:sect>{inner}</wx:sect></w:body>"
    assert cells(read_document(written(tmp_path / "n.doc", body))) == [
        (1, 1, 2, 1, "甲"), (1, 2, 1, 1, "乙"), (1, 3, 1, 1, "丙"), (2, 2, 1, 2, "丁"),
        (3, 1, 1, 1, "（一）类"), (3, 2, 1, 1, "新"), (3, 3, 1, 1, "1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "code"),
    [("<w:body><w:p></w:body>", "damaged"), ("", "no_table"), ("<w:body/>", "no_table")],
)
def test_what_cannot_be_read_is_refused(content: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        read_document(written(tmp_path / "n.xml", content))
    assert refused.value.code == code


def test_entities_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "n.xml", "<w:body/>")
    text = path.read_text("utf-8").replace("<w:word", '<!DOCTYPE a [<!ENTITY b "c">]><w:word', 1)
    path.write_text(text, "utf-8")
    with pytest.raises(Refusal) as refused:
        read_document(path)
    assert refused.value.code == "xml_entities"
