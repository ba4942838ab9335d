"""Rows that are no indicators: the continuation of a cut cell, headings across the table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from math import inf, log

from common.declared import declared_list
from common.fold import clean
from normalize.converted.costs import DEPARTMENTS, ColumnCosts, ColumnPlan, cost, is_dash, key, odds
from normalize.converted.resolved import ResolvedRow
from normalize.converted.row import Reading
from normalize.converted.row_prior import Row
from normalize.model.doubt import Doubt, doubt
from normalize.model.table import Role
from normalize.points.kinds import kind_in_name
from normalize.text.clean import unbalanced, without_points
from schemas.records.document import Cell
from schemas.vocabulary import Severity

_ORDINAL = re.compile(
    r"^(?:第?[一二三四五六七八九十]+[、．.部章]|[（(][一二三四五六七八九十]+[)）])"
)


@cache
def _ends() -> tuple[str, ...]:
    return declared_list("normalize", "align", "continuation", "ends")


@dataclass(frozen=True, slots=True)
class Continuation:
    """Where a continued text goes: the column of the row above, with the other columns near.

    ``known``: the two together are known from elsewhere. ``own_row``: it may as well be a row of
    its own.
    """

    cost: float
    column: int
    cell: Cell
    others: tuple[int, ...]
    known: bool = False
    own_row: bool = False


def heading_cost(costs: ColumnCosts, row: Row) -> float:
    """Return what it costs to take the row for a heading across the table; inf if it is none."""
    texts = {key(text) for text in row.texts if text}
    if len(texts) != 1 or not row.texts[0] or is_dash(row.texts[0]):
        return inf
    ordinal = _ORDINAL.match(clean(row.texts[0])) is not None
    name = min(
        costs.text(column, row.texts[0]) for column in (*costs.plan.headings, costs.plan.first)
    )
    return cost("kind", "heading_row_ordinal" if ordinal else "heading_row") + name


def says_no_heading(text: str) -> bool:
    """Say whether nothing in a text that stands across the table tells that it is a heading."""
    printed = clean(text)
    return not _ORDINAL.match(printed) and kind_in_name(without_points(printed)) is None


def heading_doubt(text: str) -> Doubt:
    """Return the doubt of a heading across the table that may be the rest of a cell above."""
    return doubt("text_continued.heading", text=clean(text))


def continuations(costs: ColumnCosts, row: Row, above: tuple[Row, Reading]) -> list[Continuation]:
    """Return for each text of the row where it continues a cell of the row above, best column.

    None where the texts are no pieces of as many cells in their order: such a row is its own.
    """
    found = [
        _continuation(costs, row, index, above) for index, text in enumerate(row.texts) if text
    ]
    apart = all(one.column < other.column for one, other in pairwise(found))
    return found if apart else []


def continuation_cost(row: Row, found: Sequence[Continuation]) -> float:
    """Return what it costs to take the row for a continuation of the row above.

    Of several texts the least likely says what it costs that a cell of the row goes on: where one
    does, others do.
    """
    known = row.first or all(continuation.known for continuation in found)
    kind = cost("kind", "continued_at_top" if known else "continued_inside")
    return (
        kind
        + max(continuation.cost for continuation in found)
        + (len(found) - 1) * cost("continuation", "each")
    )


def _continuation(
    costs: ColumnCosts, row: Row, index: int, above: tuple[Row, Reading]
) -> Continuation:
    host, reading = above
    columns = [c for c in range(len(costs.plan.columns)) if reading.filled(c)]
    whole = sum(len(reading.text(c, host.texts)) for c in columns)
    priced = sorted(
        (_host_cost(costs, row.texts[index], index, (c, reading.places[c], host), whole), c)
        for c in columns
    )
    best, column = priced[0]
    others = tuple(c for price, c in priced[1:] if price - best < odds("doubt", "warn"))
    known = _is_known(costs, reading.text(column, host.texts) + row.texts[index], column)
    return Continuation(best, column, row.cells[index], others, known)


def _host_cost(
    costs: ColumnCosts, text: str, index: int, host: tuple[int, tuple[int, ...], Row], whole: int
) -> float:
    """Return what it costs that the text continues the cell of this column.

    The cell that a page's edge cuts is the row's tallest, so long texts are likelier; a closed
    word (a department, points) or a finished sentence is unlikely to continue.
    """
    column, places, row = host
    before = "".join(row.texts[i] for i in places)
    price = -log(len(before) / whole) + cost("continuation", _kind(costs, column))
    price += cost("continuation", "same_place" if _under(row, places, index) else "other_place")
    if _is_known(costs, before + text, column):
        return cost("continuation", "seen_whole")
    price += max(0.0, costs.text(column, before + text) - costs.text(column, before))
    role = costs.plan.role(column)
    if unbalanced(before) and not unbalanced(before + text):
        return price
    if (
        (role in DEPARTMENTS and costs.text(column, before) < odds("continuation", "complete"))
        or role is Role.POINTS
        or is_dash(before)
        or clean(before).endswith(_ends())
    ):
        price += cost("continuation", "closed")
    return price


def _is_known(costs: ColumnCosts, whole: str, column: int) -> bool:
    """Say whether a text is one of another row; a department may be the first of several."""
    known = costs.vocabulary
    named = costs.plan.role(column) in DEPARTMENTS and key(whole) in known.first_names
    return key(whole) in known.texts or named


def _kind(costs: ColumnCosts, column: int) -> str:
    role = costs.plan.role(column)
    if role is Role.TARGET:
        return "of_target"
    return "of_name" if column in costs.plan.leaf or role is Role.NOTE else "of_other"


def _under(row: Row, places: tuple[int, ...], index: int) -> bool:
    """Say whether a place lies under a cell and the blanks right of it that it may cover."""
    last = places[-1]
    return places[0] <= index and not any(row.texts[last + 1 : index + 1])


def with_continuation(cells: ResolvedRow, continuation: Continuation) -> ResolvedRow:
    """Put a continued text behind its cell, wherever the cell reaches in the row.

    A cell that may as well be the one that is continued is doubted, too.
    """
    added = continuation.cell.text
    host = cells[continuation.column]
    doubted = list(cells)
    for column in continuation.others:
        other = cells[column]
        perhaps = _continued(added, other.text, (other.text + added,))
        doubted = [cell.doubted(perhaps) if cell.key == other.key else cell for cell in doubted]
    others = tuple(cells[column].text + added for column in continuation.others)
    joined = host.text + added
    unsure = bool(others) or continuation.own_row
    read = _continued(added, joined, (host.text, *others) if unsure else ())
    whole = replace(host, text=joined, sources=(*host.sources, continuation.cell)).doubted(read)
    return tuple(
        replace(whole, doubts=(*cell.doubts, read)) if cell.key == host.key else cell
        for cell in doubted
    )


def perhaps_with_continuation(cells: ResolvedRow, continuation: Continuation) -> ResolvedRow:
    """Doubt the cell that a row read as one of its own may as well continue."""
    host, added = cells[continuation.column], continuation.cell.text
    perhaps = _continued(added, host.text, (host.text + added,))
    return tuple(cell.doubted(perhaps) if cell.key == host.key else cell for cell in cells)


def perhaps_continuing(plan: ColumnPlan, cells: ResolvedRow) -> ResolvedRow:
    """Doubt what a row holds that may as well continue the one above; it shares the rest anyway."""
    shared = {*plan.headings, plan.points}
    return tuple(
        cell.doubted(doubt("text_continued.own_row", text=clean(cell.text)))
        if cell.text and column not in shared
        else cell
        for column, cell in enumerate(cells)
    )


def _continued(added: str, text: str, others: tuple[str, ...]) -> Doubt:
    if not others:
        return doubt(
            "text_continued.alone", severity=Severity.INFO, added=clean(added), text=clean(text)
        )
    return doubt(
        "text_continued.unsure", tuple(dict.fromkeys(others)), added=clean(added), text=clean(text)
    )
