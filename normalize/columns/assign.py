"""Which columns hold what: the readings of a whole table weighed, the least costly taken.

A reading says where the year's targets stand: in the columns of entities, in one column for
whomever the table is of, or nowhere (:mod:`normalize.columns.readings`). Where another reading of
a column costs little more than the best, the column is in doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from common.fold import fold
from normalize.columns.costs import ColumnEvidence, column_costs, evidence
from normalize.columns.headings import read_headings
from normalize.columns.hints import NO_HINTS, Hints
from normalize.columns.odds import near, odds
from normalize.columns.readings import PricedColumn, TableReading, readings
from normalize.columns.words import assessing_strengths
from normalize.model.table import Role

#: Roles whose mistaking for each other moves a text from one note to another, no more.
_ASIDE = frozenset({Role.NOTE, Role.UNKNOWN, Role.DEFINITION, Role.METHOD, Role.SERIAL})
_DEPARTMENTS = frozenset({Role.ASSESSING, Role.SUPPORTING})


@dataclass(frozen=True, slots=True)
class Assigned:
    """The role of one column, the other one that is near (None: no other), and its evidence."""

    role: Role
    rival: Role | None
    evidence: ColumnEvidence

    @property
    def entity(self) -> str | None:
        """The entity that the column belongs to; None where it is no entity's, or of all."""
        heading = self.evidence.heading
        sure = self.role is Role.TARGET or heading.entity_odds >= odds("entity", "in_targets")
        return heading.entity if sure and heading.claims.get(self.role) else None


def assign(
    paths: Sequence[tuple[str, ...]], bodies: Sequence[Sequence[str]], hints: Hints = NO_HINTS
) -> tuple[Assigned, ...]:
    """Give each column its role.

    ``paths`` are the header texts of each column from the top row down, ``bodies`` the texts of
    each column's body.
    """
    columns = evidence(read_headings(paths, hints), bodies)
    priced = list(map(PricedColumn.of, columns, column_costs(columns)))
    best = _best(priced)
    rivals = [_rival(i, best, priced) for i in range(len(columns))]
    return tuple(map(Assigned, _one_assessing(best.roles, paths), rivals, columns))


def _best(columns: Sequence[PricedColumn]) -> TableReading:
    return min(readings(columns), key=lambda reading: reading.cost)


def _rival(index: int, best: TableReading, columns: Sequence[PricedColumn]) -> Role | None:
    """Return the role a column has in the cheapest reading without its role, if that is near."""
    role, column = best.roles[index], columns[index]
    banned = next((kind for kind in (_ASIDE, _DEPARTMENTS) if role in kind), frozenset({role}))
    costs = {r: inf if r in banned else price for r, price in column.costs.items()}
    without = PricedColumn.of(column.evidence, costs)
    other = _best([*columns[:index], without, *columns[index + 1 :]])
    return other.roles[index] if other.cost - best.cost < near() else None


def _one_assessing(roles: Sequence[Role], paths: Sequence[tuple[str, ...]]) -> tuple[Role, ...]:
    """Of several department columns the strongest claim assesses; the others support."""
    held = [i for i, role in enumerate(roles) if role is Role.ASSESSING]
    if len(held) < 2:
        return tuple(roles)
    best = min(held, key=lambda i: (_claim(paths[i]), i))
    return tuple(
        Role.SUPPORTING if i in held and i != best and paths[i] != paths[best] else role
        for i, role in enumerate(roles)
    )


def _claim(path: tuple[str, ...]) -> int:
    name = fold(path[-1]) if path else ""
    strengths = assessing_strengths()
    return next((i for i, p in enumerate(strengths) if p.search(name)), len(strengths))
