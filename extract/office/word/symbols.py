"""Signs that only a font of symbols shows: £ in the font Symbol is ≤."""

from __future__ import annotations

from functools import cache

from common.declared import declared

_PRIVATE = range(0xF000, 0xF100)
UNREAD = "�"


@cache
def _fonts() -> dict[str, dict[int, str]]:
    """Return what the codes of each font of symbols show, by the font's name in lower case."""
    return {
        name.casefold(): {
            int(first, 16) + at: sign
            for first, signs in runs.items()
            for at, sign in enumerate(signs)
        }
        for name, runs in declared(dict[str, dict[str, str]], "extract", "symbols").items()
    }


def is_symbol_font(font: str) -> bool:
    """Say whether a font (its name in lower case) shows other signs than its codes say."""
    return font in _fonts()


def symbol(sign: str, font: str) -> str | None:
    """Return what a character shows in a font of symbols; None where that is not known.

    A character that such a font does not hold (an ideograph) is shown in another font.
    """
    code = ord(sign)
    if code in _PRIVATE:
        code -= 0xF000
    elif 0xE000 <= code <= 0xF8FF or code > 0x10FFFD:
        return None
    if font not in _fonts():
        return sign if ord(sign) not in _PRIVATE else None
    if code > 0xFF or code <= 0x20:
        return sign if code > 0x20 else " "
    found = _fonts()[font].get(code)
    return None if found == UNREAD else found


def in_font(text: str, font: str) -> str:
    """Return a text as it is seen in a font; U+FFFD stands for a sign that is not known."""
    if font not in _fonts():
        return text
    return "".join(symbol(sign, font) or UNREAD for sign in text)
