"""Where deployed flows work: in folders that their process was started with.

No parameter of a run names a folder: who may start a run on a server could otherwise let it read
and write anywhere. What a parameter names lies within one of these folders, or is refused.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from pathlib import Path

from common.names import path_from
from common.refusal import refusal

#: The folder in ``raw/inbox`` of what was refused, each file with its reason beside it.
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders of one city, each with its usual place."""

    warehouse: Path = Path("warehouse/tables")
    raw: Path = Path("raw")
    out: Path = Path("out/report")
    replies: Path = Path("out/replies")

    def as_environment(self) -> dict[str, str]:
        """Return the environment with which a process works in these folders."""
        return {
            _variable(field.name): str(getattr(self, field.name).absolute())
            for field in fields(self)
        }


def of_process() -> Folders:
    """Return the folders that the environment names."""
    named = {field.name: os.environ.get(_variable(field.name)) for field in fields(Folders)}
    return Folders(**{name: Path(place) for name, place in named.items() if place})


def _variable(name: str) -> str:
    return f"KAOHE_{name.upper()}"


def within(folder: Path, name: str) -> Path:
    """Return what a run's parameter names in a folder; Refusal where it lies elsewhere."""
    path = folder / path_from(name)
    if "\0" in name or not path.resolve().is_relative_to(folder.resolve()):
        raise refusal("flows.not_within", name=name, folder=folder)
    return path
