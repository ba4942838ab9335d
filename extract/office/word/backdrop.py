"""What a table's style lays behind its cells and over their text: heads, edges and bands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from extract.files.package import Element, attribute, child
from extract.office.word.elements import OFF, children, value
from extract.office.word.looks import Backdrop, WordStyles, shade

_FLAGS = {
    "firstRow": 0x20, "lastRow": 0x40, "firstColumn": 0x80, "lastColumn": 0x100,
    "noHBand": 0x200, "noVBand": 0x400,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CellPlace:
    """A cell's place among the rows of its table and the cells of its row, 0-based."""

    row: int
    rows: int
    cell: int
    cells: int


@dataclass(slots=True)
class TableBackdrop:
    """A table's own shading, its style's parts by region, and which regions are told apart."""

    base: Backdrop = field(default_factory=Backdrop)
    regions: dict[str, list[Element]] = field(default_factory=dict)
    look: dict[str, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Element, styles: WordStyles, around: Backdrop) -> TableBackdrop:
        """Read a table's properties; ``around`` is what it lies on."""
        properties = child(table, "tblPr")
        ground = cls(Backdrop(color=around.color), look=_look(properties))
        for style in styles.chain(value(properties, "tblStyle"), "table"):
            ground.base = _laid(ground.base, style)
            for part in children(style, ("tblStylePr",)):
                ground.regions.setdefault(attribute(part, "type") or "", []).append(part)
        whole = ground.regions.pop("wholeTable", [])
        for part in whole:
            ground.base = _laid(ground.base, part)
        return replace(
            ground, base=replace(ground.base, color=shade(properties, ground.base.color))
        )

    def at(self, place: CellPlace, cell: Element) -> Backdrop:
        """Return the ground of a cell."""
        found = self.base
        for name in self._names(place) if self.regions else ():
            for part in self.regions.get(name, ()):
                found = _laid(found, part)
        color = shade(child(cell, "tcPr"), found.color)
        return found if color == found.color else replace(found, color=color)

    def _names(self, place: CellPlace) -> Iterator[str]:
        """Yield the regions that a cell is in; what comes later lies over what came before."""
        row = place.row - self.look["firstRow"]
        column = place.cell - self.look["firstColumn"]
        if not self.look["noVBand"]:
            yield f"band{column % 2 + 1}Vert"
        if not self.look["noHBand"]:
            yield f"band{row % 2 + 1}Horz"
        edges = (
            ("firstCol", "firstColumn", column < 0),
            ("lastCol", "lastColumn", place.cell == place.cells - 1),
            ("firstRow", "firstRow", row < 0),
            ("lastRow", "lastRow", place.row == place.rows - 1),
        )
        yield from (name for name, flag, there in edges if there and self.look[flag])


def _laid(ground: Backdrop, part: Element) -> Backdrop:
    """Return a ground with a style's own text properties and shading laid over it."""
    own = child(part, "rPr")
    levels = (*ground.levels, own) if own is not None else ground.levels
    return Backdrop(levels, shade(child(part, "tcPr"), shade(child(part, "tblPr"), ground.color)))


def _look(properties: Element | None) -> dict[str, bool]:
    found = child(properties, "tblLook") if properties is not None else None
    if found is None:
        return {name: name.startswith("no") for name in _FLAGS}
    try:
        bits = int(attribute(found, "val") or "0", 16)
    except ValueError:
        bits = 0
    return {
        name: (own.lower() not in OFF) if (own := attribute(found, name)) else bool(bits & flag)
        for name, flag in _FLAGS.items()
    }
