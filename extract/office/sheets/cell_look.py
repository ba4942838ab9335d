"""How the text of a cell looks: struck out, raised, or in the colour of its ground."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from xlrd.formatting import excel_default_palette_b8

from extract.files.package import Element, child, local
from extract.office.sheets.number_format import BUILTIN, UNKNOWN
from extract.raised import subscript, superscript

Color = tuple[int, int, int]

BLACK: Color = (0, 0, 0)
WHITE: Color = (255, 255, 255)
_ON = frozenset({"1", "true", "on"})
_ALIKE = 10  # of 255, in each part of a colour
_SMALLEST = 2.0  # points; nobody reads smaller text
_PALETTE: tuple[Color, ...] = (*excel_default_palette_b8[:8], *excel_default_palette_b8)
_SYSTEM = {64: BLACK, 65: WHITE}
_THEME = ("lt1", "dk1", "lt2", "dk2", "accent1", "accent2", "accent3", "accent4", "accent5",
          "accent6")  # fmt: skip
_WHITE_CODE = re.compile(r"\[(?:white|白色?|color\s?2|颜色2)\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CellFont:
    """How letters look; ``shift`` is 1 for raised, -1 for lowered; ``ink`` None: not known."""

    struck: bool = False
    shift: int = 0
    ink: Color | None = BLACK
    size: float = 11.0


@dataclass(frozen=True, slots=True)
class Style:
    """What of a cell's style decides how it prints; ``ground`` is None where it is not known.

    ``spread``: its text is centred over the blank cells beside it that have the same style.
    """

    code: str = "General"
    font: CellFont = CellFont()
    ground: Color | None = WHITE
    boxed: bool = False
    spread: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """A cell's text as it is seen and, apart, what of it is struck out and what nobody sees."""

    text: str = ""
    struck: str = ""
    hidden: str = ""


Run = tuple[str, CellFont | None]
"""A piece of a cell's text with its own font; None: the cell's."""


def seen(runs: Sequence[Run], style: Style) -> Seen:
    """Return the text of a cell's runs as they are seen in its style."""
    shown, struck, hidden = "", "", ""
    alone = len(runs) == 1
    for text, own in runs:
        font = style.font if own is None else own
        if is_hidden(font, style):
            hidden += text
        elif font.struck:
            struck += text
        elif font.shift and not alone:
            shown += superscript(text) if font.shift > 0 else subscript(text, shown)
        else:
            shown += text
    return Seen(clean(shown), struck.strip(), hidden.strip())


def is_hidden(font: CellFont, style: Style) -> bool:
    """Say whether nobody sees text of a font in a cell of a style."""
    if font.size < _SMALLEST:
        return True
    ink = WHITE if _WHITE_CODE.search(style.code) else font.ink
    return ink is not None and style.ground is not None and alike(ink, style.ground)


def alike(one: Color, other: Color) -> bool:
    """Say whether nobody can tell two colours apart."""
    return all(abs(a - b) <= _ALIKE for a, b in zip(one, other, strict=True))


def clean(text: str) -> str:
    """Return text with one kind of line end, without spaces at the ends of its lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.strip() for line in text.split("\n")).strip("\n")


@dataclass(slots=True)
class Palette:
    """The colours of a workbook: those with a number, and those of its theme."""

    indexed: Sequence[Color] = _PALETTE
    theme: Sequence[Color | None] = field(default_factory=list)

    def color(self, element: Element | None, automatic: Color) -> Color | None:
        """Return the colour that an element names; ``automatic`` where it names none."""
        if element is None or is_set(element, "auto"):
            return automatic
        if (rgb := _rgb(element.get("rgb"))) is not None:
            return rgb
        if (index := element.get("indexed")) is not None:
            return self._numbered(_number(index))
        if (index := element.get("theme")) is not None:
            number = _number(index)
            base = self.theme[number] if 0 <= number < len(self.theme) else None
            return _tinted(base, element.get("tint")) if base is not None else None
        return automatic

    def _numbered(self, index: int) -> Color | None:
        if index in _SYSTEM:
            return _SYSTEM[index]
        return self.indexed[index] if 0 <= index < len(self.indexed) else None


def palette(styles: Element, theme: Element | None) -> Palette:
    """Return a workbook's colours from its styles and its theme."""
    colors = child(styles, "colors")
    own = [_rgb(each.get("rgb")) or BLACK for each in entries(colors, "indexedColors")]
    found = Palette(own) if own else Palette()
    for scheme in theme.iter() if theme is not None else ():
        if local(scheme) == "clrScheme":
            named = {local(each): next(iter(each), None) for each in scheme}
            found.theme = [_theme_color(named.get(name)) for name in _THEME]
            break
    return found


def _theme_color(element: Element | None) -> Color | None:
    return None if element is None else _rgb(element.get("lastClr") or element.get("val"))


def _rgb(text: str | None) -> Color | None:
    if text is None or not re.fullmatch("(?:[0-9A-Fa-f]{2})?[0-9A-Fa-f]{6}", text):
        return None
    red, green, blue = (int(text[-6:][at : at + 2], 16) for at in (0, 2, 4))
    return red, green, blue


def _tinted(color: Color, tint: str | None) -> Color:
    """Return a theme's colour made lighter (0 to 1) or darker (-1 to 0)."""
    try:
        share = min(max(float(tint or "0"), -1.0), 1.0)
    except ValueError:
        return color
    hue, light, satiation = colorsys.rgb_to_hls(*(part / 255 for part in color))
    light = light * (1 + share) if share < 0 else light * (1 - share) + share
    red, green, blue = colorsys.hls_to_rgb(hue, light, satiation)
    return round(red * 255), round(green * 255), round(blue * 255)


def font_of(element: Element | None, colors: Palette) -> CellFont:
    """Return the font of a cell's style, of a run, or of a conditional format."""
    if element is None:
        return CellFont()
    align = child(element, "vertAlign")
    shift = align.get("val") if align is not None else None
    return CellFont(
        struck=toggled(element, "strike"),
        shift={"superscript": 1, "subscript": -1}.get(shift or "", 0),
        ink=colors.color(child(element, "color"), BLACK),
        size=_size(child(element, "sz")),
    )


def _size(element: Element | None) -> float:
    text = (element.get("val") or "") if element is not None else ""
    return float(text) if re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]*)?", text) else CellFont().size


def ground_of(fill: Element | None, colors: Palette) -> Color | None:
    """Return the colour of a fill; None for a pattern or a run of colours."""
    pattern = child(fill, "patternFill") if fill is not None else None
    if fill is None or (pattern is None and child(fill, "gradientFill") is None):
        return WHITE
    kind = pattern.get("patternType") if pattern is not None else "gradient"
    if pattern is None or kind not in (None, "none", "solid"):
        return None
    return colors.color(child(pattern, "fgColor"), WHITE) if kind == "solid" else WHITE


def cell_styles(root: Element, colors: Palette) -> list[Style]:
    """Return the cell styles by number."""
    codes = format_codes(root)
    fonts = [font_of(each, colors) for each in entries(root, "fonts")]
    grounds = [ground_of(each, colors) for each in entries(root, "fills")]
    boxed = [_is_boxed(border) for border in entries(root, "borders")]
    found = []
    for entry in entries(root, "cellXfs"):
        font, fill, border = (_number(entry.get(name)) for name in ("fontId", "fillId", "borderId"))
        align = child(entry, "alignment")
        found.append(
            Style(
                codes.get(_number(entry.get("numFmtId")), UNKNOWN),
                fonts[font] if font < len(fonts) else CellFont(),
                grounds[fill] if fill < len(grounds) else WHITE,
                boxed[border] if border < len(boxed) else False,
                align is not None and align.get("horizontal") == "centerContinuous",
            )
        )
    return found


def format_codes(root: Element) -> dict[int, str]:
    """Return the number formats by number."""
    codes = dict(BUILTIN)
    for entry in entries(root, "numFmts"):
        codes[_number(entry.get("numFmtId"))] = entry.get("formatCode") or "General"
    return codes


def entries(root: Element | None, name: str) -> Iterable[Element]:
    """Return the elements in a list of a part."""
    found = child(root, name) if root is not None else None
    return [part for part in found if local(part)] if found is not None else []


def toggled(properties: Element, name: str) -> bool:
    """Say whether a toggle such as ``strike`` is set."""
    found = child(properties, name)
    return found is not None and (found.get("val") or "1").lower() in _ON


def is_set(element: Element, name: str) -> bool:
    """Say whether a boolean attribute is set."""
    return (element.get(name) or "").lower() in _ON


def _is_boxed(border: Element) -> bool:
    """Say whether a border has an upright side: a line under a title makes no table."""
    sides = [side for side in border if local(side) in ("left", "right", "start", "end")]
    return any((side.get("style") or "none") != "none" for side in sides)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
