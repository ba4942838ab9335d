"""Entities as they are named in passing: shortened, or with more words than in the header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from common.fold import fold

_CORE = re.compile(r"(?:管理?委员?会|管委会|人民政府)$")
_KIND = re.compile(
    r"(?:经济技术开发区|高新技术产业开发区|开发区|经济区|示范区|度假区|功能区|管理区|工业园区|园区|新区|自治县|县|区|市|镇|乡|街道)$"
)


def match_entity(name: str, entities: Sequence[str]) -> tuple[str, ...]:
    """Return the entities that a printed name may mean: one if it is sure, none if unknown.

    Tried in turn, the first that finds any decides: the same name; the same without 管委会 or the
    kind of district; the beginning of the entity's name, or more words before all of it; the
    letters of one name of a district, in order, within the other (临空区 in 临空经济区).
    """
    return _match(fold(name), tuple(entities))


@lru_cache(maxsize=4096)
def _match(name: str, entities: tuple[str, ...]) -> tuple[str, ...]:
    if not name:
        return ()
    bare = _CORE.sub("", name)
    for same in (_equal, _same_core, _begins, _within):
        if found := tuple(entity for entity in entities if same(bare, _CORE.sub("", fold(entity)))):
            return found
    return ()


def _equal(name: str, entity: str) -> bool:
    return name == entity


def _core(name: str) -> str:
    return _KIND.sub("", name) or name


def _same_core(name: str, entity: str) -> bool:
    return len(_core(name)) > 1 and _core(name) == _core(entity)


def _begins(name: str, entity: str) -> bool:
    core = _core(name)
    return (len(core) > 1 and entity.startswith(core)) or (
        len(entity) > 1 and name.endswith(entity)
    )


def _within(name: str, entity: str) -> bool:
    short, long = sorted((name, entity), key=len)
    if len(short) < 2 or short[0] != long[0] or not _KIND.search(name):
        return False
    letters = iter(long)
    return all(letter in letters for letter in short)
