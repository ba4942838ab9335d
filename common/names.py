"""Names of files and folders, which may hold any bytes, as text that can be shown and kept.

A name that is not UTF-8 comes from the system with a lone surrogate for each odd byte. No text of
such is ever printed, written to a table or sent: it is GBK (archives of Windows are), or its bytes
are shown as escapes.
"""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path
from urllib.parse import unquote_to_bytes

#: Odd bytes, with what may be the other half of a GBK character: ASCII, or bytes that happen to be
#: UTF-8 of two bytes.
_ODD = re.compile("[0-~\x80-\u07ff\udc80-\udcff]*[\udc80-\udcff][0-~\x80-\u07ff\udc80-\udcff]*")
_MARK_OF_NOTHING = re.compile("(?:^|[^\\w\u0300-\u036f])[\u0300-\u036f\u0591-\u05bd\u0610-\u061a]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ORDINARY = "\x20-\x7e\u00a0-\u00ac\u3000-\u9fff\uff01-\uffee"
_PERHAPS_HIDDEN = re.compile(f"[^{_ORDINARY}]")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def shown_name(name: str | Path) -> str:
    """Return a name or path as one line of valid text, for messages, tables and logs."""
    return escaped("/".join(readable(_decoded(part)) for part in str(name).split("/")))


def text_of(path: Path) -> str:
    """Return a path as valid text from which :func:`path_from` gets it back."""
    text = str(path)
    return text if _SURROGATE.search(text) is None else path.absolute().as_uri()


def path_from(text: str) -> Path:
    """Return the path of a text that :func:`text_of` made."""
    if text.startswith("file:///"):
        return Path(os.fsdecode(unquote_to_bytes(text.removeprefix("file://"))))
    return Path(text)


def readable(text: str) -> str:
    """Return a text that names may stand in as valid text; a text without odd bytes as it is."""
    if _SURROGATE.search(text) is None:
        return text
    return _SURROGATE.sub(_escape, _ODD.sub(lambda odd: _decoded(odd[0]), text))


def escaped(text: str, kept: str = "") -> str:
    """Return a text with what is not seen, or changes what is seen, as escapes; but for ``kept``.

    Those are control characters, marks of direction, and others without a shape. The escapes are
    JSON's, so that what was JSON still is, and says the same.
    """

    def hide(found: re.Match[str]) -> str:
        sign = found[0]
        hidden = unicodedata.category(sign) in _HIDDEN and sign not in kept
        return _escape(found) if hidden else sign

    return _PERHAPS_HIDDEN.sub(hide, text)


def _decoded(part: str) -> str:
    """Return a text with odd bytes decoded as GBK where it is GBK as a whole, else as it is.

    The bytes of 通知 happen to be UTF-8 of two marks that go above letters, without a letter.
    """
    if _SURROGATE.search(part) is None and _MARK_OF_NOTHING.search(part) is None:
        return part
    try:
        return part.encode("utf-8", "surrogateescape").decode("gb18030")
    except UnicodeError:
        return part


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\u{code - 0xDC00:04x}"  # the odd byte itself
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
