"""Read what a sheet's drawing part anchors over its cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from extract.files.package import Element, Package, child, local
from extract.office.sheets.cell_look import is_set
from extract.office.sheets.overlays import CellOverlay

_EMU_PER_POINT = 12_700
_EMU_PER_PIXEL = 9_525
_DIGIT, _PADDING = 7, 5  # pixels: a digit of the usual font, and what a column adds
_COLUMN, _ROW = 8.43, 15.0  # widths of a digit; points
_MOST = 500
_FEW = 4  # columns with a width for each that has none, at least
_MOST_CELLS = 20_000  # in which the end of an anchor that states its size is looked for
_ANCHORS = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")
_LINES = frozenset({"line", "straightConnector1", "lineInv", "bentConnector3", "curvedConnector3"})


@dataclass(slots=True)
class Sizes:
    """How wide columns and how high rows are, by number from 1, as far as a sheet states it."""

    column: float = _COLUMN
    row: float = _ROW
    columns: list[tuple[int, int, float]] = field(default_factory=list)
    rows: dict[int, float] = field(default_factory=dict)

    def width(self, index: int) -> float:
        """Return a column's (0-based) width in EMU."""
        found = (size for first, last, size in self.columns if first <= index + 1 <= last)
        return (next(found, self.column) * _DIGIT + _PADDING) * _EMU_PER_PIXEL

    def left_out(self) -> set[int]:
        """Return the columns that alone have no width between others of one same width.

        A common program leaves out a column whose width is 0, which then is as wide as any.
        """
        stated = {first: size for first, last, size in self.columns if first == last}
        gaps = {
            each + 1
            for each, size in stated.items()
            if each + 1 not in stated and stated.get(each + 2) == size
        }
        return gaps if len(gaps) * _FEW <= len(stated) else set()

    def height(self, index: int) -> float:
        """Return a row's (0-based) height in EMU."""
        return self.rows.get(index + 1, self.row) * _EMU_PER_POINT


def overlays_of(package: Package, part: str, sizes: Sizes) -> list[CellOverlay]:
    """Return what the drawing of a sheet's part shows over its cells."""
    names = [
        target
        for kind, target in package.relations(part).values()
        if kind.endswith("/drawing") and target in package.names
    ]
    found = (each for name in names for each in _overlays(package.tree(name), sizes))
    return [each for each, _ in zip(found, range(_MOST), strict=False)]


def _overlays(root: Element, sizes: Sizes) -> Iterator[CellOverlay]:
    for anchor in root.iter(*(f"{{*}}{name}" for name in _ANCHORS)):
        edges, shown = _edges(anchor, sizes), list(_shown(anchor))
        if edges is not None and shown:
            yield _overlay(edges, shown)


def _shown(anchor: Element) -> Iterator[Element]:
    """Yield the shapes of an anchor that are not hidden; of alternatives the first."""
    for part in anchor:
        name = local(part)
        if name in ("AlternateContent", "grpSp"):
            yield from _shown(part)
        elif name == "Choice":
            yield from (each for each in part if local(each) in _SHAPES)
        elif name in _SHAPES and not _is_hidden(part):
            yield part


_SHAPES = frozenset({"sp", "pic", "cxnSp", "graphicFrame"})


def _is_hidden(shape: Element) -> bool:
    properties = next(shape.iter("{*}cNvPr"), None)
    return properties is not None and is_set(properties, "hidden")


Edges = tuple[float, float, float, float]


def _overlay(edges: Edges, shapes: Sequence[Element]) -> CellOverlay:
    texts = ["".join(t.text or "" for t in each.iter("{*}t")).strip() for each in shapes]
    if text := " ".join(filter(None, texts)):
        return CellOverlay(*edges, "text", text)
    if any(local(each) in ("pic", "graphicFrame") for each in shapes):
        return CellOverlay(*edges, "picture")
    return CellOverlay(*edges, "line" if all(map(_is_line, shapes)) else "shape")


def _is_line(shape: Element) -> bool:
    form = next(shape.iter("{*}prstGeom"), None)
    return local(shape) == "cxnSp" or (form is not None and form.get("prst") in _LINES)


def _edges(anchor: Element, sizes: Sizes) -> Edges | None:
    """Return the left, upper, right and lower edge in columns and rows."""
    start, end = child(anchor, "from"), child(anchor, "to")
    if start is not None and end is not None:
        left, top = _corner(start, sizes)
        return left, top, *_corner(end, sizes)
    place, size = child(anchor, "pos"), child(anchor, "ext")
    if size is None:
        return None
    if start is not None:
        left, top = _corner(start, sizes)
    elif place is not None:
        left = _beyond(0.0, _number(place.get("x")), sizes.width)
        top = _beyond(0.0, _number(place.get("y")), sizes.height)
    else:
        return None
    right = _beyond(left, _number(size.get("cx")), sizes.width)
    return left, top, right, _beyond(top, _number(size.get("cy")), sizes.height)


def _corner(place: Element, sizes: Sizes) -> tuple[float, float]:
    said: Mapping[str, int] = {local(part): _number(part.text) for part in place}
    column, row = said.get("col", 0), said.get("row", 0)
    across = said.get("colOff", 0) / (sizes.width(column) or 1)
    down = said.get("rowOff", 0) / (sizes.height(row) or 1)
    return column + min(max(across, 0.0), 1.0), row + min(max(down, 0.0), 1.0)


def _beyond(start: float, length: float, size: Callable[[int], float]) -> float:
    """Return the edge that lies ``length`` EMU beyond another one."""
    cell, within = int(start), start - int(start)
    for _ in range(_MOST_CELLS):
        rest = (1 - within) * size(cell)
        if length <= rest:
            return cell + within + (length / size(cell) if size(cell) else 0.0)
        length, cell, within = length - rest, cell + 1, 0.0
    return cell


def _number(text: str | None) -> int:
    known = (text or "").strip()
    return int(known) if known.isascii() and known.lstrip("-").isdigit() and len(known) < 14 else 0
