"""OFD packages damaged in every way: bytes, tags, numbers, parts, and the zip around them."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Mapping

_NUMBERS = ("nan", "inf", "-1", "0", "1e308", "99999999999", "x", "", "1 2")
_VALUES = (
    "",
    "../../../etc/passwd",
    "g 5",
    "g g g",
    "g -3 2",
    "true",
    "0 0 0 0 0 0",
    "一",
    "C C L",
)
_NAMES = ("X", "CTM", "Boundary", "Size", "DrawParam", "Visible", "ResourceID")
_NUMBER = re.compile(rb"-?\d+\.?\d*")
_TAG = re.compile(rb"<[^<>]+>")
_ELEMENT = re.compile(rb"<ofd:\w+[^<>]*/>|<ofd:\w+[^<>]*>[^<>]*</ofd:\w+>")
_VALUE = re.compile(rb'(?<=")[^"<>]*(?=")')
_NAME = re.compile(rb'\w+(?==")')


def mutated(parts: Mapping[str, bytes], seed: int) -> bytes:
    """Return a damaged package of these parts; the same seed gives the same damage."""
    rng = random.Random(seed)
    changed = dict(parts)
    for _ in range(rng.choice((1, 1, 2, 4))):
        _damage(changed, rng)
    with io.BytesIO() as out:
        with zipfile.ZipFile(out, "w") as package:
            for name, content in changed.items():
                package.writestr(name, content)
        data = bytearray(out.getvalue())
    if rng.random() < 0.15:
        for _ in range(rng.randrange(1, 5)):
            data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data if rng.random() > 0.05 else data[: rng.randrange(len(data))])


def _damage(parts: dict[str, bytes], rng: random.Random) -> None:
    name = rng.choice(list(parts))
    content = parts[name]
    match rng.randrange(9):
        case 0:
            at = rng.randrange(len(content) + 1)
            parts[name] = content[:at] + bytes([rng.randrange(256)]) + content[at + 1 :]
        case 1:
            parts[name] = content[: rng.randrange(len(content) + 1)]
        case 2:
            parts[name] = _other(content, _NUMBER, rng.choice(_NUMBERS), rng)
        case 3:
            parts[name] = _other(content, _TAG, "", rng)
        case 4:
            parts[name] = _many(content, rng.choice((0, 2, 40)), rng)
        case 5:
            parts[name] = _other(content, _VALUE, rng.choice(_VALUES), rng)
        case 6:
            parts[name] = _other(content, _NAME, rng.choice(_NAMES), rng)
        case 7:
            parts[name] = parts[rng.choice(list(parts))]
        case _:
            if len(parts) > 1:
                del parts[name]


def _other(content: bytes, found: re.Pattern[bytes], new: str, rng: random.Random) -> bytes:
    places = list(found.finditer(content))
    if not places:
        return content
    place = rng.choice(places)
    return content[: place.start()] + new.encode() + content[place.end() :]


def _many(content: bytes, times: int, rng: random.Random) -> bytes:
    places = list(_ELEMENT.finditer(content))
    if not places:
        return content
    place = rng.choice(places)
    return content[: place.start()] + place.group() * times + content[place.end() :]
