"""Pages run our own way give the very same records as those that pdfminer runs."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from common.refusal import Refusal
from extract.pdf.program.lexer import operations
from extract.pdf.reader import read_pdf
from extract.pdf.supplier import PageUnreadableError, open_pdf
from schemas.records.source import Supplier
from tests.support.extract.pdf_raw import CELLS, GRID, stream, write_raw
from tests.support.for_each import for_each
from tests.support.soak import Seeds

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted(
    path
    for folder in ("raw", "tests/fixtures", "docs", "examples")
    for path in (ROOT / folder).rglob("*.pdf")
)
DAMAGED = 6
USUAL = rb"""
q 0.5 w 1 J 0 j [3 2] 0 d 10 M 60 60 m 90 60 l 90 80 l h S Q
q 1 0 0 1 5 5 cm 60 40 80 20 re W* n 0.9 g 60 40 80 20 re f 0 g
BT /G 9 Tf 1 0 0 1 62 45 Tm [(ab)-250(\(c\)\101)3.5<4 1 4>] TJ T* (d(e)f) Tj ET Q
/Span <</ActualText <FEFF4E00> /MCID 3>> BDC BT /G 8 Tf 12 TL 80 Tz 1 Tc 2 Tw 2 Ts 2 Tr
0 .5 -1 0 300 200 Tm (turned words) Tj 0 -12 TD <616263> Tj ET EMC
/Artifact <</Subtype /Watermark>> BDC BT /G 20 Tf 100 140 Td (across) Tj ET EMC
/OC /L BDC BT /G 9 Tf 60 20 Td (layer) Tj ET EMC
/Cs cs 0.5 0.5 scn 1 0 0 rg 0 0 1 RG .2 .3 .4 .5 k 70 20 30 1 re B* /P scn 70 24 30 5 re f
0 Tr BT /None 9 Tf 3 Tr 60 60 Td (unseen) Tj ET Q Q
"""


def record(path: Path, supplier: Supplier) -> list[object]:
    """Return all that a supplier tells of a document."""
    found: list[object] = []
    try:
        with open_pdf(path, supplier) as pdf:
            for number in pages_of(path, len(pdf)):
                try:
                    found.append(pdf.page(number))
                except PageUnreadableError as error:
                    found.append(error.note)
            found.append(pdf.misnamed_glyphs)
    except Refusal as refused:
        found.append(refused.zh)
    return found


def pages_of(path: Path, count: int) -> list[int]:
    """Return all pages of the real notice, and of others the first two and the last.

    Pages between them are of the same program and fonts.
    """
    every = range(1, count + 1)
    return list(every) if path.is_relative_to(ROOT / "raw") else sorted({*every[:2], count})


def assert_same(path: Path) -> None:
    assert record(path, Supplier.QUICK) == record(path, Supplier.PDFPLUMBER)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_pdf_of_the_repository_is_the_same_either_way(path: Path) -> None:
    assert_same(path)


def test_programs_of_the_repository_are_run_our_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def other_way(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("extract.pdf.clip.ClipInterpreter.execute_any", other_way)
    for path in FILES[:4]:
        with open_pdf(path) as pdf:
            assert pdf.page(1).chars


def test_usual_operations_draw_the_same(tmp_path: Path) -> None:
    assert operations(USUAL) is not None
    assert_same(write_raw(tmp_path / "a.pdf", USUAL))


@pytest.mark.parametrize("seed", range(4))
def test_damaged_and_unusual_programs_draw_the_same(tmp_path: Path, seed: int) -> None:
    """Pieces of a program are lost, moved or changed: what is no usual form is handed on."""
    check_damaged(tmp_path, seed)


@pytest.mark.soak
def test_programs_damaged_anew_draw_the_same(tmp_path: Path, seeds: Seeds) -> None:
    for seed in seeds:
        with seeds.trying("programs of pages, damaged, run in both ways", DAMAGED):
            check_damaged(tmp_path, seed)


def check_damaged(folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(DAMAGED):
        assert_same(write_raw(folder / "a.pdf", changed(USUAL, chance)))


def changed(program: bytes, chance: random.Random) -> bytes:
    """Return a program with some of its pieces lost, doubled or put elsewhere."""
    pieces = re.split(rb"(\s+|[\[\]()<>/])", program)
    for _ in range(chance.randint(1, 4)):
        at, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        pieces[at] = chance.choice(
            [b"", pieces[other], pieces[at] * 2, b"%", b"-", b"#41", b"\\", b"\x00", b"BI", b"7"]
        )
    return b"".join(pieces)


@for_each(
    "program",
    [
        b"1 0 0 1 5 cm",  # an operand is missing
        b"0 0 1 1 5 5 5 re",  # one too many
        b"(a\\\r\nb) Tj",
        b"(\\400) Tj",
        b"1..2 w",
        b"--5 w",
        b"1 w% a remark",
        b"q1 Q",
        b"/A#42 gs",
        b"BI /W 1 /H 1 ID x EI",
        b"[(a)",
        b"<</A <</B 1>>>> /X BDC",
        b"1234567890123456789 w",
        b"\x00 q",
        b"0 0 m f 0 0 m f0 Tr",  # the first f is an operator, the second begins a name
    ],
)
def test_what_is_not_of_the_usual_form_is_handed_on(program: bytes) -> None:
    assert operations(b"q " + program + b" Q") is None


@pytest.mark.parametrize(
    "cuts",
    [[GRID.index(b" l S")], [len(GRID) + 1], [len(GRID) + 1 + CELLS.index(b"County")]],
    ids=["within an operation", "between", "within a string"],
)
def test_a_program_in_parts_draws_the_same(tmp_path: Path, cuts: list[int]) -> None:
    whole = GRID + b"\n" + CELLS
    parts = [whole[start:end] for start, end in zip([0, *cuts], [*cuts, None], strict=True)]
    more = {20 + number: stream(part) for number, part in enumerate(parts)}
    listed = b" ".join(b"%d 0 R" % number for number in more)
    path = write_raw(tmp_path / "a.pdf", b"", page=b"/Contents[%b]" % listed, more=more)
    assert_same(path)


def test_the_supplier_is_a_users_choice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_raw(tmp_path / "a.pdf", USUAL)
    quick = read_pdf(path)
    monkeypatch.setattr("extract.pdf.runner.QuickInterpreter.execute", None)
    assert read_pdf(path, supplier=Supplier.PDFPLUMBER).tables == quick.tables
