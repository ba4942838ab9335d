"""A small OFD document with one table, and what it reads as."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from extract.ofd.reader import read_ofd
from schemas.records.document import Document
from tests.support.workshop.ofd_file import OfdFile, n, path_object, text_object

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


def cells(document: Document) -> list[list[str]]:
    """The texts of the first table by rows; a cell stands where it begins."""
    first = document.tables[0]
    rows: list[list[str]] = [[] for _ in range(first.row_count)]
    for cell in first.cells:
        rows[cell.row - 1].append(cell.text)
    return rows


WHOLE = [list(row) for row in ROWS]
