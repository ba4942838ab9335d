"""Many nights in a row with small changes, and what they leave on the disk."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from flows.jobs.night.night import run_nightly
from flows.jobs.night.summary import NightlySummary
from tests.support.flows.nights import DEPARTMENTS, City, notice_text

DAY_SECONDS = 86_400
DAYS = (date(2021, 6, 5), date(2021, 7, 5))
#: What may grow by the night: forms that were filed, and the answers to them.
_DATA = ("raw/returns/2021", "replies")


@contextmanager
def own_temporary_folder(folder: Path) -> Iterator[None]:
    """Let this process and what it starts make temporary files in a folder of their own."""
    folder.mkdir()
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"], tempfile.tempdir = str(folder), None
    try:
        yield
    finally:
        os.environ.pop("TMPDIR")
        if before is not None:
            os.environ["TMPDIR"] = before
        tempfile.tempdir = None


def one_more_night(city: City, night: int) -> NightlySummary:
    """Change a target of the notice, hand in a return again, and let a day pass."""
    text = notice_text(growth=f"{4 + night / 100:g}")
    city.put_notice("tianhe-2021", text, sidecar="issued_on = 2021-03-01\n")
    department = DEPARTMENTS[night % len(DEPARTMENTS)]
    city.put_return(department, DAYS[night % len(DAYS)], factor=1 + night / 100)
    done = run_nightly(city.order(), lambda _: None)
    for snapshot in (city.warehouse / "snapshots").iterdir():
        aged = snapshot.stat().st_mtime - DAY_SECONDS
        os.utime(snapshot, (aged, aged))
    return done


def footprint(city: City) -> dict[str, int]:
    """Return how many files there are in each folder below the city's, data apart.

    A snapshot and a document's page count by their kind, not by their name.
    """
    found: dict[str, int] = {}
    for folder, _, files in os.walk(city.root):
        place = Path(folder).relative_to(city.root).as_posix()
        if files and not place.startswith(_DATA):
            parts = place.split("/")
            kind = "/".join([*parts[:2], "*", *parts[3:]]) if "snapshots" in parts else place
            found[kind] = found.get(kind, 0) + len(files)
    return found


def size_of(path: Path) -> int:
    """Return the bytes of a file."""
    return path.stat().st_size
