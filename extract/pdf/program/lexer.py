"""Cuts a page's program into operations: much quicker than a parser that looks at each letter.

Only what programs that print write is understood: each operation with just the operands that it
takes, in their usual form. A program with anything else is not cut at all (None), and the caller
has it read by a parser that knows every form and every damage.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from pdfminer.pdfinterp import PDFContentParser
from pdfminer.pdftypes import PDFStream
from pdfminer.psexceptions import PSException
from pdfminer.psparser import LIT, PSLiteral

Operation = tuple[str, tuple[Any, ...]]
"""An operator's name and its operands: numbers as float, names, strings and lists as pdfminer's."""

_NUMBER = rb"[-+]?(?:\d{1,15}+(?:\.\d{0,15}+)?|\.\d{1,15}+)"
_NAME = rb"/([^#/%\[\]()<>{}\s\x00]++)"
_HEX = rb"<[0-9A-Fa-f\s]*+>"
JOINT = b"\f"
"""Stands between the parts of a program: a space that must not be in a string."""
_IN_STRING = rb"[^()\\]++|\\[^\r]"
_STRING = rb"\((?:" + _IN_STRING + rb"|\((?:" + _IN_STRING + rb")*+\))*+\)"
_TEXT = rb"(?:" + _HEX + rb"|" + _STRING + rb")"
_NUMBERS = rb"((?:[-+.\d]{1,18}+\s++)*+)"
"""What may be numbers: read as such, or the program is not read."""
_END = rb"(?![^\s\[(</])"
"""An operator ends here: pdfminer takes other letters, signs and numbers for a part of its name."""
_ENDS = rb"(?:ET|BX|EX)"
_WITHOUT_SIGHT = rb"(?:" + _NUMBER + rb"\s+[JjMi]|" + _ENDS + rb")"
"""What changes nothing that a table is read by: how lines end, and so on."""
_OPERATION = re.compile(
    rb"\s*+(?:"
    + _ENDS
    + rb"(?:\s++|\Z))*+(?:"
    + _NUMBERS
    + rb"(?:([A-Za-z]{1,3}+\*?)"  # 1, 2: numbers, operator
    + rb"|"
    + _NAME
    + rb"\s+([sS][cC][nN]?)"  # 3, 4: a pattern's name, operator
    + rb")"
    + _END
    + rb"|"
    + _NAME
    + rb"\s+("
    + _NUMBER
    + rb")\s+(Tf)"  # 5, 6, 7: font, size
    + _END
    + rb"|("
    + _TEXT
    + rb")\s*(Tj)"  # 8, 9
    + _END
    + rb"|\[((?:\s*(?:"
    + _NUMBER
    + rb"(?=[\s<(\]])|"
    + _TEXT
    + rb"))*+)\s*\]\s*(TJ)"  # 10, 11
    + _END
    + rb"|"
    + _NAME
    + rb"\s*("
    + _NAME
    + rb"|<<(?:[^<>()\[\]{}%#\x00]++|"
    + _TEXT
    + rb")*+>>)\s*(BDC)"  # 12, 13, (14), 15
    + _END
    + rb"|"
    + _NAME
    + rb"\s+(gs|cs|CS|Do|BMC|ri|sh)"  # 16, 17
    + _END
    + rb"|\[[\d.\s]*+\]\s*\d[\d.]*\s+(d)"  # 18
    + _END
    + rb"|(\S)|\Z"  # 19: anything else
    + rb")"
)
_ANYTHING = _OPERATION.groups
_ITEM = re.compile(_NUMBER + rb"|" + _TEXT)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|[\s\S])")
_MEANT = {b"b": b"\b", b"t": b"\t", b"n": b"\n", b"f": b"\f", b"r": b"\r"} | {
    each: each for each in (b"(", b")", b"\\")
}
_PLAIN: Mapping[bytes, tuple[str, int]] = {
    name.encode(): (name, count)
    for count, names in {
        0: "q Q h S s f F f* B B* b b* n W W* BT T* EMC",
        1: "w g G Tc Tw Tz TL Tr Ts",
        2: "m l Td TD",
        3: "rg RG",
        4: "k K re v y",
        6: "cm Tm c",
    }.items()
    for name in names.split()
}
_COLORS = {b"scn": "scn", b"SCN": "SCN", b"sc": "sc", b"SC": "SC"}


def operations(program: bytes) -> list[Operation] | None:
    """Return a program's operations in order; None where it is not of the usual form."""
    found: list[Operation] = []
    read: dict[bytes, Operation] = {}  # two of three are written as one before
    for match in _OPERATION.finditer(program):
        written = match[0]
        if match.lastindex == _ANYTHING:  # also what is written as an operator, but goes on
            return None
        if written not in read:
            operation = _operation(match)
            if operation is None:
                return None
            read[written] = operation
        if read[written][0]:
            found.append(read[written])
    return found


def _operation(match: re.Match[bytes]) -> Operation | None:
    """Read one operation; None where it is not of the usual form."""
    try:
        if match.lastindex == 2 and (plain := _PLAIN.get(match[2])):
            operands = tuple(map(float, match[1].split()))
            return (plain[0], operands) if len(operands) == plain[1] else None
        return _READERS[match.lastindex or 0](match)
    except (PSException, ValueError):
        return None


def operations_in(parts: Sequence[bytes]) -> list[Operation] | None:
    """Return the operations of a program in parts; none if it is not of the usual form."""
    if len(parts) == 1:
        return operations(parts[0])
    if any(JOINT in part for part in parts):
        return None
    found = operations(JOINT.join(parts))
    if found and any(JOINT in piece for piece in _strings(found)):
        return None
    return found


def _strings(program: Sequence[Operation]) -> list[bytes]:
    return [
        piece
        for operator, operands in program
        if operator == "TJ"
        for piece in operands[0]
        if isinstance(piece, bytes)
    ]


Reader = Callable[["re.Match[bytes]"], "Operation | None"]
_NOTHING: Operation = ("", ())


def _color(match: re.Match[bytes]) -> Operation | None:
    """Read an operation that takes as many numbers as its color space has parts, or is nothing."""
    numbers, name = match[1].split(), match[2]
    if name in _COLORS:
        return _COLORS[name], tuple(map(float, numbers))
    alone = b" ".join((*numbers, name))
    return _NOTHING if re.fullmatch(_WITHOUT_SIGHT, alone) else None


def _pattern(match: re.Match[bytes]) -> Operation | None:
    numbers, name, operator = match.group(1, 3, 4)
    known = _COLORS.get(operator)
    return None if known is None else (known, (*map(float, numbers.split()), _name(name)))


def _font(match: re.Match[bytes]) -> Operation:
    name, size = match.group(5, 6)
    return "Tf", (_name(name), float(size))


def _text(match: re.Match[bytes]) -> Operation:
    return "TJ", ([_string(match.group(8))],)


def _pieces(match: re.Match[bytes]) -> Operation:
    items = _ITEM.findall(match.group(10))
    return "TJ", ([_string(item) if item[0] in b"<(" else float(item) for item in items],)


def _marked(match: re.Match[bytes]) -> Operation:
    tag, said, name = match.group(12, 13, 14)
    return "BDC", (_name(tag), _properties(said) if name is None else _name(name))


def _named(match: re.Match[bytes]) -> Operation:
    name, operator = match.group(16, 17)
    return _NAMED[operator], (_name(name),)


_NAMED = {b"gs": "gs", b"cs": "cs", b"CS": "CS", b"Do": "Do", b"BMC": "BMC", b"ri": "", b"sh": ""}
_READERS: Mapping[int, Reader] = {
    0: lambda _: _NOTHING,
    2: _color,
    4: _pattern,
    7: _font,
    9: _text,
    11: _pieces,
    15: _marked,
    17: _named,
    18: lambda _: _NOTHING,
}


@lru_cache(maxsize=1024)
def _name(written: bytes) -> PSLiteral:
    try:
        return LIT(str(written, "utf-8"))
    except UnicodeDecodeError:
        return LIT(written)


@lru_cache(maxsize=1024)
def _properties(written: bytes) -> Any:
    """Return a dictionary of what is said of a marked piece."""
    return PDFContentParser([PDFStream({}, written + b" ")]).nextobject()[1]


def _string(written: bytes) -> bytes:
    """Return the bytes that a string in angles or in brackets stands for."""
    if written[0] == 60:
        try:
            return bytes.fromhex(written[1:-1].decode("ascii"))
        except ValueError:
            pass
        digits = b"".join(written[1:-1].split())
        if len(digits) % 2:  # pdfminer takes a last single digit for the lower half
            digits = digits[:-1] + b"0" + digits[-1:]
        return bytes.fromhex(digits.decode("ascii"))
    inner = written[1:-1]
    return _ESCAPED.sub(_escaped, inner) if b"\\" in inner else inner


def _escaped(match: re.Match[bytes]) -> bytes:
    what = match.group(1)
    if what.isdigit() and what[0] < 56:
        return bytes((int(what, 8),))  # ValueError above 255
    return _MEANT.get(what, b"")
