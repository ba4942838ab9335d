"""Which heading of one document is which of the other's, by what stands under them.

A heading that was only renamed moves none of its indicators.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from common.fold import without_signs
from compare.documents import folded
from compare.match import Matching
from compare.similarity import LEAST_NAME, alike

Heading = tuple[str, ...]


def renamed_headings(matching: Matching) -> dict[Heading, Heading]:
    """Return headings (level 1, or level 1 and 2) with the other name they have now.

    Two headings are one where each holds most of what the other holds, and their own names are at
    least half alike or several indicators went with them.
    """
    found: dict[Heading, Heading] = {}
    for depth in (1, 2):
        flows = Counter(
            (pair.first.heading[:depth], pair.second.heading[:depth])
            for pair in matching.pairs
            if len(pair.first.heading) >= depth and len(pair.second.heading) >= depth
        )
        for (before, after), count in flows.items():
            if _plain(before) != _plain(after) and _mutual(before, after, flows):
                several = count > 1 and alike(before[-1], after[-1]) > 0
                if several or alike(before[-1], after[-1]) >= LEAST_NAME:
                    found[before] = after
    return found


def _mutual(before: Heading, after: Heading, flows: Mapping[tuple[Heading, Heading], int]) -> bool:
    count = flows[before, after]
    leaving = sum(n for (start, _), n in flows.items() if start == before)
    coming = sum(n for (_, end), n in flows.items() if end == after)
    return 2 * count > leaving and 2 * count > coming


def _plain(heading: Heading) -> Heading:
    return tuple(without_signs(folded(name)) for name in heading)


def moved(before: Heading, after: Heading, renamed: Mapping[Heading, Heading]) -> bool:
    """Return whether an indicator stands under another heading now, not merely a renamed one."""
    now = renamed.get(before[:2], renamed.get(before[:1], before[:1]) + before[1:])
    return _plain(now) != _plain(after)
