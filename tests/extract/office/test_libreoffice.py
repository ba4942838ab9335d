"""Documents that LibreOffice opens for us, by way of .docx and .xlsx: as exact as those."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from common.refusal import Refusal
from extract.read import read_document
from schemas.records.document import Document
from tests.support.paths import NOTICES

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: A text with a table, a picture and a section elsewhere, and a macro that runs when it is opened.
HOSTILE = """<?xml version="1.0" encoding="UTF-8"?>
<office:document office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text"
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0"
 xmlns:ooo="http://openoffice.org/2004/office" xmlns:xlink="http://www.w3.org/1999/xlink">
<office:scripts><office:script script:language="ooo:Basic"><ooo:libraries>
<ooo:library-embedded ooo:name="Standard"><ooo:module ooo:name="Own"><ooo:source-code>
Sub Main
Open "{marker}" For Output As #1
Print #1, "ran"
Close #1
End Sub
</ooo:source-code></ooo:module></ooo:library-embedded></ooo:libraries></office:script>
<office:event-listeners><script:event-listener script:language="ooo:script"
 script:event-name="dom:load"
 xlink:href="vnd.sun.star.script:Standard.Own.Main?language=Basic&amp;location=document"/>
</office:event-listeners></office:scripts>
<office:body><office:text>
<text:p><draw:frame><draw:image xlink:href="{url}/picture.png"/></draw:frame></text:p>
<text:section text:name="s"><text:section-source xlink:href="{url}/section.odt"/></text:section>
<table:table table:name="t"><table:table-column table:number-columns-repeated="2"/>
<table:table-row><table:table-cell><text:p>指标</text:p></table:table-cell>
<table:table-cell><text:p>分值</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell><text:p>增长率</text:p></table:table-cell>
<table:table-cell><text:p>3</text:p></table:table-cell></table:table-row></table:table>
<text:p/></office:text></office:body></office:document>"""


def cells(document: Document) -> list[tuple[int, int, int, int, str]]:
    return [
        (cell.row, cell.column, cell.row_span, cell.column_span, cell.text)
        for table in document.tables
        for cell in table.cells
    ]


@pytest.mark.usefixtures("saved_together")
@pytest.mark.parametrize("kind", ["doc", "odt"])
def test_the_text_reads_as_in_a_form_of_today(kind: str) -> None:
    check_notice(kind)


def test_the_workbook_reads_as_in_a_form_of_today() -> None:
    check_notice("ods")


def check_notice(kind: str) -> None:
    today = read_document(NOTICES / f"2020/notice.{'xlsx' if kind == 'ods' else 'docx'}")
    document = read_document(NOTICES / f"2020/notice.{kind}")
    assert (document.source_name, document.source_format) == (f"notice.{kind}", kind)
    assert document.notes == ()
    assert document.front == today.front
    assert len(cells(document)) == 588
    assert cells(document) == cells(today)


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """The address of a web server, and what it was asked for."""
    paths: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        def __getattr__(self, name: str) -> object:  # any method of HTTP
            return self.do_GET if name.startswith("do_") else super().__getattribute__(name)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", paths
    server.shutdown()
    server.server_close()


def test_no_macro_runs_and_nothing_is_fetched(tmp_path: Path, asked: tuple[str, list[str]]) -> None:
    url, paths = asked
    marker = tmp_path / "ran"
    path = tmp_path / "notice.fodt"
    path.write_text(HOSTILE.format(url=url, marker=marker), encoding="utf-8")
    document = read_document(path)
    assert [cell.text for cell in document.tables[0].cells] == ["指标", "分值", "增长率", "3"]
    assert paths == []
    assert not marker.exists()


def test_without_libreoffice_the_packages_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refusal, match="needs_libreoffice") as refused:
        read_document(NOTICES / "2020/notice.doc")
    assert "libreoffice-writer" in refused.value.zh


def test_what_it_cannot_open_is_refused_under_its_own_name(tmp_path: Path) -> None:
    path = tmp_path / "坏文件.doc"
    path.write_bytes(OLE + "WordDocument".encode("utf-16-le") * 200)
    with pytest.raises(Refusal) as refused:
        read_document(path)
    assert refused.value.code in {"libreoffice_failed", "no_table"}
    assert "坏文件.doc" in refused.value.zh


def test_groups_nested_beyond_all_measure_are_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "n.rtf"
    path.write_bytes(b"{\\rtf1 " + b"{\\par" * 20_000 + b"}" * 20_001)
    with pytest.raises(Refusal) as refused:
        read_document(path)
    assert refused.value.code == "too_large"
