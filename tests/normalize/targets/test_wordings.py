"""Target cells as public notices print them: nothing is misread without a doubt."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.normalize.spoken import read, spoken
from tests.support.paths import TESTS
from tests.support.yaml_files import read_yaml

WORDINGS: list[dict[str, Any]] = read_yaml(TESTS / "normalize/cases/target_wordings.yaml")


#: What slips into a cell: marks of notes, remnants of a conversion, letters.
STRAYS = ["*", "○", "¹", "②", "max", "?"]


@pytest.mark.parametrize("case", WORDINGS, ids=lambda case: case["text"])
def test_a_wording_is_read_as_a_person_reads_it(case: dict[str, Any]) -> None:
    target = read(case["text"], case["indicator"])
    if "kind" in case:
        assert target.kind == case["kind"]
    if "says" in case:
        assert spoken(target, case["says"]) == case["says"]
    codes = [doubt.code for doubt in target.doubts]
    assert bool(codes) == case.get("look", False), codes


def meaning(text: str, indicator: str) -> tuple[tuple[object, ...], bool]:
    """Return what a cell is read as, and whether it is doubted."""
    target = read(text, indicator)
    return (target.kind, target.operator, target.value, target.unit), bool(target.doubts)


@pytest.mark.parametrize("stray", STRAYS)
def test_a_stray_sign_gives_no_other_reading_in_silence(stray: str) -> None:
    wrong = []
    for case in WORDINGS:
        text, indicator = case["text"], case["indicator"]
        right, doubted = meaning(text, indicator)
        for place in range(0 if doubted else len(text) + 1):
            printed = text[:place] + stray + text[place:]
            other, told = meaning(printed, indicator)
            if other != right and not told:
                wrong.append((printed, other))
    assert not wrong
