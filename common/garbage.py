"""How often Python looks for cyclic garbage."""

from __future__ import annotations

import gc

COLLECTED_AFTER = 50_000


def collect_rarely() -> None:
    """Let Python look for cyclic garbage less often: importing and reading make little of it."""
    gc.set_threshold(COLLECTED_AFTER)
