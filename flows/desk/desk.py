"""One desk: which folders it works in, who is in, and what it is asked to be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flows.desk.access import Sessions
from flows.jobs.desk.glance import Places


@dataclass(frozen=True, slots=True)
class DeskOrder:
    """Where the desk works and how; ``out`` holds forms, replies and the report. 0: a free port."""

    warehouse: Path
    raw: Path
    out: Path
    port: int = 0
    read_only: bool = False

    @property
    def places(self) -> Places:
        """The folders of the year."""
        return Places(self.warehouse, self.raw, self.out / "forms", self.out / "report")


@dataclass(slots=True)
class Desk:
    """What all requests share."""

    order: DeskOrder
    sessions: Sessions
