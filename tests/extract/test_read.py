from __future__ import annotations

import hashlib
import inspect
import os
import zipfile
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner

from common.refusal import Refusal
from extract.files.encoding import decode
from extract.files.kinds import FORMATS, Kind, kind_of, unknown_kind
from extract.read import read_document
from flows.cli.commands.documents.ingest import command as ingest
from tests.support.for_each import for_each
from tests.support.paths import NOTICES, ROOT

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def zipped(path: Path, names: list[str]) -> bytes:
    with zipfile.ZipFile(path, "w") as package:
        for name in names:
            package.writestr(name, "x")
    return path.read_bytes()


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("2020/notice.docx", Kind.DOCX),
        ("2020/notice.xlsx", Kind.XLSX),
        ("2020/notice.html", Kind.HTML),
        ("2020/writer.pdf", Kind.PDF),
    ],
)
def test_kind_is_told_from_content(tmp_path: Path, source: str, kind: Kind) -> None:
    path = tmp_path / "renamed.dat"
    path.write_bytes((NOTICES / source).read_bytes())
    assert kind_of(path) is kind


def test_a_wrong_name_is_noted_not_refused(tmp_path: Path) -> None:
    path = tmp_path / "notice.pdf"
    path.write_bytes((NOTICES / "2020/notice.docx").read_bytes())
    document = read_document(path)
    assert document.source_format == "docx"
    assert document.source_name == "notice.pdf"
    assert document.source_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    (note,) = document.notes
    assert (note.severity, note.code) == ("info", "kind_differs_from_name")
    assert ".pdf" in note.message_zh


@for_each(
    "data, code, advice",
    [
        (b"", "empty_file", "0 字节"),
        (b" \n \n", "empty_file", "没有内容"),
        (OLE + "Workbook".encode("utf-16-le"), "damaged", ".xlsx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted", "密码"),
        (OLE, "unsupported_ole", "另存为"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "damaged", ".png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "damaged", ".png"),
        (b"GIF89a\x01\0\x01\0\0\0\0;", "unsupported_image", ".png"),
        (b"RIFF\x10\0\0\0WEBPVP8 \0\0", "unsupported_image", ".png"),
        (b"Rar!\x1a\x07\x00", "unsupported_archive", "解压"),
        (b"\x09\x08\x10\0\0\x06\x05\0", "damaged", ".xlsx"),
        (b"PK\x03\x04 broken", "damaged", "损坏"),
        (bytes(range(256)) * 40, "unknown_kind", "认不出"),
        (b'<?xml version="1.0"?><data/>', "unsupported_xml", "另存为"),
        ("没有表格的一段话。".encode(), "no_table", "没有找到表格"),
        ("税收  5  税务局\n粮食  3  统计局\n绿化  2  林业局".encode(), "no_table", "竖线"),
    ],
)  # fmt: skip
def test_refusals_are_plain(tmp_path: Path, data: bytes, code: str, advice: str) -> None:
    path = tmp_path / "文件.docx"
    path.write_bytes(data)
    with pytest.raises(Refusal) as refused:
        read_document(path)
    assert refused.value.code == code
    assert advice in refused.value.zh
    assert "文件.docx" in refused.value.zh


@for_each(
    "names, code",
    [
        (["OFD.xml", "Doc_0/Document.xml"], "damaged"),
        (["ppt/presentation.xml"], "unsupported_pptx"),
        (["mimetype", "content.xml"], "unsupported_opendocument"),
        (["a.txt"], "unsupported_archive"),
        ([], "unsupported_archive"),
    ],
)
def test_other_packages_are_refused_by_name(tmp_path: Path, names: list[str], code: str) -> None:
    path = tmp_path / "n.zip"
    zipped(path, names)
    with pytest.raises(Refusal) as refused:
        read_document(path)
    assert refused.value.code == code


@for_each(
    "text, kind",
    [
        ('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
         Kind.SPREADSHEETML),
        ('<?xml version="1.0"?><w:wordDocument xmlns:w='
         '"http://schemas.microsoft.com/office/word/2003/wordml"/>', Kind.WORDML),
        ('<office:document office:mimetype="application/vnd.oasis.opendocument.spreadsheet"/>',
         Kind.ODS),
        ("{\\rtf1\\ansi hello}", Kind.RTF),
        ("<html><table><tr><td>urn:schemas-microsoft-com:office:spreadsheet</table>", Kind.HTML),
    ],
)  # fmt: skip
def test_the_content_tells_the_kind(tmp_path: Path, text: str, kind: Kind) -> None:
    path = tmp_path / "notice.doc"
    path.write_text(text, encoding="utf-8")
    assert kind_of(path) is kind


def test_a_binary_workbook_is_known(tmp_path: Path) -> None:
    path = tmp_path / "n.xlsx"
    zipped(path, ["xl/workbook.bin"])
    assert kind_of(path) is Kind.XLSB


def test_missing_and_directory(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "none.pdf", "not_found"), (tmp_path, "is_directory")):
        with pytest.raises(Refusal) as refused:
            read_document(path)
        assert refused.value.code == code


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.pdf"
    os.mkfifo(path)
    with pytest.raises(Refusal) as refused:
        read_document(path)
    assert refused.value.code == "not_a_file"


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as stream:
        stream.write("| 甲 | 乙 |\n".encode())
        stream.truncate(300 * 2**20)
    with pytest.raises(Refusal) as refused:
        read_document(path)
    assert refused.value.code == "too_large"


def test_text_that_begins_like_another_kind_is_text(tmp_path: Path) -> None:
    path = tmp_path / "n.txt"
    path.write_text("BM | x\n---|---\n1 | 2\n")
    assert read_document(path).source_format == "text"


def test_every_format_has_a_reader_and_endings_of_its_own() -> None:
    assert set(FORMATS) == set(Kind)
    endings = [e for known in FORMATS.values() for e in known.endings + known.rare_endings]
    assert len(endings) == len(set(endings))
    for known in FORMATS.values():
        module, name = known.reader
        parameters = inspect.signature(getattr(import_module(module), name)).parameters
        asked = {"cross_check", "supplier"} if known.cross_check else set()
        assert set(parameters) == {"path", *asked}


def test_every_format_is_listed_where_formats_are() -> None:
    shown = CliRunner().invoke(ingest, ["--help"]).output
    english, chinese = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh.md"))
    unknown = unknown_kind("").zh
    page = (ROOT / "docs" / "formats.md").read_text("utf-8")
    for known in FORMATS.values():
        word = known.label.partition("（")[0].split()[0]
        assert all(ending in shown for ending in known.endings), known
        assert known.english in english.replace("\n", " ")
        assert word in chinese
        assert word in unknown
        assert all(ending in page for ending in known.endings), known


@for_each("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "gb18030"])
def test_decode(encoding: str) -> None:
    text = "资府办发〔2020〕66号 abc\r\n| 指标 | 分值 |\n"
    assert decode(text.encode(encoding)) == text
    assert decode(text.encode(encoding)[:-5], whole=False) is not None


def test_decode_refuses_binary() -> None:
    assert decode(bytes(range(128, 256)) * 20) is None
    assert decode(b"\x00\x01\x02\x03" * 50) is None
