"""Word files written by hand, as XML."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx

from extract.read import read_document
from schemas.records.document import Document

WORDML = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def p(text: str, properties: str = "") -> str:
    run = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:p><w:r>{run}<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def tc(content: str, properties: str = "") -> str:
    inside = content if content.startswith("<") else p(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def save(tmp_path: Path, body: str, *, prolog: str = "", name: str = "n.docx") -> Path:
    """Write a Word file whose body is the XML given."""
    path = tmp_path / name
    docx.Document().save(str(path))
    with zipfile.ZipFile(path) as package:
        parts = {info.filename: package.read(info) for info in package.infolist()}
    spaces = f'xmlns:w="{WORDML}" xmlns:mc="m" xmlns:v="v"'
    xml = f"{prolog}<w:document {spaces}><w:body>{body}</w:body></w:document>"
    parts["word/document.xml"] = xml.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for part, data in parts.items():
            package.writestr(part, data)
    return path


def read(tmp_path: Path, body: str) -> Document:
    return read_document(save(tmp_path, body))


DOWN, GO_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
