"""Files as disks, networks, other programs and bad people leave them: mutated from one seed.

A package is mutated within one of its parts, for else its checksums alone would refuse it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from random import Random

_NUMBERS = (b"0", b"-1", b"1", b"255", b"65536", b"2147483648", b"99999999999", b"1e308", b"NaN")
_WORDS = (
    b"\x00",
    b"\xff" * 8,
    b"\x00\x00\x00\x80",
    b"\xff\xff\xff\x7f",
    b"<",
    b"}",
    b"{\\",
    b"&#0;",
)
_PACKED = (b"PK\x03\x04",)
_MOST_BYTES = 40


def mutated(data: bytes, random: Random, url: str = "") -> tuple[bytes, str]:
    """Return a file's bytes with one to four things done to them, and what was done.

    ``url`` is an address that nothing may ask; it is put where such things stand.
    """
    if data.startswith(_PACKED) and random.random() < 0.9:
        return _package(data, random, url)
    done = []
    for _ in range(random.choice((1, 1, 2, 4))):
        way = random.choice(WAYS)
        data = way(data, random, url)
        done.append(way.__name__)
    return data, ", ".join(done)


def _package(data: bytes, random: Random, url: str) -> tuple[bytes, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {entry.filename: package.read(entry) for entry in package.infolist()}
    name = random.choice(sorted(parts))
    way = random.randrange(12)
    if way == 0:
        del parts[name]
        done = "lost"
    elif way == 1:
        parts[name] = parts[random.choice(sorted(parts))]
        done = "exchanged"
    else:
        inner = parts[name]
        for _ in range(random.choice((1, 1, 2, 4))):
            inner = random.choice(WAYS)(inner, random, url)
        parts[name], done = inner, "mutated"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for each, content in parts.items():
            how = zipfile.ZIP_STORED if each == "mimetype" else zipfile.ZIP_DEFLATED
            package.writestr(each, content, how)
    return out.getvalue(), f"{name} {done}"


def flipped(data: bytes, random: Random, url: str) -> bytes:
    """Flip some bits anywhere."""
    changed = bytearray(data)
    for _ in range(random.randrange(1, _MOST_BYTES) if changed else 0):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def flipped_in_the_head(data: bytes, random: Random, url: str) -> bytes:
    """Flip bits where a file says what it is."""
    return flipped(data[:600], random, url) + data[600:]


def overwritten(data: bytes, random: Random, url: str) -> bytes:
    """Write extreme numbers, or signs that open and close, over some places."""
    for _ in range(random.choice((1, 1, 3, 9))):
        word, at = random.choice(_WORDS), random.randrange(len(data) + 1)
        data = data[:at] + word + data[at + len(word) :]
    return data


def emptied(data: bytes, random: Random, url: str) -> bytes:
    """Fill a part with zeros, as a disk does that lost a block."""
    at, length = random.randrange(len(data) + 1), random.choice((16, 512, 4096))
    return data[:at] + bytes(min(length, len(data) - at)) + data[at + length :]


def cut_off(data: bytes, random: Random, url: str) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def piece_lost(data: bytes, random: Random, url: str) -> bytes:
    at, length = random.randrange(len(data) + 1), random.choice((1, 3, 64, 2000))
    return data[:at] + data[at + length :]


def piece_repeated(data: bytes, random: Random, url: str) -> bytes:
    at, length = random.randrange(len(data) + 1), random.choice((3, 64, 2000))
    return data[:at] + data[at : at + length] * random.choice((2, 2, 40)) + data[at + length :]


def pieces_exchanged(data: bytes, random: Random, url: str) -> bytes:
    places = sorted(random.randrange(len(data) + 1) for _ in range(4))
    a, b, c, d = places
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def numbers_changed(data: bytes, random: Random, url: str) -> bytes:
    """Exchange some written numbers for extreme ones."""
    share = random.choice((0.002, 0.02, 0.3))
    return re.sub(
        rb"-?[0-9]+(?:\.[0-9]+)?",
        lambda match: random.choice(_NUMBERS) if random.random() < share else match[0],
        data,
    )


def tags_lost(data: bytes, random: Random, url: str) -> bytes:
    """Lose some marks of markup: tags of XML, control words of RTF."""
    share = random.choice((0.002, 0.02, 0.2))
    return re.sub(
        rb"<[^<>]{1,200}>|\\[a-z]+-?[0-9]*|[{}]",
        lambda match: b"" if random.random() < share else match[0],
        data,
    )


def nested(data: bytes, random: Random, url: str) -> bytes:
    """Put a mark within itself many times."""
    marks = re.findall(rb"<[a-zA-Z][^<>/]{1,80}>|\{\\[a-z]+", data[:200_000])
    if not marks:
        return piece_repeated(data, random, url)
    mark = random.choice(marks)
    return data.replace(mark, mark * random.choice((2, 300, 20_000)), 1)


def pointing_outside(data: bytes, random: Random, url: str) -> bytes:
    """Let a text, or what is drawn, come from elsewhere."""
    there = (url or "http://127.0.0.1:9/x").encode()
    field = b"{\\field{\\*\\fldinst INCLUDEPICTURE " + there + b"}}\\par"
    entity = b'<!DOCTYPE a [<!ENTITY b SYSTEM "' + there + b'">]>'
    section = b'<text:section-source xlink:href="' + there + b'"/><text:p'
    ways = (
        lambda: re.sub(rb'((?:href|src|Loc|Target)=")[^"]*', rb"\1" + there, data, count=9),
        lambda: data.replace(b"\\par", field, 3),
        lambda: re.sub(rb"(<\?xml[^>]*>)", rb"\1" + entity, data),
        lambda: re.sub(rb">([^<]{1,40})<", rb">&b;\1<", data, count=1),
        lambda: data.replace(b"<text:p", section, 1),
    )
    return random.choice(ways)()


WAYS: tuple[Callable[[bytes, Random, str], bytes], ...] = (
    flipped, flipped_in_the_head, overwritten, emptied, cut_off, piece_lost, piece_repeated,
    pieces_exchanged, numbers_changed, tags_lost, nested, pointing_outside,
)  # fmt: skip
