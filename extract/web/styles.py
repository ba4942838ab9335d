"""How each element of a page looks: hidden, struck out, raised or lowered."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from extract.web.cascade import Cascade, Declarations, Element
from extract.web.values import (
    BLACK,
    WHITE,
    Color,
    alike,
    color,
    font_size,
    ground,
    has_picture,
    length,
    over,
)

_STRUCK = frozenset({"s", "strike", "del"})
_CELLS = frozenset({"td", "th", "tr", "tbody", "thead", "tfoot", "table", "col", "colgroup"})
_SMALLEST = 2.0  # points; nobody reads smaller text
_FAR_OFF = -400.0  # points left of the page's edge
_FAINTEST = 0.04


@dataclass(frozen=True, slots=True)
class Look:
    """How an element's own text is seen.

    ``gone``: it takes no room on the page; ``blank``: nothing of it or within it shows;
    ``invisible``: as blank, but what is within it may show again; ``shift``: 1 raised, -1 lowered;
    ``ground`` is None where it is not known (a picture); sizes in points.
    """

    gone: bool = False
    blank: bool = False
    invisible: bool = False
    struck: bool = False
    shift: int = 0
    reversed: bool = False
    keeps_lines: bool = False
    size: float = 12.0
    ink: Color = BLACK
    ground: Color | None = WHITE

    @property
    def hidden(self) -> bool:
        """Whether nobody sees the text."""
        if self.gone or self.blank or self.invisible or self.size < _SMALLEST:
            return True
        if self.ink[3] <= _FAINTEST:
            return True
        return self.ground is not None and alike(over(self.ink, self.ground), self.ground)


class Generated(NamedTuple):
    """What a style sheet writes before or after an element's own text, and how it looks."""

    content: str
    look: Look


class Styles:
    """The looks of a page's elements, each worked out once from its style and its parent's look."""

    def __init__(self, root: Element | None = None) -> None:
        self._cascade = Cascade(root)
        self._looks: dict[Element, Look] = {}

    def look(self, element: Element) -> Look:
        """Return how an element's own text looks."""
        unknown: list[Element] = []
        known: Element | None = element
        while known is not None and known not in self._looks:
            unknown.append(known)
            known = known.getparent()
        found = self._looks[known] if known is not None else Look()
        for each in reversed(unknown):
            found = self._looks[each] = _look(tag_of(each), _all_of(each, self._cascade), found)
        return found

    def generated(self, element: Element, side: str) -> Generated | None:
        """Return the text that is written ``before`` or ``after`` an element's own, if any."""
        style = self._cascade.around(element, side)
        content = (style or {}).get("content", "normal")
        if style is None or content.lower() in ("normal", "none", "inherit", "initial"):
            return None
        return Generated(content, _look("", style, self.look(element)))

    def collapses(self, element: Element) -> bool:
        """Say whether a row or column is folded away."""
        return self._cascade.of(element).get("visibility") == "collapse"


def tag_of(element: Element) -> str:
    """Return an element's lower-case name without namespace ('' for comments)."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _all_of(element: Element, cascade: Cascade) -> Declarations:
    """Return what is declared of an element, the old attributes for it included."""
    old: Declarations = {}
    if _is_closed(element):
        old["display"] = "none"
    if bgcolor := element.get("bgcolor"):
        old["background-color"] = _old_color(bgcolor)
    ink = element.get("color" if tag_of(element) == "font" else "text")
    if ink and tag_of(element) in ("font", "body"):
        old["color"] = _old_color(ink)
    if element.get("background"):
        old["background-image"] = "url()"
    if tag_of(element) == "bdo" and (element.get("dir") or "").lower() == "rtl":
        old |= {"direction": "rtl", "unicode-bidi": "bidi-override"}
    return old | cascade.of(element)


def _is_closed(element: Element) -> bool:
    """Say whether an element shows only once a script or a click opens it."""
    closed = tag_of(element) == "dialog" and element.get("open") is None
    return closed or element.get("hidden") is not None or element.get("popover") is not None


def _old_color(text: str) -> str:
    return text if color(text) is not None else f"#{text.lstrip('#')}"


def _look(tag: str, style: Declarations, parent: Look) -> Look:
    """Return the look of an element with this style within one that looks as ``parent``."""
    lines = style.get("text-decoration", "") + style.get("text-decoration-line", "")
    struck = "line-through" in lines or (tag in _STRUCK and not lines)
    size = font_size(style, parent.size)
    found = replace(
        parent,
        gone=parent.gone or style.get("display") == "none" or style.get("mso-hide") == "all",
        blank=parent.blank or _is_clipped(style, parent.size),
        struck=parent.struck or struck,
        shift=_shift(tag, style, parent.size) or parent.shift,
        size=parent.size if size is None else size,
        keeps_lines=_keeps_lines(tag, style, parent),
        reversed=parent.reversed or _is_reversed(style),
    )
    if (visibility := style.get("visibility")) is not None:
        found = replace(found, invisible=visibility in ("hidden", "collapse"))
    return _colored(style, found)


def _colored(style: Declarations, look: Look) -> Look:
    """Return a look with the colours that a style declares."""
    if (ink := color(style.get("color", ""))) is not None:
        look = replace(look, ink=ink)
    if has_picture(style):
        return replace(look, ground=None)
    if (own := ground(style)) is not None and own[3] > 0:
        below = look.ground if look.ground is not None else WHITE
        return replace(look, ground=over(own, below))
    return look


def _is_clipped(style: Declarations, size: float) -> bool:
    """Say whether a style lets nothing of its element show: no light, no room, or far away."""
    opacity = style.get("opacity", "1")
    share = length(opacity if opacity.endswith("%") else f"{opacity}em", 1.0)
    if share is not None and share <= _FAINTEST:
        return True
    if style.get("overflow") in ("hidden", "clip") and _has_no_room(style, size):
        return True
    if _is_far(style.get("text-indent", ""), size):
        return True
    return _is_laid_aside(style, size) or _is_cut_away(style)


def _is_laid_aside(style: Declarations, size: float) -> bool:
    placed = style.get("position") in ("absolute", "fixed")
    return placed and any(_is_far(style.get(side, ""), size) for side in ("left", "top"))


def _is_cut_away(style: Declarations) -> bool:
    sides = re.findall(r"[\d.]+", style.get("clip", ""))  # top, right, bottom, left
    if "position" in style and len(sides) == 4 and sides[0] == sides[2]:
        return True
    scaled = style.get("transform", "").replace(" ", "") in ("scale(0)", "scale(0,0)")
    return scaled or style.get("clip-path", "").replace(" ", "") in ("inset(50%)", "inset(100%)")


def _has_no_room(style: Declarations, size: float) -> bool:
    names = ("width", "height", "max-width", "max-height")
    lengths = (length(style.get(name, ""), size) for name in names)
    return any(each is not None and each < 1 for each in lengths)


def _is_far(text: str, size: float) -> bool:
    found = length(text, size)
    return found is not None and found <= _FAR_OFF


def _shift(tag: str, style: Declarations, size: float) -> int:
    """Return 1 for raised text, -1 for lowered, 0 for text on its line."""
    if tag in ("sup", "sub"):
        return 1 if tag == "sup" else -1
    if tag in _CELLS:
        return 0  # there it says where in the cell the text stands
    named = {style.get("vertical-align"), style.get("font-variant-position")}
    if named & {"super", "sub"}:
        return 1 if "super" in named else -1
    raised = _raised(style, size)
    return 0 if abs(raised) < size / 8 else (1 if raised > 0 else -1)


def _raised(style: Declarations, size: float) -> float:
    """Return how many points a style lifts its text above the line."""
    sides = [("vertical-align", 1), ("mso-text-raise", 1)]
    if style.get("position") == "relative":
        sides += [("top", -1), ("bottom", 1)]
    lifts = (sign * (length(style.get(name, ""), size) or 0.0) for name, sign in sides)
    return next(filter(None, lifts), 0.0)


def _keeps_lines(tag: str, style: Declarations, parent: Look) -> bool:
    if (space := style.get("white-space")) is not None:
        return space.startswith(("pre", "break-spaces"))
    return parent.keeps_lines or tag in ("pre", "textarea")


def _is_reversed(style: Declarations) -> bool:
    overridden = "override" in style.get("unicode-bidi", "")
    return overridden and style.get("direction") == "rtl"
