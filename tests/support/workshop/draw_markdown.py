"""Draws a grid as well-formed Markdown, where all but a span's first place become blank."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.support.workshop.front import front_lines
from tests.support.workshop.grid import Grid
from tests.support.workshop.logical import Notice


def markdown_text(notice: Notice, grid: Grid) -> str:
    """Return the notice as text with one Markdown table (one header row only)."""
    lines = [*front_lines(notice), notice.title]
    table = "\n".join(_rows(grid))
    return "\n\n".join([*lines, table, *notice.notes]) + "\n"


def draw_markdown(notice: Notice, grid: Grid, path: Path) -> None:
    """Write the notice as a Markdown file."""
    path.write_text(markdown_text(notice, grid), encoding="utf-8")


def _rows(grid: Grid) -> Iterator[str]:
    for row, places in enumerate(grid.filled()):
        cells = [
            span.text.replace("\n", "") if (span.row, span.column) == (row, column) else ""
            for column, span in enumerate(places)
        ]
        yield "| " + " | ".join(cells) + " |"
        if row == 0:
            yield "|" + "---|" * grid.column_count
