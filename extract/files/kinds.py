"""Tell what kind of file a document is from its content, and refuse what cannot be read."""

from __future__ import annotations

import re
import zipfile
from enum import StrEnum
from pathlib import Path

from common.refusal import Refusal
from extract.files.encoding import decode
from extract.files.package import Package

MAX_FILE_BYTES = 200 * 2**20
MAX_TEXT_BYTES = 32 * 2**20
_HEAD_BYTES = 65536
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_XLSX_ADVICE = "请在 Excel 或 WPS 中打开，另存为 .xlsx 后再导入。"
_DOCX_ADVICE = "请在 Word 或 WPS 中打开，另存为 .docx（或 .xlsx、.pdf）后再导入。"
_ANY_ADVICE = "请用原来的软件打开，另存为 .pdf、.docx 或 .xlsx 后再导入。"


class Kind(StrEnum):
    """The kinds of document that a reader exists for."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    HTML = "html"
    TEXT = "text"


SUFFIXES: dict[Kind, frozenset[str]] = {
    Kind.PDF: frozenset({".pdf"}),
    Kind.DOCX: frozenset({".docx", ".docm", ".dotx", ".dotm"}),
    Kind.XLSX: frozenset({".xlsx", ".xlsm", ".xltx", ".xltm"}),
    Kind.HTML: frozenset({".html", ".htm", ".xhtml", ".shtml", ".mht", ".mhtml"}),
    Kind.TEXT: frozenset({".txt", ".md", ".markdown", ".text"}),
}

# What other files begin with: bytes, what a clerk calls it, what to do.
_KNOWN: tuple[tuple[bytes, str, str, str], ...] = (
    (b"{\\rtf", "rtf", "RTF 文档", _DOCX_ADVICE),
    (b"\x89PNG", "image", "图片", "请取得电子版原件，或把图片转成 .pdf 后再导入。"),
    (b"\xff\xd8\xff", "image", "图片", "请取得电子版原件，或把图片转成 .pdf 后再导入。"),
    (b"GIF8", "image", "图片", "请取得电子版原件，或把图片转成 .pdf 后再导入。"),
    (b"BM", "image", "图片", "请取得电子版原件，或把图片转成 .pdf 后再导入。"),
    (b"II*\x00", "image", "图片", "请取得电子版原件，或把图片转成 .pdf 后再导入。"),
    (b"MM\x00*", "image", "图片", "请取得电子版原件，或把图片转成 .pdf 后再导入。"),
    (b"\x1f\x8b", "archive", "压缩包", "请先解压，再导入其中的文件。"),
    (b"7z\xbc\xaf\x27\x1c", "archive", "压缩包", "请先解压，再导入其中的文件。"),
    (b"Rar!", "archive", "压缩包", "请先解压，再导入其中的文件。"),
    (b"\x09\x08", "xls", "旧版 Excel 工作簿（.xls）", _XLSX_ADVICE),
    (b"\x09\x04", "xls", "旧版 Excel 工作簿（.xls）", _XLSX_ADVICE),
)


def kind_of(path: Path) -> Kind:
    """Return the kind of the file at ``path``; refuse what is missing, empty, huge or unknown."""
    head = _head(path)
    if b"%PDF-" in head[:1024] and not head.startswith((_ZIP, _OLE)):
        return Kind.PDF
    if head.startswith(_ZIP) or head.startswith(b"PK\x05\x06"):
        return _kind_of_zip(path)
    if head.startswith(_OLE):
        raise _refuse_ole(path)
    for start, code, name, advice in _KNOWN:
        if head.startswith(start) and not _readable(head):
            raise _unsupported(path, code, name, advice)
    if head.startswith(b"{\\rtf"):
        raise _unsupported(path, "rtf", "RTF 文档", _DOCX_ADVICE)
    return _kind_of_text(path, head)


def _head(path: Path) -> bytes:
    """Return the file's first bytes; refuse what is no readable, reasonably sized file."""
    name = path.name
    if path.is_dir():
        raise Refusal("is_directory", f"{name} is a directory",
                      f"“{name}”是文件夹，不是文件。请指定其中的通知文件"
                      "（.pdf、.docx、.xlsx、.html、.txt、.md）。")  # fmt: skip
    if path.exists() and not path.is_file():
        raise Refusal("not_a_file", f"{name} is a device or pipe, not a file",
                      f"“{name}”不是普通文件。请指定通知文件。")  # fmt: skip
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except FileNotFoundError:
        raise Refusal("not_found", f"{name} does not exist",
                      f"找不到文件“{path}”。请检查文件名和所在的文件夹。") from None  # fmt: skip
    except OSError as error:
        raise Refusal("unreadable", f"{name} cannot be opened: {error.strerror}",
                      f"文件“{name}”打不开（{error.strerror}）。请检查是否有读取权限、"
                      "是否正被别的程序占用。") from None  # fmt: skip
    if size == 0:
        raise Refusal("empty_file", f"{name} is empty",
                      f"文件“{name}”是空的（0 字节）。请重新取得文件后再导入。")  # fmt: skip
    _check_size(path, size, MAX_FILE_BYTES)
    return head


def _check_size(path: Path, size: int, limit: int) -> None:
    if size > limit:
        found, most = size // 2**20, limit // 2**20
        raise Refusal("too_large", f"{path.name} has {found} MB, the limit is {most} MB",
                      f"文件“{path.name}”有 {found} MB，超过上限 {most} MB。"
                      "请只保留通知和指标表后再导入。")  # fmt: skip


def _unsupported(path: Path, code: str, name: str, advice: str) -> Refusal:
    return Refusal(
        f"unsupported_{code}",
        f"{path.name} is of a kind that cannot be read: {code}",
        f"文件“{path.name}”从内容看是{name}，不能直接读取。{advice}",
    )


def _kind_of_zip(path: Path) -> Kind:
    try:
        with Package(path) as package:
            main = package.main_type()
            names = package.names
    except zipfile.BadZipFile:
        raise Refusal("damaged", f"{path.name} is a damaged zip package",
                      f"文件“{path.name}”已损坏或不完整（可能没有下载完）。"
                      "请重新取得文件后再导入。") from None  # fmt: skip
    if "wordprocessingml" in main or "ms-word" in main:
        return Kind.DOCX
    if "spreadsheetml" in main or "ms-excel.sheet.macroEnabled" in main:
        return Kind.XLSX
    raise _refuse_zip(path, names)


def _refuse_zip(path: Path, names: frozenset[str]) -> Refusal:
    if "OFD.xml" in names:
        return _unsupported(
            path, "ofd", "OFD 版式文件", "请用 OFD 阅读器打开，导出为 .pdf 后再导入。"
        )
    if "xl/workbook.bin" in names:
        return _unsupported(path, "xlsb", "二进制 Excel 工作簿（.xlsb）", _XLSX_ADVICE)
    if any(name.startswith("ppt/") for name in names):
        return _unsupported(path, "pptx", "演示文稿（PPT）", _ANY_ADVICE)
    if "mimetype" in names and "content.xml" in names:
        return _unsupported(path, "opendocument", "OpenDocument 文件（.odt、.ods）", _ANY_ADVICE)
    return _unsupported(path, "archive", "压缩包", "请先解压，再导入其中的文件。")


def _refuse_ole(path: Path) -> Refusal:
    """Return the refusal for an OLE file, told apart by the names in its directory."""
    data = path.read_bytes()

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        return Refusal("encrypted", f"{path.name} is protected by a password",
                       f"文件“{path.name}”设了打开密码，不能读取。"
                       "请打开后取消密码，另存一份再导入。")  # fmt: skip
    if holds("Workbook") or holds("Book"):
        return _unsupported(path, "xls", "旧版 Excel 工作簿（.xls、.et）", _XLSX_ADVICE)
    if holds("WordDocument"):
        return _unsupported(path, "doc", "旧版 Word 文档（.doc、.wps）", _DOCX_ADVICE)
    return _unsupported(path, "ole", "旧版 Office 或 WPS 文件", _ANY_ADVICE)


def _readable(head: bytes) -> bool:
    """Say whether the bytes are plain text after all (a text may begin with BM or II*)."""
    return decode(head, whole=False) is not None and b"\x00" not in head[:64]


def _kind_of_text(path: Path, head: bytes) -> Kind:
    text = decode(head, whole=False)
    if text is None:
        raise Refusal("unknown_kind", f"{path.name} is neither a known document nor text",
                      f"认不出文件“{path.name}”的内容：既不是 PDF、Word、Excel、网页，也不是文字。"
                      "文件可能已损坏或加密。请用原来的软件打开，另存为 .pdf、.docx 或 .xlsx "
                      "后再导入。")  # fmt: skip
    _check_size(path, path.stat().st_size, MAX_TEXT_BYTES)
    if not text.strip():
        raise Refusal("empty_file", f"{path.name} holds only white space",
                      f"文件“{path.name}”里没有内容。请重新取得文件后再导入。")  # fmt: skip
    return _kind_of_markup(path, text)


def _kind_of_markup(path: Path, text: str) -> Kind:
    start = text.lstrip()[:2048].lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in text and "<html" not in start:
        raise _unsupported(path, "xml_spreadsheet", "XML 表格（2003 版）", _XLSX_ADVICE)
    if "schemas.microsoft.com/office/word/2003/wordml" in text and "<html" not in start:
        raise _unsupported(path, "wordml", "XML 文档（2003 版 Word）", _DOCX_ADVICE)
    if "pkg:package" in start:
        raise _unsupported(path, "flat_opc", "XML 文档（Word）", _DOCX_ADVICE)
    if is_mhtml(text):
        return Kind.HTML
    tag = re.search(r"<(?:!doctype\s+html|html|head|body|table|meta|div|p|h\d)\b", text, re.I)
    if start.startswith("<") and tag:
        return Kind.HTML
    if re.search(r"<table\b", text, re.I) and not re.search(r"^[ \t]*\|", text, re.M):
        return Kind.HTML
    if start.startswith("<?xml"):
        raise _unsupported(path, "xml", "XML 数据文件", _ANY_ADVICE)
    return Kind.TEXT


def is_mhtml(text: str) -> bool:
    """Say whether a text is a web page saved as one file (MIME parts)."""
    head = text[:4096].lower()
    return "mime-version:" in head and "content-type: multipart/" in head
