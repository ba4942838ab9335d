"""The fonts of a document, kept beside what they are made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pdfminer.cmapdb import CMapDB, FileUnicodeMap
from pdfminer.fontmetrics import FONT_METRICS
from pdfminer.pdffont import LITERAL_STANDARD_ENCODING
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdftypes import PDFStream, dict_value, int_value, resolve1, stream_value
from pdfminer.psparser import LIT, PSLiteral, literal_name

from extract.pdf.program.claims import claims, encoding
from extract.pdf.program.damage import DAMAGE

_NO_CLAIMS = PDFStream({}, b"")
_NAME = re.compile(rb"[A-Za-z0-9_ -]+")
_SIMPLIFIED = ("GB", "UniGB")
"""So begin the names of all encodings of simplified Chinese that need not be in a file."""
_TYPE_1 = (LIT("Type1"), LIT("MMType1"))


class KeptFonts(PDFResourceManager):  # type: ignore[misc]  # pdfminer is untyped here
    """pdfminer's manager, keeping each font's dictionary beside the font."""

    def __init__(self) -> None:
        super().__init__()
        self.specs: dict[int, tuple[Any, Mapping[str, object]]] = {}

    def get_font(self, objid: object, spec: Mapping[str, object]) -> Any:
        """Return a font, and keep what it is made of."""
        font = self._made(objid, spec)
        self.specs[id(font)] = (font, spec)
        return font

    def _made(self, objid: object, spec: Mapping[str, object]) -> Any:
        return super().get_font(objid, _with_collection(spec))


class QuickFonts(KeptFonts):
    """Reads what fonts say of characters itself, where that can be done quickly."""

    def _made(self, objid: object, spec: Mapping[str, object]) -> Any:
        if (objid and objid in self._cached_fonts) or "DescendantFonts" in spec:
            return super()._made(objid, spec)
        said, encoded = _claims_of(spec), _encoding_of(spec)
        plain = dict(spec)
        if said is not None:
            plain["ToUnicode"] = _NO_CLAIMS
        if encoded is not None:
            plain["Encoding"] = LITERAL_STANDARD_ENCODING
        font = super()._made(objid, plain)
        if said is not None:
            font.unicode_map = said
        if encoded is not None:
            font.cid2unicode = encoded
        return font


def _with_collection(spec: Mapping[str, object]) -> Mapping[str, object]:
    """Return a font's dictionary; where its collection's name is no name, what its encoding says.

    Some programs encrypt a file and leave that name as it is, so that decrypting garbles it.
    """
    stated, named = resolve1(spec.get("CIDSystemInfo")), resolve1(spec.get("Encoding"))
    if not isinstance(stated, Mapping) or not isinstance(named, PSLiteral):
        return spec
    registry, ordering = (resolve1(stated.get(key)) for key in ("Registry", "Ordering"))
    if all(isinstance(each, bytes) and _NAME.fullmatch(each) for each in (registry, ordering)):
        return spec
    if not str(literal_name(named)).startswith(_SIMPLIFIED):
        return spec
    return {**spec, "CIDSystemInfo": {**stated, "Registry": b"Adobe", "Ordering": b"GB1"}}


def _claims_of(spec: Mapping[str, object]) -> FileUnicodeMap | None:
    """Return a font's table of characters; None where it has none of the usual form."""
    try:
        stated = resolve1(spec.get("ToUnicode"))
        return claims(stated.get_data()) if isinstance(stated, PDFStream) else None
    except DAMAGE:
        return None


def _encoding_of(spec: Mapping[str, object]) -> dict[int, str] | None:
    """Return what the head of a Type 1 font in the file names, if nothing else says it."""
    kind = resolve1(spec.get("Subtype"))
    if "Encoding" in spec or kind not in _TYPE_1 or "BaseFont" not in spec:
        return None
    try:
        if literal_name(spec["BaseFont"]) in FONT_METRICS:
            return None
        held = stream_value(dict_value(spec.get("FontDescriptor", {}))["FontFile"])
        return encoding(held.get_data()[: int_value(held["Length1"])])
    except DAMAGE:
        return None


def load_chinese_encodings() -> None:
    """Load how fonts for Chinese that are not in their file number characters: 24 ms a document."""
    for name in ("GBK-EUC-H", "UniGB-UCS2-H", "UniGB-UTF16-H"):
        CMapDB.get_cmap(name)
    CMapDB.get_unicode_map("Adobe-GB1")
