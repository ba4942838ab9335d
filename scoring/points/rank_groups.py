"""Rank groups: which entities of a document are ranked among each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from common.refusal import refusal
from scoring.model.columns import Flags, Ints
from scoring.model.inputs import Rows

#: The one group of a document that declares none, and that of entities in no declared group.
ALL = "全部"
OTHERS = "未分组"


@dataclass(frozen=True, slots=True)
class RankGroups:
    """The group of each pair of document and entity, by number; ``names`` are the groups'."""

    of_pair: Ints
    names: tuple[str, ...]

    def of_rows(self, rows: Rows, over_all: Flags) -> Ints:
        """Return the group of each row; where it is over all, a number of its own a document."""
        everybody = len(self.names) + rows.documents.codes
        return np.where(over_all, everybody, self.of_pair[rows.pair.numbers])


def rank_groups(rows: Rows, declared: Mapping[str, Mapping[str, Sequence[str]]]) -> RankGroups:
    """Return the rank groups as declared; one group of all where a document declares none.

    Refusal where an entity is in two groups or a group names one that the document has not.
    """
    document, entity = rows.pairs()
    names = [ALL] * len(rows.documents.values)
    of_pair = document.copy()  # one group a document, unless it declares some
    order = np.argsort(document, kind="stable")
    ends = np.searchsorted(document[order], np.arange(len(names) + 1))
    for code, name in enumerate(rows.documents.values):
        if not declared.get(name):
            continue
        groups = _group_of(name, declared[name])
        own = order[ends[code] : ends[code + 1]]
        present = {rows.entities.values[entity[pair]]: pair for pair in own.tolist()}
        _check(name, set(groups) - set(present))
        names[code] = OTHERS
        for group in declared[name]:
            members = [present[each] for each in groups if groups[each] == group]
            of_pair[members] = len(names)
            names.append(group)
    return RankGroups(of_pair, tuple(names))


def _group_of(document: str, declared: Mapping[str, Sequence[str]]) -> dict[str, str]:
    groups: dict[str, str] = {}
    for group, members in declared.items():
        for member in members:
            if member in groups:
                raise refusal(
                    "scoring.entity_in_two_rank_groups",
                    document=document,
                    entity=member,
                    first=groups[member],
                    second=group,
                )
            groups[member] = group
    return groups


def _check(document: str, unknown: set[str]) -> None:
    if unknown:
        names = "、".join(sorted(unknown))
        raise refusal("scoring.rank_group_of_unknown_entity", document=document, entities=names)
