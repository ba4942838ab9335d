"""Texts of a document held against each other: cut ones, ones with another digit, missing units.

A notice says the same thing in the same words. A text that is the beginning of one printed
several times elsewhere, or that differs from it in one digit, may be damaged.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from common.fold import clean
from normalize.findings.ledger import Place, PlacedDoubt
from normalize.model.doubt import Doubt, doubt
from normalize.model.table import LogicalCell
from normalize.records.model import Record, TableContext
from normalize.text.clean import points_in
from schemas.vocabulary import ItemKind, Severity

_SHORTEST = 3  # characters from which a beginning shows anything
_SENTENCE = 8  # characters beside digits from which a sentence is the same but for a digit
_AGAIN = 2  # cells in which the other text must stand
_UNITS = 0.75  # share of rows of numbers with a unit from which a row without one is odd
_FEWEST = 4  # such rows
_SUMMED = 0.75  # share of headings that print their points from which one without is odd
_CLAUSE_ENDS = "，,。；;、（(《：:"
_CHINESE = re.compile("[㐀-鿿]")


def near_duplicate_doubts(
    records: Sequence[Record], context: TableContext
) -> Iterator[PlacedDoubt]:
    """Yield what the texts of the whole document say against single ones."""
    yield from _damaged_texts(records)
    for serial_no in _without_unit(records):
        if not context.decided.has(serial_no, "unit"):
            yield PlacedDoubt(
                doubt("unit_absent", severity=Severity.INFO), Place(serial_no, None, "unit")
            )
    for cell, serials in _headings_without_points(records, context):
        touched = [(serial_no, entity) for serial_no in serials for entity in context.entities]
        yield PlacedDoubt(
            doubt("heading_points_missing"), Place(serials[0], None, None, cell), touched
        )


def _damaged_texts(records: Sequence[Record]) -> Iterator[PlacedDoubt]:
    """Yield a doubt of each text that is there once and may be another one damaged."""
    printed = Counter(clean(cell.text) for cell in _target_cells(records))
    others = [other for other, cells in printed.items() if cells >= _AGAIN]
    as_long: defaultdict[int, list[str]] = defaultdict(list)
    for other in others:
        as_long[len(other)].append(other)
    for record in records:
        for entity, target in record.targets.items():
            text = clean(target.cell.text)
            if printed[text] == 1 and _CHINESE.search(text):
                target_of = record.indicator.serial_no, entity
                place = Place(*target_of, "target_text", target.cell)
                for odd in _text_doubts(text, others, as_long[len(text)]):
                    yield PlacedDoubt(odd, place, [target_of])


def _target_cells(records: Sequence[Record]) -> Iterator[LogicalCell]:
    cells = (target.cell for record in records for target in record.targets.values())
    yield from {id(cell): cell for cell in cells}.values()


def _text_doubts(text: str, others: Sequence[str], as_long: Sequence[str]) -> Iterator[Doubt]:
    """Yield what texts that are printed several times say against one that is there once.

    ``as_long`` are those of them that are as long as it.
    """
    longer = [other for other in others if other.startswith(text)]
    if whole := next((other for other in longer if _is_cut(text, other)), None):
        yield doubt("target_cut", (text, whole), text=text, whole=whole)
    elif alike := next((other for other in as_long if _differs_by_a_digit(text, other)), None):
        severity = Severity.INFO
        yield doubt("digit_differs", (text, alike), severity=severity, text=text, other=alike)


def _is_cut(text: str, whole: str) -> bool:
    """Tell whether a text that another one begins with breaks off within a clause."""
    return len(whole) > len(text) >= _SHORTEST and whole[len(text)] not in _CLAUSE_ENDS


def _differs_by_a_digit(text: str, other: str) -> bool:
    if len(re.sub(r"[\d.%]", "", text)) < _SENTENCE:
        return False
    unlike = [(a, b) for a, b in zip(text, other, strict=True) if a != b]
    return len(unlike) == 1 and all(sign.isdecimal() for sign in unlike[0])


def _without_unit(records: Sequence[Record]) -> list[int]:
    """Return the rows of bare numbers without a unit, where nearly all such rows have one."""
    rows = [record for record in records if _has_bare_numbers(record)]
    odd = (record for record in rows if not (_has_unit(record) or _is_a_count(record)))
    bare = [record.indicator.serial_no for record in odd]
    return bare if len(rows) >= _FEWEST and len(bare) <= (1 - _UNITS) * len(rows) else []


def _has_bare_numbers(record: Record) -> bool:
    return any(target.typed.kind == "number" for target in record.targets.values())


def _is_a_count(record: Record) -> bool:
    """Tell whether the name is that of a pure number (指数, 系数, 次数)."""
    return record.indicator.indicator.endswith("数")


def _has_unit(record: Record) -> bool:
    numbers = [t.typed for t in record.targets.values() if t.typed.kind == "number"]
    return record.indicator.unit is not None or all(typed.unit for typed in numbers)


def _headings_without_points(
    records: Sequence[Record], context: TableContext
) -> Iterator[tuple[LogicalCell, list[int]]]:
    """Yield headings without points behind their name, where nearly all of their level have some.

    Each with the rows under it. Headings of bonus items and the like are no part of the whole.
    """
    under: dict[int, dict[int, tuple[LogicalCell, list[int]]]] = {}
    for record in records:
        levels = record.printed
        scored = record.weight.reading.kind is ItemKind.SCORED
        for cell, slot in list(zip(levels.cells, levels.slots, strict=True))[:-1]:
            if scored and clean(cell.text):
                entry = under.setdefault(slot, {}).setdefault(id(cell), (cell, []))
                entry[1].append(record.indicator.serial_no)
    for headings in under.values():
        bare = [entry for entry in headings.values() if points_in(entry[0].text) is None]
        if len(headings) - len(bare) >= max(_SUMMED * len(headings), _AGAIN):
            yield from bare
