"""Measures reading of scans made of the bundled notices against their goldens.

A value is exact if it is the golden's to the letter; silent if it is not and nothing says so; a
target is flagged if it asks for review. Seconds are processor time of a page; before each scan
plain OCR of a page of the same document is measured, for they depend on the machine.

    OMP_NUM_THREADS=1 .venv/bin/python bench/scan.py [--hard] [--only SCAN] [--document NAME]
        [--write]

``--hard`` adds bad scans (150 dpi, grain, seals, worn rules); ``--only`` and ``--document`` take
those whose name holds it; ``--write`` puts each row into the table of docs/scans.md as soon as it
is measured, leaves the other rows as they are, and does not where the machine has other work.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.idle import Taken, require_idle, spread  # noqa: E402
from bench.marked import read_part, write_part  # noqa: E402
from extract.pdf.reader import read_pdf  # noqa: E402
from normalize.pipeline import normalize  # noqa: E402
from schemas.records.source import SourceMeta  # noqa: E402
from tests.support import goldens  # noqa: E402
from tests.support.workshop.scanning import Scanner, scan, scan_page  # noqa: E402

PAGE = ROOT / "docs" / "scans.md"
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
    """How one scan was read; seconds of a page, by the clock and of processors."""

    values: int
    wrong: int
    silent: int
    flagged: int
    targets: int
    wall: float
    cpu: float

    def row(self, scanner: str, document: str) -> str:
        exact = 100 * (1 - self.wrong / self.values)
        flagged = 100 * self.flagged / max(1, self.targets)
        return (
            f"| {scanner} | {document} | {self.values} | {exact:.2f} % | {self.silent}"
            f" | {flagged:.1f} % | {self.cpu:.1f} |"
        )


def measure(source: Path, golden_name: str, scanner: Scanner) -> Score:
    taken = Taken()
    with tempfile.TemporaryDirectory() as folder:
        path = scan(source, Path(folder) / "scan.pdf", scanner)
        with taken.once():
            document = read_pdf(path)
    pages = document.pages or 1
    notice = normalize(document, SourceMeta(document_id="scan"))
    flagged = frozenset((t.serial_no, t.entity) for t in notice.targets if t.needs_review)
    reading = goldens.Reading(document, notice, goldens.notice_values(notice), flagged)
    golden = goldens.golden_values(golden_name)
    wrong = list(goldens.differences(golden, reading))
    silent = [key for key in wrong if not reading.is_flagged(*key)]
    if wrong:
        print(goldens.table(wrong, golden, reading), file=sys.stderr)
    return Score(
        *(len(golden), len(wrong), len(silent), len(flagged), len(notice.targets)),
        *(taken.wall[0] / pages, taken.cpu[0] / pages),
    )


def plain_ocr(engine: Any, source: Path, taken: Taken) -> None:
    """Measure plain OCR of a page."""
    import pypdfium2

    with pypdfium2.PdfDocument(source) as document:
        picture = scan_page(document[PLAIN_PAGE - 1], Scanner(skew=0.4))
    with taken.once():
        engine(picture)


def compared(plain: Taken, ours: Taken) -> str:
    """Return how long a page takes either way, with the spread over pages and documents."""
    return (
        "In the same run and in turn, processor seconds with least and most: plain rapidocr (its "
        "own search for lines, each read once, no table) took "
        f"{spread(plain.cpu, 1)} for a page at 200 dpi, {spread(plain.wall, 1)} by the clock; "
        f"kaohe took {spread(ours.cpu, 1)} a page, {spread(ours.wall, 1)} by the clock."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hard", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--document", default="")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.write:
        require_idle()
    from rapidocr import RapidOCR

    engine, plain, ours = RapidOCR(), Taken(), Taken()
    print("\n".join(HEAD))
    for name, scanner in {**ASKED, **(HARD if options.hard else {})}.items():
        for document, (source, golden) in DOCUMENTS.items():
            if options.only not in name or options.document not in document:
                continue
            plain_ocr(engine, source, plain)
            score = measure(source, golden, scanner)
            ours.wall.append(score.wall)
            ours.cpu.append(score.cpu)
            print(score.row(name, document), flush=True)
            if options.write:
                write(score.row(name, document))
    print(f"\n{compared(plain, ours)}")
    if options.write:
        write(told=compared(plain, ours))


def write(line: str = "", told: str = "") -> None:
    """Put one row, or what plain OCR took, into the page; rows stand in the order of scans."""
    lines = [*read_part(PAGE, "scan").splitlines(), line]
    measured = {key: old for old in lines if (key := tuple(old.split(" | ")[:2])) in ORDER}
    told = told or next((old for old in lines if old.startswith("In the same run")), "")
    table = "\n".join([*HEAD, *(measured[key] for key in ORDER if key in measured)])
    write_part(PAGE, "scan", f"{table}\n\n{told}")


if __name__ == "__main__":
    main()
