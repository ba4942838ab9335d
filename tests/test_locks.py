"""The locked set of packages: hashed, without addresses, one OpenCV, and what pyproject asks."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.support.for_each import for_each
from tests.support.paths import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;]+)(.*)$", re.MULTILINE)
RIVALS_OF_CV2 = re.compile(r"opencv-(contrib-)?python(-headless)?")


def pinned(path: Path) -> dict[str, set[Version]]:
    found: dict[str, set[Version]] = {}
    for name, version, _ in PINNED.findall(path.read_text(encoding="utf-8")):
        found.setdefault(canonicalize_name(name), set()).add(Version(version))
    return found


def asked() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [
        Requirement(text)
        for text in [
            *project["project"]["dependencies"],
            *project["project"]["optional-dependencies"]["scan"],
            *project["dependency-groups"]["dev"],
        ]
    ]


def test_there_are_locks() -> None:
    assert [path.name for path in LOCKS] == ["dev.lock", "uv.lock"]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_package_is_pinned_by_hash_and_by_no_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert all(PINNED.match(block) and "--hash=sha256:" in block for block in blocks)
    assert "://" not in text
    assert "--index" not in text
    assert "@" not in text


def test_one_wheel_only_brings_opencv() -> None:
    rivals = {
        name for name in pinned(ROOT / "requirements/dev.lock") if RIVALS_OF_CV2.fullmatch(name)
    }
    assert rivals == {"opencv-python-headless"}


def test_nothing_takes_the_place_of_pdfplumber() -> None:
    assert "pdfplumber-rs" not in pinned(ROOT / "requirements/dev.lock")


@for_each("requirement", asked())
def test_lock_matches_pyproject(requirement: Requirement) -> None:
    locked = pinned(ROOT / "requirements/dev.lock").get(canonicalize_name(requirement.name))
    assert locked, f"{requirement.name} is not locked: make lock"
    assert all(version in requirement.specifier for version in locked), "make lock"
