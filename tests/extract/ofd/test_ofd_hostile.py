"""OFD packages that are damaged or mean harm: refused or noted, never a crash or a long wait."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from common.refusal import Refusal
from extract.read import read_document
from schemas.records.document import Document
from tests.support.extract.mutated_ofd import mutated
from tests.support.extract.ofd_samples import (
    WHOLE,
    cells,
    plain,
    read,
    rules,
    texts,
    using,
    with_picture,
)
from tests.support.for_each import for_each
from tests.support.soak import Seeds
from tests.support.workshop.ofd_file import OfdFile, element, path_object, text_object

MUTATED = 100
LONGEST = 5.0
"""Seconds of processor time; a small page takes a hundredth of one."""


def rich() -> dict[str, bytes]:
    """The parts of a small document that has something of everything."""
    file = plain()
    file.templates = {"7": ("Background", [text_object("页眉", (20, 20), 4, [4])])}
    file.resources = (
        '<ofd:DrawParams><ofd:DrawParam ID="60" LineWidth="0.3"/>'
        '<ofd:DrawParam ID="61" Relative="60"/></ofd:DrawParams>'
        '<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="50"><ofd:Content>'
        f"{text_object('图', (1, 5), 4)}</ofd:Content></ofd:CompositeGraphicUnit>"
        "</ofd:CompositeGraphicUnits>"
        '<ofd:MultiMedias><ofd:MultiMedia ID="70"><ofd:MediaFile>a.png</ofd:MediaFile>'
        "</ofd:MultiMedia></ofd:MultiMedias>"
    )
    file.document = (
        "<ofd:Attachments>A.xml</ofd:Attachments><ofd:Annotations>N.xml</ofd:Annotations>"
    )
    file.body = "<ofd:Signatures>Doc_0/S.xml</ofd:Signatures>"
    file.pages[0] += [
        '<ofd:CompositeObject ID="51" ResourceID="50" Boundary="5 5 20 20" DrawParam="61"/>',
        '<ofd:ImageObject ID="52" ResourceID="70" Boundary="5 5 10 10"/>',
        path_object("M 0 0 Q 1 1 2 0 B 1 1 2 2 3 3 A 2 3 30 0 1 5 5 C", (5, 5, 9, 9)),
        text_object("斜", (1, 200), 4, traits={"CTM": "0.7 0.7 -0.7 0.7 0 0", "DrawParam": "61"}),
    ]
    note = f'<ofd:Appearance Boundary="1 2 30 40">{text_object("注", (1, 4), 4)}</ofd:Appearance>'
    file.parts |= {
        "Doc_0/A.xml": element("Attachments", '<ofd:Attachment ID="1" Name="附件"/>'),
        "Doc_0/N.xml": element(
            "Annotations", '<ofd:Page PageID="100"><ofd:FileLoc>P.xml</ofd:FileLoc></ofd:Page>'
        ),
        "Doc_0/P.xml": element("PageAnnot", f'<ofd:Annot ID="1" Type="Stamp">{note}</ofd:Annot>'),
        "Doc_0/S.xml": element("Signatures", '<ofd:Signature ID="1" BaseLoc="T.xml"/>'),
        "Doc_0/T.xml": element(
            "Signature",
            '<ofd:SignedInfo><ofd:Provider ProviderName="某签章"/>'
            '<ofd:StampAnnot PageRef="100" Boundary="1 2 3 4"/></ofd:SignedInfo>',
        ),
        "Doc_0/Res/a.png": b"\x89PNG\r\n\x1a\n broken",
    }
    return {
        name: content if isinstance(content, bytes) else content.encode()
        for name, content in file.written().items()
    }


def check_mutated(folder: Path, numbers: Iterable[int]) -> None:
    """Each is read or refused, at once."""
    parts = rich()
    path = folder / "m.ofd"
    for number in numbers:
        path.write_bytes(mutated(parts, number))
        start = time.process_time()
        try:
            document = read_document(path, cross_check=False)
            assert document.tables, number
        except Refusal as refused:
            assert refused.zh, number
        assert time.process_time() - start < LONGEST, number


def test_mutated_packages_are_read_or_refused(tmp_path: Path) -> None:
    check_mutated(tmp_path, range(MUTATED))


@pytest.mark.soak
def test_packages_mutated_anew(tmp_path: Path, seeds: Seeds) -> None:
    for seed in seeds:
        with seeds.trying("OFD documents, mutated", MUTATED):
            check_mutated(tmp_path, range(seed * MUTATED, (seed + 1) * MUTATED))


def refused(file: OfdFile, tmp_path: Path) -> str:
    with pytest.raises(Refusal) as found:
        read(file, tmp_path)
    assert "a.ofd" in found.value.zh
    return found.value.code


def noted(file: OfdFile, tmp_path: Path) -> Document:
    """The document with its second page whole; its first is what is tried."""
    file.pages.append([*rules(), *texts()])
    document = read(file, tmp_path)
    assert cells(document) == WHOLE
    return document


@pytest.mark.parametrize(
    "part", ["OFD.xml", "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml"]
)
def test_entities_are_refused_unread(part: str, tmp_path: Path) -> None:
    file = plain()
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    file.parts = {part: str(file.written()[part]).replace("\n<ofd", f"\n{bomb}<ofd", 1)}
    assert refused(file, tmp_path) == "xml_entities"


def test_a_part_that_unpacks_beyond_measure_is_refused(tmp_path: Path) -> None:
    file = plain()
    page = str(file.written()["Doc_0/Pages/Page_0/Content.xml"])
    file.parts = {"Doc_0/Pages/Page_0/Content.xml": page + " " * (60 * 2**20)}
    assert refused(file, tmp_path) == "too_large"


def test_a_picture_that_unpacks_beyond_measure_is_refused(tmp_path: Path) -> None:
    file = with_picture(bytes(80 * 2**20))
    assert refused(file, tmp_path) == "too_large"


@pytest.mark.parametrize(
    "location", ["../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", ""]
)
def test_a_location_outside_the_package_leads_nowhere(location: str, tmp_path: Path) -> None:
    file = plain()
    file.parts = {
        "Doc_0/Document.xml": str(file.written()["Doc_0/Document.xml"]).replace(
            "Pages/Page_0/Content.xml", location
        )
    }
    assert refused(file, tmp_path) == "damaged"


def test_an_entry_named_outside_the_package_writes_nothing(tmp_path: Path) -> None:
    path = plain().write(tmp_path / "a.ofd")
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("../../evil.txt", "x")
    assert cells(read_document(path, cross_check=False)) == WHOLE
    assert not list(tmp_path.parent.glob("evil.txt"))


def test_drawings_that_use_each_other_end(tmp_path: Path) -> None:
    uses = "".join(
        f'<ofd:CompositeObject ID="5{n}" ResourceID="50" Boundary="0 0 9 9"/>' for n in range(9)
    )
    file = OfdFile(
        pages=[[uses]],
        resources='<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="50"><ofd:Content>'
        f"{uses}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>",
    )
    (note,) = noted(file, tmp_path).notes
    assert (note.code, note.severity, note.page) == ("page_too_heavy", "error", 1)


def test_blocks_within_blocks_without_end_end(tmp_path: Path) -> None:
    deep = "<ofd:PageBlock>" * 200 + "</ofd:PageBlock>" * 200
    assert [n.code for n in noted(OfdFile(pages=[[deep]]), tmp_path).notes] == ["page_too_heavy"]


def test_styles_that_go_back_to_each_other_end(tmp_path: Path) -> None:
    file = plain()
    file.resources = (
        '<ofd:DrawParams><ofd:DrawParam ID="60" Relative="61"/>'
        '<ofd:DrawParam ID="61" Relative="60"/></ofd:DrawParams>'
    )
    file.pages[0].append(path_object("M 0 0 L 1 1", (0, 0, 1, 1), {"DrawParam": "60"}))
    assert cells(read(file, tmp_path)) == WHOLE


def test_text_beyond_measure_is_not_drawn(tmp_path: Path) -> None:
    file = OfdFile(pages=[[text_object("9" * 90_000, (1, 20), 2, [2])] * 20])
    (note,) = noted(file, tmp_path).notes
    assert (note.code, note.page) == ("page_too_heavy", 1)


@for_each(
    "broken",
    [
        path_object("M 0 0 L nan 4", (0, 0, 9, 9)),
        path_object("M 0 0 Z 4", (0, 0, 9, 9)),
        text_object("9", (1, 20), 2, traits={"CTM": "1 0 0 1"}),
        text_object("9", (1, 20), 2, traits={"Size": "1e400"}),
        text_object(
            "9", (1, 20), 2, code='<ofd:TextCode X="0" Y="4" DeltaX="g x 4">99</ofd:TextCode>'
        ),
        "<ofd:TextObject>",
    ],
)
def test_a_broken_page_is_named_and_the_others_are_read(broken: str, tmp_path: Path) -> None:
    (note,) = noted(OfdFile(pages=[[broken]]), tmp_path).notes
    assert (note.code, note.severity, note.page) == ("page_damaged", "error", 1)


def test_a_document_of_broken_pages_only_is_refused_for_that_reason(tmp_path: Path) -> None:
    file = OfdFile(pages=[["<ofd:TextObject>"]])
    with pytest.raises(Refusal) as found:
        read(file, tmp_path)
    assert found.value.code == "damaged"
    assert "第 1 页" in found.value.zh


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (with_picture(None), "pictures_unreadable"),
        (with_picture(b"\x89PNG\r\n\x1a\n broken"), "pictures_unreadable"),
        (using("ImageObject"), "pictures_unreadable"),
        (using("CompositeObject"), "drawings_lost"),
    ],
)
def test_what_is_missing_is_named(file: OfdFile, code: str, tmp_path: Path) -> None:
    document = read(file, tmp_path)
    assert cells(document) == WHOLE
    assert [note.code for note in document.notes] == [code]
