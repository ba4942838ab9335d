"""Values of CSS as far as they decide what is seen: lengths, colours, generated texts."""

from __future__ import annotations

import re
from typing import Any

import tinycss2
from tinycss2 import color4

Color = tuple[float, float, float, float]  # red, green, blue, how opaque; 0 to 1

BLACK: Color = (0.0, 0.0, 0.0, 1.0)
WHITE: Color = (1.0, 1.0, 1.0, 1.0)
_POINTS = {"pt": 1.0, "px": 0.75, "in": 72.0, "cm": 28.35, "mm": 2.835, "pc": 12.0}
_LENGTH = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(pt|px|in|cm|mm|pc|em|rem|ex|ch|%)?(?![\w%])")
_ALIKE = 0.04
ROOT_SIZE = 12.0


def length(text: str, size: float) -> float | None:
    """Return a length in points, where 1em is ``size``; None for what is no plain length."""
    match = _LENGTH.fullmatch(text.strip())
    if match is None:
        return None
    number, unit = float(match[1]), match[2]
    if unit in _POINTS:
        return number * _POINTS[unit]
    if unit == "rem":
        return number * ROOT_SIZE
    if unit is None:
        return 0.0 if number == 0 else None
    return number * size * {"%": 0.01, "ex": 0.5, "ch": 0.5}.get(unit, 1.0)


def font_size(style: dict[str, str], size: float) -> float | None:
    """Return the font size that a style declares, in points; None where it declares none."""
    if (declared := style.get("font-size")) is not None:
        return length(declared, size)
    for part in style.get("font", "").split():
        if (found := length(part.partition("/")[0], size)) is not None:
            return found
    return None


def color(text: str) -> Color | None:
    """Return a colour; None for what is none or cannot be told (``inherit``, ``var(...)``)."""
    try:
        found = color4.parse_color(text.strip())
        red, green, blue, alpha = found.to("srgb")
    except (AttributeError, NotImplementedError, ValueError, TypeError):
        return None
    return float(red), float(green), float(blue), float(alpha)


def ground(style: dict[str, str]) -> Color | None:
    """Return the colour of the ground that a style declares; None where it declares none."""
    if (declared := style.get("background-color")) is not None:
        return color(declared)
    for part in tinycss2.parse_component_value_list(style.get("background", "")):
        if part.type in ("ident", "hash", "function") and (found := color(part.serialize())):
            return found
    return None


def has_picture(style: dict[str, str]) -> bool:
    """Say whether a style lays a picture or a run of colours under its text."""
    declared = style.get("background", "") + style.get("background-image", "")
    return "url(" in declared or "gradient(" in declared


def over(top: Color, below: Color) -> Color:
    """Return the colour that is seen where one lies over another."""
    share = min(max(top[3], 0.0), 1.0)
    red, green, blue = (share * t + (1 - share) * b for t, b in zip(top[:3], below, strict=False))
    return red, green, blue, 1.0


def alike(one: Color, other: Color) -> bool:
    """Say whether nobody can tell two colours apart."""
    return all(abs(a - b) <= _ALIKE for a, b in zip(one[:3], other[:3], strict=True))


def generated(content: str, attribute: Any) -> str | None:
    """Return the text that ``content`` generates; None where it cannot be told (a counter).

    ``attribute`` returns an attribute of the element by its name.
    """
    texts: list[str] = []
    for part in tinycss2.parse_component_value_list(content):
        if part.type == "string":
            texts.append(part.value)
        elif part.type == "function" and part.lower_name == "attr":
            name = tinycss2.serialize(part.arguments).strip()
            texts.append(attribute(name.split()[0].lower() if name else "") or "")
        elif part.type == "literal" and part.value == "/":
            break  # what follows is only spoken
        elif part.type in ("function", "url") or (
            part.type == "ident" and part.lower_value.endswith("quote")
        ):
            return None
    return "".join(texts)
