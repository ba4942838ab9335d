"""File names made of names that stand in documents: no path, nothing a file system refuses.

A lock on a file that the system lets go of when its holder is killed.
"""

from __future__ import annotations

import fcntl
import hashlib
import re
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from common.refusal import Refusal

_UNSAFE = re.compile(r"[^\w（）()·、〔〕 -]+")
_MOST_BYTES = 120
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)


def safe_name(text: str) -> str:
    """Return the text as one part of a path, the same for the same text and for no other.

    A text of letters, digits, Chinese characters and brackets stays as it is. Any other loses what
    is unsafe (separators, dots, signs) and gets six digits of its hash, so that no two meet.
    """
    kept = unicodedata.normalize("NFC", text)
    kept = _UNSAFE.sub("_", kept).strip(" _")
    while len(kept.encode()) > _MOST_BYTES:
        kept = kept[:-1]
    if kept and kept == text and not _DEVICES.match(kept):
        return kept
    return f"{kept.rstrip()}-{hashlib.sha256(text.encode()).hexdigest()[:6]}".lstrip("-")


_POLL = 0.05

PROJECT = Path(__file__).resolve().parent.parent
"""The folder that holds this code; the project's, where it runs from a checkout."""


@contextmanager
def held(path: Path, wait_seconds: float, busy: Refusal) -> Iterator[None]:
    """Hold a file alone; ``busy`` is raised where another program holds it for so long."""
    deadline = time.monotonic() + wait_seconds
    with path.open("a") as file:
        while not _taken(file.fileno()):
            if time.monotonic() >= deadline:
                raise busy
            time.sleep(_POLL)
        yield


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
