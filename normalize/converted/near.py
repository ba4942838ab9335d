"""Which other readings of the rows are near enough to be doubted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from normalize.converted.costs import ColumnPlan, odds
from normalize.converted.path import Choice, Other
from normalize.converted.row import Reading
from normalize.converted.row_prior import Row, new_headings

Pair = tuple[int, int]
"""The number of a row's reading and that of the row above."""


@dataclass(frozen=True, slots=True)
class ClearRowEvidence:
    """What the clear rows of this document show.

    ``shared_departments``: a department is printed once for several weight groups,
    ``printing_seconds`` names the pages that print the second place of a name that is not split;
    ``points_together``: the members of a split name share its points, but for one at most;
    ``points_apart``: some member has points of its own.
    """

    shared_departments: bool = False
    printing_seconds: frozenset[int] = frozenset()
    points_together: bool = False
    points_apart: bool = False


def near_readings(
    plan: ColumnPlan, rows: Sequence[Row], choices: Sequence[Choice], evidence: ClearRowEvidence
) -> list[set[Pair]]:
    """Return for each row the chosen reading and those near it, each with the one above it.

    Rows go together: what the cheapest whole with a near reading takes for its neighbours is near,
    too.
    """
    near = [_near_by_itself(plan, *each, evidence) for each in zip(rows, choices, strict=True)]
    follow: list[set[Pair]] = [set() for _ in rows]
    for r in range(1, len(choices)):
        options = choices[r].options
        after = {(choices[r - 1].options[k].after, k) for k in near[r - 1]}
        follow[r] = {pair for pair in after if _may_be(plan, options[pair[0]].reading, evidence)}
        near[r] |= {number for number, _ in follow[r]}
    for r in range(len(choices) - 1, 0, -1):
        near[r - 1] |= {choices[r].options[number].before for number in near[r]}
    return [
        pairs | {(number, choice.options[number].before) for number in numbers}
        for pairs, choice, numbers in zip(follow, choices, near, strict=True)
    ]


def _near_by_itself(
    plan: ColumnPlan, row: Row, choice: Choice, evidence: ClearRowEvidence
) -> set[int]:
    return {
        number
        for number, option in enumerate(choice.options)
        if number == choice.pick or option.margin < _least(plan, row, choice, option, evidence)
    }


def _least(
    plan: ColumnPlan, row: Row, choice: Choice, other: Other, evidence: ClearRowEvidence
) -> float:
    """Return the margin from which another reading is out of the question.

    It is more for one that begins another heading, or another name in a run of rows that moved
    alike, and most where a neighbouring row as read has its damage, the more so where points moved
    among the targets, or the row is like no other.
    """
    if evidence.points_together and _has_own_points(plan, choice.reading):
        return odds("doubt", "warn_beside")
    if not _may_be(plan, other.reading, evidence):
        return odds("doubt", "warn")
    begins = _begun(plan, row, choice.reading) != _begun(plan, row, other.reading)
    named = begins or choice.reading.places[plan.first] != other.reading.places[plan.first]
    damage = other.reading.damage
    far = begins or _takes_points(plan, choice.reading, other.reading)
    if far and damage & choice.beside:
        return odds("doubt", "warn_beside")
    if named and damage & other.beside & ~choice.beside:
        return odds("doubt", "warn_run")
    return odds("doubt", "warn_heading" if begins else "warn")


def _begun(plan: ColumnPlan, row: Row, reading: Reading) -> list[tuple[int, str]]:
    """Return the headings that begin with a row, by their columns."""
    return [(c, reading.text(c, row.texts)) for c in new_headings(plan, row, reading)]


def _takes_points(plan: ColumnPlan, chosen: Reading, other: Reading) -> bool:
    """Say whether what one reading takes for a target is the row's points by the other."""
    if plan.points is None or chosen.filled(plan.points):
        return False
    among = {place for column in plan.targets for place in chosen.places[column]}
    return bool(among.intersection(other.places[plan.points]))


def _may_be(plan: ColumnPlan, reading: Reading, evidence: ClearRowEvidence) -> bool:
    """Say whether a document has such rows: members with points of their own are seldom."""
    return evidence.points_apart or not _has_own_points(plan, reading)


def is_member(plan: ColumnPlan, reading: Reading) -> bool:
    """Say whether a row is one of those under a split name, behind the first."""
    return (
        plan.second is not None and reading.filled(plan.second) and not reading.filled(plan.first)
    )


def _has_own_points(plan: ColumnPlan, reading: Reading) -> bool:
    own = plan.points is not None and reading.filled(plan.points)
    return own and is_member(plan, reading)
