"""What another process does in the tests of files: put a file or a folder in place, and die."""

from __future__ import annotations

from pathlib import Path

from common.files import replacing, replacing_folder
from tests.support.kills import die_at

#: The files of a folder that is made.
PARTS = ("index.html", "pages/one.html")


def make_file(path: Path, text: str, step: int | None) -> None:
    if step is not None:
        die_at(step)
    with replacing(path) as new:
        new.write_text(text)


def make_folder(path: Path, text: str, step: int | None) -> None:
    if step is not None:
        die_at(step)
    with replacing_folder(path) as new:
        (new / "pages").mkdir()
        for name in PARTS:
            (new / name).write_text(text)
