"""How an object is painted: by its own attributes, its style, its layer's, or the standard's."""

from __future__ import annotations

from collections.abc import Sequence

from extract.drawing.ink import BLACK, CLEAR, Color, Paint
from extract.files.package import Element, child, local
from extract.ofd.numbers import number
from extract.ofd.resources import Resources

LINE_WIDTH = 0.353
"""A line's width (millimetres) where nothing says it."""


def paint_of(item: Element, layer_style: str | None, resources: Resources) -> Paint:
    """Return the paint of a text or path object; raise ValueError where its numbers are none."""
    sources = [
        item,
        *resources.style_chain(item.get("DrawParam")),
        *resources.style_chain(layer_style),
    ]
    is_text = local(item) == "TextObject"
    alpha = number(item.get("Alpha"), 255.0) / 255
    filled = (item.get("Fill") or str(is_text)).lower() in ("true", "1")
    stroked = (item.get("Stroke") or str(not is_text)).lower() in ("true", "1")
    if item.get("Visible") in ("false", "0"):
        return Paint(None, None, 0.0)
    fill = _color(sources, "FillColor", resources, BLACK if is_text else CLEAR)
    stroke = _color(sources, "StrokeColor", resources, CLEAR if is_text else BLACK)
    width = next((each.get("LineWidth") for each in sources if each.get("LineWidth")), None)
    return Paint(
        _faded(fill, alpha) if filled else None,
        _faded(stroke, alpha) if stroked else None,
        abs(number(width, LINE_WIDTH)),
    )


def alpha_of(item: Element) -> float:
    """Return how much a picture covers what is under it (0..1)."""
    return 0.0 if item.get("Visible") == "false" else number(item.get("Alpha"), 255.0) / 255


def _faded(color: Color, alpha: float) -> Color:
    return color._replace(alpha=max(0.0, min(1.0, color.alpha * alpha)))


def _color(sources: Sequence[Element], name: str, resources: Resources, usual: Color) -> Color:
    stated = next((found for each in sources if (found := child(each, name)) is not None), None)
    if stated is None:
        return usual
    alpha = number(stated.get("Alpha"), 255.0) / 255
    space = resources.spaces.get(stated.get("ColorSpace") or "")
    value = stated.get("Value") or _of_palette(stated, space) or _of_shade(stated)
    bits = int(number(space.get("BitsPerComponent"), 8.0)) if space is not None else 8
    most = float(2 ** max(1, min(bits, 16)) - 1)
    parts = tuple(max(0.0, min(1.0, _part(each) / most)) for each in (value or "").split())
    return Color(parts if len(parts) in (1, 3, 4) else BLACK.parts, alpha)


def _of_shade(stated: Element) -> str | None:
    """Return the first colour of a shade: what is shaded is painted."""
    colors = (each.get("Value") for each in stated.iter() if local(each) == "Color")
    return next(colors, None)


def _of_palette(stated: Element, space: Element | None) -> str | None:
    index = stated.get("Index")
    palette = child(space, "Palette") if space is not None else None
    if index is None or palette is None:
        return None
    colors = [each.text for each in palette]
    place = int(index)
    return colors[place] if 0 <= place < len(colors) else None


def _part(text: str) -> float:
    return float(int(text[1:], 16)) if text.startswith("#") else number(text, 0.0)
