"""The readings of a whole table: where the year's targets stand, and what each reading costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from common.fold import fold
from normalize.columns.costs import ColumnEvidence, cost_of_place
from normalize.columns.odds import cost, odds
from normalize.model.table import Role

_CLAIMED = 0.5  # a header that speaks for a role this much names it


@dataclass(frozen=True, slots=True)
class TableReading:
    """One reading of a whole table: each column's role, and what it costs in all."""

    roles: tuple[Role, ...]
    cost: float


def readings(
    columns: Sequence[ColumnEvidence], costs: Sequence[Mapping[Role, float]]
) -> Iterator[TableReading]:
    """Yield the cheapest reading for each place where targets may stand, and one without any."""
    yield _read(columns, costs, frozenset(), cost("layout", "no_targets"))
    for column in columns:
        own = column.heading.alone.get(Role.TARGET, 0.0) >= odds("year", "inner_period")
        if own and column.heading.entity_odds < odds("entity", "in_targets"):
            yield _read(columns, costs, frozenset({column.index}), 0.0)
    owners = _owners(columns)
    kinds = dict.fromkeys(c.heading.rest for held in owners.values() for c in held)
    for kind in kinds:
        targets, missing = _targets_of_kind(owners, kind, costs)
        if targets:
            yield _read(columns, costs, targets, missing)


def _owners(columns: Sequence[ColumnEvidence]) -> dict[str, list[ColumnEvidence]]:
    """Return the columns of each name that may be an entity's."""
    owners: dict[str, list[ColumnEvidence]] = {}
    for column in columns:
        if column.heading.entity is not None:
            owners.setdefault(fold(column.heading.entity), []).append(column)
    return owners


def _targets_of_kind(
    owners: Mapping[str, Sequence[ColumnEvidence]],
    kind: tuple[str, ...],
    costs: Sequence[Mapping[Role, float]],
) -> tuple[frozenset[int], float]:
    """Return each entity's column of targets, that of a kind first, and what it costs to lack some.

    A name printed over two columns of one kind is two entities' by a misprint: both are targets.
    """
    targets: set[int] = set()
    missing = 0.0
    for held in owners.values():
        extra = {c.index: costs[c.index][Role.TARGET] - _other(costs[c.index]) for c in held}
        sure = max(c.heading.entity_odds for c in held) >= odds("entity", "in_targets")
        without = cost("layout", "owner_without_target") if sure else 0.0
        alike = [c.index for c in held if c.heading.rest == kind] or [
            min(extra, key=extra.__getitem__)
        ]
        if min(extra[i] for i in alike) < without:
            targets.update(alike)
        else:
            missing += without
    return frozenset(targets), missing


def _other(held: Mapping[Role, float]) -> float:
    return min(price for role, price in held.items() if role is not Role.TARGET)


def _read(
    columns: Sequence[ColumnEvidence],
    costs: Sequence[Mapping[Role, float]],
    targets: frozenset[int],
    extra: float,
) -> TableReading:
    """Give every column its cheapest role where the targets are known."""
    open_costs = _open_costs(columns, costs, targets)
    roles = [min(held, key=held.__getitem__) for held in open_costs]
    _force(roles, open_costs, Role.LEVEL, inf)
    named = [c.heading.alone.get(Role.POINTS, 0.0) >= _CLAIMED for c in columns]
    points = [held if may else {} for held, may in zip(open_costs, named, strict=True)]
    without = _force(roles, points, Role.POINTS, cost("layout", "no_points") if any(named) else 0.0)
    total = sum(held[role] for held, role in zip(open_costs, roles, strict=True))
    return TableReading(tuple(roles), total + without + extra)


def _open_costs(
    columns: Sequence[ColumnEvidence],
    costs: Sequence[Mapping[Role, float]],
    targets: frozenset[int],
) -> list[dict[Role, float]]:
    """Return what the roles cost that are open to each column where the targets are known."""
    first = min(targets, default=None)
    levels = [c.index for c in columns if c.heading.alone.get(Role.LEVEL, 0.0) >= _CLAIMED]
    open_costs = []
    for column in columns:
        is_target = column.index in targets
        held = {r: p for r, p in costs[column.index].items() if (r is Role.TARGET) == is_target}
        if not is_target:
            held[Role.LEVEL] += cost_of_place(column, first, max(levels, default=0))
        open_costs.append(held)
    return open_costs


def _force(
    roles: list[Role], costs: Iterable[Mapping[Role, float]], role: Role, most: float
) -> float:
    """Make the column that it costs least one of a role that no column has.

    Returns what it costs to go without where that is less.
    """
    if role in roles:
        return 0.0
    extra = {i: held[role] - held[roles[i]] for i, held in enumerate(costs) if role in held}
    best = min(extra, key=extra.__getitem__, default=None)
    if best is not None and extra[best] < most:
        roles[best] = role
        return 0.0
    return 0.0 if most == inf else most
