"""Where the warehouse keeps what: snapshots, the link to the current one, staging, the lock.

::

    <warehouse>/snapshots/000007-20210304T050607Z/<table>/year=2021/<first document>.parquet
                                                 /SNAPSHOT       its own name
                                                 /MANIFEST.json  its table files
                                                 /kaohe.duckdb   views of it
                                                 /datapackage.json  what tables and columns are
    <warehouse>/current      -> snapshots/000007-20210304T050607Z
    <warehouse>/CURRENT      -> current/SNAPSHOT
    <warehouse>/kaohe.duckdb -> current/kaohe.duckdb
    <warehouse>/staging/     half-made things of the one landing that holds the lock
    <warehouse>/lock

``CURRENT`` and ``kaohe.duckdb`` go through ``current``, so that one rename switches all three.
Once ``current`` has named it a snapshot is never changed while it lies in ``snapshots``. One that
is superseded for long enough leaves that, and its folder becomes the next one's: what both hold is
neither taken away nor linked again, so that a landing costs little for what others landed.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from common import files
from common.files import sync
from common.refusal import Refusal, refusal
from warehouse.manifest import SNAPSHOT, Holdings, write_manifest

CATALOGUE = "kaohe.duckdb"
EMPTY = "000000-empty"
LOCK = "lock"

_NO_LINKS = (errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS)
_SNAPSHOT_NAME = re.compile(r"[0-9]{6,}-(?:empty|[0-9]{8}T[0-9]{6}Z)")

#: So many snapshots stay in any case, and so many at most; between these one goes once it has been
#: superseded for this many seconds, which leaves a reader that still has it open time to finish.
_KEPT, _MOST, _RETIRED_FOR = 5, 8, 3600.0


def current_snapshot(warehouse: Path) -> Path | None:
    """Return the snapshot that ``CURRENT`` names; None where nothing was ever landed.

    Refuses a warehouse that was landed to and does not name a snapshot that is there, and one
    that cannot be named.
    """
    require_nameable(warehouse)
    try:
        name = (warehouse / "CURRENT").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        if _landed_snapshots(warehouse) or (warehouse / "current").is_symlink():
            raise refusal("warehouse.warehouse_damaged.gone", warehouse=warehouse) from None
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise refusal(
            "warehouse.warehouse_damaged.unreadable", warehouse=warehouse, error=error
        ) from error
    snapshot = warehouse / "snapshots" / name
    if not _SNAPSHOT_NAME.fullmatch(name) or not (snapshot / SNAPSHOT).is_file():
        raise refusal(
            "warehouse.warehouse_damaged.no_snapshot", warehouse=warehouse, found=name[:60]
        )
    return None if name == EMPTY else snapshot


def require_nameable(warehouse: Path) -> None:
    """Refuse a folder whose path is no UTF-8: PyArrow and DuckDB take paths as text."""
    try:
        str(warehouse.absolute()).encode()
    except UnicodeEncodeError as error:
        raise refusal("warehouse.path_not_utf8", warehouse=warehouse) from error


def why_not_writable(warehouse: Path) -> Refusal | None:
    """Return why nothing can land, as far as it shows without writing; None where it may."""
    whole = warehouse.absolute()
    nearest = next(each for each in (whole, *whole.parents) if os.path.lexists(each))
    if os.access(nearest, os.W_OK | os.X_OK):
        return None
    error = OSError(errno.EACCES, os.strerror(errno.EACCES), str(nearest))
    return refusal(
        "warehouse.warehouse_not_writable.tables",
        warehouse=warehouse,
        error=error,
        reason=error.strerror,
    )


def warehouse_of(path: Path) -> Path | None:
    """Return the warehouse that a place lies in, if it does: itself, or by way of any link."""
    whole = path.resolve()
    for folder in (whole, *whole.parents):
        if (folder / "snapshots").is_dir() and (folder / "current").is_symlink():
            return folder
    return None


def require_snapshot(warehouse: Path) -> Path:
    """Return the current snapshot; Refusal where nothing was landed yet."""
    snapshot = current_snapshot(warehouse)
    if snapshot is None:
        raise refusal("warehouse.nothing_landed", warehouse=warehouse)
    return snapshot


def prepare(warehouse: Path) -> None:
    """Make the warehouse's folders and links if it is new, and sweep what a killed landing left.

    To be called by the holder of the lock. A new warehouse starts from an empty snapshot:
    a missing ``current`` beside real snapshots is then damage, never a first landing cut short.
    """
    snapshots = warehouse / "snapshots"
    for folder in (snapshots, warehouse / "staging"):
        folder.mkdir(exist_ok=True)
    link = warehouse / "current"
    if not link.is_symlink() and not _landed_snapshots(warehouse):
        (snapshots / EMPTY).mkdir(exist_ok=True)
        write_manifest(snapshots / EMPTY, {}, Holdings({}, {}))
        write_name(snapshots / EMPTY)
        _link_through(warehouse, "CURRENT", SNAPSHOT)
        switch(warehouse, EMPTY)
    _check_link(warehouse)
    _link_through(warehouse, CATALOGUE, CATALOGUE)
    sweep(warehouse)


def _link_through(warehouse: Path, name: str, target: str) -> None:
    """Make a link through ``current`` where there is none."""
    if not (warehouse / name).is_symlink():
        (warehouse / name).symlink_to(f"current/{target}")


def _check_link(warehouse: Path) -> None:
    """Refuse to land where ``CURRENT`` and the ``current`` link do not agree."""
    snapshot = current_snapshot(warehouse)
    name = EMPTY if snapshot is None else snapshot.name
    link = warehouse / "current"
    target = str(link.readlink()) if link.is_symlink() else "no link"
    if target != f"snapshots/{name}":
        raise refusal(
            "warehouse.warehouse_damaged.links", warehouse=warehouse, target=target, found=name
        )


def next_name(warehouse: Path, now: datetime) -> str:
    """Return the name of the snapshot to come: a running number and the time it is made."""
    last = max((_number(path.name) for path in _snapshots(warehouse)), default=0)
    return f"{last + 1:06d}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def write_name(snapshot: Path) -> None:
    """Write the snapshot's name into it; ``CURRENT`` is read through this file."""
    path = snapshot / SNAPSHOT
    path.write_text(f"{snapshot.name}\n", encoding="utf-8")
    sync(path)


def switch(warehouse: Path, name: str) -> None:
    """Make the snapshot of this name the current one, in one rename.

    Its folder is dated to this moment, from which on the one before is superseded.
    """
    os.utime(warehouse / "snapshots" / name)
    link = warehouse / "staging" / f"current-{secrets.token_hex(4)}"
    link.symlink_to(f"snapshots/{name}")
    link.rename(warehouse / "current")
    sync(warehouse)


def sweep(warehouse: Path) -> None:
    """Remove what a landing that did not end left: staging, and snapshots never made current.

    To be called by the holder of the lock: nobody else is landing then.
    """
    for path in (warehouse / "staging").iterdir():
        _remove(path)
    current = _number((warehouse / "current").readlink().name)
    for path in _snapshots(warehouse):
        if _number(path.name) > current:
            _retire(warehouse, path)


def prune(warehouse: Path, now: float) -> None:
    """Remove snapshots by count and age, as is said above; ``now`` in seconds."""
    for snapshot in _superseded(warehouse, now):
        _retire(warehouse, snapshot)


def _superseded(warehouse: Path, now: float, coming: int = 0) -> list[Path]:
    """Return the snapshots that are to go, the latest first, when so many more are ``coming``."""
    snapshots = sorted(_snapshots(warehouse), key=lambda path: _number(path.name), reverse=True)
    ages = [now - snapshot.stat().st_mtime for snapshot in snapshots]
    followed = zip(ages, snapshots[1:], strict=False)
    return [
        snapshot
        for count, (age_of_successor, snapshot) in enumerate(followed, 1 + coming)
        if count >= _MOST or (count >= _KEPT and age_of_successor > _RETIRED_FOR)
        if not files.is_in_use(snapshot / SNAPSHOT)
    ]


@contextmanager
def held(warehouse: Path) -> Iterator[None]:
    """Keep the snapshot that is current now, besides those that stay by count, until this is left.

    The system lets go of it when its holder is killed. Where nothing is landed, or the warehouse
    is damaged, nothing is held.
    """
    with ExitStack() as stack:
        with suppress(Refusal, OSError):
            if (snapshot := current_snapshot(warehouse)) is not None:
                stack.enter_context(files.shared(snapshot / SNAPSHOT))
        yield


class Tree:
    """The folder of a snapshot to come, in staging: a new one, or what another has left.

    Files are linked or written into it by their names in the snapshot. Of those that another has
    left, the same ones stay; no other is ever written to, for older snapshots share it. All else
    goes with :meth:`finish`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._left: dict[str, int] = {}
        self._folders: set[str] = set()
        self._used: set[str] = set()
        self._changed: set[str] = set()
        for path in folder.iterdir():
            if path.is_symlink() or not path.is_dir():
                path.unlink()
                continue
            for own in path.iterdir():
                self._look(own, f"{path.name}/{own.name}")

    def _look(self, path: Path, name: str) -> None:
        if path.is_symlink() or not path.is_dir():
            path.unlink()
            return
        self._folders.add(name)
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    _remove(Path(entry))
                else:
                    self._left[f"{name}/{entry.name}"] = entry.inode()

    def link(self, name: str, path: str, inode: int) -> None:
        """Take over a file as it is; it is copied where the file system has no hard links."""
        folder = name.rpartition("/")[0]
        if self._left.get(name) == inode:
            self._used.add(folder)
            del self._left[name]
            return
        target = self.place(name)
        try:
            os.link(path, target)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            shutil.copy2(path, target)
            sync(target)

    def place(self, name: str) -> Path:
        """Return where a file of this name may be made: there is none."""
        folder = name.rpartition("/")[0]
        if self._left.pop(name, None) is not None:
            (self.folder / name).unlink()
        if folder not in self._folders:
            (self.folder / folder).mkdir(parents=True)
            self._folders.add(folder)
        self._used.add(folder)
        self._changed.add(folder)
        return self.folder / name

    def finish(self) -> None:
        """Take away what is of another, and wait until every changed folder is on the disk."""
        for name in self._left:
            (self.folder / name).unlink()
            self._changed.add(name.rpartition("/")[0])
        tables = {folder.partition("/")[0] for folder in self._used}
        for folder in self._folders - self._used:
            (self.folder / folder).rmdir()
            self._changed.add(folder)
        for path in self.folder.iterdir():
            if path.is_dir() and path.name not in tables:
                path.rmdir()
        changed = self._changed & self._used
        changed |= tables & {folder.partition("/")[0] for folder in self._changed}
        for folder in sorted(changed, reverse=True):
            sync(self.folder / folder)
        sync(self.folder)


def begin(warehouse: Path, name: str, now: float) -> Tree:
    """Return the folder that becomes the snapshot of this name; to be called under the lock.

    One that would go when that one has come leaves ``snapshots`` for it, as a whole.
    """
    folder = warehouse / "staging" / name
    if superseded := _superseded(warehouse, now, coming=1):
        superseded[0].rename(folder)
        sync(warehouse / "snapshots")
        sync(warehouse / "staging")
    else:
        folder.mkdir()
    return Tree(folder)


@contextmanager
def locked(warehouse: Path, wait_seconds: float) -> Iterator[None]:
    """Hold the warehouse alone; Refusal where another landing holds it that long."""
    busy = refusal("warehouse.warehouse_busy", warehouse=warehouse)
    with files.locked(warehouse / LOCK, wait_seconds, busy):
        yield


def is_snapshot_name(name: str) -> bool:
    """Return whether a folder of this name is a snapshot."""
    return _SNAPSHOT_NAME.fullmatch(name) is not None


def _snapshots(warehouse: Path) -> list[Path]:
    folder = warehouse / "snapshots"
    if not folder.is_dir():
        return []
    return [path for path in folder.iterdir() if _SNAPSHOT_NAME.fullmatch(path.name)]


def _landed_snapshots(warehouse: Path) -> list[Path]:
    return [path for path in _snapshots(warehouse) if path.name != EMPTY]


def _number(name: str) -> int:
    return int(name.split("-", maxsplit=1)[0])


def _retire(warehouse: Path, snapshot: Path) -> None:
    """Take a snapshot away whole: out of ``snapshots`` first, so that no half of it stays there."""
    gone = warehouse / "staging" / f"gone-{secrets.token_hex(4)}"
    snapshot.rename(gone)
    _remove(gone)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
