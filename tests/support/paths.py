"""Where the tests' files lie."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
FIXTURES = TESTS / "fixtures"
NOTICES = FIXTURES / "notices"
NOTICE = NOTICES / "2020/notice.html"
GOLDENS = TESTS / "goldens"
DOCS = ROOT / "docs"
