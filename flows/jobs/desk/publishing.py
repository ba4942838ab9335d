"""The folder that the desk publishes to: where the officer wishes, remembered with the outputs."""

from __future__ import annotations

from pathlib import Path

from common import toml
from common.files import write_atomically
from common.refusal import refusal
from warehouse.snapshots import warehouse_of

_FILE, _KEY, _USUAL = "desk.toml", "report", "report"
_LONGEST = 1000


def published_to(out: Path) -> Path:
    """Return the folder that was published to last, else the usual one."""
    try:
        kept = toml.read_toml(out / _FILE).get(_KEY)
    except (OSError, toml.NotTomlError):
        kept = None
    return Path(kept) if isinstance(kept, str) and _is_place(kept) else out / _USUAL


def place_named(text: str, out: Path, kept_from: Path) -> Path:
    """Return the folder that is named.

    Raises Refusal where it is no place to publish to: not named, relative to nothing that the
    officer sees or leading upwards, in the warehouse, or among the raw data.
    """
    name = text.strip()
    if not name:
        raise refusal("flows.desk_folder.none", usual=published_to(out).absolute())
    folder = Path(name) if _is_place(name) else Path()
    if not folder.is_absolute():
        raise refusal("flows.desk_folder.relative", found=name[:200])
    if ".." in folder.parts:
        raise refusal("flows.desk_folder.upwards", found=name[:200], meant=folder.resolve())
    if (warehouse := warehouse_of(folder)) is not None:
        raise refusal("flows.into_warehouse", path=folder, warehouse=warehouse)
    if folder.resolve().is_relative_to(kept_from.resolve()):
        raise refusal("flows.desk_folder_of_raw", found=folder)
    return folder


def remember(out: Path, folder: Path) -> None:
    """Keep the folder for the next time, as the officer named it."""
    import tomlkit

    if folder != published_to(out):
        out.mkdir(parents=True, exist_ok=True)
        write_atomically(out / _FILE, tomlkit.dumps({_KEY: str(folder)}).encode())


def _is_place(name: str) -> bool:
    return len(name) <= _LONGEST and name.isprintable()
