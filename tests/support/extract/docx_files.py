"""Word files written by hand, as XML."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import docx

from extract.read import read_document
from schemas.records.document import Document

RELATIONS = "word/_rels/document.xml.rels"
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


def save(
    tmp_path: Path,
    body: str,
    *,
    prolog: str = "",
    name: str = "n.docx",
    parts: Mapping[str, str] = MappingProxyType({}),
) -> Path:
    """Write a Word file whose body is the XML given, and so what its other parts hold."""
    path = tmp_path / name
    docx.Document().save(str(path))
    with zipfile.ZipFile(path) as package:
        files = {info.filename: package.read(info) for info in package.infolist()}
    spaces = f'xmlns:w="{WORDML}" xmlns:mc="m" xmlns:m="math" xmlns:v="v"'
    xml = f"{prolog}<w:document {spaces}><w:body>{body}</w:body></w:document>"
    files["word/document.xml"] = xml.encode()
    for part, inside in parts.items():
        files[f"word/{part}.xml"] = f"<w:{part} {spaces}>{inside}</w:{part}>".encode()
        one = f'<Relationship Id="{part}" Type="x/{part}" Target="{part}.xml"/></Relationships>'
        files[RELATIONS] = files[RELATIONS].replace(b"</Relationships>", one.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for file, data in files.items():
            package.writestr(file, data)
    return path


def read(tmp_path: Path, body: str, **parts: str) -> Document:
    return read_document(save(tmp_path, body, parts=parts))


DOWN, GO_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
