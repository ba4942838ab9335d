"""The columns of a table: their roles, names, units, owners and periods, and what is in doubt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from normalize.columns.assign import Assigned, assign
from normalize.columns.headings import ColumnHeader
from normalize.columns.hints import NO_HINTS, Hints
from normalize.model.doubt import Doubt, doubt
from normalize.model.table import Column, Role
from normalize.text.units import header_unit, split_unit
from schemas.vocabulary import Severity, english, word

_MEASURED = (Role.TARGET, Role.LEVEL, Role.BASE, Role.MILESTONE)
_KEPT = (Role.NOTE, Role.UNKNOWN, Role.DEFINITION)
_OF_TIME = (Role.BASE, Role.MILESTONE)


def columns_of_table(
    paths: Sequence[tuple[str, ...]], bodies: Sequence[Sequence[str]], hints: Hints = NO_HINTS
) -> tuple[Column, ...]:
    """Return the columns of a table, each with its doubts.

    ``paths`` are the header texts of each column from the top row down, ``bodies`` the texts of
    each column's body.
    """
    assigned = assign(paths, bodies, hints)
    return tuple(_column(i, each, hints) for i, each in enumerate(assigned))


def _column(index: int, assigned: Assigned, hints: Hints) -> Column:
    heading, role = assigned.evidence.heading, assigned.role
    entity = assigned.entity
    return Column(
        index,
        role,
        _name(heading, role, entity),
        header_unit(heading.path) if role in _MEASURED else None,
        entity,
        heading.period.of(hints.year) if heading.period and role in _PERIODICAL else None,
        doubts=tuple(_doubts(assigned)),
        under=tuple(text for text in heading.path if text != heading.entity),
    )


_PERIODICAL = (Role.MILESTONE, Role.TARGET)


def _name(heading: ColumnHeader, role: Role, entity: str | None) -> str:
    if role in _KEPT:
        return "·".join(heading.path)
    if entity is not None and role in (Role.TARGET, Role.POINTS):
        return split_unit(entity).name
    own = [text for text in heading.path if text != entity] or list(heading.path)
    if role in _OF_TIME:
        return "·".join(own)
    return own[-1] if own else ""


def _doubts(assigned: Assigned) -> Iterator[Doubt]:
    """Yield what is doubtful of a column; nothing of one that is blank and no target's."""
    header, role, rival = assigned.evidence.heading, assigned.role, assigned.rival
    if role is not Role.TARGET and assigned.evidence.is_blank:
        return
    name = "·".join(header.path) or f"#{assigned.evidence.index + 1}"
    if role is Role.UNKNOWN:
        yield _unknown(name, header, rival)
    if role is Role.TARGET and header.period is not None:
        yield doubt("year_target_of_period", column=name)
    elif rival is not None and not (role is Role.UNKNOWN and rival is Role.TARGET):
        yield _unsure(name, role, rival)


def _unknown(name: str, header: ColumnHeader, rival: Role | None) -> Doubt:
    """Return the doubt that nothing says what a column holds, an error if it may be an entity's."""
    if rival is not Role.TARGET:
        return doubt("column_unknown.plain", column=name)
    if header.says_target:
        return doubt("column_unknown.second", column=name)
    return doubt("column_unknown.entity", severity=Severity.ERROR, column=name)


def _unsure(name: str, role: Role, rival: Role) -> Doubt:
    """Return the doubt that a column may be of another role."""
    other = word("column_role", rival)
    return doubt(
        "column_unsure.kind",
        (other,),
        column=name,
        read=english("column_role", role),
        read_zh=word("column_role", role),
        other=english("column_role", rival),
        other_zh=other,
    )
