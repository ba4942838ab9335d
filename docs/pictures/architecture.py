"""Draws the packages of the program by their imports: ``python -m docs.pictures.architecture``.

Rooms stand in layers; a layer imports only layers below it. Within a room a package imports only
packages of rows below its own. ``tests/test_architecture.py`` holds the picture to the imports.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from bench.house import floors, modules, package_graph

PICTURE = Path(__file__).with_name("architecture.svg")
LAYERS = (
    ("flows",),
    ("extract", "normalize", "returns", "scoring"),
    ("warehouse", "compare", "report"),
    ("schemas",),
    ("common",),
)
"""The seven rooms in the middle import none of each other; they are drawn in two rows."""

WHAT = {
    "flows": "command line, jobs, Prefect flows",
    "extract": "document → printed cells",
    "normalize": "cells → indicators, targets, findings",
    "returns": "returned forms → values",
    "scoring": "targets + returns → scores, traces",
    "warehouse": "Parquet snapshots, DuckDB views",
    "compare": "what changed between two notices",
    "report": "forms, review page, site, workbooks",
    "schemas": "every table, record and word, once",
    "common": "what several rooms need: folding, numbers, files, messages",
}
CHARACTER, LINE, GAP, PAD = 6.6, 22, 6, 12
WIDTH = 1120


@dataclass(frozen=True, slots=True)
class Room:
    """A room as drawn: its name and, the highest floor first, the packages of each floor."""

    name: str
    rows: tuple[tuple[str, ...], ...]

    def lines(self, width: float) -> list[list[str]]:
        """Return the rows broken where they are too wide."""
        found: list[list[str]] = []
        for row in self.rows:
            line: list[str] = []
            for name in row:
                if line and _width([*line, name]) > width - 2 * PAD:
                    found.append(line)
                    line = []
                line.append(name)
            found.append(line)
        return found


def rooms() -> dict[str, Room]:
    """Return every room with its packages by floors, as the imports have them."""
    graph = package_graph()
    found = {}
    for layer in LAYERS:
        for room in layer:
            by_floor: dict[int, list[str]] = defaultdict(list)
            for name, floor in floors(graph, room).items():
                by_floor[floor].append(name.removeprefix(f"{room}."))
            rows = (tuple(sorted(by_floor[floor])) for floor in sorted(by_floor, reverse=True))
            found[room] = Room(room, tuple(rows))
    return found


def svg() -> str:
    """Return the picture."""
    drawn, top = [], 10.0
    for layer in LAYERS:
        body, height = _layer(layer, top)
        drawn += body
        top += height + 14
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{top:.0f}" '
        f'viewBox="0 0 {WIDTH} {top:.0f}" font-family="sans-serif" font-size="12">'
    )
    ground = f'<rect width="{WIDTH}" height="{top:.0f}" fill="#fff"/>'
    return "\n".join([head, ground, *drawn, "</svg>", ""])


def _layer(names: tuple[str, ...], top: float) -> tuple[list[str], float]:
    every = rooms()
    width = (WIDTH - 20 - 14 * (len(names) - 1)) / len(names)
    lines = {name: every[name].lines(width) for name in names}
    height = 52 + max(len(rows) for rows in lines.values()) * (LINE + GAP)
    body: list[str] = []
    for place, name in enumerate(names):
        left = 10 + place * (width + 14)
        body += _room(name, lines[name], (left, top, width, height))
    return body, height


def _room(
    name: str, rows: list[list[str]], box: tuple[float, float, float, float]
) -> Iterator[str]:
    left, top, width, height = box
    files = sum(each.room == name for each in modules())
    yield (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" rx="6" '
        'fill="#f6f8fa" stroke="#57606a"/>'
    )
    yield (
        f'<text x="{left + PAD:.1f}" y="{top + 20:.1f}" font-weight="bold" font-size="14">'
        f'{name}/ <tspan font-weight="normal" font-size="11" fill="#57606a">{files} modules'
        "</tspan></text>"
    )
    yield (
        f'<text x="{left + PAD:.1f}" y="{top + 37:.1f}" font-size="11" fill="#57606a">'
        f"{escape(WHAT[name])}</text>"
    )
    for number, row in enumerate(rows):
        x, y = left + PAD, top + 46 + number * (LINE + GAP)
        for package in row:
            size = _width([package])
            yield (
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{size:.1f}" height="{LINE}" rx="4" '
                'fill="#ddf4ff" stroke="#54aeff"/>'
                f'<text x="{x + size / 2:.1f}" y="{y + 15:.1f}" text-anchor="middle" '
                f'font-size="11">{escape(package)}</text>'
            )
            x += size + GAP


def _width(names: list[str]) -> float:
    return sum(len(name) * CHARACTER + 12 for name in names) + GAP * (len(names) - 1)


if __name__ == "__main__":
    PICTURE.write_text(svg(), "utf-8")
