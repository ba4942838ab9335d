"""Where an indicator stands in print: pictures cut out of the pages, or the texts of its row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common.processes import pages_done
from report.boxes import Edges, edges_of
from report.pictures.pages import lightest, main_turn
from report.review.places import Places
from report.review.row_places import lines_of
from report.site.model import Crop
from schemas.records.rows import CellRow, IndicatorRow, TargetRow

if TYPE_CHECKING:
    from PIL.Image import Image

#: Pixels a point of the page: 8-point characters stay sharp on a screen and in print.
SCALE = 2.0
_MARGIN = 5.0
#: A strip of a drawn table takes 5 to 30 KB without loss; what takes more is a photograph.
_LIGHT = 60_000

Mark = tuple[str, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Strip:
    """A part of a page to cut out: ``box`` and the entities' cells in it, in points."""

    serial_no: int
    page: int
    box: Edges
    marks: tuple[Mark, ...]


def strips(
    cells: Sequence[CellRow],
    indicators: Sequence[IndicatorRow],
    targets: Sequence[TargetRow],
    places: Places,
) -> list[Strip]:
    """Return the parts of pages that show each indicator's name, points and targets."""
    widths = _widths(cells)
    boxes: dict[tuple[int, int], list[tuple[str, Edges]]] = {}

    def add(serial_no: int, entity: str, row: CellRow | TargetRow) -> None:
        page, edges = row["page"], edges_of(row)
        if page is not None and edges is not None:
            boxes.setdefault((serial_no, page), []).append((entity, edges))

    for indicator in indicators:
        for field in ("indicator", "base_points"):
            number = places.fields.get((indicator["serial_no"], field))
            if number is not None:
                add(indicator["serial_no"], "", cells[number])
    for target in targets:
        add(target["serial_no"], target["entity"], target)
    return [
        _strip(serial_no, page, found, widths[page])
        for (serial_no, page), found in sorted(boxes.items())
        if page in widths and any(entity for entity, _ in found)
    ]


def draw_strips(source: Path, folder: Path, wanted: Sequence[Strip]) -> dict[int, list[Crop]]:
    """Cut the strips out of a PDF's pages into ``folder``, each page drawn once; by serial_no."""
    import pypdfium2

    found: dict[int, list[Crop]] = {}
    with pypdfium2.PdfDocument(source.read_bytes()) as document:
        pages = sorted({strip.page for strip in wanted if strip.page <= len(document)})
        for done, page in enumerate(pages):
            pages_done(done, len(pages))
            drawn = _drawn(document[page - 1])
            for strip in wanted:
                if strip.page == page:
                    found.setdefault(strip.serial_no, []).append(_cut(drawn, strip, folder))
    return found


def printed_rows(cells: Sequence[CellRow], places: Places) -> dict[int, list[tuple[str, str]]]:
    """Return each indicator's printed row, heading and text of each cell, where no page is shown.

    A cell's heading is what is printed above it over the first indicator of its table.
    """
    lines = {(line.table_no, line.row): line for line in lines_of(cells)}
    heads = _heads(cells, places)
    found = {}
    for serial_no, (table_no, first, _) in places.rows.items():
        line = lines.get((table_no, first))
        if line is not None:
            own = [cells[number] for number in line.numbers]
            found[serial_no] = [
                (heads.get((table_no, each["column"]), ""), each["text"]) for each in own
            ]
    return found


def _heads(cells: Sequence[CellRow], places: Places) -> dict[tuple[int, int], str]:
    """Return what stands over each column of each table, from the top down, but for titles."""
    tops: dict[int, int] = {}
    for table_no, first, _ in places.rows.values():
        tops[table_no] = min(first, tops.get(table_no, first))
    widths: dict[int, int] = {}
    for cell in cells:
        last = cell["column"] + cell["column_span"] - 1
        widths[cell["table_no"]] = max(last, widths.get(cell["table_no"], 0))
    found: dict[tuple[int, int], list[str]] = {}
    for cell in sorted(cells, key=lambda each: (each["table_no"], each["row"])):
        table_no, span = cell["table_no"], cell["column_span"]
        is_title = span >= widths[table_no] or not cell["text"]
        if cell["row"] < tops.get(table_no, 0) and not is_title:
            for column in range(cell["column"], cell["column"] + span):
                own = found.setdefault((table_no, column), [])
                own += [cell["text"]] * (cell["text"] not in own)
    return {place: " › ".join(texts) for place, texts in found.items()}


def _widths(cells: Sequence[CellRow]) -> dict[int, tuple[float, float]]:
    """Return how far the tables of each page reach, from left to right."""
    found: dict[int, tuple[float, float]] = {}
    for cell in cells:
        page, edges = cell["page"], edges_of(cell)
        if page is not None and edges is not None:
            left, right = found.get(page, (edges[0], edges[2]))
            found[page] = (min(left, edges[0]), max(right, edges[2]))
    return found


def _strip(
    serial_no: int,
    page: int,
    found: Sequence[tuple[str, Edges]],
    width: tuple[float, float],
) -> Strip:
    left = max(0.0, width[0] - _MARGIN)
    top = max(0.0, min(edges[1] for _, edges in found) - _MARGIN)
    bottom = max(edges[3] for _, edges in found) + _MARGIN
    merged: dict[Edges, list[str]] = {}
    for entity, edges in found:
        if entity:
            merged.setdefault(edges, []).append(entity)
    marks = tuple(
        ("、".join(entities), box[0] - left, box[1] - top, box[2] - left, box[3] - top)
        for box, entities in sorted(merged.items())
    )
    return Strip(serial_no, page, (left, top, width[1] + _MARGIN, bottom), marks)


def _drawn(page: Any) -> Image:
    turn = (-90 * main_turn(page)) % 360
    picture: Image = page.render(scale=SCALE, rotation=turn).to_pil().convert("RGB")
    return picture


def _cut(drawn: Image, strip: Strip, folder: Path) -> Crop:
    left, top, right, bottom = (round(edge * SCALE) for edge in strip.box)
    right, bottom = min(right, drawn.width), min(bottom, drawn.height)
    part = drawn.crop((left, top, max(right, left + 1), max(bottom, top + 1)))
    name = f"{strip.serial_no:03d}-{strip.page}.webp"
    (folder / name).write_bytes(lightest(part, _LIGHT))
    return Crop(strip.page, name, part.width / SCALE, part.height / SCALE, strip.marks)
