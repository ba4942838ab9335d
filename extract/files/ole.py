"""The directory of an OLE file: .doc, .xls and what offices encrypt."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlrd.compdoc import CompDoc

SIGN = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""What an OLE file begins with."""
_STREAM = 2


def directory_of(data: bytes) -> CompDoc | None:
    """Return the directory of an OLE file's streams; None where it is damaged.

    Damaged bytes can make xlrd ask for all memory: to be called within the bounded process only.
    """
    from xlrd.compdoc import CompDoc

    try:
        return CompDoc(data, logfile=io.StringIO())
    except Exception:  # noqa: BLE001 - damaged bytes raise anything there, MemoryError too
        return None


def stream_of(data: bytes, names: tuple[str, ...]) -> bytes | None:
    """Return the first stream of an OLE file with one of the names, in small letters; else None.

    None too where the file is damaged: the sectors of a short stream may run in a circle, in which
    the library would turn for ever.
    """
    directory = directory_of(data)
    for entry in directory.dirlist if directory is not None else ():
        if directory is not None and entry.name.lower() in names and entry.etype == _STREAM:
            short = entry.tot_size < directory.min_size_std_stream
            if short and not _ends(entry.first_SID, directory.SSAT):
                return None
            try:
                found, start, size = directory.locate_named_stream(entry.name)
            except Exception:  # noqa: BLE001 - damaged bytes raise anything there
                return None
            return bytes(found[start : start + size]) if found is not None else None
    return None


def _ends(sector: int, following: Sequence[int]) -> bool:
    """Say whether a chain of sectors comes to an end."""
    for _ in range(len(following) + 1):
        if not 0 <= sector < len(following):
            return True
        sector = following[sector]
    return False
