"""Printed methods from public schemes: each is the rule that it means, or it says that it is not.

The wordings stand in ``cases/methods.yaml``; what is said of them in docs/scoring.md is so.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest

from common.fold import fold
from normalize.methods.clauses import said_of
from normalize.methods.model import MethodContext, MethodReading
from normalize.methods.reading import read_said
from schemas.tables.frames import rows_to_frame
from schemas.tables.registry import METHODS
from scoring.engine import score
from scoring.model.items import STATUSES
from scoring.results.frames import scores_frame
from scoring.results.replay import replay
from tests.support.normalize.methods import context_of, wordings
from tests.support.paths import DOCS
from tests.support.scoring.notices import DOCUMENT, indicator, inputs, returned, target

CASES = [pytest.param(case, id=case["text"][:40]) for case in wordings()]


def read_method(text: str, context: MethodContext) -> MethodReading:
    """Return the rule of a printed method for a row."""
    return read_said(said_of(text), context)


def _alike(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(_alike, found, wanted))
    if isinstance(wanted, (int, float)) and not isinstance(wanted, bool):
        return found is not None and abs(found - wanted) < 1e-9
    return bool(found == wanted)


def _openness(found: MethodReading) -> str:
    return "applied" if found.status == "applied" else "open"


@pytest.mark.parametrize("case", CASES)
def test_wording(case: dict[str, Any]) -> None:
    found = read_method(case["text"], context_of(case))
    wanted = case.get("status", "applied")
    assert wanted in (str(found.status), _openness(found)), (found.unread, found.gaps)
    assert found.rule == case.get("rule", found.rule)
    for name, wanted in (case.get("parameters") or {}).items():
        assert _alike(found.parameters.get(name), wanted), (name, found.parameters)
    if found.status != "applied":
        assert found.unread or found.gaps


@pytest.mark.parametrize("case", [each for each in CASES if "cases" in each.values[0]])
def test_points_are_those_worked_out_by_hand(case: dict[str, Any]) -> None:
    row = context_of(case)
    found = read_method(case["text"], row)
    owners = [
        indicator(number, base_points=row.points, direction=str(row.direction))
        | {"indicator": row.indicator}
        for number in range(1, len(case["cases"]) + 1)
    ]
    said = {
        "document_id": DOCUMENT,
        "annex": 1,
        "text": case["text"],
        "rule": found.rule,
        "parameters": json.dumps(dict(found.parameters)),
        "status": str(found.status),
    }
    methods = [
        dict.fromkeys(METHODS.names)
        | said
        | {name: owner[name] for name in ("indicator_id", "serial_no")}
        for owner in owners
    ]
    held = [
        target(
            owner,
            target_kind=str(row.kind),
            operator=row.operator and str(row.operator),
            target_value=each.get("t", row.value),
            target_unit=row.unit,
            base_value=each.get("b"),
            base_unit=row.unit if "b" in each else None,
        )
        for owner, each in zip(owners, case["cases"], strict=True)
    ]
    given = [
        returned(owner, actual_value=float(each["x"]), benchmark_value=each.get("bm"))
        for owner, each in zip(owners, case["cases"], strict=True)
    ]
    frame = rows_to_frame(METHODS, methods)
    scores = scores_frame(score(inputs(owners, held, given, methods=frame)))
    lines = scores.sort_values("serial_no").to_dict("records")
    for line, each in zip(lines, case["cases"], strict=True):
        assert (line["status"], line["rule"]) == (STATUSES[0], case["rule"])
        assert line["points"] == pytest.approx(each["pts"], abs=1e-9)
        assert replay(line["trace"]) == pytest.approx(each["pts"], abs=1e-9)


def test_every_word_is_in_a_clause() -> None:
    for case in wordings():
        said = said_of(case["text"])
        told = "".join([*(each.text for each in said.statements), *said.unread])
        for sign in fold(case["text"]):
            assert sign in told or sign in ",;:.()—-~≤、的"


_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
#: No place behind the third among two entities.
_OF_NOBODY = {"前三名得满分，每后退一位扣0.2分"}


def _numbers(value: Any) -> set[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return set().union(*map(_numbers, value))
    return {round(abs(value), 9)} if isinstance(value, (int, float)) else set()


@pytest.mark.parametrize("case", CASES)
def test_no_figure_is_read_into_nothing(case: dict[str, Any]) -> None:
    """Each is in the rule, or moves it, or is named as not understood: one confirms no less."""
    text, row = case["text"], context_of(case)
    found = read_method(text, row)
    if found.rule is None or text in _OF_NOBODY:
        return
    known = _numbers(found.parameters) | {0.0, 1.0, 100.0, row.value, row.points}
    for each in _NUMBER.finditer(text):
        number = float(each[0])
        shares = {number, number / 100, number / (row.points or 1), number - 1, number + 1}
        if any(each[0] in clause for clause in found.unread):
            continue
        if {round(share, 9) for share in shares} & known:
            continue
        others = [f"{number * 1.5:g}", f"{number + 1:g}", f"{number / 2:g}"]
        changed = [text[: each.start()] + other + text[each.end() :] for other in others]
        assert any(read_method(other, row) != found for other in changed), each[0]


def test_hostile_texts_end_soon() -> None:
    for text in ("每" * 5000, "完成目标" * 2000, "得满分，" * 3000, "80%-90%" * 900, "(" * 600):
        assert read_method(text, context_of({"text": text})).status != "applied"
    for clause in ("完成" * 45, "年度" * 45, "每低" * 45, "一" * 90):
        assert said_of(clause).unread


def test_the_share_understood_is_as_the_page_says() -> None:
    """`docs/scoring.md` prints how many of the wordings are applied, in part and not understood."""
    read = [read_method(case["text"], context_of(case)) for case in wordings()]
    statuses = Counter(str(each.status) for each in read)
    count = sum(statuses.values())
    said = (
        f"Of {count} wordings {statuses['applied']} are applied, {statuses['proposed']} proposed "
        f"and {statuses['not_understood']} not understood"
    )
    page = " ".join((DOCS / "scoring.md").read_text("utf-8").split())
    assert said in page, said
