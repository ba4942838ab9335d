"""What each column of a chain holds: decided by its name and by what stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from normalize.departments import looks_like_department
from normalize.grid import Column, Doubt, Role
from normalize.header import assessing_strengths, role_by_name
from normalize.plausible import looks_like_points, looks_like_target
from normalize.text import clean, fold
from normalize.units import split_unit

_ENOUGH = 0.5  # mean plausibility from which content supports a role


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
    roles = [_role(path, body, i, paths) for i, (path, body) in enumerate(zip(paths, bodies))]
    roles = _level_for_a_table_without_one(roles, paths)
    roles = _one_assessing(roles, paths)
    roles = _city_targets_aside(roles, paths)
    columns = tuple(
        _column(i, role, path, roles) for i, (role, path) in enumerate(zip(roles, paths))
    )
    return Roles(columns, tuple(_doubts(columns, paths, bodies)))


def _column(index: int, role: Role, path: tuple[str, ...], roles: Sequence[Role]) -> Column:
    name = path[-1] if path else ""
    reading = split_unit(name)
    if role is Role.TARGET:
        return Column(index, role, reading.name, reading.unit)
    return Column(index, role, name, reading.unit if role is Role.LEVEL else None)


def _role(
    path: tuple[str, ...], body: Sequence[str], index: int, paths: Sequence[tuple[str, ...]]
) -> Role:
    if not path:
        return _role_of_nameless(body, index, paths)
    role = role_by_name(path[-1])
    if role is Role.UNIT:
        return _unit_or_department(body)
    if role is Role.ASSESSING and not _any(body):
        return role
    if role is not None:
        return role
    above = next((r for t in reversed(path[:-1]) if (r := role_by_name(t))), None)
    if above is Role.NOTE:
        return Role.NOTE
    if above is Role.TARGET or _mean(body, looks_like_target) >= _ENOUGH:
        return Role.TARGET
    if above is not None:
        return above
    return Role.TARGET if _any(body) else Role.NOTE


def _role_of_nameless(body: Sequence[str], index: int, paths: Sequence[tuple[str, ...]]) -> Role:
    """A column without a header belongs to the level left of it, or is a margin note."""
    left = role_by_name(paths[index - 1][-1]) if index and paths[index - 1] else None
    if left is Role.LEVEL and _mean(body, looks_like_points) < _ENOUGH:
        return Role.LEVEL
    if _any(body) and _mean(body, looks_like_points) >= _ENOUGH and left is Role.LEVEL:
        return Role.POINTS
    return Role.NOTE


def _unit_or_department(body: Sequence[str]) -> Role:
    if _any(body) and _mean(body, looks_like_department) >= _ENOUGH:
        return Role.ASSESSING
    return Role.UNIT


def _any(body: Sequence[str]) -> bool:
    return any(clean(text) for text in body)


def _mean(body: Sequence[str], score: object) -> float:
    texts = [text for text in body if clean(text)]
    if not texts or not callable(score):
        return 0.0
    return sum(float(score(text)) for text in texts) / len(texts)


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
    return bool(path) and role_by_name(path[-1]) is Role.TARGET


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


def _city_targets_aside(roles: list[Role], paths: Sequence[tuple[str, ...]]) -> list[Role]:
    """Beside entities, a column that only says 目标值 (the city's own) is no entity."""
    held = [i for i, role in enumerate(roles) if role is Role.TARGET]
    named = [i for i in held if _named_target(paths[i])]
    if named and len(named) < len(held):
        roles = [Role.NOTE if i in named else role for i, role in enumerate(roles)]
    return roles


def _doubts(
    columns: Sequence[Column],
    paths: Sequence[tuple[str, ...]],
    bodies: Sequence[Sequence[str]],
) -> list[Doubt]:
    doubts = []
    for column, path, body in zip(columns, paths, bodies, strict=True):
        named = role_by_name(path[-1]) if path else None
        if column.role is Role.NOTE and named is not Role.NOTE and _any(body):
            name = column.name or f"#{column.index + 1}"
            doubts.append(
                Doubt(
                    "column_set_aside",
                    f"Column {name!r} is neither an entity nor a known kind of column; "
                    "its texts were kept in the notes.",
                    f"“{name}”一栏既不是考核对象，也不是已知的栏目，其内容已放入备注。",
                )
            )
    return doubts
