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

#: A case, its row, and how its wording is read.
Read = tuple[dict[str, Any], MethodContext, MethodReading]


@pytest.fixture(scope="module")
def readings() -> list[Read]:
    rows = [(case, context_of(case)) for case in wordings()]
    return [(case, row, read_method(case["text"], row)) for case, row in rows]


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


def _is_as_worked_out(case: dict[str, Any], found: MethodReading) -> bool:
    return (
        case.get("status", "applied") in (str(found.status), _openness(found))
        and found.rule == case.get("rule", found.rule)
        and all(
            _alike(found.parameters.get(name), wanted)
            for name, wanted in (case.get("parameters") or {}).items()
        )
        and bool(found.status == "applied" or found.unread or found.gaps)
    )


def test_each_wording_is_the_rule_that_it_means(readings: list[Read]) -> None:
    assert [
        (case, found) for case, _, found in readings if not _is_as_worked_out(case, found)
    ] == []


def test_points_are_those_worked_out_by_hand(readings: list[Read]) -> None:
    """All are scored at once: each figure is returned for an indicator of its own."""
    worked_out = [
        (case, row, found, each) for case, row, found in readings for each in case.get("cases", ())
    ]
    owners = [
        indicator(number, base_points=row.points, direction=str(row.direction))
        | {"indicator": row.indicator}
        for number, (_, row, _, _) in enumerate(worked_out, 1)
    ]
    methods, held, given = [], [], []
    for owner, (case, row, found, each) in zip(owners, worked_out, strict=True):
        methods.append(_method_of(owner, case["text"], found))
        held.append(_target_of(owner, row, each))
        given.append(returned(owner, actual_value=float(each["x"]), benchmark_value=each.get("bm")))
    frame = rows_to_frame(METHODS, methods)
    scores = scores_frame(score(inputs(owners, held, given, methods=frame)))
    lines = scores.sort_values("serial_no").to_dict("records")
    wrong = [
        (case["text"], each, line["status"], line["rule"], line["points"])
        for (case, _, _, each), line in zip(worked_out, lines, strict=True)
        if (line["status"], line["rule"]) != (STATUSES[0], case["rule"])
        or line["points"] != pytest.approx(each["pts"], abs=1e-9)
        or replay(line["trace"]) != pytest.approx(each["pts"], abs=1e-9)
    ]
    assert wrong == []


def _method_of(owner: dict[str, Any], text: str, found: MethodReading) -> dict[str, Any]:
    said = {
        "document_id": DOCUMENT,
        "annex": 1,
        "text": text,
        "rule": found.rule,
        "parameters": json.dumps(dict(found.parameters)),
        "status": str(found.status),
    }
    names = {name: owner[name] for name in ("indicator_id", "serial_no")}
    return dict.fromkeys(METHODS.names) | said | names


def _target_of(owner: dict[str, Any], row: MethodContext, each: dict[str, Any]) -> dict[str, Any]:
    return target(
        owner,
        target_kind=str(row.kind),
        operator=row.operator and str(row.operator),
        target_value=each.get("t", row.value),
        target_unit=row.unit,
        base_value=each.get("b"),
        base_unit=row.unit if "b" in each else None,
    )


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


def test_no_figure_is_read_into_nothing(readings: list[Read]) -> None:
    """Each is in the rule, or moves it, or is named as not understood: one confirms no less."""
    lost = [
        (case["text"], each[0])
        for case, row, found in readings
        if found.rule is not None and case["text"] not in _OF_NOBODY
        for each in _NUMBER.finditer(case["text"])
        if not (_is_said(each[0], row, found) or _moves(each, row, found))
    ]
    assert lost == []


def _is_said(figure: str, row: MethodContext, found: MethodReading) -> bool:
    known = _numbers(found.parameters) | {0.0, 1.0, 100.0, row.value, row.points}
    number = float(figure)
    shares = {number, number / 100, number / (row.points or 1), number - 1, number + 1}
    unread = any(figure in clause for clause in found.unread)
    return unread or bool({round(share, 9) for share in shares} & known)


def _moves(each: re.Match[str], row: MethodContext, found: MethodReading) -> bool:
    """Tell whether another figure in its place is read as another rule."""
    number, text = float(each[0]), each.string
    others = (f"{number * 1.5:g}", f"{number + 1:g}", f"{number / 2:g}")
    changed = (text[: each.start()] + other + text[each.end() :] for other in others)
    return any(read_method(other, row) != found for other in changed)


def test_hostile_texts_end_soon() -> None:
    for text in ("每" * 5000, "完成目标" * 2000, "得满分，" * 3000, "80%-90%" * 900, "(" * 600):
        assert read_method(text, context_of({"text": text})).status != "applied"
    for clause in ("完成" * 45, "年度" * 45, "每低" * 45, "一" * 90):
        assert said_of(clause).unread


def test_the_share_understood_is_as_the_page_says(readings: list[Read]) -> None:
    """`docs/scoring.md` prints how many of the wordings are applied, in part and not understood."""
    statuses = Counter(str(found.status) for _, _, found in readings)
    count = sum(statuses.values())
    said = (
        f"Of {count} wordings {statuses['applied']} are applied, {statuses['proposed']} proposed "
        f"and {statuses['not_understood']} not understood"
    )
    page = " ".join((DOCS / "scoring.md").read_text("utf-8").split())
    assert said in page, said
