"""The values in which a matched pair of indicators differs, one a column and entity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

from common import numbers
from compare.documents import folded
from compare.match import Matching, Pair
from schemas.records.notice import Indicator, Part, Target
from schemas.vocabulary import TargetKind, TargetStatus, word

OF_INDICATOR = (
    "level1",
    "level2",
    "level3",
    "level4",
    "indicator",
    "unit",
    "base_points",
    "assessing_departments",
    "supporting_departments",
    "note",
)
OF_TARGET = (
    "status",
    "max_points",
    "target_text",
    "target_kind",
    "operator",
    "target_value",
    "target_unit",
    "parts",
)
#: The serial numbers that share one points cell; it is compared by who they are, not by number.
GROUP = "weight_group"

_MEANING = ("target_kind", "operator", "target_value", "target_unit", "parts")
_NUMBERS = frozenset(
    {TargetKind.NUMBER, TargetKind.LIMIT, TargetKind.APPROXIMATE, TargetKind.GROWTH}
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that two documents give differently.

    ``entity`` is None for a value of the indicator, and where all entities that both documents
    assess differ alike. A weight group is given as the serial numbers of its members.
    """

    column: str
    entity: str | None
    first: object
    second: object


def differences(pair: Pair, matching: Matching) -> list[Difference]:
    """Return the differing values of one pair, the indicator's before the entities'."""
    found = list(_of_rows(OF_INDICATOR, None, pair.first.indicator, pair.second.indicator))
    found.extend(_of_group(pair, matching))
    common = common_entities(pair, matching)
    by_entity = [
        difference
        for entity in common
        for difference in _of_rows(
            OF_TARGET, entity, pair.first.targets[entity], pair.second.targets[entity]
        )
    ]
    return [*found, *_collapsed(by_entity, len(common))]


def material_differences(pair: Pair, matching: Matching) -> list[Difference]:
    """Return the differences that change what is asked, one a matter and entity.

    A target is given as its text (不考核 where it does not apply) where its meaning changed: for
    one that is a number, another wording of the same number is none. Points are given for the
    entities that both documents assess, and as printed only where those do not show it.
    """
    common = common_entities(pair, matching)
    rows = [(name, pair.first.targets[name], pair.second.targets[name]) for name in common]
    both = [row for row in rows if row[1].status == row[2].status == TargetStatus.ASSESSED]
    points = [
        each for name, one, other in both for each in _of_rows(("max_points",), name, one, other)
    ]
    targets = [
        Difference("target_text", name, _asked(one), _asked(other))
        for name, one, other in rows
        if _means_otherwise(one, other)
    ]
    columns = [name for name in OF_INDICATOR if name != "base_points" or not points]
    return [
        *_of_rows(columns, None, pair.first.indicator, pair.second.indicator),
        *_of_group(pair, matching),
        *_collapsed(points, len(both)),
        *_collapsed(targets, len(common)),
    ]


def _means_otherwise(one: Target, other: Target) -> bool:
    if one.status != other.status or any(_of_rows(_MEANING, None, one, other)):
        return True
    return one.target_kind not in _NUMBERS and not same(one.target_text, other.target_text)


def _asked(target: Target) -> str | None:
    if target.status == TargetStatus.UNREADABLE:
        return word("missing", "target")
    return (
        target.target_text
        if target.status == TargetStatus.ASSESSED
        else word("target_status", target.status)
    )


def common_entities(pair: Pair, matching: Matching) -> list[str]:
    """Return the entities for which both documents have a target of this indicator."""
    return [
        name
        for name in matching.first.entities
        if name in pair.first.targets and name in pair.second.targets
    ]


def _of_rows(
    columns: Sequence[str], entity: str | None, one: Indicator | Target, other: Indicator | Target
) -> Iterator[Difference]:
    for column in columns:
        first, second = _value(one, column), _value(other, column)
        if not same(first, second):
            yield Difference(column, entity, first, second)


def _value(record: Indicator | Target, column: str) -> object:
    """Return a column's value as it is landed: lists, and parts by their columns."""
    value = getattr(record, column)
    if not isinstance(value, tuple):
        return value
    return [asdict(each) if isinstance(each, Part) else each for each in value]


def same(one: object, other: object) -> bool:
    """Return whether two values are the same: numbers within rounding, texts when folded."""
    if isinstance(one, float) and isinstance(other, float):
        return numbers.same(one, other)
    if isinstance(one, str) and isinstance(other, str):
        return folded(one) == folded(other)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return bool(one == other)


def _of_group(pair: Pair, matching: Matching) -> Iterator[Difference]:
    """Give the weight group where other indicators share the points than before."""
    before = matching.first.members(pair.first.group)
    after = matching.second.members(pair.second.group)
    became = {each.first.serial_no: each.second.serial_no for each in matching.pairs}
    if {became.get(serial_no) for serial_no in before} != set(after):
        yield Difference(GROUP, None, sorted(before), sorted(after))


def _collapsed(found: Iterable[Difference], entities: int) -> Iterator[Difference]:
    """Give one difference for all entities where all differ alike."""
    groups: dict[tuple[str, str, str], list[Difference]] = {}
    for item in found:
        groups.setdefault((item.column, repr(item.first), repr(item.second)), []).append(item)
    for members in groups.values():
        first = members[0]
        if len(members) == entities > 1:
            yield Difference(first.column, None, first.first, first.second)
        else:
            yield from members
