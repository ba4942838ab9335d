"""Which tables of a document are its indicator tables: the best one, and further annexes.

A further table is an annex where it sets somebody's targets with points for this year, and is not
another version of a table that is taken. Whatever is not read is named in a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from common.fold import fold
from common.refusal import Refusal
from normalize.findings.ledger import PlacedDoubt
from normalize.layout.table_chains import is_title
from normalize.model.method_table import MethodTable
from normalize.model.table import Role
from normalize.select.candidates import Candidate
from normalize.select.score import (
    NEAR,
    Scored,
    looks_like_a_page,
    may_matter,
    other_table,
    ranked,
    unsure,
)
from normalize.select.whose import Named, Said, named

_SAME = 0.5  # share of the indicators from which two tables of one entity are versions of one
_FILLED = 0.5  # share of the target cells of an annex that hold something


@dataclass(frozen=True, slots=True)
class Chosen:
    """The indicator tables in printed order, what is said of the others, and tables of methods."""

    annexes: tuple[Named, ...]
    doubts: tuple[PlacedDoubt, ...]
    methods: tuple[MethodTable, ...] = ()


#: What a table that is left out says of the rows of those that are taken.
Beside = Callable[[Candidate, Sequence[Candidate]], MethodTable | None]


def choose(held: Sequence[Candidate], said: Said, year: int | None, beside: Beside) -> Chosen:
    """Return the indicator tables in printed order, and name the others.

    ``year`` is the document's; ``held`` is not empty. Refusal where nothing says whose the
    targets of the best table are. ``beside`` tells what one that is left out says of methods.
    """
    scored = ranked(held, said.title, year)
    best = scored[0]
    taken = [named(best.candidate, said)]
    doubts: list[PlacedDoubt] = []
    methods: list[MethodTable] = []
    for rival in scored[1:]:
        further = _annex(rival, taken, said, held)
        if further is not None:
            taken.append(further)
            continue
        near = best.score - rival.score < NEAR
        if near:
            doubts.append(PlacedDoubt(unsure(best.candidate, rival.candidate)))
        page = looks_like_a_page(rival.candidate.first, best.candidate.chain)
        if of_others := _says_of_others(rival, taken, beside):
            methods.append(of_others)
            continue
        doubts.append(other_table(rival.candidate.first, near or page or may_matter(rival)))
    printed = sorted(taken, key=lambda each: _place(each, held))
    return Chosen(tuple(printed), tuple(doubts), tuple(methods))


def _says_of_others(rival: Scored, taken: Sequence[Named], beside: Beside) -> MethodTable | None:
    """Return the methods of a table of this year that is left out, if it is about those taken."""
    signs = rival.signals
    if signs["year"] < 0 or signs["results"]:
        return None
    return beside(rival.candidate, [each.candidate for each in taken])


def _annex(
    rival: Scored, taken: Sequence[Named], said: Said, held: Sequence[Candidate]
) -> Named | None:
    """Return a table with its entities where it is an annex of its own."""
    if not _sets_targets(rival):
        return None
    try:
        one = named(rival.candidate, said)
    except Refusal:
        return None
    if one.doubt is not None:
        return None  # nobody is named by it: it may as well explain the other
    return one if all(_apart(one, other, held) for other in taken) else None


def _sets_targets(rival: Scored) -> bool:
    """Tell whether a table sets this year's targets with points, and reports no results."""
    signs = rival.signals
    this_year = signs["year"] >= 0 and not signs["results"]
    return bool(signs["points"]) and signs["filled"] >= _FILLED and this_year


def _apart(one: Named, other: Named, held: Sequence[Candidate]) -> bool:
    """Tell whether two tables are for different entities, or about other things and told apart.

    They are by a title or a header of its own, or by a table with another header between them.
    Pages of one table that were not joined have none of these.
    """
    if _entities(one).isdisjoint(_entities(other)):
        return True
    mine, theirs = _indicators(one.candidate), _indicators(other.candidate)
    same = len(mine & theirs) >= _SAME * min(len(mine), len(theirs))
    first, last = sorted(_place(each, held) for each in (one, other))
    between = [each.chain for each in held[first : last + 1]]
    headers = {header.key for each in between for header in (each.header, each.or_header) if header}
    return not same and (len(headers) > 1 or bool(_titles(one) - _titles(other)))


def _place(one: Named, held: Sequence[Candidate]) -> int:
    """Return which of the candidates, in printed order, a table is."""
    return next(at for at, each in enumerate(held) if each.chain is one.candidate.chain)


def _titles(one: Named) -> set[str]:
    return {fold(line) for line in one.candidate.table.caption if is_title(line)}


def _entities(one: Named) -> set[str]:
    return {fold(column.name) for column in one.candidate.table.columns_of(Role.TARGET)}


def _indicators(candidate: Candidate) -> set[str]:
    """Return the names of the leaves: what stands in the last level column."""
    *_, last = candidate.table.columns_of(Role.LEVEL)
    cells = (leaf.at(last) for leaf in candidate.rows.leaves)
    return {fold(cell.text) for cell in cells if cell is not None}
