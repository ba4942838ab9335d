"""Cases of the tests that are kept as YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

#: The parser in C reads the same ten times as fast: every worker reads all cases to know its tests.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(path: Path) -> Any:
    """Return what a file of YAML holds."""
    return yaml.load(path.read_text(encoding="utf-8"), _LOADER)
