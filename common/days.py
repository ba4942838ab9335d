"""Days: the one that it is where the notices come from."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


def today() -> date:
    """Return the day it is where the notices come from, by this machine's clock."""
    return datetime.now(ZONE).date()
