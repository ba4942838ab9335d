"""Target cells as public notices print them: nothing is misread without a doubt."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from tests.support.normalize.spoken import read, spoken
from tests.support.paths import TESTS
from tests.support.soak import Seeds
from tests.support.yaml_files import read_yaml

WORDINGS: list[dict[str, Any]] = read_yaml(TESTS / "normalize/cases/target_wordings.yaml")


#: What slips into a cell: marks of notes, remnants of a conversion, letters.
STRAYS = ["*", "○", "¹", "②", "max", "?"]
#: Each stray sign is put into every third wording, another third for each; the soak draws them.
APART = 3


def test_wordings_are_read_as_a_person_reads_them() -> None:
    read_otherwise = []
    for case in WORDINGS:
        target = read(case["text"], case["indicator"])
        codes = [doubt.code for doubt in target.doubts]
        found = {
            "kind": target.kind,
            "says": spoken(target, case.get("says")),
            "look": bool(codes),
        }
        if any(found[name] != wanted for name, wanted in expected(case).items()):
            read_otherwise.append((case, found, codes))
    assert read_otherwise == []


def expected(case: dict[str, Any]) -> dict[str, object]:
    """Return what a case says of its reading; whether a person must look at it in any case."""
    return {"look": False} | {name: case[name] for name in ("kind", "says", "look") if name in case}


def meaning(text: str, indicator: str) -> tuple[tuple[object, ...], bool]:
    """Return what a cell is read as, and whether it is doubted."""
    target = read(text, indicator)
    return (target.kind, target.operator, target.value, target.unit), bool(target.doubts)


@pytest.mark.parametrize("number", range(len(STRAYS)))
def test_a_stray_sign_gives_no_other_reading_in_silence(number: int) -> None:
    check_strays(STRAYS[number], WORDINGS[number % APART :: APART])


@pytest.mark.soak
def test_a_stray_sign_drawn_anew_gives_no_other_reading_in_silence(seeds: Seeds) -> None:
    for seed in seeds:
        draw = Random(seed)
        with seeds.trying("wordings of targets with a stray sign at each place"):
            check_strays(draw.choice(STRAYS), [draw.choice(WORDINGS)])


def check_strays(stray: str, cases: list[dict[str, Any]]) -> None:
    wrong = []
    for case in cases:
        text, indicator = case["text"], case["indicator"]
        right, doubted = meaning(text, indicator)
        for place in range(0 if doubted else len(text) + 1):
            printed = text[:place] + stray + text[place:]
            other, told = meaning(printed, indicator)
            if other != right and not told:
                wrong.append((printed, other))
    assert not wrong
