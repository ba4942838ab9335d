"""Licences of all packages are allowed, and the bill of materials is true, valid and the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from bench import supply
from bench.supply import Package
from tests.support.for_each import for_each
from tests.support.paths import ROOT


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    return supply.bill()


def test_every_licence_is_allowed() -> None:
    refused = [each for each in supply.installed().values() if not supply.is_allowed(each)]
    assert refused == []


def test_every_exception_is_needed() -> None:
    for name in supply.rules()["exceptions"]:
        plain = Package(name, "1", supply.stated_licence(name))
        assert not supply.named(plain.licence) <= set(supply.rules()["allowed"]), name


@for_each(
    "licence, allowed",
    [
        ("MIT", True),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("GPL-3.0-only", False),
        ("MIT AND GPL-3.0-only", False),
        ("BSD License", True),
        ("Proprietary", False),
        ("Ask us for a licence", False),
        ("unknown", False),
    ],
)
def test_a_licence_is_held_against_the_list(licence: str, allowed: bool) -> None:
    assert supply.is_allowed(Package("some-package", "1", licence)) == allowed


def test_the_command_names_what_is_not_allowed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert supply.print_licences() == 0
    monkeypatch.setattr(supply, "licence_of", lambda name: "GPL-3.0" if name == "rich" else "MIT")
    assert supply.print_licences() == 1
    assert "not allowed: rich" in capsys.readouterr().out


def _is_reference(value: object) -> bool:
    from rfc3986_validator import validate_rfc3986

    return not isinstance(value, str) or bool(validate_rfc3986(value, rule="URI_reference"))


def test_the_bill_is_valid(bill: dict[str, Any]) -> None:
    import jsonschema
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator  # takes seconds to import

    # jsonschema's own check of it takes a second in every process that imports Prefect
    jsonschema.Draft7Validator.FORMAT_CHECKER.checks("iri-reference")(_is_reference)
    errors = JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill))
    assert errors is None


def test_the_bill_lists_what_is_run_and_nothing_of_the_developers(bill: dict[str, Any]) -> None:
    names = {each["name"] for each in bill["components"]}
    assert {"pandas", "duckdb", "prefect", "pdfminer-six", "rapidocr", "text-unidecode"} <= names
    assert not {"pytest", "ruff", "cyclonedx-python-lib", "kaohe"} & names


def test_the_bill_has_hashes_of_the_lock_and_whole_dependencies(bill: dict[str, Any]) -> None:
    lock = supply.LOCK.read_text(encoding="utf-8")
    refs = {each["bom-ref"] for each in bill["components"]}
    for each in bill["components"]:
        assert f"{each['name']}=={each['version']}" in lock
        assert each["hashes"]
        assert all(f"sha256:{digest['content']}" in lock for digest in each["hashes"])
        assert each["licenses"]
    needed = {ref for each in bill["dependencies"] for ref in each["dependsOn"]}
    assert needed == refs


def test_the_bill_is_the_same_byte_for_byte() -> None:
    made = [
        subprocess.run(
            [sys.executable, "-m", "bench.supply", "sbom"],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai"))
    ]
    assert made[0] == made[1]


def test_an_environment_that_is_not_the_lock_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supply, "locked", dict)
    with pytest.raises(ValueError, match="make setup"):
        supply.bill()
