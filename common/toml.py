"""Reading TOML that people write: whatever stands in the file, it is content or a reason.

A byte order mark, as Notepad writes it, is taken. What no such file needs and what would hold up or
bring down a reader is refused: keys of hundreds of parts, deep nesting, numbers without bound.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

MOST_BYTES = 4_000_000
MOST_DEEP = 32
_MOST_INTEGER = 2**63

# Comments and strings, one that is not closed up to its line's or the file's end.
_OPAQUE = re.compile(
    r'#[^\n]*|"""(?:\\.|[^\\])*?(?:"""|\Z)|\'\'\'.*?(?:\'\'\'|\Z)|"(?:\\.|[^"\\\n])*+"?|\'[^\'\n]*+\'?',
    re.DOTALL,
)
_BETWEEN_KEYS = re.compile(r"[^\w\-. \t]+")


class NotTomlError(ValueError):
    """The reason why a file is not taken, in a few words of English."""


def read_toml(path: Path) -> dict[str, object]:
    """Return the content of a file as :func:`parse_toml` does; no more of it is read than that."""
    with path.open("rb") as file:
        return parse_toml(file.read(MOST_BYTES + 1))


def parse_toml(content: bytes) -> dict[str, object]:
    """Return the content of a file; NotTomlError where it is not TOML, or more than one needs."""
    if len(content) > MOST_BYTES:
        raise NotTomlError(f"larger than {MOST_BYTES} bytes")
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise NotTomlError(f"not UTF-8: {error}") from error
    keys = _BETWEEN_KEYS.split(_OPAQUE.sub("x", text))
    if any(key.count(".") > MOST_DEEP for key in keys):
        raise NotTomlError(f"a key of more than {MOST_DEEP} parts")
    try:
        parsed = tomllib.loads(text)
    except RecursionError as error:
        raise NotTomlError(f"nested more than {MOST_DEEP} deep") from error
    except ValueError as error:  # a number of thousands of digits is no TOMLDecodeError
        raise NotTomlError(str(error)) from error
    _check(parsed)
    return parsed


def _check(parsed: dict[str, object]) -> None:
    """Refuse what is nested too deep, and numbers that nothing can print."""
    level: list[object] = [parsed]
    for _ in range(MOST_DEEP):
        below: list[object] = []
        for value in level:
            if isinstance(value, dict):
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
            elif isinstance(value, int) and not -_MOST_INTEGER <= value < _MOST_INTEGER:
                raise NotTomlError("a number of more than 64 bits")
        level = below
    if level:
        raise NotTomlError(f"nested more than {MOST_DEEP} deep")
