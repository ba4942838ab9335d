"""What a font's table says its codes stand for, read quickly where it is written as usual."""

from __future__ import annotations

import re
import struct
from contextlib import suppress

from pdfminer.cmapdb import FileUnicodeMap
from pdfminer.encodingdb import name2unicode
from pdfminer.utils import nunpack

MOST_COUNTED = 0x110000
"""No range of codes has more characters than there are."""
_HEX = rb"<(?:[0-9A-Fa-f]{2})*+>"
_VALUE = rb"(?:/[\w.+-]++|\d++|\([\w .+-]*\))"
_PAIRS = rb"<<(?:\s*/\w++\s*" + _VALUE + rb")*+\s*>>"
_HEAD = (
    rb"(?:\s*+(?:/CIDInit|/ProcSet|findresource|begincmap|begin|dict|dup|\d++|/[\w.+-]++\s*(?:"
    + _VALUE
    + rb"|"
    + _PAIRS
    + rb")\s*def|begincodespacerange(?:\s*"
    + _HEX
    + rb")*+\s*endcodespacerange)(?![\w.+-]))*+"
)
_ONES = rb"beginbfchar((?:\s*" + _HEX + rb"\s*" + _HEX + rb")*+)\s*endbfchar"
_LIST = rb"\[(?:\s*" + _HEX + rb")*+\s*\]"
_RANGE = rb"\s*" + _HEX + rb"\s*" + _HEX + rb"\s*(?:" + _HEX + rb"|" + _LIST + rb")"
_RANGES = rb"beginbfrange((?:" + _RANGE + rb")*+)\s*endbfrange"
_TABLE = re.compile(rb"\s*+(?:\d+\s+)?(?:" + _ONES + rb"|" + _RANGES + rb")(?!\w)")
_BEGIN = re.compile(_HEAD)
_END = re.compile(rb"\s*endcmap(?:\s+(?:CMapName|currentdict|/CMap|defineresource|pop|end))*+\s*")
_ITEM = re.compile(_HEX + rb"|" + _LIST)
_CODE = re.compile(_HEX)

_REMARK = re.compile(rb"%[^\r\n]*")
_PUT = re.compile(
    rb"(?<![\w.+-])(\d{1,9})(?:\s+[A-Za-z]\w*)*\s*/([^#/%\[\]()<>{}\s\x00]+)\s+put(?!\w)"
)


def encoding(header: bytes) -> dict[int, str] | None:
    """Return the characters that the head of a Type 1 font names; None where it is unusual."""
    plain = _REMARK.sub(b"", header)
    found: dict[int, str] = {}
    puts = _PUT.findall(plain)
    if len(puts) != plain.count(b"put") or b"<<" in plain or b"\\" in plain:
        return None
    for code, name in puts:
        with suppress(KeyError, UnicodeDecodeError):
            found[int(code)] = name2unicode(name.decode("utf-8"))
    return found


def claims(table: bytes) -> FileUnicodeMap | None:
    """Return the characters that codes stand for; None where the table is not written as usual."""
    found = FileUnicodeMap()
    head = _BEGIN.match(table)
    place = head.end() if head else 0
    while match := _TABLE.match(table, place):
        ones, ranges = match.group(1, 2)
        try:
            _add_ones(found, ones) if ones is not None else _add_ranges(found, ranges)
        except (ValueError, struct.error):
            return None
        place = match.end()
    return found if _END.fullmatch(table, place) else None


def _add_ones(found: FileUnicodeMap, ones: bytes) -> None:
    codes = [_bytes(each) for each in _CODE.findall(ones)]
    for code, text in zip(codes[::2], codes[1::2], strict=True):
        found.add_cid2unichr(nunpack(code), text)


def _add_ranges(found: FileUnicodeMap, ranges: bytes) -> None:
    items = _ITEM.findall(ranges)
    for first, last, text in zip(items[::3], items[1::3], items[2::3], strict=True):
        if len(first) != len(last):
            continue  # as pdfminer does
        start, end = nunpack(_bytes(first)), nunpack(_bytes(last))
        if text[:1] == b"[":
            texts = [_bytes(each) for each in _CODE.findall(text)]
        else:
            texts = list(_counted(_bytes(text), end - start + 1))
        for code, each in zip(range(start, end + 1), texts, strict=False):
            found.add_cid2unichr(code, each)


def _counted(text: bytes, count: int) -> list[bytes]:
    """Return a text and those that follow it when its last four bytes are counted on."""
    if not text or count > MOST_COUNTED:
        raise ValueError
    head, tail = text[:-4], text[-4:]
    first = nunpack(tail)
    return [head + struct.pack(">L", first + index)[-len(tail) :] for index in range(count)]


def _bytes(written: bytes) -> bytes:
    return bytes.fromhex(written[1:-1].decode("ascii"))
