"""What a row as a whole must be: the price of a reading beyond that of its single cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log

from normalize.converted.costs import (
    ColumnPlan,
    Vocabulary,
    alike,
    cost,
    is_dash,
    is_number,
    is_quantity,
    key,
)
from normalize.converted.forms import Habits, NameForms, kinds_of
from normalize.converted.row import Reading
from normalize.model.table import Role
from schemas.records.document import Cell


@dataclass(frozen=True, slots=True)
class Row:
    """A body row of a converted table: its printed cells (blanks too) and their texts.

    ``first`` marks the first body row of its page, ``narrow`` a page that has no room for a level
    in two places. ``held`` names, for a heading's column, the heading that this row is known to be
    under: it is printed above the row and again below or in it.
    """

    part: int
    cells: tuple[Cell, ...]
    texts: tuple[str, ...]
    first: bool
    narrow: bool = False
    held: Mapping[int, str] = field(default_factory=dict)

    @property
    def suffix(self) -> str:
        """The ending of the odds that hold for its page."""
        return "_narrow" if self.narrow else ""


def priced(plan: ColumnPlan, row: Row, found: Sequence[Reading], habits: Habits) -> list[Reading]:
    """Return the readings with the price of the whole row, cheapest first.

    Of readings that place the texts alike only the cheapest is kept.
    """
    dearer = [
        replace(
            reading,
            cost=reading.cost
            + _price_of_the_whole(plan, row, reading)
            + _price_of_lone_headings(plan, reading, habits)
            + _price_of_the_names(plan, row, reading, habits.forms),
        )
        for reading in found
    ]
    kept: dict[tuple[tuple[int, ...], ...], Reading] = {}
    for reading in sorted(dearer, key=lambda r: r.cost):
        kept.setdefault(reading.places, reading)
    return list(kept.values())


def new_headings(plan: ColumnPlan, row: Row, reading: Reading) -> list[int]:
    """Return the heading columns that begin a heading here, not only print it again."""
    return [
        column
        for column in plan.headings
        if reading.filled(column)
        and not alike(row.held.get(column, ""), reading.text(column, row.texts))
    ]


def _price_of_the_whole(plan: ColumnPlan, row: Row, reading: Reading) -> float:
    """Return what the row costs for all that is odd about it as a whole, each by ``[row]``."""
    begun = new_headings(plan, row, reading)
    odd: tuple[tuple[str, int], ...] = (
        ("no_leaf", not any(map(reading.filled, plan.leaf))),
        ("no_target", not any(map(reading.filled, plan.targets))),
        ("group_over_heading", bool(begun) and _shares_points(plan, reading)),
        ("department_lost", _lost_its_department(plan, reading)),
        ("inside_another", sum(column in row.held for column in begun)),
        ("mixed", _mixed(plan, row.texts, reading)),
        ("gap_in_numbers", _gaps_in_numbers(plan, row.texts, reading)),
    )
    return sum(times * cost("row", name) for name, times in odd)


def _price_of_lone_headings(plan: ColumnPlan, reading: Reading, habits: Habits) -> float:
    return -log(habits.alone) if _lacks_deeper_headings(plan, reading) else 0.0


def _price_of_the_names(plan: ColumnPlan, row: Row, reading: Reading, forms: NameForms) -> float:
    """Return what the row costs for names that are like those of another kind."""
    return sum(forms.misfit(kind, name) for kind, name in kinds_of(plan, reading, row.texts))


def _shares_points(plan: ColumnPlan, reading: Reading) -> bool:
    return plan.points is not None and not reading.filled(plan.points)


def _lost_its_department(plan: ColumnPlan, reading: Reading) -> bool:
    """Say whether a row with points of its own has no department, and the row is not cut there."""
    assessing = [c for c in plan.departments if plan.role(c) is Role.ASSESSING]
    if plan.points is None or not reading.filled(plan.points) or not assessing:
        return False
    blank = not any(reading.filled(c) for c in assessing)
    return blank and any(reading.blanks[c] is not None for c in assessing)


def _lacks_deeper_headings(plan: ColumnPlan, reading: Reading) -> bool:
    filled = [column for column in plan.headings if reading.filled(column)]
    return bool(filled) and filled[-1] != plan.headings[-1]


def _mixed(plan: ColumnPlan, cells: Sequence[str], reading: Reading) -> bool:
    """Say whether the entities' targets are bare numbers and instructions in one row."""
    texts = [reading.text(column, cells) for column in plan.targets]
    values = [text for text in texts if text and not is_dash(text)]
    return any(map(is_number, values)) and not all(map(is_quantity, values))


def _gaps_in_numbers(plan: ColumnPlan, cells: Sequence[str], reading: Reading) -> int:
    """Count the runs of blanks beside targets of which several are numbers and none a text."""
    texts = [reading.text(column, cells) for column in plan.targets]
    values = [text for text in texts if text and not is_dash(text)]
    if len(values) < 2 or not all(map(is_quantity, values)):
        return 0
    return sum(not text and (i == 0 or bool(texts[i - 1])) for i, text in enumerate(texts))


def held_headings(plan: ColumnPlan, rows: Sequence[Row], known: Vocabulary) -> list[Row]:
    """Return the rows with the headings they are known to be under.

    A heading's rows are neighbours, so one that is printed again has all rows between, even where
    a single other text seems to stand between. Its name counts wherever in the row it stands.
    """
    held: list[dict[int, str]] = [{} for _ in rows]
    for column in plan.headings:
        prints = [
            (number, text)
            for number, row in enumerate(rows)
            for text in map(key, row.texts)
            if known.where(text)[column]
        ]
        for index, (number, text) in enumerate(prints):
            ahead = [n for n, other in prints[index + 1 : index + 3] if alike(other, text)]
            for inside in range(number + 1, ahead[0] + 1 if ahead else number + 1):
                held[inside][column] = text
    return [replace(row, held=names) for row, names in zip(rows, held, strict=True)]
