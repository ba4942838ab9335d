"""What each column of a chain holds: decided by its name and by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from common.fold import clean, fold
from normalize.layout.column_scores import looks_like_name, looks_like_points, looks_like_target
from normalize.layout.header import assessing_strengths, role_by_name
from normalize.model.doubt import Doubt, doubt
from normalize.model.table import Column, Role
from normalize.text.departments import looks_like_departments
from normalize.text.places import is_place
from normalize.text.units import header_unit, split_unit

_PLACE = re.compile(r"[县区市旗镇乡盟州园]$|街道$")
_TARGET_WORDS = re.compile(
    r"^(?:19|20)\d{2}年?度?|(?:(?:19|20)\d{2}年?度?)?(?:年度?)?(?:考核|工作)?(?:目标(?:值|任务|数)?|任务数?|指标值)$"
)
_ENOUGH = 0.5  # mean score of a column's texts from which they support a role: "it may stand here"


@dataclass(frozen=True, slots=True)
class Roles:
    """The columns with their roles, and what is doubtful about them."""

    columns: tuple[Column, ...]
    doubts: tuple[Doubt, ...]


def assign_roles(paths: Sequence[tuple[str, ...]], bodies: Sequence[Sequence[str]]) -> Roles:
    """Give each column its role.

    ``paths`` are the header texts of each column from the top row down, ``bodies`` the distinct
    body texts of each column. Names come first; where a name is ambiguous (单位) or missing, the
    content decides; a name that nobody claims is an entity's.
    """
    roles = [
        _role(path, body, i, paths)
        for i, (path, body) in enumerate(zip(paths, bodies, strict=True))
    ]
    roles = _level_for_a_table_without_one(roles, paths)
    roles = _one_assessing(roles, paths)
    roles = _named_targets_beside_entities(roles, paths, bodies)
    roles = _one_block_of_targets(roles, paths)
    columns = tuple(
        _column(i, role, path) for i, (role, path) in enumerate(zip(roles, paths, strict=True))
    )
    return Roles(columns, tuple(_doubts(columns, paths, bodies)))


def _column(index: int, role: Role, path: tuple[str, ...]) -> Column:
    name = path[-1] if path else ""
    if role in (Role.TARGET, Role.POINTS) and _stands_under_an_entity(path):
        name = path[-2]
    reading = split_unit(name)
    if role is Role.TARGET:
        return Column(index, role, _entity(reading.name), header_unit(path))
    if role is Role.NOTE:
        name = "·".join(path)
    return Column(index, role, name, header_unit(path[-1:]) if role is Role.LEVEL else None)


def _entity(name: str) -> str:
    """An entity's name without the words that only say that its target stands here (甲县目标值)."""
    bare = _TARGET_WORDS.sub("", name)
    return bare if is_place(bare) else name


def _stands_under_an_entity(path: tuple[str, ...]) -> bool:
    """Tell whether a column is called 目标值 or 分值 only, under the name of an entity."""
    return len(path) > 1 and role_by_name(path[-1]) is not None and role_by_name(path[-2]) is None


def _role(
    path: tuple[str, ...], body: Sequence[str], index: int, paths: Sequence[tuple[str, ...]]
) -> Role:
    if not path:
        return _role_of_nameless(body, index, paths)
    named = role_by_name(path[-1])
    if named in (None, Role.TARGET) and Role.POINTS in map(role_by_name, path[:-1]):
        return Role.POINTS  # whose points they are stands under 分值: 县区, 园区
    if named is Role.UNIT:
        return _unit_or_department(body)
    return named or _role_of_unclaimed(path, body)


def _role_of_unclaimed(path: tuple[str, ...], body: Sequence[str]) -> Role:
    """A name that nobody claims is an entity's.

    Unless the group over it has another role, or it is no place's name and nothing stands under
    it: such columns are boxes to fill in.
    """
    above = next((r for text in reversed(path[:-1]) if (r := role_by_name(text))), None)
    if above in (None, Role.TARGET):
        return Role.TARGET if above or _any(body) or _PLACE.search(path[-1]) else Role.NOTE
    return Role.TARGET if above is not Role.NOTE and _targets(body) else above


def _targets(body: Sequence[str]) -> bool:
    return _mean(body, looks_like_target) >= _ENOUGH


def _role_of_nameless(body: Sequence[str], index: int, paths: Sequence[tuple[str, ...]]) -> Role:
    """A column without a header belongs to the level left of it, or is a margin note."""
    left = role_by_name(paths[index - 1][-1]) if index and paths[index - 1] else None
    if left is Role.LEVEL and _mean(body, looks_like_points) < _ENOUGH:
        return Role.LEVEL
    if _any(body) and _mean(body, looks_like_points) >= _ENOUGH and left is Role.LEVEL:
        return Role.POINTS
    return Role.NOTE


def _unit_or_department(body: Sequence[str]) -> Role:
    if _any(body) and _mean(body, looks_like_departments) >= _ENOUGH:
        return Role.ASSESSING
    return Role.UNIT


def _any(body: Sequence[str]) -> bool:
    return any(clean(text) for text in body)


def _mean(body: Sequence[str], score: Callable[[str], float]) -> float:
    texts = [text for text in body if clean(text)]
    if not texts:
        return 0.0
    return sum(score(text) for text in texts) / len(texts)


def _level_for_a_table_without_one(
    roles: list[Role], paths: Sequence[tuple[str, ...]]
) -> list[Role]:
    """Where no column is a level, the leftmost 目标任务 or the like names the indicators."""
    if Role.LEVEL in roles or Role.TARGET not in roles:
        return roles
    named = [i for i, r in enumerate(roles) if r is Role.TARGET and _named_target(paths[i])]
    if named and roles.count(Role.TARGET) > 1:
        roles = [Role.LEVEL if i == named[0] else role for i, role in enumerate(roles)]
    return roles


def _named_target(path: tuple[str, ...]) -> bool:
    named = bool(path) and role_by_name(path[-1]) is Role.TARGET
    return named and not _stands_under_an_entity(path)


def _one_assessing(roles: list[Role], paths: Sequence[tuple[str, ...]]) -> list[Role]:
    """Of several department columns the strongest claim assesses; the others support."""
    held = [i for i, role in enumerate(roles) if role is Role.ASSESSING]
    if len(held) < 2:
        return roles
    best = min(held, key=lambda i: (_claim(paths[i]), i))
    return [
        Role.SUPPORTING if i in held and i != best and paths[i] != paths[best] else role
        for i, role in enumerate(roles)
    ]


def _claim(path: tuple[str, ...]) -> int:
    name = fold(path[-1]) if path else ""
    strengths = assessing_strengths()
    return next((i for i, p in enumerate(strengths) if p.search(name)), len(strengths))


def _named_targets_beside_entities(
    roles: list[Role], paths: Sequence[tuple[str, ...]], bodies: Sequence[Sequence[str]]
) -> list[Role]:
    """Beside entities a column that is only called 目标 is no entity.

    Left of them, if names stand in it, it names the indicators (考核内容及目标); otherwise it is
    the city's own target.
    """
    held = [i for i, role in enumerate(roles) if role is Role.TARGET]
    named = [i for i in held if _named_target(paths[i])]
    if not named or len(named) == len(held):
        return roles
    first_entity = min(set(held) - set(named))
    settled = list(roles)
    for i in named:
        names = i < first_entity and _mean(bodies[i], looks_like_name) >= _ENOUGH
        settled[i] = Role.LEVEL if names else Role.NOTE
    return settled


def _one_block_of_targets(roles: list[Role], paths: Sequence[tuple[str, ...]]) -> list[Role]:
    """Where entities are named under several groups, only one group holds this year's targets.

    It is the one that is called 目标, else that of the latest year; the others are kept as notes.
    """
    groups = _groups_of_targets(roles, paths)
    if not _name_one_entity_twice(groups.values()):
        return roles
    best = max(groups, key=_is_of_targets)
    aside = groups.keys() - {best}
    return [
        Role.NOTE if role is Role.TARGET and paths[i][:-1] in aside else role
        for i, role in enumerate(roles)
    ]


def _groups_of_targets(
    roles: Sequence[Role], paths: Sequence[tuple[str, ...]]
) -> dict[tuple[str, ...], set[str]]:
    """Return the headings over entities, each with the folded names of those under it."""
    groups: dict[tuple[str, ...], set[str]] = {}
    for role, path in zip(roles, paths, strict=True):
        if role is Role.TARGET and len(path) > 1 and not _stands_under_an_entity(path):
            groups.setdefault(path[:-1], set()).add(fold(path[-1]))
    return groups


def _name_one_entity_twice(groups: Iterable[set[str]]) -> bool:
    return any(one & other for one, other in combinations(groups, 2))


def _is_of_targets(group: tuple[str, ...]) -> tuple[bool, str]:
    years = re.findall(r"(?:19|20)\d{2}", "".join(group))
    return any(role_by_name(text) is Role.TARGET for text in group), max(years, default="")


def _doubts(
    columns: Sequence[Column],
    paths: Sequence[tuple[str, ...]],
    bodies: Sequence[Sequence[str]],
) -> Iterator[Doubt]:
    """Yield a doubt for each column that was set aside though no header calls it a note."""
    for column, path, body in zip(columns, paths, bodies, strict=True):
        named = {role_by_name(text) for text in path}
        if column.role is Role.NOTE and Role.NOTE not in named and _any(body):
            yield doubt("column_set_aside", column=column.name or f"#{column.index + 1}")
