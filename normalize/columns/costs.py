"""What it costs to take one column for one of a role, each column for itself.

A cost is -ln(probability); the numbers are those of ``data/columns.toml``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from common.declared import declared
from common.fold import fold
from normalize.columns.arrangement import Arrangement, arrangement, of_arrangement, rows_of
from normalize.columns.forms import Form, is_blank, likeness, profile
from normalize.columns.headings import ColumnHeader, is_body
from normalize.columns.numbers import of_numbers
from normalize.columns.odds import cost, odds
from normalize.model.table import Role

_UNLISTED = {
    Role.LEVEL: "unlisted_level",
    Role.ASSESSING: "unlisted_departments",
    Role.SUPPORTING: "unlisted_departments",
    Role.BASE: "unlisted_figures",
    **dict.fromkeys((Role.TARGET, Role.MILESTONE, Role.POINTS, Role.SERIAL), "unlisted_figures"),
    **dict.fromkeys((Role.NOTE, Role.DEFINITION, Role.METHOD, Role.DIRECTION), "unlisted_aside"),
}
_OTHER = ("unknown", "unknown_claimed", "second_target")
_SURE = 0.5  # an entity of these odds is a sibling that others are compared with


@dataclass(frozen=True, slots=True)
class ColumnEvidence:
    """What is known of one column: its heading, the forms of its texts, how many they are.

    ``arranged`` says how its texts stand over the rows, ``together`` what that and its numbers add
    to the costs of roles. ``beside_level``: no header of its own, right of a level's.
    """

    index: int
    heading: ColumnHeader
    forms: Mapping[Form, float]
    texts: int
    arranged: Arrangement | None
    together: Mapping[Role, float]
    beside_level: bool

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return is_blank(self.forms)


def evidence(
    headings: Sequence[ColumnHeader], bodies: Sequence[Sequence[str]]
) -> tuple[ColumnEvidence, ...]:
    """Gather what is known of each column."""
    found = []
    rows = rows_of(bodies)
    for i, (heading, body) in enumerate(zip(headings, bodies, strict=True)):
        left = headings[i - 1].alone if i else {}
        beside = not heading.path and left.get(Role.LEVEL, 0.0) >= _SURE
        arranged = arrangement(body, rows)
        together = _added(of_arrangement(arranged), of_numbers(body))
        merged = arranged is Arrangement.OVER_MANY
        forms = profile([text for text in body if fold(text)] if merged else body)
        found.append(ColumnEvidence(i, heading, forms, len(body), arranged, together, beside))
    return tuple(found)


def _added(*costs: Mapping[Role, float]) -> Mapping[Role, float]:
    return {role: sum(each.get(role, 0.0) for each in costs) for role in Role}


def column_costs(columns: Sequence[ColumnEvidence]) -> list[dict[Role, float]]:
    """Return for each column what each role costs, by its header and by what stands in it."""
    siblings = [c.forms for c in columns if _is_sibling(c)]
    named = any(_says_points(column) for column in columns)
    return [
        {
            role: _by_name(column, role, siblings)
            + _by_forms(column, role)
            + column.together[role]
            + (_second_points(column) if named and role is Role.POINTS else 0.0)
            for role in Role
        }
        for column in columns
    ]


def _says_points(column: ColumnEvidence) -> bool:
    return column.heading.alone.get(Role.POINTS, 0.0) >= _SURE


def _second_points(column: ColumnEvidence) -> float:
    """Return what it costs to take for points what does not say so, beside a column that does."""
    return 0.0 if _says_points(column) else cost("layout", "second_points")


def _is_sibling(column: ColumnEvidence) -> bool:
    heading = column.heading
    sure = heading.entity_odds >= _SURE and heading.claims.get(Role.TARGET, 0.0) >= _SURE
    return sure and not column.is_blank


def entity_odds(column: ColumnEvidence, siblings: Sequence[Mapping[Form, float]]) -> float:
    """Return how likely a column is one entity's, what stands in it compared with others' too."""
    heading = column.heading
    if heading.entity is None or heading.entity_odds >= _SURE or not siblings:
        return heading.entity_odds
    alike = max(likeness(column.forms, forms) for forms in siblings)
    if is_body(heading.entity) and alike >= _SURE:
        return odds("entity", "body_beside")
    return heading.entity_odds * max(alike, odds("entity", "unlike"))


def _by_name(column: ColumnEvidence, role: Role, siblings: Sequence[Mapping[Form, float]]) -> float:
    heading = column.heading
    if not heading.path:
        return -log(_nameless(column, role))
    owned = entity_odds(column, siblings)
    of_entity = max(heading.claims.get(role, 0.0), _least_of_entity(heading, role))
    return -log(owned * of_entity + (1.0 - owned) * _alone(heading.alone, role))


def _least_of_entity(heading: ColumnHeader, role: Role) -> float:
    """Return how often an entity's column is of a role that no text of its header speaks for."""
    if role is Role.UNKNOWN and heading.rest:
        return odds("name", "unknown")
    return min(odds("entity", "other_role"), odds("name", _UNLISTED.get(role, "unlisted")))


def _alone(held: Mapping[Role, float], role: Role) -> float:
    """Return how often a column of a role has a header of such claims that names no entity."""
    if role is Role.UNKNOWN:
        claimed = max(held.values(), default=0.0) >= _SURE
        second = held.get(Role.TARGET, 0.0) >= _SURE
        floor = odds("name", _OTHER[claimed + second])
    else:
        floor = odds("name", _UNLISTED.get(role, "unlisted"))
    return max(held.get(role, 0.0), floor)


def _nameless(column: ColumnEvidence, role: Role) -> float:
    if column.beside_level and role in (Role.LEVEL, Role.POINTS):
        return odds("name", "nameless_level" if role is Role.LEVEL else "nameless_points")
    if role is Role.SERIAL and column.index:
        return odds("name", "unlisted")
    return odds("name", "nameless" if role in (Role.UNKNOWN, Role.SERIAL) else "unlisted")


def _by_forms(column: ColumnEvidence, role: Role) -> float:
    """Return what the column's texts cost: the mean of theirs, for as many as count apart.

    Of a column that has no cell alone, only such as it shares with others (one target printed for
    all), no text speaks: that is no blank one.
    """
    table = declared(dict[str, float], "normalize", "columns", "form", role.value)
    if column.is_blank:
        return 0.0 if column.beside_level or not column.texts else _form_cost(table, Form.BLANK)
    mean = sum(share * _form_cost(table, form) for form, share in column.forms.items())
    return mean * min(column.texts, odds("forms", "most"))


def _form_cost(table: Mapping[str, float], form: Form) -> float:
    return -log(table.get(form.value, table["other"]))
