"""Looks at a PDF file's bytes before any library does: whole, and no bomb."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from common.refusal import refusal

HEADER_WITHIN = 1024
END_WITHIN = 8192
LARGEST_STREAM = 256 * 2**20
LARGEST_TOTAL = 1024 * 2**20
CHUNK = 2**20
DICTIONARY = 2048
"""A stream's dictionary is looked for in this many bytes before it."""

_STREAM = re.compile(rb"stream\r?\n")  # with nothing before it, it is looked for quickly
_FLATE = re.compile(rb"/Fl(?:ateDecode)?\b")
_IMAGE = re.compile(rb"/Subtype\s*/Image")


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What the bytes tell: ``broken_streams`` compressed pieces do not unpack to their end."""

    broken_streams: int


def check_file(path: Path) -> FileCheck:
    """Check a PDF's bytes; raise Refusal for a file that is empty, no PDF, cut off or a bomb."""
    data = path.read_bytes()
    if not data:
        raise refusal("extract.empty_file.pdf", file=path.name)
    if b"%PDF-" not in data[:HEADER_WITHIN]:
        raise refusal("extract.not_a_pdf", file=path.name)
    if b"%%EOF" not in data[-END_WITHIN:]:
        raise refusal("extract.truncated_pdf", file=path.name)
    return FileCheck(_count_broken(path, data))


def _count_broken(path: Path, data: bytes) -> int:
    """Unpack every compressed stream without keeping it; refuse what swells beyond measure."""
    if b"/Encrypt" in data:  # what is encrypted cannot be unpacked yet
        return 0
    total = broken = 0
    for packed in _flate_streams(data):
        size, whole = _unpacked_size(packed)
        total += size
        broken += not whole
        if size > LARGEST_STREAM or total > LARGEST_TOTAL:
            raise refusal("extract.decompression_bomb", file=path.name, most=LARGEST_STREAM)
    return broken


def _flate_streams(data: bytes) -> Iterator[bytes]:
    """Yield the packed bytes of each compressed stream that is no picture."""
    for start in _STREAM.finditer(data):
        begin = start.end()
        if data.endswith(b"end", 0, start.start()):
            continue
        head = data[max(0, start.start() - DICTIONARY) : start.start()]
        head = head[head.rfind(b" obj") :] if b" obj" in head else head
        if not _FLATE.search(head) or _IMAGE.search(head):
            continue
        end = data.find(b"endstream", begin)
        packed = data[begin : end if end >= 0 else len(data)]
        yield _from_ascii85(packed) if b"/ASCII85Decode" in head or b"/A85" in head else packed


def _from_ascii85(packed: bytes) -> bytes:
    try:
        return base64.a85decode(packed.strip().removesuffix(b"~>"))
    except (ValueError, binascii.Error):
        return packed


def _unpacked_size(packed: bytes) -> tuple[int, bool]:
    """Return how many bytes a stream unpacks to (at most a little over the limit), if whole."""
    unpacker = zlib.decompressobj()
    size = 0
    rest = packed
    while rest and not unpacker.eof and size <= LARGEST_STREAM:
        try:
            size += len(unpacker.decompress(rest, CHUNK))
        except zlib.error:
            return size, False
        rest = unpacker.unconsumed_tail
    # Some programs leave out the closing checksum: only data that breaks off counts as broken.
    return size, unpacker.eof or size > 0
