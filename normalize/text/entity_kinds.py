"""What an entity is, by the form of its name: county, district, zone, town, department."""

from __future__ import annotations

import re
from typing import Required, TypedDict

from common.declared import declared, declared_list
from common.fold import clean
from normalize.text.places import is_department
from schemas.vocabulary import EntityKind

_ASIDE = re.compile(r"[（(][^（()）]*[)）]$")


class _KindForms(TypedDict, total=False):
    """A kind with names that are of it, and ends of such names."""

    kind: Required[str]
    names: list[str]
    ends: list[str]


def entity_kind(name: str) -> EntityKind:
    """Return what the name says its bearer is; ``other`` where it says nothing.

    >>> [str(entity_kind(name)) for name in ("雁江区", "安岳县", "高新区管委会", "市教育局")]
    ['district', 'county', 'zone', 'department']
    """
    if is_department(name):
        return EntityKind.DEPARTMENT
    bare = _ASIDE.sub("", clean(name))
    for body in declared_list("normalize", "entity_kinds", "bodies"):
        bare = bare.removesuffix(body)
    for each in declared(list[_KindForms], "normalize", "entity_kinds", "kind"):
        if bare in each.get("names", ()) or bare.endswith(tuple(each.get("ends", ()))):
            return EntityKind(each["kind"])
    return EntityKind.OTHER
