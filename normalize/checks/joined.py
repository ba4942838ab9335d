"""Texts of two cells in one, the other one blank: what a conversion joined is not read as one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from common.fold import clean, fold
from normalize.checks.displaced import UsualPoints, usual_points
from normalize.findings.ledger import Place, PlacedDoubt
from normalize.model.doubt import doubt
from normalize.model.table import LogicalCell
from normalize.points.cell import plain_points
from normalize.records.decisions import LEVELS
from normalize.records.model import Record, TableContext
from schemas.records.notice import Alternative

_NUMBER = re.compile(r"[0-9]+(?:[.,，][0-9]+)*")
_NAME_AND_POINTS = re.compile(
    r"(?P<name>.*(?:\s|[)）\]】]))(?P<points>[0-9]+(?:\.[0-9]+)?)", re.DOTALL
)


def joined_cells(records: Sequence[Record], context: TableContext) -> Iterator[PlacedDoubt]:
    """Doubt targets that may be those of several entities, and names that may end with points."""
    usual = usual_points(records)
    for record in records:
        yield from _joined_targets(record, context)
        if usual is not None and not context.decided.has(record.indicator.serial_no, "indicator"):
            yield from _joined_points(record, usual, context)


def _joined_targets(record: Record, context: TableContext) -> Iterator[PlacedDoubt]:
    serial_no = record.indicator.serial_no
    entities = [entity for entity in context.entities if entity in record.targets]
    cells = [record.targets[entity].cell for entity in entities]
    for places in _covering(cells):
        if len(places) == 1:
            continue
        inside = [entities[place] for place in places]
        text = next(filter(clean, (cells[place].text for place in places)))
        others = [cell.text for place, cell in enumerate(cells) if place not in places]
        pieces = _pieces(text, others)
        for entity in inside if 1 < len(pieces) <= len(inside) else ():
            sign = doubt("cells_joined.targets", pieces, text=clean(text), listed="、".join(pieces))
            held = Place(serial_no, entity, "target_text", record.targets[entity].cell)
            yield PlacedDoubt(sign, held, [(serial_no, entity)])


def _covering(cells: Sequence[LogicalCell]) -> Iterator[range]:
    """Yield the places of each printed text with those beside it that have no text of their own."""
    if all(cell.text for cell in cells) and all(a.sources != b.sources for a, b in pairwise(cells)):
        return
    for place, cell in enumerate(cells):
        begins = place == 0 or cells[place - 1].sources != cell.sources
        if clean(cell.text) and begins:
            before = takewhile(lambda cell: not clean(cell.text), reversed(cells[:place]))
            yield range(place - len(list(before)), place + len(list(_behind(cells, place))))


def _behind(cells: Sequence[LogicalCell], place: int) -> Iterator[LogicalCell]:
    """Return the cell at a place with those behind it that it may reach over."""
    sources = cells[place].sources
    return takewhile(lambda cell: cell.sources == sources or not clean(cell.text), cells[place:])


def _pieces(text: str, others: Sequence[str]) -> list[str]:
    """Return the targets that a text holds one behind the other: alike, or like others of the row.

    One alone where it may be one target.
    """
    printed = text.split()
    forms = {_form(piece) for piece in printed}
    if len(printed) > 1 and (len(forms) == 1 or forms <= {_form(other) for other in others}):
        return printed
    whole = clean(text)
    form = _form(whole)
    half = form[: len(form) // 2]
    if form != 2 * half:  # nor need any be looked at
        return [whole]
    halves = ((whole[:cut], whole[cut:]) for cut in range(2, len(whole) - 1))
    return next(([a, b] for a, b in halves if half == _form(a) == _form(b)), [whole])


def _form(text: str) -> str:
    """Return a text without what differs from one entity's target to another's: the numbers."""
    return _NUMBER.sub("0", fold(text))


def _joined_points(
    record: Record, usual: UsualPoints, context: TableContext
) -> Iterator[PlacedDoubt]:
    """Doubt a name that ends with a number where the row has no points, or unusual ones."""
    held, slot = record.printed.cells[-1], record.printed.slots[-1]
    found = _NAME_AND_POINTS.fullmatch(held.text.strip())
    points = plain_points(found["points"]) if found else None
    if found is None or points is None or not usual.fits(points) or _has_own(record, usual):
        return
    serial_no, weight = record.indicator.serial_no, record.weight
    name = clean(found["name"])
    touched = [(serial_no, entity) for entity in context.entities]
    text = clean(held.text)
    yield PlacedDoubt(
        doubt("cells_joined.name", (name,), text=text, points=points),
        Place(serial_no, None, LEVELS[slot], held),
        touched,
    )
    meant = [Alternative(found["points"], max_points=points, entity=e) for e in context.entities]
    if not weight.decided:
        sign = doubt("cells_joined.points", meant, text=text, points=points)
        yield PlacedDoubt(sign, Place(serial_no, None, "max_points", weight.cell), touched)


def _has_own(record: Record, usual: UsualPoints) -> bool:
    """Say whether a row has points of its own that are like those of other rows."""
    weight = record.weight
    printed = plain_points(weight.cell.text) if weight.cell is not None else None
    own = weight.first_serial == record.indicator.serial_no
    return own and printed is not None and usual.fits(printed)
