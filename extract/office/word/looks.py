"""How a run of text looks: resolved once, from the defaults down to the run's own properties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from lxml import etree

from extract.files.package import Element, attribute, child
from extract.office.word.elements import children, number, toggle, value

_SMALLEST = 4
"""Text of fewer half-points than this (2 pt) is not seen."""
_LIFTED = 0.2
"""A run that is shifted by this part of its size or more stands raised or lowered."""
_USUAL_SIZE = 21
_NEAR = 12
"""Colours that differ by no more than this in each of their three parts look the same."""
_WHITE = "FFFFFF"
_LONGEST_CHAIN = 30


class Height(Enum):
    """Where a run stands on its line; ``LIFTED`` and ``SUNK`` are shifted, not made smaller."""

    LINE = "line"
    RAISED = "raised"
    LOWERED = "lowered"
    LIFTED = "lifted"
    SUNK = "sunk"


@dataclass(frozen=True, slots=True)
class Looks:
    """A run as it is seen. ``font`` is that of its Latin letters and signs, lower case."""

    height: Height = Height.LINE
    struck: bool = False
    hidden: bool = False
    font: str = ""


@dataclass(frozen=True, slots=True)
class Backdrop:
    """What a run stands in: the properties of its table's style, and the colour behind it."""

    levels: tuple[Element, ...] = ()
    color: str | None = _WHITE


@dataclass(slots=True)
class WordStyles:
    """The styles of a document: by id their element, the defaults, the default of each kind."""

    by_id: dict[str, Element] = field(default_factory=dict)
    defaults: Element | None = None
    usual: dict[str, str] = field(default_factory=dict)
    _known: dict[tuple[bytes, str, bytes, Backdrop], Looks] = field(default_factory=dict)
    _chains: dict[tuple[str, str], list[Element]] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Element | None) -> WordStyles:
        """Read the part of the package that holds the styles."""
        styles = cls()
        if root is None:
            return styles
        defaults = child(root, "docDefaults")
        run = child(defaults, "rPrDefault") if defaults is not None else None
        styles.defaults = child(run, "rPr") if run is not None else None
        for style in children(root, ("style",)):
            name = attribute(style, "styleId") or ""
            styles.by_id.setdefault(name, style)
            if (attribute(style, "default") or "0").lower() in ("1", "true", "on"):
                styles.usual.setdefault(attribute(style, "type") or "", name)
        return styles

    def chain(self, name: str, kind: str) -> list[Element]:
        """Return a style and those it is based on, the basest first; a loop ends."""
        if (name, kind) not in self._chains:
            first = name if name in self.by_id else self.usual.get(kind, "")
            self._chains[name, kind] = list(self._up(first))[::-1]
        return self._chains[name, kind]

    def _up(self, name: str) -> Iterator[Element]:
        found: list[Element] = []
        while (style := self.by_id.get(name)) is not None and len(found) < _LONGEST_CHAIN:
            if style in found:
                return
            found.append(style)
            yield style
            name = value(style, "basedOn")

    def looks(self, run: Element | None, paragraph: Element | None, ground: Backdrop) -> Looks:
        """Return how a run looks, by its own and its paragraph's properties (w:rPr, w:pPr)."""
        shading = child(paragraph, "shd") if paragraph is not None else None
        key = _written(run), value(paragraph, "pStyle"), _written(shading), ground
        if key not in self._known:
            self._known[key] = self._resolved(run, paragraph, ground)
        return self._known[key]

    def _resolved(self, run: Element | None, paragraph: Element | None, ground: Backdrop) -> Looks:
        levels = [
            list(ground.levels),
            _runs(self.chain(value(paragraph, "pStyle"), "paragraph")),
            _runs(self.chain(value(run, "rStyle"), "character")),
        ]
        direct = [run] if run is not None else []
        flat = [*([self.defaults] if self.defaults is not None else ()), *_flat(levels), *direct]
        behind = self._behind(flat, paragraph, ground)
        return Looks(
            _height(flat),
            self._toggled("strike", levels, run) or _last_toggle(flat, "dstrike"),
            self._toggled("vanish", levels, run) or _unseen(flat, behind),
            _font(flat),
        )

    def _toggled(self, name: str, levels: list[list[Element]], run: Element | None) -> bool:
        """Return a toggle's value: levels of styles that set it undo each other, a run decides."""
        own = toggle(run, name)
        if own is not None:
            return own
        if toggle(self.defaults, name):
            return True
        return sum(_last_toggle(level, name) for level in levels) % 2 == 1

    def _behind(
        self, flat: list[Element], paragraph: Element | None, ground: Backdrop
    ) -> str | None:
        """Return the colour behind a run; None where a pattern makes it."""
        chain = self.chain(value(paragraph, "pStyle"), "paragraph")
        boxes = [own for style in chain if (own := child(style, "pPr")) is not None]
        color = ground.color
        for properties in [*boxes, *([paragraph] if paragraph is not None else ()), *flat]:
            color = shade(properties, color)
        marked = next((m for p in reversed(flat) if (m := value(p, "highlight"))), "none")
        return color if marked == "none" else _HIGHLIGHTS.get(marked)


_HIGHLIGHTS = {
    "white": _WHITE, "black": "000000", "yellow": "FFFF00", "green": "00FF00", "cyan": "00FFFF",
    "magenta": "FF00FF", "blue": "0000FF", "red": "FF0000", "darkGray": "808080",
    "lightGray": "C0C0C0",
}  # fmt: skip


def shade(properties: Element | None, before: str | None) -> str | None:
    """Return the colour that a w:shd lays over what was there before; None for a pattern."""
    found = child(properties, "shd") if properties is not None else None
    if found is None:
        return before
    pattern = attribute(found, "val") or "clear"
    if pattern == "solid":
        color = (attribute(found, "color") or "auto").upper()
        return "000000" if color == "AUTO" else color
    if pattern not in ("clear", "nil"):
        return None
    fill = (attribute(found, "fill") or "auto").upper()
    return before if fill == "AUTO" else fill


def _written(element: Element | None) -> bytes:
    return b"" if element is None else etree.tostring(element, with_tail=False)


def _runs(styles: Iterable[Element]) -> list[Element]:
    return [own for style in styles if (own := child(style, "rPr")) is not None]


def _flat(levels: Iterable[Iterable[Element]]) -> Iterator[Element]:
    for level in levels:
        yield from level


def _last_toggle(level: Iterable[Element], name: str) -> bool:
    found = [state for properties in level if (state := toggle(properties, name)) is not None]
    return bool(found) and found[-1]


def _height(flat: list[Element]) -> Height:
    aligned = [own for properties in flat if (own := value(properties, "vertAlign"))]
    if aligned and aligned[-1] in ("superscript", "subscript"):
        return Height.RAISED if aligned[-1] == "superscript" else Height.LOWERED
    shifts = [at for properties in flat if (at := number(properties, "position")) is not None]
    if not shifts or abs(shifts[-1]) < _LIFTED * _size(flat):
        return Height.LINE
    return Height.LIFTED if shifts[-1] > 0 else Height.SUNK


def _size(flat: list[Element]) -> int:
    sizes = [own for properties in flat if (own := number(properties, "sz")) is not None]
    return sizes[-1] if sizes else _USUAL_SIZE


def _unseen(flat: list[Element], behind: str | None) -> bool:
    """Say whether text is too small, of no colour, or of the colour behind it."""
    if _size(flat) < _SMALLEST:
        return True
    if any(_has_no_fill(properties) for properties in flat[-1:]):
        return True
    colors = [own.upper() for properties in flat if (own := value(properties, "color"))]
    if not colors or colors[-1] == "AUTO" or behind is None:
        return False
    return _alike(colors[-1], behind)


def _has_no_fill(properties: Element) -> bool:
    fill = child(properties, "textFill")
    return fill is not None and child(fill, "noFill") is not None


def _alike(one: str, other: str) -> bool:
    try:
        parts = [(int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (0, 2, 4)]
    except ValueError:
        return False
    return all(abs(first - second) <= _NEAR for first, second in parts)


def _font(flat: list[Element]) -> str:
    name = ""
    for properties in flat:
        fonts = child(properties, "rFonts")
        if fonts is not None:
            name = attribute(fonts, "ascii") or attribute(fonts, "hAnsi") or name
    return name.casefold()
