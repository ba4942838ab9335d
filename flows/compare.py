"""How two landed documents of the same notice differ, value by value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

COLUMNS = (
    "level1",
    "level2",
    "level3",
    "level4",
    "indicator",
    "unit",
    "weight_group",
    "assessing_departments",
    "status",
    "max_points",
    "target_text",
    "target_kind",
    "operator",
    "target_value",
    "target_unit",
    "parts",
)
Row = dict[str, Any]
Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that two documents give differently.

    ``entity`` is None where all entities of the indicator differ alike. ``flagged`` says that the
    second document itself calls the value doubtful.
    """

    serial_no: int
    entity: str | None
    column: str
    first: Any
    second: Any
    flagged: bool

    def as_row(self) -> list[Any]:
        """Return the difference as a row of a printed table."""
        seen = "已标记 flagged" if self.flagged else "未标记 not flagged"
        return [self.serial_no, self.entity or "*", self.column, self.first, self.second, seen]

    def as_json(self) -> dict[str, Any]:
        """Return the difference in JSON's types."""
        return asdict(self)


def compare(warehouse: Path, first: str, second: str) -> list[Difference]:
    """Return the differing values of two landed documents, in printed order."""
    from warehouse.query import query

    landed = query(warehouse, _targets_of(first, second))
    records = [dict(zip(landed.columns, row, strict=True)) for row in landed.rows]
    one, other = (
        {(row["serial_no"], row["entity"]): row for row in records if row["document_id"] == name}
        for name in (first, second)
    )
    found = query(
        warehouse,
        f"SELECT serial_no, entity, field FROM findings WHERE document_id = {_quoted(second)} "
        "AND severity IN ('error', 'warning')",
    ).rows
    differences = [
        Difference(*key, column, mine, theirs, is_flagged(other.get(key), key, column, found))
        for key in sorted(one.keys() | other.keys())
        for column, mine, theirs in differing(one.get(key), other.get(key))
    ]
    return list(collapsed(differences, one, other))


def _targets_of(*documents: str) -> str:
    names = ", ".join(_quoted(name) for name in documents)
    return (
        f"SELECT document_id, serial_no, entity, needs_review, {', '.join(COLUMNS)} "
        f"FROM targets WHERE document_id IN ({names})"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def differing(one: Row | None, other: Row | None) -> Iterator[tuple[str, Any, Any]]:
    """Give each column in which two rows differ; a row that is missing differs as a whole."""
    if one is None or other is None:
        yield (
            "(row)",
            "missing" if one is None else "there",
            "missing" if other is None else "there",
        )
        return
    for column in COLUMNS:
        if one[column] != other[column]:
            yield column, one[column], other[column]


def is_flagged(row: Row | None, key: Key, column: str, found: Sequence[Sequence[Any]]) -> bool:
    """Say whether the document itself doubts this value: its row is, or a finding points at it."""
    if row is not None and row["needs_review"]:
        return True
    serial_no, entity = key
    return any(
        place[0] == serial_no and place[1] in {None, entity} and place[2] in {None, column}
        for place in found
    )


def collapsed(
    differences: Sequence[Difference], one: dict[Key, Row], other: dict[Key, Row]
) -> Iterator[Difference]:
    """Give one difference for all entities of an indicator where they all differ alike."""
    entities = {entity for _, entity in one.keys() | other.keys()}
    groups: dict[tuple[Any, ...], list[Difference]] = {}
    for item in differences:
        alike = (item.serial_no, item.column, repr(item.first), repr(item.second), item.flagged)
        groups.setdefault(alike, []).append(item)
    for members in groups.values():
        first = members[0]
        if len(members) == len(entities) > 1:
            yield Difference(
                first.serial_no, None, first.column, first.first, first.second, first.flagged
            )
        else:
            yield from members
