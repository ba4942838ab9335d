"""Where the tests' files lie, and the browser."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
FIXTURES = TESTS / "fixtures"
NOTICES = FIXTURES / "notices"
NOTICE = NOTICES / "2020/notice.html"
GOLDENS = TESTS / "goldens"
DOCS = ROOT / "docs"
#: Chromium, without a window's own pages where Debian has it so: a third of the work to start it.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
