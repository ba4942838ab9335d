"""Times reading a PDF against what pdfium alone needs for its characters and paths.

    .venv/bin/python -m bench.reading [--runs 21] [--file FILE] [--write]

The sides alternate within one run and one process, each of them once before to be warm; it looks
for garbage as rarely as every process of ours that reads (:mod:`common.processes`). Wall and
processor milliseconds with their spread, and the ratio to pdfium's by the medians of processor
time; ``--write`` puts the table into docs/performance.md, and does not where the machine has other
work.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from bench.idle import require_idle
from bench.marked import write_part
from common.processes import collect_rarely
from extract.page.tables import read_page
from extract.pdf.supplier import open_pdf
from flows.jobs.ingest import read_and_normalize
from schemas.records.source import SourceMeta, Supplier

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"
FILE = ROOT / "raw/notices/ziyang-2020/calc.pdf"


@dataclass(slots=True)
class Way:
    """One way to read the file, and the milliseconds that it took: by the clock, of processors."""

    name: str
    run: Callable[[Path], object]
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def measure(self, path: Path) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        self.run(path)
        self.wall.append(1000 * (time.perf_counter() - wall))
        self.cpu.append(1000 * (time.process_time() - cpu))

    def row(self, least: Way) -> str:
        times = statistics.median(self.cpu) / statistics.median(least.cpu)
        return f"| {self.name} | {_spread(self.wall)} | {_spread(self.cpu)} | {times:.1f} |"


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.0f} ({min(values):.0f}-{max(values):.0f})"


def characters_and_paths(path: Path) -> list[tuple[float, ...]]:
    """Have pdfium tell each character, its box and size, and each path's points."""
    found: list[tuple[float, ...]] = []
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            text = page.get_textpage()
            _add_characters(text.raw, found)
            for path_drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]):
                _add_path(path_drawn.raw, found)
            text.close()
    return found


def _add_characters(text: object, found: list[tuple[float, ...]]) -> None:
    sides = [ctypes.c_double() for _ in range(4)]
    left, right, low, high = sides
    places = [ctypes.byref(side) for side in sides]
    for index in range(pdfium.FPDFText_CountChars(text)):
        character = pdfium.FPDFText_GetUnicode(text, index)
        size = pdfium.FPDFText_GetFontSize(text, index)
        pdfium.FPDFText_GetCharBox(text, index, *places)
        found.append((character, left.value, low.value, right.value, high.value, size))


def _add_path(drawn: object, found: list[tuple[float, ...]]) -> None:
    x, y, fill, stroke = ctypes.c_float(), ctypes.c_float(), ctypes.c_int(), ctypes.c_int()
    at, mode = (ctypes.byref(x), ctypes.byref(y)), (ctypes.byref(fill), ctypes.byref(stroke))
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPath_GetDrawMode(drawn, *mode)
    pdfium.FPDFPageObj_GetMatrix(drawn, ctypes.byref(matrix))
    for index in range(pdfium.FPDFPath_CountSegments(drawn)):
        piece = pdfium.FPDFPath_GetPathSegment(drawn, index)
        pdfium.FPDFPathSegment_GetPoint(piece, *at)
        kind = pdfium.FPDFPathSegment_GetType(piece)
        found.append((kind, x.value, y.value, pdfium.FPDFPathSegment_GetClose(piece)))


def cells(path: Path, supplier: Supplier) -> list[object]:
    """Read every page down to its cells."""
    with open_pdf(path, supplier) as pdf:
        return [read_page(pdf.page(number)) for number in range(1, len(pdf) + 1)]


def ways() -> list[Way]:
    return [
        Way("pdfium, characters and paths", characters_and_paths),
        Way("kaohe, page to cells", lambda path: cells(path, Supplier.QUICK)),
        Way("the same, `--supplier pdfplumber`", lambda path: cells(path, Supplier.PDFPLUMBER)),
        Way(
            "kaohe, read and normalize",
            lambda path: read_and_normalize(path, SourceMeta("bench"), False),
        ),
    ]


def report(path: Path, runs: int) -> str:
    """Measure all ways in turn and return the table."""
    collect_rarely()
    sides = ways()
    for side in sides:
        side.run(path)
    for _ in range(runs):  # in turn, so that a busy moment hits all alike
        for side in sides:
            side.measure(path)
    return "\n".join(
        [
            f"Python {platform.python_version()}, {os.cpu_count()} cores, {path.name}, median of "
            f"{runs} (least-most).",
            "",
            "| way | wall ms | CPU ms | times pdfium |",
            "|---|--:|--:|--:|",
            *(side.row(sides[0]) for side in sides),
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=21)
    parser.add_argument("--file", type=Path, default=FILE)
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    options = parser.parse_args()
    if options.write:
        require_idle()
    text = report(options.file, options.runs)
    print(text)
    if options.write:
        write_part(PAGE, "reading", text)


if __name__ == "__main__":
    main()
