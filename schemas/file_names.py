"""File names made of names that stand in documents: no path, nothing a file system refuses."""

from __future__ import annotations

import hashlib
import re
import unicodedata

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
