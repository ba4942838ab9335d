"""What holds for all tests: how random ones draw, and which wait for ``make soak``."""

from __future__ import annotations

import tests.support.profiles  # noqa: F401 - before a test asks for its settings

pytest_plugins = ["tests.support.soak"]
