"""What fonts say of characters is read as pdfminer reads it, or handed on to it."""

from __future__ import annotations

import random
from io import BytesIO

import pytest
from pdfminer.cmapdb import CMapParser, FileUnicodeMap
from pdfminer.pdffont import Type1FontHeaderParser

from extract.pdf.program.claims import claims, encoding

TABLE = b"""/CIDInit/ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo<< /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<00> <FF>
endcodespacerange
3 beginbfchar
<01> <0037>
<02> <4E8C4E09>
<03> <00A0>
endbfchar
2 beginbfrange
<10> <12> <0041>
<20> <21> [<0030> <D840DC0B>]
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""
HEADER = b"""%!FontType1-1.0: A 1.0 (put)
11 dict begin
/FontInfo 4 dict dup begin /FullName (A) readonly def end readonly def
/Encoding 256 array
0 1 255 {1 index exch /.notdef put} for
dup 1 /seven put
dup 2 /uni4E8C put
dup 3 /g17 put
readonly def
currentdict end
currentfile eexec
"""


def of_pdfminer(table: bytes) -> dict[int, str]:
    found = FileUnicodeMap()
    CMapParser(found, BytesIO(table)).run()
    return dict(found.cid2unichr)


def test_a_table_of_the_usual_form() -> None:
    found = claims(TABLE)
    assert found is not None
    assert found.cid2unichr == of_pdfminer(TABLE)
    assert found.cid2unichr[0x11] == "B"
    assert found.cid2unichr[0x21] == "\U0002000b"


def test_changed_tables_are_read_the_same_or_handed_on() -> None:
    chance, read = random.Random(7), 0
    for _ in range(400):
        table = bytearray(TABLE)
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(table))
            table[at : at + chance.randint(0, 2)] = chance.choice([b"0", b"<", b"A1", b"", b" ["])
        found = claims(bytes(table))
        if found is not None:
            read += 1
            assert found.cid2unichr == of_pdfminer(bytes(table))
    assert read > 20


@pytest.mark.parametrize(
    "more", [b"/Other usecmap", b"1 begincidrange <00> <01> 5 endcidrange", b"% a remark"]
)
def test_other_tables_are_handed_on(more: bytes) -> None:
    assert claims(TABLE.replace(b"3 beginbfchar", more + b"\n3 beginbfchar")) is None


def test_the_head_of_a_font() -> None:
    assert encoding(HEADER) == Type1FontHeaderParser(BytesIO(HEADER)).get_encoding()
    assert encoding(HEADER) == {1: "7", 2: "二"}


@pytest.mark.parametrize("more", [b"put", b"dup 3 (a) put", b"dup (x) /a put", b"<< /a 1 >>"])
def test_other_heads_are_handed_on(more: bytes) -> None:
    assert encoding(HEADER.replace(b"readonly def\ncurrent", more + b"\ncurrent")) is None
