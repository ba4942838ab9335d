"""Pictures of pages: one in a file, several in a .tif, or the files of a folder in their order."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from common.files import sha256_of

SIGNS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM", b"II*\x00", b"MM\x00*")
"""What .png, .jpg, .bmp and .tif begin with."""
_NO_PAGES = (".", "~$", "README")
_DIGITS = re.compile(r"([0-9]+)")


def pages_of(path: Path) -> tuple[Path, ...]:
    """Return the files of a document of pictures: a file itself, a folder's in natural order.

    () for a folder that holds anything else than pictures, notes on them (.toml) and READMEs.
    """
    if not path.is_dir():
        return (path,)
    files = [file for file in path.iterdir() if _may_be_page(file)]
    return tuple(sorted(files, key=_natural)) if all(map(is_picture, files)) else ()


def _may_be_page(file: Path) -> bool:
    return file.is_file() and not file.name.startswith(_NO_PAGES) and file.suffix != ".toml"


def is_picture(file: Path) -> bool:
    """Say whether a file begins as a picture does."""
    with file.open("rb") as stream:
        return stream.read(8).startswith(SIGNS)


def _natural(file: Path) -> tuple[list[tuple[int, int | str]], str]:
    """Return a key by which page2 comes before page10."""
    parts = _DIGITS.split(file.name.casefold())
    return [(0, int(p)) if p.isdecimal() else (1, p) for p in parts if p], file.name


def document_sha256(path: Path) -> str:
    """Return the SHA-256 of a document's file; of several pages that of their hashes in order."""
    if not path.is_dir():
        return sha256_of(path)
    return hashlib.sha256("\n".join(map(sha256_of, pages_of(path))).encode()).hexdigest()
