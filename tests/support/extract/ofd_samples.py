"""A small OFD document with one table, and what it reads as."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from extract.ofd.reader import read_ofd
from schemas.records.document import Document
from tests.support.workshop.ofd_file import OfdFile, element, n, path_object, text_object

XS, YS = (20.0, 60.0, 100.0, 140.0), (40.0, 50.0, 60.0, 70.0)
ROWS = (("指标", "单位", "目标"), ("研发投入强度", "%", "2.5"), ("高企数量", "户", "118"))
SIZE = 4.0


def rules() -> list[str]:
    """A grid of lines, each an object of its own."""
    level = [
        path_object(f"M 0 0 L {n(XS[-1] - XS[0])} 0", (XS[0], y, XS[-1] - XS[0], 0.25)) for y in YS
    ]
    upright = [
        path_object(f"M 0 0 L 0 {n(YS[-1] - YS[0])}", (x, YS[0], 0.25, YS[-1] - YS[0])) for x in XS
    ]
    return [*level, *upright]


def texts(rows: Sequence[Sequence[str]] = ROWS) -> list[str]:
    """The texts of the cells, each character as far from the next as it is wide."""
    return [
        text_object(text, (XS[column] + 2, YS[row] + 6.5), SIZE, steps_of(text))
        for row, line in enumerate(rows)
        for column, text in enumerate(line)
        if text
    ]


def steps_of(text: str) -> list[float]:
    return [SIZE if sign > "\u2e80" else SIZE / 2 for sign in text[:-1]]


def plain() -> OfdFile:
    return OfdFile(pages=[[*rules(), *texts()]])


def read(file: OfdFile, tmp_path: Path, **how: bool) -> Document:
    return read_ofd(file.write(tmp_path / "a.ofd"), **how)


def attached() -> OfdFile:
    """The plain document with another file in it."""
    file = plain()
    file.document = "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>"
    file.parts["Doc_0/Attachs/Attachments.xml"] = element(
        "Attachments", '<ofd:Attachment ID="1" Name="附件2.xlsx"/>'
    )
    return file


def signed(inside: str = "") -> OfdFile:
    """The plain document with a signature; ``inside`` is what it says beside who signed."""
    file = plain()
    file.body = "<ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures>"
    info = f'<ofd:SignedInfo><ofd:Provider ProviderName="某签章"/>{inside}</ofd:SignedInfo>'
    file.parts |= {
        "Doc_0/Signs/Signatures.xml": element(
            "Signatures", '<ofd:Signature ID="1" BaseLoc="Sign_0/Signature.xml"/>'
        ),
        "Doc_0/Signs/Sign_0/Signature.xml": element("Signature", info),
    }
    return file


SEAL = '<ofd:StampAnnot ID="1" PageRef="100" Boundary="100 60 40 40"/>'


def using(name: str, resources: str = "") -> OfdFile:
    """The plain document with an object that uses resource 70."""
    file = plain()
    file.pages[0].append(f'<ofd:{name} ID="9" Boundary="0 0 10 10" ResourceID="70"/>')
    file.resources = resources
    return file


DRAWING = (
    '<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="70"><ofd:Content/>'
    "</ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>"
)


def with_picture(data: bytes | None) -> OfdFile:
    """The plain document with a picture that is used; None: the file does not hold it."""
    file = using(
        "ImageObject",
        '<ofd:MultiMedias><ofd:MultiMedia ID="70" Type="Image"><ofd:MediaFile>a.png'
        "</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias>",
    )
    if data is not None:
        file.parts["Doc_0/Res/a.png"] = data
    return file


def picture(mode: str = "L", color: object = 200) -> bytes:
    """A small picture as a file."""
    with io.BytesIO() as out:
        Image.new(mode, (8, 8), color).save(out, "PNG")  # type: ignore[arg-type]
        return out.getvalue()


def bounded(width: float) -> OfdFile:
    """The plain document with one number in a boundary so wide (millimetres)."""
    x, y = place_of("118")
    traits = {"Boundary": f"{n(x)} {n(y - SIZE)} {n(width)} 5"}
    return replaced("118", text_object("118", (x, y), SIZE, [2, 2], traits))


def cells(document: Document) -> list[list[str]]:
    """The texts of the first table by rows; a cell stands where it begins."""
    first = document.tables[0]
    rows: list[list[str]] = [[] for _ in range(first.row_count)]
    for cell in first.cells:
        rows[cell.row - 1].append(cell.text)
    return rows


WHOLE = [list(row) for row in ROWS]


def replaced(old: str, new: str) -> OfdFile:
    """The plain document with the text object of one cell written otherwise."""
    page = [*rules(), *(new if f">{old}</" in each else each for each in texts())]
    return OfdFile(pages=[page])


def place_of(text: str) -> tuple[float, float]:
    row, column = next(
        (r, c) for r, line in enumerate(ROWS) for c, each in enumerate(line) if each == text
    )
    return XS[column] + 2, YS[row] + 6.5


def annotated(traits: str, drawn: str, remark: str = "", width: float = 12) -> OfdFile:
    """The plain document with an annotation over one cell's text."""
    file = plain()
    x, y = place_of("118")
    file.document = "<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>"
    file.parts |= {
        "Doc_0/Annots/Annotations.xml": element(
            "Annotations", '<ofd:Page PageID="100"><ofd:FileLoc>Page.xml</ofd:FileLoc></ofd:Page>'
        ),
        "Doc_0/Annots/Page.xml": element(
            "PageAnnot",
            f'<ofd:Annot ID="1" {traits}><ofd:Remark>{remark}</ofd:Remark>'
            f'<ofd:Appearance Boundary="{n(x)} {n(y - SIZE)} {n(width)} 5">{drawn}</ofd:Appearance>'
            "</ofd:Annot>",
        ),
    }
    return file


def codes(document: Document) -> list[str]:
    return [note.code for note in document.notes]


def seen_in(document: Document, row: int, column: int) -> list[str]:
    return [
        each.why
        for cell in document.tables[0].cells
        if (cell.row, cell.column) == (row, column)
        for each in cell.seen
    ]
