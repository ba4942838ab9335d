"""What each entity can reach in all, by heading, and what is missing from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from schemas.records.rows import TargetRow
from schemas.records.sums import first_of_groups, sums_of
from schemas.vocabulary import TargetStatus, word

_NO_HEADING = word("missing", "level1")


def totals(targets: Sequence[TargetRow], entities: Sequence[str]) -> dict[str, object]:
    """Return points and counts by entity; every weight group counts once, where it applies.

    ``usual`` is the total that most entities share (None where no two agree).
    """
    counts = {entity: Counter[str]() for entity in entities}
    for target in targets:
        _count(counts[target["entity"]], target)
    assessed = [each for each in targets if each["status"] == TargetStatus.ASSESSED]
    headings: dict[str, dict[str, float]] = {}
    for target in first_of_groups(assessed, lambda each: (each["entity"], each["weight_group"])):
        heading, entity = headings.setdefault(target["level1"] or _NO_HEADING, {}), target["entity"]
        heading[entity] = round(heading.get(entity, 0.0) + (target["max_points"] or 0.0), 6)
    own = ((each["entity"], each["weight_group"], each["max_points"]) for each in assessed)
    total = sums_of(entities, own)
    return {
        "points": total,
        "usual": usual(list(total.values())),
        "headings": [{"name": name, "points": heading} for name, heading in headings.items()],
        "counts": {entity: dict(count) for entity, count in counts.items()},
    }


def usual(values: Sequence[float]) -> float | None:
    """Return the value that occurs most; None where none occurs twice or two occur alike."""
    ranked = Counter(values).most_common(2)
    if not ranked or ranked[0][1] < 2 or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


def _count(count: Counter[str], target: TargetRow) -> None:
    count[target["status"]] += 1
    count["review"] += target["needs_review"]
    assessed = target["status"] == "assessed"
    count["no_points"] += assessed and target["max_points"] is None
    count["no_target"] += assessed and not target["target_text"]
