"""One desk: which folders it works in, who is in, and what it is asked to be."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

from common.files import workshop
from flows.desk.shared.access import Sessions
from flows.desk.shared.work import Works
from flows.jobs.desk.glance import Places
from flows.jobs.desk.listing import LandedNotice, landed_notices, standing_notices
from flows.jobs.desk.memory import Memory
from flows.jobs.desk.publishing import published_to
from flows.jobs.diff import not_landed
from report.pictures.pages import PagePicture

if TYPE_CHECKING:
    from starlette.requests import Request

PICTURES = Path(gettempdir())
"""Where desks have what they draw; what a killed one left there is swept by the next."""


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
        return Places(self.warehouse, self.raw, self.out / "forms", published_to(self.out))


@dataclass(slots=True)
class Drawn:
    """Pages and lines of documents as pictures, drawn once while the desk is open."""

    own: ExitStack = field(default_factory=ExitStack)
    folder: Path | None = None
    pictures: dict[str, tuple[Path, list[PagePicture], str | None]] = field(default_factory=dict)
    lines: dict[str, Path] = field(default_factory=dict)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def place(self) -> Path:
        """Return the folder of this desk's pictures, which ends with it."""
        if self.folder is None:
            self.folder = self.own.enter_context(workshop(PICTURES))
        return self.folder

    def line(self, mark: str, draw: Callable[[Path], None]) -> Path:
        """Return the folder of one line's pictures, drawn where they are not yet."""
        with self.guard:
            if mark not in self.lines:
                place = self.place() / f"line-{len(self.lines)}"
                draw(place)
                self.lines[mark] = place
            return self.lines[mark]


@dataclass(slots=True)
class Desk:
    """What all requests share."""

    order: DeskOrder
    sessions: Sessions
    memory: Memory = field(default_factory=Memory)
    works: Works = field(default_factory=Works)
    drawn: Drawn = field(default_factory=Drawn)

    def year_of(self, document_id: str) -> int:
        """Return the year of a landed document; Refusal where it is not landed."""
        landed = {each.document_id: each.year for each in landed_notices(self.order.warehouse)}
        if document_id not in landed:
            raise not_landed(document_id, [*landed])
        return landed[document_id]


def chosen_year(
    warehouse: Path, request: Request
) -> tuple[list[LandedNotice], LandedNotice | None]:
    """Return all documents in force, and the one that a page is about: the latest by itself."""
    found = standing_notices(warehouse)
    asked = request.query_params.get("document")
    named = [each for each in found if each.document_id == asked]
    return found, next(iter(named or found), None)
