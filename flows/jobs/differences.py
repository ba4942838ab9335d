"""In which values two landed documents of the same notice differ, and which the second doubts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from compare.documents import Item
from compare.match import Matching, Pair
from compare.values import common_entities, differences

WHOLE_ROW = "(row)"
SERIOUS = ("error", "warning")


@dataclass(frozen=True, slots=True)
class ValueDifference:
    """One value that two documents give differently.

    ``entity`` is None where it concerns the indicator or all its entities alike. ``flagged`` says
    that the second document itself calls the value doubtful. ``serial_no`` is that of the first
    document, or of the second where the first lacks the indicator.
    """

    serial_no: int
    entity: str | None
    column: str
    first: object
    second: object
    flagged: bool

    def as_row(self) -> list[object]:
        """Return the difference as a row of a printed table."""
        seen = "已标记 flagged" if self.flagged else "未标记 not flagged"
        return [self.serial_no, self.entity or "*", self.column, self.first, self.second, seen]

    def as_json(self) -> dict[str, object]:
        """Return the difference in JSON's types."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a finding of the second document points at; None means the whole of it."""

    serial_no: int | None
    entity: str | None
    field: str | None


def value_differences(warehouse: Path, first: str, second: str) -> list[ValueDifference]:
    """Return every differing value of two landed documents, in the first one's printed order."""
    from flows.jobs.diff import compared

    matching = compared(warehouse, first, second).matching
    found = findings_of(warehouse, second)
    listed = [each for pair in matching.pairs for each in of_pair(pair, matching, found)]
    listed += [_lone(item, "there", "missing", False) for item in matching.dropped]
    listed += [
        _lone(item, "missing", "there", is_flagged(item, None, None, found))
        for item in matching.new
    ]
    return sorted(listed, key=lambda each: each.serial_no)


def findings_of(warehouse: Path, document_id: str) -> list[Finding]:
    """Return what the serious findings of a document point at."""
    from warehouse.reading import read_table

    table = read_table(warehouse, "findings")
    mine = table[(table["document_id"] == document_id) & table["severity"].isin(SERIOUS)]
    columns = mine[["serial_no", "entity", "field"]].astype(object)
    rows = columns.where(columns.notna(), None).itertuples(index=False)
    return [Finding(*row) for row in rows]


def of_pair(pair: Pair, matching: Matching, found: Sequence[Finding]) -> Iterator[ValueDifference]:
    """Give each differing value of one indicator that both documents have."""
    serial_no = pair.first.serial_no
    for each in differences(pair, matching):
        flagged = is_flagged(pair.second, each.entity, each.column, found)
        yield ValueDifference(serial_no, each.entity, each.column, each.first, each.second, flagged)
    common = common_entities(pair, matching)
    for entity in (*pair.first.targets, *pair.second.targets):
        if entity not in common:
            there = ("there", "missing") if entity in pair.first.targets else ("missing", "there")
            flagged = is_flagged(pair.second, entity, None, found)
            yield ValueDifference(serial_no, entity, WHOLE_ROW, *there, flagged)


def is_flagged(
    item: Item, entity: str | None, column: str | None, found: Sequence[Finding]
) -> bool:
    """Say whether the document itself doubts a value: its row is, or a finding points at it.

    Without an entity all rows of the indicator must be.
    """
    targets = [target for name, target in item.targets.items() if entity in {None, name}]
    if targets and all(target.needs_review for target in targets):
        return True
    return any(
        each.serial_no == item.serial_no
        and each.entity in {None, entity}
        and each.field in {None, column}
        for each in found
    )


def _lone(item: Item, first: str, second: str, flagged: bool) -> ValueDifference:
    return ValueDifference(item.serial_no, None, WHOLE_ROW, first, second, flagged)
