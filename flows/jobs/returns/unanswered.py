"""Returns on their way: noted before they are filed, struck off when they are answered.

What a run leaves noted that was killed or failed in between, the next one brings to its end.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from common.files import sha256_of_bytes, write_atomically

STAGING = ".receiving"
FOLDER = "unanswered"


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A filed return whose rows may not be landed or whose reply may not be written.

    ``note`` says so as long as it is there; ``name`` is the file's as it was handed in; ``dated``:
    a person has set its day right; ``problem``: why the last run could not do it, in Chinese.
    """

    note: Path
    path: Path
    name: str
    dated: bool = False
    problem: str | None = None

    @property
    def received_on(self) -> date:
        """The day it was received, from its filed name."""
        return date.fromisoformat(self.path.name[:10])


def note_of(path: Path) -> Path:
    """Return where it is noted that a filed return is not answered yet."""
    root = path.parent.parent.parent
    digest = sha256_of_bytes("/".join(path.parts[-3:]).encode())
    return root / STAGING / FOLDER / f"{digest[:16]}.json"


def note(path: Path, name: str, *, dated: bool = False) -> Path:
    """Note, before a return is filed as ``path``, that it is to be landed and answered."""
    place = note_of(path)
    content = {"filed": "/".join(path.parts[-3:]), "name": name, "dated": dated}
    text = json.dumps(content, ensure_ascii=False)
    write_atomically(place, text.encode("utf-8", "backslashreplace"))
    return place


def note_problem(place: Path, problem: str) -> None:
    """Keep with a note why a run could not bring its return to its end."""
    if place.is_file():
        content = json.loads(place.read_text(encoding="utf-8")) | {"problem": problem}
        text = json.dumps(content, ensure_ascii=False)
        write_atomically(place, text.encode("utf-8", "backslashreplace"))


def unanswered(root: Path, *, strike_off: bool = True) -> Iterator[Unanswered]:
    """Yield what is noted in ``root``, the folder of returns; what was not filed is struck off."""
    for place in sorted((root / STAGING / FOLDER).glob("*.json")):
        content = json.loads(place.read_text(encoding="utf-8"))
        path = root / content["filed"]
        if path.is_file():
            dated, problem = content.get("dated", False), content.get("problem")
            yield Unanswered(place, path, content["name"], dated, problem)
        elif strike_off:
            place.unlink()
