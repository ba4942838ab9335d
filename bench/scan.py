"""Measures reading of scans made of the bundled notices against their goldens.

A value is exact if it is the golden's to the letter; silent if it is not and nothing says so; a
target is flagged if it asks for review. Seconds are processor time on one core; how long plain
OCR of a page takes is measured in the same run, for they depend on the machine and its load.

    OMP_NUM_THREADS=1 .venv/bin/python bench/scan.py [--hard] [--only NAME] [--jobs N] [--write]

``--hard`` adds bad scans (150 dpi, grain, seals, worn rules); ``--write`` puts each row into the
table of docs/scans.md as soon as it is measured, and leaves the other rows as they are.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.marked import require_quiet  # noqa: E402
from extract.pdf.reader import read_pdf  # noqa: E402
from normalize.pipeline import normalize  # noqa: E402
from schemas.records.source import SourceMeta  # noqa: E402
from tests.support import goldens  # noqa: E402
from tests.support.workshop.scanning import Scanner, scan, scan_page  # noqa: E402

PAGE = ROOT / "docs" / "scans.md"
MARKS = ("<!-- bench/scan: begin -->", "<!-- bench/scan: end -->")
DOCUMENTS = {
    "2020 calc.pdf": (goldens.ZIYANG["calc.pdf"], "ziyang-2020"),
    "2020 writer.pdf": (goldens.ZIYANG["writer.pdf"], "ziyang-2020"),
    "other city": (goldens.OTHER_CITY["calc.pdf"], "other-city-2021"),
}
ASKED = {
    "200 dpi, 0.4°": Scanner(skew=0.4),
    "200 dpi, 2°": Scanner(skew=2.0),
}
HARD = {
    "150 dpi, -1.3°": Scanner(dpi=150, skew=-1.3),
    "300 dpi, 3°": Scanner(dpi=300, skew=3.0),
    "grain, soft, dim, -3°": Scanner(skew=-3.0, noise=14, quality=35, blur=1.2, paper=215),
    "150 dpi, grain, soft": Scanner(dpi=150, skew=1.0, noise=9, quality=45, blur=0.9),
    "three seals a page": Scanner(skew=0.7, seals=((0.3, 0.3), (0.55, 0.5), (0.8, 0.6))),
    "40 breaks a page": Scanner(skew=-0.5, breaks=40),
}
PLAIN_PAGE = 3
HEAD = (
    "| scan | document | values | exact | silent | flagged | s a page |",
    "|---|---|--:|--:|--:|--:|--:|",
)
ORDER = [(f"| {scanner}", document) for scanner in (*ASKED, *HARD) for document in DOCUMENTS]


@dataclass(frozen=True)
class Score:
    """How one scan was read."""

    values: int
    wrong: int
    silent: int
    flagged: int
    targets: int
    seconds: float

    def row(self, scanner: str, document: str) -> str:
        exact = 100 * (1 - self.wrong / self.values)
        flagged = 100 * self.flagged / max(1, self.targets)
        return (
            f"| {scanner} | {document} | {self.values} | {exact:.2f} % | {self.silent}"
            f" | {flagged:.1f} % | {self.seconds:.1f} |"
        )


def measure(source: Path, golden_name: str, scanner: Scanner, out: Path) -> Score:
    path = scan(source, out, scanner)
    start = time.process_time()
    document = read_pdf(path)
    seconds = (time.process_time() - start) / (document.pages or 1)
    notice = normalize(document, SourceMeta(document_id="scan"))
    flagged = frozenset((t.serial_no, t.entity) for t in notice.targets if t.needs_review)
    reading = goldens.Reading(document, notice, goldens.notice_values(notice), flagged)
    golden = goldens.golden_values(golden_name)
    wrong = list(goldens.differences(golden, reading))
    silent = [key for key in wrong if not reading.is_flagged(*key)]
    if wrong:
        print(goldens.table(wrong, golden, reading), file=sys.stderr)
    return Score(len(golden), len(wrong), len(silent), len(flagged), len(notice.targets), seconds)


def row(task: tuple[str, str]) -> tuple[str, float]:
    """Measure one scan of one document: its row, and its seconds a page."""
    scanner_name, name = task
    source, golden = DOCUMENTS[name]
    scanner = {**ASKED, **HARD}[scanner_name]
    with tempfile.TemporaryDirectory() as folder:
        score = measure(source, golden, scanner, Path(folder) / "scan.pdf")
    return score.row(scanner_name, name), score.seconds


def plain_ocr_seconds() -> float:
    """Return the processor time that plain OCR takes for a page of each document, on average."""
    import pypdfium2
    from rapidocr import RapidOCR

    engine = RapidOCR()
    pages = []
    for source, _golden in DOCUMENTS.values():
        picture = scan_page(pypdfium2.PdfDocument(source)[PLAIN_PAGE - 1], Scanner(skew=0.4))
        start = time.process_time()
        engine(picture)
        pages.append(time.process_time() - start)
    return fmean(pages)


def compared(plain: float, seconds: list[float]) -> str:
    return (
        f"In the same run plain rapidocr (its own search for lines, each read once, no table)"
        f" took {plain:.1f} s for one of these pages at 200 dpi; kaohe took {fmean(seconds):.1f} s"
        " a page on average."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hard", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    scanners = {**ASKED, **(HARD if options.hard else {})}
    tasks = [
        (name, document) for name in scanners if options.only in name for document in DOCUMENTS
    ]
    seconds = []
    print("\n".join(HEAD))
    with multiprocessing.get_context("spawn").Pool(options.jobs) as pool:
        plain = pool.apply_async(plain_ocr_seconds)
        for line, taken in pool.imap(row, tasks):
            print(line, flush=True)
            seconds.append(taken)
            if options.write:
                require_quiet()
                write(line)
        told = compared(plain.get(), seconds)
    print(f"\n{told}")
    if options.write:
        write(told=told)


def write(line: str = "", told: str = "") -> None:
    """Put one row, or what plain OCR took, into the page; rows stand in the order of scans."""
    text = PAGE.read_text(encoding="utf-8")
    head, rest = text.split(MARKS[0])
    made, tail = rest.split(MARKS[1])
    lines = [*made.splitlines(), line]
    measured = {key: old for old in lines if (key := tuple(old.split(" | ")[:2])) in ORDER}
    told = told or next((old for old in lines if old.startswith("In the same run")), "")
    table = "\n".join([*HEAD, *(measured[key] for key in ORDER if key in measured)])
    PAGE.write_text(f"{head}{MARKS[0]}\n{table}\n\n{told}\n{MARKS[1]}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
