"""What became of each indicator: kept, renamed, moved, re-weighted, re-targeted, dropped, new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.fold import without_signs
from compare.documents import Item, Side, folded, side
from compare.headings import Heading, moved, renamed_headings
from compare.match import Matching, Pair, match
from compare.values import GROUP, Difference, told

if TYPE_CHECKING:
    import pandas as pd

#: The kinds of change, in the order they are told, with what each is called in Chinese. One
#: indicator may have several; ``kept``, ``dropped`` and ``new`` stand alone.
KINDS = {
    "dropped": "取消",
    "new": "新增",
    "renamed": "更名",
    "moved": "移位",
    "re_weighted": "调整分值",
    "re_targeted": "调整目标",
    "unit_changed": "更换单位",
    "reassigned": "更换部门",
    "note_changed": "更改说明",
    "kept": "未变",
}

_KIND_OF = {
    "unit": "unit_changed",
    "base_points": "re_weighted",
    "max_points": "re_weighted",
    GROUP: "re_weighted",
    "target_text": "re_targeted",
    "assessing_departments": "reassigned",
    "supporting_departments": "reassigned",
    "note": "note_changed",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One indicator of either document: what became of it, and the values that show it.

    ``pair`` is None for what is in one document only; ``before`` or ``after`` is None then.
    """

    kinds: tuple[str, ...]
    before: Item | None
    after: Item | None
    pair: Pair | None
    values: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes in the second document's order (what was dropped stands where it stood)."""

    matching: Matching
    changes: tuple[Change, ...]
    headings: Mapping[Heading, Heading]

    @property
    def counts(self) -> dict[str, int]:
        """How many indicators have each kind of change; one may count in several."""
        counted = Counter(kind for change in self.changes for kind in change.kinds)
        return {kind: counted[kind] for kind in KINDS}

    @property
    def entities(self) -> dict[str, list[str]]:
        """The entities in both documents and in one only."""
        first, second = self.matching.first.entities, self.matching.second.entities
        return {
            "both": [name for name in first if name in second],
            "first_only": [name for name in first if name not in second],
            "second_only": [name for name in second if name not in first],
        }


def compare(first: str, second: str, indicators: pd.DataFrame, targets: pd.DataFrame) -> Comparison:
    """Compare two documents, by id, of the landed tables ``indicators`` and ``targets``."""
    return compare_sides(side(first, indicators, targets), side(second, indicators, targets))


def compare_sides(first: Side, second: Side) -> Comparison:
    """Compare two documents."""
    matching = match(first, second)
    headings = renamed_headings(matching)
    changes = [_change(pair, matching, headings) for pair in matching.pairs]
    changes.extend(Change(("new",), None, item, None, ()) for item in matching.new)
    changes.sort(key=lambda change: change.after.serial_no if change.after else 0)
    for item in matching.dropped:
        changes.insert(_place_of(item, changes), Change(("dropped",), item, None, None, ()))
    return Comparison(matching, tuple(changes), headings)


def _place_of(item: Item, changes: list[Change]) -> int:
    """Return where a dropped indicator is told: behind the one that stood before it."""
    earlier = [
        (change.before.serial_no, place)
        for place, change in enumerate(changes)
        if change.before is not None and change.before.serial_no < item.serial_no
    ]
    return max(earlier)[1] + 1 if earlier else 0


def _change(pair: Pair, matching: Matching, headings: Mapping[Heading, Heading]) -> Change:
    values = [each for each in told(pair, matching) if each.column in _KIND_OF]
    kinds = {_KIND_OF[each.column] for each in values}
    if without_signs(folded(pair.first.name)) != without_signs(folded(pair.second.name)):
        kinds.add("renamed")
        values.insert(0, Difference("indicator", None, pair.first.name, pair.second.name))
    before, after = pair.first.heading, pair.second.heading
    if moved(before, after, headings):
        kinds.add("moved")
        values.insert(0, Difference("heading", None, list(before), list(after)))
    named = tuple(kind for kind in KINDS if kind in kinds) or ("kept",)
    return Change(named, pair.first, pair.second, pair, tuple(values))
