"""What kind of file a document is, by its content; files of other kinds are refused."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from common.refusal import Refusal, refusal
from extract.files.encoding import decode
from extract.files.ole import SIGN, directory_of
from extract.files.package import Package
from extract.files.pictures import SIGNS, pages_of

MAX_FILE_BYTES = 200 * 2**20
MAX_TEXT_BYTES = 32 * 2**20
_HEAD_BYTES = 65536
_ZIP = b"PK\x03\x04"
_OTHER_IMAGES = (b"GIF8", b"RIFF")
_ARCHIVES = (b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!")
_XLS_STREAMS = (b"\x09\x08", b"\x09\x04")


class Kind(StrEnum):
    """The kinds of document that a reader exists for."""

    PDF = "pdf"
    OFD = "ofd"
    DOCX = "docx"
    XLSX = "xlsx"
    XLS = "xls"
    DOC = "doc"
    WORDML = "wordml"
    RTF = "rtf"
    ODT = "odt"
    ODS = "ods"
    XLSB = "xlsb"
    SPREADSHEETML = "spreadsheetml"
    PICTURE = "picture"
    HTML = "html"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Format:
    """What a kind of document is called, what its files end in, and who reads it.

    ``label`` names it to officials, ``english`` in the README. ``endings`` are the usual ones,
    ``rare_endings`` others that are no less right. ``reader`` names the module and the function
    that returns the Document of a path; where a second reader can compare it takes ``cross_check``
    and ``supplier``.
    ``drawn`` names, for a kind with pages of its own that is no PDF, the function that writes a PDF
    of them: path in, path out.
    """

    label: str
    english: str
    reader: tuple[str, str]
    endings: tuple[str, ...]
    rare_endings: tuple[str, ...] = ()
    cross_check: bool = False
    drawn: tuple[str, str] | None = None


_ANEW = ("extract.office.libreoffice", "read_anew")
FORMATS: Mapping[Kind, Format] = {
    Kind.PDF: Format("PDF", "PDF", ("extract.pdf.reader", "read_pdf"), (".pdf",), cross_check=True),
    Kind.OFD: Format(
        "OFD 版式文件（.ofd）",
        "OFD",
        ("extract.ofd.reader", "read_ofd"),
        (".ofd",),
        cross_check=True,
        drawn=("extract.ofd.reader", "draw_as_pdf"),
    ),
    Kind.DOCX: Format(
        "Word 文档（.docx）",
        "Word",
        ("extract.office.docx", "read_docx"),
        (".docx",),
        (".docm", ".dotx", ".dotm"),
    ),
    Kind.XLSX: Format(
        "Excel 工作簿（.xlsx）",
        "Excel",
        ("extract.office.xlsx", "read_xlsx"),
        (".xlsx",),
        (".xlsm", ".xltx", ".xltm"),
    ),
    Kind.XLS: Format(
        "旧版 Excel、WPS 表格（.xls、.et）",
        "old Excel",
        ("extract.office.xls", "read_xls"),
        (".xls", ".et"),
        (".xlt", ".ett"),
    ),
    Kind.DOC: Format(
        "旧版 Word、WPS 文字（.doc、.wps）", "old Word", _ANEW, (".doc", ".wps"), (".dot", ".wpt")
    ),
    Kind.WORDML: Format(
        "旧版 Word（2003 版 XML）", "old Word", ("extract.office.word_xml", "read_word_xml"), ()
    ),
    Kind.RTF: Format("RTF 文档（.rtf）", "RTF", _ANEW, (".rtf",)),
    Kind.ODT: Format(
        "OpenDocument 文档（.odt）", "OpenDocument", _ANEW, (".odt",), (".ott", ".fodt")
    ),
    Kind.ODS: Format(
        "OpenDocument 表格（.ods）", "OpenDocument", _ANEW, (".ods",), (".ots", ".fods")
    ),
    Kind.XLSB: Format("Excel 二进制工作簿（.xlsb）", "Excel", _ANEW, (".xlsb",)),
    Kind.SPREADSHEETML: Format("旧版 Excel（2003 版 XML）", "old Excel", _ANEW, ()),
    Kind.PICTURE: Format(
        "图片（.png、.jpg、.bmp、.tif，或装有各页图片的文件夹）",
        "picture",
        ("extract.pdf.pictures", "read_pictures"),
        (".png", ".jpg", ".bmp", ".tif"),
        (".jpeg", ".tiff", ".jfif"),
        drawn=("extract.pdf.pictures", "as_pdf"),
    ),
    Kind.HTML: Format(
        "网页（HTML）",
        "web page",
        ("extract.web.reader", "read_html"),
        (".html",),
        (".htm", ".xhtml", ".shtml", ".mht", ".mhtml"),
    ),
    Kind.TEXT: Format(
        "文字（.txt、.md）",
        "converted text",
        ("extract.markdown.reader", "read_text"),
        (".txt", ".md"),
        (".markdown", ".text"),
    ),
}
"""A new format is a row here, its sign in :func:`kind_of`, and its module."""


def usual_endings(reader: str = "") -> list[str]:
    """Return the usual endings of all formats, or of those whose reader is in that module."""
    known = (each for each in FORMATS.values() if each.reader[0].startswith(reader))
    return [ending for each in known for ending in each.endings]


def unknown_kind(name: str) -> Refusal:
    """Return the refusal of a file that is of no known kind; it names those that are."""
    kinds = dict.fromkeys(each.label.partition("（")[0] for each in FORMATS.values())
    return refusal("extract.unknown_kind", file=name, kinds="、".join(kinds))


def kind_of(path: Path) -> Kind:
    """Return the kind of the file at ``path``; refuse what is missing, empty, huge or unknown."""
    if path.is_dir() and (pages := pages_of(path)):
        for page in pages:
            _head(page)
        return Kind.PICTURE
    head = _head(path)
    if b"%PDF-" in head[:1024] and not head.startswith((_ZIP, SIGN)):
        return Kind.PDF
    for start, kind_of_such in _BY_START.items():
        if head.startswith(start):
            return kind_of_such(path)
    return (not _readable(head) and _kind_of_binary(path, head)) or _kind_of_text(path, head)


def _kind_of_binary(path: Path, head: bytes) -> Kind | None:
    """Return the kind of what is no text by its first bytes; None where they do not tell."""
    if head.startswith(_XLS_STREAMS):
        return Kind.XLS
    if head.startswith(SIGNS):
        return Kind.PICTURE
    _refuse_known(path, head)
    return None


def _refuse_known(path: Path, head: bytes) -> None:
    """Raise the refusal of a file that begins as a known kind without a reader does."""
    if head.startswith(_OTHER_IMAGES):
        raise refusal("extract.unsupported_image", file=path.name)
    if head.startswith(_ARCHIVES):
        raise refusal("extract.unsupported_archive", file=path.name)


def _head(path: Path) -> bytes:
    """Return the file's first bytes; refuse what is no readable, reasonably sized file."""
    name = path.name
    if path.is_dir():
        raise refusal("extract.is_directory", file=name, endings="、".join(usual_endings()))
    if path.exists() and not path.is_file():
        raise refusal("extract.not_a_file", file=name)
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except FileNotFoundError:
        raise refusal("extract.not_found", file=name, path=path) from None
    except OSError as error:
        raise refusal("extract.unreadable", file=name, reason=error.strerror) from None
    if size == 0:
        raise refusal("extract.empty_file.bytes", file=name)
    _check_size(path, size, MAX_FILE_BYTES)
    return head


def _check_size(path: Path, size: int, limit: int) -> None:
    if size > limit:
        found, most = size // 2**20, limit // 2**20
        raise refusal("extract.too_large.file", file=path.name, found=found, most=most)


def _kind_of_zip(path: Path) -> Kind:
    try:
        with Package(path) as package:
            main = package.main_type()
            names = package.names
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise refusal("extract.damaged.zip", file=path.name) from None
    if "wordprocessingml" in main or "ms-word" in main:
        return Kind.DOCX
    if "spreadsheetml" in main or "ms-excel.sheet.macroEnabled" in main:
        return Kind.XLSX
    if "xl/workbook.bin" in names:
        return Kind.XLSB
    if "OFD.xml" in names:
        return Kind.OFD
    if "mimetype" in names and "content.xml" in names:
        return _kind_of_opendocument(path)
    raise _refuse_zip(path, names)


def _kind_of_opendocument(path: Path) -> Kind:
    """Return the kind of an OpenDocument package by its first entry, which is not packed."""
    kind = _opendocument(path.read_bytes()[:_HEAD_BYTES])
    if kind is None:
        raise refusal("extract.unsupported_opendocument", file=path.name)
    return kind


def _opendocument(head: bytes) -> Kind | None:
    """Return the kind that a media type in the beginning of a file names."""
    found = re.search(rb"application/vnd\.oasis\.opendocument\.(text|spreadsheet)", head)
    return None if found is None else {b"text": Kind.ODT, b"spreadsheet": Kind.ODS}[found[1]]


def _refuse_zip(path: Path, names: frozenset[str]) -> Refusal:
    if any(name.startswith("ppt/") for name in names):
        return refusal("extract.unsupported_pptx", file=path.name)
    return refusal("extract.unsupported_archive", file=path.name)


def _kind_of_ole(path: Path) -> Kind:
    """Return the kind of an OLE file, by the streams at its root, or refuse it."""
    has_stream = _streams(path.read_bytes())
    if has_stream("EncryptedPackage"):
        raise refusal("extract.encrypted.office", file=path.name)
    if has_stream("WordDocument"):
        return Kind.DOC
    if has_stream("Workbook") or has_stream("Book"):
        return Kind.XLS
    raise refusal("extract.unsupported_ole", file=path.name)


def _streams(data: bytes) -> Callable[[str], bool]:
    """Return what says whether an OLE file has a stream at its root, not in something embedded.

    Where its directory is damaged, that is whether the file speaks of one anywhere.
    """
    directory = directory_of(data)
    if directory is None:
        return lambda name: name.encode("utf-16-le") in data
    names = {entry.name.lower() for entry in directory.dirlist if entry.parent == 0}
    return lambda name: name.lower() in names


def _readable(head: bytes) -> bool:
    """Say whether the bytes are plain text after all (a text may begin with BM or II*)."""
    return decode(head, whole=False) is not None and b"\x00" not in head[:64]


def _kind_of_text(path: Path, head: bytes) -> Kind:
    text = decode(head, whole=False)
    if text is None:
        raise unknown_kind(path.name)
    _check_size(path, path.stat().st_size, MAX_TEXT_BYTES)
    if not text.strip():
        raise refusal("extract.empty_file.blank", file=path.name)
    return _kind_of_markup(path, text)


def _kind_of_markup(path: Path, text: str) -> Kind:
    start = text.lstrip()[:2048].lower()
    if "<html" not in start and (office := _office_xml(text, start)):
        return office
    if is_mhtml(text):
        return Kind.HTML
    tag = re.search(r"<(?:!doctype\s+html|html|head|body|table|meta|div|p|h\d)\b", text, re.I)
    marked = "<head" not in start and re.search(r"^(?:#{1,6} |[ \t]*\|)", text, re.M)
    if start.startswith("<") and tag and not marked:
        return Kind.HTML
    if start.startswith("<?xml"):
        raise refusal("extract.unsupported_xml", file=path.name)
    return Kind.TEXT


def _office_xml(text: str, start: str) -> Kind | None:
    """Return the kind of an office document that is one XML file; None for anything else."""
    if "urn:schemas-microsoft-com:office:spreadsheet" in text:
        return Kind.SPREADSHEETML
    if "schemas.microsoft.com/office/word/2003/wordml" in text or "pkg:package" in start:
        return Kind.WORDML
    return _opendocument(text[:_HEAD_BYTES].encode()) if "<office:document" in start else None


def is_mhtml(text: str) -> bool:
    """Say whether a text is a web page saved as one file (MIME parts)."""
    head = text[:4096].lower()
    return "mime-version:" in head and "content-type: multipart/" in head


_BY_START: Mapping[bytes, Callable[[Path], Kind]] = {
    _ZIP: _kind_of_zip,
    b"PK\x05\x06": _kind_of_zip,
    SIGN: _kind_of_ole,
    b"{\\rtf": lambda path: Kind.RTF,
}
