"""Pictures of pages: one in a file, several in a .tif, or the files of a folder in their order."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from common.files import sha256_of, sha256_of_bytes
from common.numbers import chinese

SIGNS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM", b"II*\x00", b"MM\x00*")
"""What .png, .jpg, .bmp and .tif begin with."""
_NO_PAGES = (".", "~$", "README")
_NUMERAL = re.compile(r"([0-9０-９]+|[零〇一二两三四五六七八九十百千]+|[①-⑳])")
_PLACES = {sign: str(value % 10) for value, sign in enumerate("零一二三四五六七八九〇")}


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


def _natural(file: Path) -> tuple[list[tuple[int, float | str]], str]:
    """Return a key by which page2 comes before page10, and 第二页 before 第十页."""
    parts = filter(None, _NUMERAL.split(file.name.casefold()))
    return [(1, part) if (n := _number(part)) is None else (0, n) for part in parts], file.name


def _number(part: str) -> float | None:
    """Return the number that a part of a name is, in digits of any kind; None for others."""
    if part.isdecimal():
        return float(part)
    if "①" <= part <= "⑳":
        return unicodedata.numeric(part)
    if len(part) > 1 and set(part) <= _PLACES.keys():
        return float("".join(map(_PLACES.__getitem__, part)))
    return chinese(part)


def document_sha256(path: Path) -> str:
    """Return the SHA-256 of a document's file; of several pages that of their hashes in order."""
    if not path.is_dir():
        return sha256_of(path)
    return sha256_of_bytes("\n".join(map(sha256_of, pages_of(path))).encode())
