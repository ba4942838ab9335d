"""The logical model of a notice, and the rows of the contract that it must become."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

NOT_ASSESSED = "---"
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One leaf: its headings, its name without unit, and a target text for every entity.

    ``departments`` (assessing, supporting) is None where its group's departments hold.
    """

    level1: str
    level2: str | None
    level3: str
    targets: tuple[str, ...]
    level4: str | None = None
    unit: str | None = None
    note: str | None = None
    method: str | None = None
    departments: tuple[tuple[str, ...], tuple[str, ...]] | None = None

    @property
    def leaf(self) -> str:
        """The deepest name, without its unit."""
        return self.level4 or self.level3


@dataclass(frozen=True, slots=True)
class WeightGroup:
    """Neighbouring leaves under one printed points cell, with their departments."""

    indicators: tuple[Indicator, ...]
    base: Decimal
    exceptions: tuple[tuple[str, Decimal], ...] = ()
    assessing: tuple[str, ...] = ()
    supporting: tuple[str, ...] = ()

    def departments_of(self, leaf: Indicator) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return a member's assessing and supporting departments."""
        return leaf.departments or (self.assessing, self.supporting)

    def points_for(self, entity: str) -> Decimal:
        """Return the group's points for an entity, its exception if it has one."""
        return dict(self.exceptions).get(entity, self.base)


@dataclass(frozen=True, slots=True)
class Notice:
    """A whole notice: what its front page says, and its weight groups in printed order."""

    year: int
    city: str
    doc_number: str
    issued_on: date
    entities: tuple[str, ...]
    groups: tuple[WeightGroup, ...]
    notes: tuple[str, ...] = ()

    @property
    def issuer(self) -> str:
        """The office that signs."""
        return f"{self.city}人民政府办公室"

    @property
    def title(self) -> str:
        """The title over the table."""
        return f"{self.year}年度各县（市、区）目标绩效考核指标"

    def leaves(self) -> Iterator[tuple[int, int, Indicator]]:
        """Yield serial number, group index and leaf, in printed order."""
        serial = 0
        for index, group in enumerate(self.groups):
            for indicator in group.indicators:
                serial += 1
                yield serial, index, indicator


def points_text(number: Decimal) -> str:
    """Print points as people do: 3, 1.5, never 3.0 or 1E+1."""
    text = format(number.normalize(), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def with_unit(name: str, unit: str | None) -> str:
    """Print a name with its unit in brackets."""
    return name if unit is None else f"{name}（{unit}）"


def group_totals(notice: Notice) -> dict[str, Decimal]:
    """Sum each entity's points, each weight group once where a member is assessed."""
    totals = dict.fromkeys(notice.entities, Decimal(0))
    for group in notice.groups:
        for position, entity in enumerate(notice.entities):
            if any(leaf.targets[position] != NOT_ASSESSED for leaf in group.indicators):
                totals[entity] += group.points_for(entity)
    return totals


def balanced(notice: Notice) -> Notice:
    """Give the last group exceptions such that every entity has the same total.

    The last group must be assessed for every entity. The commonest total needs no exception,
    as long as no entity's points would fall to nothing.
    """
    *others, last = notice.groups
    plain = replace(notice, groups=(*others, replace(last, exceptions=())))
    totals = group_totals(plain)
    common = Counter(totals.values()).most_common(1)[0][0]
    top = max(totals.values())
    goal = common if top - common < last.base else top
    exceptions = tuple(
        (entity, last.base + goal - total) for entity, total in totals.items() if total != goal
    )
    return replace(plain, groups=(*others, replace(last, exceptions=exceptions)))


def expected_indicators(notice: Notice, *, unit_in_name: bool = True) -> list[dict[str, Any]]:
    """Return one row a leaf in terms of the contract's table ``indicators``."""
    firsts: dict[int, int] = {}
    rows = []
    for serial, index, leaf in notice.leaves():
        group = notice.groups[index]
        assessing, supporting = group.departments_of(leaf)
        named = with_unit(leaf.leaf, leaf.unit if unit_in_name else None)
        rows.append(
            {
                "serial_no": serial,
                "level1": leaf.level1,
                "level2": leaf.level2,
                "level3": leaf.level3 if leaf.level4 else named,
                "level4": named if leaf.level4 else None,
                "indicator": leaf.leaf,
                "unit": leaf.unit,
                "weight_group": firsts.setdefault(index, serial),
                "base_points": float(group.base),
                "assessing_departments": assessing,
                "supporting_departments": supporting,
                "note": tuple(text for text in (leaf.note, leaf.method) if text),
            }
        )
    return rows


def expected_targets(notice: Notice) -> list[dict[str, Any]]:
    """Return one row a leaf and entity in terms of the contract's table ``targets``.

    A target that is a number and nothing else is expected as such, in the leaf's unit.
    """
    return [
        {
            "serial_no": serial,
            "entity": entity,
            "status": "not_assessed" if text == NOT_ASSESSED else "assessed",
            "max_points": float(notice.groups[index].points_for(entity)),
            "target_text": None if text == NOT_ASSESSED else text,
            **_typed(text, leaf.unit),
        }
        for serial, index, leaf in notice.leaves()
        for entity, text in zip(notice.entities, leaf.targets, strict=True)
    ]


def _typed(text: str, unit: str | None) -> dict[str, Any]:
    if not _NUMBER.fullmatch(text):
        return {}
    return {"target_kind": "number", "target_value": float(text), "target_unit": unit}
