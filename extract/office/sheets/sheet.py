"""One sheet of a workbook as it prints: its present cells by place, and what a cell cannot hold."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from functools import lru_cache

from extract.office.sheets.cell_look import Seen as SeenText
from extract.office.sheets.cell_look import Style
from extract.office.sheets.number_format import show
from extract.office.sheets.overlays import CellOverlay
from schemas.records.document import Seen

Range = tuple[int, int, int, int]  # first row, first column, last row, last column; 1-based

MAX_READ = 1_000_000
"""The most cells of a sheet that are read, blank ones too."""
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})$")


@dataclass(frozen=True, slots=True)
class Stored:
    """What a cell holds, apart from how it prints: a number with all its digits and its format.

    ``kind`` is number, text, bool, error or date (written as one); ``value`` is as stored, '' for
    nothing; ``formula``: it is calculated.
    """

    kind: str
    value: str
    code: str
    formula: bool = False


@dataclass
class Sheet:
    """One sheet's present cells by place, and what was met that a cell cannot hold."""

    name: str
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    boxed_rows: set[int] = field(default_factory=set)
    merges: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    rows_hidden: bool = False
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    uncalculated: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    conditional: list[str] = field(default_factory=list)
    unevaluated: list[str] = field(default_factory=list)
    spread: dict[int, set[int]] = field(default_factory=dict)
    gone: dict[tuple[int, int], Seen] = field(default_factory=dict)
    unsized: set[int] = field(default_factory=set)
    overlays: list[CellOverlay] = field(default_factory=list)

    def column_hidden(self, column: int) -> bool:
        """Say whether a column is hidden."""
        return any(first <= column <= last for first, last in self.hidden_columns)

    def show(self, number: float, code: str, name: str, *, epoch_1904: bool) -> str | None:
        """Return a number as its format prints it; what is not sure of that is kept by name."""
        shown = _show(number, code, epoch_1904) if math.isfinite(number) else None
        if shown is None or not shown[1]:
            self.unsure.append(name)
        return shown[0] if shown is not None else None

    def put(self, row: int, column: int, printed: SeenText, stored: Stored) -> None:
        """Keep a cell's text, and by its name what of it is struck out or cannot be seen."""
        name = f"{letters(column)}{row}"
        if printed.struck:
            self.struck.append(f"{name}：{printed.struck}")
        blank = stored.value if printed == SeenText() and stored.kind == "number" else ""
        if gone := printed.hidden or blank:
            self.unseen.append(f"{name}：{gone}")
        if stored.kind == "error":
            self.errors.append(f"{name}：{stored.value}")
        if printed.text:
            self.texts[row, column] = printed.text
        elif gone or printed.struck:
            why = "struck" if printed.struck else "hidden"
            self.gone[row, column] = Seen(why, printed.struck or gone)

    def box(self, row: int, column: int, style: Style) -> None:
        """Keep what a cell's style draws around it, whether it holds a text or not."""
        if style.boxed:
            self.boxed_rows.add(row)
        if style.spread:
            self.spread.setdefault(row, set()).add(column)

    def join_spread(self) -> None:
        """Let a text that is centred over the blank cells beside it reach over them."""
        for row, columns in self.spread.items():
            first = 0
            for column in sorted(columns):
                if (row, column) in self.texts or not first:
                    first = column if (row, column) in self.texts else 0
                elif column + 1 not in columns or (row, column + 1) in self.texts:
                    self.merges.append((row, first, row, column))
                    first = 0
                elif column - 1 not in columns:
                    first = 0


@dataclass(frozen=True, slots=True)
class Printed:
    """A sheet of a workbook, whether it is hidden as a whole, and the areas that it prints."""

    sheet: Sheet
    hidden: bool
    areas: list[Range]


def reference(text: str) -> tuple[int, int] | None:
    """Return row and column of a reference such as B12; None for anything else."""
    match = _REFERENCE.match(text)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def letters(column: int) -> str:
    """Return a column's letters: 1 is A, 28 is AB."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


@lru_cache(maxsize=4096)
def _show(number: float, code: str, epoch_1904: bool) -> tuple[str, bool]:
    shown = show(number, code, epoch_1904=epoch_1904)
    return shown.text, shown.sure
