"""Turn a text file's bytes into text: UTF-8, UTF-16 or GB18030, whichever fits."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Control characters, and such as everybody may give a meaning.
_STRANGE = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\ue000-\uf8ff]+")
#: What is neither Latin nor Chinese.
_FOREIGN = re.compile("[^\x00-\u024f\u2000-\u27bf\u2e80-\u9fff\uf900-\uffef\U00020000-\U0003ffff]+")
_SAMPLE = 65536


def decode(data: bytes, *, whole: bool = True) -> str | None:
    """Return the bytes as text, or None when they are no text.

    With ``whole=False`` the bytes are the beginning of a file and may end inside a character.
    """
    for name in _candidates(data):
        mark = next(
            (bom for bom, bom_name in _BOMS if bom_name == name and data.startswith(bom)), b""
        )
        decoder = codecs.getincrementaldecoder(name)()
        try:
            text = decoder.decode(data[len(mark) :], final=whole)
        except UnicodeDecodeError:
            continue
        if _is_text(text):
            return text
    return None


def decode_as(data: bytes, name: str) -> str | None:
    """Return the bytes decoded as a page declares them; None for an unknown or wrong name."""
    wide = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030"}
    try:
        return data.decode(wide.get(name.strip().lower(), name.strip()))
    except (LookupError, UnicodeDecodeError, ValueError):
        return None


def _candidates(data: bytes) -> tuple[str, ...]:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return (name,)
    sample = data[:_SAMPLE]
    if b"\x00" in sample:  # only UTF-16 holds zero bytes: those of the Latin letters and line ends
        odd = sample[1::2].count(0) > sample[0::2].count(0)
        return ("utf-16-le",) if odd else ("utf-16-be",)
    return ("utf-8", "gb18030")


def _is_text(text: str) -> bool:
    """Say whether it reads as text: hardly any control or private characters."""
    sample = text[:_SAMPLE]
    usual = len(_STRANGE.sub("", sample))
    plain = len(_FOREIGN.sub("", sample))
    return (len(sample) - usual) * 100 <= len(sample) and plain * 10 >= len(sample) * 8
