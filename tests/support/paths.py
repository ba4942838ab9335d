"""Where the tests' files lie."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
FIXTURES = TESTS / "fixtures"
NOTICES = FIXTURES / "notices"
GOLDENS = TESTS / "goldens"
DOCS = ROOT / "docs"
