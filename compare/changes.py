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
from compare.values import GROUP, Difference, material_differences
from schemas.vocabulary import ChangeKind

if TYPE_CHECKING:
    import pandas as pd

_KIND_OF = {
    "unit": ChangeKind.UNIT_CHANGED,
    "base_points": ChangeKind.RE_WEIGHTED,
    "max_points": ChangeKind.RE_WEIGHTED,
    GROUP: ChangeKind.RE_WEIGHTED,
    "target_text": ChangeKind.RE_TARGETED,
    "assessing_departments": ChangeKind.REASSIGNED,
    "supporting_departments": ChangeKind.REASSIGNED,
    "note": ChangeKind.NOTE_CHANGED,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One indicator of either document: what became of it, and the values that show it.

    ``kinds`` are in the vocabulary's order; ``kept``, ``dropped`` and ``new`` stand alone.
    ``pair`` is None for what is in one document only; ``before`` or ``after`` is None then.
    """

    kinds: tuple[ChangeKind, ...]
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
    def counts(self) -> dict[ChangeKind, int]:
        """How many indicators have each kind of change; one may count in several."""
        counted = Counter(kind for change in self.changes for kind in change.kinds)
        return {kind: counted[kind] for kind in ChangeKind}

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
    changes.extend(Change((ChangeKind.NEW,), None, item, None, ()) for item in matching.new)
    changes.sort(key=lambda change: change.after.serial_no if change.after else 0)
    for item in matching.dropped:
        changes.insert(
            _place_of(item, changes), Change((ChangeKind.DROPPED,), item, None, None, ())
        )
    return Comparison(matching, tuple(changes), headings)


def _place_of(item: Item, changes: list[Change]) -> int:
    """Return where a dropped indicator is listed: behind the one that stood before it."""
    earlier = [
        (change.before.serial_no, place)
        for place, change in enumerate(changes)
        if change.before is not None and change.before.serial_no < item.serial_no
    ]
    return max(earlier)[1] + 1 if earlier else 0


def _change(pair: Pair, matching: Matching, headings: Mapping[Heading, Heading]) -> Change:
    values = [each for each in material_differences(pair, matching) if each.column in _KIND_OF]
    kinds = {_KIND_OF[each.column] for each in values}
    if without_signs(folded(pair.first.name)) != without_signs(folded(pair.second.name)):
        kinds.add(ChangeKind.RENAMED)
        values.insert(0, Difference("indicator", None, pair.first.name, pair.second.name))
    before, after = pair.first.heading, pair.second.heading
    if moved(before, after, headings):
        kinds.add(ChangeKind.MOVED)
        values.insert(0, Difference("heading", None, list(before), list(after)))
    named = tuple(kind for kind in ChangeKind if kind in kinds) or (ChangeKind.KEPT,)
    return Change(named, pair.first, pair.second, pair, tuple(values))
