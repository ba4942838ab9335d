"""One door for all documents: the kind is told from the content, its reader is called."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from extract.files.kinds import SUFFIXES, Kind, kind_of
from schemas.records.document import Document, ReaderNote

_NAMES_ZH = {
    Kind.PDF: "PDF",
    Kind.DOCX: "Word 文档（.docx）",
    Kind.XLSX: "Excel 工作簿（.xlsx）",
    Kind.HTML: "网页（HTML）",
    Kind.TEXT: "文字（.txt、.md）",
}


def read_document(path: Path, *, cross_check: bool = True) -> Document:
    """Return a document as read: front matter and tables of printed cells, no meaning attached.

    ``cross_check`` lets a second reader compare (PDF only). Raises ``Refusal`` for what cannot be
    read and for a document without any table.
    """
    path = Path(path)
    kind = kind_of(path)
    document = _read(path, kind, cross_check)
    suffix = path.suffix.lower()
    if not suffix or suffix in SUFFIXES[kind]:
        return document
    note = ReaderNote(
        "info",
        "kind_differs_from_name",
        f"{path.name} is named {suffix} but its content is {kind.value}; read as {kind.value}",
        f"文件名以“{suffix}”结尾，但内容是{_NAMES_ZH[kind]}，已按内容读取。",
    )
    return replace(document, notes=(note, *document.notes))


def _read(path: Path, kind: Kind, cross_check: bool) -> Document:
    """Call the kind's reader; each is imported only when it is needed."""
    if kind is Kind.PDF:
        from extract.pdf.reader import read_pdf

        return read_pdf(path, cross_check=cross_check)
    if kind is Kind.DOCX:
        from extract.office.docx import read_docx

        return read_docx(path)
    if kind is Kind.XLSX:
        from extract.office.xlsx import read_xlsx

        return read_xlsx(path)
    if kind is Kind.HTML:
        from extract.web.reader import read_html

        return read_html(path)
    from extract.text.markdown import read_text

    return read_text(path)
