"""Notices that word processors, spreadsheets and a browser printed are read as what was written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bench.trust_measure import judge_of
from extract.read import read_document
from normalize.pipeline import normalize
from schemas.records.source import SourceMeta
from tests.support.paths import CHROMIUM
from tests.support.soak import Seeds
from tests.support.workshop.damage_cases import drawing
from tests.support.workshop.draw import draw
from tests.support.workshop.printing import CASES, Printed, dress, print_pdf
from tests.support.workshop.reading import differences, flagged, read_notice

OFFICE = shutil.which("soffice")
PROGRAMS = {"docx": OFFICE, "xlsx": OFFICE, "html": CHROMIUM}


@pytest.mark.parametrize("printed", CASES, ids=[case.name for case in CASES])
def test_printed_notice_is_read_exactly(printed: Printed) -> None:
    notice = printed.notice()
    _, reading = read_notice(printed.path, year=notice.year)
    wrong = [*differences(notice, printed.layout, reading), *flagged(reading)]
    assert wrong == [], "\n".join(map(str, wrong))


@pytest.mark.soak
@pytest.mark.parametrize("kind", PROGRAMS)
def test_random_layouts_printed_anew_are_never_wrong_in_silence(
    kind: str, tmp_path: Path, seeds: Seeds
) -> None:
    if PROGRAMS[kind] is None:
        pytest.skip(f"what prints {kind} is not installed")
    for seed in seeds:
        with seeds.trying("notices of random layouts, printed by office programs and a browser"):
            one = drawing(kind, seed)
            path = draw(one.notice, one.grid, tmp_path, one.style)
            dress(path)
            document = read_document(print_pdf(path), cross_check=False)
            meta = SourceMeta(document_id="printed", year=one.notice.year)
            assert judge_of(one, normalize(document, meta)).silent == (), (kind, seed)
