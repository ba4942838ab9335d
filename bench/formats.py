"""Measures what docs/formats.md says: which share of values is read right in every format.

    .venv/bin/python -m bench.formats [--layouts N] [--only WORD ...] [--jobs N] [--write]

The notice of 2020 and made notices in named layouts are drawn in every format, or saved in it by
LibreOffice, read, and held against what they say. What LibreOffice saves of documents in layouts of
offices is held against what is read of them as they were. ``--write`` puts the rows that were
measured into docs/formats.md; the others stay. Made notices of formats that are slow to read are
``--layouts``.
"""

from __future__ import annotations

import argparse
import multiprocessing
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.marked import read_part, write_part  # noqa: E402
from common.refusal import Refusal  # noqa: E402
from extract.read import read_document  # noqa: E402
from normalize.pipeline import normalize  # noqa: E402
from schemas.records.source import SourceMeta  # noqa: E402
from tests.support import goldens  # noqa: E402
from tests.support.extract.ofd_of_pdf import ofd_of_pdf  # noqa: E402
from tests.support.paths import ROOT as PROJECT  # noqa: E402
from tests.support.workshop.draw import default_style, draw  # noqa: E402
from tests.support.workshop.grid import grid_of  # noqa: E402
from tests.support.workshop.layout import Layout, fitted  # noqa: E402
from tests.support.workshop.layouts import CLASSIC, LAYOUTS, NOTES_BELOW  # noqa: E402
from tests.support.workshop.logical import (  # noqa: E402
    Notice,
    expected_indicators,
    expected_targets,
)
from tests.support.workshop.reading import differences, read_notice, silent  # noqa: E402
from tests.support.workshop.samples import sample  # noqa: E402
from tests.support.workshop.scanning import Scanner, pictures  # noqa: E402

PAGE = ROOT / "docs" / "formats.md"
NOTICES = PROJECT / "tests" / "fixtures" / "notices" / "2020"
OFFICES = PROJECT / "tests" / "fixtures" / "layouts"
RAW = PROJECT / "raw" / "notices"
HEAD = (
    "| format | documents | refused | values | right | wrong, said | wrong, silent "
    "| right targets flagged |\n|---|--:|--:|--:|--:|--:|--:|--:|\n"
)
SLOW = 3
SCANNED, SCREEN = Scanner(skew=0.4), Scanner(dpi=96, noise=0, blur=0, paper=255)


@dataclass(frozen=True, slots=True)
class Way:
    """How documents of a format come to be: drawn, or saved by LibreOffice from what is drawn.

    ``drawn`` is a format of the workshop, ``saved`` the ending of what LibreOffice saves it as.
    """

    drawn: str
    saved: str = ""
    slow: bool = False
    scanner: Scanner = SCANNED


def _anew(drawn: str, ending: str) -> Way:
    return Way(drawn, ending, slow=ending != "xls")


WAYS = {
    "PDF (.pdf)": Way("pdf"),
    "OFD (.ofd)": Way("ofd"),
    "pictures of the pages (.png, 200 dpi)": Way("png", slow=True),
    "pictures of a screen (.png, 96 dpi)": Way("png", slow=True, scanner=SCREEN),
    "Word (.docx)": Way("docx"),
    "old Word (.doc)": _anew("docx", "doc"),
    "RTF (.rtf)": _anew("docx", "rtf"),
    "OpenDocument text (.odt)": _anew("docx", "odt"),
    "OpenDocument text, flat (.fodt)": _anew("docx", "fodt"),
    "Excel (.xlsx)": Way("xlsx"),
    "old Excel (.xls)": _anew("xlsx", "xls"),
    "OpenDocument sheet (.ods)": _anew("xlsx", "ods"),
    "web page (.html)": Way("html"),
    "converted text (.md, .txt)": Way("md"),
}


class Count(NamedTuple):
    """What was read of some documents; ``flagged`` counts right targets that ask for review."""

    documents: int = 0
    refused: int = 0
    values: int = 0
    wrong: int = 0
    silent: int = 0
    targets: int = 0
    flagged: int = 0

    def plus(self, other: Count) -> Count:
        return Count(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    def row(self, name: str) -> str:
        right = 100 * (1 - self.wrong / max(1, self.values))
        flagged = 100 * self.flagged / max(1, self.targets)
        return (
            f"| {name} | {self.documents} | {self.refused} | {self.values:,} | {right:.2f} %"
            f" | {self.wrong - self.silent} | {self.silent} | {flagged:.1f} % |"
        )


def layouts_of(way: Way, most: int) -> list[Layout]:
    if way.drawn == "md":  # it has no spans that other layouts need
        return [CLASSIC, NOTES_BELOW]
    return [*LAYOUTS.values()][: most if way.slow else None]


def measured(way: Way, most: int) -> Count:
    """Make, read and count the documents of a format."""
    total = Count()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        drawn = {layout.name: _drawn(way, layout, home) for layout in layouts_of(way, most)}
        originals = dict(_originals(way, home))
        offices = _of_offices(way)
        made = _saved(way, {**drawn, **originals, **offices}, home)
        for layout in layouts_of(way, most):
            total = total.plus(_of_layout(made[layout.name], layout))
        for name in originals:
            total = total.plus(_of_original(made[name], text=way.drawn == "md"))
        for name, path in offices.items():
            total = total.plus(_as_it_was(made[name], path))
    return total


def _of_offices(way: Way) -> dict[str, Path]:
    """Return documents in layouts of offices in the form that LibreOffice saves anew."""
    paths = sorted(OFFICES.glob(f"*.{way.drawn}")) if way.saved else []
    return {f"office {path.stem}": path for path in paths}


def _as_it_was(path: Path, original: Path) -> Count:
    """Hold what is read of a saved document against what is read of it as it was."""
    was = normalize(read_document(original, cross_check=False), SourceMeta(document_id="was"))
    wanted = goldens.notice_values(was)
    try:
        document = read_document(path, cross_check=False)
    except Refusal as refused:
        return _refused(path, refused, len(wanted))
    notice = normalize(document, SourceMeta(document_id="is"))
    got = goldens.notice_values(notice)
    flagged = frozenset((t.serial_no, t.entity) for t in notice.targets if t.needs_review)
    reading = goldens.Reading(document, notice, got, flagged)
    wrong = [*goldens.differences(wanted, reading)]
    quiet = sum(not reading.is_flagged(*key) for key in wrong)
    bad = {key[:2] for key in wrong}
    right = len(notice.targets) - len(bad)
    return Count(1, 0, len(wanted), len(wrong), quiet, right, len(flagged - bad))


def _notice(layout: Layout) -> Notice:
    return fitted(sample(), layout)


def _drawn(way: Way, layout: Layout, home: Path) -> Path:
    notice = _notice(layout)
    folder = home / layout.name
    folder.mkdir()
    kind = "pdf" if way.drawn == "png" else way.drawn
    path = draw(notice, grid_of(notice, layout), folder, default_style(kind))
    return pictures(path, folder / "pages", way.scanner) if way.drawn == "png" else path


def _originals(way: Way, home: Path) -> Iterator[tuple[str, Path]]:
    """Yield the notice of 2020 in the form that a way begins with."""
    if way.drawn in ("docx", "xlsx", "html"):
        yield "2020", NOTICES / f"notice.{way.drawn}"
    elif way.drawn == "pdf":
        yield "2020 calc", RAW / "ziyang-2020" / "calc.pdf"
        yield "2020 writer", NOTICES / "writer.pdf"
    elif way.drawn == "ofd":
        yield "2020", ofd_of_pdf(RAW / "ziyang-2020" / "calc.pdf", home / "2020.ofd")
    elif way.drawn == "png":
        yield "2020", pictures(RAW / "ziyang-2020" / "calc.pdf", home / "2020", way.scanner)
    else:
        yield "2020", RAW / "ziyang-2020-text" / "notice.txt"


def _saved(way: Way, drawn: dict[str, Path], home: Path) -> dict[str, Path]:
    """Let LibreOffice save the documents in a way's format, all at once."""
    if not way.saved:
        return drawn
    given, out = home / "given", home / "saved"
    given.mkdir()
    for name, path in drawn.items():
        (given / f"{name}.{way.drawn}").write_bytes(path.read_bytes())
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={(home / 'profile').as_uri()}",
         "--convert-to", way.saved, "--outdir", str(out), *map(str, sorted(given.iterdir()))],
        check=True, capture_output=True,
    )  # fmt: skip
    return {name: out / f"{name}.{way.saved}" for name in drawn}


def _of_layout(path: Path, layout: Layout) -> Count:
    notice = _notice(layout)
    indicators = expected_indicators(notice, unit_in_name=layout.unit_in_name)
    targets = expected_targets(notice)
    values = 1 + sum(map(len, indicators)) + sum(map(len, targets))
    try:
        _, reading = read_notice(path, year=notice.year)
    except Refusal as refused:
        return _refused(path, refused, values)
    wrong = differences(notice, layout, reading)
    quiet = silent(wrong, reading)
    for one in wrong:
        print(f"{path}: {one}{' SILENT' if one in quiet else ''}", file=sys.stderr)
    lost = sum(len(targets[0]) - 1 for one in wrong if one.field == "row")
    bad = {(one.serial_no, one.entity) for one in wrong}
    review = {(t.serial_no, t.entity) for t in reading.targets if t.needs_review}
    return Count(
        1, 0, values, len(wrong) + lost, len(quiet), len(targets) - len(bad), len(review - bad)
    )


def _of_original(path: Path, *, text: bool) -> Count:
    golden = goldens.golden_values("ziyang-2020")
    if text:  # its rows print what the notice's rows inherit, each for itself
        golden = {key: value for key, value in golden.items() if key[2] != "inherited"}
    try:
        document = read_document(path, cross_check=False)
    except Refusal as refused:
        return _refused(path, refused, len(golden))
    notice = normalize(document, SourceMeta(document_id="2020"))
    flagged = frozenset((t.serial_no, t.entity) for t in notice.targets if t.needs_review)
    got = {key: v for key, v in goldens.notice_values(notice).items() if key in golden or not text}
    reading = goldens.Reading(document, notice, got, flagged)
    wrong = [*goldens.differences(golden, reading)]
    if wrong:
        print(path, goldens.table(wrong, golden, reading), file=sys.stderr)
    quiet = sum(not reading.is_flagged(*key) for key in wrong)
    bad = {key[:2] for key in wrong}
    return Count(
        1, 0, len(golden), len(wrong), quiet, len(notice.targets) - len(bad), len(flagged - bad)
    )


def _refused(path: Path, refused: Refusal, values: int) -> Count:
    print(f"{path}: {refused}", file=sys.stderr)
    return Count(1, 1, values, values)


def earlier() -> dict[str, str]:
    """Return the rows that the page has by format."""
    rows = re.findall(r"^\| (.+?) \| \d.*\|$", read_part(PAGE, "formats"), re.MULTILINE)
    lines = re.findall(r"^\| .+? \| \d.*\|$", read_part(PAGE, "formats"), re.MULTILINE)
    return dict(zip(rows, lines, strict=True))


def _row(task: tuple[str, int]) -> tuple[str, str]:
    name, most = task
    start = time.process_time()
    row = measured(WAYS[name], most).row(name)
    print(f"{name}: {time.process_time() - start:.0f} s", file=sys.stderr)
    return name, row


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--layouts", type=int, default=SLOW, help="of formats slow to read")
    parser.add_argument("--only", nargs="*", default=[""], help="words of formats' names")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="write docs/formats.md")
    chosen = parser.parse_args(arguments)
    tasks = [(name, chosen.layouts) for name in WAYS if any(w in name for w in chosen.only)]
    rows = earlier() if chosen.write else {}
    with multiprocessing.get_context("spawn").Pool(chosen.jobs) as pool:
        for name, row in pool.imap(_row, tasks):
            print(row, flush=True)
            rows[name] = row
            if chosen.write:
                text = "\n".join(rows[each] for each in WAYS if each in rows)
                write_part(PAGE, "formats", HEAD + text, timed=False)


if __name__ == "__main__":
    main()
