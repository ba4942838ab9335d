"""``kaohe receive --redate``: the day that a filed return was received on is set right.

The file stays as it came; its name, which is ours and tells the day, changes, and a line in
``raw/returns/redated.csv`` says who changed it, when, and what it was.
"""

from __future__ import annotations

import csv
import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from common.days import ZONE
from common.files import sha256_of, sync
from common.refusal import refusal
from flows.jobs.ingest import Progress
from flows.jobs.returns import filing
from flows.jobs.returns.landing import Handled
from flows.jobs.returns.receive import Delivery, LandedDocuments, check_not_to_come, take
from flows.jobs.returns.summary import Received
from flows.jobs.returns.unanswered import note, note_of

LOG = "redated.csv"
_COLUMNS = ("redated_at", "by", "was", "is", "sha256")


@dataclass(frozen=True, slots=True)
class _Filed:
    """A filed return whose day is to be set right, with its year, ending and hash."""

    path: Path
    year: int
    suffix: str
    sha256: str


@dataclass(frozen=True, slots=True)
class FiledReturn:
    """A filed return: whose it is, its day and its number among those of that day."""

    path: Path
    department: str
    received_on: date
    number: int

    @property
    def name(self) -> str:
        """The path from the folder of the year's returns, with slashes."""
        return "/".join(self.path.parts[-2:])


def filed_returns(raw: Path, year: int) -> tuple[FiledReturn, ...]:
    """Return what departments handed in in a year as it is filed, by department and day."""
    root = raw / "returns" / str(year)
    folders = sorted(root.iterdir()) if root.is_dir() and not root.is_symlink() else []
    return tuple(
        FiledReturn(path, folder.name, day, number)
        for folder in folders
        if folder.is_dir() and not folder.is_symlink()
        for day, number, path in filing.filed_in(folder)
        if not path.is_symlink()
    )


def redate(delivery: Delivery, progress: Progress) -> Received:
    """File returns under the day of the delivery, land their rows under it, and answer them anew.

    A day that was right is confirmed so: either way the revisions of the lines are numbered in the
    order of the days, and what was overtaken by mistake counts. Raises Refusal, before anything is
    changed, where a file is no filed return or the day cannot be.
    """
    check_not_to_come(delivery.received_on)
    root = delivery.raw / "returns"
    landed = LandedDocuments.read(delivery.warehouse, delivery.raw)
    filing.check_writable(delivery.replies)
    with filing.receiving(root):
        chosen = [_checked(file, root, delivery.received_on) for file in delivery.files]
        names = _names(delivery.warehouse)
        handled = [_moved(each, root, delivery, names) for each in chosen]
        return take(handled, delivery, landed, progress)


def _checked(file: Path, root: Path, day: date) -> _Filed:
    path, parts = file.absolute(), filing.filed_parts(file)
    year = path.parent.parent.name
    placed = path.parent.parent.parent.resolve() == root.resolve() and year.isdecimal()
    if parts is None or not placed or not path.is_file():
        raise refusal("flows.not_a_filed_return", file=file, root=root)
    filing.check_day(day, int(year))
    return _Filed(root / year / path.parent.name / path.name, int(year), parts[1], sha256_of(path))


def _names(warehouse: Path) -> dict[str, str]:
    """Return the names that landed returns were handed in under, by hash."""
    from warehouse.reading import read_table

    rows = read_table(warehouse, "returns")
    return dict(zip(rows["source_sha256"].tolist(), rows["source_name"].tolist(), strict=True))


def _moved(filed: _Filed, root: Path, delivery: Delivery, names: Mapping[str, str]) -> Handled:
    """Give a filed return the name of its day; from then on the next run would finish the rest."""
    was, day, folder = filed.path, delivery.received_on, filed.path.parent
    before = filing.filed_parts(was)
    path = was
    if before is None or before[0] != day:
        _, path = filing.free_place(folder, day, filed.suffix)
    name = names.get(filed.sha256, was.name)
    note(path, name, dated=True)
    _log(root, was, path, filed.sha256)
    if path != was:
        was.rename(path)
        sync(folder)
        note_of(was).unlink(missing_ok=True)
        delivery.replies.joinpath(*folder.parts[-2:], f"{was.stem}.xlsx").unlink(missing_ok=True)
    return Handled(path, name, day, left=True, dated=True)


def _log(root: Path, was: Path, path: Path, sha256: str) -> None:
    place = root / LOG
    begun = place.exists()
    with place.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        if not begun:
            writer.writerow(_COLUMNS)
        now = datetime.now(ZONE).isoformat(timespec="seconds")
        moved = ("/".join(each.parts[-3:]) for each in (was, path))
        writer.writerow((now, _who(), *moved, sha256))
        file.flush()
        os.fsync(file.fileno())


def _who() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
