"""Build the goldens again from the documents' own markup and the hand-typed readings.

Uses nothing of the project's code: merged cells are what ``rowspan``/``colspan`` of the HTML and
``gridSpan``/``vMerge`` of the DOCX say, and the meaning of every target text is looked up in
``readings.csv``, which a person typed after reading each text. Run it to see what it would write
(``--write`` writes): ``python tests/goldens/derive.py --write``.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lxml import etree, html

HERE = Path(__file__).parent
NOTICES = HERE.parent / "fixtures" / "notices"
UNITS = {"%", "亿元", "万元", "万m²", "万公顷", "万亩", "万立方米", "万头"} | {
    *("件", "户", "家次", "人", "艘", "个", "处"),
}
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

INDICATOR_COLUMNS = [
    *("serial_no", "level1", "level2", "level3", "level4", "indicator", "unit", "weight_group"),
    *("base_points", "direction", "assessing_departments", "supporting_departments", "note"),
]
TARGET_COLUMNS = [
    *("serial_no", "entity", "status", "max_points", "target_text", "target_kind", "operator"),
    *("target_value", "target_unit", "parts", "inherited"),
]

Row = dict[str, str]


@dataclass(frozen=True)
class Spread:
    """A printed cell's text at one place it covers, and where its top-left corner stands."""

    text: str
    home: tuple[int, int]


Grid = dict[tuple[int, int], Spread]


@dataclass(frozen=True)
class Layout:
    """Where the columns of one document stand (1-based) and what a person said of its rows."""

    first_row: int
    level1: int
    level2: int
    leaf: tuple[int, ...]
    unit: int | None
    points: int
    entities: tuple[int, ...]
    department: int
    note: int | None
    lower_is_better: frozenset[int]


# Serials whose name or target says that less is better, chosen by reading the 106 and 67 names.
ZIYANG = Layout(
    first_row=2, level1=1, level2=2, leaf=(3, 4), unit=None, points=5,
    entities=(6, 7, 8, 9, 10), department=11, note=None,
    # debt ratio, price index rise, serious road accidents, unemployment, forest fire losses
    lower_is_better=frozenset({8, 49, 61, 66, 83}),
)  # fmt: skip
OTHER_CITY = Layout(
    first_row=3, level1=2, level2=3, leaf=(4,), unit=5, points=6,
    entities=(7, 8, 9, 10, 11, 12, 13, 14), department=15, note=16,
    # deaths in accidents, forest fire losses
    lower_is_better=frozenset({25, 56}),
)  # fmt: skip


def squeeze(text: str) -> str:
    """Remove every white space: Chinese text holds none of its own."""
    return re.sub(r"\s", "", text)


def html_grid(path: Path) -> Grid:
    """Spread the first table of an HTML page by its rowspan and colspan."""
    table = html.parse(str(path), html.HTMLParser(encoding="utf-8")).find(".//table")
    grid: Grid = {}
    for row, line in enumerate(table.iter("tr"), 1):
        column = 1
        for cell in line.iterchildren("td", "th"):
            while (row, column) in grid:
                column += 1
            for br in cell.iter("br"):
                br.tail = "\n" + (br.tail or "")
            spread = Spread(cell.text_content().strip(), (row, column))
            height, width = int(cell.get("rowspan", 1)), int(cell.get("colspan", 1))
            for r in range(row, row + height):
                grid.update({(r, c): spread for c in range(column, column + width)})
            column += width
    return grid


def docx_grid(path: Path) -> Grid:
    """Spread the first table of a DOCX by its gridSpan and vMerge."""
    root = etree.fromstring(zipfile.ZipFile(path).read("word/document.xml"))
    grid: Grid = {}
    for row, line in enumerate(next(root.iter(WORD + "tbl")).findall(WORD + "tr"), 1):
        column = 1
        for cell in line.findall(WORD + "tc"):
            span = cell.find(f"{WORD}tcPr/{WORD}gridSpan")
            merge = cell.find(f"{WORD}tcPr/{WORD}vMerge")
            paragraphs = cell.findall(WORD + "p")
            text = "\n".join("".join(t.text or "" for t in p.iter(WORD + "t")) for p in paragraphs)
            if merge is not None and merge.get(WORD + "val") != "restart":
                spread = grid[row - 1, column]
            else:
                spread = Spread(text.strip(), (row, column))
            width = 1 if span is None else int(span.get(WORD + "val") or 1)
            grid.update({(row, c): spread for c in range(column, column + width)})
            column += width
    return grid


def read_readings() -> dict[str, Row]:
    """Return the hand-typed meaning of each target text; parts as JSON."""
    with (HERE / "readings.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["target_text"]: row for row in csv.DictReader(file)}
    for row in rows.values():
        pieces = [piece.split("|") for piece in row["parts"].split(" / ") if piece]
        parts = [
            {"text": text, "subject": None if subject == "-" else subject,
             "operator": operator, "value": float(value), "unit": unit}
            for text, subject, operator, value, unit in pieces
        ]  # fmt: skip
        row["parts"] = json.dumps(parts, ensure_ascii=False)
    return rows


def points_of(text: str) -> tuple[float, dict[str, float]]:
    """Split a points cell such as 1（高新区2） into base and exceptions."""
    base, _, rest = squeeze(text).partition("（")
    return float(base), {e: float(p) for e, p in re.findall(r"([^\d（）.]+)([\d.]+)）", rest)}


def leaf_names(grid: Grid, row: int, layout: Layout) -> tuple[str, str]:
    """Return level 3 and level 4 as printed; level 4 empty where level 3 is not split."""
    cells = [grid[row, column] for column in layout.leaf]
    return squeeze(cells[0].text), squeeze(cells[-1].text) if cells[-1] is not cells[0] else ""


def name_and_unit(leaf: str, printed_unit: str | None) -> tuple[str, str]:
    """Take the unit out of the leaf's closing bracket, unless it has a column of its own."""
    if printed_unit is not None:
        return leaf, printed_unit
    match = re.fullmatch(r"(.+)[（(]([^（()）]+)[)）]", leaf)
    return (match[1], match[2]) if match and match[2] in UNITS else (leaf, "")


def indicator_row(grid: Grid, row: int, layout: Layout) -> Row:
    """Return one indicator of the golden."""
    serial = row - layout.first_row + 1
    level3, level4 = leaf_names(grid, row, layout)
    unit = None if layout.unit is None else squeeze(grid[row, layout.unit].text)
    name, unit = name_and_unit(level4 or level3, unit)
    return {
        "serial_no": str(serial),
        "level1": squeeze(grid[row, layout.level1].text),
        "level2": squeeze(grid[row, layout.level2].text),
        "level3": level3,
        "level4": level4,
        "indicator": name,
        "unit": unit,
        "weight_group": str(grid[row, layout.points].home[0] - layout.first_row + 1),
        "base_points": f"{points_of(grid[row, layout.points].text)[0]:g}",
        "direction": (
            "lower_is_better" if serial in layout.lower_is_better else "higher_is_better"
        ),
        "assessing_departments": "|".join(grid[row, layout.department].text.split()),
        "supporting_departments": "",
        "note": "" if layout.note is None else squeeze(grid[row, layout.note].text),
    }


def target_row(grid: Grid, place: tuple[int, int], layout: Layout, readings: dict[str, Row]) -> Row:
    """Return one target of the golden."""
    row, column = place
    cell, text = grid[place], squeeze(grid[place].text)
    entity = squeeze(grid[layout.first_row - 1, column].text)
    indicator = indicator_row(grid, row, layout)
    base, exceptions = points_of(grid[row, layout.points].text)
    if re.fullmatch(r"\d+(\.\d+)?", text):
        reading = {"target_kind": "number", "operator": ">=", "target_value": text,
                   "target_unit": indicator["unit"], "parts": "[]"}  # fmt: skip
    else:
        reading = readings[text]
    assessed = reading["target_kind"] != "none"
    return {
        **reading,
        "serial_no": indicator["serial_no"],
        "entity": entity,
        "status": "assessed" if assessed else "not_assessed",
        "max_points": f"{exceptions.get(entity, base):g}",
        "target_text": text if assessed else "",
        "inherited": "false" if cell.home == place else "true",
    }


def golden(grid: Grid, layout: Layout) -> tuple[list[Row], list[Row]]:
    """Return the indicators and the targets of one document."""
    readings = read_readings()
    rows = range(layout.first_row, max(row for row, _ in grid) + 1)
    indicators = [indicator_row(grid, row, layout) for row in rows]
    targets = [
        target_row(grid, (row, column), layout, readings)
        for row in rows
        for column in layout.entities
    ]
    return indicators, targets


def goldens() -> dict[Path, tuple[list[str], list[Row]]]:
    """Return every derived file with its columns and rows."""
    files: dict[Path, tuple[list[str], list[Row]]] = {}
    for folder, grid, layout in (
        ("ziyang-2020", html_grid(NOTICES / "2020" / "notice.html"), ZIYANG),
        ("other-city-2021", docx_grid(NOTICES / "2021-other-city" / "notice.docx"), OTHER_CITY),
    ):
        indicators, targets = golden(grid, layout)
        files[HERE / folder / "indicators.csv"] = (INDICATOR_COLUMNS, indicators)
        files[HERE / folder / "targets.csv"] = (TARGET_COLUMNS, targets)
    return files


def write(path: Path, columns: list[str], rows: Iterable[Row]) -> None:
    """Write one golden."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """Say what the documents give, and write it when asked."""
    for path, (columns, rows) in goldens().items():
        sys.stdout.write(f"{path.relative_to(HERE)}: {len(rows)} rows\n")
        if "--write" in sys.argv:
            write(path, columns, rows)


if __name__ == "__main__":
    main()
