"""Corrections through the command, with the real damaged notice and the documented example."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from schemas.records.corrections import Correction, FindingPlace
from tests.support.flows.office import ROOT, Office
from tests.support.schemas.corrections import as_toml

pytestmark = pytest.mark.usefixtures("aligned_once")

EXAMPLE = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)
IDENTITY = ("finding_id", "code", "serial_no", "entity", "field")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def example() -> str:
    (found,) = EXAMPLE.findall((ROOT / "docs/corrections.md").read_text(encoding="utf-8"))
    return str(found)


def accept(finding: dict[str, Any]) -> str:
    return as_toml(
        Correction(
            FindingPlace(finding["finding_id"]),
            finding["text"] or finding["message_zh"],
            None,
            "已对照原件，无误",
            "李某",
            date(2026, 1, 6),
        )
    )


def identities(findings: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [tuple(finding[key] for key in IDENTITY) for finding in findings]


def test_corrections_close_their_findings_until_none_is_left(office: Office) -> None:
    assert office.ingest().exit_code == 3
    before = office.open_findings()
    cells = office.ask("SELECT * FROM cells ORDER BY ALL")

    office.correct(example())
    assert office.ingest().exit_code == 3
    left = office.open_findings()
    closed = [each for each in identities(before) if each not in identities(left)]
    assert set(identities(left)) < set(identities(before))
    # exactly those: the lost department, the lost number, the cut title, and the total
    assert {(code, serial_no) for _, code, serial_no, _, _ in closed} >= {
        ("department_missing", 32),
        ("points_exception_without_number", 20),
        ("title_cut", 89),
        ("total_differs", None),
    }
    assert {serial_no for _, _, serial_no, _, _ in closed} == {20, 32, 89, None}
    assert office.ask("SELECT * FROM cells ORDER BY ALL") == cells
    states = office.ask("SELECT finding_id, state FROM findings WHERE state <> 'open'")
    by_id = {row["finding_id"]: row["state"] for row in states}
    assert {by_id[finding_id] for finding_id, *_ in closed} == {"corrected"}
    check_values(office)

    office.correct(example() + "".join(map(accept, left)))
    done = office.ingest()
    assert done.exit_code == 0, done.output
    assert office.open_findings() == []
    assert office.ask("SELECT * FROM targets WHERE needs_review") == []
    assert len(office.ask("SELECT * FROM findings WHERE code = 'accepted'")) == len(left)


def check_values(office: Office) -> None:
    """Look at what the documented example made, and at what it says of itself."""
    departments = "SELECT assessing_departments FROM indicators WHERE serial_no = 32"
    assert office.ask(departments) == [{"assessing_departments": ["市经济和信息化局"]}]
    points = office.ask(
        "SELECT serial_no, max_points, needs_review FROM targets "
        "WHERE entity = '临空经济区' AND serial_no IN (20, 98) ORDER BY serial_no"
    )
    assert [(row["serial_no"], row["max_points"]) for row in points] == [(20, 2), (98, 1.5)]
    assert not any(row["needs_review"] for row in points)
    titles = office.ask(
        "SELECT DISTINCT target_text, needs_review FROM targets "
        "WHERE serial_no = 89 AND status = 'assessed'"
    )
    text = "落实《资阳市2020年粮食安全市长责任制工作方案》"
    assert titles == [{"target_text": text, "needs_review": False}]
    told = office.ask("SELECT * FROM findings WHERE code = 'corrected' AND serial_no = 98")
    assert [each["text"] for each in told[0]["alternatives"]] == ["1", "1.5"]
    assert "电话向印发单位核实，漏印例外（王某，2026-01-05）" in told[0]["message_zh"]


def test_the_same_corrections_again_change_nothing(office: Office) -> None:
    office.correct(example())
    office.ingest()
    landed = office.current()
    again = office.ingest("--json")
    assert json.loads(again.stdout)["changed"] is False
    assert office.current() == landed
    (office.notice / "corrections.toml").unlink()
    assert json.loads(office.ingest("--json").stdout)["changed"] is True
    assert office.ask("SELECT * FROM findings WHERE state <> 'open'") == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("expect = 1\n", "expect = 3\n", "correction_unmatched"),
        ("serial_no = 98", "serial_no = 998", "correction_place"),
        ("on = 2026-01-05", "on = ", "bad_corrections_toml"),
        ("value = 1.5", "accept = true", "correction_unused"),
    ],
)
def test_a_bad_correction_lands_nothing(office: Office, old: str, new: str, code: str) -> None:
    office.correct(example().replace(old, new))
    refused = office.ingest()
    assert refused.exit_code == 1
    assert f"[{code}]" in refused.stderr
    assert str(office.notice / "corrections.toml") in refused.stderr
    assert "Traceback" not in refused.output
    assert not office.warehouse.exists() or not (office.warehouse / "CURRENT").exists()


def test_what_had_landed_stays_when_a_correction_is_refused(office: Office) -> None:
    office.ingest()
    landed = office.current()
    twice = example() + example()
    office.correct(twice)
    refused = office.ingest()
    assert (refused.exit_code, office.current()) == (1, landed)
    assert "[correction_twice]" in refused.stderr
