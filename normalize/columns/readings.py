"""The readings of a whole table: where the year's targets stand, and what each reading costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from common.fold import fold
from normalize.columns.costs import ColumnEvidence
from normalize.columns.odds import cost, odds
from normalize.model.table import Role

_CLAIMED = 0.5  # a header that speaks for a role this much names it


@dataclass(frozen=True, slots=True)
class TableReading:
    """One reading of a whole table: each column's role, and what it costs in all."""

    roles: tuple[Role, ...]
    cost: float


@dataclass(frozen=True, slots=True)
class PricedColumn:
    """A column with what each role costs it; ``plain`` is the cheapest but for target and level."""

    evidence: ColumnEvidence
    costs: Mapping[Role, float]
    plain: Role

    @classmethod
    def of(cls, evidence: ColumnEvidence, costs: Mapping[Role, float]) -> PricedColumn:
        """Find the cheapest role."""
        plain = (role for role in Role if role not in (Role.TARGET, Role.LEVEL))
        return cls(evidence, costs, min(plain, key=costs.__getitem__))

    @property
    def aside(self) -> float:
        """What the column costs that holds no targets, wherever it stands."""
        return min(self.costs[self.plain], self.costs[Role.LEVEL])

    def named(self, role: Role) -> bool:
        """Tell whether its header speaks for a role."""
        return self.evidence.heading.alone.get(role, 0.0) >= _CLAIMED


def readings(columns: Sequence[PricedColumn]) -> Iterator[TableReading]:
    """Yield the cheapest reading for each place where targets may stand, and one without any."""
    yield _read(columns, frozenset(), cost("layout", "no_targets"))
    for index, column in enumerate(columns):
        heading = column.evidence.heading
        own = heading.alone.get(Role.TARGET, 0.0) >= odds("year", "inner_period")
        if own and heading.entity_odds < odds("entity", "in_targets"):
            yield _read(columns, frozenset({index}), 0.0)
    owners = _owners(columns)
    kinds = dict.fromkeys(c.evidence.heading.rest for held in owners.values() for c in held)
    for kind in kinds:
        targets, missing = _targets_of_kind(owners, kind)
        if targets:
            yield _read(columns, targets, missing)


def _owners(columns: Sequence[PricedColumn]) -> dict[str, list[PricedColumn]]:
    """Return the columns of each name that may be an entity's."""
    owners: dict[str, list[PricedColumn]] = {}
    for column in columns:
        entity = column.evidence.heading.entity
        if entity is not None:
            owners.setdefault(fold(entity), []).append(column)
    return owners


def _targets_of_kind(
    owners: Mapping[str, Sequence[PricedColumn]], kind: tuple[str, ...]
) -> tuple[frozenset[int], float]:
    """Return each entity's column of targets, that of a kind first, and what it costs to lack some.

    A name printed over two columns of one kind is two entities' by a misprint: both are targets.
    """
    targets: set[int] = set()
    missing = 0.0
    for held in owners.values():
        extra = {c.evidence.index: c.costs[Role.TARGET] - c.aside for c in held}
        sure = max(c.evidence.heading.entity_odds for c in held) >= odds("entity", "in_targets")
        without = cost("layout", "owner_without_target") if sure else 0.0
        alike = [c.evidence.index for c in held if c.evidence.heading.rest == kind]
        alike = alike or [min(extra, key=extra.__getitem__)]
        if min(extra[i] for i in alike) < without:
            targets.update(alike)
        else:
            missing += without
    return frozenset(targets), missing


def _read(columns: Sequence[PricedColumn], targets: frozenset[int], extra: float) -> TableReading:
    """Give every column its cheapest role where the targets are known."""
    first = min(targets, default=len(columns))
    last = max((i for i, column in enumerate(columns) if column.named(Role.LEVEL)), default=0)
    behind, before = cost("layout", "level_behind_targets"), cost("layout", "level_before_level")
    roles: list[Role] = []
    level_costs: dict[int, float] = {}
    total = extra
    for i, column in enumerate(columns):
        if i in targets:
            roles.append(Role.TARGET)
            total += column.costs[Role.TARGET]
            continue
        place = behind if i > first else before if i < last else 0.0
        level, plain = column.costs[Role.LEVEL] + place, column.costs[column.plain]
        roles.append(Role.LEVEL if level < plain else column.plain)
        level_costs[i] = level - min(level, plain)
        total += min(level, plain)
    total += _force(roles, level_costs, Role.LEVEL, inf)
    points = {i: _more_for_points(columns[i], roles[i]) for i in level_costs}
    total += _force(roles, points, Role.POINTS, cost("layout", "no_points"))
    return TableReading(tuple(roles), total)


def _more_for_points(column: PricedColumn, role: Role) -> float:
    """Return how much more it costs to take a column for points; no end where none speaks so."""
    if not column.named(Role.POINTS):
        return inf
    return column.costs[Role.POINTS] - column.costs[role]


def _force(roles: list[Role], extra: Mapping[int, float], role: Role, most: float) -> float:
    """Make the column that it costs least extra one of a role that no column has.

    Returns what that costs, or to go without where that is less.
    """
    if role in roles or not extra or min(extra.values()) == inf:
        return 0.0
    best = min(extra, key=extra.__getitem__)
    if extra[best] >= most:
        return most
    roles[best] = role
    return extra[best]
