"""Rank groups: which entities of a document are ranked among each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from common.refusal import Refusal
from scoring.model.columns import Ints
from scoring.model.inputs import Rows

#: The one group of a document that declares none, and that of entities in no declared group.
ALL = "全部"
OTHERS = "未分组"


@dataclass(frozen=True, slots=True)
class RankGroups:
    """The group of each pair of document and entity, by number; ``names`` are the groups'."""

    of_pair: Ints
    names: tuple[str, ...]


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
                raise Refusal(
                    "entity_in_two_rank_groups",
                    f"{document}: {member} is in the rank groups {groups[member]} and {group}",
                    f"“{document}”的 [rank_groups] 中“{member}”同时列入“{groups[member]}”和"
                    f"“{group}”。请只保留一处后重试，本次没有计分。",
                )
            groups[member] = group
    return groups


def _check(document: str, unknown: set[str]) -> None:
    if unknown:
        names = "、".join(sorted(unknown))
        raise Refusal(
            "rank_group_of_unknown_entity",
            f"{document}: rank groups name entities that it does not have: {names}",
            f"“{document}”的 [rank_groups] 列有通知中没有的考核对象：{names}。"
            "请核对名称后重试，本次没有计分。",
        )
