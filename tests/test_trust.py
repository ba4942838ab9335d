"""Damaged documents stay silent only where nothing in them could have shown the damage.

A small version of ``bench/trust.py``, which measures 500 and writes docs/trust.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from bench.trust_measure import clean_results, damaged_results, silent_with_evidence
from tests.support.soak import Seeds
from tests.support.workshop.damage_cases import Drawn, drawing, drawings
from tests.support.workshop.draw import FORMATS

DOCUMENTS = 20
CLEAN = 20
FIRST = 1000
MOST_FLAGGED = 0.02


def test_no_silent_error_that_the_document_could_have_shown(tmp_path: Path) -> None:
    check_damaged(FIRST, tmp_path)


@pytest.mark.soak
def test_documents_damaged_anew_are_not_wrong_in_silence(tmp_path: Path, seeds: Seeds) -> None:
    for seed in seeds:
        with seeds.trying("notices of all formats, damaged and read against the truth", DOCUMENTS):
            check_damaged(seed, tmp_path / str(seed))


def check_damaged(first: int, folder: Path) -> None:
    """Damage twenty documents, each in another way, and read them."""
    folder.mkdir(exist_ok=True)
    results = list(damaged_results(drawings(first, DOCUMENTS), folder, first))
    assert len({one.what for one in results}) > DOCUMENTS / 3
    assert sum(one.wrong for one in results) > DOCUMENTS
    assert [(one.what, one.damage, one.examples) for one in silent_with_evidence(results)] == []


@pytest.mark.parametrize("kind", [kind for kind in FORMATS if kind != "md"])
def test_right_values_of_clean_documents_are_not_flagged(kind: str, tmp_path: Path) -> None:
    check_clean([drawing(kind, number) for number in range(FIRST, FIRST + 2)], tmp_path)


@pytest.mark.soak
def test_right_values_of_clean_documents_drawn_anew_are_not_flagged(
    tmp_path: Path, seeds: Seeds
) -> None:
    for seed in seeds:
        with seeds.trying("clean notices of all formats, read against the truth", CLEAN):
            folder = tmp_path / str(seed)
            folder.mkdir()
            check_clean((one for one in drawings(seed, CLEAN) if one.kind != "md"), folder)


def check_clean(drawn: Iterable[Drawn], folder: Path) -> None:
    """Read clean documents: nothing is wrong, and next to nothing flagged."""
    results = list(clean_results(list(drawn), folder))
    assert sum(one.wrong for one in results) == 0
    flagged = sum(one.needless for one in results)
    assert flagged <= MOST_FLAGGED * sum(one.targets for one in results)
