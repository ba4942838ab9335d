"""Whom an annex assesses: its entities with their kind and the group they are ranked in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from normalize.text.entities import match_entity
from normalize.text.entity_kinds import entity_kind
from schemas.records.notice import Entity


def assessed(
    annex: int,
    names: Sequence[str],
    groups: Mapping[str, Sequence[str]],
    codes: Mapping[str, str],
) -> tuple[Entity, ...]:
    """Return the entities of an annex. Grain: one an entity, in printed order.

    ``groups`` are the rank groups that a person declared, by name, ``codes`` those of GB/T 2260.
    """
    group_of = {
        entity: group
        for group, members in groups.items()
        for member in members
        for entity in match_entity(member, names)
    }
    return tuple(
        Entity(annex, name, entity_kind(name), position, group_of.get(name), codes.get(name))
        for position, name in enumerate(names, 1)
    )
