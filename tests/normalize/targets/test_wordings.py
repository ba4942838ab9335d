"""Target cells as public notices print them: nothing is misread without a doubt."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.support.normalize.spoken import read, spoken
from tests.support.paths import TESTS

WORDINGS: list[dict[str, Any]] = yaml.safe_load(
    (TESTS / "normalize/cases/target_wordings.yaml").read_text("utf-8")
)


@pytest.mark.parametrize("case", WORDINGS, ids=lambda case: case["text"])
def test_a_wording_is_read_as_a_person_reads_it(case: dict[str, Any]) -> None:
    target = read(case["text"], case["indicator"])
    if "kind" in case:
        assert target.kind == case["kind"]
    if "says" in case:
        assert spoken(target, case["says"]) == case["says"]
    codes = [doubt.code for doubt in target.doubts]
    assert bool(codes) == case.get("look", False), codes
