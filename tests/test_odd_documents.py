"""One odd cell never refuses a notice: it is a finding and a flagged value, and the rest lands."""

from __future__ import annotations

import http.server
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from types import FrameType

import pandas as pd
import pypdfium2
import pytest

from common.refusal import Refusal
from extract.office import libreoffice
from extract.read import read_document
from normalize.pipeline import normalize
from schemas.records.source import SourceMeta
from schemas.tables.document_frames import Provenance
from schemas.tables.models import validate
from tests.support.extract import pdf_samples as samples
from tests.support.paths import FIXTURES
from tests.support.schemas.frames import document_frames
from tests.support.soak import Seeds
from tests.support.workshop.draw import default_style, draw
from tests.support.workshop.draw_html import HtmlStyle
from tests.support.workshop.grid import Grid, Span, grid_of
from tests.support.workshop.layout import Kind, fitted
from tests.support.workshop.layouts import CLASSIC, UNIT_COLUMN
from tests.support.workshop.mutations import mutated
from tests.support.workshop.odd import TEXTS, odd_document, with_texts, writable
from tests.support.workshop.samples import sample

MADE = Provenance("run", "version", datetime(2021, 1, 1, tzinfo=UTC))
FORMATS = ("html", "docx", "xlsx", "md", "pdf")
#: So many times the work of reading a small whole notice, on any machine. What takes the square of
#: a text's length takes far more (a number of 100,000 digits is drawn), anything else far less.
MOST_WORK = 1500
LEAVES = len([leaf for group in sample().groups for leaf in group.indicators])
#: Texts that may stand in a cell of any kind without a word, or that make the row another one.
HARMLESS = {"zero", "serial number", "minus", "not assessed", "total", "header", "note"}


def landed(path: Path) -> dict[str, pd.DataFrame]:
    """Return what would be landed of a document, held against the tables' schemas."""
    document = read_document(path, cross_check=False)
    notice = normalize(document, SourceMeta("odd"))
    frames = document_frames(document, notice, MADE)
    validate(frames)
    return frames


def html_of(grid: Grid, folder: Path) -> Path:
    """Write a grid of the sample as HTML."""
    path = draw(fitted(sample(), CLASSIC), writable(grid, "html"), folder, HtmlStyle())
    path.write_text(re.sub(r"(?<!&)#(\d+);", r"&#\1;", path.read_text()))
    return path


def one_of_each(grid: Grid) -> list[Span]:
    """Return a cell of each kind, each in a row of its own."""
    chosen: list[Span] = []
    for kind in grid.kinds:
        alone = [s for s in grid.spans if s.kind is kind and not s.header and s.row_span == 1]
        free = [s for s in alone if all(s.row != other.row for other in chosen)]
        chosen += free[:1]
    return chosen


@pytest.mark.parametrize("name", TEXTS)
def test_an_odd_text_in_a_cell_of_each_kind_lands(name: str, tmp_path: Path) -> None:
    layout = UNIT_COLUMN
    notice = fitted(sample(3), layout)
    grid = grid_of(notice, layout)
    odd = with_texts(grid, one_of_each(grid), TEXTS[name])
    path = draw(notice, writable(odd, "html"), tmp_path, HtmlStyle())
    path.write_text(re.sub(r"(?<!&)#(\d+);", r"&#\1;", path.read_text()))
    with at_most(MOST_WORK):
        frames = landed(path)
    assert len(frames["indicators"]) >= LEAVES - 3
    if name not in HARMLESS:
        assert (frames["findings"].severity != "info").any()
        assert frames["targets"].needs_review.any()


def points_cell(grid: Grid) -> Span:
    return next(s for s in grid.spans if s.kind is Kind.POINTS and not s.header)


@pytest.mark.parametrize("name", ["nothing", "3000 digits", "10^300", "many points", "NaN", "inf"])
def test_points_that_are_none_leave_the_target_unreadable(name: str, tmp_path: Path) -> None:
    grid = grid_of(fitted(sample(), CLASSIC), CLASSIC)
    targets = landed(html_of(with_texts(grid, [points_cell(grid)], TEXTS[name]), tmp_path))[
        "targets"
    ]
    lost = targets[targets.serial_no == 1]
    assert (lost.status == "unreadable").all()
    assert lost.needs_review.all()
    assert lost.target_text.notna().all()
    assert lost.max_points.isna().all()
    assert (targets[targets.serial_no > 2].status != "unreadable").all()


@pytest.mark.parametrize("kind", [Kind.POINTS, Kind.TARGETS, Kind.LEVEL3])
def test_a_row_that_lacks_a_cell_lands_flagged(kind: Kind, tmp_path: Path) -> None:
    grid = grid_of(fitted(sample(), CLASSIC), CLASSIC)
    gone = next(s for s in grid.spans if s.kind is kind and s.row_span == 1 and not s.header)
    row = gone.row - grid.header_rows + 1
    path = html_of(with_texts(grid, [gone], "缺失的格"), tmp_path)
    path.write_text(re.sub(r"<td[^>]*>缺失的格</td>", "", path.read_text()))
    frames = landed(path)
    targets = frames["targets"]
    assert len(frames["indicators"]) == LEAVES
    assert targets[targets.serial_no == row].needs_review.all()
    assert "cell_missing" in set(frames["findings"].code)


@pytest.mark.parametrize("twins", [(0, 1), (0, 2), (0, 1, 2)])
def test_entities_named_alike_land_numbered_and_flagged(
    twins: tuple[int, ...], tmp_path: Path
) -> None:
    grid = grid_of(fitted(sample(), CLASSIC), CLASSIC)
    heads = sorted(
        (s for s in grid.spans if s.kind is Kind.TARGETS and s.header), key=lambda s: s.column
    )
    alike = with_texts(grid, [heads[i] for i in twins], "甲县")
    targets = landed(html_of(alike, tmp_path))["targets"]
    named = [name for name in dict.fromkeys(targets.entity) if name.startswith("甲县")]
    assert named == ["甲县", "甲县（2）", "甲县（3）"][: len(twins)]
    assert targets[targets.entity.isin(named)].needs_review.all()
    assert targets.entity.nunique() == 5


@pytest.mark.parametrize("kind", ["html", "xlsx"])
def test_half_a_character_is_read_as_a_sign_for_one(kind: str, tmp_path: Path) -> None:
    notice = fitted(sample(), CLASSIC)
    grid = grid_of(notice, CLASSIC)
    name = next(s for s in grid.spans if s.kind is Kind.LEVEL3 and not s.header)
    odd = writable(with_texts(grid, [name], TEXTS["surrogates"]), kind)
    path = (
        html_of(odd, tmp_path)
        if kind == "html"
        else draw(notice, odd, tmp_path, default_style(kind))
    )
    assert "�" in landed(path)["indicators"].indicator[0]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("seed", range(2))
def test_odd_documents_land_or_are_refused_for_a_reason(
    kind: str, seed: int, tmp_path: Path
) -> None:
    hold(seed, tmp_path, kind)


@pytest.mark.soak
def test_odd_documents_of_fresh_seeds(
    seeds: Seeds, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for seed in seeds:
        kind = FORMATS[seed % len(FORMATS)]
        with seeds.trying(f"notices with odd cells, rows and names: {kind}"):
            hold(seed, tmp_path_factory.mktemp("odd"), kind)


def hold(seed: int, folder: Path, kind: str) -> None:
    """Read an odd document; what is done to it stands in the note of an error."""
    odd = odd_document(seed, folder, kind)
    try:
        with at_most(MOST_WORK):
            landed(odd.path)
    except Refusal as refusal:
        assert refusal.code != "invalid_table", f"{odd.what}: {refusal}"
    except Exception as error:
        error.add_note(odd.what)
        raise


@cache
def one_work() -> float:
    """Return the processor's seconds that reading a small whole notice takes here, once warm."""
    with tempfile.TemporaryDirectory() as folder:
        path = html_of(grid_of(fitted(sample(), CLASSIC), CLASSIC), Path(folder))
        landed(path)
        begun = time.process_time()
        landed(path)
        return time.process_time() - begun


@contextmanager
def at_most(times: int) -> Iterator[None]:
    """End what takes more of the processor's time than so many whole notices."""
    seconds = times * one_work()

    def end(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"more than {seconds} seconds of work")

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


#: Formats whose files are mutated byte by byte; LibreOffice opens those behind.
MUTATED = ("xls", "ofd", "png", "jpg", "bmp", "tif")
MUTATED_ANEW = ("doc", "rtf", "odt", "ods")


@pytest.fixture(scope="session")
def bases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small whole files of the formats that are read here, to be mutated."""
    folder = tmp_path_factory.mktemp("bases")
    notice = fitted(sample(2), CLASSIC)
    draw(notice, grid_of(notice, CLASSIC), folder, default_style("ofd"))
    shutil.copy(FIXTURES / "workbooks" / "features.xls", folder / "notice.xls")
    plain = samples.write_pdf(folder / "plain.pdf", samples.plain)
    with pypdfium2.PdfDocument(plain) as pdf:
        page = pdf[0].render(scale=1.4).to_pil().convert("RGB")
    picture = page.crop((40, 110, 520, 300))  # the table, and not all the paper around it
    for ending in MUTATED[2:]:
        picture.save(folder / f"notice.{ending}")
    return folder


@pytest.fixture(scope="session")
def bases_anew(bases: Path) -> Path:
    """Small whole files of the formats that LibreOffice opens for us, saved by it."""
    if (program := libreoffice.program()) is None:
        pytest.skip("LibreOffice is not installed")
    notice = fitted(sample(2), CLASSIC)
    for ending in (*MUTATED_ANEW, "xls"):
        kind = "xlsx" if ending in ("ods", "xls") else "docx"
        path = draw(notice, grid_of(notice, CLASSIC), bases, default_style(kind))
        profile = f"-env:UserInstallation={(bases / 'profile').as_uri()}"
        command = [program, "--headless", profile, "--convert-to", ending, "--outdir", bases, path]
        subprocess.run(command, check=True, capture_output=True)
    return bases


@pytest.fixture
def nothing_outside(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What this process asked of any network."""
    asked: list[object] = []

    def connect(_: socket.socket, address: object) -> None:
        asked.append(address)
        raise ConnectionRefusedError(address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    return asked


@pytest.mark.parametrize(
    ("kind", "seed"), [*((kind, 1) for kind in MUTATED), *((kind, 0) for kind in MUTATED[:4])]
)  # recognising what is left of a picture takes long: the soak does it
def test_mutated_files_land_or_are_refused(
    kind: str, seed: int, bases: Path, nothing_outside: list[object], tmp_path: Path
) -> None:
    hold_mutated(seed, bases / f"notice.{kind}", tmp_path)
    assert nothing_outside == []


@pytest.mark.soak
@pytest.mark.parametrize("kind", MUTATED)
def test_files_mutated_anew(
    kind: str,
    seeds: Seeds,
    bases_anew: Path,
    nothing_outside: list[object],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    for seed in seeds:
        with seeds.trying(f"files mutated byte by byte: {kind}"):
            hold_mutated(seed, bases_anew / f"notice.{kind}", tmp_path_factory.mktemp("m"))
            assert nothing_outside == []


@pytest.mark.soak
@pytest.mark.parametrize("kind", MUTATED_ANEW)
def test_files_mutated_that_libreoffice_opens(
    kind: str, seeds: Seeds, bases_anew: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with asked_of_a_server() as (url, asked):
        for seed in seeds:
            with seeds.trying(f"files mutated byte by byte: {kind}"):
                folder = tmp_path_factory.mktemp("mutated")
                hold_mutated(seed, bases_anew / f"notice.{kind}", folder, url)
                assert asked == []


def hold_mutated(seed: int, base: Path, folder: Path, url: str = "") -> None:
    """Read a mutated file; what is done to it stands in the note of an error."""
    data, what = mutated(base.read_bytes(), Random(seed), url)
    path = folder / base.name
    path.write_bytes(data)
    try:
        with at_most(MOST_WORK):
            landed(path)
    except Refusal as refusal:
        assert refusal.code != "invalid_table", f"{what}: {refusal}"
    except Exception as error:
        error.add_note(what)
        raise


@contextmanager
def asked_of_a_server() -> Iterator[tuple[str, list[str]]]:
    """Give the address of a server, and the list of what was asked of it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/asked", asked
        server.shutdown()
