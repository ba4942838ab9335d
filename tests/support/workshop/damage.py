"""Damages a drawn Markdown text as conversions do, and says what was damaged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

_SEPARATOR = re.compile(r"\|[\s|:-]*-[\s|:-]*")
_EXCEPTION = re.compile(r"（([^（）\d]+)\d+(?:\.\d+)?）")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Damage:
    """One damaged line: its 1-based number, what was done, and the line before."""

    line: int
    what: str
    before: str


def damaged(text: str, seed: int, share: float = 0.15) -> tuple[str, list[Damage]]:
    """Damage a share of a Markdown table's rows, each in one way; the same seed, the same text."""
    random = Random(seed)
    lines = text.split("\n")
    damages: list[Damage] = []
    for number in body_lines(lines):
        if random.random() >= share:
            continue
        name, hurt = random.choice(list(WAYS.items()))
        cells = cells_of(lines[number])
        after = hurt(list(cells), random)
        if after is not None and after != cells:
            damages.append(Damage(number + 1, name, lines[number]))
            lines[number] = line_of(after)
    return "\n".join(lines), damages


def with_moved_header_blank(text: str, seed: int) -> tuple[str, list[Damage]]:
    """Move the header's blank cell (level 3 printed as two columns) to the header's end."""
    lines = text.split("\n")
    header = next(number for number, line in enumerate(lines) if line.startswith("|"))
    cells = cells_of(lines[header])
    blanks = [place for place, cell in enumerate(cells) if not cell]
    if not blanks:
        return text, []
    blank = Random(seed).choice(blanks)
    before = lines[header]
    lines[header] = line_of([*cells[:blank], *cells[blank + 1 :], ""])
    return "\n".join(lines), [Damage(header + 1, "header_blank_moved", before)]


def body_lines(lines: list[str]) -> Iterator[int]:
    """Yield the 0-based numbers of the lines of tables' bodies."""
    after_separator = False
    for number, line in enumerate(lines):
        if _SEPARATOR.fullmatch(line):
            after_separator = True
        elif not line.startswith("|"):
            after_separator = False
        elif after_separator:
            yield number


def cells_of(line: str) -> list[str]:
    """Return the texts of a line's cells."""
    return [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]


def line_of(cells: list[str]) -> str:
    """Print cells as a line."""
    return "| " + " | ".join(cells) + " |"


def leading_dropped(cells: list[str], random: Random) -> list[str] | None:
    """Drop blank leading cells (merged ones): the row moves left."""
    blanks = next((place for place, cell in enumerate(cells) if cell), len(cells))
    if not blanks:
        return None
    dropped = random.randint(1, min(blanks, 3))
    return cells[dropped:] + [""] * (dropped if random.random() < 0.5 else 0)


def last_cut(cells: list[str], _random: Random) -> list[str] | None:
    """Shift the row right by one; its last cell falls off."""
    return ["", *cells[:-1]]


def bracket_number_lost(cells: list[str], _random: Random) -> list[str] | None:
    """Lose the number of a weight's exception: 1（高新区2） becomes 1（高新区）."""
    for place, cell in enumerate(cells):
        if cell[:1].isdigit() and _EXCEPTION.search(cell):
            return [*cells[:place], _EXCEPTION.sub(r"（\1）", cell, count=1), *cells[place + 1 :]]
    return None


def bracket_lost(cells: list[str], _random: Random) -> list[str] | None:
    """Lose a whole exception: 1（高新区2） becomes 1."""
    for place, cell in enumerate(cells):
        if cell[:1].isdigit() and _EXCEPTION.search(cell):
            return [*cells[:place], _EXCEPTION.sub("", cell, count=1), *cells[place + 1 :]]
    return None


def digit_changed(cells: list[str], random: Random) -> list[str] | None:
    """Change one digit of one cell."""
    places = [place for place, cell in enumerate(cells) if _DIGIT.search(cell)]
    if not places:
        return None
    place = random.choice(places)
    found = random.choice(list(_DIGIT.finditer(cells[place])))
    other = random.choice([digit for digit in "0123456789" if digit != found.group()])
    text = cells[place][: found.start()] + other + cells[place][found.end() :]
    return [*cells[:place], text, *cells[place + 1 :]]


def spaces_in_text(cells: list[str], random: Random) -> list[str] | None:
    """Put a space inside a Chinese text."""
    places = [place for place, cell in enumerate(cells) if len(cell) > 3]
    if not places:
        return None
    place = random.choice(places)
    middle = random.randint(1, len(cells[place]) - 1)
    text = cells[place][:middle] + " " + cells[place][middle:]
    return [*cells[:place], text, *cells[place + 1 :]]


def half_width(cells: list[str], _random: Random) -> list[str] | None:
    """Print brackets and commas in half width."""
    return [cell.translate(str.maketrans("（），", "(),")) for cell in cells]


def level_moved(cells: list[str], _random: Random) -> list[str] | None:
    """Print a level-1 name in the level-2 column of a row that has none."""
    if len(cells) < 3 or not cells[0] or cells[1]:
        return None
    return ["", cells[0], *cells[2:]]


WAYS: dict[str, Callable[[list[str], Random], list[str] | None]] = {
    "leading_dropped": leading_dropped,
    "last_cut": last_cut,
    "bracket_number_lost": bracket_number_lost,
    "bracket_lost": bracket_lost,
    "digit_changed": digit_changed,
    "spaces_in_text": spaces_in_text,
    "half_width": half_width,
    "level_moved": level_moved,
}
