"""Looks at a PDF file's bytes before any library does: whole, and no bomb."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from common.refusal import Refusal

HEADER_WITHIN = 1024
END_WITHIN = 8192
LARGEST_STREAM = 256 * 2**20
LARGEST_TOTAL = 1024 * 2**20
CHUNK = 2**20
DICTIONARY = 2048
"""A stream's dictionary is looked for in so many bytes before it."""

_STREAM = re.compile(rb"(?<!end)stream\r?\n")
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
        raise Refusal(
            "empty_file",
            f"{path.name} is empty",
            f"文件《{path.name}》是空的（0 字节）。请重新下载或重新索取后再导入。",
        )
    if b"%PDF-" not in data[:HEADER_WITHIN]:
        raise Refusal(
            "not_a_pdf",
            f"{path.name} does not begin as a PDF does",
            f"文件《{path.name}》不是 PDF（开头没有 PDF 标志）。请确认导入的是通知的 PDF 原件。",
        )
    if b"%%EOF" not in data[-END_WITHIN:]:
        raise Refusal(
            "truncated_pdf",
            f"{path.name} has no end: it was cut off",
            f"文件《{path.name}》不完整：找不到 PDF 的结尾，可能没有下载完。"
            "请重新下载或重新索取后再导入。",
        )
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
            raise Refusal(
                "decompression_bomb",
                f"{path.name} unpacks to more than {LARGEST_STREAM} bytes in one stream",
                f"文件《{path.name}》解压后的数据量异常巨大，可能是恶意文件，没有读取。"
                "请向发文单位重新索取。",
            )
    return broken


def _flate_streams(data: bytes) -> Iterator[bytes]:
    """Yield the packed bytes of each compressed stream that is no picture."""
    for start in _STREAM.finditer(data):
        begin = start.end()
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
