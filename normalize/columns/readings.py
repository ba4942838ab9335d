"""The readings of a whole table: where the year's targets stand, and what each reading costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from common.fold import fold
from normalize.columns.arrangement import Arrangement
from normalize.columns.costs import ColumnEvidence
from normalize.columns.odds import cost, odds
from normalize.model.table import Role

_ROW_BY_ROW = frozenset({Role.TARGET, Role.POINTS})
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
    owners = _owners(columns)
    without = sum(map(_without_target, owners.values()))
    yield _read(columns, frozenset(), cost("layout", "no_targets") + without)
    for index, column in enumerate(columns):
        heading = column.evidence.heading
        own = heading.alone.get(Role.TARGET, 0.0) >= odds("year", "inner_period")
        if own and heading.entity_odds < odds("entity", "in_targets"):
            yield _read(columns, frozenset({index}), 0.0)
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
        extra, without = _extra_for_targets(held), _lack_of_target(held)
        alike = [c.evidence.index for c in held if c.evidence.heading.rest == kind]
        alike = alike or [min(extra, key=extra.__getitem__)]
        if min(extra[i] for i in alike) < without:
            targets.update(alike)
        else:
            missing += without
    return frozenset(targets), missing


def _extra_for_targets(held: Sequence[PricedColumn]) -> dict[int, float]:
    return {c.evidence.index: c.costs[Role.TARGET] - c.aside for c in held}


def _lack_of_target(held: Sequence[PricedColumn]) -> float:
    """Return what it costs that none of an owner's columns holds its targets."""
    sure = max(c.evidence.heading.entity_odds for c in held) >= odds("entity", "in_targets")
    return cost("layout", "owner_without_target") if sure else 0.0


def _without_target(held: Sequence[PricedColumn]) -> float:
    """Return what it costs that an owner has no targets, though one of its columns may hold them.

    Points of its own are no lack: what is asked for is in words, for all alike.
    """
    without = _lack_of_target(held)
    return without if min(_extra_for_targets(held).values()) < without else 0.0


def _read(columns: Sequence[PricedColumn], targets: frozenset[int], extra: float) -> TableReading:
    """Give every column its cheapest role where the targets are known."""
    first = min(targets, default=len(columns))
    last = max((i for i, column in enumerate(columns) if column.named(Role.LEVEL)), default=0)
    names = next((i for i, column in enumerate(columns) if _names_each_row(column)), len(columns))
    roles: list[Role] = []
    level_costs: dict[int, float] = {}
    total = extra
    for i, column in enumerate(columns):
        if i in targets:
            roles.append(Role.TARGET)
            total += column.costs[Role.TARGET]
            continue
        place = _level_at(i, names, first, last)
        level, plain = column.costs[Role.LEVEL] + place, column.costs[column.plain]
        roles.append(Role.LEVEL if level < plain else column.plain)
        level_costs[i] = level - min(level, plain)
        total += min(level, plain)
    total += _force(roles, level_costs, Role.LEVEL, inf)
    total += _name_rows(columns, roles, level_costs)
    points = {i: _more_for_points(columns[i], roles[i]) for i in level_costs}
    total += _force(roles, points, Role.POINTS, cost("layout", "no_points"))
    return TableReading(tuple(roles), total)


def _names_each_row(column: PricedColumn) -> bool:
    """Tell whether a column that is called a level names each row."""
    return column.named(Role.LEVEL) and column.evidence.arranged is Arrangement.ONE_A_ROW


def _level_at(index: int, names: int, targets: int, last: int) -> float:
    """Return what it costs that a level stands there.

    ``names`` is the first column that names each row, ``targets`` the first of targets, ``last``
    the last that is called a level.
    """
    if index > targets:
        return cost("layout", "level_behind_targets")
    if index > names:
        return cost("layout", "level_behind_names")
    return cost("layout", "level_before_level") if index < last else 0.0


def _name_rows(
    columns: Sequence[PricedColumn], roles: list[Role], extra: Mapping[int, float]
) -> float:
    """Make a level the column that names each row, where the levels found name only groups of rows.

    Returns what that costs, or to have rows without a name where that is less.
    """
    printed = [column.evidence.texts for column in columns]
    names = max(
        (n for n, role in zip(printed, roles, strict=True) if role is Role.LEVEL), default=0
    )
    rows = max(
        (n for n, role in zip(printed, roles, strict=True) if role in _ROW_BY_ROW), default=0
    )
    if 2 * names > rows:
        return 0.0
    most = cost("layout", "rows_without_name")
    finer = {i: extra[i] for i in extra if roles[i] is not Role.LEVEL and 2 * printed[i] > rows}
    best = min(finer, key=finer.__getitem__, default=None)
    if best is None or finer[best] >= most:
        return most
    roles[best] = Role.LEVEL
    return finer[best]


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
