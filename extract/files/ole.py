"""The directory of an OLE file: .doc, .xls and what offices encrypt."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlrd.compdoc import CompDoc


def directory_of(data: bytes) -> CompDoc | None:
    """Return the directory of an OLE file's streams; None where it is damaged.

    Damaged bytes can make xlrd ask for all memory: to be called within the bounded process only.
    """
    from xlrd.compdoc import CompDoc

    try:
        return CompDoc(data, logfile=io.StringIO())
    except Exception:  # noqa: BLE001 - damaged bytes raise anything there, MemoryError too
        return None
