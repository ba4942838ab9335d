"""Whose points a column holds: those of all entities, of one, or of a group (县区, 园区)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from common.declared import declared
from common.fold import fold
from normalize.model.table import Column, LogicalTable, Role
from normalize.text.entities import match_entity
from normalize.text.entity_kinds import entity_kind
from schemas.vocabulary import EntityKind

_MARKS = re.compile(r"[()\[\]【】、,/·\s]|^各|^所有|^全部")
_JOINTS = re.compile(r"[、,/和与及]")
_FEWEST = 2  # columns from which they are those of different entities
_LETTERED = (EntityKind.COUNTY, EntityKind.DISTRICT)


def owned_columns(table: LogicalTable, entities: Sequence[str]) -> Mapping[str, Column]:
    """Return each entity's points column, where points are printed by entity or by group.

    Empty where one column is that of all. An entity that no column is for is not in it.
    """
    columns = list(table.columns_of(Role.POINTS))
    called = {column.index: _whose(column) for column in columns}
    members = _members_of(called, table, entities)
    owned: dict[str, Column] = {}
    for column in columns:
        owned |= dict.fromkeys(members[column.index] or (), column)
    owned |= _of_the_only_lettered(columns, called, _left(entities, owned))
    rest = [c for c in columns if re.fullmatch(_data("rest"), called[c.index] or "其他")]
    claims = sum(of is not None for of in members.values()) + len(rest)
    others = dict.fromkeys(_left(entities, owned), rest[-1]) if rest else {}
    return owned | others if owned and claims >= _FEWEST else {}


def _members_of(
    called: Mapping[int, str], table: LogicalTable, entities: Sequence[str]
) -> dict[int, tuple[str, ...] | None]:
    """Return whose points each column holds: of those under its name as a heading, or called so."""
    headed = _headed_alike(table)
    return {at: headed.get(name) or _members(name, entities) for at, name in called.items()}


def _headed_alike(table: LogicalTable) -> Mapping[str, tuple[str, ...]]:
    """Return the entities whose columns stand under each text of the header, folded."""
    under: dict[str, tuple[str, ...]] = {}
    for column in table.columns_of(Role.TARGET):
        for text in map(fold, column.under):
            under[text] = (*under.get(text, ()), column.name)
    return under


def _left(entities: Sequence[str], owned: Mapping[str, Column]) -> list[str]:
    return [entity for entity in entities if entity not in owned]


def _data(name: str) -> str:
    return declared(str, "normalize", "entity_groups", name)


def _whose(column: Column) -> str:
    """Return the words of a points column's header that say whose points it holds."""
    bare = re.sub(_data("points_words"), "", fold(column.name)).strip("():")
    return fold(column.entity or bare)


def _members(called: str, entities: Sequence[str]) -> tuple[str, ...] | None:
    """Return the entities that a header speaks of, by name or kind; None where it does of none."""
    if not called:
        return None
    bare = _MARKS.sub("", called)
    if re.fullmatch(_data("letters"), bare):
        return tuple(e for e in entities if entity_kind(e) in _LETTERED and e[-1] in bare)
    kind = _kind_called(bare)
    if kind is None:
        return _listed(called, entities)
    return tuple(entity for entity in entities if entity_kind(entity) == kind)


def _kind_called(name: str) -> str | None:
    groups = declared(dict[str, str], "normalize", "entity_groups", "groups")
    return next((kind for kind, pattern in groups.items() if re.fullmatch(pattern, name)), None)


def _listed(called: str, entities: Sequence[str]) -> tuple[str, ...] | None:
    """Return the entities that a header lists by name; None where any name is not one's."""
    if exact := [entity for entity in entities if fold(entity) == fold(called)]:
        return tuple(exact)
    found = [match_entity(name, entities) for name in _JOINTS.split(called) if name]
    sure = all(len(each) == 1 for each in found)
    return tuple(entity for each in found for entity in each) if sure else None


def _of_the_only_lettered(
    columns: Sequence[Column], called: Mapping[int, str], left: Sequence[str]
) -> dict[str, Column]:
    """Give what is left of counties and districts to the only group of such: a city to 县区."""
    groups = [c for c in columns if re.fullmatch(_data("letters"), _MARKS.sub("", called[c.index]))]
    if len(groups) != 1:
        return {}
    return {entity: groups[0] for entity in left if entity_kind(entity) in _LETTERED}
